import { outermost, type Context } from "../../services/abi/context.ts";
import type { Errno, PointArgs, PointsFrom, PointsTo, PointValues } from "../../services/abi/contract.generated.ts";
import { errnoOf } from "../../services/abi/errno.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { AF, IPPROTO, SOCK } from "../../services/abi/flags.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { fail, ok, type Result } from "../../services/abi/result.ts";
import { buildSockaddr, parseSockaddrText, sockaddrText } from "../../services/abi/sockaddr.ts";
import { PAIR, type NodeSpec } from "../../services/abi/topology.ts";
import { createCaller } from "../../services/boundary/caller.ts";
import { createFaultEngine } from "../../services/boundary/faults/engine.ts";
import type { Handlers, Hooks } from "../../services/boundary/hooks.ts";
import type { Answer, Transport } from "../../services/boundary/invocation.ts";
import { createReceiver } from "../../services/boundary/receiver.ts";
import { createInband, type Inband } from "../../services/inband/inband.ts";
import { testKit, type TestKit } from "../kit.ts";
import { MemoryPort } from "./netdev-harness.ts";
import { there } from "./stack-harness.ts";

type Call = PointsTo["inband"] & PointsFrom["vfs"];
type Hook = PointsTo["companion"] & PointsFrom["inband"];

/** How the fake core answers a hook. */
type Answerer<H extends Hook> = (args: PointArgs[H]) => Result<PointValues[H]> | Promise<Result<PointValues[H]>>;

/** What the fake core knows of a call that reached it. */
interface Heard {
  readonly point: Hook;
  readonly args: Readonly<Record<string, unknown>>;
  readonly locks: readonly string[];
}

const NONE = new Uint8Array(0);

/** What each call takes when a test does not say. */
const DEFAULTS: { readonly [C in Call]: PointArgs[C] } = {
  sock_create: {
    family: AF.AF_INET,
    type: SOCK.SOCK_DGRAM,
    protocol: IPPROTO.IPPROTO_IP,
    kern: false,
    cap_net_raw: true,
    file: 0,
  },
  sock_map_file: { sock: 0, file: 0, flags: 0, oob: true },
  sock_close: { sock: 0, file: 0 },
  sock_bind: { sock: 0, addr: NONE },
  sock_connect: { sock: 0, addr: NONE, flags: 0 },
  sock_listen: { sock: 0, backlog: 1 },
  sock_accept: { sock: 0, flags: 0, file: 0 },
  sock_shutdown: { sock: 0, how: 2 },
  sock_sendmsg: { sock: 0, data: NONE, flags: 0, addr: NONE },
  sock_recvmsg: { sock: 0, count: 2048, flags: 0 },
  sock_getname: { sock: 0, peer: false },
  sock_setsockopt: { sock: 0, level: 1, optname: 0, value: 0 },
  sock_getsockopt: { sock: 0, level: 1, optname: 0 },
  sock_ioctl: { sock: 0, cmd: 0, arg: 0, data: NONE },
  sock_poll: { sock: 0, events: 1, timeout_ns: 0 },
  sock_interrupt: {},
  sock_vfs_ready: { file: 0 },
};

/** A node's in-band stack between a VFS that the test plays and a core that does as it is told. */
interface World {
  readonly inband: Inband;
  readonly kit: TestKit;
  /** The NIC's end of eth0. */
  readonly wire: MemoryPort;
  readonly heard: Heard[];
  /** Makes a call as the VFS does; answers the value, the errno, or `lost`. */
  call<C extends Call>(point: C, args: Partial<PointArgs[C]>): Promise<PointValues[C] | Errno | "lost">;
  /** Tells the core how to answer a hook from now on. */
  when<H extends Hook>(hook: H, answerer: Answerer<H>): void;
  /** Loses the calls of a hook from now on, or their answers: the core has acted then. */
  lose(hook: Hook, what: "call" | "answer"): void;
  /** A socket with its file. `oob_data` is 1000 more than its number, for SOCK_OOB. */
  socket(args?: Partial<PointArgs["sock_create"]>, oob?: boolean): Promise<number>;
  /** A core says that it came up in the place of another one; by now that it was told of everything. */
  coreReady(incarnation?: number): Promise<void>;
  /** What the core was told since the last look: the hooks with what their sockaddrs and flags say, and their locks. */
  told(): string[];
  /** What happened since the last look, in short: facts, hooks with what they were refused with. */
  story(): string[];
}

/** Where the calls of the task `app` come from. */
const APP = outermost("app", 1);

interface Options {
  readonly profile?: Profile;
  readonly spec?: Partial<NodeSpec>;
  readonly incarnation?: number;
}

