import type { Context } from "../../abi/context.ts";
import { ERRNO } from "../../abi/contract.generated.ts";
import { IPPROTO, SO, TCP } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { setTcp, type TcpSocket } from "../model/stack/tcp-calls.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { LINUX, type TcpSettings } from "../model/tcp/settings.ts";
import { takeSoftError } from "../model/tcp/user-calls.ts";
import { rcvbufOf, sndbufOf, type Option } from "./options.ts";
import type { Stream } from "./stream.ts";
import type { Socket } from "./table.ts";
import { tcpInfo } from "./tcp-info.ts";

const SECOND_NS = 1_000_000_000;
const MILLISECOND_NS = 1_000_000;
const INT_MAX = 0x7fff_ffff;
/** `struct linger`: two ints. */
const LINGER_BYTES = 8;
/** Linux's bounds (`include/net/tcp.h`). */
const TCP_MIN_MSS = 88;
const MAX_TCP_WINDOW = 32_767;
const MAX_TCP_KEEPIDLE = 32_767;
const MAX_TCP_KEEPINTVL = 32_767;
const MAX_TCP_KEEPCNT = 127;
const MAX_TCP_SYNCNT = 127;
const TCP_FIN_TIMEOUT_MAX = 120;
/** What TCP_MAXSEG tells before there is a connection (`TCP_MSS_DEFAULT`). */
const TCP_MSS_DEFAULT = 536;
/** Linux's tcp_wmem and tcp_rmem: what buffers begin with. */
const SNDBUF = 16_384;
const RCVBUF = 131_072;

/** What setsockopt(2) brings. */
interface Value {
  readonly value: number;
  readonly data: Uint8Array | undefined;
}

/**
 * Sets an option of a stream socket that others do not have, or have not so. Undefined: it is everybody's.
 *
 * @returns EINVAL: a value that the option cannot have; ENOENT: no such congestion control.
 */
export function setStreamOption(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  stream: Stream,
  option: Option,
  { value, data }: Value,
): Outcome<"sock_setsockopt"> | undefined {
  const { tcp } = stream;
  const set = (changes: Partial<TcpSettings>): Outcome<"sock_setsockopt"> => {
    kernel.run(context, (nowNs) => setTcp(kernel.stack, tcp, changes, nowNs));
    return ok({});
  };
  const within = (min: number, max: number, changes: () => Partial<TcpSettings>): Outcome<"sock_setsockopt"> =>
    value < min || value > max ? fail("EINVAL") : set(changes());
  const { keepalive } = tcp.settings;
  const on = value !== 0;
  switch (option) {
    case "SO_SNDBUF":
      socket.remembered.set(SO.SO_SNDBUF, sndbufOf(value));
      // Linux charges its own overhead to the buffer, for which it doubles what is asked for.
      return set({ sndbuf: sndbufOf(value) >> 1 });
    case "SO_RCVBUF":
      socket.remembered.set(SO.SO_RCVBUF, rcvbufOf(value));
      return set({ rcvbuf: rcvbufOf(value) >> 1 });
    case "SO_KEEPALIVE":
      return set({ keepalive: { ...keepalive, on } });
    case "SO_OOBINLINE":
      stream.oobInline = on;
      return ok({});
    case "SO_LINGER": {
      const linger = lingerOf(data);
      if (linger === undefined) return fail("EINVAL");
      // Who switches it off leaves the time that was set before (`sk_lingertime`).
      stream.linger = linger.on ? linger : { on: false, seconds: stream.linger.seconds };
      return ok({});
    }
    case "SO_RCVLOWAT":
      // No more than the window can hold (`tcp_set_rcvlowat`); a negative one means as much.
      stream.rcvlowat = value < 0 ? tcp.settings.rcvbuf : Math.max(1, Math.min(value, tcp.settings.rcvbuf));
      return ok({});
    case "SO_SNDTIMEO":
      if (value < 0) return fail("EINVAL");
      stream.sndtimeoNs = value;
      return ok({});
    case "TCP_NODELAY":
      return set({ nodelay: on });
    case "TCP_CORK":
      return set({ cork: on });
    case "TCP_MAXSEG":
      if (value !== 0 && (value < TCP_MIN_MSS || value > MAX_TCP_WINDOW)) return fail("EINVAL");
      tcp.maxseg = value;
      return ok({});
    case "TCP_KEEPIDLE":
      return within(1, MAX_TCP_KEEPIDLE, () => ({ keepalive: { ...keepalive, idleNs: value * SECOND_NS } }));
    case "TCP_KEEPINTVL":
      return within(1, MAX_TCP_KEEPINTVL, () => ({ keepalive: { ...keepalive, intervalNs: value * SECOND_NS } }));
    case "TCP_KEEPCNT":
      return within(1, MAX_TCP_KEEPCNT, () => ({ keepalive: { ...keepalive, count: value } }));
    case "TCP_SYNCNT":
      return within(1, MAX_TCP_SYNCNT, () => ({ synRetries: value }));
    case "TCP_LINGER2":
      socket.remembered.set(TCP.TCP_LINGER2, value < 0 ? -1 : Math.min(value, TCP_FIN_TIMEOUT_MAX));
      return set({ finWait2Ns: finWait2Of(value) });
    case "TCP_QUICKACK":
      return set({ delayedAckNs: on ? 0 : LINUX.delayedAckNs });
    case "TCP_USER_TIMEOUT":
      return within(0, INT_MAX, () => {
        const userTimeoutNs = on ? value * MILLISECOND_NS : undefined;
        return { userTimeoutNs, keepalive: { ...keepalive, silenceNs: userTimeoutNs } };
      });
    case "TCP_CONGESTION": {
      const name = data === undefined ? "" : new TextDecoder().decode(data).replace(/\0.*$/s, "");
      return name === "cubic" || name === "reno" ? set({ congestion: name }) : fail("ENOENT");
    }
    default:
      return undefined;
  }
}

