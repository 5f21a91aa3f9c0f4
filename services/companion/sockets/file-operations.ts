import { MSG } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok } from "../../abi/result.ts";
import { mayWait, type Caller, type Efile, type FileOperations } from "../efile.ts";
import type { Core } from "../state.ts";
import { crossIoctl } from "./cross.ts";
import { flushInput, receive } from "./receive.ts";
import { pollEvents } from "./poll-events.ts";
import type { OobSocket } from "./socket.ts";

/** The out-of-band operations of a socket's file (socket_file_ops in Dovetail). `socket` is there once attach has ended. */
export function socketOperations(core: Core, socket: () => OobSocket): FileOperations {
  const slice = (efile: Efile, caller: Caller) => ({ ...caller.slice, sk: socket().sk, file: efile.file });

  return {
    async oob_read(efile, count, caller) {
      if (count === 0) return ok(NO_BYTES);
      const patience = { mayWait: mayWait(efile), timeoutNs: 0, slice: slice(efile, caller) };
      const got = await receive(core, socket(), patience, count, caller.context);
      if (!got.ok) return got.errno === "ETIMEDOUT" ? fail("EAGAIN") : fail(got.errno);
      return ok(got.value.t === "end" ? NO_BYTES : got.value.message.data.slice(0, count));
    },
    async oob_write(efile, data, { context }) {
      if (data.length === 0) return ok(0);
      const flags = mayWait(efile) ? 0 : MSG.MSG_DONTWAIT;
      const sending = { data, addr: NO_BYTES, flags, timeoutNs: 0, mayWait: mayWait(efile) };
      const sent = await socket().protocol.write(sending, context);
      if (sent.ok) return sent;
      // What only a message with an address can run into does not come up here.
      switch (sent.errno) {
        case "EDESTADDRREQ":
        case "EMULTIHOP":
          return fail("EINVAL");
        case "EINPROGRESS":
        case "ETIMEDOUT":
          return fail("EAGAIN");
        default:
          return fail(sent.errno);
      }
    },
    async oob_ioctl(efile, cmd, { context }) {
      const answer = await crossIoctl(core, socket(), cmd, NO_BYTES, context);
      if (answer.ok) return ok(0);
      switch (answer.errno) {
        case "EFAULT":
        case "EBADFD":
        case "EINTR":
        case "EIO":
          return fail(answer.errno);
        default:
          return fail("ENOTTY");
      }
    },
    oob_poll: () => pollEvents(core.kit.profile, socket()),
    remove(context) {
      const { protocol } = socket();
      // UDP and PACKET have no release of their own in EVL, so their readers stay asleep and the close waits for them.
      if (!protocol.wakesOnRelease) return;
      protocol.leave(context);
      flushInput(socket(), context);
    },
  };
}
