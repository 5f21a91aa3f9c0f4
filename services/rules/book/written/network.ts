import { CORE_DIES, NIC_DIES, STACK_DIES, failed, lasts, lost, own, written } from "./words.ts";

/** The device diverts its input, as the NIC house has it. */
const DIVERTS = lasts("diversion_on", `diversion_off or ${NIC_DIES}`);

/** The core had the diversion of the device turned on. */
const WANTED = lasts("netif_enable_oob_diversion.exit[ret==0]", `netif_disable_oob_diversion.enter or ${CORE_DIES}`);

/** The device is a port, as the core has it. */
const PORT = lasts("port_enable", `port_disable or ${CORE_DIES}`);

/** The device is a port, as the in-band stack has it. */
const KNOWN_PORT = lasts("oob_port[enabled==true]", `oob_port[enabled==false] or oob_lapse[dev>""] or ${STACK_DIES}`);

/** The wire's faults made a second frame of the one that is handled. */
const COPIED = "once frame_fault[kind==duplicate]";

/** The switch that is answered was the only one under way: one that its caller gave up goes on beside the next. */
const ALONE = "count(companion:netif_oob_switch_port.enter) == count(companion:netif_oob_switch_port.exit)";

/** No verdict came for a frame, or one that a fault rule made. */
const NO_VERDICT = `once (${failed("netif_deliver_oob", "netif_receive_oob")})`;

/** Where a frame's way in the NIC house ends. */
const LEAVES_NIC = "nic:frame_send|nic:frame_end|oob_taken";

/** How often a frame came into the NIC house, with the copies that the faults of a wire made of it there; a fault of a link names its rule. */
const CAME = `count(nic:frame_receive) + count(frame_fault[kind==duplicate]) - count(frame_fault[kind==duplicate, fault!=none])`;

