import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { buildSockaddr, parseSockaddr } from "../../abi/sockaddr.ts";
import { deliver } from "../sockets/receive.ts";
import { SHUTDOWN, type OobSocket, type Protocol, type SendErrno, type Sending } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { portOf } from "./oob-address.ts";

/**
 * OOBPROTO_ECHO: what a socket sends out of band it receives itself, the smallest protocol that a driver can have
 * (facts/dovetail 2.1, 2.10b).
 */
export function oobEcho(core: Core, self: () => OobSocket): Protocol {
  let port = 0;
  let peer: number | undefined;

  const isTaken = (wanted: number): boolean =>
    [...core.sockets.values()].some((socket) => {
      const local = socket.protocol.local();
      return local.family === "PF_OOB" && local.port === wanted && socket !== self();
    });

  /** Never waits. EAGAIN: what was sent before has not been received. */
  function send({ flags, addr, data }: Sending, context: Context): Result<number, SendErrno> {
    if ((flags & ~MSG.MSG_DONTWAIT) !== 0) return fail("EINVAL");
    if (addr.length > 0 && portOf(addr) === undefined) return fail("EINVAL");
    const socket = self();
    if ((socket.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0) return fail("EPIPE");
    const message = { data: data.slice(), addr: buildSockaddr({ family: "PF_OOB", port }) };
    return deliver(core, socket, message, context) ? ok(data.length) : fail("EAGAIN");
  }

  return {
    kind: "oob",
    bind(addr) {
      const wanted = portOf(addr);
      if (wanted === undefined || port !== 0) return fail("EINVAL");
      if (wanted !== 0 && isTaken(wanted)) return fail("EADDRINUSE");
      port = wanted;
      return ok(undefined);
    },
    connect(addr) {
      const to = parseSockaddr(addr);
      if (to?.family !== "PF_OOB" && to?.family !== "AF_UNSPEC") return fail("EINVAL");
      peer = to.family === "PF_OOB" ? to.port : undefined;
      return ok(undefined);
    },
    rename: () => undefined,
    leave: () => undefined,
    send,
    write: send,
    poll: () => 0,
    writable: () => true,
    nameBytes: 0,
    wakesOnRelease: true,
    local: () => ({ family: "PF_OOB", port }),
    peer: () => (peer === undefined ? undefined : { family: "PF_OOB", port: peer }),
  };
}
