import { fail, ok, type Result } from "../../../abi/result.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { IPV4_HLEN, IPV4_TOTAL_MAX, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import type { RawSocket } from "../raw.ts";
import { ipOutput } from "./ip-output.ts";
import { routeOutput } from "./route-output.ts";
import { nextIdentification, type Run, type StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";
import { takeError } from "./udp-calls.ts";

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
  const { source, destination } = path.value;
  const packet: Ipv4Packet = {
    tos: 0,
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
