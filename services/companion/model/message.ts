import { NO_BYTES } from "../../abi/packet/bytes.ts";
import type { IoTimes } from "./timestamps.ts";

/**
 * The message header that crosses sock_oob_ioctl, EVL's `struct oob_msghdr` without its pointers: numbers first, little-endian,
 * then the bytes that they count. Core and library agree on it; nobody else reads it.
 *
 *     SENDMSG      flags 32 | timeout 64 | addr length 32 | addr | data          answers  count 32
 *     RECVMSG      flags 32 | timeout 64 | count 32 | controllen 32 | namelen 32 | no name 32
 *         answers  flags 32 | length 32 | addr length 32 | controllen 32 | device 64 | queuing 64 | delivery 64 | addr | data
 */

/** What a thread asks to be sent. */
export interface SendRequest {
  readonly flags: number;
  /** Absolute; 0: without limit. */
  readonly timeoutNs: number;
  /** Empty: none. */
  readonly addr: Uint8Array;
  readonly data: Uint8Array;
}

/** How a thread asks to receive. */
export interface ReceiveRequest {
  readonly flags: number;
  /** Absolute; 0: without limit. */
  readonly timeoutNs: number;
  /** The room for the message. */
  readonly count: number;
  /** The room for its times; 0: they are not wanted. */
  readonly controllen: number;
  /** The room for its sender's address; 0: enough. */
  readonly namelen: number;
  /** Nowhere to put the address. */
  readonly noName: boolean;
}

/** What it received. */
export interface Received {
  readonly flags: number;
  /** How long the message is as a whole. */
  readonly length: number;
  /** Bytes of times that were written; 0: it bears none. */
  readonly controllen: number;
  readonly times: IoTimes;
  readonly addr: Uint8Array;
  readonly data: Uint8Array;
}

const SEND_BYTES = 16;
const RECEIVE_BYTES = 28;
const RECEIVED_BYTES = 40;
const COUNT_BYTES = 4;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Room for a header with an address and data behind it. */
function withTail(header: number, addr: Uint8Array, data: Uint8Array): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(header + addr.length + data.length);
  bytes.set(addr, header);
  bytes.set(data, header + addr.length);
  return { bytes, view: viewOf(bytes) };
}

/** Writes the argument of SENDMSG. */
export function encodeSend({ flags, timeoutNs, addr, data }: SendRequest): Uint8Array {
  const { bytes, view } = withTail(SEND_BYTES, addr, data);
  view.setUint32(0, flags, true);
  view.setBigUint64(4, BigInt(timeoutNs), true);
  view.setUint32(12, addr.length, true);
  return bytes;
}

/** Reads it; undefined for what is none, as a bad pointer would be: EFAULT. */
export function decodeSend(bytes: Uint8Array): SendRequest | undefined {
  if (bytes.length < SEND_BYTES) return undefined;
  const view = viewOf(bytes);
  const data = SEND_BYTES + view.getUint32(12, true);
  if (data > bytes.length) return undefined;
  return {
    flags: view.getUint32(0, true),
    timeoutNs: Number(view.getBigUint64(4, true)),
    addr: bytes.subarray(SEND_BYTES, data),
    data: bytes.subarray(data),
  };
}

/** Writes the argument of RECVMSG. */
export function encodeReceive({ flags, timeoutNs, count, controllen, namelen, noName }: ReceiveRequest): Uint8Array {
  const { bytes, view } = withTail(RECEIVE_BYTES, NO_BYTES, NO_BYTES);
  view.setUint32(0, flags, true);
  view.setBigUint64(4, BigInt(timeoutNs), true);
  view.setUint32(12, count, true);
  view.setUint32(16, controllen, true);
  view.setUint32(20, namelen, true);
  view.setUint32(24, Number(noName), true);
  return bytes;
}

/** Reads it; undefined for what is none. */
export function decodeReceive(bytes: Uint8Array): ReceiveRequest | undefined {
  if (bytes.length !== RECEIVE_BYTES) return undefined;
  const view = viewOf(bytes);
  return {
    flags: view.getUint32(0, true),
    timeoutNs: Number(view.getBigUint64(4, true)),
    count: view.getUint32(12, true),
    controllen: view.getUint32(16, true),
    namelen: view.getUint32(20, true),
    noName: view.getUint32(24, true) !== 0,
  };
}

/** Writes the answer of SENDMSG. */
export function encodeCount(count: number): Uint8Array {
  const { bytes, view } = withTail(COUNT_BYTES, NO_BYTES, NO_BYTES);
  view.setUint32(0, count, true);
  return bytes;
}

/** Reads it; undefined for what is none: somebody else answered. */
export const decodeCount = (bytes: Uint8Array): number | undefined =>
  bytes.length === COUNT_BYTES ? viewOf(bytes).getUint32(0, true) : undefined;

/** Writes the answer of RECVMSG. */
export function encodeReceived({ flags, length, addr, data, controllen, times }: Received): Uint8Array {
  const { bytes, view } = withTail(RECEIVED_BYTES, addr, data);
  view.setUint32(0, flags, true);
  view.setUint32(4, length, true);
  view.setUint32(8, addr.length, true);
  view.setUint32(12, controllen, true);
  view.setBigUint64(16, BigInt(times.deviceNs), true);
  view.setBigUint64(24, BigInt(times.queuingNs), true);
  view.setBigUint64(32, BigInt(times.deliveryNs), true);
  return bytes;
}

/** Reads it; undefined for what is none. */
export function decodeReceived(bytes: Uint8Array): Received | undefined {
  if (bytes.length < RECEIVED_BYTES) return undefined;
  const view = viewOf(bytes);
  const data = RECEIVED_BYTES + view.getUint32(8, true);
  if (data > bytes.length) return undefined;
  return {
    flags: view.getUint32(0, true),
    length: view.getUint32(4, true),
    controllen: view.getUint32(12, true),
    times: {
      deviceNs: Number(view.getBigUint64(16, true)),
      queuingNs: Number(view.getBigUint64(24, true)),
      deliveryNs: Number(view.getBigUint64(32, true)),
    },
    addr: bytes.slice(RECEIVED_BYTES, data),
    data: bytes.slice(data),
  };
}
