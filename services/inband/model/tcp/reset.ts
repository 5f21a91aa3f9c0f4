import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import { seqAdd } from "./seq.ts";

const { ACK, FIN, RST, SYN } = TCP_FLAG;

/** How much of the sequence space a segment takes (SEG.LEN, RFC 9293 §3.4): SYN and FIN take one each. */
export const segmentLength = (segment: TcpSegment): number =>
  segment.payload.length + ((segment.flags & SYN) === 0 ? 0 : 1) + ((segment.flags & FIN) === 0 ? 0 : 1);

/** The answer to a segment that no connection is there for (RFC 9293 §3.10.7.1): never to a RST. */
export function resetFor(segment: TcpSegment): TcpSegment | undefined {
  if ((segment.flags & RST) !== 0) return undefined;
  const acked = (segment.flags & ACK) !== 0;
  return {
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    // <SEQ=SEG.ACK><CTL=RST>, or <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
    seq: acked ? segment.ack : 0,
    ack: acked ? 0 : seqAdd(segment.seq, segmentLength(segment)),
    flags: acked ? RST : RST | ACK,
    window: 0,
    urgent: 0,
    payload: NO_BYTES,
  };
}
