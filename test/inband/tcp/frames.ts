import { buildEthernet } from "../../../services/abi/packet/ethernet.ts";
import { buildIpv4 } from "../../../services/abi/packet/ipv4.ts";
import type { Ipv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import { buildTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { mac } from "../stack-harness.ts";

const ROUTER = mac("02:00:00:00:00:02");
const VICTIM = mac("02:00:00:00:00:01");

/** A segment in a frame to the first host. */
export function frameOf(
  segment: Partial<TcpSegment>,
  ends: { readonly source: Ipv4Address; readonly destination: Ipv4Address },
): Uint8Array {
  const whole: TcpSegment = {
    sourcePort: 4000,
    destinationPort: 80,
    seq: 0,
    ack: 0,
    flags: TCP_FLAG.SYN,
    window: 65_535,
    urgent: 0,
    payload: new Uint8Array(0),
    ...segment,
  };
  return datagramOf(buildTcp(whole, ends), ends);
}

/** The bytes of a segment in a frame to the first host. */
export function datagramOf(
  payload: Uint8Array,
  ends: { readonly source: Ipv4Address; readonly destination: Ipv4Address },
): Uint8Array {
  const datagram = buildIpv4({
    ...ends,
    tos: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 6,
    options: new Uint8Array(0),
    payload,
  });
  return buildEthernet({ source: ROUTER, destination: VICTIM, ethertype: 0x0800, payload: datagram });
}
