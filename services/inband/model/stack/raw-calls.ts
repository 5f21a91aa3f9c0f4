import { fail, ok, type Result } from "../../../abi/result.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { INADDR_ANY, INADDR_BROADCAST, isMulticast, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { IPV4_HLEN, IPV4_TOTAL_MAX, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import type { RawSocket } from "../raw.ts";
import { ipOutput, tellRoute } from "./ip-output.ts";
import { routeOutput } from "./route-output.ts";
import { nextIdentification, type Run, type StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";
import { takeError } from "./udp-calls.ts";

/** Binds a socket to an address, of which there may be many (`raw_bind`). EADDRNOTAVAIL: not an address of this host. */
export function bindRaw(
  state: StackState,
  socket: RawSocket,
  address: Ipv4Address,
): Result<undefined, "EADDRNOTAVAIL"> {
  const everybody = address === INADDR_ANY || address === INADDR_BROADCAST || isMulticast(address);
  if (!everybody && state.routes.typeOf(address) === "unicast") return fail("EADDRNOTAVAIL");
  socket.local = address;
  return ok(undefined);
}

/** Connects a socket (`ip4_datagram_connect`): it sends to one peer, and hears that one only. */
export const connectRaw = (
  state: StackState,
  socket: RawSocket,
  peer: Ipv4Address,
  nowNs: number,
): Outcome<Result<undefined, "EACCES" | "ENETUNREACH" | "EHOSTUNREACH">> =>
  step(state, nowNs, (run) => {
    const path = routeOutput(state, peer, { source: socket.local, ifindex: socket.ifindex });
    if (!path.ok) return path;
    if (path.value.kind === "broadcast" && !socket.broadcast) return fail("EACCES");
    tellRoute(run, path.value);
    socket.peer = path.value.destination;
    if (socket.local === INADDR_ANY) socket.local = path.value.source;
    return ok(undefined);
  });

/** Sends the payload of a datagram of the socket's protocol, an ICMP message say (`raw_sendmsg`). */
export const sendRaw = (
  state: StackState,
  socket: RawSocket,
  payload: Uint8Array,
  to: Ipv4Address | undefined,
  nowNs: number,
): Outcome<Result<number>> => step(state, nowNs, (run) => send(run, socket, payload, to));

function send(run: Run, socket: RawSocket, payload: Uint8Array, to: Ipv4Address | undefined): Result<number> {
  if (payload.length > IPV4_TOTAL_MAX - IPV4_HLEN) return fail("EMSGSIZE");
  const peer = to ?? socket.peer;
  if (peer === undefined) return fail("EDESTADDRREQ");
  const path = routeOutput(run.state, peer, { source: socket.local, ifindex: socket.ifindex });
  if (!path.ok) return path;
  if (path.value.kind === "broadcast" && !socket.broadcast) return fail("EACCES");
  const pending = takeError(socket);
  if (pending !== undefined) return fail(pending);
  if (socket.sndShutdown) return fail("EPIPE");
  const { source, destination } = path.value;
  const packet: Ipv4Packet = {
    tos: socket.tos,
    ttl: socket.ttl,
    protocol: socket.protocol,
    source,
    destination,
    options: NO_BYTES,
    payload,
    identification: nextIdentification(run.state),
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
  };
  const sent = ipOutput(run, packet, path.value, socket.sk);
  return sent.ok ? ok(payload.length) : sent;
}
