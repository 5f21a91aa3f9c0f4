import type { TraceEvent } from "../../services/abi/event.ts";

/** What happened to one frame between two nodes, in counts. */
interface FrameTale {
  /** How often the sender's NIC put it on the wire. */
  sent: number;
  /** How often it came to the receiver's NIC. */
  arrived: number;
  /** How often the core owned it, and how often it went up to the in-band stack. */
  taken: number;
  up: number;
  /** The ways in which it ended, with the house where it did, such as `inband delivered`. */
  ends: readonly string[];
  /** What struck it on the wire. */
  faults: readonly string[];
}

/** How often a datagram was received, and from which stage. */
interface DatagramTale {
  sent: number;
  received: readonly string[];
}

/** The tales of all frames that one node sent to another, and of the datagrams inside. */
export interface Ledger {
  readonly from: string;
  readonly to: string;
  readonly frames: Map<number, FrameTale>;
  readonly datagrams: Map<number, DatagramTale>;
}

/** A ledger in which nothing is written yet. */
export const newLedger = (from: string, to: string): Ledger => ({ from, to, frames: new Map(), datagrams: new Map() });

/** Nothing is shared by frames that ended in the same way: texts and lists are taken from here, so that many frames are cheap. */
const NONE: readonly string[] = [];

/** The ends of a frame that somebody wanted. */
const WANTED: ReadonlySet<string> = new Set([
  "inband delivered",
  "inband answered",
  "inband consumed",
  "companion oob_udp",
  "companion oob_packet",
  "companion oob_tap",
]);

/** Writes down what an event says about a frame; events may be forgotten then. */
export function noteEvent(ledger: Ledger, { node, service, point, phase, slice, args }: TraceEvent): void {
  const { frame } = slice;
  if (phase !== "fact" || typeof frame !== "number") return;
  if (node === ledger.from) {
    if (service !== "nic" || point !== "frame_send" || args["to"] !== "wire") return;
    const tale = ledger.frames.get(frame);
    if (tale !== undefined) tale.sent++;
    else ledger.frames.set(frame, { sent: 1, arrived: 0, taken: 0, up: 0, ends: NONE, faults: NONE });
    return;
  }
  const tale = node === ledger.to ? ledger.frames.get(frame) : undefined;
  if (tale === undefined) return;
  if (point === "frame_receive" && service === "nic") tale.arrived++;
  else if (point === "frame_send" && args["to"] === "inband") tale.up++;
  else if (point === "oob_taken") tale.taken++;
  else if (point === "frame_fault") tale.faults = [...tale.faults, String(args["kind"])];
  else if (point === "frame_end") tale.ends = [...tale.ends, `${service} ${String(args["fate"])}`];
}

const datagram = (ledger: Ledger, number: number): DatagramTale => {
  const known = ledger.datagrams.get(number);
  if (known !== undefined) return known;
  const made: DatagramTale = { sent: 0, received: NONE };
  ledger.datagrams.set(number, made);
  return made;
};

/** A task sent a datagram. */
export function noteSent(ledger: Ledger, number: number): void {
  datagram(ledger, number).sent++;
}

/** A task received a datagram. */
export function noteReceived(ledger: Ledger, number: number, how: string): void {
  const tale = datagram(ledger, number);
  tale.received = [...tale.received, how];
}

function wrongWithFrame({ sent, arrived, taken, up, ends }: FrameTale): string | undefined {
  if (sent !== 1) return `was put on the wire ${sent} times`;
  if (arrived !== 1) return `arrived ${arrived} times`;
  if (ends.length !== 1) return ends.length === 0 ? "never ended" : `ended ${ends.length} times`;
  const [end = ""] = ends;
  if (!WANTED.has(end)) return "was lost";
  if (taken + up !== 1) return `was taken ${taken} times and went up ${up} times`;
  return end.startsWith("companion") === (taken === 1) ? undefined : "ended with somebody who did not get it";
}

/** Which frames broke the law, and how. The law: what was put on the wire once arrives once, has one owner, and ends once. */
export function brokenFrames(ledger: Ledger): string[] {
  const broken: string[] = [];
  for (const [frame, tale] of ledger.frames) {
    const wrong = wrongWithFrame(tale);
    if (wrong === undefined) continue;
    const ends = tale.ends.join(", ") || "none";
    broken.push(`frame ${frame} ${wrong} (ends: ${ends}; faults: ${tale.faults.join(", ") || "none"})`);
  }
  return broken;
}

/** Which datagrams were not received exactly once, and how. */
export function brokenDatagrams(ledger: Ledger): string[] {
  const broken: string[] = [];
  for (const [number, { sent, received }] of ledger.datagrams) {
    if (sent !== 1) broken.push(`datagram ${number} was sent ${sent} times`);
    else if (received.length === 0) broken.push(`datagram ${number} was never received`);
    else if (received.length > 1) broken.push(`datagram ${number} was received by ${received.join(" and ")}`);
  }
  return broken;
}

/** How many frames ended in each way. */
export function endsOf(ledger: Ledger): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { ends } of ledger.frames.values()) for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
  return Object.fromEntries(counts);
}
