import { illumosErrno, ILLUMOS_AF, ILLUMOS_OPTIONS, ILLUMOS_SOCK } from "../../../abi/illumos.ts";
import { fail, type Result } from "../../../abi/result.ts";
import { setTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { isAboveHighWater, tcpSndbuf } from "../flow.ts";
import { resume } from "../hear-tcp.ts";
import { takePending } from "../pending.ts";
import { inetOf } from "../table.ts";
import { BUFFERS } from "./defaults.ts";
import { int, number, ownFlag, readOnly, SET, type Asking, type Option, type SetErrno } from "./option.ts";

const SO = ILLUMOS_OPTIONS.SOL_SOCKET;

function setReuseAddress({ socket }: Asking, on: boolean): void {
  inetOf(socket).reuseAddress = on;
}

function setReusePort({ socket }: Asking, on: boolean): void {
  inetOf(socket).reusePort = on;
}

/** SO_EXCLBIND and its like, which forbid any overlap. */
export function setExclusive({ socket: { half } }: Asking, on: boolean): void {
  if (half.t === "tcp") half.tcp.exclusiveBind = on;
  else if (half.udp.illumos !== undefined) half.udp.illumos.exclusiveBind = on;
}

function setKeepalive({ kernel, context, socket: { half } }: Asking, on: boolean): void {
  if (half.t !== "tcp") return;
  const keepalive = { ...half.tcp.settings.keepalive, on };
  kernel.run(context, (nowNs) => setTcp(kernel.stack, half.tcp, { keepalive }, nowNs));
}

function setErrind({ socket: { half } }: Asking, on: boolean): void {
  if (half.t === "udp" && half.udp.illumos !== undefined) half.udp.illumos.errind = on;
}

/** A buffer may have so many bytes; more is ENOBUFS, as is a negative number, which is none to illumos. */
const isTooMuch = ({ half }: Asking["socket"], bytes: number): boolean => bytes < 0 || bytes > BUFFERS[half.t].max;

/** Raised above what is queued, it lets flow control go. */
function setSndbuf({ kernel, context, socket }: Asking, bytes: number): Result<undefined, SetErrno> {
  if (isTooMuch(socket, bytes)) return fail("ENOBUFS");
  const { half, options } = socket;
  options.sndbuf = bytes;
  if (half.t === "udp") return SET;
  kernel.run(context, (nowNs) => setTcp(kernel.stack, half.tcp, { sndbuf: tcpSndbuf(bytes) }, nowNs));
  if (socket.stopped && !isAboveHighWater(socket, half.tcp, 0)) resume(kernel, context, socket, half.tcp);
  return SET;
}

/** `_mss_def_ipv4`: what TCP goes by before it has a peer. */
const MSS_DEFAULT = 536;

/** `tcp_mss`: how much data a full segment has, without what timestamps take of it. */
export function mssOf({ connection }: TcpSocket): number {
  const state = connection?.state;
  return state === undefined || !("snd" in state) ? MSS_DEFAULT : state.snd.mss;
}

/** 0 is ignored. TCP takes whole segments. */
function setRcvbuf({ kernel, context, socket }: Asking, bytes: number): Result<undefined, SetErrno> {
  if (isTooMuch(socket, bytes)) return fail("ENOBUFS");
  if (bytes === 0) return SET;
  const { half, options } = socket;
  if (half.t === "udp") {
    options.rcvbuf = bytes;
    half.udp.queue.rcvbuf = bytes;
    return SET;
  }
  const mss = mssOf(half.tcp);
  const rcvbuf = Math.ceil(bytes / mss) * mss;
  options.rcvbuf = rcvbuf;
  kernel.run(context, (nowNs) => setTcp(kernel.stack, half.tcp, { rcvbuf }, nowNs));
  return SET;
}

const LINGER: Option = {
  lengths: [8],
  get: ({ socket }) => {
    const { on, seconds } = socket.options.linger;
    return pair(on ? SO.SO_LINGER : 0, on ? seconds : 0);
  },
  set: ({ socket }, value) => {
    const view = new DataView(value.buffer, value.byteOffset);
    socket.options.linger = { on: view.getInt32(0, true) !== 0, seconds: view.getInt32(4, true) };
    return SET;
  },
};

function pair(first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.set(int(first));
  bytes.set(int(second), 4);
  return bytes;
}

/** A clock tick: times are kept in these, rounded up (`drv_usectohz`). */
const TICK_US = 10_000;

/** A timeval, of which neither sign nor range is looked at (facts 4.2); 0 and less are "never". */
const timeout = (key: "sndtimeoUs" | "rcvtimeoUs"): Option => ({
  lengths: [16],
  get: ({ socket }) => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    const us = socket.options[key];
    view.setBigInt64(0, BigInt(Math.trunc(us / 1_000_000)), true);
    view.setBigInt64(8, BigInt(us % 1_000_000), true);
    return bytes;
  },
  set: ({ socket }, value) => {
    const view = new DataView(value.buffer, value.byteOffset);
    const us = Number(view.getBigInt64(0, true)) * 1_000_000 + Number(view.getBigInt64(8, true));
    socket.options[key] = Math.max(-TIMEOUT_MAX_US, Math.min(TIMEOUT_MAX_US, Math.ceil(us / TICK_US) * TICK_US + 0));
    return SET;
  },
});

