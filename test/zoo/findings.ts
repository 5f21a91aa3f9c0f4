import type { Job, Sight } from "./job.ts";
import type { Mutant } from "./mutant.ts";
import { visit } from "./visit.ts";

/** What came of a mutant, and of the sound kernel in the same experiment with the same seed. */
export interface Finding {
  readonly mutant: Mutant;
  readonly control: Sight;
  readonly sight: Sight;
  /** A rule is broken for certain, or the world itself broke. */
  readonly isFound: boolean;
  /** The experiment's own expectations are not met. */
  readonly isExpected: boolean;
}

const SEED = 1n;

const jobOf = ({ name, core, experiment, profile, seed = SEED }: Mutant): Job => ({
  mutant: core === undefined ? name : "",
  experiment,
  profile,
  seed: String(seed),
  core: core ?? "",
});

const controlOf = (job: Job): Job => ({ ...job, mutant: "", core: "" });

/** Runs every mutant in its experiment, and each experiment once with a sound kernel. */
export async function findingsOf(mutants: readonly Mutant[]): Promise<readonly Finding[]> {
  const jobs = mutants.map(jobOf);
  const controls = new Map(jobs.map((job) => [JSON.stringify(controlOf(job)), controlOf(job)]));
  const sights = await visit([...controls.values(), ...jobs]);
  const controlSights = new Map([...controls.keys()].map((key, at) => [key, sights[at]]));
  return mutants.flatMap((mutant, at): Finding[] => {
    const job = jobs[at];
    const sight = sights[controls.size + at];
    const control = job === undefined ? undefined : controlSights.get(JSON.stringify(controlOf(job)));
    if (sight === undefined || control === undefined) return [];
    return [{ mutant, control, sight, isFound: sight.broken.length > 0, isExpected: sight.outcome === "fail" }];
  });
}

/** What is wrong with a finding, one line each; none where the mutant was found as it should, or survives as it is explained. */
export function complaintsAbout({ mutant, control, sight, isFound }: Finding): string[] {
  const { name, rules, survives } = mutant;
  const say = (what: string): string => `${name}: ${what}`;
  const ids = sight.broken.map(({ id }) => id);
  return [
    ...(control.trouble === "" ? [] : [say(`the sound kernel breaks: ${control.trouble}`)]),
    ...(control.outcome === "fail"
      ? [say(`the experiment fails with a sound kernel: ${control.reasons.join("; ")}`)]
      : []),
    ...[...control.broken, ...control.doubtful].map(({ id }) => say(`a false alarm with a sound kernel: ${id}`)),
    ...(sight.trouble === "" ? [] : [say(`the run breaks: ${sight.trouble}`)]),
    ...(sight.digest === control.digest && survives?.why !== "equivalent"
      ? [say("nothing differs from a sound kernel")]
      : []),
    ...(isFound === (survives === undefined)
      ? []
      : [say(isFound ? "it is found, yet explained as a survivor" : "no rule finds it")]),
    ...rules
      .filter((id) => !ids.includes(id))
      .map((id) => say(`${id} should find it; found by ${ids.join(", ") || "none"}`)),
  ];
}
