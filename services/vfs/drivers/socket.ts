import { MSG, O } from "../../abi/flags.ts";
import type { PointName, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { answerOf } from "../../boundary/answer.ts";
import type { Hooks } from "../../boundary/hooks.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { OpenFile } from "../model/open-file.ts";
import { knownToStack } from "../model/known-socket.ts";
import type { FileOperations } from "./driver.ts";

const NO_BYTES = new Uint8Array(0);

/** The flags of a message: O_NONBLOCK of the file is MSG_DONTWAIT of every message. */
export const messageFlags = (file: OpenFile, flags: number): number =>
  (flags | ((file.flags & O.O_NONBLOCK) === 0 ? 0 : MSG.MSG_DONTWAIT)) >>> 0;

/** What the in-band stack answers, as a task learns it. */
const known = <P extends PointName>(reply: Reply<P>): Result<PointValues[P]> => knownToStack(answerOf(reply));

/**
 * The file of a socket (`socket_file_ops`): all of it is asked of the in-band stack, by the number of the socket. What was
 * lost on the way is EIO for the task.
 */
export const socketOperations = (hooks: Hooks<"vfs">): Required<FileOperations> => ({
  async release(context, { sock, file }) {
    // Waits for sock_oob_release, and so for the out-of-band operations inside the socket. That the answer may be lost
    // changes nothing here: the file goes all the same, and the in-band stack keeps a socket that nobody can name.
    await hooks.sock_close(context, { sock, file });
  },

  async renew(context, { sock, file, flags }) {
    // The in-band stack was told of the new core before us, and its socket has a context again, or none.
    const mapped = answerOf(await hooks.sock_map_file(context, { sock, file, flags: flags & O.O_NONBLOCK, oob: true }));
    return mapped.ok ? ok(mapped.value.oob_data) : mapped;
  },

  async read(context, file, count) {
    // sock_read_iter: no room, no message is taken.
    if (count === 0) return ok(NO_BYTES);
    const flags = messageFlags(file, 0);
    const received = known(await hooks.sock_recvmsg(context, { sock: file.sock, count, flags }));
    return received.ok ? ok(received.value.data) : received;
  },

  async write(context, file, data) {
    const message = { sock: file.sock, data, flags: messageFlags(file, 0), addr: NO_BYTES };
    const sent = known(await hooks.sock_sendmsg(context, message));
    return sent.ok ? ok(sent.value.count) : sent;
  },

  async ioctl(context, { sock }, request) {
    const answer = known(await hooks.sock_ioctl(context, { sock, ...request }));
    // vfs_ioctl: "not mine" never reaches a task.
    return !answer.ok && answer.errno === "ENOIOCTLCMD" ? fail("ENOTTY") : answer;
  },

  async poll(context, { sock }, events, timeoutNs) {
    const polled = known(await hooks.sock_poll(context, { sock, events, timeout_ns: timeoutNs }));
    return polled.ok ? ok(polled.value.revents) : polled;
  },
});
