import { LIMITS } from "../../abi/limits.ts";
import { fail, ok } from "../../abi/result.ts";
import type { FullDriver } from "./echo.ts";

/**
 * What is left of `/dev/staxed` where no core guards its datum: one for all who open it. Nothing excludes anybody, since there
 * is no other stage; nothing waits, and there are no commands.
 */
export function datumDriver(): FullDriver {
  let datum = new Uint8Array(0);
  return {
    open: async () => ok(0),
    release: async () => {},
    read: async (_context, _file, count) => ok(datum.slice(0, count)),
    async write(_context, _file, data) {
      datum = data.slice(0, LIMITS.staxedBytesMax);
      return ok(datum.length);
    },
    ioctl: async () => fail("ENOTTY"),
    poll: async (_context, _file, events) => ok(events),
  };
}
