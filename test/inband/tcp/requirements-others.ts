import { inPart, met, notDone, type Requirement } from "./requirement.ts";

const PAWS = "PAWS: what is older than what came is dropped and answered (5.3 R1), a reset is not tested (R2)";
const RTT_2_3 = "(2.3) a further sample weighs an eighth, in the variance a quarter, with the SRTT of before";
const RTT_MIN = "(2.3) without variance the clock's granularity remains, (2.4) and it is never below the minimum";
const RTT_MAX = "(2.5) and (5.5) it doubles with each expiry up to the maximum, and (5) a sample ends that";
const KARN = "(3) a segment that was sent again is not measured: Karn's algorithm";
const TIMER_RUNS =
  "it runs from the first segment (5.1), anew with each acknowledgement (5.3), and stops when all arrived (5.2)";
const TIMER_EXPIRES = "when it expires it runs on for twice as long (5.5, 5.6)";
const BACKS_OFF = "the timer doubles with each retransmission (RFC 6298 5.5), and one acknowledgement ends that";
const SLOW_START = "%s: slow start doubles the window in a round trip, and counts at most L bytes";
const AFTER_TIMEOUT = "%s: after a timeout one segment, and slow start up to the threshold";
const INITIAL = "the initial window is ten segments, and not more than 14,600 bytes unless two are longer (RFC 6928)";
const NEW_RENO =
  "three duplicates send the first segment again, each further one allows a new one, a partial acknowledgement the next";
const ISLOST = "IsLost and SetPipe are those of RFC 6675, whatever is sent, acknowledged and sent again";
const ASKS = "asks after silence, in intervals, and gives up with a reset";

const RFC_7323: readonly Requirement[] = [
  met("7323 2.2", "the scale is in SYNs only, whose windows are not shifted", "both shift theirs (RFC 7323 2.2, 2.3)"),
  met("7323 2.2 both", "and holds only where both tell it", "a passive open offers what the peer does, and no more"),
  met("7323 2.3", "a shift above 14 is taken for 14", "a shift above 14 is taken for 14 (RFC 7323 2.3)"),
  met(
    "7323 2.4",
    "a window that rounding shrinks is robust",
    "bytes arrive once and in order or the connection fails with the right error, whatever wire and applications do",
  ),
  met(
    "7323 3.2",
    "with timestamps agreed on, a segment without one is dropped",
    "without a timestamp a segment is not heard (3.2)",
  ),
  met(
    "7323 3.2 RST",
    "but a reset is not",
    "a segment without a timestamp is not believed once both agreed (3.2), a reset is",
  ),
  met(
    "7323 4.1",
    "an echo measures a round trip",
    "a round trip is measured by the echo where segments went twice: the timer does not stay backed off",
  ),
  met(
    "7323 4.1 echo",
    "one that cannot be does not",
    "an echo of something that was never sent measures no round trip",
  ),
  met(
    "7323 4.3",
    "what is echoed is of the segment that the last acknowledgement waited for",
    "the timestamp echoed is that of the segment which the acknowledgement waited for (RFC 7323 4.3)",
  ),
  met("7323 5.3 R1", "PAWS", PAWS, "what is older than what was seen is answered and not believed"),
  met(
    "7323 5.3 R2",
    "what is outside the window is dropped",
    "a forged segment outside the window leads nobody to believe in the future",
  ),
  inPart(
    "7323 5.3 R3",
    "TS.Recent is taken of what is at or before Last.ACK.sent",
    "It is taken after the acknowledgement was believed, not before, as Linux does it: a forged timestamp shuts nobody out.",
    "the timestamp echoed is that of the segment which the acknowledgement waited for (RFC 7323 4.3)",
  ),
  met("7323 5.5", "after 24 days TS.Recent is outdated", "after 24 days of silence any timestamp is new (5.5)"),
  met(
    "7323 7.1",
    "the clock of timestamps begins elsewhere for each peer",
    "the clock of timestamps tells nobody how long the host runs, nor of other peers (RFC 7323 7.1)",
  ),
  met(
    "7323 G",
    "many samples in a round trip weigh less each",
    "RFC 7323 appendix G: of many samples in a round trip each weighs less",
  ),
];

