import { assert } from "../abi/assert.ts";
import { outermost } from "../abi/context.ts";
import {
  CONTRACT,
  type FaultEffect,
  type FaultReport,
  type FaultRule,
  type FileEntry,
  type House,
  type PointName,
  type PointValues,
  type PointsFrom,
  type TaskEntry,
} from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Kit } from "../abi/kit.ts";
import type { Topology } from "../abi/topology.ts";
import { BLOWS, type Blows } from "../boundary/blows.ts";
import { createCaller } from "../boundary/caller.ts";
import { aimOf, housesOf } from "../boundary/faults/check.ts";
import type { FaultSeat } from "../boundary/faults/cells.ts";
import type { FaultPoint } from "../boundary/faults/points.ts";
import { seenBy } from "../boundary/faults/seen.ts";
import { suppressedSum } from "../boundary/faults/suppressed.ts";
import { createFaultEngine, type FaultEngine } from "../boundary/faults/engine.ts";
import type { Reply, Transport } from "../boundary/invocation.ts";
import type { HouseNetwork, Runtime, World, WorldNode } from "../lab/world.ts";
import { refusalFacts } from "../transports/refusals.ts";
import { blowProblem } from "./blows.ts";
import { control, controlRoad } from "./control.ts";
import { createStageFreezer, type StageFreezer } from "./freeze.ts";
import type { BuiltHouse } from "./links.ts";
import { faultSeed } from "./thread-kit.ts";

/** How the lab reaches a house that it controls. */
export interface HouseLink {
  readonly node: string;
  readonly house: BuiltHouse;
  readonly transport: Transport;
}

/** What a runtime gives to make a world of houses that it can reach. */
export interface WorldParts {
  readonly runtime: Runtime;
  readonly topology: Topology;
  /** The kit of the tasks of each node, in the order of the topology: their clock, their log. */
  readonly kits: readonly Kit[];
  /** The kit of the lab itself. */
  readonly lab: Kit;
  /** How tasks of a node reach each of its houses. */
  readonly reach: (node: string, house: House) => Transport | undefined;
  /** How the lab reaches the houses of every node: all but a foreign core. */
  readonly controls: readonly HouseLink[];
  /** How it asks cores that are not ours, which need not answer. */
  readonly foreign?: readonly HouseLink[];
  /** Who strikes places for rules on the calls of tasks; left out, the world cannot be struck. */
  readonly blows?: Blows;
  /** What the rules of houses did that have died since. Those of a rule that is disarmed are taken out. */
  readonly formerReports?: FaultReport[];
  drive<T>(program: () => Promise<T>): Promise<T>;
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  settle(): Promise<void>;
  dropped(): Promise<number>;
  stop(): Promise<void>;
}

/** A node with the rules on the calls of its tasks, which are armed here; every other rule goes to the house that calls. */
interface Node extends WorldNode {
  readonly engine: FaultEngine;
  readonly stage: StageFreezer;
}

const valueOf = <P extends PointName>(reply: Reply<P>): PointValues[P] | undefined =>
  reply.kind === "returned" ? reply.value : undefined;

/** Where a rule can be armed: with the tasks of a node, or at a house. */
interface Seat {
  readonly node: string;
  readonly house: House;
  arm(rule: FaultRule): Promise<string | undefined>;
  disarm(id: string): Promise<unknown>;
}

const seatHere = ({ name, engine }: Node): Seat => ({
  node: name,
  house: "task",
  arm: (rule) => Promise.resolve(engine.arm(rule)),
  disarm: (id) => Promise.resolve(engine.disarm(id)),
});

const seatAt = ({ node, house, transport }: HouseLink): Seat => ({
  node,
  house,
  async arm(rule) {
    const reply = await control(transport, "ctl_arm_fault", { rule });
    if (reply.kind !== "returned") return `${house} of ${node} does not answer`;
    return reply.value.reason === "" ? undefined : reply.value.reason;
  },
  disarm: (id) => control(transport, "ctl_disarm_fault", { id }),
});

/** What one rule did on every node, as one. */
function summed(reports: readonly FaultReport[]): FaultReport[] {
  const sums = new Map<string, FaultReport>();
  for (const report of reports) {
    const key = `${report.rule?.point ?? ""} ${report.rule?.id ?? ""}`;
    const sum = sums.get(key) ?? { crossings: 0, matched: 0, fired: 0 };
    sums.set(key, {
      ...report,
      crossings: sum.crossings + report.crossings,
      matched: sum.matched + report.matched,
      fired: sum.fired + report.fired,
      suppressed: suppressedSum(sum.suppressed, report.suppressed),
    });
  }
  return [...sums.values()];
}

