import type { Errno } from "../../../abi/contract.generated.ts";
import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import type { TcpStateName } from "./state.ts";

/**
 * Why a connection has ended: both sides closed; a RST to our SYN; a RST later; no acknowledgement for too long; no
 * answer to keep-alive probes; a hard ICMP error to our SYN; our own abort.
 */
export type ClosedWhy = "finished" | "refused" | "reset" | "timeout" | "keepalive" | "unreachable" | "aborted";

/** What a step tells the socket above. Offsets count the bytes of the stream after SYN, from 0. */
export type Notice =
  | { readonly t: "state"; readonly from: TcpStateName; readonly to: TcpStateName }
  /** The handshake is done. */
  | { readonly t: "connected" }
  /** Bytes became readable: so many, the first of them at the offset. */
  | { readonly t: "data"; readonly offset: number; readonly bytes: number }
  /** The peer's urgent pointer moved: the urgent byte is at the offset (it may not have come yet). */
  | { readonly t: "urgent"; readonly offset: number }
  /** The peer's FIN: no more data will come. */
  | { readonly t: "fin" }
  /** Our own FIN went out, behind all data. The state says only that it is going to. */
  | { readonly t: "fin-sent" }
  /** So many bytes were acknowledged and have left the send buffer. */
  | { readonly t: "room"; readonly acked: number }
  | {
      readonly t: "retransmit";
      readonly seq: number;
      readonly bytes: number;
      readonly why: "timeout" | "recovery" | "probe" | "mtu";
    }
  | {
      readonly t: "closed";
      readonly why: ClosedWhy;
      /** The last soft error that ICMP told of, when that explains a timeout, or the hard one. */
      readonly errno: Errno | undefined;
      readonly from: TcpStateName;
    };

/** What a step asks its caller to do: send these segments, and tell these things, in their order. `put` and `tell` add to it. */
export interface Step {
  send: readonly TcpSegment[];
  notices: readonly Notice[];
}

const NO_SEGMENTS: readonly TcpSegment[] = [];
const NO_NOTICES: readonly Notice[] = [];

/** A step that has asked for nothing yet. */
export const newStep = (): Step => ({ send: NO_SEGMENTS, notices: NO_NOTICES });

/*
 * Most steps send one segment or two, or tell one thing. A list that is made with its elements takes a third of the memory of one
 * that grows, and there are three lists for each segment.
 */

/** Asks for a segment to be sent, behind those before it. */
export function put(step: Step, segment: TcpSegment): void {
  const first = step.send[0];
  if (first === undefined) step.send = [segment];
  else if (step.send.length === 1) step.send = [first, segment];
  else (step.send as TcpSegment[]).push(segment);
}

/** Asks for something to be told. */
export function tell(step: Step, notice: Notice): void {
  const first = step.notices[0];
  if (first === undefined) step.notices = [notice];
  else if (step.notices.length === 1) step.notices = [first, notice];
  else (step.notices as Notice[]).push(notice);
}
