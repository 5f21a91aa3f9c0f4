import { CORE_DIES, lasts, written } from "./words.ts";

/** Somebody of at least this priority sleeps in the socket for a message. */
const waits = (priority: number): string =>
  `count(oob_wait[sk>0, times==false, priority>=${priority}]) > count(oob_wake[sk>0, times==false, priority>=${priority}])`;

/** One of a lower priority was woken by a message. */
const served = (below: number): string => `oob_wake[sk>0, times==false, bytes>=0, priority<${below}]`;

/** A frame was handled to its end, whoever wanted it. */
const HANDLED = `(${["udp", "no_listener", "packet", "tap", "protocol_unknown", "other_host"].map((fate) => `companion:frame_end[fate==oob_${fate}]`).join("|")})`;

/** The socket listens to all protocols of all devices. */
const LISTENS = lasts('sk_bind[local=="packet/0/ETH_P_ALL"]', `sk_bind or sk_destroy or ${CORE_DIES}`);

/** Who gets what the core has accepted, and when. */
export const RECEIVING = written([
  {
    id: "RX-01",
    title: "A frame goes to one of those who take it for themselves",
    forall: ["span"],
    formula: "oob_deliver[how==exclusive] implies count(oob_deliver[how==exclusive]) <= 1",
    source:
      "facts/dovetail 6.3: the first ETH_P_IP socket with room takes the packet exclusively; unicast: first candidate",
  },
  {
    id: "RX-02",
    title: "A unicast goes to one socket, and is never cloned for UDP",
    forall: ["span"],
    formula:
      "oob_deliver[by==unicast] implies count(oob_deliver[by==unicast]) <= 1 and not once oob_deliver[by==multicast]",
    source: "facts/dovetail 6.3: unicast: first candidate with receive room",
  },
  {
    id: "RX-03",
    title: "What a packet socket for IPv4 has taken UDP does not see",
    forall: ["span"],
    formula: "oob_deliver[by==unicast]|oob_deliver[by==multicast] implies not once oob_deliver[by==ip]",
    source: "facts/dovetail 6.3: takes the packet exclusively (UDP then does not see it)",
  },
  {
    id: "RX-04",
    title: "Those who listen to all protocols are served before those who take the frame for themselves",
    forall: ["span"],
    formula: "oob_deliver[by==all] implies not once oob_deliver[how==exclusive]",
    source: "facts/dovetail 6.3: per packet: raw PACKET listeners, then IPv4, then free",
  },
  {
    id: "RX-05",
    title: "A frame that was accepted is offered to everybody who is bound to all protocols of all devices",
    forall: ["sk"],
    formula: `${HANDLED} and ${LISTENS} and not once oob_hold implies previously (not companion:frame_end since (oob_deliver[by==all]|oob_deny[by==all]))`,
    source: "facts/dovetail 6.3: ETH_P_ALL sockets each get a clone",
  },
  {
    id: "RX-06",
    title: "A thread of a higher priority that waits in the socket gets a message first",
    forall: ["sk"],
    formula: `${[1, 50, 99].map((priority) => `(${served(priority)} implies not (${waits(priority)}))`).join(" and ")} or once ${CORE_DIES}`,
    source: "facts/dovetail 6.7: waiters by priority; issue 6: waiters by priority",
  },
  {
    id: "RX-07",
    title: "A receiver that has no room, and one for whom no clone could be made, gets nothing of the frame",
    forall: ["span", "sk"],
    formula: "oob_deliver implies not once oob_deny",
    source: "facts/dovetail 6.3: charge allowed while counter < rmem_max; clone failure",
  },
  {
    id: "RX-08",
    title: "What the receive thread has of a device it handles before it ends",
    forall: ["dev"],
    formula: `rx_thread_stop implies count(oob_accept) <= count(companion:frame_end) + count(oob_hold) or once ${CORE_DIES}`,
    source: "facts/dovetail 6.1: then diversion off, then stop RX thread",
  },
]);
