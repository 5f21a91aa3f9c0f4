import { inPart, met, notDone, notOurs, type Requirement } from "./requirement.ts";

const SOURCE_ROUTES =
  "Source routes of IPv4 are neither set nor followed, as RFC 7126 §4.3 advises; such a datagram is taken.";
const FULL_ACKS = "every second full segment is acknowledged, a single one after 40 ms (RFC 9293 3.8.6.3)";
const SHRINKS = "a window that shrinks lets nothing new go beyond it";
const SHUTS =
  "a window that shuts over what is outstanding: it is sent again, and the peer lives as long as it acknowledges";
const FILLS_GAP = "what is out of order is acknowledged at once, and so is what fills the gap (RFC 5681 4.2)";
const PROBES = "a window of zero is probed with one byte, less and less often (RFC 9293 3.8.6.1)";
const GIVES_UP = "Linux gives up after 924.6 s (tcp_retries2)";
const SYN_AGAIN = "a SYN is sent again after 1, 3, 7, 15, 31 and 63 s, and given up after 127 s (Linux)";
const NO_MSS = "a peer without an MSS gets segments of 536 bytes (RFC 9293 3.7.1, MUST-15)";
const OFFERS = "an active open offers its options and agrees on them (RFC 9293 3.10.1, RFC 7323, RFC 2018)";
const READ_OPTIONS = "options are read wherever they stand, and those that nobody knows are passed over";
const ILLEGAL_OPTIONS = "an option with an illegal length ends the list, and the segment counts all the same";
const PADDED = "our options have lengths, begin at words, and are padded";
const PASSED_DOWN = "TTL and TOS of a socket are in its segments, and follow while the connection lasts";
const SOFT = "a soft ICMP error ends no connection, and SO_ERROR tells of it (RFC 9293 3.9.2.2)";
const NOT_UNICAST =
  "a segment that nobody has a connection for is answered with RST; what went to everybody with nothing";
const ASKS = "asks after silence, in intervals, and gives up with a reset";
const PUSHES = "PUSH is on the segment that ends what was written, and on no other";
const TAKEN_PARTS = "urgent data: a read stops before the mark and goes on behind the byte, which MSG_OOB takes once";

