import type { ArgShape } from "../../services/lab/calls.ts";
import type { Chance } from "./chance.ts";
import type { Actor, Descriptor } from "./actors.ts";

/** What an argument is drawn from. */
interface Around {
  readonly actor: Actor;
  readonly chance: Chance;
  /** The descriptor that the call is about. */
  readonly about: Descriptor | undefined;
  /** Whether calls may wait for what may never come. */
  readonly mayBlock: boolean;
}

/** A value as a file has it; undefined: left out. */
type Written = string | number | boolean | readonly string[] | undefined;

const PORTS = [7000, 7001, 7002, 53, 0] as const;
const DATA = [
  "x",
  "ping",
  "hex:0200000000020200000000010800",
  "hex:0200000000020200000000010806aa",
  "a longer text ",
] as const;
const NETEM = [
  ...[
    "",
    "drop 100%",
    "tx drop 50%",
    "rx duplicate 60%",
    "corrupt 40%",
    "reorder 50% 2",
    "delay 1ms 500us",
    "rate 64kbit",
  ],
  ...["truncate 30% 20", "ring lost-notification 30%", "ring wrong-index 20%", "ring lost-completion 30%", "nonsense"],
  "ring stuck-consumer 5ms",
] as const;

const words = (...of: readonly number[]): string =>
  of.map((word) => Buffer.from(Uint32Array.of(word).buffer).toString("hex")).join("");

/** What the core's own ioctls of sockets are told: options of 32-bit words, a neighbour behind its flags. */
const SOCKIOC: Readonly<Record<string, readonly string[]>> = {
  EVL_SOCKIOC_SETOPT: [
    ...[0, 1, 100, 2500].flatMap((size) => [words(1, 0, size), words(1, 1, size)]),
    ...[0, 1, 2, 3, 15, 99].map((flags) => words(1, 2, flags)),
    words(1, 7, 0),
    words(6, 0, 0),
  ],
  EVL_SOCKIOC_GETOPT: [words(1, 0), words(1, 1), words(1, 2), words(1, 9)],
  EVL_SOCKIOC_SOLICIT: [0, 1, 2, 8].flatMap((flags) =>
    ["0a000001", "0a000002", "0a000009", "0a002a02", "7f000001"].map(
      (ip) => `${words(flags)}02001b58${ip}${"00".repeat(8)}`,
    ),
  ),
};

/** A descriptor as an argument: one that an earlier call gave, now and then a number that may be anybody's. */
function descriptorText({ about, chance }: Around, what: string): string | number {
  return about === undefined || chance.happens(`${what} guessed`, 0.06)
    ? chance.below(`${what} number`, 6)
    : `$${about.name}`;
}

function addressText(around: Around, call: string): string {
  const { actor, chance, about } = around;
  const own = call === "bind";
  const kind = chance.happens("address astray", 0.08)
    ? chance.of("address of", ["inet", "packet", "oob", "unspec"])
    : about?.kind;
  const ip = chance.happens("address any", own ? 0.3 : 0.02)
    ? "0.0.0.0"
    : chance.of("ip", own && chance.happens("own ip", 0.9) ? actor.node.addresses : actor.node.peers);
  switch (kind) {
    case "packet":
      return `packet/${chance.below("ifindex", 4)}/${chance.of("protocol", ["ETH_P_ALL", "ETH_P_IP", "0x88b5"])}`;
    case "oob":
      return `oob/${chance.below("oob port", 3)}`;
    case "unspec":
      return "unspec";
    default:
      return `${ip ?? "127.0.0.1"}:${chance.of("port", PORTS)}`;
  }
}

function dataText({ chance }: Around): string {
  const text = chance.of("data", DATA);
  return chance.happens("much data", 0.1)
    ? text.replace(/^hex:.*/, "y").repeat(chance.of("repeated", [90, 150, 500]))
    : text;
}

const STREAM_FLAGS: Readonly<Record<string, readonly string[]>> = {
  sendto: ["MSG_OOB", "MSG_MORE"],
  recvfrom: ["MSG_OOB", "MSG_WAITALL"],
};

