import { CONTRACT, type PointContract } from "../../services/abi/contract.generated.ts";
import { effectsOf } from "../../services/boundary/faults/check.ts";
import type { Chance } from "./chance.ts";
import type { RandomWorld } from "./worlds.ts";
import type { WrittenFault } from "./written.ts";

const DURATIONS = ["1us", "20us", "1ms", "30ms", "400ms", "3s"] as const;

/** Draws effects by the word that a file has for them. */
const EFFECTS: Readonly<Record<string, (contract: PointContract, chance: Chance, world: RandomWorld) => object>> = {
  refuse: ({ errnos }, { of }) => ({ abort: { errno: of("errno", errnos) } }),
  delay: (_, { of }) => ({ delay: { fixed: of("delay", DURATIONS) } }),
  lose_request: () => ({ loseRequest: true }),
  lose_reply: () => ({ loseReply: true }),
  double_call: () => ({ doubleCall: true }),
  duplicate: () => ({ duplicate: true }),
  skip: () => ({ skip: true }),
  crash: (contract, chance, world) => ({ crash: { ...struck(contract, chance, world), ...moment(chance) } }),
  hang: (contract, chance, world) => ({
    hang: { ...struck(contract, chance, world), for: chance.of("hang", DURATIONS), ...moment(chance) },
  }),
  slow: (contract, chance, world) => ({
    slow: {
      ...struck(contract, chance, { ...world, wires: [] }),
      by: chance.of("by", DURATIONS),
      for: chance.of("slow", DURATIONS),
      ...moment(chance),
    },
  }),
  partition(_, chance, { wires }) {
    const wire = chance.happens("a wire", 0.3) ? chance.of("wire", wires) : undefined;
    return { partition: { ...(wire && { between: wire }), for: chance.of("cut", DURATIONS), ...moment(chance) } };
  },
};
const BLOWS = ["crash", "hang", "slow", "partition"];

const moment = (chance: Chance): object => (chance.happens("late", 0.4) ? { moment: "before-reply" } : {});

/** Mostly the house that is called; now and then another of the node, or a switch. */
function struck(_: PointContract, chance: Chance, { wires, nodes }: RandomWorld): object {
  if (wires.length > 0 && chance.happens("a switch", 0.1)) return { place: "lan/switch" };
  const hasNic = nodes.some(({ devices }) => devices.length > 1);
  const houses = ["companion", "inband", "vfs", ...(hasNic ? ["nic"] : [])];
  return chance.happens("another house", 0.35) ? { place: chance.of("house", houses) } : {};
}

/** The faults of a run: some kinds, at some points, each with its own rate up to 80 %. */
export function randomFaults(chance: Chance, world: RandomWorld) {
  const kinds = chance.some("kinds", Object.keys(EFFECTS), 0.4);
  const points = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");
  const hooks = points.filter(({ from }) => from !== "task");
  const hasNic = world.nodes.some(({ devices }) => devices.length > 1);
  const count = chance.happens("none", 0.12) ? 0 : 1 + chance.below("count", 5);
  const faults = Array.from({ length: count }, (_, i): WrittenFault | undefined => {
    const here = chance.under(i);
    const contract = here.of("point", here.happens("a hook", 0.75) ? hooks : points);
    // Without tasks nothing happens.
    if (contract?.name === "sys_spawn" && here.happens("no task at all", 0.9)) return undefined;
    if (contract === undefined || (!hasNic && [contract.from, contract.to].includes("nic"))) return undefined;
    const impossible = effectsOf(contract);
    const possible = kinds.filter(
      (kind) => impossible[kind] === undefined && !(kind === "partition" && contract.from === contract.to),
    );
    const kind = here.of("kind", possible);
    const effect = kind === undefined ? undefined : EFFECTS[kind];
    if (kind === undefined || effect === undefined) return undefined;
    return {
      id: `f${i + 1}`,
      point: contract.name,
      ...(here.happens("on one node", 0.2) && { match: { node: here.of("node", world.nodes)?.name } }),
      select: selection(here, BLOWS.includes(kind)),
      effect: effect(contract, here.under("effect"), world),
      ...(here.happens("later", 0.15) && { armed: false }),
    };
  }).flatMap((fault) => fault ?? []);
  return { faults, armed: (id: string): number => chance.below(`armed ${id}`, 12) };
}

/** A place that dies at every second call would let nothing happen: blows strike three times at most. */
function selection({ happens, below, of }: Chance, isBlow: boolean): object {
  const times = isBlow ? { times: 1 + below("times", 3) } : {};
  if (happens("by number", isBlow ? 0.6 : 0.4)) {
    const first = 1 + below("nth", 6);
    return {
      nth: happens("a range", 0.3) ? `${first}..${happens("with an end", 0.5) ? first + 2 : ""}` : first,
      ...times,
    };
  }
  return { probability: `${of("rate", [2, 5, 10, 20, 40, 60, 80])}%`, ...times };
}
