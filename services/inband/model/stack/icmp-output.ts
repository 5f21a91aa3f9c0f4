import { mayReport, quote, type Offence } from "../icmp/rules.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { ICMP, UNREACH, buildEchoReply, buildIcmp } from "../../../abi/packet/icmp.ts";
import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { IPPROTO, type Ipv4Packet } from "../../../abi/packet/ipv4.ts";
import { ipOutput } from "./ip-output.ts";
import { routeOutput } from "./route-output.ts";
import { countTx, nextIdentification, type Run } from "./state.ts";

/**
 * Precedence of ICMP errors: internetwork control, with the type of service of what they are about (RFC 1812 §4.3.2.5).
 */
const IPTOS_PREC_INTERNETCONTROL = 0xc0;
const TTL = 64;

interface Message {
  readonly from: Ipv4Address;
  readonly to: Ipv4Address;
  readonly tos: number;
  readonly payload: Uint8Array;
}

/** Sends a message. False: it cannot be sent. */
function send(run: Run, { from, to, tos, payload }: Message): boolean {
  const path = routeOutput(run.state, to, { source: from, ifindex: 0 });
  if (!path.ok) return false;
  const packet: Ipv4Packet = {
    tos,
    ttl: TTL,
    protocol: IPPROTO.IPPROTO_ICMP,
    source: path.value.source,
    destination: path.value.destination,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    options: NO_BYTES,
    payload,
    identification: nextIdentification(run.state),
  };
  return ipOutput(run, packet, path.value, undefined).ok;
}

/** Answers an echo request that came for this host alone (RFC 1122 §3.2.2.6). False: the answer cannot be sent. */
export const answerEcho = (run: Run, request: Ipv4Packet): boolean =>
  send(run, {
    from: request.destination,
    to: request.source,
    tos: request.tos,
    payload: buildEchoReply(request.payload),
  });

/** An error to tell. */
interface Report {
  readonly type: number;
  readonly code: number;
  readonly rest?: number;
}

/** Tells a sender what is wrong with its packet, if the rules and the rate allow it (`icmp_send`). */
export function report(run: Run, offence: Offence, { type, code, rest = 0 }: Report): void {
  if (!mayReport(offence)) return;
  const { packet, overLoopback } = offence;
  // Path MTU discovery would fail without its answer, so that is never held back; nor is what stays on this host.
  const limited = !overLoopback && !(type === ICMP.ICMP_DEST_UNREACH && code === UNREACH.ICMP_FRAG_NEEDED);
  if (limited && !run.state.icmpLimit.take(packet.source, run.nowNs)) {
    countTx(run, undefined, "icmp_ratelimit");
    return;
  }
  const payload = buildIcmp({ type, code, rest, body: quote(packet) });
  const tos = (packet.tos & 0x1e) | IPTOS_PREC_INTERNETCONTROL;
  send(run, { from: packet.destination, to: packet.source, tos, payload });
}
