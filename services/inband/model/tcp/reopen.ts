import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { rcvOffset } from "./receiving.ts";
import { sndOffset } from "./sending.ts";
import { seqDiff, type Seq } from "./seq.ts";

/**
 * Whether a segment may open a connection in TIME-WAIT once more (RFC 9293 §3.6.1, MAY-2; RFC 6191 §2): a SYN whose
 * timestamp is newer than all that came, or, where there are none, whose sequence number is.
 */
export function mayReopen({ state }: Connection, { flags, seq, timestamp }: TcpSegment): boolean {
  if (state.t !== "TIME-WAIT") return false;
  if ((flags & (TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.RST)) !== TCP_FLAG.SYN) return false;
  const { rcv } = state;
  if (timestamp !== undefined && rcv.tsRecent !== undefined && seqDiff(timestamp.value, rcv.tsRecent) > 0) return true;
  return rcvOffset(rcv, seq) > rcv.nxt;
}

/** Whether a sequence number is of what is on its way (RFC 5927 §4.1). */
export function isInFlight({ state }: Connection, seq: Seq): boolean {
  if (state.t === "CLOSED") return false;
  const offset = sndOffset(state.snd, seq);
  return offset >= state.snd.una && offset < state.snd.nxt;
}
