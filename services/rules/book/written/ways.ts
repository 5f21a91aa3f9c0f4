import { CORE_DIES, failed, lasts, NIC_DIES, own, STACK_DIES, written } from "./words.ts";

/** The device is a port, as the core has it. */
const PORT = lasts("port_enable", `port_disable or ${CORE_DIES}`);

/** The core ends ports: what was one until now is none for its other calls already, though not for those who still use it. */
const ENDING = ["netif_oob_switch_port", "oob_inband_ready"]
  .map((point) => `(not companion:${point}.exit since companion:${point}.enter)`)
  .join(" or ");

/** The device is a port, as the in-band stack has it. */
const KNOWN_PORT = lasts("oob_port[enabled==true]", `oob_port[enabled==false] or oob_lapse[dev>""] or ${STACK_DIES}`);

const EXCUSED = `once (${CORE_DIES}) or once (${NIC_DIES}) or once (${failed("netif_enable_oob_diversion", "netif_disable_oob_diversion")})`;

/** The ways of frames through a node, and who switches them. */
export const WAYS = written([
  {
    id: "WAY-01",
    title: "The receive thread handles frames out-of-band, wherever they were offered",
    forall: ["frame"],
    formula: "companion:frame_end[fate!=oob_filter_drop] implies companion:frame_end[stage==oob]",
    source: "facts/dovetail 5.6, 6.3: the RX thread",
  },
  {
    id: "WAY-02",
    title: "What goes by the full path goes to the driver, what goes by the partial one to the in-band stack",
    forall: ["frame"],
    formula:
      "oob_xmit implies (oob_xmit[path==full] and once companion:frame_send[to==nic]) or (oob_xmit[path==partial] and once companion:frame_send[to==inband]) or oob_xmit[path==loopback]",
    source: "facts/dovetail 5.6: TX thread to the driver; stock driver: relay list, in-band softirq",
  },
  {
    id: "WAY-03",
    title: "A neighbour of a port that the core is told of changes its cache",
    forall: ["dev"],
    formula: `${own("companion:oob_neighbour_update.exit")} and ${PORT} implies (not companion:oob_neighbour_update.enter since front_neighbour) or ${ENDING}`,
    source: "facts/dovetail 6.8: removed when failed, stale or dead",
  },
  {
    id: "WAY-04",
    title: "A route through a port that the core is told of changes its cache",
    forall: ["dev"],
    formula: `${own("companion:oob_route_learn.exit")} and ${PORT} implies (not companion:oob_route_learn.enter since front_route) or ${ENDING}`,
    source: "facts/dovetail 6.8: routes learned when in-band resolves an output route through an oob port",
  },
  {
    id: "WAY-11",
    title: "A device that was taken down is no port",
    forall: ["dev"],
    formula: `inband:net_link_down.exit[ret==0] implies not ${KNOWN_PORT}`,
    source: "facts/dovetail 6.1: NETDEV_GOING_DOWN disables automatically",
  },
  {
    id: "WAY-09",
    title: "The core picks IPv4 alone",
    forall: ["frame"],
    formula: "oob_accept implies oob_accept[ethertype==2048]",
    source: "facts/dovetail 6.2: ACCEPT: IPv4 only; ARP and everything else always stay in-band",
  },
  {
    id: "WAY-10",
    title: "What the core has taken is handled, or waits for the rest of its datagram",
    forall: ["frame"],
    formula: `end implies count(oob_accept) == count(companion:frame_end[fate!=oob_filter_drop]) or (not companion:frame_end since oob_hold) or once ${CORE_DIES}`,
    source: "facts/experiments, NF-03: an accepted frame is finished by quiescence",
  },
  {
    id: "WAY-05",
    title: "Every poll of a device is completed",
    forall: ["dev"],
    formula: `end implies not (not (napi_complete or ${NIC_DIES}) since (oob_taken or nic:frame_send[to==inband]))`,
    source: "facts/dovetail 5.3: napi_complete_oob, called by napi_complete_done()",
  },
  {
    id: "WAY-06",
    title: "Where no port is left, and nobody asked for it, nothing diverts",
    forall: ["node"],
    formula: `end and count(port_enable) == count(port_disable) and not once companion:oob_net_divert.enter implies count(diversion_on) == count(diversion_off) or ${EXCUSED}`,
    source: "facts/dovetail 6.1: last port: diversion off; facts/experiments, ND-01",
  },
  {
    id: "WAY-07",
    title: "As long as a port is left something diverts",
    forall: ["node"],
    formula: `(end or port_disable or diversion_off) and count(port_enable[path!=loopback]) > count(port_disable[real!=lo]) implies count(diversion_on) > count(diversion_off) or ${EXCUSED}`,
    source: "facts/dovetail 6.1: more ports on the same real device only bump a count",
  },
  {
    id: "WAY-08",
    title: "A diversion whose switching-on was lost is switched off",
    forall: ["dev"],
    formula: `end implies not (not (netif_disable_oob_diversion.enter or ${CORE_DIES}) since compensate[undoes==netif_enable_oob_diversion])`,
    source: "facts/experiments, GP-06: a port_on that failed leaves no diversion it switched on itself",
  },
]);
