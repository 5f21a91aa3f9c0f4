import { assert } from "../../../abi/assert.ts";
import type { Context } from "../../../abi/context.ts";
import type { ILLUMOS_OPTIONS } from "../../../abi/illumos.ts";
import { fail, type Result } from "../../../abi/result.ts";
import type { Kernel } from "../../kernel.ts";
import { pushTcp, setTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSettings } from "../../model/tcp/settings.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { setNodelay } from "../fuse.ts";
import { inetOf, type KernelSocket } from "../table.ts";
import { mssOf, setExclusive } from "./socket-options.ts";
import { flag, int, number, ownFlag, readOnly, SET, type Asking, type Option, type SetErrno } from "./option.ts";

type Level = keyof typeof ILLUMOS_OPTIONS;
type OptionsOf<L extends Level> = Readonly<Record<keyof (typeof ILLUMOS_OPTIONS)[L], Option>>;

const SECOND_NS = 1_000_000_000;
const MS_NS = 1_000_000;
/** The most that `_keepalive_interval` may be: ten days. */
const DAYS_10_S = 864_000;

const isStream = ({ half }: KernelSocket): boolean => half.t === "tcp";
const isDatagram = ({ half }: KernelSocket): boolean => half.t === "udp";

function tcpOf({ half }: KernelSocket): TcpSocket {
  assert(half.t === "tcp", "an option of TCP is asked of stream sockets only");
  return half.tcp;
}

function change({ kernel, context, socket }: Asking, changes: Partial<TcpSettings>): Result<undefined, never> {
  const tcp = tcpOf(socket);
  kernel.run(context, (nowNs) => setTcp(kernel.stack, tcp, changes, nowNs));
  return SET;
}

/** TCP_NODELAY put on, or TCP_CORK taken off, lets go what waits for more. */
function push(kernel: Kernel, context: Context, tcp: TcpSocket): void {
  if (tcp.connection !== undefined) kernel.run(context, (nowNs) => pushTcp(kernel.stack, tcp, nowNs));
}

/** A time among TCP's settings, in units of so many nanoseconds; EINVAL outside of its bounds. */
const time = (
  unitNs: number,
  [min, max]: readonly [number, number],
  get: (settings: TcpSettings) => number,
  set: (settings: TcpSettings, ns: number) => Partial<TcpSettings>,
): Option => ({
  ...number(
    ({ socket }) => Math.round(get(tcpOf(socket).settings) / unitNs),
    (asking, value) =>
      value < min || value > max ? fail("EINVAL") : change(asking, set(tcpOf(asking.socket).settings, value * unitNs)),
  ),
  only: isStream,
});

const keepidle = (unitNs: number, unitsPerSecond: number): Option =>
  time(
    unitNs,
    [1, Math.min(DAYS_10_S * unitsPerSecond, 2 ** 31 - 1)],
    ({ keepalive }) => keepalive.idleNs,
    ({ keepalive }, idleNs) => ({ keepalive: { ...keepalive, idleNs } }),
  );

const stream = (option: Option): Option => ({ ...option, only: isStream });
const datagram = (option: Option): Option => ({ ...option, only: isDatagram });

/** illumos' name of an algorithm, and ours. */
const CONGESTION: ReadonlyMap<string, TcpSettings["congestion"]> = new Map([
  ["cubic", "cubic"],
  ["newreno", "reno"],
  ["sunreno", "reno"],
]);