/** Diversion, ports, frames: seed 003. */
export const NETWORK = written([
  {
    id: "NET-01",
    title: "Frames are offered to the core only while their device diverts",
    forall: ["dev"],
    formula: `netif_deliver_oob.enter implies ${DIVERTS}`,
    source: "seed 003, input diversion: redirect the ingress data flow received from NIC drivers to the companion core",
  },
  {
    id: "NET-01a",
    title: "One frame of a device is offered at a time",
    forall: ["dev"],
    formula: `netif_deliver_oob.enter implies count(netif_deliver_oob.enter) == count(netif_deliver_oob.exit) + 1 or once ${NIC_DIES}`,
    source: "the NIC house's README: one frame is offered at a time; facts/experiments 8.2, wanted: FIFO per flow",
  },
  {
    id: "NET-01b",
    title: "When the diversion is off no frame is with the core",
    forall: ["dev"],
    formula: `${own("nic:netif_disable_oob_diversion.exit")} implies count(netif_deliver_oob.enter) == count(netif_deliver_oob.exit) or ${DIVERTS} or once ${NIC_DIES}`,
    source: "facts/dovetail 6.1: diversion off, then stop the RX thread",
  },
  {
    id: "ND-02",
    title: "A diversion is turned on when it is off",
    forall: ["dev"],
    formula: `diversion_on implies not previously ${DIVERTS}`,
    source: "seed 003: a property which can be turned on or off dynamically",
  },
  {
    id: "ND-02a",
    title: "A diversion is turned off when it is on",
    forall: ["dev"],
    formula: `diversion_off implies previously ${DIVERTS}`,
    source: "seed 003: a property which can be turned on or off dynamically",
  },
  {
    id: "ND-03",
    title: "What turned the diversion on is the core's call",
    forall: ["span"],
    formula: "diversion_on implies once nic:netif_enable_oob_diversion.enter",
    source: "seed 003: which interface switches it is defined by the companion core",
  },
  {
    id: "ND-04",
    title: "What turned the diversion off is the core's call",
    forall: ["span"],
    formula: "diversion_off implies once nic:netif_disable_oob_diversion.enter",
    source: "seed 003: which interface switches it is defined by the companion core",
  },
  {
    id: "NET-02",
    title: "A real device is a port only while the core has its input diverted",
    forall: ["dev"],
    formula: `port_enable[vlan==0] implies ${WANTED} or port_enable[path==loopback]`,
    source: "seed 003: would still need the underlying real network device to divert its input; facts/dovetail 6.1",
  },
  {
    id: "NET-02a",
    title: "A device becomes a port when it is none",
    forall: ["dev"],
    formula: `port_enable implies not previously ${PORT}`,
    source: "facts/dovetail 6.1: already a port: 0",
  },
  {
    id: "NET-02b",
    title: "A device ceases to be a port when it is one",
    forall: ["dev"],
    formula: `port_disable implies previously ${PORT}`,
    source: "facts/dovetail 6.1",
  },
  {
    id: "NET-03",
    title: "The core handles what it accepted once",
    forall: ["frame"],
    formula:
      "companion:frame_end[fate!=oob_filter_drop] implies count(companion:frame_end[fate!=oob_filter_drop]) <= count(oob_accept)",
    source: "facts/experiments, NET-03; the core's README: every frame that is taken has one frame_end",
  },
  {
    id: "NET-03a",
    title: "A frame leaves the NIC house once for each time it came in, and for each copy that the wire's faults made",
    forall: ["frame"],
    formula: `nic:frame_send|nic:frame_end|oob_taken implies count(${LEAVES_NIC}) <= ${CAME}`,
    source: "the NIC house's README: each frame that comes in, and each copy, ends in exactly one place",
  },
  {
    id: "NET-04",
    title: "No frame is lost in the NIC house without a word",
    forall: ["frame"],
    formula: `end implies count(${LEAVES_NIC}) == ${CAME} or once ${NIC_DIES}`,
    source: "the NIC house's README: each frame that comes in, and each copy, ends in exactly one place",
  },
  {
    id: "NET-04a",
    title: "A frame ends in-band at most once for each time it came in",
    forall: ["frame"],
    formula: "inband:frame_end implies count(inband:frame_end) <= count(inband:frame_receive)",
    source: "the in-band stack's README: each frame that comes in ends in exactly one way",
  },
  {
    id: "NET-05",
    title: "The core's true means that it took the frame",
    forall: ["span"],
    formula: `${own("companion:netif_deliver_oob.exit[taken==true]")} implies once (oob_accept or companion:frame_end)`,
    source: 'facts/dovetail 5.2: true = core took the buffer, including "dropped it"',
  },
  {
    id: "NET-05a",
    title: "The core's false means that it did not touch the frame",
    forall: ["span"],
    formula: `${own("companion:netif_deliver_oob.exit[taken==false]")} implies not once (oob_accept or companion:frame_end)`,
    source: "facts/dovetail 5.2: false = untouched, in-band handles it",
  },
  {
    id: "NET-05b",
    title: "The in-band stack never sees a frame that the core took",
    forall: ["frame"],
    formula: `inband:frame_receive implies not (not nic:frame_receive since oob_accept) or count(inband:frame_receive) + count(oob_accept) + count(nic:frame_send[to==wire]) <= ${CAME} + count(companion:frame_send[to==inband]) or once frame_fault[kind==duplicate, fault!=none] or ${NO_VERDICT}`,
    source: "seed 003: pick the packets for out-of-band tasks, leaving the rest to the in-band network stack",
  },
  {
    id: "NET-05c",
    title: "The NIC house counts a frame as taken when the core said true",
    forall: ["frame"],
    formula: "oob_taken implies (not netif_deliver_oob.enter since netif_deliver_oob.exit[ret==1])",
    source: "facts/dovetail 5.2: core takes it, then true",
  },
  {
    id: "NET-05d",
    title: "A frame that was taken goes up no more",
    forall: ["around"],
    formula: `nic:frame_send[to==inband]|oob_deferred implies not once netif_deliver_oob.exit[ret==1] or ${COPIED}`,
    source: "facts/dovetail 5.2: the caller must forget it",
  },
  {
    id: "NET-06",
    title: "A frame that was offered goes up when the core has answered",
    forall: ["frame"],
    formula:
      "nic:frame_send[to==inband]|oob_taken|oob_deferred implies not (not netif_deliver_oob.exit since netif_deliver_oob.enter)",
    source: "seed 003: leaving the rest to normal handling by the in-band network stack",
  },
  {
    id: "NET-06a",
    title: "What was refused out of band is deferred before it goes up",
    forall: ["around"],
    formula: `nic:frame_send[to==inband] and once netif_deliver_oob.enter[stage==oob] implies once oob_deferred or ${COPIED}`,
    source: "facts/dovetail 5.2: refused and running oob, queue on the in-band list, irq_work",
  },
  {
    id: "NET-06b",
    title: "What is deferred is sent up on the in-band stage",
    forall: ["frame"],
    formula: "nic:frame_send[to==inband] implies nic:frame_send[stage==inband]",
    source: "facts/dovetail 5.2: irq_work raises NET_RX_SOFTIRQ, which delivers the list in-band",
  },
  {
    id: "NF-01",
    title: "The core handles a frame after it accepted it",
    forall: ["frame"],
    formula: "companion:frame_end[fate!=oob_filter_drop] implies once oob_accept",
    source: "facts/experiments, NF-02: order of a frame",
  },
  {
    id: "NF-02",
    title: "The core accepts frames while it is asked about them",
    forall: ["span"],
    formula:
      "oob_accept implies once companion:netif_deliver_oob.enter and not once companion:netif_deliver_oob.exit or once companion:netif_receive_oob.enter",
    source: "seed 003, netif_deliver_oob()",
  },
  {
    id: "NF-03",
    title: "A frame that the core took has a fate in the core",
    forall: ["frame"],
    formula: "companion:frame_end implies companion:frame_end[fate>=oob_]",
    source: "the core's README: its fate begins with oob_; none of them returns in-band",
  },
  {
    id: "NF-04",
    title: "What the core relays goes on in the in-band stack under its number",
    forall: ["frame"],
    formula: "relay_xmit implies once inband:frame_receive",
    source: "facts/dovetail 5.6: per-CPU relay list, NET_TX_SOFTIRQ, dev_queue_xmit",
  },
  {
    id: "NET-07",
    title: "A port ends when nobody uses it any more",
    forall: ["dev"],
    formula: `port_wait implies port_wait[inside>0]`,
    source: "facts/dovetail 6.1: unlink, wait for the port's crossing, clear flag",
    untriggered:
      "our receive thread handles what it was given in the same moment, so no port ends while a frame is inside",
  },
  {
    id: "NET-08",
    title: "The core transmits on ports alone",
    forall: ["dev"],
    formula: `tx_queue implies ${PORT}`,
    source:
      "seed 003: network devices as I/O endpoints for applications to receive and send packets from the oob stage",
  },
  {
    id: "NET-11",
    title: "A switch to port that failed leaves no diversion which it turned on",
    forall: ["trace"],
    formula: `${own("companion:netif_oob_switch_port.exit[ret<0]")} implies not (not (netif_disable_oob_diversion.enter or companion:netif_oob_switch_port.enter) since netif_enable_oob_diversion.exit[ret==0])`,
    source: "facts/dovetail 6.1: failure undoes all; facts/experiments, GP-06",
  },
  {
    id: "NET-11a",
    title: "A switch to port that succeeded made one, or it was one",
    forall: ["dev"],
    formula: `${own("companion:netif_oob_switch_port.exit[ret==0]")} and ${ALONE} and (not companion:netif_oob_switch_port.enter[enabled==false] since companion:netif_oob_switch_port.enter[enabled==true]) implies ${PORT}`,
    source:
      "facts/dovetail 10, Q10: if the RX thread cannot start, everything is torn down but the status is still success",
  },
  {
    id: "NET-11b",
    title: "When the core has switched a port off there is none",
    forall: ["dev"],
    formula: `${own("companion:netif_oob_switch_port.exit[ret==0]")} and ${ALONE} and (not companion:netif_oob_switch_port.enter[enabled==true] since companion:netif_oob_switch_port.enter[enabled==false]) implies not ${PORT}`,
    source: "facts/dovetail 6.1, disable",
  },
  {
    id: "NET-12",
    title: "A switch of a port that was lost leaves both sides as they were",
    forall: ["dev"],
    formula: `oob_port[enabled==true] implies (not netif_oob_switch_port.enter since netif_oob_switch_port.exit[ret==0])`,
    source:
      "the in-band stack's README: a lost netif_oob_switch_port is EIO, and the core is told to go back to what was",
  },
  {
    id: "NET-13",
    title: "A port of the core is a port of the in-band stack",
    forall: ["dev"],
    formula: `end and ${PORT} implies ${KNOWN_PORT} or once (${failed("netif_oob_switch_port", "oob_inband_ready")}) or once ${STACK_DIES}`,
    source: "facts/dovetail 6.1: netif_oob_switch_port is called by in-band sysfs under rtnl",
  },
  {
    id: "NET-13a",
    title: "A port of the in-band stack is a port of the core",
    forall: ["dev"],
    formula: `end and ${KNOWN_PORT} implies ${PORT} or once (${failed("netif_oob_switch_port", "sock_core_ready")}) or once ${CORE_DIES}`,
    source: "facts/dovetail 6.1: netif_oob_switch_port is called by in-band sysfs under rtnl",
  },
  {
    id: "NET-14",
    title: "A device diverts in the end if the core wants it",
    forall: ["dev"],
    formula: `end and ${WANTED} implies ${DIVERTS} or once (${failed("netif_enable_oob_diversion", "oob_nic_ready")}) or once oob_lapse[dev>""] or once ${NIC_DIES}`,
    source: "seed 003: two properties of a device, which the core turns on or off",
  },
  {
    id: "NET-14a",
    title: "A device diverts in the end only if the core wants it",
    forall: ["dev"],
    formula: `end and ${DIVERTS} implies ${WANTED} or once (${failed("netif_enable_oob_diversion", "netif_disable_oob_diversion")}) or once ${CORE_DIES}`,
    source: "seed 003: two properties of a device, which the core turns on or off",
  },
  {
    id: "NET-15",
    title: "A diversion whose switching-on was lost is turned off again",
    forall: ["dev"],
    formula: `compensate[undoes==netif_enable_oob_diversion] implies (not netif_enable_oob_diversion.enter since (${lost("netif_enable_oob_diversion")}))`,
    source: "the core's net/diversion: it is turned off again, since both sides must agree",
  },
  {
    id: "CACHE-01",
    title: "The core's neighbours are on ports",
    forall: ["dev"],
    formula: `front_neighbour implies ${PORT}`,
    source: "facts/dovetail 6.8: on neighbour-update events for reachable entries on oob ports",
  },
  {
    id: "CACHE-02",
    title: "The core's routes lead through ports",
    forall: ["dev"],
    formula: `front_route[forget==false] implies ${PORT}`,
    source: "facts/dovetail 6.8: routes learned when in-band resolves an output route through an oob port",
  },
  {
    id: "CACHE-03",
    title: "The core is told of neighbours of ports",
    forall: ["dev"],
    formula: `oob_neighbour_update.enter[reachable==true] implies once oob_port[enabled==true]`,
    source: "facts/dovetail 6.8: for reachable entries on oob ports",
  },
]);