/** The World over houses: the same for every runtime, which only says how they are reached and how events come back. */
export function createWorldOver(parts: WorldParts): World {
  const { topology, kits, formerReports = [] } = parts;
  const [first] = kits;
  assert(first !== undefined, "a world has a node");
  const links = parts.controls.map((link) => ({ ...link, transport: controlRoad(link.transport, first.clock) }));
  /** Who is asked what there is. */
  const known = [...links, ...(parts.foreign ?? [])];
  const nodes = kits.map((given): Node => {
    const engine = createFaultEngine(faultSeed(given));
    const kit = { ...given, events: seenBy(engine, given) };
    const stage = createStageFreezer(kit, links, parts.blows);
    const reach = (house: House): Transport | undefined => {
      const road = parts.reach(kit.node, house);
      // The houses of the in-band stage stand still themselves, with the calls that have reached them.
      return road === undefined || house === "vfs" || house === "inband" ? road : stage.outgoing(road);
    };
    const { deadlineNs } = stage;
    const identity = `${kit.node}/task#1`;
    const calls = createCaller("task", { kit, identity, reach, engine, blows: parts.blows, deadlineNs });
    return { name: kit.node, calls, engine, stage };
  });
  const [home] = nodes;
  assert(home !== undefined, "a world has a node");

  const askAll = <P extends PointsFrom["lab"]>(point: P, args: Parameters<typeof control<P>>[2]): Promise<Reply<P>[]> =>
    Promise.all(links.map(({ transport }) => control(transport, point, args)));

  async function disarm(id: string): Promise<boolean> {
    const here = nodes.map(({ engine }) => engine.disarm(id));
    const there = await askAll("ctl_disarm_fault", { id });
    const others = formerReports.filter(({ rule }) => id !== "*" && rule?.id !== id);
    const wasThere = formerReports.length > others.length;
    formerReports.splice(0, Infinity, ...others);
    return wasThere || here.some(({ ok }) => ok) || there.some((reply) => reply.kind === "returned");
  }

  const places = [
    ...parts.controls.map(({ node, house }) => `${node}/${house}`),
    ...topology.switches.map(({ name }) => `${name}/switch`),
  ];
  /** Why a blow cannot be struck here; undefined for rules without one. */
  function unstrikable(rule: FaultRule, seats: readonly string[]): string | undefined {
    if (!BLOWS.some((kind) => kind === rule.effect?.kind)) return undefined;
    if (parts.blows === undefined) return `the places of this world cannot be struck (${parts.runtime})`;
    return seats.map((node) => blowProblem({ topology }, places, node, rule)).find((problem) => problem !== undefined);
  }

  async function strike(effect: FaultEffect): Promise<string | undefined> {
    const { kind, delay_ns, blow } = effect;
    if (parts.blows === undefined || blow === undefined || kind === undefined)
      return `the places of this world cannot be struck (${parts.runtime})`;
    // The names are full, so that the crossing that a rule would have names nothing here.
    const problem = blowProblem({ topology }, places, home?.name ?? "", { id: kind, point: "sys_open", effect });
    if (problem !== undefined) return problem;
    const { events } = parts.lab;
    const { place, peer, for_ns } = blow;
    events.fact(outermost(""), "strike", {}, { kind, place, peer, for_ns, delay_ns });
    await parts.blows.strike(effect, CONTRACT.sys_open, events.stamp());
    return undefined;
  }

  async function freeze(node: string, forNs: number): Promise<string | undefined> {
    const one = nodes.find(({ name }) => name === node);
    return one === undefined ? `there is no node ${node}` : one.stage.freeze(forNs);
  }

  async function arm(rule: FaultRule): Promise<string | undefined> {
    const only = rule.match?.node ?? "";
    const names = nodes.map(({ name }) => name);
    if (only !== "" && !names.includes(only)) return `there is no node ${only}; there is ${names.join(", ")}`;
    const aim = aimOf(rule);
    if (!aim.ok) return aim.reason;
    const seats = new Map<string, Seat>();
    let absent: string | undefined;
    for (const { point, seat } of aim.at.values()) {
      const here = seatsAt(housesOf(point, seat), only);
      for (const one of here) seats.set(`${one.node}/${one.house}`, one);
      if (here.length === 0) absent ??= absentText(point, seat, only);
    }
    if (seats.size === 0) return absent;
    const where = [...new Set([...seats.values()].map(({ node }) => node))];
    const problem = [...aim.at.keys()]
      .map((point) => unstrikable({ ...rule, point }, where))
      .find((one) => one !== undefined);
    if (problem !== undefined) return problem;
    return armAt([...seats.values()], rule);
  }

  /** The rules of a house are in that house; those on the calls of tasks are here. */
  function seatsAt(houses: readonly House[], only: string): Seat[] {
    const isMeant = (node: string): boolean => only === "" || only === node;
    return houses.flatMap((house) =>
      house === "task"
        ? nodes.filter(({ name }) => isMeant(name)).map(seatHere)
        : links.filter((link) => link.house === house && isMeant(link.node)).map(seatAt),
    );
  }

  function absentText(point: FaultPoint, seat: FaultSeat, only: string): string {
    const who = only === "" ? "no node of this world has" : `${only} does not have`;
    if (typeof point === "string") return `${point} is at the links of houses that ${who}: the rule could never fire`;
    return seat.side === "client"
      ? `${point.name} is called by ${point.from}, which ${who}: the rule could never fire`
      : `${point.name} is answered by ${point.to}, which ${who} as a house of ours: nothing can strike inside it, only side client can`;
  }

  async function armAt(seats: readonly Seat[], rule: FaultRule): Promise<string | undefined> {
    const reasons = await Promise.all(seats.map((seat) => seat.arm(rule)));
    const refused = reasons.find((reason) => reason !== undefined);
    // On all nodes or on none: half a rule would strike where nobody looks.
    if (refused !== undefined)
      await Promise.all(seats.filter((_, i) => reasons[i] === undefined).map((seat) => seat.disarm(rule.id)));
    return refused;
  }

  async function files(node: string, wanted: BuiltHouse): Promise<readonly FileEntry[]> {
    const link = known.find((one) => one.node === node && one.house === wanted);
    if (link === undefined) return [];
    return valueOf(await control(link.transport, "ctl_list_files", {}))?.entries ?? [];
  }

  /** The VFS's tasks before the core's threads, node by node. */
  async function tasks(): Promise<TaskEntry[]> {
    const asked = links.filter(({ house }) => house === "vfs" || house === "companion");
    const told = await Promise.all(
      asked.map(async ({ node, transport }) =>
        (valueOf(await control(transport, "ctl_list_tasks", {}))?.entries ?? []).map((one) => ({ ...one, node })),
      ),
    );
    return told.flat();
  }

  async function network(): Promise<HouseNetwork[]> {
    const replies = await Promise.all(known.map(({ transport }) => control(transport, "ctl_list_network", {})));
    return known.flatMap(({ node, house }, i): HouseNetwork[] => {
      const reply = replies[i];
      const told = reply === undefined ? undefined : valueOf(reply);
      return told === undefined ? [] : [{ node, house, ...told }];
    });
  }

  return {
    runtime: parts.runtime,
    profile: first.profile,
    seed: first.seed,
    origin: first.events.origin,
    topology,
    nodes: new Map(nodes.map((node) => [node.name, node])),
    node: home.name,
    calls: home.calls,
    clock: first.clock,
    drive: (program) => parts.drive(program),
    arm,
    disarm,
    strike,
    freeze,
    async faults() {
      const there = await askAll("ctl_list_faults", {});
      return summed([
        ...nodes.flatMap(({ engine }) => engine.report()),
        ...there.flatMap((reply) => valueOf(reply)?.reports ?? []),
        ...formerReports,
      ]);
    },
    listFiles: () =>
      Promise.all(
        nodes.map(async ({ name }) => ({
          node: name,
          vfs: await files(name, "vfs"),
          companion: await files(name, "companion"),
        })),
      ),
    listTasks: tasks,
    network,
    onEvents: (listener) => parts.onEvents(listener),
    refused: refusalFacts(parts.lab),
    ended({ quiet, waiting, stillNs, lamport }) {
      parts.lab.events.merge(lamport);
      parts.lab.events.fact(outermost(""), "run_end", {}, { quiet, waiting, still_ns: stillNs });
    },
    settle: () => parts.settle(),
    dropped: () => parts.dropped(),
    stop: () => parts.stop(),
  };
}
