import { assert } from "../../services/abi/assert.ts";
import { outermost } from "../../services/abi/context.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { AF, ETH_P, IPPROTO, MSG, SOCK } from "../../services/abi/flags.ts";
import { parseSockaddrBytes } from "../../services/abi/sockaddr.ts";
import { loneNode, type DriverName, type Topology } from "../../services/abi/topology.ts";
import type { Hooks } from "../../services/boundary/hooks.ts";
import type { HouseNetwork, World } from "../../services/lab/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { short, value } from "../contract/tasks.ts";
import { draws, goodFrames, nextFrame } from "../inband/fuzz-frames.ts";

/** What a run is made of. */
interface NodeFuzz {
  readonly seed: number;
  readonly frames: number;
  readonly driver: DriverName;
  /** Called after each burst, while the world lives, with the number of frames so far. */
  readonly look?: (sent: number) => void;
}

/** What a run saw; the assertions are inside. */
export interface NodeFuzzed {
  /** Frames that were sent: those that were longer than the MTU of the moment were not. */
  readonly sent: number;
  /** Frames that went from the NIC to the stack or the core: what was sent, copies of it, and the node's own answers. */
  readonly arrived: number;
  /** How many ended in each way, with the house. */
  readonly ends: ReadonlyMap<string, number>;
  /** What tasks read. */
  readonly received: { readonly inband: number; readonly oob: number };
}

/** Frames that are on their way at the same time. */
const BURST = 25;
const SECOND = 1e9;
const ETH0 = 2;

/**
 * One node whose wire sends everything back: what a raw socket sends arrives at the NIC as from elsewhere. The wire makes it worse:
 * it cuts frames off within their headers, turns bits, doubles and reorders.
 */
const topologyOf = (driver: DriverName): Topology => ({
  nodes: [
    {
      ...loneNode("alpha"),
      nics: [
        {
          name: "eth0",
          driver,
          mac: "02:00:00:00:00:01",
          mtu: 1500,
          wire: "loopback",
          netem:
            "rx truncate 1% 9; rx truncate 2% 16; rx truncate 2% 40; rx corrupt 2%; rx duplicate 1%; rx reorder 2% 3",
          capture: "",
          replay: "",
        },
      ],
      vlans: [{ name: "eth0.5", dev: "eth0", id: 5 }],
      addresses: [
        { dev: "eth0", address: "192.0.2.1/24" },
        // Who the captured frames speak to.
        { dev: "eth0", address: "10.9.0.1/24" },
        { dev: "eth0.5", address: "10.0.0.1/24" },
      ],
    },
  ],
  switches: [],
});