/** What a count of ticks holds (2^31 of them): some 248 days. */
const TIMEOUT_MAX_US = 2 ** 31 * TICK_US;

/** Options that the protocols have not, and that read as zeros all the same (facts 4.1). */
const ZEROS: Option = { lengths: [4], get: () => int(0) };

/** The options of the level SOL_SOCKET. */
export const SOCKET_OPTIONS: Readonly<Record<keyof typeof SO, Option>> = {
  SO_DEBUG: ownFlag(1, "debug"),
  SO_ACCEPTCONN: readOnly(({ socket: { half } }) =>
    half.t === "tcp" && half.tcp.t === "listen" ? SO.SO_ACCEPTCONN : 0,
  ),
  SO_REUSEADDR: ownFlag(SO.SO_REUSEADDR, "reuseAddress", setReuseAddress),
  SO_KEEPALIVE: ownFlag(SO.SO_KEEPALIVE, "keepalive", setKeepalive),
  SO_DONTROUTE: ownFlag(SO.SO_DONTROUTE, "dontRoute"),
  SO_BROADCAST: ownFlag(SO.SO_BROADCAST, "broadcast"),
  SO_USELOOPBACK: ownFlag(SO.SO_USELOOPBACK, "useLoopback"),
  SO_LINGER: LINGER,
  SO_OOBINLINE: ownFlag(SO.SO_OOBINLINE, "oobInline"),
  SO_DGRAM_ERRIND: ownFlag(SO.SO_DGRAM_ERRIND, "dgramErrind", setErrind),
  SO_SNDBUF: number(({ socket }) => socket.options.sndbuf, setSndbuf),
  SO_RCVBUF: number(({ socket }) => socket.options.rcvbuf, setRcvbuf),
  SO_SNDLOWAT: ZEROS,
  SO_RCVLOWAT: ZEROS,
  SO_SNDTIMEO: timeout("sndtimeoUs"),
  SO_RCVTIMEO: timeout("rcvtimeoUs"),
  SO_ERROR: readOnly(({ socket }) => {
    const errno = takePending(socket);
    return errno === undefined ? 0 : illumosErrno(errno);
  }),
  SO_TYPE: readOnly(({ socket: { half } }) => (half.t === "tcp" ? ILLUMOS_SOCK.SOCK_STREAM : ILLUMOS_SOCK.SOCK_DGRAM)),
  SO_PROTOTYPE: readOnly(({ socket: { half } }) => (half.t === "tcp" ? 6 : 17)),
  SO_DOMAIN: readOnly(({ socket }) => ILLUMOS_AF[socket.domain]),
  SO_EXCLBIND: ownFlag(SO.SO_EXCLBIND, "exclusiveBind", setExclusive),
  SO_REUSEPORT: ownFlag(SO.SO_REUSEPORT, "reusePort", setReusePort),
};
