import type { TraceEvent } from "../../abi/event.ts";
import { matches } from "../../rules/atoms/evaluate.ts";
import type { CallStep, Found, Look, Probe, Term } from "../experiment.ts";
import type { World } from "../world.ts";
import type { Calls } from "./calls.ts";
import { valueOf } from "./compare.ts";
import type { LookRecord } from "./journal.ts";
import type { Tasks } from "./tasks.ts";
import { isWithin, toleranceText } from "./tolerance.ts";

/** What probes look with. */
export interface LookParts {
  readonly world: World;
  readonly events: readonly TraceEvent[];
  readonly calls: Calls;
  readonly tasks: Tasks;
}

/** What a look came to. */
interface Sight {
  readonly found: Found;
  /** A call was refused, lost, or not made at all. */
  readonly failed: boolean;
}

/** How long between two attempts, unless a probe says it. */
const BETWEEN_ATTEMPTS_NS = 1e6;

/** Looks with a probe, as often as it says until it finds what it may find. */
export async function look(probe: Probe, parts: LookParts): Promise<LookRecord> {
  const { world } = parts;
  for (let attempt = 1; ; attempt++) {
    const { found, failed } = await see(probe, parts);
    const met = isWithin(found, failed, probe.tolerance);
    if (met || attempt >= probe.attempts)
      return {
        probe: probe.name,
        looks: probe.text,
        expected: toleranceText(probe.tolerance),
        found,
        met,
        attempts: attempt,
        atNs: world.clock.nowNs(),
      };
    await world.clock.sleepNs(probe.intervalNs ?? BETWEEN_ATTEMPTS_NS);
  }
}

async function see({ looks, timeoutNs }: Probe, parts: LookParts): Promise<Sight> {
  switch (looks.t) {
    case "call": {
      const answer = callOnce(looks.step, parts);
      if (timeoutNs === undefined) return answer;
      const late = parts.world.clock.sleepNs(timeoutNs).then((): Sight => ({ found: "timeout", failed: true }));
      return Promise.race([answer, late]);
    }
    case "count":
      await parts.world.settle();
      return { found: sumOf(looks.terms, parts.events), failed: false };
    case "list":
      return { found: await listed(looks, parts.world), failed: false };
  }
}

async function callOnce(step: CallStep, { calls, tasks }: LookParts): Promise<Sight> {
  if (tasks.isBusy(step.task)) return { found: `${step.task} is in a call`, failed: true };
  const begun = await calls.begin(step);
  if (!begun.ok) return { found: begun.why, failed: true };
  const reply = await begun.made.reply;
  begun.made.seen();
  switch (reply.kind) {
    case "returned":
      return { found: valueOf(reply, step.shape.value) ?? 0, failed: false };
    case "refused":
      return { found: reply.errno, failed: true };
    case "lost":
      return { found: `lost: ${reply.why}`, failed: true };
  }
}

const sumOf = (terms: readonly Term[], events: readonly TraceEvent[]): number =>
  terms.reduce(
    (sum, term) =>
      sum + term.sign * (term.t === "number" ? term.value : events.filter((event) => matches(event, term.atom)).length),
    0,
  );

type Entry = Readonly<Record<string, unknown>>;

/** How many entries there are like this, or the sum of a field of theirs. */
async function listed({ list, where, sum }: Extract<Look, { readonly t: "list" }>, world: World): Promise<number> {
  const entries = await entriesOf(list, world);
  const wanted = entries.filter((entry) =>
    Object.entries(where).every(([field, value]) => {
      const has = entry[field];
      return Array.isArray(has) ? has.includes(value) : has === value;
    }),
  );
  return sum === undefined ? wanted.length : wanted.reduce((total, entry) => total + Number(entry[sum] ?? 0), 0);
}

async function entriesOf(list: Extract<Look, { readonly t: "list" }>["list"], world: World): Promise<readonly Entry[]> {
  if (list === "files" || list === "index") {
    const nodes = await world.listFiles();
    const [key, house] = list === "files" ? (["vfs", "vfs"] as const) : (["companion", "companion"] as const);
    return nodes.flatMap((one) => one[key].map((entry): Entry => ({ ...entry, node: one.node, house })));
  }
  const houses = await world.network();
  return houses.flatMap((one) => one[list].map((entry): Entry => ({ ...entry, node: one.node, house: one.house })));
}
