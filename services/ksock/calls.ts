import { NO_BYTES } from "../abi/packet/bytes.ts";
import { familyName, ioctlName, levelName, optionName, pollEvents, pollEventsOf, typeName } from "./names.ts";
import { SOCK_STREAM } from "./constants.ts";
import { ENOTSOCK } from "./errno.ts";
import type { ksocket_t } from "./handles.ts";
import { SOCKADDR_IN6_BYTES } from "./layouts.ts";
import type { Answer, Session } from "./session.ts";
import { sized, SOCKADDR_MAX } from "./transfer.ts";

/**
 * Where an address is to be put: `addr` null is a NULL pointer, and `addrlen` null too. Left out, there is a buffer, with room enough.
 */
export interface AddressRoom {
  readonly addr?: null;
  readonly addrlen?: number | null;
}

/** An option is shorter: what is longer is as wrong as this. */
const OPTION_MAX = 8193;

/** A number as C makes an int of it. */
const intOf = (value: number): number => Math.trunc(value) | 0;

/** Room for an address. Less than none is as little as 1: too little, and not nothing. */
const roomFor = (addrlen: number): number => (addrlen < 0 ? 1 : Math.min(Math.trunc(addrlen) || 0, 0xffff_ffff));

/** An address on its way to the kernel: NULL stays NULL, with the length that the caller says. */
const given = (addr: Uint8Array | null, addrlen?: number): { addr?: Uint8Array; addrlen: number } =>
  addr === null
    ? { addrlen: roomFor(addrlen ?? 0) }
    : { addr: addrlen === undefined ? addr : sized(addr, addrlen, SOCKADDR_MAX), addrlen: 0 };

const roomOf = (room: AddressRoom | null): { want_addr: boolean; addrlen?: number } => {
  if (room === null) return { want_addr: false };
  const { addr, addrlen = SOCKADDR_IN6_BYTES } = room;
  return { want_addr: addr !== null, ...(addrlen === null ? {} : { addrlen: roomFor(addrlen) }) };
};

const ended = ([error]: Answer<unknown>): Answer => [error, undefined];

export async function socket(
  { call, handles }: Session,
  domain: number,
  type: number,
  protocol: number,
  nosleep: boolean,
): Promise<Answer<ksocket_t>> {
  const [error, value] = await call("ksock_socket", {
    domain: familyName(domain),
    type: typeName(type),
    // No protocol has a number below 0, nor one as large as this makes of it.
    protocol: intOf(protocol) >>> 0,
    nosleep,
  });
  return [error, value === undefined ? null : handles.of(value.ks, type === SOCK_STREAM)];
}

export const bind = async (
  { call, handles }: Session,
  s: unknown,
  addr: Uint8Array | null,
  addrlen?: number,
): Promise<Answer> => ended(await call("ksock_bind", { ks: handles.number(s), ...given(addr, addrlen) }));

export const listen = async ({ call, handles }: Session, s: unknown, backlog: number): Promise<Answer> =>
  ended(await call("ksock_listen", { ks: handles.number(s), backlog: intOf(backlog) }));

export async function accept(
  { call, handles }: Session,
  s: unknown,
  room: AddressRoom | null,
): Promise<Answer<{ readonly ns: ksocket_t; readonly addr: Uint8Array }>> {
  for (let waiting = false; ; waiting = true) {
    const [error, value] = await call("ksock_accept", { ks: handles.number(s), ...roomOf(room), waiting });
    if (value === undefined) return [error, { ns: null, addr: NO_BYTES }];
    if (!value.again) return [0, { ns: handles.of(value.newks, true), addr: value.addr }];
  }
}

export async function connect(
  { call, handles }: Session,
  s: unknown,
  addr: Uint8Array | null,
  addrlen?: number,
): Promise<Answer> {
  for (let waiting = false; ; waiting = true) {
    const [error, value] = await call("ksock_connect", {
      ks: handles.number(s),
      ...given(addr, addrlen),
      waiting,
    });
    if (value?.again !== true) return [error, undefined];
  }
}

export const shutdown = async ({ call, handles }: Session, s: unknown, how: number): Promise<Answer> =>
  ended(await call("ksock_shutdown", { ks: handles.number(s), how: intOf(how) }));

export async function close({ call, handles, registrations }: Session, s: unknown): Promise<Answer> {
  const ks = handles.number(s);
  for (let waiting = false; ; waiting = true) {
    const [error, value] = await call("ksock_close", { ks, waiting });
    if (value?.again === true) continue;
    if (error === 0 || error === ENOTSOCK) {
      registrations.delete(ks);
      handles.forget(ks);
    }
    return [error, undefined];
  }
}

export const setsockopt = async (
  { call, handles }: Session,
  s: unknown,
  [level, optname]: readonly [number, number],
  optval: Uint8Array | null,
  optlen?: number,
): Promise<Answer> =>
  ended(
    await call("ksock_setsockopt", {
      ks: handles.number(s),
      level: levelName(level),
      optname: optionName(level, optname),
      ...(optval === null ? {} : { optval: sized(optval, optlen ?? optval.length, OPTION_MAX) }),
      optlen: Math.min(Math.max(-1, Math.trunc(optlen ?? optval?.length ?? 0) || 0), OPTION_MAX),
    }),
  );

export async function getsockopt(
  { call, handles }: Session,
  s: unknown,
  [level, optname]: readonly [number, number],
  optlen: number | null,
): Promise<Answer<Uint8Array>> {
  const [error, value] = await call("ksock_getsockopt", {
    ks: handles.number(s),
    level: levelName(level),
    optname: optionName(level, optname),
    ...(optlen === null ? {} : { optlen: intOf(optlen) }),
  });
  return [error, value?.optval ?? NO_BYTES];
}

export async function getname(
  { call, handles }: Session,
  point: "ksock_getpeername" | "ksock_getsockname",
  s: unknown,
  room: AddressRoom | null,
): Promise<Answer<Uint8Array>> {
  const [error, value] = await call(point, { ks: handles.number(s), ...roomOf(room) });
  return [error, value?.addr ?? NO_BYTES];
}

export async function ioctl(
  { call, handles }: Session,
  s: unknown,
  cmd: number,
  arg: number | null,
): Promise<Answer<number>> {
  const [error, value] = await call("ksock_ioctl", {
    ks: handles.number(s),
    cmd: ioctlName(cmd),
    ...(arg === null ? {} : { arg }),
  });
  return [error, value?.arg ?? 0];
}

export async function spoll(
  { call, handles }: Session,
  s: unknown,
  timeout_ms: number,
  events: number,
  isNull: boolean,
): Promise<Answer<number>> {
  let until_ns = 0;
  for (;;) {
    const [error, value] = await call("ksocket_spoll", {
      ks: handles.number(s),
      timeout_ms: intOf(timeout_ms),
      events: pollEvents(events),
      revents_null: isNull,
      until_ns,
    });
    if (value === undefined) return [error, 0];
    if (!value.again) return [0, pollEventsOf(value.revents)];
    until_ns = value.until_ns;
  }
}

export const hold = async ({ call, handles }: Session, s: unknown): Promise<Answer> =>
  ended(await call("ksocket_hold", { ks: handles.number(s) }));

export const rele = async ({ call, handles }: Session, s: unknown): Promise<Answer> =>
  ended(await call("ksocket_rele", { ks: handles.number(s) }));