const RFC_6298: readonly Requirement[] = [
  met("6298 2.1", "RTO is 1 s at first", "(2.1) it is a second before anything was measured"),
  met("6298 2.2", "the first sample", "(2.2) the first sample R makes it R + max(G, 4 * R/2)"),
  met("6298 2.3", "further samples", RTT_2_3),
  inPart("6298 2.4", "RTO is 1 s at least", "Linux has 200 ms and illumos 400 ms, and so have we.", RTT_MIN),
  met("6298 2.5", "its maximum is 60 s at least", RTT_MAX),
  met("6298 3", "Karn's algorithm", KARN),
  met("6298 4", "the clock's granularity", RTT_MIN),
  met("6298 5.1", "the timer runs from the first segment", TIMER_RUNS),
  met("6298 5.2", "it stops when all is acknowledged", TIMER_RUNS),
  met("6298 5.3", "it begins anew with each acknowledgement", TIMER_RUNS),
  met("6298 5.4", "the earliest segment is sent again", BACKS_OFF),
  met("6298 5.5", "RTO doubles", TIMER_EXPIRES, BACKS_OFF),
  met("6298 5.6", "and the timer runs on", TIMER_EXPIRES),
  met(
    "6298 5.7",
    "3 s after a SYN that was lost",
    "(5.7) after a SYN that was sent again data begins with 3 s, unless a timestamp measured the handshake",
  ),
];

const CONGESTION: readonly Requirement[] = [
  met(
    "5681 3.1 IW",
    "the initial window (of RFC 6928)",
    INITIAL,
    "after a SYN that was lost the initial window is one segment (RFC 5681 3.1)",
  ),
  met(
    "5681 3.1 slow start",
    "a segment for each that is acknowledged",
    SLOW_START,
    "one byte at a time do not make the window grow faster (RFC 3465, RFC 5681 3.1)",
  ),
  met(
    "5681 3.1 avoidance",
    "a segment in a round trip",
    "congestion avoidance adds a segment in a round trip, however the peer divides its acknowledgements (RFC 3465)",
  ),
  met(
    "5681 3.1 (4)",
    "the threshold is half of what is in flight, two segments at least",
    AFTER_TIMEOUT,
    "%s: the threshold is two segments at least",
  ),
  met(
    "5681 3.1 again",
    "and stays for a second timeout of the same segment",
    "a second timeout for the same segment does not believe the peer any more, and leaves the threshold",
  ),
  met("5681 3.1 LW", "a timeout leaves one segment", AFTER_TIMEOUT),
  met(
    "5681 3.2 (1)",
    "two duplicates let two segments out (RFC 3042)",
    "duplicates do not let data out that nobody acknowledged, beyond limited transmit and recovery",
  ),
  met(
    "5681 3.2 (2-6)",
    "fast retransmit and recovery",
    "three duplicates: the segment is sent again at once (RFC 5681 3.2, RFC 6582)",
  ),
  met(
    "5681 4.1",
    "an idle window is reduced (as RFC 2861 has it)",
    "%s: an idle window is halved with each timeout, down to the initial one",
  ),
  met(
    "5681 4.2",
    "acknowledgements at once where a gap is",
    "what is out of order is acknowledged at once, and so is what fills the gap (RFC 5681 4.2)",
  ),
  met(
    "5681 4.3",
    "a retransmission that is lost reduces the window again",
    "a retransmission that is lost is found by what is sent later, without a timeout",
  ),
  met(
    "6582 3.2 (1)",
    "duplicates of what a timeout sent begin no recovery",
    "duplicates of what a timeout sent in vain begin no recovery (the careful variant)",
  ),
  met("6582 3.2 (2)", "the third duplicate begins one", NEW_RENO),
  met("6582 3.2 (3) partial", "a partial acknowledgement sends the next", NEW_RENO),
  met(
    "6582 3.2 (3) full",
    "a full one ends it without a burst",
    "a full acknowledgement ends recovery without a burst (RFC 6582 §3.2 step 3)",
  ),
  met(
    "6582 3.2 (4)",
    "a timeout remembers what was sent",
    "duplicates of what a timeout sent in vain begin no recovery (the careful variant)",
  ),
  met(
    "6675 4 Update",
    "blocks are taken, those that cannot be are not",
    "blocks that cannot be are not believed: beyond what was sent, at or below what is acknowledged, empty, turned around",
  ),
  met("6675 4 IsLost", "three stretches or more than two segments above", ISLOST),
  met("6675 4 SetPipe", "what is in the network", ISLOST),
  met(
    "6675 4 NextSeg 1",
    "holes from below",
    "holes are filled from below, each once, before new data (NextSeg rule 1)",
  ),
  met(
    "6675 4 NextSeg 2-4",
    "new data, then what may be lost, then the rescue",
    "without new data, what is not lost for sure is sent again (rule 3), and once the last that is missing (rule 4)",
  ),
  met(
    "6675 5",
    "recovery",
    "of ten segments the second is lost: it is sent again with the third that arrives behind it, and half the window goes on",
  ),
  met(
    "6675 5.1",
    "a timeout within it",
    "after a timeout all is sent again from the left edge on, but for what the peer holds, in slow start",
  ),
  met(
    "9438 4.2",
    "the cubic function, and K",
    "§4.2: it is at W_max after K = cbrt(W_max * 0.3 / C) seconds, concave before and convex behind",
  ),
  met(
    "9438 4.3",
    "not slower than Reno",
    "§4.3: on a short path it is never slower than Reno would be, with alpha 0.53, and 1 beyond the last loss",
  ),
  met("9438 4.4", "the target", "§4.4: a target is at most half as much again as the window"),
  met(
    "9438 4.5",
    "convex and concave growth",
    "§4.2: it is at W_max after K = cbrt(W_max * 0.3 / C) seconds, concave before and convex behind",
  ),
  met(
    "9438 4.6",
    "the decrease by 0.7",
    "§4.6, §4.7: the window becomes 0.7 of what was in flight, and a loss before W_max was reached again lowers W_max",
  ),
  met(
    "9438 4.7",
    "fast convergence",
    "§4.6, §4.7: the window becomes 0.7 of what was in flight, and a loss before W_max was reached again lowers W_max",
  ),
  met(
    "9438 4.8",
    "timeouts",
    "§4.8: in the first stage behind a timeout K is 0, and the window grows from where slow start ended",
  ),
  met("9438 4.9", "what was no congestion is taken back", "%s: a timeout that was none is taken back"),
  inPart(
    "9438 4.10",
    "slow start, HyStart++ among what it may be",
    "HyStart++ (RFC 9406) is left out: it is a SHOULD, and the queues here are short.",
    SLOW_START,
  ),
  met("9438 5.8", "time without use does not count", "§5.8: time in which the window was not used does not count"),
];

