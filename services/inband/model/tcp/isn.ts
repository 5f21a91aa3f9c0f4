import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { seqAdd, type Seq } from "./seq.ts";
import { sipHash, type SipKey } from "./siphash.ts";

/** An address and a port. */
interface Endpoint {
  readonly address: Ipv4Address;
  readonly port: number;
}

/** M counts every 4 µs (RFC 9293 §3.4.1): it wraps in 4.77 hours, longer than a segment lives. */
const TICK_NS = 4000;

/**
 * An initial sequence number (RFC 6528 §3): ISN = M + F(localip, localport, remoteip, remoteport, secretkey).
 *
 * Who does not know the key cannot tell from the numbers of its own connections those of others. Between the same two ends it
 * only goes up, so that segments of an earlier connection are told from those of the next.
 */
export function initialSeq(key: SipKey, local: Endpoint, remote: Endpoint, nowNs: number): Seq {
  const f = sipHash(key, [local.address, remote.address, (local.port << 16) | remote.port]);
  return seqAdd(f.low, Math.floor(nowNs / TICK_NS));
}
