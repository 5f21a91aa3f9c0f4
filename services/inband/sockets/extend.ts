import type { Context } from "../../abi/context.ts";
import { AF, PMTUDISC, SO } from "../../abi/flags.ts";
import { ok, type Result } from "../../abi/result.ts";
import { familyOf } from "../../abi/sockaddr.ts";
import { answerOf } from "../../boundary/answer.ts";
import { protoOps } from "../calls/proto-ops.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { boundOf } from "./address.ts";
import { pmtudiscOf } from "./options.ts";
import { OPTIONS_UNSET, oobCapable, type Socket } from "./table.ts";

/*
 * What follows an in-band bind, connect or shutdown on a socket that the core manages. What the core agreed to is
 * remembered, to be told another core that comes up in its place; so is what happened while there was none to ask.
 * For other sockets nothing follows. The locks are the callers'.
 *
 * @returns what the core says; EIO when its answer is lost.
 */

/** After a bind: sock_oob_bind. */
export async function extendBinding(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  addr: Uint8Array,
): Promise<Result<unknown>> {
  const { sk, oob_data, extended } = socket;
  if (oobCapable(socket)) {
    const bound = boundOf(kernel.stack, socket);
    const answer = answerOf(await kernel.hooks.sock_oob_bind(context, { sk, oob_data, addr, bound }));
    if (!answer.ok) return answer;
  }
  extended.bind = addr;
  return ok({});
}

/** After a connect: sock_oob_connect. */
export async function extendConnection(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  addr: Uint8Array,
  flags: number,
): Promise<Result<unknown>> {
  const { sk, oob_data, extended } = socket;
  // PF_OOB connects in the core; only the code tells it by the hook, too (D12).
  if (oobCapable(socket) && (socket.family !== "PF_OOB" || followsCode(kernel, "D12"))) {
    const bound = boundOf(kernel.stack, socket);
    const answer = answerOf(await kernel.hooks.sock_oob_connect(context, { sk, oob_data, addr, flags, bound }));
    if (!answer.ok) return answer;
  }
  extended.connect = familyOf(addr) === AF.AF_UNSPEC ? undefined : { addr, flags };
  return ok({});
}

/** After a shutdown: sock_oob_shutdown. */
export async function extendShutdown(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  how: number,
): Promise<Result<unknown>> {
  const { sk, oob_data, extended } = socket;
  if (oobCapable(socket)) {
    // D4: the code passes what it has incremented.
    const told = followsCode(kernel, "D4") ? how + 1 : how;
    const answer = answerOf(await kernel.hooks.sock_oob_shutdown(context, { sk, oob_data, how: told }));
    if (!answer.ok) return answer;
  }
  extended.shut |= how + 1;
  return ok({});
}

/** After a setsockopt that changed what a core reads of the socket: oob_sock_options. In-band, no lock. */
export async function extendOptions(kernel: Kernel, context: Context, socket: Socket): Promise<void> {
  const { sk, oob_data, half, remembered, extended } = socket;
  const inet = half.t === "udp" ? half.udp : undefined;
  const options = {
    broadcast: inet?.broadcast ?? (remembered.get(SO.SO_BROADCAST) ?? 0) !== 0,
    bound_ifindex: inet?.ifindex ?? remembered.get(SO.SO_BINDTOIFINDEX) ?? 0,
    rcvbuf: remembered.get(SO.SO_RCVBUF) ?? 0,
    sndbuf: remembered.get(SO.SO_SNDBUF) ?? 0,
    pmtudisc: inet === undefined ? PMTUDISC.IP_PMTUDISC_WANT : pmtudiscOf(inet.pmtudisc),
    reuse_port: (remembered.get(SO.SO_REUSEPORT) ?? 0) !== 0,
  };
  const said = Object.values(options).join();
  if (said === extended.options) return;
  extended.options = said;
  if (oobCapable(socket)) await kernel.hooks.oob_sock_options(context, { sk, oob_data, ...options });
}

/** Tells a core that has just attached what was set before. */
async function optionsAgain(kernel: Kernel, context: Context, socket: Socket): Promise<Result<unknown>> {
  if (socket.extended.options === OPTIONS_UNSET) return ok({});
  socket.extended.options = OPTIONS_UNSET;
  await extendOptions(kernel, context, socket);
  return ok({});
}

/**
 * Asks a core that has just attached to a socket for all that another core had extended. In-band, no lock on entry; takes
 * sk.sk_lock as bind and shutdown do.
 */
export async function extendAgain(kernel: Kernel, context: Context, socket: Socket): Promise<Result<unknown>> {
  const { bind, connect, shut } = socket.extended;
  const steps = [
    () => optionsAgain(kernel, context, socket),
    () => (bind === undefined ? ok({}) : bindAgain(kernel, context, socket, bind)),
    () => (connect === undefined ? ok({}) : connectAgain(kernel, context, socket, connect.addr, connect.flags)),
    () => (shut === 0 ? ok({}) : shutAgain(kernel, context, socket, shut - 1)),
  ];
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  return ok({});
}

async function bindAgain(kernel: Kernel, context: Context, socket: Socket, addr: Uint8Array): Promise<Result<unknown>> {
  switch (socket.family) {
    case "PF_INET":
      return underLock(kernel, context, socket, async (inside) => {
        // A port that bind(2) left open to choose is given back by a disconnect.
        const bound = socket.half.t !== "udp" || socket.half.udp.local.port !== 0;
        return bound ? extendBinding(kernel, inside, socket, addr) : ok({});
      });
    case "PF_PACKET":
      return extendBinding(kernel, context, socket, addr);
    case "PF_OOB":
      return protoOps(kernel, context, socket, "bind", { addr });
  }
}

async function connectAgain(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  addr: Uint8Array,
  flags: number,
): Promise<Result<unknown>> {
  if (socket.family === "PF_OOB") {
    const connected = await protoOps(kernel, context, socket, "connect", { addr });
    if (!connected.ok) return connected;
  }
  return extendConnection(kernel, context, socket, addr, flags);
}

const shutAgain = (kernel: Kernel, context: Context, socket: Socket, how: number): Promise<Result<unknown>> =>
  socket.family === "PF_OOB"
    ? protoOps(kernel, context, socket, "shutdown", { how })
    : underLock(kernel, context, socket, (inside) => extendShutdown(kernel, inside, socket, how));

async function underLock(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  work: (inside: Context) => Promise<Result<unknown>>,
): Promise<Result<unknown>> {
  const held = await kernel.locks.acquire(context, "sk.sk_lock", socket.sk);
  if (!held.ok) return held;
  const done = await work(held.value.context);
  held.value.release();
  return done;
}
