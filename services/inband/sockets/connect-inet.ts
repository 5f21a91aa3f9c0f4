import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import { AF } from "../../abi/flags.ts";
import { INADDR_ANY } from "../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { familyOf, parseSockaddr, SOCKADDR_BYTES } from "../../abi/sockaddr.ts";
import type { Kernel } from "../kernel.ts";
import type { RawSocket } from "../model/raw.ts";
import { connectRaw } from "../model/stack/raw-calls.ts";
import { connectUdp } from "../model/stack/udp-calls.ts";
import type { Endpoint, UdpSocket } from "../model/udp/socket.ts";
import type { Socket } from "./table.ts";

/** Makes everything what it was before the connect, unless another one came meanwhile. */
export type Undo = () => void;

/**
 * The in-band half of connect(2) in PF_INET (`inet_dgram_connect`), of a datagram or a raw socket. sk.sk_lock is held.
 *
 * @returns EINVAL: too short. EAFNOSUPPORT. EAGAIN: no port is left. EACCES: everybody's address without SO_BROADCAST.
 * ENETUNREACH, EHOSTUNREACH.
 */
export function connectInet(kernel: Kernel, context: Context, socket: Socket, addr: Uint8Array): Result<Undo> {
  const { half } = socket;
  assert(half.t === "udp" || half.t === "raw", "a PF_INET socket is a datagram or a raw one");
  const family = familyOf(addr);
  if (family === undefined) return fail("EINVAL");
  if (family === AF.AF_UNSPEC) return ok(half.t === "udp" ? disconnectUdp(kernel, half.udp) : disconnectRaw(half.raw));
  if (half.t === "udp") return connectUdpSocket(kernel, context, half.udp, addr);
  const to = peerNamed(addr);
  return to.ok ? connectRawSocket(kernel, context, half.raw, to.value) : to;
}

function peerNamed(addr: Uint8Array): Result<Endpoint, "EINVAL" | "EAFNOSUPPORT"> {
  if (addr.length < SOCKADDR_BYTES.AF_INET) return fail("EINVAL");
  const to = parseSockaddr(addr);
  return to?.family === "AF_INET" ? ok({ address: to.address, port: to.port }) : fail("EAFNOSUPPORT");
}

/** It gets a port before anybody looks at the address (`inet_autobind`). */
function connectUdpSocket(kernel: Kernel, context: Context, udp: UdpSocket, addr: Uint8Array): Result<Undo> {
  const { stack } = kernel;
  const before = undoUdp(kernel, udp);
  const bound = stack.udp.autobind(udp);
  if (!bound.ok) return bound;
  const to = peerNamed(addr);
  if (!to.ok) return to;
  const made = kernel.run(context, (nowNs) => connectUdp(stack, udp, to.value, nowNs));
  return made.ok ? ok(before()) : made;
}

function disconnectUdp(kernel: Kernel, udp: UdpSocket): Undo {
  const before = undoUdp(kernel, udp);
  kernel.stack.udp.disconnect(udp);
  return before();
}

/** Remembers what a socket is now; when called after the change, what that change made of it, and how to go back. */
function undoUdp({ stack }: Kernel, udp: UdpSocket): () => Undo {
  const { local, peer, addressLocked, portLocked } = udp;
  return () => {
    const mine = { local: udp.local, peer: udp.peer };
    return () => {
      if (udp.local !== mine.local || udp.peer !== mine.peer) return;
      stack.udp.restore(udp, { local, peer, addressLocked, portLocked });
    };
  };
}

function connectRawSocket(kernel: Kernel, context: Context, raw: RawSocket, to: Endpoint): Result<Undo> {
  const before = { local: raw.local, peer: raw.peer };
  const made = kernel.run(context, (nowNs) => connectRaw(kernel.stack, raw, to.address, nowNs));
  return made.ok ? ok(undoRaw(raw, before)) : made;
}

/** `__udp_disconnect`, which raw sockets share; that bind(2) gave the address is not remembered for them. */
function disconnectRaw(raw: RawSocket): Undo {
  const before = { local: raw.local, peer: raw.peer };
  raw.peer = undefined;
  raw.local = INADDR_ANY;
  return undoRaw(raw, before);
}

function undoRaw(raw: RawSocket, before: Pick<RawSocket, "local" | "peer">): Undo {
  const mine = { local: raw.local, peer: raw.peer };
  return () => {
    if (raw.local === mine.local && raw.peer === mine.peer) Object.assign(raw, before);
  };
}
