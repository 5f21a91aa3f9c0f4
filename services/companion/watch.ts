import type { Context } from "../abi/context.ts";
import { POLL } from "../abi/flags.ts";
import { ok } from "../abi/result.ts";
import type { Efile, Watcher } from "./efile.ts";
import type { FdEntry } from "./model/fd-index.ts";

/** Which of the events that a poller asked for are there; an error and a hang-up are told unasked, as in poll(2). */
export const readyFor = (efile: Efile, events: number): number =>
  efile.operations.oob_poll() & (events | POLL.POLLERR | POLL.POLLHUP);

/** Either stage. Wakes those for whom the file has just become ready (evl_signal_poll_events in EVL). */
export function wakeReady(efile: Efile, context: Context): void {
  signalEvents(efile, 0, context);
}

/** Either stage. Tells of events that have happened, whether or not the file is ready for them now. */
export function signalEvents(efile: Efile, happened: number, context: Context): void {
  for (const { events, sleep } of [...efile.watchers]) {
    const revents = (happened & events) | readyFor(efile, events);
    if (revents !== 0) sleep.wake(context, ok(revents));
  }
}

/** Wakes those who poll a descriptor that is no more what it was: POLLNVAL (evl_drop_watchpoints in EVL). */
export function dropWatchers(entry: FdEntry<Watcher>, context: Context): void {
  for (const { sleep } of [...entry.watchers]) sleep.wake(context, ok(POLL.POLLNVAL));
}