const flagsOf = (around: Around, call: string): Written => {
  const { about, chance, mayBlock } = around;
  const { some } = chance;
  switch (call) {
    case "open":
      return [
        "O_RDWR",
        ...(mayBlock ? some("open flags", ["O_NONBLOCK"], 0.4) : ["O_NONBLOCK"]),
        ...some("cloexec", ["O_CLOEXEC"], 0.3),
      ];
    case "close_range":
      return chance.of("range flags", [0, "CLOSE_RANGE_CLOEXEC", "CLOSE_RANGE_UNSHARE"]);
    case "dup3":
      return chance.of("dup3 flags", [0, "O_CLOEXEC"]);
    case "fork":
      return chance.happens("thread", 0.6) ? "CLONE_FILES" : 0;
    case "accept4":
      return 0;
    default: {
      const flags = [
        ...(mayBlock && chance.happens("waits", 0.6) ? [] : ["MSG_DONTWAIT"]),
        ...some("flags", ["MSG_PEEK"], call === "recvfrom" ? 0.1 : 0),
        ...(about?.kind === "stream" ? some("of a stream", STREAM_FLAGS[call] ?? [], 0.15) : []),
        ...some("times wanted", ["MSG_TIMESTAMP"], call === "oob_recvmsg" ? 0.3 : 0),
      ];
      return flags.length === 0 ? 0 : flags;
    }
  }
};

function commandOf({ chance, about, mayBlock }: Around, call: string): readonly [Written, Written] {
  if (call === "fcntl") {
    return chance.of<readonly [Written, Written]>("fcntl", [
      ["F_SETFD", "FD_CLOEXEC"],
      ["F_SETFD", 0],
      ["F_GETFD", 0],
      ["F_GETFL", 0],
      ["F_SETFL", mayBlock && chance.happens("blocking again", 0.5) ? 0 : "O_NONBLOCK"],
      ["F_DUPFD", 3],
      ["F_DUPFD_CLOEXEC", 0],
    ]);
  }
  const ofSocket = about !== undefined && about.kind !== "device";
  return ofSocket
    ? [
        chance.of("command", [
          ...(["EVL_SOCKIOC_ACTIVATE", "EVL_SOCKIOC_DEACTIVATE", "EVL_SOCKIOC_SETOPT", "EVL_SOCKIOC_GETOPT"] as const),
          ...(["EVL_SOCKIOC_SOLICIT", "FIONREAD", "SIOCGIFINDEX", "SIOCGIFCONF", 4660] as const),
        ]),
        undefined,
      ]
    : [chance.of("command", ["ECHO_IOC_COUNT", "ECHO_IOC_FLUSH", "STAXED_IOC_LINGER", 4660]), undefined];
}

