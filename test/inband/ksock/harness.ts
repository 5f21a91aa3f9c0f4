import { outermost, type Context } from "../../../services/abi/context.ts";
import type { Errno, PointArgs, PointValues } from "../../../services/abi/contract.generated.ts";
import { parseIpv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import type { KsockSpec } from "../../../services/abi/topology.ts";
import type { Handlers } from "../../../services/boundary/hooks.ts";
import { buildSockaddr } from "../../../services/inband/ksock/address.ts";
import { ksockHandlers } from "../../../services/inband/ksock/handlers.ts";
import type { Kernel } from "../../../services/inband/kernel.ts";
import { settled, type ManualClock } from "../../kit.ts";
import { pair, type Node } from "../netdev-harness.ts";
import { there } from "../stack-harness.ts";

type Point = Extract<keyof Handlers<"inband">, `ksock${string}`>;
type Said<P extends Point> = PointValues[P] | Errno;

/** What each call takes when a test does not say. */
const DEFAULTS: { readonly [P in Point]: Omit<PointArgs[P], "ks" | "callback"> } = {
  ksock_socket: { domain: "AF_INET", type: "SOCK_STREAM", protocol: 0, nosleep: false },
  ksock_bind: { addrlen: 0 },
  ksock_listen: { backlog: 5 },
  ksock_accept: { want_addr: false, waiting: false },
  ksock_connect: { waiting: false, addrlen: 0 },
  ksock_send: { msgsize: 0, flags: "", control: new Uint8Array(0), addrlen: 0, until_ns: 0, taken: 0 },
  ksock_recv: { msgsize: 1000, msg_null: false, flags: "", until_ns: 0, taken: 0, controllen: 0 },
  ksock_shutdown: { how: 2 },
  ksock_close: { waiting: false },
  ksock_setsockopt: { level: "SOL_SOCKET", optname: "", optlen: 4 },
  ksock_getsockopt: { level: "SOL_SOCKET", optname: "", optlen: 64 },
  ksock_getpeername: { want_addr: true, addrlen: 32 },
  ksock_getsockname: { want_addr: true, addrlen: 32 },
  ksock_ioctl: { cmd: "", arg: 0 },
  ksock_callbacks: { binding: "ksock", off: false, arg: false, update: "", slots: "", stream: "test" },
  ksocket_spoll: { timeout_ms: 0, events: "", revents_null: false, until_ns: 0 },
  ksocket_hold: {},
  ksocket_rele: {},
  ksock_next_event: { stream: "test", have: "" },
  ksock_ack_event: { stream: "test", number: 0 },
  ksock_interrupt: { thread: "" },
};

const MODULE: Context = outermost("module");

/** The callbacks of each interface, all on. */
export const EVERY = {
  ksock: "connected|disconnected|newconn|recv|xmit|exception",
  ksocket: "connected|connectfailed|disconnected|newdata|newconn|cansend|oobdata|cantsendmore|cantrecvmore",
} as const;

/** A node and a module of its kernel. */
export interface Host {
  readonly kernel: Kernel;
  /** Calls, as the module itself or a thread of it; answers what is returned, or the errno. */
  call<P extends Point>(point: P, args?: Partial<PointArgs[P]>, thread?: string): Promise<Said<P>>;
  /** A socket: its number. */
  socket(args?: Partial<PointArgs["ksock_socket"]>): Promise<number>;
  /** All callbacks of a socket on, under a name for the log. */
  listen(ks: number, name: string, binding?: keyof typeof EVERY): Promise<void>;
  /** What callbacks were told since the last look, such as `C recv(10)`. */
  told(): Promise<string[]>;
}

export interface World {
  readonly alpha: Host;
  readonly beta: Host;
  readonly clock: ManualClock;
}

/** Two nodes on a cable, 10.0.0.1 and 10.0.0.2. */
export function world(switches: Partial<KsockSpec> = {}): World {
  const { alpha, beta, clock } = pair();
  const ksock = { illumosQuirks: false, linuxCloseRst: false, linuxShutdownRead: false, ...switches };
  for (const { kernel } of [alpha, beta]) Object.assign(kernel, { node: { ...kernel.node, ksock } });
  return { alpha: host(alpha), beta: host(beta), clock };
}

function host({ kernel }: Node): Host {
  const handlers = ksockHandlers(kernel) as Required<Handlers<"inband">>;
  const names = new Map<number, string>();
  const log: string[] = [];
  let asking = false;
  const made: Host = {
    kernel,
    async call(point, args, thread) {
      const handler = handlers[point] as (args: object, context: Context) => Promise<Outcome<typeof point>>;
      const outcome = await handler(
        { ks: 0, callback: 0, ...DEFAULTS[point], ...args },
        thread === undefined ? MODULE : outermost(thread),
      );
      return outcome.ok ? outcome.value : outcome.errno;
    },
    async socket(args) {
      const created = await made.call("ksock_socket", args);
      if (typeof created === "string") throw new Error(created);
      return created.ks;
    },
    async listen(ks, name, binding = "ksock") {
      names.set(ks, name);
      await made.call("ksock_callbacks", { ks, binding, slots: EVERY[binding], update: EVERY[binding] });
      if (!asking) void ask();
      asking = true;
    },
    async told() {
      await settled();
      return log.splice(0);
    },
  };
  /** Gets events, and returns from each callback at once. */
  async function ask(): Promise<void> {
    for (;;) {
      const event = await made.call("ksock_next_event", {});
      if (typeof event === "string") throw new Error(event);
      if (event.number === 0) continue;
      log.push(`${names.get(event.ks) ?? event.ks} ${event.slot}(${event.value})`);
      await made.call("ksock_ack_event", { number: event.number });
    }
  }
  return made;
}

type Outcome<P extends Point> =
  { readonly ok: true; readonly value: PointValues[P] } | { readonly ok: false; readonly errno: Errno };

/** The bytes of a sockaddr_in, such as `127.0.0.1:7000`. */
export function at(text: string): Uint8Array {
  const [address = "", port = "0"] = text.split(":");
  return buildSockaddr("AF_INET", { address: there(parseIpv4Address(address)), port: Number(port) }, false);
}

/** The text of one. */
export const textOf = (addr: Uint8Array): string =>
  `${[...addr.subarray(4, 8)].join(".")}:${(addr[2] ?? 0) * 256 + (addr[3] ?? 0)}`;

/** The bytes of a sockaddr_in6 whose address is `::` with these last bytes. */
export function at6(last: readonly number[], port: number): Uint8Array {
  const bytes = new Uint8Array(32);
  bytes.set([26, 0, port >> 8, port & 0xff]);
  bytes.set(last, 24 - last.length);
  return bytes;
}

/** An int, and back. */
export function int(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
export const intAt = (said: PointValues["ksock_getsockopt"] | Errno): number | Errno =>
  typeof said === "string" ? said : new DataView(said.optval.buffer, said.optval.byteOffset).getInt32(0, true);

/** Text as bytes, and back. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What was received, as text; or the errno. */
export const heard = (said: PointValues["ksock_recv"] | Errno): string =>
  typeof said === "string" ? said : text(said.msg);

/** How much was sent, or the errno. */
export const sent = (said: PointValues["ksock_send"] | Errno): number | Errno =>
  typeof said === "string" ? said : said.sent;