/** Boots the node alpha of the pair: 10.0.0.1 on eth0, and nobody else on its wire. */
export function boot({ profile = "documented", spec = {}, incarnation = 1 }: Options = {}): World {
  const kit = testKit("inband", { profile });
  const { clock, ring } = kit;
  const heard: Heard[] = [];
  const answerers = new Map<Hook, Answerer<Hook>>();
  const losses = new Map<Hook, "call" | "answer">();
  const world = {
    when: <H extends Hook>(hook: H, answerer: Answerer<H>) => void answerers.set(hook, answerer as never),
  };
  world.when("sock_oob_attach", ({ sk }) => ok({ oob_data: 1000 + sk }));
  world.when("sock_inband_ioctl_redirect", () => fail("ENOIOCTLCMD"));
  world.when("oob_proto_ops", ({ oob_data }) => (oob_data === 0 ? fail("EBADFD") : ok({ arg: NONE })));

  const HOOKS: readonly Hook[] = [
    "oob_load_family",
    "oob_proto_ops",
    "sock_oob_attach",
    "sock_oob_release",
    "sock_oob_destroy",
    "sock_oob_bind",
    "sock_oob_connect",
    "sock_oob_shutdown",
    "sock_inband_ioctl_redirect",
    "oob_neighbour_update",
    "oob_route_learn",
    "netif_oob_switch_port",
    "oob_inband_ready",
  ];
  const handlers = Object.fromEntries(
    HOOKS.map((point) => [
      point,
      async (args: PointArgs[Hook], context: Context) => {
        heard.push({ point, args: { ...args }, locks: context.locks });
        return (await answerers.get(point)?.(args)) ?? ok({});
      },
    ]),
  ) as Handlers<"companion">;
  const broken = (error: unknown): void => {
    throw error;
  };
  const coreKit = testKit("companion", { profile, clock, ring, process: 2 });
  const core = createReceiver({
    kit: coreKit,
    house: "companion",
    handlers,
    control: {},
    onBroken: broken,
  });
  const roadToCore: Transport = async (invocation) => {
    const point = invocation.point as Hook;
    const lost: Answer = { kind: "lost", why: "timeout", lamport: 0 };
    if (losses.get(point) === "call") return lost;
    const answer = await core(structuredClone(invocation));
    return losses.get(point) === "answer" ? lost : answer;
  };

  const engine = createFaultEngine(1n);
  const hooks = createCaller("inband", { kit, identity: "alpha/inband#1", engine, reach: () => roadToCore });
  const [eth0, wire] = MemoryPort.pair();
  const node = { ...there(PAIR.nodes[0]), ...spec };
  const inband = createInband(kit, hooks, node, { nics: new Map([["eth0", eth0]]), relay: undefined }, incarnation);
  const serve = createReceiver({ kit, house: "inband", handlers: inband.handlers, control: {}, onBroken: broken });
  const ready = createCaller("companion", { kit: coreKit, identity: "alpha/companion#2", engine, reach: () => serve });
  const vfsKit = testKit("vfs", { profile, clock, ring, process: 3 });
  const vfs: Hooks<"vfs"> = createCaller("vfs", { kit: vfsKit, identity: "alpha/vfs#1", engine, reach: () => serve });

  let files = 0;
  let log: TraceEvent[] = [];
  /** Keeps what was recorded. Nothing that crosses here may break its contract: errnos, stage, locks. */
  const look = (): void => {
    log.push(...kit.seen());
    const breach = log.find(({ point }) => point === "contract_breach");
    if (breach !== undefined) throw new Error(`${String(breach.args["point"])}: ${JSON.stringify(breach.args)}`);
  };
  const made: World = {
    inband,
    kit,
    wire,
    heard,
    when: world.when,
    lose: (hook, what) => void losses.set(hook, what),
    async call(point, args) {
      const made = vfs[point] as (context: Context, args: object) => ReturnType<Hooks<"vfs">[typeof point]>;
      const reply = await made(APP, { ...DEFAULTS[point], ...args });
      look();
      if (reply.kind === "returned") return reply.value;
      return reply.kind === "refused" ? reply.errno : "lost";
    },
    async socket(args = {}, oob = true) {
      const created = await made.call("sock_create", args);
      if (typeof created === "string") throw new Error(`sock_create: ${created}`);
      const { sock } = created;
      const mapped = await made.call("sock_map_file", { sock, file: ++files, oob });
      if (typeof mapped === "string") throw new Error(`sock_map_file: ${mapped}`);
      return sock;
    },
    async coreReady(incarnation = 2) {
      await ready.sock_core_ready(outermost(""), { incarnation });
      look();
    },
    told: () =>
      heard.splice(0).map(({ point, args, locks }) => {
        const words = [
          "dev",
          "sk",
          "file",
          "flags",
          "oob_data",
          "operation",
          "addr",
          "bound",
          "how",
          "enabled",
          "address",
        ];
        const said = words.flatMap((word) => {
          const value = args[word];
          if (value === undefined || (value instanceof Uint8Array && value.length === 0)) return [];
          return [
            `${word}=${value instanceof Uint8Array ? sockaddrText(value) : JSON.stringify(value).replaceAll('"', "")}`,
          ];
        });
        return [point, ...said, ...(locks.length > 0 ? ["under", ...locks] : [])].join(" ");
      }),
    story() {
      look();
      const told = shorten(log);
      log = [];
      return told;
    },
  };
  return made;
}

const HIDDEN = /^(oob_neighbour_update|oob_route_learn|frame_|lock_wait|neighbour_|device_)/;

function shorten(events: readonly TraceEvent[]): string[] {
  return events.flatMap(({ service, point, phase, ret, lost }) => {
    if (service !== "inband" || HIDDEN.test(point)) return [];
    if (phase === "fact") return [point];
    const hook = !point.startsWith("sock_") || point.startsWith("sock_oob") || point === "sock_inband_ioctl_redirect";
    if (!hook) return [];
    if (phase === "enter") return [point];
    if (lost !== undefined) return [`${point} is lost`];
    return (ret ?? 0) < 0 ? [`${point} says ${errnoOf(ret ?? 0) ?? "?"}`] : [];
  });
}

/** The bytes of an address, such as `127.0.0.1:7000`. */
export const at = (text: string): Uint8Array => buildSockaddr(there(parseSockaddrText(text)));

/** Text as bytes, and back. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);
