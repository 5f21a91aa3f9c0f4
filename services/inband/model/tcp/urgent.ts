import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import { tell, type Step } from "./notice.ts";
import type { Receiving } from "./receiving.ts";

/**
 * Sixth of RFC 9293 §3.10.7.4: RCV.UP. The pointer is behind the urgent byte, as everybody reads it (RFC 6093 §2, §6.1). A byte
 * that has come before is urgent no more, and a pointer never goes back (§3.8.5).
 */
export function takeUrgent(rcv: Receiving, segment: TcpSegment, offset: number, step: Step): void {
  const up = offset + segment.urgent;
  if (up <= rcv.nxt || up <= rcv.up) return;
  rcv.up = up;
  tell(step, { t: "urgent", offset: up - 1 });
}
