import type { Context } from "../../abi/context.ts";
import { ECHO } from "../../abi/flags.ts";
import type { Slice } from "../../abi/event.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Efile } from "../efile.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";

/** The device: what is written to a file of it can be read back from that file, from either stage. */
export const OOBECHO = "/dev/oobecho";

/** Either stage, never waits. EAGAIN: nothing to read. */
export function echoTake(efile: Efile, count: number, context: Context): Result<Uint8Array, "EAGAIN"> {
  if (count === 0) return ok(new Uint8Array(0));
  const data = efile.echo.take(count);
  if (data.length === 0) return fail("EAGAIN");
  wakeReady(efile, context);
  return ok(data);
}

/** Out-of-band. Waits for bytes, behind those who wait already. EIDRM: the file is released; EINTR: the thread is detached. */
export async function echoAwait(
  core: Core,
  efile: Efile,
  count: number,
  slice: Slice,
  context: Context,
): Promise<Result<Uint8Array, "EIDRM" | "EINTR">> {
  const sleep = fallAsleep<Uint8Array, "EIDRM">(core.kit.events, core.threads, {
    context,
    slice,
    facts: ["oob_wait", "oob_wake"],
    awaits: { count },
    tells: (data) => ({ bytes: data.length }),
    leave: (reader) => efile.echo.leave(reader),
  });
  efile.echo.wait(sleep, count);
  return sleep.woken;
}

/** Either stage, never waits. Answers how many bytes were taken, which may be fewer than given. EAGAIN: no room at all. */
export function echoWrite(efile: Efile, data: Uint8Array, context: Context): Result<number, "EAGAIN"> {
  const appended = efile.echo.append(data);
  if (!appended.ok) return appended;
  const { taken, served } = appended.value;
  for (const { reader, data: bytes } of served) reader.wake(context, ok(bytes));
  wakeReady(efile, context);
  return ok(taken);
}

/** Either stage, never waits. ENOIOCTLCMD: not a command of this device. */
export function echoIoctl(efile: Efile, cmd: number, context: Context): Result<number, "ENOIOCTLCMD"> {
  switch (cmd) {
    case ECHO.ECHO_IOC_COUNT:
      return ok(efile.echo.size);
    case ECHO.ECHO_IOC_FLUSH:
      efile.echo.flush();
      wakeReady(efile, context);
      return ok(0);
    default:
      return fail("ENOIOCTLCMD");
  }
}

/** in-band. What sleepers wait for goes away: each gets EIDRM. */
export function echoRemove(efile: Efile, context: Context): void {
  for (const reader of efile.echo.remove()) reader.wake(context, fail("EIDRM"));
}