/** RFC 9293 Appendix B: all of it, by number. */
export const RFC_9293: readonly Requirement[] = [
  met("MUST-1", "windows are unsigned", "a window of 65,535 shifted by 14 is a gigabyte, and nothing negative"),
  met("MUST-2", "a sender computes the checksum", "a flipped bit anywhere is found by the sum"),
  met("MUST-3", "a receiver checks it", "a flipped bit anywhere is found by the sum"),
  met("MUST-4", "end of list, no operation and MSS are known", READ_OPTIONS, OFFERS),
  met("MUST-5", "options may come in any segment", "an option may come in any segment"),
  met("MUST-6", "unknown options are ignored", READ_OPTIONS),
  inPart("MUST-7", "illegal lengths are survived", "Nothing is logged, as on Linux.", ILLEGAL_OPTIONS),
  met("MUST-8", "initial numbers follow a clock", "between the same ends they go up by one every 4 µs, and wrap"),
  met("MUST-9", "the PRF cannot be computed outside", "other ends, or another secret, begin elsewhere"),
  met(
    "MUST-10",
    "simultaneous open",
    "both call at once: the SYNs cross, the answers cross, both are established (RFC 9293 3.5, figure 7)",
  ),
  met(
    "MUST-11",
    "SYN-RECEIVED knows how it was opened",
    "in SYN-RECEIVED of a passive open another SYN in the window sends it back to the listener (3.10.7.4, fourth)",
    "both call at once, and the peer thinks better of it",
  ),
  met(
    "MUST-12",
    "the application learns whether the end was an abort",
    "after a reset: what came before, the error once, the end; and EPIPE for who writes",
    "one direction ends, the other goes on; poll tells of either, and of both",
  ),
  met(
    "MUST-13",
    "TIME-WAIT lasts 2 MSL",
    "we close first, the peer follows, late segments die out (RFC 9293 3.6, figure 12)",
  ),
  met("MUST-14", "the MSS option is sent and taken", OFFERS, "a passive open offers what the peer does, and no more"),
  met("MUST-15", "without one it is 536", NO_MSS),
  met(
    "MUST-16",
    "what is sent is the least that all allow",
    "no path makes segments smaller than 48 bytes, and none larger than the peer takes",
  ),
  met("MUST-17", "Nagle can be switched off", "TCP_NODELAY: nothing waits, and what waited goes when it is set"),
  met(
    "MUST-18",
    "RTO of RFC 6298, with Karn's algorithm",
    "(3) a segment that was sent again is not measured: Karn's algorithm",
    "(2.3) a further sample weighs an eighth, in the variance a quarter, with the SRTT of before",
  ),
  met(
    "MUST-19",
    "slow start, congestion avoidance, backoff",
    "the timer doubles with each retransmission (RFC 6298 5.5), and one acknowledgement ends that",
    "congestion avoidance adds a segment in a round trip, however the peer divides its acknowledgements (RFC 3465)",
    "%s at a loss of %d: as fast as the formula allows, no timeout, hardly anything twice",
  ),
  inPart(
    "MUST-20",
    "thresholds R1 (advice to IP) and R2 (close)",
    "IP needs no advice: a neighbour that does not answer is found by its own state machine, and there is one route to each place.",
    GIVES_UP,
    "illumos gives up after five minutes, and tells what ICMP said",
  ),
  met(
    "MUST-21",
    "an application sets R2",
    "TCP_USER_TIMEOUT ends a connection whose data is not acknowledged for so long",
  ),
  met("MUST-22", "SYNs are sent again likewise", SYN_AGAIN),
  inPart(
    "MUST-23",
    "for at least 3 minutes",
    "Linux gives tasks 127 s (tcp_syn_retries of 6), and so do we; kernel sockets have the 3 minutes.",
    "illumos gives a connect three minutes, and tells the soft error that came",
  ),
  met("MUST-24", "keep-alive is switched for each connection", "can be switched on and off while the connection lasts"),
  met("MUST-25", "it is off at first", "keep-alive is off at first, and its interval two hours"),
  met(
    "MUST-26",
    "only when nothing is outstanding and nothing came",
    "does not ask while data waits for an acknowledgement",
    ASKS,
  ),
  met("MUST-27", "its interval can be set", ASKS, "TCP's own options: their bounds, and what they tell"),
  met("MUST-28", "two hours at least by default", "keep-alive is off at first, and its interval two hours"),
  met("MUST-29", "one probe without an answer is no death", ASKS),
  met(
    "MUST-30",
    "the urgent mechanism",
    "the pointer is behind the last byte of an urgent write (RFC 9293 3.8.5, RFC 6093)",
  ),
  met(
    "MUST-31",
    "urgent data of any length",
    "a pointer that does not reach is not set",
    "what goes before the urgent byte announces it, also in pieces; what comes behind does not",
  ),
  met(
    "MUST-32",
    "it is told at once",
    "the peer's pointer is told, before its byte comes as with it; one that went by is not",
  ),
  met("MUST-33", "how much of it waits can be learnt", TAKEN_PARTS),
  met(
    "MUST-34",
    "a window that shrinks is survived",
    SHRINKS,
    "that shrinks takes nothing back that was sent, and stops what is new (RFC 9293 3.8.6)",
  ),
  met("MUST-35", "and one that shrinks to nothing is probed", SHUTS, PROBES),
  met("MUST-36", "a window of zero is probed", PROBES),
  met(
    "MUST-37",
    "for as long as the peer answers",
    "a peer that answers with a window of zero is waited for for ever (MUST-37)",
  ),
  met(
    "MUST-38",
    "a sender fills no silly windows",
    "a small window is not filled with a small segment (RFC 9293 3.8.6.2.1), until half of the greatest is open",
  ),
  met(
    "MUST-39",
    "a receiver tells none",
    "our window closes as data comes, and opens by a segment or by half at once (3.8.6.2.2)",
  ),
  met("MUST-40", "acknowledgements wait for less than half a second", FULL_ACKS),
  met(
    "MUST-41",
    "a passive open disturbs no other connection",
    "four numbers are one connection's; ports are not given twice to the same peer, and 500 connections are found",
  ),
  met(
    "MUST-42",
    "one may listen where others are connected",
    "somebody may listen at the port of a connection that is being made, and that goes on",
  ),
  met(
    "MUST-43",
    "an open may name the local address",
    "Linux: any address is everybody's address, another address is another place",
  ),
  met(
    "MUST-44",
    "IP chooses the source address of a SYN",
    "connect succeeds as soon as somebody listens; accept tells the peer, and both know their ends",
  ),
  met(
    "MUST-45",
    "which stays the connection's",
    "connect succeeds as soon as somebody listens; accept tells the peer, and both know their ends",
  ),
  met(
    "MUST-46",
    "no open towards many",
    "connect's own errnos, and what it says of addresses",
    "no connection begins with an address that is nobody's",
  ),
  met(
    "MUST-47",
    "errors are told",
    "an attempt that does not wait is in progress; when it has failed, SO_ERROR tells why, once",
  ),
  met("MUST-48", "the Diffserv field can be set", PASSED_DOWN),
  met("MUST-49", "and the TTL", PASSED_DOWN),
  met("MUST-50", "unknown options of IP are ignored", "options of IP change nothing"),
  notDone("MUST-51", "an application names a source route", SOURCE_ROUTES),
  notDone("MUST-52", "which precedes one that was received", SOURCE_ROUTES),
  notDone("MUST-53", "a received one is used for the answer", SOURCE_ROUTES),
  met(
    "MUST-54",
    "ICMP errors reach their connection",
    SOFT,
    "a router that tells of a smaller MTU is believed if it quotes what is on its way, and the segment is sent again",
  ),
  met("MUST-55", "source quench is ignored", "a source quench is not heard"),
  inPart(
    "MUST-56",
    "soft errors end nothing",
    "A task's attempt to connect ends with the first ICMP error, as Linux has it (tcp_v4_err); connections do not, nor do those of kernel sockets.",
    SOFT,
    "illumos gives a connect three minutes, and tells the soft error that came",
  ),
  met("MUST-57", "a SYN to many is dropped in silence", NOT_UNICAST),
  met(
    "MUST-58",
    "acknowledgements are put together",
    FULL_ACKS,
    "data that goes the other way takes the acknowledgement along",
  ),
  met("MUST-59", "all that waited is taken before one is sent", FILLS_GAP),
  met(
    "MUST-60",
    "nothing is held back for ever",
    "TCP_CORK holds nothing longer than 200 ms",
    "Nagle: a small segment waits for the acknowledgement of another (RFC 9293 3.7.4)",
  ),
  met("MUST-61", "PUSH on the last segment of what waited", PUSHES),
  met(
    "MUST-62",
    "the pointer is behind the urgent data",
    "the pointer is behind the last byte of an urgent write (RFC 9293 3.8.5, RFC 6093)",
  ),
  met(
    "MUST-63",
    "SYNs from addresses that are nobody's are ignored",
    "no connection begins with an address that is nobody's",
  ),
  met("MUST-64", "options need not begin at a word", READ_OPTIONS),
  met("MUST-65", "MSS is in SYNs only", "MSS is told in SYNs, and in nothing else"),
  met(
    "MUST-66",
    "RST and URG count also in a window of zero",
    "in a window of zero a RST that is exactly next counts",
    "in a window of zero text is not taken, but what it acknowledges is, and its urgent pointer",
  ),
  met("MUST-67", "the MSS is what can be received, less headers", "the MSS told is the device's MTU less 40"),
  met("MUST-68", "options have lengths", PADDED),
  met("MUST-69", "what is behind the options is zero", PADDED),
  met("SHLD-1", "initial numbers have a part that is secret", "other ends, or another secret, begin elsewhere"),
  met("SHLD-2", "a RST may have text", "a reset with text in it is a reset"),
  met(
    "SHLD-3",
    "a close with unread data is a RST",
    "a close with unread data is a reset on Linux (RFC 2525 2.17)",
    "data for a socket that is closed is answered with a reset (RFC 1122 4.2.2.13)",
  ),
  met(
    "SHLD-4",
    "timestamps shorten TIME-WAIT",
    "a new SYN takes the place of a connection in TIME-WAIT, an old one does not",
  ),
  met("SHLD-5", "MSS is in each SYN", OFFERS),
  met("SHLD-6", "it is that of the smallest MTU", "the MSS told is the device's MTU less 40"),
  met("SHLD-7", "Nagle", "Nagle: a small segment waits for the acknowledgement of another (RFC 9293 3.7.4)"),
  notDone("SHLD-8", "ECN", "No device here marks congestion; an offer of ECN in a SYN is not taken up."),
  notDone(
    "SHLD-9",
    "the application learns of R1",
    "Linux tells a task nothing between R1 and R2 without IP_RECVERR, which is left out; netstat and facts show retransmissions.",
  ),
  met(
    "SHLD-10",
    "R1 is 3 retransmissions at least",
    "a path that drops large segments and says nothing is found out with the third timeout (RFC 2923 2.1)",
  ),
  met("SHLD-11", "R2 is 100 s at least", GIVES_UP),
  met("SHLD-12", "probes of keep-alive have no text", ASKS),
  notOurs("SHLD-13", "new applications do not use urgent data", "It is asked of applications."),
  met("SHLD-14", "our window does not shrink", "a smaller SO_RCVBUF takes nothing back that was told (3.8.6)"),
  met("SHLD-15", "nothing new is sent beyond one that shrank", SHRINKS),
  met("SHLD-16", "what is within it is sent again", SHUTS),
  met("SHLD-17", "what is beyond it times nothing out", SHUTS),
  met("SHLD-18", "acknowledgements are delayed", FULL_ACKS),
  met("SHLD-19", "every second full segment is acknowledged", FULL_ACKS),
  notDone(
    "SHLD-20",
    "error reports can be switched off",
    "Sockets report by what calls answer, and nobody has to call.",
  ),
  met("SHLD-21", "the Diffserv field can change", PASSED_DOWN),
  met("SHLD-22", "it goes to IP unchanged", PASSED_DOWN),
  notOurs("SHLD-23", "it does not change in general", "It is asked of applications."),
  notDone("SHLD-24", "a later source route takes the place of an earlier one", SOURCE_ROUTES),
  met("SHLD-25", "soft errors are told", SOFT),
  inPart(
    "SHLD-26",
    "hard errors end connections",
    "They end attempts to connect; an established connection takes them for soft ones (RFC 5461 §4.1, RFC 5927 §5.2), as Linux and illumos do.",
    "a hard ICMP error ends an open at once (RFC 5461 4.1)",
  ),
  met(
    "SHLD-27",
    "what was written in pieces goes in large segments",
    "what waited in small pieces goes in full segments",
  ),
  met("SHLD-28", "segments are full where possible", "what waited in small pieces goes in full segments"),
  met("SHLD-29", "the first probe comes after an RTO", PROBES),
  met("SHLD-30", "then less and less often", PROBES),
  met("SHLD-31", "what is out of order is kept", FILLS_GAP),
  met(
    "MAY-1",
    "a close may be of both directions",
    "data for a socket that is closed is answered with a reset (RFC 1122 4.2.2.13)",
  ),
  met(
    "MAY-2",
    "a SYN may reopen TIME-WAIT",
    "a new SYN takes the place of a connection in TIME-WAIT, an old one does not",
  ),
  met("MAY-3", "MSS in every SYN", OFFERS),
  notDone("MAY-4", "the same IP identification again", "Each datagram has its own, as on Linux."),
  met("MAY-5", "keep-alive", ASKS),
  notDone("MAY-6", "a byte of garbage in its probes", "Nobody needs it any more; Linux and illumos send none."),
  met("MAY-7", "what is beyond a window that shrank may be sent again", SHUTS),
  met("MAY-8", "our window may stay closed", "text before a window of zero is answered with it"),
  notDone("MAY-9", "the received Diffserv field is told", "IP_RECVTOS of streams is not there."),
  notDone("MAY-10", "IP timestamps", "The option is carried and not acted upon."),
  notDone("MAY-11", "record route", "The option is carried and not acted upon."),
  met(
    "MAY-12",
    "protection from injected data",
    "data is believed only with an acknowledgement between SND.UNA - MAX.SND.WND and SND.MAX (RFC 5961 5.2)",
  ),
  met("MAY-13", "what is out of order is acknowledged", FILLS_GAP),
  notDone("MAY-14", "a FLUSH call", "Sockets have none."),
  notDone("MAY-15", "PUSH in a send", "Sockets have none; MSG_MORE is the opposite of it."),
  met("MAY-16", "what is not pushed may wait", "MSG_MORE: a segment waits for the next write, or for a push"),
  notDone("MAY-17", "a received PUSH is told", "Sockets have no way to tell it."),
  met(
    "MAY-18",
    "other congestion control",
    "§4.2: it is at W_max after K = cbrt(W_max * 0.3 / C) seconds, concave before and convex behind",
  ),
  met("REC-1", "windows in 32 bits", "a window of 65,535 shifted by 14 is a gigabyte, and nothing negative"),
];
