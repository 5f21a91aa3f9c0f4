import { assert } from "../../services/abi/assert.ts";
import { outermost, type Context } from "../../services/abi/context.ts";
import type { FaultRule } from "../../services/abi/contract.generated.ts";
import { AF, ETH_P, MSG, SOCK } from "../../services/abi/flags.ts";
import { hash53 } from "../../services/abi/hash.ts";
import type { Clock } from "../../services/abi/kit.ts";
import { parseSockaddrBytes } from "../../services/abi/sockaddr.ts";
import { PAIR, type DriverName, type Topology } from "../../services/abi/topology.ts";
import type { Hooks } from "../../services/boundary/hooks.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { short, value } from "../contract/tasks.ts";
import { newLedger, noteEvent, noteReceived, noteSent, type Ledger } from "./conservation.ts";

/** What a run is made of. */
export interface Switching {
  readonly seed: bigint;
  /** How often the diversion of the receiver's NIC, or its being a port, is switched. */
  readonly switches: number;
  readonly driver?: DriverName;
  readonly mutant?: string;
  /** What goes wrong on the receiver's wire. */
  readonly netem?: string;
}

/** What a run left. */
export interface Switched {
  readonly ledger: Ledger;
  /** How often each switch was made, and how it was answered, such as `port on returned`. */
  readonly answers: ReadonlyMap<string, number>;
  /** Datagrams that each of the taps saw. */
  readonly tapped: { readonly inband: number; readonly oob: number };
}

/** The issue's: two frames in a hundred are overtaken by three others, and all come late, some later than those behind them. */
const NETEM = "rx reorder 2% 3; rx delay 50us 20us";

const SENDERS = ["s0", "s1", "s2"];
const ADMINS = ["m0", "m1"];
const READERS = 2;
/** Datagrams that tell their reader to stop are numbered from here. */
const STOP_FROM = 1_000_000;
const SETTLE_NS = 50e6;
/** Who waits that long waits for a datagram that was lost: the count tells, and nobody hangs. In-band it is as long. */
const PATIENCE_NS = 100e9;
/** The core takes its time now and then, so that devices are switched while a frame is being offered. */
const LATE: FaultRule = {
  id: "late",
  point: "netif_deliver_oob",
  select: { nth: [], every: 0, interval: 0, times: 0, probability: { numerator: 1, denominator: 10 } },
  effect: { kind: "delay", delay_ns: 30_000 },
};

const addressOf = (text: string): Uint8Array => {
  const bytes = parseSockaddrBytes(text);
  assert(bytes !== undefined, `${text} is an address`);
  return bytes;
};
const SERVER = addressOf("10.0.0.2:7000");

const numbered = (number: number): Uint8Array => new TextEncoder().encode(String(number).padStart(8, "0"));
const numberOf = (data: Uint8Array): number => Number(new TextDecoder().decode(data.subarray(-8)));

const topologyOf = (driver: DriverName): Topology => ({
  ...PAIR,
  nodes: PAIR.nodes.map((node) =>
    node.name === "beta" ? { ...node, nics: node.nics.map((nic) => ({ ...nic, driver })) } : node,
  ),
});

/** A task of a node, with the contexts of its calls. */
async function taskOn(calls: Hooks<"task">, name: string) {
  const { files } = value(await calls.sys_spawn(outermost(name), { name }));
  return { inband: outermost(name, files), oob: outermost(name, files, "oob") };
}

/** What the tasks of a run share. */
interface Stage {
  readonly clock: Clock;
  readonly alpha: Hooks<"task">;
  readonly beta: Hooks<"task">;
  readonly ledger: Ledger;
  /** The n-th choice of somebody: a number below `choices`. */
  readonly choose: (who: string, n: number, choices: number) => number;
  readonly answers: Map<string, number>;
  switching: boolean;
  lastNumber: number;
}

