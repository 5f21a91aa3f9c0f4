import type { Context } from "../../abi/context.ts";
import { ECHO, POLL } from "../../abi/flags.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { mayWait, type Caller, type Efile, type FileOperations } from "../efile.ts";
import { EchoQueue } from "../model/echo-queue.ts";
import { fallAsleep, type Sleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";

/** The device: what is written to a file of it can be read back from that file, from either stage. */
export const OOBECHO = "/dev/oobecho";

/** A thread that waits in oob_read for bytes. */
type EchoReader = Sleep<Uint8Array, "EIDRM">;

/** The operations of a file of the device that has just been opened, with a queue of its own behind them. */
export function echoOperations(core: Core): FileOperations {
  const echo = new EchoQueue<EchoReader>(LIMITS.echoBytesMax);

  /** Either stage, never waits. EAGAIN: nothing to read. */
  function take(efile: Efile, count: number, context: Context): Result<Uint8Array, "EAGAIN"> {
    if (count === 0) return ok(new Uint8Array(0));
    const data = echo.take(count);
    if (data.length === 0) return fail("EAGAIN");
    wakeReady(efile, context);
    return ok(data);
  }

  /** Out-of-band. Waits for bytes, behind those who wait already. EIDRM: the file is released; EINTR: the thread is detached. */
  async function wait(count: number, { context, slice }: Caller): Promise<Result<Uint8Array, "EIDRM" | "EINTR">> {
    const sleep = fallAsleep<Uint8Array, "EIDRM">(core.kit.events, core.threads, {
      context,
      slice,
      facts: ["oob_wait", "oob_wake"],
      awaits: { count },
      tells: (data) => ({ bytes: data.length }),
      leave: (reader) => echo.leave(reader),
    });
    echo.wait(sleep, count);
    return sleep.woken;
  }

  /** Either stage, never waits. Answers how many bytes were taken, which may be fewer than given. EAGAIN: no room at all. */
  function write(efile: Efile, data: Uint8Array, context: Context): Result<number, "EAGAIN"> {
    if (runsOut(core.kit, context, "wmem")) return fail("EAGAIN");
    const appended = echo.append(data);
    if (!appended.ok) return appended;
    const { taken, served } = appended.value;
    for (const { reader, data: bytes } of served) reader.wake(context, ok(bytes));
    wakeReady(efile, context);
    return ok(taken);
  }

  /** Either stage, never waits. ENOTTY: not a command of this device, and there is no other handler to fall back to. */
  function ioctl(efile: Efile, cmd: number, context: Context): Result<number, "ENOTTY"> {
    switch (cmd) {
      case ECHO.ECHO_IOC_COUNT:
        return ok(echo.size);
      case ECHO.ECHO_IOC_FLUSH:
        echo.flush();
        wakeReady(efile, context);
        return ok(0);
      default:
        return fail("ENOTTY");
    }
  }

  return {
    oob_read(efile, count, caller) {
      const taken = take(efile, count, caller.context);
      return taken.ok || !mayWait(efile) ? taken : wait(count, caller);
    },
    oob_write: (efile, data, { context }) => write(efile, data, context),
    oob_ioctl: (efile, cmd, { context }) => ioctl(efile, cmd, context),
    oob_poll: () => (echo.size > 0 ? POLL.POLLIN : 0) | (echo.hasRoom ? POLL.POLLOUT : 0),
    remove(context) {
      for (const reader of echo.remove()) reader.wake(context, fail("EIDRM"));
    },
    inband: { read: take, write, ioctl },
  };
}