const RFC_5961: readonly Requirement[] = [
  met(
    "5961 3.2",
    "a RST is exact, or challenged",
    "a RST elsewhere in the window is challenged, one outside of it is not heard",
  ),
  met("5961 4.2", "a SYN is challenged", "a SYN is challenged wherever it is (RFC 5961 4.2)"),
  met(
    "5961 5.2",
    "an acknowledgement is of what was sent lately",
    "data is believed only with an acknowledgement between SND.UNA - MAX.SND.WND and SND.MAX (RFC 5961 5.2)",
  ),
  met(
    "5961 7",
    "challenges are limited",
    "ten challenges in five seconds are enough (RFC 5961 7)",
    "gets no more challenges than their limit, however many SYNs it sends",
  ),
  notDone(
    "5961 10",
    "the limit can be set",
    "It is ten in five seconds for each connection; Linux' tcp_challenge_ack_limit counts for all, which tells strangers of others.",
  ),
];

const RFC_1122: readonly Requirement[] = [
  met(
    "1122 4.2.3.6 off",
    "keep-alive is off, and can be switched",
    "keep-alive is off at first, and its interval two hours",
    "can be switched on and off while the connection lasts",
  ),
  met(
    "1122 4.2.3.6 idle",
    "it asks after silence only",
    "is content with any answer, and asks later when something came",
  ),
  met("1122 4.2.3.6 data", "and not while data waits", "does not ask while data waits for an acknowledgement"),
  met("1122 4.2.3.6 lost", "one probe that is lost is no end", ASKS),
  met("1122 4.2.3.6 text", "a probe is SND.NXT - 1 without text", ASKS),
  met(
    "1122 4.2.3.6 time",
    "TCP_USER_TIMEOUT takes the place of the count (tcp(7))",
    "with TCP_USER_TIMEOUT keep-alive gives up when that is over, however many probes went",
  ),
];

/** What other RFCs of TCP ask for, by their clauses. */
export const OTHER_RFCS: readonly Requirement[] = [...RFC_7323, ...RFC_6298, ...CONGESTION, ...RFC_5961, ...RFC_1122];