/** Sends the next number, or this one. */
async function send({ alpha, ledger }: Stage, from: Sender, number: number): Promise<void> {
  noteSent(ledger, number);
  value(await alpha.sys_sendto(from.inband, { fd: from.fd, data: numbered(number), flags: 0, addr: SERVER }));
}

interface Sender {
  readonly inband: Context;
  readonly fd: number;
}

async function sender({ alpha }: Stage, name: string): Promise<Sender> {
  const { inband } = await taskOn(alpha, name);
  const socket = { family: AF.AF_INET, type: SOCK.SOCK_DGRAM, protocol: 0 };
  return { inband, fd: value(await alpha.sys_socket(inband, socket)).fd };
}

/** A task that sends as long as somebody switches. */
async function sendAlways(stage: Stage, name: string): Promise<void> {
  const from = await sender(stage, name);
  for (let n = 0; stage.switching; n++) {
    await send(stage, from, ++stage.lastNumber);
    await stage.clock.sleepNs(stage.choose(name, n, 8) * 5_000);
  }
}

/** A task that switches beta's eth0 at random, so many times. */
async function switchAlways({ beta, choose, clock, answers }: Stage, name: string, times: number): Promise<void> {
  const { inband } = await taskOn(beta, name);
  for (let n = 0; n < times; n++) {
    const enabled = choose(`${name}/on`, n, 2) === 1;
    const [what, reply] =
      choose(`${name}/what`, n, 2) === 1
        ? ["port", await beta.net_oob_port(inband, { dev: "eth0", enabled, pool: 0, buffer_bytes: 0 })]
        : ["divert", await beta.oob_net_divert(inband, { dev: "eth0", enabled })];
    const told = `${what} ${enabled ? "on" : "off"} ${short(reply)}`;
    answers.set(told, (answers.get(told) ?? 0) + 1);
    await clock.sleepNs(choose(name, n, 8) * 10_000);
  }
}

/** The task that receives: one socket for both stages, and a tap on each. */
async function server({ beta, ledger, clock }: Stage) {
  const { inband, oob } = await taskOn(beta, "server");
  const socket = async (family: number, type: number, protocol: number): Promise<number> =>
    value(await beta.sys_socket(inband, { family, type, protocol })).fd;
  value(await beta.oob_attach_thread(inband, { cap_sys_nice: true, priority: 0 }));
  const fd = await socket(AF.AF_INET, SOCK.SOCK_DGRAM | SOCK.SOCK_OOB, 0);
  value(await beta.sys_bind(inband, { fd, addr: SERVER }));
  const taps = {
    inband: await socket(AF.AF_PACKET, SOCK.SOCK_RAW, ETH_P.ETH_P_ALL),
    oob: await socket(AF.AF_PACKET, SOCK.SOCK_RAW | SOCK.SOCK_OOB, ETH_P.ETH_P_ALL),
  };
  const tapped = { inband: 0, oob: 0 };

  /** Whether a datagram says that its reader shall stop. */
  const stops = (data: Uint8Array, how: string): boolean => {
    const number = numberOf(data);
    noteReceived(ledger, number, how);
    return number >= STOP_FROM;
  };
  const take = async (stage: "inband" | "oob", from: number, flags: number): Promise<Uint8Array | undefined> => {
    const args = { fd: from, count: 2000, flags };
    const got =
      stage === "inband"
        ? await beta.sys_recvfrom(inband, args)
        : await beta.oob_recvmsg(oob, { ...args, timeout_ns: clock.nowNs() + PATIENCE_NS });
    return got.kind === "returned" ? got.value.data : undefined;
  };

  return {
    inband,
    tapped,
    async read(stage: "inband" | "oob"): Promise<void> {
      for (;;) {
        // First without waiting, as a thread does that polls; then asleep.
        const data = (await take(stage, fd, MSG.MSG_DONTWAIT)) ?? (await take(stage, fd, 0));
        if (data === undefined || stops(data, stage)) return;
      }
    },
    /** Empties a tap, and counts the datagrams in it. Each is 50 bytes long: 14, 20, 8, and the number. */
    async drain(stage: "inband" | "oob"): Promise<void> {
      for (;;) {
        const data = await take(stage, taps[stage], MSG.MSG_DONTWAIT);
        if (data === undefined) return;
        if (data.length === 50 && numberOf(data) < STOP_FROM) tapped[stage]++;
      }
    },
    async tapAlways(stage: Stage): Promise<void> {
      while (stage.switching) {
        await this.drain("inband");
        await this.drain("oob");
        await clock.sleepNs(500_000);
      }
    },
  };
}

