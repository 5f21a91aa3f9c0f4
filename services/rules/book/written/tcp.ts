import { lasts, STACK_DIES, written } from "./words.ts";

/** Which state may follow which (RFC 9293 §3.3.2, figure 5); any may end by a reset, an abort or a timeout. */
const FOLLOWS: readonly (readonly [from: string, to: readonly string[]])[] = [
  ["SYN-SENT", ["SYN-RECEIVED", "ESTABLISHED"]],
  ["SYN-RECEIVED", ["ESTABLISHED"]],
  ["ESTABLISHED", ["FIN-WAIT-1", "CLOSE-WAIT"]],
  ["FIN-WAIT-1", ["FIN-WAIT-2", "CLOSING", "TIME-WAIT"]],
  ["FIN-WAIT-2", ["TIME-WAIT"]],
  ["CLOSE-WAIT", ["LAST-ACK"]],
  ["CLOSING", ["TIME-WAIT"]],
  ["LAST-ACK", []],
  ["TIME-WAIT", []],
];

const anyOf = (atoms: readonly string[]): string => atoms.join("|");
const legal = ([from, to]: (typeof FOLLOWS)[number]): string =>
  anyOf([...to, "CLOSED"].map((next) => `tcp_state[from=="${from}", to=="${next}"]`));

/** The connection of a socket is in this state. */
const isIn = (state: string): string =>
  lasts(`tcp_open[to=="${state}"]|tcp_state[to=="${state}"]`, `tcp_state[from=="${state}"] or ${STACK_DIES}`);

/** A task's stream socket. SOCK_STREAM is 1. */
const STREAM = "once inband_create[family==PF_INET, type==1]";

/** TCP connections, and what tasks' stream sockets make of them. */
export const TCP = written([
  {
    id: "TCP-01",
    title: "The states of a connection follow one another as the RFC has them",
    forall: ["sk"],
    formula: `tcp_state implies ${FOLLOWS.map((row) => `(${legal(row)})`).join(" or ")}`,
    source: "RFC 9293 §3.3.2, figure 5",
  },
  {
    id: "TCP-02",
    title: "A connection leaves the state that it is in",
    forall: ["sk"],
    formula: `tcp_state implies ${FOLLOWS.map(([from]) => `(tcp_state[from=="${from}"] and previously ${isIn(from)})`).join(" or ")}`,
    source: "RFC 9293 §3.3.2: a connection progresses through a series of states during its lifetime",
  },
  {
    id: "TCP-03",
    title: "A socket has one connection at a time",
    forall: ["sk"],
    formula: `tcp_open implies not previously (not (tcp_closed or ${STACK_DIES}) since tcp_open)`,
    source: "the in-band stack's README: connect on a connected socket is EISCONN",
  },
  {
    id: "TCP-04",
    title: "A connection that is over says why, once, and nothing else",
    forall: ["sk"],
    formula: `tcp_closed implies previously (not (tcp_open or tcp_closed) since tcp_state[to==CLOSED])`,
    source: "RFC 9293 §3.10: the user is told of the end of a connection",
  },
  {
    id: "TCP-05",
    title: "connect(2) of a stream socket succeeds only when the connection is made",
    forall: ["sk"],
    formula: `inband_connect[peer!=unspec] and ${STREAM} implies (not tcp_open since tcp_state[to==ESTABLISHED])`,
    source: "connect(2): if the connection succeeds, zero is returned; RFC 9293 §3.10.1",
  },
  {
    id: "TCP-06",
    title: "A connection is accepted only when its handshake is complete",
    forall: ["sk"],
    formula: `tcp_accept implies (not tcp_open since tcp_state[from=="SYN-RECEIVED", to==ESTABLISHED])`,
    source: "accept(2): the first connection request on the queue; facts/kernel-sockets 3.3: completed connections",
  },
  {
    id: "TCP-07",
    title: "A task gets a connection as a socket only by accept",
    forall: ["sk"],
    formula: "inband_create and once tcp_open[listener>0] implies once tcp_accept",
    source: "accept(2): creates a new connected socket",
  },
  {
    id: "TCP-08",
    title: "An INET socket outlives its connection, but for what waits out the last segments",
    forall: ["sk"],
    formula: `sk_destruct and once tcp_open implies (not tcp_open since tcp_state[to==CLOSED]|tcp_state[to=="TIME-WAIT"]|tcp_state[to=="FIN-WAIT-2"])`,
    source:
      "tcp_close(), tcp_time_wait(): the socket is destroyed when the connection is over, or a minisock stands for it",
  },
  {
    id: "TCP-09",
    title: "A connection finishes only when nothing of it can be under way any more",
    forall: ["sk"],
    formula:
      'tcp_closed[why==finished] implies tcp_closed[from=="LAST-ACK"]|tcp_closed[from=="TIME-WAIT"] or (tcp_closed[from=="FIN-WAIT-2"] and (once inband_release or not once inband_create))',
    source:
      "RFC 9293 §3.3.2, figure 5: from LAST-ACK, and from TIME-WAIT after 2 MSL; tcp(7), tcp_fin_timeout: orphaned",
  },
]);
