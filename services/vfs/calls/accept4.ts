import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { withFile } from "../steps/fput.ts";
import { reserveFd } from "../steps/reserve-fd.ts";
import { sockFile } from "../steps/socket-file.ts";
import { SOCK_FLAGS, socketType } from "../steps/socket-type.ts";

/**
 * accept4(2). In-band, takes files->file_lock twice; waits for a connection unless the listening file is O_NONBLOCK.
 *
 * The core is never asked: an accepted socket is not out-of-band capable, also when the listening one is (facts 2.11).
 *
 * @returns EBADF; EINVAL for an unknown flag, SOCK_OOB included; EMFILE; ENOTSOCK: so late because Linux looks at the
 * descriptor to come first; what the in-band stack says; EIO: an answer was lost; EDEADLK.
 */
export const sysAccept4 = (
  kernel: Kernel,
  current: Current,
  { fd: listening, flags }: PointArgs["sys_accept4"],
): Promise<Outcome<"sys_accept4">> =>
  withFile(kernel, current, listening, async (file): Promise<Outcome<"sys_accept4">> => {
    const { context } = current;
    const asked = socketType(flags, SOCK_FLAGS);
    // Here the bits of the type are flags like others, and unknown.
    if (!asked.ok || asked.value.type !== 0) return fail("EINVAL");
    const reserved = await reserveFd(kernel, current, asked.value.closeOnExec);
    if (!reserved.ok) return reserved;
    const { fd, publish, unreserve } = reserved.value;

    const accepted =
      file.sock === 0
        ? fail("ENOTSOCK")
        : answerOf(await kernel.hooks.sock_accept(context, { sock: file.sock, flags: file.flags }));
    if (!accepted.ok || accepted.value.newsock === 0) {
      // Success without a socket: nobody was there who could have accepted.
      const refused = accepted.ok ? fail("EOPNOTSUPP") : accepted;
      await unreserve(refused.errno);
      return refused;
    }
    const { newsock, addr } = accepted.value;
    const made = { sock: newsock, file: kernel.newFile() };
    const newFile = await sockFile(kernel, context, made, asked.value);
    if (!newFile.ok) {
      await unreserve(newFile.errno);
      await kernel.hooks.sock_close(context, made);
      return newFile;
    }
    await publish(newFile.value);
    return ok({ fd, addr });
  });