/** The options of the level IPPROTO_TCP. */
export const TCP_OPTIONS: OptionsOf<"IPPROTO_TCP"> = {
  TCP_NODELAY: stream(
    ownFlag(1, "nodelay", ({ kernel, context, socket }, on) => {
      setNodelay(kernel, context, socket, tcpOf(socket));
      if (on) push(kernel, context, tcpOf(socket));
    }),
  ),
  TCP_MAXSEG: stream(readOnly(({ socket }) => mssOf(tcpOf(socket)))),
  TCP_ABORT_THRESHOLD: time(
    MS_NS,
    [0, 2 ** 31 - 1],
    ({ userTimeoutNs = 0 }) => userTimeoutNs,
    (_, ns) => ({ userTimeoutNs: ns === 0 ? undefined : ns }),
  ),
  TCP_CONN_ABORT_THRESHOLD: time(
    MS_NS,
    [0, 2 ** 31 - 1],
    ({ connectTimeoutNs = 0 }) => connectTimeoutNs,
    (_, ns) => ({ connectTimeoutNs: ns === 0 ? undefined : ns }),
  ),
  TCP_KEEPALIVE_THRESHOLD: keepidle(MS_NS, 1000),
  TCP_CORK: stream(
    flag(
      1,
      ({ socket }) => tcpOf(socket).settings.cork,
      (asking, cork) => {
        change(asking, { cork });
        if (!cork) push(asking.kernel, asking.context, tcpOf(asking.socket));
      },
    ),
  ),
  TCP_LINGER2: time(
    SECOND_NS,
    [0, 7200],
    ({ finWait2Ns }) => finWait2Ns,
    (_, ns) => ({ finWait2Ns: ns === 0 ? 60 * SECOND_NS : ns }),
  ),
  TCP_EXCLBIND: stream(ownFlag(1, "exclusiveBind", setExclusive)),
  TCP_KEEPIDLE: keepidle(SECOND_NS, 1),
  TCP_KEEPCNT: time(
    1,
    [1, 255],
    ({ keepalive }) => keepalive.count,
    ({ keepalive }, count) => ({ keepalive: { ...keepalive, count } }),
  ),
  TCP_KEEPINTVL: time(
    SECOND_NS,
    [1, DAYS_10_S],
    ({ keepalive }) => keepalive.intervalNs,
    ({ keepalive }, intervalNs) => ({ keepalive: { ...keepalive, intervalNs } }),
  ),
  TCP_CONGESTION: {
    lengths: [],
    only: isStream,
    get: ({ socket }) => {
      const ours = tcpOf(socket).settings.congestion;
      const [name = ""] = [...CONGESTION].find(([, known]) => known === ours) ?? [];
      return new TextEncoder().encode(`${name}\0`);
    },
    set: (asking, value) => {
      const name = new TextDecoder().decode(value).replace(/\0.*$/s, "");
      const congestion = CONGESTION.get(name);
      return congestion === undefined ? fail("ENOENT") : change(asking, { congestion });
    },
  },
};

/** The options of the level IPPROTO_UDP. */
export const UDP_OPTIONS: OptionsOf<"IPPROTO_UDP"> = {
  UDP_EXCLBIND: datagram(ownFlag(1, "exclusiveBind", setExclusive)),
  UDP_SND_TO_CONNECTED: datagram(ownFlag(1, "sendToConnected")),
};

function setTtl({ socket }: Asking, ttl: number): Result<undefined, SetErrno> {
  if (ttl < 1 || ttl > 255) return fail("EINVAL");
  inetOf(socket).ttl = ttl;
  return SET;
}

function setTos({ socket }: Asking, tos: number): Result<undefined, SetErrno> {
  if (tos < 0 || tos > 255) return fail("EINVAL");
  inetOf(socket).tos = tos;
  return SET;
}

/** 0 lets it go. ENXIO: there is no such device. */
function setBoundIf({ kernel, socket }: Asking, ifindex: number): Result<undefined, SetErrno> {
  if (ifindex !== 0 && kernel.stack.devices.at(ifindex) === undefined) return fail("ENXIO");
  inetOf(socket).ifindex = ifindex;
  return SET;
}

const BYTE_OR_INT = [4, 1];

/** The options of the level IPPROTO_IP. */
export const IP_OPTIONS: OptionsOf<"IPPROTO_IP"> = {
  IP_TTL: number(({ socket }) => inetOf(socket).ttl, setTtl, BYTE_OR_INT),
  IP_TOS: number(({ socket }) => inetOf(socket).tos, setTos, BYTE_OR_INT),
  IP_RECVTTL: ownFlag(1, "receiveTtl"),
  IP_RECVTOS: ownFlag(1, "receiveTos"),
  IP_PKTINFO: ownFlag(1, "packetInfo"),
  IP_BOUND_IF: number(({ socket }) => inetOf(socket).ifindex, setBoundIf),
};

const isInet6 = ({ domain }: KernelSocket): boolean => domain === "AF_INET6";

/** What IPV6_UNICAST_HOPS of -1 asks for: the defaults of the protocols. */
const hopsDefault = ({ half }: KernelSocket): number => (half.t === "tcp" ? 64 : 255);

/** The options of the level IPPROTO_IPV6. Our packets are of IPv4, and carry hops as their TTL. */
export const IPV6_OPTIONS: OptionsOf<"IPPROTO_IPV6"> = {
  IPV6_UNICAST_HOPS: {
    ...number(
      ({ socket }) => inetOf(socket).ttl,
      (asking, hops) => {
        if (hops < -1 || hops > 255) return fail("EINVAL");
        inetOf(asking.socket).ttl = hops === -1 ? hopsDefault(asking.socket) : hops;
        return SET;
      },
    ),
    only: isInet6,
  },
  IPV6_V6ONLY: {
    lengths: [4],
    only: isInet6,
    get: ({ socket }) => int(socket.options.v6only ? 1 : 0),
    set: ({ socket }, value) => {
      if (inetOf(socket).local.port !== 0) return fail("EINVAL");
      socket.options.v6only = value.some((byte) => byte !== 0);
      return SET;
    },
  },
};
