import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import { knownToStack } from "../model/known-socket.ts";
import type { OpenFile } from "../model/open-file.ts";
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

    const accepted = file.sock === 0 ? fail("ENOTSOCK") : await accept(kernel, context, file);
    if (!accepted.ok || accepted.value.newsock === 0) {
      // Success without a socket: nobody was there who could have accepted.
      const refused = accepted.ok ? fail("EOPNOTSUPP") : accepted;
      await unreserve(refused.errno);
      return refused;
    }
    const { newsock, addr } = accepted.value;
    const made = { sock: newsock, file: accepted.value.file };
    const newFile = await sockFile(kernel, context, made, asked.value);
    if (!newFile.ok) {
      await unreserve(newFile.errno);
      await kernel.hooks.sock_close(context, made);
      return newFile;
    }
    await publish(newFile.value);
    return ok({ fd, addr });
  });

/**
 * Takes a connection. Where the answer is lost, it is closed by the number of the file that it was for, now or when it is
 * accepted after all: it would wait for nobody.
 */
async function accept(
  kernel: Kernel,
  context: Context,
  { sock, flags }: OpenFile,
): Promise<Result<PointValues["sock_accept"] & { readonly file: number }>> {
  const file = kernel.newFile();
  const reply = await kernel.hooks.sock_accept(context, { sock, flags, file });
  if (reply.kind === "lost" && reply.why !== "rejected") {
    kernel.events.fact(context, "compensate", { file }, { undoes: "sock_accept", why: reply.why });
    await kernel.hooks.sock_close(context, { sock: 0, file });
  }
  const answer = knownToStack(answerOf(reply));
  return answer.ok ? ok({ ...answer.value, file }) : answer;
}
