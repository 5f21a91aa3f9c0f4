import type { Topology } from "../../abi/topology.ts";
import { callsIn, type Activity, type CallStep, type Experiment, type Fault, type Step } from "../experiment.ts";
import { placeOf } from "../places.ts";
import { listed } from "../schema/words.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathParts, type LoadError } from "./errors.ts";

const namesOf = ({ nodes }: Topology): string[] => nodes.map(({ name }) => name);

const isStranger = (step: CallStep, names: readonly string[]): boolean =>
  !names.includes(placeOf(step.task, names[0] ?? "").node);

/** Whether the nodes that tasks live on and faults strike are in the world. */
export function checkNodes(
  document: SourceDocument,
  steps: readonly Step[],
  activities: readonly Activity[],
  faults: readonly Fault[],
  topology: Topology,
  errors: Errors,
): void {
  const names = namesOf(topology);
  const allowed = `a node of the experiment's world (${listed(names)})`;
  for (const step of callsIn(steps)) {
    if (!isStranger(step, names)) continue;
    const path = ["spec", ...pathParts(step.path), "task"];
    errors.push(document.error(path, { found: step.task, allowed, ...meant(placeOf(step.task, "").node, names) }));
  }
  const freezes = [
    ...steps.flatMap((one) => (one.t === "freeze" ? [{ ...one, key: "freeze" }] : [])),
    ...activities.flatMap((one) => (one.t === "freeze" ? [{ ...one, key: "with" }] : [])),
  ];
  for (const { path, key, node } of freezes) {
    if (names.includes(node)) continue;
    const at = ["spec", ...pathParts(path), key, "node"];
    errors.push(document.error(at, { found: node, allowed, ...meant(node, names) }));
  }
  faults.forEach(({ rule }, i) => {
    const node = rule.match?.node ?? "";
    if (node !== "" && !names.includes(node))
      errors.push(
        document.error(["spec", "faults", i, "match", "node"], { found: node, allowed, ...meant(node, names) }),
      );
    const { place = "", peer = "" } = rule.effect?.blow ?? {};
    for (const found of [place, peer]) {
      const known = places(topology, found);
      if (known === undefined || known.includes(found)) continue;
      const there = `a place of the experiment's world (${listed(known)})`;
      errors.push(document.error(["spec", "faults", i, "effect"], { found, allowed: there, ...meant(found, known) }));
    }
  });
}

/** The full names that a place may have here, by what it is; undefined for a house that is named without its node. */
function places({ nodes, switches }: Topology, place: string): string[] | undefined {
  const [, what] = place.split("/");
  if (what === undefined) return undefined;
  return (what === "switch" ? switches : nodes).map(({ name }) => `${name}/${what}`);
}

/**
 * What an experiment names that another world than its own does not have, each with its place.
 *
 * @param world what that world was called.
 */
export function strangersTo(experiment: Experiment, topology: Topology, world: string): LoadError[] {
  const names = namesOf(topology);
  return callsIn(experiment.steps)
    .filter((step) => isStranger(step, names))
    .map(({ path, line, task }) => ({
      file: experiment.file,
      line,
      column: 1,
      path: `${path}.task`,
      found: task,
      allowed: `a node of the world ${world} (${listed(names)})`,
    }));
}
