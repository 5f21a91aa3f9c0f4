import { joined, NO_BYTES } from "../abi/packet/bytes.ts";
import { MSG_OOB, MSG_PEEK, MSG_WAITALL } from "./constants.ts";
import { messageFlags } from "./names.ts";
import type { Answer, Session } from "./session.ts";

/** A call carries so many bytes at most; more are several calls. A datagram can never have as many. */
const PIECE_BYTES = 262_144;

/** Bytes of a sockaddr_storage: an address that is longer is as wrong as this one. */
export const SOCKADDR_MAX = 256;

/** A number as C makes a size of it: without fractions, and what is below 0 is the largest that there is. */
const sizeOf = (size: number): number => (size < 0 ? 0xffff_ffff : Math.min(Math.trunc(size) || 0, 0xffff_ffff));

/** What is sent. */
export interface Outgoing {
  readonly msg: Uint8Array | null;
  readonly msgsize: number;
  readonly flags: number;
  readonly addr?: Uint8Array | null;
  readonly addrlen?: number;
  readonly control?: Uint8Array;
}

/** As many bytes of a buffer as the caller says it has, up to `most`; what it has not are zeros. */
export function sized(bytes: Uint8Array, wanted: number, most = Infinity): Uint8Array {
  const length = Math.min(Math.max(0, Math.trunc(wanted) || 0), most);
  if (length <= bytes.length) return bytes.subarray(0, length);
  const more = new Uint8Array(length);
  more.set(bytes);
  return more;
}

/**
 * Sends: asks again as long as the kernel says so, with what it has not taken yet, and with how much that was: only the kernel
 * knows which errors undo progress (facts 2). Resolves to how many bytes were taken; 0 on any error.
 */
export async function send(session: Session, s: unknown, what: Outgoing): Promise<Answer<number>> {
  const { handles } = session;
  const { flags } = what;
  const given = what.msg === null ? undefined : sized(what.msg, what.msgsize);
  const inPieces = handles.isStream(s) && (flags & MSG_OOB) === 0;
  let taken = 0;
  let until_ns = 0;
  for (;;) {
    const msg = given?.subarray(taken, inPieces ? taken + PIECE_BYTES : given.length);
    const [error, value] = await session.call("ksock_send", {
      ks: handles.number(s),
      ...(msg === undefined ? {} : { msg }),
      msgsize: msg?.length ?? sizeOf(what.msgsize),
      flags: messageFlags(flags),
      ...(what.addr === undefined || what.addr === null
        ? { addrlen: sizeOf(what.addrlen ?? 0) }
        : { addr: sized(what.addr, what.addrlen ?? what.addr.length, SOCKADDR_MAX), addrlen: 0 }),
      control: what.control ?? NO_BYTES,
      until_ns,
      taken,
    });
    if (value === undefined) return [error, 0];
    taken += value.sent;
    until_ns = value.until_ns;
    const isWhole = value.sent === (msg?.length ?? 0);
    if (!value.again && (!isWhole || taken >= (given?.length ?? 0))) return [0, taken];
  }
}

/** How much room there is for what comes. */
export interface Room {
  readonly msgsize: number;
  /** There is no buffer. */
  readonly isNull?: boolean;
  readonly flags: number;
  readonly controllen?: number;
}

/** What came. */
export interface Incoming {
  readonly msg: Uint8Array;
  readonly addr: Uint8Array;
  readonly control: Uint8Array;
  readonly flags: string;
}

/** What came on any error. */
export const NOTHING_CAME: Incoming = { msg: NO_BYTES, addr: NO_BYTES, control: NO_BYTES, flags: "" };

/** Receives: asks again as long as the kernel says so, or, with MSG_WAITALL, until all is there that there is room for. */
export async function receive(session: Session, s: unknown, room: Room): Promise<Answer<Incoming>> {
  const { flags, isNull = false, controllen = 0 } = room;
  const size = sizeOf(room.msgsize);
  const isAll = (flags & MSG_WAITALL) !== 0 && (flags & MSG_PEEK) === 0 && session.handles.isStream(s);
  const parts: Uint8Array[] = [];
  let taken = 0;
  let until_ns = 0;
  for (;;) {
    const msgsize = Math.min(size - taken, PIECE_BYTES * 4);
    const [error, value] = await session.call("ksock_recv", {
      ks: session.handles.number(s),
      msgsize,
      msg_null: isNull,
      flags: messageFlags(flags),
      until_ns,
      taken,
      controllen,
    });
    if (value === undefined) return [error, NOTHING_CAME];
    parts.push(value.msg);
    taken += value.msg.length;
    until_ns = value.until_ns;
    const isMore = isAll && msgsize > 0 && value.msg.length === msgsize && taken < size;
    if (!value.again && !isMore) return [0, { ...value, msg: joined(parts) }];
  }
}
