import type { Context } from "../../abi/context.ts";
import { POLL, STAXED } from "../../abi/flags.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { mayWait, type Efile, type FileOperations } from "../efile.ts";
import type { Core, Staxed } from "../state.ts";
import { createStaxLock } from "../stax.ts";

/** The device: one datum that both stages read and write, guarded by a stage-exclusion lock. */
export const STAXED_DEVICE = "/dev/staxed";

/** How long each command works on the datum. */
const LINGERS: ReadonlyMap<number, number> = new Map([
  [STAXED.STAXED_IOC_LINGER, LIMITS.staxedLingerNs],
  [STAXED.STAXED_IOC_LINGER_LONG, LIMITS.staxedLingerLongNs],
]);

/** The device of a core that has just been loaded: no bytes. */
export const createStaxed = (core: Core): Staxed => ({
  lock: createStaxLock(core, STAXED_DEVICE),
  datum: new Uint8Array(0),
});

/**
 * The operations of a file of the device, for both stages. Each takes the lock, works on the datum for a while (a millisecond;
 * its commands for a second, or five), and gives the lock back; so accesses of one stage overlap, and those of two do not.
 *
 * EAGAIN: the file must not wait and the other stage is inside. EINTR: the waiting was interrupted.
 */
export function staxedOperations(core: Core, staxed: Staxed): FileOperations {
  async function held<T>(
    efile: Efile,
    context: Context,
    forNs: number,
    work: () => T,
  ): Promise<Result<T, "EAGAIN" | "EINTR">> {
    const taken = mayWait(efile) ? await staxed.lock.lock(context) : staxed.lock.tryLock(context);
    if (!taken.ok) return taken;
    await core.kit.clock.sleepNs(forNs);
    const done = work();
    staxed.lock.unlock(context);
    return ok(done);
  }

  const read = (efile: Efile, count: number, context: Context): Promise<Result<Uint8Array, "EAGAIN" | "EINTR">> =>
    held(efile, context, LIMITS.staxedHoldNs, () => staxed.datum.slice(0, count));

  const write = (efile: Efile, data: Uint8Array, context: Context): Promise<Result<number, "EAGAIN" | "EINTR">> =>
    held(efile, context, LIMITS.staxedHoldNs, () => {
      staxed.datum = data.slice(0, LIMITS.staxedBytesMax);
      return staxed.datum.length;
    });

  async function ioctl(
    efile: Efile,
    cmd: number,
    context: Context,
  ): Promise<Result<number, "ENOTTY" | "EAGAIN" | "EINTR">> {
    const forNs = LINGERS.get(cmd);
    return forNs === undefined ? fail("ENOTTY") : held(efile, context, forNs, () => 0);
  }

  return {
    oob_read: (efile, count, { context }) => read(efile, count, context),
    oob_write: (efile, data, { context }) => write(efile, data, context),
    oob_ioctl: (efile, cmd, { context }) => ioctl(efile, cmd, context),
    oob_poll: () => POLL.POLLIN | POLL.POLLOUT,
    // Whoever waits for the lock gets it: those inside leave in bounded time, and the release waits for them.
    remove: () => undefined,
    inband: { read, write, ioctl },
  };
}
