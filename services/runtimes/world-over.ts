import { CONTRACT, type FaultRule, type House, type PointName, type PointValues } from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Kit } from "../abi/kit.ts";
import { createCaller } from "../boundary/caller.ts";
import { createFaultEngine } from "../boundary/faults/engine.ts";
import type { Reply, Transport } from "../boundary/invocation.ts";
import type { Runtime, World } from "../lab/world.ts";
import { control, controlRoad } from "./control.ts";
import type { BuiltHouse } from "./house.ts";

/** What a runtime gives to make a world of houses that it can reach. */
export interface WorldParts {
  readonly runtime: Runtime;
  /** The kit of the tasks: their clock, their log. */
  readonly kit: Kit;
  /** How tasks reach each house. */
  readonly reach: (house: House) => Transport | undefined;
  /** How the lab reaches the houses that it controls: all but a foreign core. */
  readonly controls: ReadonlyMap<BuiltHouse, Transport>;
  drive<T>(program: () => Promise<T>): Promise<T>;
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  settle(): Promise<void>;
  dropped(): Promise<number>;
  stop(): Promise<void>;
}

const valueOf = <P extends PointName>(reply: Reply<P>): PointValues[P] | undefined =>
  reply.kind === "returned" ? reply.value : undefined;

/** The World over houses: the same for every runtime, which only says how they are reached and how events come back. */
export function createWorldOver(parts: WorldParts): World {
  const { kit, reach } = parts;
  // Calls of tasks are made here, so the rules on them are armed here; every other rule goes to the house that calls.
  const engine = createFaultEngine(kit.seed);
  const calls = createCaller("task", { kit, identity: `${kit.node}/task#1`, reach, engine });
  const links = [...parts.controls].map(([house, transport]) => ({
    house,
    transport: controlRoad(transport, kit.clock),
  }));
  const callerOf = (point: string): House | undefined =>
    Object.hasOwn(CONTRACT, point) ? CONTRACT[point as PointName].from : undefined;

  async function arm(rule: FaultRule): Promise<string | undefined> {
    const from = callerOf(rule.point);
    const link = links.find(({ house }) => house === from);
    if (from === "task" || from === undefined) return engine.arm(rule);
    if (link === undefined)
      return `${rule.point} is called by ${from}, a house that is not built yet: the rule could never fire`;
    const reply = await control(link.transport, "ctl_arm_fault", { rule });
    if (reply.kind !== "returned") return `${from} does not answer`;
    return reply.value.reason === "" ? undefined : reply.value.reason;
  }

  async function files(house: BuiltHouse): Promise<PointValues["ctl_list_files"]["entries"]> {
    const link = links.find((one) => one.house === house);
    if (link === undefined) return [];
    return valueOf(await control(link.transport, "ctl_list_files", {}))?.entries ?? [];
  }

  return {
    runtime: parts.runtime,
    profile: kit.profile,
    seed: kit.seed,
    node: kit.node,
    clock: kit.clock,
    calls,
    drive: (program) => parts.drive(program),
    arm,
    async disarm(id) {
      const here = engine.disarm(id);
      const there = await Promise.all(links.map(({ transport }) => control(transport, "ctl_disarm_fault", { id })));
      return here.ok || there.some((reply) => reply.kind === "returned");
    },
    async faults() {
      const there = await Promise.all(links.map(({ transport }) => control(transport, "ctl_list_faults", {})));
      return [...engine.report(), ...there.flatMap((reply) => valueOf(reply)?.reports ?? [])];
    },
    listFiles: async () => ({ vfs: await files("vfs"), companion: await files("companion") }),
    onEvents: (listener) => parts.onEvents(listener),
    settle: () => parts.settle(),
    dropped: () => parts.dropped(),
    stop: () => parts.stop(),
  };
}
