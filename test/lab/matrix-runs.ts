import type { FaultRule } from "../../services/abi/contract.generated.ts";
import { FRAME_POINTS, pointName } from "../../services/boundary/faults/points.ts";
import { childrenOf, type Experiment } from "../../services/lab/experiment.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { placeName, type MatrixPlace } from "../../services/lab/matrix/cells.ts";
import { recipeText } from "../../services/lab/matrix/experiment.ts";
import type { Recipe } from "../../services/lab/matrix/recipe.ts";
import { recipeFor } from "../../services/lab/matrix/recipes.ts";
import { placeRule } from "../../services/lab/matrix/rule.ts";
import { createRunFaults } from "../../services/lab/run/faults.ts";
import { createTasks } from "../../services/lab/run/tasks.ts";
import { watchEvents } from "../../services/lab/run/watch.ts";
import { createWorkload } from "../../services/lab/run/workload.ts";
import { Stuck, type World } from "../../services/lab/world.ts";

/** A recipe as an experiment, read from the file that it makes. */
export function recipeExperiment(recipe: Recipe): Experiment {
  const loaded = loadExperiment(recipeText(recipe), recipe.name);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  return loaded.experiment;
}

/** Longer than any deadline. */
const LONGEST_NS = 130e9;

/** Runs a recipe with some rules and answers the ids of those that struck, and of which an event says so. */
export async function strikes(
  world: World,
  base: Experiment,
  rules: readonly FaultRule[],
): Promise<ReadonlySet<string>> {
  const experiment: Experiment = {
    ...base,
    faults: [...base.faults, ...rules.map((rule) => ({ rule, title: undefined, armed: true, profile: undefined }))],
  };
  const watch = watchEvents(world, { crossings: 1e5, ns: 600e9 });
  const faults = createRunFaults(experiment, world);
  const tasks = createTasks(world, childrenOf(experiment), undefined);
  const workload = createWorkload({ experiment, world, watch, tasks, faults, onStep: () => undefined });
  const problem = await faults.armAll();
  if (problem !== undefined) throw new Error(problem);
  try {
    await world.drive(() => Promise.race([workload.run(), watch.overBudget]));
    // Virtual time is free: the longest deadline passes, and what was lost on the way is told.
    if (world.runtime === "simulated") await world.drive(() => world.clock.sleepNs(LONGEST_NS));
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
  }
  workload.stop();
  await world.settle();
  const fired = new Set((await faults.end()).flatMap(({ id, fired: times }) => (times > 0 ? [id] : [])));
  watch.stop();
  const told = new Set(watch.events.map(({ fault }) => fault));
  const struckPlaces = watch.events.some(({ point }) => point === "blow");
  // A house that is killed by a rule of its own tells of the blow, and no more of the call.
  return new Set([...fired].filter((id) => told.has(id) || (struckPlaces && id.includes(".crash."))));
}

/** Those whose rules leave a call as it is, more or less: many of them can strike in one run. */
const isMild = ({ effect }: MatrixPlace): boolean =>
  ["delay", "bandwidth", "duplicate", "slow", "stall", "hang", "reorder"].includes(effect);

/** Places that can be tried in one run: of one recipe, effect and seat. */
function batches(places: readonly MatrixPlace[]): { readonly recipe: Recipe; readonly places: MatrixPlace[] }[] {
  const byKey = new Map<string, { readonly recipe: Recipe; readonly places: MatrixPlace[] }>();
  for (const place of places) {
    const recipe = recipeFor(pointName(place.point));
    if (recipe === undefined) throw new Error(`nothing reaches ${pointName(place.point)}`);
    // One rule strikes a crossing: no two of one point and side together.
    const frames = FRAME_POINTS.some((point) => point === place.point);
    const alone =
      !isMild(place) || frames
        ? `${place.effect} ${place.phase} ${place.side}`
        : `mild ${place.effect} ${place.phase} ${place.side}`;
    const key = `${recipe.name} ${alone}`;
    const batch = byKey.get(key) ?? { recipe, places: [] };
    byKey.set(key, batch);
    batch.places.push(place);
  }
  return [...byKey.values()];
}

/**
 * Tries places until all have struck, or none more does: first many in one run, for most strike although others do; then,
 * what did not, again. Answers the names of those that never struck.
 */
export async function unstruck(
  places: readonly MatrixPlace[],
  makeWorld: (experiment: Experiment) => Promise<World>,
): Promise<{ readonly names: readonly string[]; readonly runs: number }> {
  const names: string[] = [];
  let runs = 0;
  for (const { recipe, places: batch } of batches(places)) {
    const base = recipeExperiment(recipe);
    let left: readonly MatrixPlace[] = batch;
    while (left.length > 0) {
      const world = await makeWorld(base);
      runs++;
      try {
        const struck = await strikes(
          world,
          base,
          left.map((place) => placeRule(place, placeName(place))),
        );
        const still: readonly MatrixPlace[] = left.filter((place) => !struck.has(placeName(place)));
        // The first of them was in nobody's way: what did not strike then never will.
        if (still.length === left.length) {
          names.push(...(left.length === 1 ? left.map(placeName) : []));
          if (left.length === 1) break;
          const alone = await Promise.all(left.slice(0, 1).map(async (place) => unstruck([place], makeWorld)));
          names.push(...alone.flatMap((one) => one.names));
          left = left.slice(1);
          continue;
        }
        left = still;
      } finally {
        await world.stop();
      }
    }
  }
  return { names, runs };
}
