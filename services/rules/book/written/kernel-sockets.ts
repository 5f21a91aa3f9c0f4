import { lasts, STACK_DIES, written } from "./words.ts";

/** A callback that tells that a connection failed or was broken, with its errno. */
const BROKEN = "ksock_event[slot==disconnected, value>0]|ksock_event[slot==connectfailed]";
/** What a fault says instead of the house is not the house's. */
const ACCEPTS = "inband:ksock_accept.exit[ret==0, newks>0]";
const FORGED = "inband:ksock_accept.exit[ret==0, newks>0, fault!=none]";
/** Another attempt begins: what was told of the last one is past. */
const ANEW = "ksock_state[what==connecting]";

/** The callbacks of the prototype, in the order in which the stack tells which of them are on. */
const SLOTS = ["connected", "disconnected", "newconn", "recv", "xmit", "exception"] as const;

/** The callback of a slot is on; of the prototype's sets alone, since those of illumos' ten slots would be too many. */
function isOn(slot: (typeof SLOTS)[number]): string {
  const sets = SLOTS.reduce<readonly string[][]>((all, one) => [...all, ...all.map((set) => [...set, one])], [[]]);
  const on = sets.filter((set) => set.includes(slot)).map((set) => `ksock_callbacks_on[slots=="${set.join("|")}"]`);
  return `(not (ksock_callbacks_off|ksock_callbacks_on) since ${on.join("|")})`;
}

/** What becomes so is told in that very moment, if its callback is on: the next thing that happens to the socket is the event. */
function told(what: string, slot: (typeof SLOTS)[number], event: string): string {
  const due = `previously (ksock_state[what==${what}] and ${isOn(slot)})`;
  return `${event} or not (${due} or (end and ${due}))`;
}

/** Kernel sockets: what callbacks are told, and that a close ends everything (facts/kernel-sockets 8.3, 9). */
export const KERNEL_SOCKETS = written([
  {
    id: "KS-01",
    title: "No callback is told anything once a close has begun",
    forall: ["ks"],
    formula: "ksock_event implies not once ksock_closing",
    source: "seed 001: callbacks are disabled when a socket is being closed; facts/kernel-sockets 11, P4",
  },
  {
    id: "KS-02",
    title: "connected is told once for each success",
    forall: ["ks"],
    formula:
      "ksock_event[slot==connected] implies count(ksock_event[slot==connected]) <= count(ksock_state[what==connected])",
    source: "facts/kernel-sockets 8.3",
  },
  {
    id: "KS-03",
    title: "Nothing follows disconnected with an errno, until there is another attempt",
    forall: ["ks"],
    formula: `ksock_event implies not previously (not ${ANEW} since (${BROKEN}))`,
    source: "facts/kernel-sockets 8.3: it is told alone, without xmit(0) or recv(0)",
  },
  {
    id: "KS-04",
    title: "A connection can be accepted only after it was queued, and once",
    forall: ["ks"],
    formula: `${ACCEPTS} implies count(${ACCEPTS}) - count(${FORGED}) <= count(ksock_state[what==newconn])`,
    source: "facts/kernel-sockets 3.4, 8.3: the connection is in the queue before its newconn",
  },
  {
    id: "KS-05",
    title: "newconn is told once for each connection",
    forall: ["ks"],
    formula:
      "ksock_event[slot==newconn] implies count(ksock_event[slot==newconn]) <= count(ksock_state[what==newconn])",
    source: "facts/kernel-sockets 8.3",
  },
  {
    id: "KS-06",
    title: "Who waits in a kernel socket that is closed is woken",
    forall: ["ks", "task"],
    formula: `end implies not (not ksock_wake since (ksock_closing and ${lasts("ksock_wait", "ksock_wake")})) or once ${STACK_DIES}`,
    source: "facts/kernel-sockets 9: wakes all sleepers, which return EINTR; 11, P3",
  },
  {
    id: "KS-07",
    title: "A kernel socket that nobody holds is closed in the end",
    forall: ["ks"],
    formula: `end and once ksock_closing implies once ksock_closed or count(ksock_hold) > count(ksock_rele) or ${lasts("ksock_wait[what==linger]", "ksock_wake")} or once ${STACK_DIES}`,
    source: "facts/kernel-sockets 9: waits until the count is back to one",
  },
  {
    id: "KS-08",
    title: "The end of a connection in order is told after both its directions ended",
    forall: ["ks"],
    formula:
      "ksock_event[slot==disconnected, value==0] implies once ksock_state[what==peer_ended] and once ksock_state[what==shut_send]",
    source: "facts/kernel-sockets 8.4, Q5",
  },
  {
    id: "KS-09",
    title: "The end of file is told when the peer has ended, or when receiving was shut down",
    forall: ["ks"],
    formula:
      "ksock_event[slot==recv, value==0]|ksock_event[slot==cantrecvmore] implies once (ksock_state[what==peer_ended] or ksock_state[what==shut_receive])",
    source: "facts/kernel-sockets 8.3, Q12",
  },
  {
    id: "KS-10",
    title: "Each connection that can be accepted is told to who wants to know",
    forall: ["ks"],
    formula: told("newconn", "newconn", "ksock_event[slot==newconn]"),
    source: "facts/kernel-sockets 8.3: newconn, when a connection is in the queue",
  },
  {
    id: "KS-11",
    title: "That a connection is made is told to who wants to know",
    forall: ["ks"],
    formula: told("connected", "connected", "ksock_event[slot==connected]"),
    source: "facts/kernel-sockets 8.3: connected",
  },
  {
    id: "KS-12",
    title: "That the peer has ended is told to who wants to know",
    forall: ["ks"],
    formula: told("peer_ended", "recv", "ksock_event[slot==recv, value==0]"),
    source: "facts/kernel-sockets 8.3: recv(0), the end of file",
  },
  {
    id: "KS-13",
    title: "No more connections wait than half as much again as the backlog, and one",
    forall: ["ks"],
    formula:
      "ksock_state[what==newconn] and once inband:ksock_listen.enter[backlog<1] and not once inband:ksock_listen.enter[backlog>0] implies count(ksock_state[what==newconn]) <= count(inband:ksock_accept.enter) + 1",
    source: "facts/kernel-sockets 3.3, P13; of a backlog of 0, since a formula cannot multiply",
  },
  {
    id: "KS-14",
    title: "That there is room again is told only to who has sent",
    forall: ["ks"],
    formula: "ksock_event[slot==xmit, value>0]|ksock_event[slot==cansend] implies once inband:ksock_send.enter",
    source: "facts/kernel-sockets 3.6, 8.3: xmit(>0) when flow control lets go",
  },
  {
    id: "KS-15",
    title: "Who waits in a kernel socket that is closed is not left there until his time is over",
    forall: ["ks"],
    formula: "ksock_wake[why==again] implies not once ksock_closing",
    source: "facts/kernel-sockets 9: wakes all sleepers; a close itself has no time",
  },
]);
