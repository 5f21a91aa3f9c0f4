import type { Context } from "./context.ts";
import type { House, Stage } from "./contract.generated.ts";

/** What of a point an event tells: it begins, it ended, or something is so from now on. */
export type EventPhase = "enter" | "exit" | "fact";

/** Why no answer came. Loss is silence: only the deadline says `timeout`. */
export type Lost = "timeout" | "unreachable" | "garbled" | "rejected";

/** A value in an event. Bytes appear as text. */
export type Scalar = number | string | boolean;

/** What an event is about: any of file, files, fd, sk, dev, frame, ks, task. */
export type Slice = Readonly<Record<string, number | string>>;

/** Named values of an event. */
export type EventArgs = Readonly<Record<string, Scalar>>;

/** A house that is started again counts on from the next multiple of this: its lives stand in order, and no gap is between. */
export const SEQS_PER_LIFE = 2 ** 40;

/**
 * One thing that happened in one house. Everything else (pictures, spans, rules, reports) is made from these.
 *
 * Order is decided by `seq` within a house and by `lamport` between houses, never by time.
 * Design, section 3; the wire form is tenon.events.v1.Event.
 */
export interface TraceEvent {
  /** The house's count of events, from 1, without a gap within one life of it. */
  readonly seq: number;
  readonly lamport: number;
  /** Nanoseconds since the world booted, virtual or real. */
  readonly timeNs: number;
  readonly node: string;
  readonly service: House;
  readonly stage: Stage;
  /** A point of the contract, or the name of a state change. */
  readonly point: string;
  readonly phase: EventPhase;
  readonly span: number;
  readonly parent: number;
  readonly trace: number;
  readonly slice: Slice;
  readonly args: EventArgs;
  /** As Linux gives it: 0 or more, or -errno; absent on enter, for facts, and when lost. */
  readonly ret?: number;
  readonly lost?: Lost;
  readonly locks: readonly string[];
  /** The fault rule that touched it. */
  readonly fault?: string;
}

/** How an end is recorded. */
export interface Ending {
  readonly ret?: number;
  readonly lost?: Lost;
  readonly fault?: string;
}

/**
 * A house's record of what happens in it. Recording never waits and never fails; what nobody took in time is
 * overwritten and counted.
 */
export interface EventLog {
  /** The world's own number, the upper half of its trace ids; below 2^53. */
  readonly origin: number;
  /** A number for a new span, unique over all houses of the world. */
  newSpan(): number;
  /** The next Lamport stamp, for a message that leaves. */
  stamp(): number;
  /** A message with this stamp arrived. */
  merge(lamport: number): void;
  record(context: Context, point: string, phase: EventPhase, slice: Slice, args: EventArgs, ending?: Ending): void;
  /** Something is so from now on. */
  fact(context: Context, point: string, slice: Slice, args?: EventArgs): void;
}
