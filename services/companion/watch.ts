import type { Context } from "../abi/context.ts";
import { POLL } from "../abi/flags.ts";
import { ok } from "../abi/result.ts";
import type { Efile, Watcher } from "./efile.ts";
import type { FdEntry } from "./model/fd-index.ts";

/** What a file is ready for: POLLIN while bytes wait, POLLOUT while there is room. */
export const readiness = ({ echo }: Efile): number =>
  (echo.size > 0 ? POLL.POLLIN : 0) | (echo.hasRoom ? POLL.POLLOUT : 0);

/** Either stage. Wakes those for whom the file has just become ready (evl_signal_poll_events in EVL). */
export function wakeReady(efile: Efile, context: Context): void {
  for (const { events, sleep } of [...efile.watchers]) {
    const revents = readiness(efile) & events;
    if (revents !== 0) sleep.wake(context, ok(revents));
  }
}

/** Wakes those who poll a descriptor that is no more what it was: POLLNVAL (evl_drop_watchpoints in EVL). */
export function dropWatchers(entry: FdEntry<Watcher>, context: Context): void {
  for (const { sleep } of [...entry.watchers]) sleep.wake(context, ok(POLL.POLLNVAL));
}
