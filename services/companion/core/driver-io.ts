import type { Context } from "../../abi/context.ts";
import { unreachable } from "../../abi/assert.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * in-band, inside read(2), write(2) or ioctl(2), may wait for a stage-exclusion lock.
 *
 * The same bytes that out-of-band calls use, reached from the other stage. The in-band caller holds a reference to the
 * file, so it needs no share in the crossing. ENOIOCTLCMD: no such file here; EIDRM: it is being released; EAGAIN: nothing
 * to read, no room, or the other stage is inside; EINTR: the task exits; ENOTTY: not a command of the device; EINVAL: it is not said what is asked.
 */
export async function driverIo(
  core: Core,
  args: PointArgs["oob_driver_io"],
  context: Context,
): Promise<Result<PointValues["oob_driver_io"], "ENOIOCTLCMD" | "EIDRM" | "EAGAIN" | "EINTR" | "ENOTTY" | "EINVAL">> {
  const efile = core.efiles.get(args.file);
  const inband = efile?.operations.inband;
  if (efile?.oob_data !== args.oob_data || inband === undefined) return fail("ENOIOCTLCMD");
  if (efile.releasing !== undefined) return fail("EIDRM");
  switch (args.operation) {
    case "read": {
      const read = await inband.read(efile, args.count, context);
      return read.ok ? ok({ data: read.value, value: 0 }) : read;
    }
    case "write": {
      const written = await inband.write(efile, args.data, context);
      return written.ok ? ok({ data: NO_BYTES, value: written.value }) : written;
    }
    case "ioctl": {
      const answer = await inband.ioctl(efile, args.cmd, context);
      return answer.ok ? ok({ data: NO_BYTES, value: answer.value }) : answer;
    }
    case undefined:
      return fail("EINVAL");
    default:
      return unreachable(args.operation, "a driver operation");
  }
}
