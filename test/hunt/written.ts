/** A step as a file has it. */
export interface WrittenStep {
  readonly task?: string;
  readonly call?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly as?: unknown;
  readonly background?: string;
  readonly leave?: boolean;
  readonly join?: string;
  readonly sleep?: string;
  readonly arm?: string;
  readonly disarm?: string;
}

/** A fault as a file has it. */
export interface WrittenFault {
  readonly id: string;
  readonly point: string;
  readonly match?: object;
  readonly select: object;
  readonly effect: object;
  readonly armed?: boolean;
}

/** The part of an experiment that a random run decides. */
export interface Plan {
  readonly seed: string;
  readonly world: object | undefined;
  readonly nofile: number | undefined;
  readonly steps: readonly WrittenStep[];
  readonly faults: readonly WrittenFault[];
}

/** How far a random run may go. A call that is lost takes thirty seconds, and all of them may be. */
const BUDGET = { steps: 20_000, virtualTime: "7200s" };

/** The text of an experiment file: JSON is YAML, and is read faster. */
export function textOfPlan({ seed, world, nofile, steps, faults }: Plan, indent?: number): string {
  const spec = {
    title: `A random run, seed ${seed}`,
    seed,
    budget: BUDGET,
    ...(nofile !== undefined && { configuration: { nofile } }),
    ...(world !== undefined && { world }),
    workload: steps,
    ...(faults.length > 0 && { faults }),
    requireFaultFired: false,
  };
  const metadata = { name: `random-${seed.replace(/[^a-z0-9]/g, "-")}` };
  return JSON.stringify({ apiVersion: "tenon/v1alpha1", kind: "Experiment", metadata, spec }, null, indent);
}
