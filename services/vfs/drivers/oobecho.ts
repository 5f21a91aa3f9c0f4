import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import type { EventLog } from "../../abi/event.ts";
import type { Lives } from "../../abi/lives.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Hooks } from "../../boundary/hooks.ts";
import type { OpenFile } from "../model/open-file.ts";
import type { Driver } from "./driver.ts";
import type { FullDriver } from "./echo.ts";

type Request = Partial<Pick<PointArgs["oob_driver_io"], "data" | "count" | "cmd" | "arg">>;

const NO_REQUEST = { data: new Uint8Array(0), count: 0, cmd: 0, arg: 0 };

/**
 * A device for both stages: `/dev/oobecho`, and `/dev/staxed`. The bytes belong to the core, since out-of-band code may touch them at
 * any time; this half asks for them with oob_driver_io. Where the core gave no context, or has no such half
 * (ENOIOCTLCMD), `alone` serves the request with bytes of its own. In-band it is always ready for poll, as each Linux
 * driver without that operation is: what out-of-band code does to the bytes, nobody tells this half.
 */
export function twoStageDriver(hooks: Hooks<"vfs">, events: EventLog, core: Lives, alone: FullDriver): Driver {
  /** Asks the core for an out-of-band context (evl_open_file). */
  async function askContext(
    context: Context,
    { file, dev, flags }: Pick<OpenFile, "file" | "dev" | "flags">,
  ): Promise<Result<number>> {
    const asked = core.current;
    const reply = await hooks.oob_open_file(context, { file, dev, flags });
    switch (reply.kind) {
      case "returned":
        return ok(reply.value.oob_data);
      case "refused":
        return fail(reply.errno);
      case "lost":
        // The core may have made a context that nobody will ever name to it again: make both sides agree that there
        // is none. A call that was rejected on the road reached no core, and one that is gone has no context.
        if (reply.why !== "rejected" && core.current === asked) {
          events.fact(context, "compensate", { file }, { undoes: "oob_open_file", why: reply.why });
          await hooks.oob_release_file(context, { file, oob_data: 0 });
        }
        return fail("EIO");
    }
  }

  /** What the core answers; undefined when this half shall serve the request alone. */
  async function askCore(
    context: Context,
    { file, oob_data }: OpenFile,
    operation: "read" | "write" | "ioctl",
    request: Request,
  ): Promise<Result<PointValues["oob_driver_io"]> | undefined> {
    if (oob_data === 0) return undefined;
    const reply = await hooks.oob_driver_io(context, { file, oob_data, operation, ...NO_REQUEST, ...request });
    switch (reply.kind) {
      case "returned":
        return ok(reply.value);
      case "refused":
        return reply.errno === "ENOIOCTLCMD" ? undefined : fail(reply.errno);
      case "lost":
        return fail("EIO");
    }
  }

  return {
    async open(context, opening) {
      let life: number;
      let opened: Result<number>;
      do {
        // A core that came up meanwhile knows nothing of what the one before it has given.
        life = core.current;
        opened = await askContext(context, opening);
      } while (opened.ok && core.current !== life);
      if (opened.ok) await alone.open(context, opening);
      return opened;
    },

    renew: askContext,

    async release(context, file) {
      // First the core, which waits for out-of-band work to leave the file; then what is ours. A core that gave no
      // context has nothing to release. That the answer may be lost changes nothing here: the file goes all the same.
      if (file.oob_data !== 0) await hooks.oob_release_file(context, { file: file.file, oob_data: file.oob_data });
      await alone.release(context, file);
    },

    async read(context, file, count) {
      const answer = await askCore(context, file, "read", { count });
      if (answer === undefined) return alone.read(context, file, count);
      return answer.ok ? ok(answer.value.data) : answer;
    },

    async write(context, file, data) {
      const answer = await askCore(context, file, "write", { data });
      if (answer === undefined) return alone.write(context, file, data);
      return answer.ok ? ok(answer.value.value) : answer;
    },

    async ioctl(context, file, request) {
      const answer = await askCore(context, file, "ioctl", request);
      return answer ?? alone.ioctl(context, file, request);
    },
  };
}
