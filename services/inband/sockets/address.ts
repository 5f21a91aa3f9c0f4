import { AF } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { buildSockaddr, familyOf, parseSockaddr, SOCKADDR_BYTES, type SocketAddress } from "../../abi/sockaddr.ts";
import type { StackState } from "../model/stack/state.ts";
import type { Endpoint } from "../model/udp/socket.ts";
import { stateOf, type Stream } from "./stream.ts";
import type { Socket } from "./table.ts";

/**
 * Reads a sockaddr_in. A family of 0 passes for AF_INET, as Linux lets it since programs leave it out.
 *
 * @returns EINVAL when it is too short, EAFNOSUPPORT for another family.
 */
export function endpointOf(addr: Uint8Array): Result<Endpoint, "EINVAL" | "EAFNOSUPPORT"> {
  if (addr.length < SOCKADDR_BYTES.AF_INET) return fail("EINVAL");
  const inet = addr.slice();
  if (familyOf(addr) === AF.AF_UNSPEC) inet.set([AF.AF_INET, 0]);
  const parsed = parseSockaddr(inet);
  return parsed?.family === "AF_INET" ? ok({ address: parsed.address, port: parsed.port }) : fail("EAFNOSUPPORT");
}

/** What a socket is bound to; undefined for PF_OOB, which has no name in-band. */
export function localOf({ devices }: StackState, { half }: Socket): SocketAddress | undefined {
  switch (half.t) {
    case "udp":
      return { family: "AF_INET", ...half.udp.local };
    case "tcp":
      return streamName(half.stream);
    case "raw":
      // `inet_num` of a raw socket is its protocol, and is told as its port.
      return { family: "AF_INET", address: half.raw.local, port: half.raw.protocol };
    case "packet": {
      const { protocol, ifindex } = half.packet;
      return { family: "AF_PACKET", protocol, ifindex, pkttype: 0, mac: devices.at(ifindex)?.mac };
    }
    case "oob":
      return undefined;
  }
}

/** A port that a connection had is told when it is free again, too (`inet_sport`). */
const streamName = ({ tcp: { local }, formerPort }: Stream): SocketAddress => ({
  family: "AF_INET",
  address: local.address,
  port: local.port === 0 ? formerPort : local.port,
});

/** A socket's peer; undefined when it has none. */
export function peerOf({ half }: Socket): SocketAddress | undefined {
  switch (half.t) {
    case "udp":
      // A peer without a port is none to getpeername (`inet_dport`).
      return half.udp.peer === undefined || half.udp.peer.port === 0
        ? undefined
        : { family: "AF_INET", ...half.udp.peer };
    case "tcp":
      return connectedTo(half.stream);
    case "raw":
      return half.raw.peer === undefined ? undefined : { family: "AF_INET", address: half.raw.peer, port: 0 };
    case "packet":
    case "oob":
      return undefined;
  }
}

/** The peer of a connection; none while it is not made yet, or when it is over (`inet_getname`). */
function connectedTo({ tcp }: Stream): SocketAddress | undefined {
  const state = stateOf(tcp);
  if (tcp.peer === undefined || state === "CLOSED" || state === "SYN-SENT") return undefined;
  return { family: "AF_INET", ...tcp.peer };
}

const UNSPEC: SocketAddress = { family: "AF_UNSPEC" };

/** What a socket is bound to, as hooks are told. */
export const boundOf = (state: StackState, socket: Socket): Uint8Array =>
  buildSockaddr(localOf(state, socket) ?? UNSPEC);

/** A socket's peer, or AF_UNSPEC. */
export const peerBytes = (socket: Socket): Uint8Array => buildSockaddr(peerOf(socket) ?? UNSPEC);