async function play(stage: Stage, switches: number, netem: string): Promise<Switched["tapped"]> {
  const { beta, clock } = stage;
  const receiver = await server(stage);
  // Nobody has to wait for ARP later: what waits for a neighbour is bounded, and an ARP frame that is held back would cost frames.
  const last = await sender(stage, "last");
  await send(stage, last, ++stage.lastNumber);
  await clock.sleepNs(SETTLE_NS);
  value(await beta.nic_netem(receiver.inband, { dev: "eth0", rules: netem }));
  const stages = ["inband", "oob"] as const;
  const readers = stages.map((one) => Array.from({ length: READERS }, () => receiver.read(one)));
  const sending = SENDERS.map((name) => sendAlways(stage, name));
  const tapping = receiver.tapAlways(stage);
  await Promise.all(ADMINS.map((name) => switchAlways(stage, name, switches / ADMINS.length)));
  stage.switching = false;
  await Promise.all([...sending, tapping]);

  // What is held back on the wire goes on; then the readers are told to stop, those of each stage on their own way.
  value(await beta.nic_netem(receiver.inband, { dev: "eth0", rules: "" }));
  await clock.sleepNs(SETTLE_NS);
  for (const [i, enabled] of [false, true].entries()) {
    value(await beta.net_oob_port(receiver.inband, { dev: "eth0", enabled, pool: 0, buffer_bytes: 0 }));
    for (let n = 0; n < READERS; n++) await send(stage, last, STOP_FROM + i * READERS + n);
    await Promise.all(readers[i] ?? []);
  }
  await clock.sleepNs(SETTLE_NS);
  for (const one of stages) await receiver.drain(one);
  return receiver.tapped;
}

/**
 * alpha sends numbered datagrams all the time, from several tasks. Meanwhile two administrators of beta switch its eth0 at random
 * between no diversion, diversion, and being a port, and what arrives is read in-band and out of band, and seen by a tap on either
 * stage. Everything is chosen by the seed.
 */
export async function switchAtRandom(options: Switching): Promise<Switched> {
  const { seed, switches, driver = "oob-capable", netem = NETEM, mutant } = options;
  const topology = topologyOf(driver);
  const world = await createWorld("simulated", { seed, profile: "documented", topology, mutant });
  const [alpha, beta] = [world.nodes.get("alpha")?.calls, world.nodes.get("beta")?.calls];
  assert(alpha !== undefined && beta !== undefined, "there are two nodes");
  const ledger = newLedger("alpha", "beta");
  world.onEvents((batch) => {
    for (const event of batch) noteEvent(ledger, event);
  });
  const answers = new Map<string, number>();
  const choose: Stage["choose"] = (who, n, choices) => hash53(`${seed}/${who}/${n}`) % choices;
  const { clock } = world;
  const stage: Stage = { clock, alpha, beta, ledger, choose, answers, switching: true, lastNumber: 0 };
  const tapped = await world.drive(async () => {
    assert((await world.arm(LATE)) === undefined, "the core may be late");
    return play(stage, switches, netem);
  });
  await world.settle();
  assert((await world.dropped()) === 0, "no event is missing");
  await world.stop();
  return { ledger, answers, tapped };
}