/** Follows each frame from its birth to the end of its last copy. */
function createLedger() {
  const open = new Map<number, number>();
  const ends = new Map<string, number>();
  let arrived = 0;
  const add = (frame: number, copies: number): void => {
    const left = (open.get(frame) ?? 0) + copies;
    if (left === 0) open.delete(frame);
    else open.set(frame, left);
  };
  return {
    open,
    ends,
    arrived: () => arrived,
    note({ service, point, phase, slice, args }: TraceEvent): void {
      const { frame } = slice;
      if (phase !== "fact" || typeof frame !== "number") return;
      if (point === "frame_send" && args["to"] === "nic") add(frame, 1);
      else if (point === "frame_fault" && args["kind"] === "duplicate") add(frame, 1);
      else if (point === "frame_send" && args["to"] === "inband") arrived++;
      else if (point === "oob_taken") arrived++;
      else if (point === "frame_end") {
        add(frame, -1);
        const end = `${service} ${String(args["fate"])}`;
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    },
  };
}

const addressOf = (text: string): Uint8Array => {
  const bytes = parseSockaddrBytes(text);
  assert(bytes !== undefined, `${text} is an address`);
  return bytes;
};

/** A task with sockets of every kind, in-band and out of band. */
async function openSockets(calls: Hooks<"task">) {
  const { files } = value(await calls.sys_spawn(outermost("app"), { name: "app" }));
  const inband = outermost("app", files);
  value(await calls.oob_attach_thread(inband, { cap_sys_nice: true, priority: 0 }));
  const open = async (family: number, type: number, protocol: number, at = ""): Promise<number> => {
    const { fd } = value(await calls.sys_socket(inband, { family, type, protocol }));
    if (at !== "") value(await calls.sys_bind(inband, { fd, addr: addressOf(at) }));
    return fd;
  };
  const { SOCK_DGRAM, SOCK_RAW, SOCK_OOB } = SOCK;
  // A port first: a socket of frames can be bound out of band to a port only.
  for (const dev of ["eth0", "eth0.5"])
    value(await calls.net_oob_port(inband, { dev, enabled: true, pool: 0, buffer_bytes: 0 }));
  value(await calls.oob_net_vlans(inband, { vlans: "5,42" }));
  const both = await open(AF.AF_INET, SOCK_DGRAM | SOCK_OOB, 0, "0.0.0.0:80");
  const connected = await open(AF.AF_INET, SOCK_DGRAM | SOCK_OOB, 0);
  value(await calls.sys_connect(inband, { fd: connected, addr: addressOf("192.0.2.2:4000") }));
  const oob = [
    both,
    connected,
    await open(AF.AF_PACKET, SOCK_RAW | SOCK_OOB, ETH_P.ETH_P_ALL),
    await open(AF.AF_PACKET, SOCK_RAW | SOCK_OOB, ETH_P.ETH_P_IP, "packet/3/ETH_P_IP"),
  ];
  const plain = [
    both,
    connected,
    await open(AF.AF_INET, SOCK_DGRAM, 0, "0.0.0.0:9"),
    await open(AF.AF_INET, SOCK_RAW, IPPROTO.IPPROTO_ICMP),
    await open(AF.AF_PACKET, SOCK_RAW, ETH_P.ETH_P_ALL),
    await open(AF.AF_PACKET, SOCK_DGRAM, ETH_P.ETH_P_IP, "packet/3/ETH_P_IP"),
  ];
  const injector = await open(AF.AF_PACKET, SOCK_RAW, 0x1234, `packet/${ETH0}/0x1234`);
  return { inband, thread: outermost("app", files, "oob"), oob, plain, injector };
}

/** The counters of a house at a place, by name. */
const countersOf = (network: readonly HouseNetwork[], house: string, where: string): ReadonlyMap<string, number> =>
  new Map(
    network
      .filter((one) => one.house === house)
      .flatMap(({ counters }) => counters)
      .filter((one) => one.where === where)
      .map(({ name, count }) => [name, count]),
  );

const sumOf = (counters: ReadonlyMap<string, number>, is: (name: string) => boolean): number =>
  [...counters].reduce((sum, [name, count]) => sum + (is(name) ? count : 0), 0);

/** What the stack counts of packets that it sends, beside the words that begin with `tx_`. */
const TX_WORDS = ["sent", "loopback_backlog", "neighbour_queue_full", "neighbour_unreachable", "icmp_ratelimit"];

/** What came into the NIC, and what a fault doubled, ended there, or went on; so did what came to the stack, or to the core. */
function checkCounters(network: readonly HouseNetwork[]): void {
  const nic = countersOf(network, "nic", "eth0");
  const cameIn = (name: string): boolean => ["rx", "tx", "tx_oob", "fault_duplicate"].includes(name);
  const told = (name: string): boolean => cameIn(name) || name === "oob_deferred" || name.startsWith("fault_");
  const [came, ended] = [sumOf(nic, cameIn), sumOf(nic, (name) => !told(name))];
  assert(came === ended, `what came into the NIC (${came}) ended there or went on (${ended})`);
  const stack = countersOf(network, "inband", "");
  const sent = (name: string): boolean => name.startsWith("tx_") || TX_WORDS.includes(name);
  const up = countersOf(network, "inband", "eth0 ring").get("received") ?? 0;
  const looped = countersOf(network, "inband", "lo").get("sent") ?? 0;
  const fated = sumOf(stack, (name) => !sent(name));
  assert(up + looped === fated, `what came up to the stack (${up} and ${looped}) has a fate there (${fated})`);
  let [accepted, done] = [0, 0];
  for (const where of ["eth0", "eth0.5"]) {
    const core = countersOf(network, "companion", where);
    accepted += core.get("rx_accept") ?? 0;
    done += sumOf(
      core,
      (name) => name.startsWith("rx_") && !["rx_accept", "rx_skip", "rx_filter_drop", "rx_no_clone"].includes(name),
    );
  }
  assert(accepted === done, `what the core accepted (${accepted}) ended with it (${done})`);
}

/** Throws frames at a whole node, and switches, reads, and lets time pass in between. */
export async function fuzzNode({ seed, frames, driver, look }: NodeFuzz): Promise<NodeFuzzed> {
  const options = { seed: BigInt(seed), profile: "documented", topology: topologyOf(driver) } as const;
  const world = await createWorld("simulated", options);
  const ledger = createLedger();
  world.onEvents((batch) => {
    for (const event of batch) ledger.note(event);
  });
  const { sent, received } = await world.drive(() =>
    play(world, { seed, frames, driver, ...(look && { look }) }, ledger.open),
  );
  await world.settle();
  assert((await world.dropped()) === 0, "no event is missing");
  assert(ledger.open.size === 0, `every frame ended: ${JSON.stringify([...ledger.open].slice(0, 5))}`);
  checkCounters(await world.network());
  await world.stop();
  return { sent, arrived: ledger.arrived(), ends: ledger.ends, received };
}

async function play(world: World, { seed, frames, look }: NodeFuzz, open: ReadonlyMap<number, number>) {
  const { calls, clock } = world;
  const draw = draws(seed);
  const good = goodFrames();
  const { inband, thread, oob, plain, injector } = await openSockets(calls);
  const received = { inband: 0, oob: 0 };
  const told = new Set<string>();
  const answers = new Map<string, number>();

  const administrate = async (): Promise<void> => {
    const dev = draw(2) === 0 ? "eth0" : "eth0.5";
    const enabled = draw(3) > 0;
    switch (draw(8)) {
      case 0:
      case 1:
        told.add(short(await calls.net_oob_port(inband, { dev, enabled, pool: 0, buffer_bytes: 0 })));
        return;
      case 2:
        told.add(short(await calls.oob_net_divert(inband, { dev: "eth0", enabled })));
        return;
      case 3:
        told.add(short(await calls.oob_net_vlans(inband, { vlans: enabled ? "5,42" : "" })));
        return;
      case 4:
        told.add(short(await calls.net_mtu(inband, { dev, mtu: [68, 600, 1500][draw(3)] ?? 1500 })));
        return;
      case 5:
        told.add(short(await calls.net_link_down(inband, { dev })));
        for (const one of ["eth0", "eth0.5"]) told.add(short(await calls.net_link_up(inband, { dev: one })));
        return;
      default:
        await clock.sleepNs(draw(4) * SECOND);
    }
  };
  const read = async (): Promise<void> => {
    const args = { count: 2000, flags: MSG.MSG_DONTWAIT };
    for (const fd of plain) {
      while (draw(50) > 0 && (await calls.sys_recvfrom(inband, { fd, ...args })).kind === "returned") received.inband++;
    }
    for (const fd of oob) {
      const reading = { fd, ...args, timeout_ns: 0 };
      while (draw(50) > 0 && (await calls.oob_recvmsg(thread, reading)).kind === "returned") received.oob++;
    }
  };

  for (let offered = 0; offered < frames; offered += BURST) {
    const burst = Array.from({ length: BURST }, () => nextFrame(good, draw));
    const replies = await Promise.all(
      burst.map((data) => calls.sys_sendto(inband, { fd: injector, data, flags: 0, addr: new Uint8Array(0) })),
    );
    for (const outcome of replies.map(short)) answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
    // Frames are offered to the core one by one: the node is given the time for that, or its wire would be full.
    await clock.sleepNs(80_000);
    if (draw(4) === 0) await administrate();
    if (draw(20) === 0) await read();
    // What is open is on its way, or waits as a fragment, which has its own bound.
    assert(open.size < 30_000, "the frames that wait are bounded");
    look?.(offered + BURST);
  }
  for (const outcome of told) assert(/^(returned|E[A-Z]+)$/.test(outcome), `no call is lost: ${outcome}`);
  // An hour later nothing waits any more.
  await clock.sleepNs(3600 * SECOND);
  const known = ["returned", "EMSGSIZE", "EINVAL"];
  assert(
    [...answers.keys()].every((outcome) => known.includes(outcome)),
    "a frame is sent, too long, or without a header",
  );
  return { sent: answers.get("returned") ?? 0, received };
}
