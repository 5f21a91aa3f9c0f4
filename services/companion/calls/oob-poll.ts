import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { descriptor, type Watcher } from "../efile.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { readyFor } from "../watch.ts";
import { lookUp } from "./inside.ts";

/**
 * Out-of-band, waits until the descriptor is ready, or until `timeout_ns` have passed; 0 is without limit.
 *
 * A poller is not inside the file: it would block the release of a file that nobody uses. It needs not be, since the
 * uninstall or replace that comes before every release wakes it with POLLNVAL. A descriptor that is closed while its file
 * lives on through another one is reported just so: descriptors are polled, not files.
 *
 * EPERM: not attached. EBADF: not in the index. ETIMEDOUT. EINTR: the thread was detached meanwhile.
 */
export async function oobPoll(
  core: Core,
  { fd, events, timeout_ns }: PointArgs["oob_poll"],
  context: Context,
): Promise<Result<{ revents: number }, "EPERM" | "EBADF" | "ETIMEDOUT" | "EINTR">> {
  const found = lookUp(core, fd, context);
  if (!found.ok) return found;
  const { entry, efile } = found.value;
  const ready = readyFor(efile, events);
  if (ready !== 0) return ok({ revents: ready });

  const sleep = fallAsleep<number, "ETIMEDOUT">(core.kit.events, core.threads, {
    context,
    slice: descriptor(context.files, fd, efile.file),
    facts: ["poll_wait", "poll_wake"],
    awaits: { events },
    tells: (revents) => ({ revents }),
    leave: () => {
      timer?.cancel();
      entry.watchers.delete(watcher);
      efile.watchers.delete(watcher);
    },
  });
  const watcher: Watcher = { events, sleep };
  entry.watchers.add(watcher);
  efile.watchers.add(watcher);
  const timer =
    timeout_ns === 0 ? undefined : core.kit.clock.after(timeout_ns, () => sleep.wake(context, fail("ETIMEDOUT")));

  const woken = await sleep.woken;
  return woken.ok ? ok({ revents: woken.value }) : woken;
}