/** How long an orphan stays in FIN-WAIT-2: 0 means the default, and less than that not at all. */
const finWait2Of = (seconds: number): number =>
  seconds < 0 ? 0 : seconds === 0 ? LINUX.finWait2Ns : Math.min(seconds, TCP_FIN_TIMEOUT_MAX) * SECOND_NS;

/** What TCP_LINGER2 tells: 0 stands for the default. */
const linger2Of = (seconds: number): number => (seconds === 0 ? LINUX.finWait2Ns / SECOND_NS : seconds);

function lingerOf(data: Uint8Array | undefined): Stream["linger"] | undefined {
  if (data === undefined || data.length < LINGER_BYTES) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, LINGER_BYTES);
  // `unsigned int t_sec`: a negative time is a very long one.
  return { on: view.getInt32(0, true) !== 0, seconds: view.getUint32(4, true) };
}

/** A struct linger. */
export function lingerBytes({ on, seconds }: Stream["linger"]): Uint8Array {
  const bytes = new Uint8Array(LINGER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, Number(on), true);
  view.setUint32(4, seconds, true);
  return bytes;
}

/** Tells an option of a stream socket that others do not have, or have not so. Undefined: it is everybody's. */
export function getStreamOption(
  { remembered }: Socket,
  stream: Stream,
  option: Option,
): Outcome<"sock_getsockopt"> | undefined {
  const { tcp } = stream;
  const { settings } = tcp;
  const { keepalive } = settings;
  const number = (value: number | boolean): Outcome<"sock_getsockopt"> => ok({ value: Number(value) });
  switch (option) {
    case "SO_SNDBUF":
      return number(remembered.get(SO.SO_SNDBUF) ?? SNDBUF);
    case "SO_RCVBUF":
      return number(remembered.get(SO.SO_RCVBUF) ?? RCVBUF);
    case "SO_KEEPALIVE":
      return number(keepalive.on);
    case "SO_OOBINLINE":
      return number(stream.oobInline);
    case "SO_LINGER":
      return ok({ value: 0, data: lingerBytes(stream.linger) });
    case "SO_RCVLOWAT":
      return number(stream.rcvlowat);
    case "SO_SNDTIMEO":
      return number(stream.sndtimeoNs);
    case "SO_ERROR": {
      // Where there is no error, what ICMP told last and was no reason to end (`sk_err_soft`).
      const error = takeError(tcp) ?? (tcp.connection === undefined ? undefined : takeSoftError(tcp.connection));
      return number(error === undefined ? 0 : ERRNO[error]);
    }
    case "SO_ACCEPTCONN":
      return number(tcp.t === "listen");
    case "SO_PROTOCOL":
      return number(IPPROTO.IPPROTO_TCP);
    case "TCP_NODELAY":
      return number(settings.nodelay);
    case "TCP_CORK":
      return number(settings.cork);
    case "TCP_MAXSEG":
      return number(maxsegOf(tcp));
    case "TCP_KEEPIDLE":
      return number(keepalive.idleNs / SECOND_NS);
    case "TCP_KEEPINTVL":
      return number(keepalive.intervalNs / SECOND_NS);
    case "TCP_KEEPCNT":
      return number(keepalive.count);
    case "TCP_SYNCNT":
      return number(settings.synRetries);
    case "TCP_LINGER2":
      return number(linger2Of(remembered.get(TCP.TCP_LINGER2) ?? 0));
    case "TCP_QUICKACK":
      return number(settings.delayedAckNs === 0);
    case "TCP_USER_TIMEOUT":
      return number((settings.userTimeoutNs ?? 0) / MILLISECOND_NS);
    case "TCP_CONGESTION":
      return ok({ value: 0, data: new TextEncoder().encode(settings.congestion) });
    case "TCP_INFO":
      return ok({ value: 0, data: tcpInfo(tcp) });
    default:
      return undefined;
  }
}

function maxsegOf({ connection, maxseg }: TcpSocket): number {
  const state = connection?.state;
  if (state === undefined || state.t === "CLOSED") return maxseg === 0 ? TCP_MSS_DEFAULT : maxseg;
  return state.snd.mss;
}
