import type { Context } from "../abi/context.ts";
import type { Stage } from "../abi/contract.generated.ts";
import type { ArrivedFrame, FramePort } from "../abi/frame.ts";
import type { Kit } from "../abi/kit.ts";

/** A frame that goes on its way from here: new, or one that came from elsewhere and keeps its number. */
export interface Departing {
  readonly dev: string;
  readonly bytes: Uint8Array;
  /** The number of a frame that is only passed on; absent for a new one. */
  readonly frame?: number;
  readonly flags?: number;
}

const NO_LOCKS: Context["locks"] = [];
const NO_CHAIN: Context["chain"] = [];

/**
 * Puts a frame into a link, and records `frame_send`, from which `frame_receive` at the other end follows, in the trace as in
 * causality. The caller flushes the port after a burst.
 *
 * @param to who is at the other end, for people: `nic`, `inband`, `wire`.
 * @returns the frame's number; undefined when the link took it not, which the caller counts. Nothing is recorded then.
 */
export function sendFrame(
  kit: Kit,
  port: FramePort,
  context: Context,
  to: string,
  { dev, bytes, frame, flags = 0 }: Departing,
): number | undefined {
  const { events } = kit;
  const span = events.newSpan();
  const number = frame ?? span;
  const trace = context.trace === 0 ? span : context.trace;
  // The fact below gets the stamp after this one, and what the receiver records comes after the fact.
  const lamport = events.stamp() + 1;
  const meta = { flags, frame: number, timeNs: kit.clock.nowNs(), trace, span, lamport };
  const leg: Context = { ...context, trace, span, parent: context.span };
  const { frameFaults } = port;
  const struck = frameFaults?.watching === true ? frameFaults.send(leg, dev, to, bytes, meta) : port.send(bytes, meta);
  if (struck === undefined || struck === false) return undefined;
  events.fact(leg, "frame_send", { dev, frame: number }, { to, bytes: bytes.length });
  if (struck !== true) struck.tell();
  return number;
}

/**
 * Records `frame_receive` for a frame that came over a link, and answers the context in which its receiver acts: no task's,
 * in the frame's trace, under the sender's span.
 */
export function frameArrives(kit: Kit, dev: string, stage: Stage, arrived: ArrivedFrame): Context {
  const { events } = kit;
  events.merge(arrived.lamport);
  // Made at one go, of what `outermost` says and the frame: this is the hot path of every house that handles frames.
  const context: Context = {
    task: "",
    files: 0,
    stage,
    locks: NO_LOCKS,
    chain: NO_CHAIN,
    trace: arrived.trace,
    span: events.newSpan(),
    parent: arrived.span,
  };
  events.fact(context, "frame_receive", { dev, frame: arrived.frame }, { bytes: arrived.bytes.length });
  return context;
}

/** Records where a frame's way ends in this house: how it was delivered, or why it was dropped. */
export const frameEnds = (kit: Kit, context: Context, dev: string, frame: number, fate: string): void =>
  kit.events.fact(context, "frame_end", { dev, frame }, { fate });
