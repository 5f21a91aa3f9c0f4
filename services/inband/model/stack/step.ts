import { receiveFrame } from "./receive.ts";
import { newRun, type Effect, type Run, type StackState } from "./state.ts";
import { tcpNeighbourFailed } from "./tcp-icmp.ts";

/** A step's answer to its caller, and what the caller has to do. */
export interface Outcome<R> {
  readonly result: R;
  readonly effects: readonly Effect[];
}

/** Makes one step, which `settle` ends. */
export function step<R>(state: StackState, nowNs: number, work: (run: Run) => R): Outcome<R> {
  const run = newRun(state, nowNs);
  const result = work(run);
  settle(run);
  return { result, effects: run.effects };
}

/** The end of a step: what the loopback device is sent is received. */
export function settle(run: Run): void {
  const { state } = run;
  // An answer may be looped, too; it ends because nothing answers an answer (RFC 1122 §3.2.2 for errors).
  for (let bytes = state.undelivered.pop(); bytes !== undefined; bytes = state.undelivered.pop()) {
    tcpNeighbourFailed(run, bytes);
  }
  for (let looped = state.backlog.shift(); looped !== undefined; looped = state.backlog.shift()) {
    receiveFrame(run, looped.ifindex, looped.frame, looped.ticket);
  }
}
