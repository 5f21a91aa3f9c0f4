import type { Plan, WrittenFault, WrittenStep } from "./written.ts";

type Part = { readonly step: WrittenStep } | { readonly fault: WrittenFault };

const partsOf = ({ steps, faults }: Plan): Part[] => [
  ...faults.map((fault) => ({ fault })),
  ...steps.map((step) => ({ step })),
];

/** The names that a step refers to. */
const referencesIn = (step: WrittenStep): string[] =>
  Object.values(step.with ?? {}).flatMap((value) =>
    typeof value === "string" && value.startsWith("$") ? [value.slice(1)] : [],
  );

/** The plan of these parts, without what refers to a part that is gone. */
function planOf(plan: Plan, parts: readonly Part[]): Plan {
  const kept = parts.flatMap((part) => ("step" in part ? [part.step] : []));
  const faults = parts.flatMap((part) => ("fault" in part ? [part.fault] : []));
  const [names, background, ids] = [new Set<unknown>(), new Set<unknown>(), new Set(faults.map(({ id }) => id))];
  const steps = kept.filter((step) => {
    if (step.arm !== undefined) return ids.has(step.arm);
    if (step.join !== undefined) return background.delete(step.join);
    if (referencesIn(step).some((name) => !names.has(name))) return false;
    if (step.as !== undefined) names.add(step.as);
    if (step.background !== undefined && step.leave !== true) background.add(step.background);
    return true;
  });
  const armed = new Set(steps.flatMap(({ arm }) => arm ?? []));
  return { ...plan, steps, faults: faults.filter(({ id, armed: fromStart }) => fromStart !== false || armed.has(id)) };
}

/**
 * A smaller plan for which the same is still so: parts are left out in chunks, which are halved until single parts are tried
 * (Zeller's ddmin). Decisions by chance are hashes, so that what stays does not shift (facts F9).
 *
 * @param holds whether it is still so; a plan that cannot be read is none for which it is.
 */
export async function shrink(plan: Plan, holds: (plan: Plan) => Promise<boolean>, runsMax = 400): Promise<Plan> {
  let best = plan;
  let runs = 0;
  const tried = async (candidate: Plan): Promise<boolean> => {
    if (candidate.steps.length === 0 || runs >= runsMax) return false;
    runs += 1;
    if (!(await holds(candidate).catch(() => false))) return false;
    best = candidate;
    return true;
  };
  let parts = partsOf(best);
  for (let chunk = Math.ceil(parts.length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
    for (let at = 0; at < parts.length;) {
      const without = [...parts.slice(0, at), ...parts.slice(at + chunk)];
      if (await tried(planOf(best, without))) parts = partsOf(best);
      else at += chunk;
    }
  }
  if (best.world !== undefined) await tried({ ...best, world: undefined });
  if (best.nofile !== undefined) await tried({ ...best, nofile: undefined });
  for (const [i, step] of best.steps.entries()) {
    const { background, leave, ...rest } = step;
    if (background === undefined || leave === true) continue;
    const steps = best.steps.flatMap((one, k) => (k === i ? [rest] : one.join === background ? [] : [one]));
    await tried({ ...best, steps });
  }
  return best;
}