/** Draws the arguments of a call. */
export function argumentsOf(call: string, shapes: readonly ArgShape[], around: Around): Record<string, Written> {
  const { about, actor, chance, mayBlock } = around;
  const { below, happens, of } = chance;
  const [cmd, arg] = commandOf(around, call);
  const dev = of("dev", actor.node.devices);
  const draw = ({ name }: ArgShape): Written => {
    switch (name) {
      case "fd":
      case "target_fd":
        return descriptorText(around, name);
      case "newfd":
        return happens("onto another", 0.5)
          ? below("newfd", 6)
          : (of(
              "onto",
              actor.table.map((one) => `$${one.name}`),
            ) ?? 4);
      case "count":
        return of("count", [1, 4, 64, 1500]);
      case "data":
        return call === "ioctl" && typeof cmd === "string" && cmd in SOCKIOC && happens("as it wants", 0.8)
          ? `hex:${of("told", SOCKIOC[cmd] ?? [])}`
          : call === "ioctl"
            ? happens("ioctl data", 0.4)
              ? `hex:${"00".repeat(of("bytes", [4, 16, 40]))}`
              : undefined
            : dataText(around);
      case "addr":
        return ["sendto", "oob_sendmsg"].includes(call) && happens("to the peer", 0.4)
          ? undefined
          : addressText(around, call);
      case "flags":
        return flagsOf(around, call);
      case "cmd":
        return cmd;
      case "arg":
        return arg ?? (happens("arg", 0.2) ? below("arg value", 8) : undefined);
      case "events":
        return of("events", ["POLLIN", "POLLOUT", ["POLLIN", "POLLOUT"]]);
      case "timeout_ns":
        return mayBlock && happens("without limit", 0.5)
          ? undefined
          : of("timeout", call.endsWith("poll") ? ["1ms", "20ms"] : ["1ms", "50ms", "2s"]);
      case "vlans":
        return of("vlans", ["", "42", "5,42", "1-99", "nonsense"]);
      case "dev":
        return happens("no such device", 0.03) ? "eth7" : dev;
      case "enabled":
      case "up":
        return happens(name, 0.65);
      case "priority":
        return of("priority", [undefined, 0, 1, 50, 99, 120]);
      case "mode":
        return of("mode", ["EVL_T_WOSS", "EVL_T_WOSX", 0, 8]);
      case "registered":
        return happens(name, 0.7);
      case "controllen":
        return of("controllen", [undefined, 0, 24, 100, 3]);
      case "namelen":
        return of("namelen", [undefined, 0, 4, 16]);
      case "no_name":
        return happens(name, 0.1) || undefined;
      case "cap_sys_nice":
        return happens(name, 0.93);
      case "mtu":
        return of("mtu", [68, 600, 1500, 9000, 20]);
      case "name":
        return call === "oob_net_domain"
          ? of("driver", ["oobpipe", "oobpipe", "oobecho", "nobody"])
          : of("name", ["eth0.5", "eth0.42", "eth0.7"]);
      case "vlan_id":
        return of("vlan_id", [5, 42, 7, 5000]);
      case "address":
        return of("address", [...actor.node.addresses.map((one) => `${one}/24`), "10.0.5.1/24", "nonsense"]);
      case "destination":
        return of("destination", ["10.9.0.0/16", "0.0.0.0/0", "10.0.0.0/24", "nonsense"]);
      case "gateway":
        return of("gateway", [undefined, "10.0.0.2", "10.0.0.9"]);
      case "pool":
        return of("pool", [undefined, 2, 8, 64]);
      case "buffer_bytes":
        return of("buffer_bytes", [undefined, 1600, 2048]);
      case "rules":
        return of("rules", NETEM);
      case "path":
        return of("path", [
          ...([
            "/dev/oobecho",
            "/dev/oobecho",
            "/dev/staxed",
            "/dev/echo",
            "/dev/null",
            "/dev/oobgone",
            "/dev",
          ] as const),
        ]);
      case "first":
        return below("first", 4);
      case "last":
        return of("last", [2, 5, 4294967295]);
      case "from_task":
        return actor.others[below("from_task", Math.max(1, actor.others.length))]?.replace(/@.*/, "") ?? "nobody";
      case "reaper":
        return happens("reaper", 0.3)
          ? (actor.others[below("the reaper", Math.max(1, actor.others.length))]?.replace(/@.*/, "") ?? undefined)
          : undefined;
      case "nofile":
        return of("nofile", [2, 4, 64]);
      case "backlog":
        return about?.kind === "stream" ? below("backlog", 3) : 4;
      case "how":
        return below("how", 4);
      case "level":
        return about?.kind === "stream" && happens("of TCP", 0.3)
          ? "IPPROTO_TCP"
          : of("level", ["SOL_SOCKET", "IPPROTO_IP", "SOL_PACKET"]);
      case "optname":
        return of("optname", [
          "SO_RCVTIMEO",
          "SO_SNDBUF",
          "SO_RCVBUF",
          "SO_TYPE",
          "SO_ERROR",
          "SO_REUSEADDR",
          "SO_BINDTOIFINDEX",
          "IP_TTL",
        ]);
      case "value":
        return of("value", [0, 1, 2, 100_000, 5_000_000]);
      case "drop":
        return of("drop", ["CAP_NET_RAW", "CAP_SYS_NICE", "CAP_NET_ADMIN"]);
      default:
        return undefined;
    }
  };
  return Object.fromEntries(
    shapes.map((shape) => [shape.name, draw(shape)]).filter(([, value]) => value !== undefined),
  ) as Record<string, Written>;
}
