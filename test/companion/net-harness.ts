import { outermost, type Context } from "../../services/abi/context.ts";
import { CONTRACT, type PointArgs, type PointsTo, type Stage } from "../../services/abi/contract.generated.ts";
import { AF, IPPROTO, SOCK } from "../../services/abi/flags.ts";
import type { FrameMeta, FramePort } from "../../services/abi/frame.ts";
import type { Kit } from "../../services/abi/kit.ts";
import { buildEthernet, ETH_P, type EthernetFrame } from "../../services/abi/packet/ethernet.ts";
import { fragment } from "../../services/abi/packet/fragment.ts";
import { buildIpv4, type Ipv4Packet } from "../../services/abi/packet/ipv4.ts";
import { parseIpv4Address, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { MAC_BYTES, parseMac, putMac, type Mac } from "../../services/abi/packet/mac.ts";
import { buildUdp } from "../../services/abi/packet/udp.ts";
import { pushTag } from "../../services/abi/packet/vlan.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { buildSockaddr, parseSockaddrText, sockaddrText } from "../../services/abi/sockaddr.ts";
import type { Hooks, Outcome } from "../../services/boundary/hooks.ts";
import { createCompanion, type Companion } from "../../services/companion/companion.ts";
import type { Temper } from "../../services/companion/temper.ts";
import { calls, lineLog, manualClock, type ManualClock } from "./harness.ts";

type Point = PointsTo["companion"];

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

function address(of: string): Ipv4Address {
  const parsed = parseIpv4Address(of);
  if (parsed === undefined) throw new Error(`${of} is no address`);
  return parsed;
}

export function mac(of: string): Mac {
  const parsed = parseMac(of);
  if (parsed === undefined) throw new Error(`${of} is no link address`);
  return parsed;
}

/** `10.0.0.2:7000` as a sockaddr; nothing as no bytes. */
export function sockaddr(of: string): Uint8Array {
  const parsed = of === "" ? undefined : parseSockaddrText(of);
  if (of !== "" && parsed === undefined) throw new Error(`${of} is no socket address`);
  return parsed === undefined ? new Uint8Array(0) : buildSockaddr(parsed);
}

/** The core's own link address, and that of the other node. */
export const HERE = mac("02:00:00:00:00:01");
export const THERE = mac("02:00:00:00:00:02");

export const macBytes = (of: Mac): Uint8Array => {
  const bytes = new Uint8Array(MAC_BYTES);
  putMac(bytes, 0, of);
  return bytes;
};

/** A frame that went into a link. */
interface Sent {
  readonly link: string;
  readonly bytes: Uint8Array;
  readonly meta: FrameMeta;
}

function link(name: string, sent: Sent[], room: () => boolean): FramePort {
  return {
    medium: "test",
    counts: { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 },
    send(bytes, meta) {
      if (!room()) return false;
      sent.push({ link: name, bytes: bytes.slice(), meta });
      return true;
    },
    flush: () => undefined,
    receive: () => undefined,
  };
}

/** What of a datagram a test cares about. */
export interface Datagram {
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
  readonly destination?: Mac;
  readonly protocol?: number;
  /** Tags, the outer one first. */
  readonly vlans?: readonly number[];
  readonly mtu?: number;
}

/** The frames of a UDP datagram for the core, in pieces if the MTU says so. */
export function frames(of: Datagram = {}): Uint8Array[] {
  const [source = "", sourcePort = ""] = (of.from ?? "10.0.0.2:9000").split(":");
  const [destination = "", destinationPort = ""] = (of.to ?? "10.0.0.1:7000").split(":");
  const ends = { source: address(source), destination: address(destination) };
  const datagram = { sourcePort: +sourcePort, destinationPort: +destinationPort, payload: utf8(of.text ?? "ping") };
  const packet: Ipv4Packet = {
    ...ends,
    tos: 0,
    identification: 7,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: of.protocol ?? IPPROTO.IPPROTO_UDP,
    options: new Uint8Array(0),
    payload: buildUdp(datagram, ends),
  };
  const pieces = fragment(packet, of.mtu ?? 1500);
  if (!pieces.ok) throw new Error("it does not fit");
  return pieces.value.map((piece) => {
    const plain: EthernetFrame = {
      destination: of.destination ?? HERE,
      source: THERE,
      ethertype: ETH_P.ETH_P_IP,
      payload: buildIpv4(piece),
    };
    const tagged = [...(of.vlans ?? [])]
      .reverse()
      .reduce(
        (frame, vid) => pushTag(frame, { protocol: ETH_P.ETH_P_8021Q, priority: 0, dropEligible: false, vid }),
        plain,
      );
    return buildEthernet(tagged);
  });
}

/** The one frame of a small datagram. */
export function frame(of: Datagram = {}): Uint8Array {
  const [only] = frames(of);
  if (only === undefined) throw new Error("no frame");
  return only;
}

/** A core with links, sockets, and a thread `rt` of table 1 that is attached. Descriptors have the numbers of their files. */
export interface NetStory {
  readonly clock: ManualClock;
  readonly record: string[];
  readonly sent: Sent[];
  readonly companion: Companion;
  /** The facts whose names begin so. */
  facts(...prefixes: string[]): string[];
  call<P extends Point>(point: P, args: PointArgs[P], context?: Context): Promise<Outcome<P>>;
  /** How it ended: `ok` or the errno. */
  told<P extends Point>(point: P, args: PointArgs[P], context?: Context): Promise<string>;
  attach(fd: number, of?: { family?: number; type?: number; protocol?: number; flags?: number }): Promise<string>;
  udp(fd: number, bound?: string, flags?: number): Promise<void>;
  bind(fd: number, addr: string, bound?: string): Promise<string>;
  connect(fd: number, addr: string, bound?: string): Promise<string>;
  shutdown(fd: number, how: number): Promise<string>;
  release(fd: number): Promise<string>;
  destroy(fd: number): Promise<string>;
  port(dev: string, of?: Partial<PointArgs["netif_oob_switch_port"]>): Promise<string>;
  send(
    fd: number,
    data: string | Uint8Array,
    addr?: string,
    of?: { flags?: number; timeoutNs?: number },
  ): Promise<number | string>;
  /** `ping from 10.0.0.2:9000`, with what the flags say, or the errno. */
  receive(fd: number, of?: { count?: number; flags?: number; timeoutNs?: number; task?: string }): Promise<string>;
  poll(fd: number, events: number): Promise<number | string>;
  deliver(bytes: Uint8Array, stage?: Stage, dev?: string): Promise<boolean>;
  oobData(fd: number): number;
}

export interface NetOptions {
  readonly profile?: Profile;
  readonly temper?: Temper;
  readonly hooks?: Partial<Hooks<"companion">>;
  /** Whether the links have room. */
  readonly room?: () => boolean;
}

export async function createNetStory(options: NetOptions = {}): Promise<NetStory> {
  const record: string[] = [];
  const sent: Sent[] = [];
  const clock = manualClock();
  const kit: Kit = {
    node: "alpha",
    house: "companion",
    profile: options.profile ?? "documented",
    seed: 1n,
    clock,
    random: { fraction: () => 0 },
    events: lineLog(record),
  };
  const room = options.room ?? (() => true);
  const ports = {
    nics: new Map([["eth0", link("eth0", sent, room)]]),
    relay: link("relay", sent, room),
  };
  const hooks = { ...calls(() => companion), ...options.hooks };
  const companion: Companion = createCompanion(kit, hooks, ports, options.temper);
  const contexts = new Map<number, number>();
  const inband = outermost("task", 1);
  let frameNumber = 0;

  async function call<P extends Point>(point: P, args: PointArgs[P], context = inband): Promise<Outcome<P>> {
    const handler = companion.handlers[point];
    if (handler === undefined) throw new Error(`${point} is not served`);
    const outcome = await handler(args, context);
    if (!outcome.ok && !CONTRACT[point].errnos.includes(outcome.errno)) {
      throw new Error(`${point} may not answer ${outcome.errno}: its contract does not list it`);
    }
    return outcome;
  }
  const told: NetStory["told"] = async (point, args, context) => {
    const outcome = await call(point, args, context);
    return outcome.ok ? "ok" : outcome.errno;
  };
  const oobData = (fd: number): number => contexts.get(fd) ?? 0;
  const named = (fd: number) => ({ sk: fd, oob_data: oobData(fd) });
  const thread = (task: string): Context => outermost(task, 1, "oob");

  const story: NetStory = {
    clock,
    record,
    sent,
    companion,
    call,
    told,
    oobData,
    facts: (...prefixes) => record.filter((line) => prefixes.some((prefix) => line.startsWith(prefix))),
    async attach(fd, { family = AF.AF_INET, type = SOCK.SOCK_DGRAM, protocol = 0, flags = 0 } = {}) {
      const args = { sock: fd, sk: fd, file: fd, family, type, protocol, flags };
      const attached = await call("sock_oob_attach", args);
      if (!attached.ok) return attached.errno;
      contexts.set(fd, attached.value.oob_data);
      await call("install_inband_fd", { files: 1, fd, file: fd, oob_data: attached.value.oob_data });
      return "ok";
    },
    async udp(fd, bound, flags = 0) {
      await story.attach(fd, { flags });
      if (bound !== undefined) await story.bind(fd, bound);
    },
    bind: (fd, addr, bound = addr) =>
      told("sock_oob_bind", { ...named(fd), addr: sockaddr(addr), bound: sockaddr(bound) }),
    connect: (fd, addr, bound = "10.0.0.1:40000") =>
      told("sock_oob_connect", { ...named(fd), addr: sockaddr(addr), bound: sockaddr(bound), flags: 0 }),
    shutdown: (fd, how) => told("sock_oob_shutdown", { ...named(fd), how }),
    release: (fd) => told("sock_oob_release", { sock: fd, sk: 0, file: fd, oob_data: oobData(fd) }),
    destroy: (fd) => told("sock_oob_destroy", named(fd)),
    port: (dev, of = {}) =>
      told("netif_oob_switch_port", {
        dev,
        ifindex: 2,
        real: "eth0",
        vlan_id: 0,
        mac: macBytes(HERE),
        mtu: 1500,
        capable: true,
        running: true,
        enabled: true,
        pool: 0,
        buffer_bytes: 0,
        ...of,
      }),
    async send(fd, data, addr = "", { flags = 0, timeoutNs = 0 } = {}) {
      const bytes = typeof data === "string" ? utf8(data) : data;
      const args = { fd, data: bytes, flags, addr: sockaddr(addr), timeout_ns: timeoutNs };
      const outcome = await call("oob_sendmsg", args, thread("rt"));
      return outcome.ok ? outcome.value.count : outcome.errno;
    },
    async receive(fd, { count = 2000, flags = 0, timeoutNs = 0, task = "rt" } = {}) {
      const got = await call("oob_recvmsg", { fd, count, flags, timeout_ns: timeoutNs }, thread(task));
      if (!got.ok) return got.errno;
      const { data, addr, length } = got.value;
      const truncated = got.value.flags === 0 ? "" : ` (${length} in all)`;
      return `${text(data)} from ${addr.length === 0 ? "nobody" : sockaddrText(addr)}${truncated}`;
    },
    async poll(fd, events) {
      const polled = await call("oob_poll", { fd, events, timeout_ns: 0 }, thread("rt"));
      return polled.ok ? polled.value.revents : polled.errno;
    },
    async deliver(bytes, stage = "oob", dev = "eth0") {
      frameNumber += 1;
      const context = outermost("", 0, stage);
      const verdict = await call("netif_deliver_oob", { dev, frame: frameNumber, data: bytes }, context);
      return verdict.ok && verdict.value.taken;
    },
  };
  await call("oob_attach_thread", { cap_sys_nice: true, priority: 0 }, outermost("rt", 1));
  return story;
}
