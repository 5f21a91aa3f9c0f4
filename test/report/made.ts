import { effectText } from "../../services/cli/fault-words.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import type { RunInput } from "../../services/report/input.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { shipped } from "../lab/written.ts";

export const USUAL: ReadonlySet<string> = new Set(["html", "journal", "junit"]);

async function simulate(experiment: Experiment, profile: "documented" | "as-implemented") {
  const world = createSimulatedWorld({
    seed: 1n,
    profile,
    topology: experiment.topology,
    ...(experiment.core !== "reference" && { mutant: experiment.core }),
  });
  const outcome = await runExperiment(experiment, world);
  await world.stop();
  return outcome;
}

/** A run of a shipped experiment as a report gets it; with its faults it has a twin without them. */
export async function madeOf(
  file: string,
  change: (experiment: Experiment) => Experiment = (same) => same,
): Promise<RunInput> {
  const experiment = change(shipped(file));
  const { journal, events, judgements } = await simulate(experiment, "documented");
  const off = experiment.faults.map((fault) => ({
    ...fault,
    rule: { ...fault.rule, select: { nth: [{ from: 2 ** 31, to: 2 ** 31 }], every: 0, interval: 0, times: 0 } },
  }));
  const twin = off.length === 0 ? undefined : await simulate({ ...experiment, faults: off }, "documented");
  return {
    file,
    journal,
    events,
    judgements,
    faultFree: twin === undefined ? { t: "none", why: "No fault." } : { t: "events", events: twin.events },
    describeFault: effectText,
    outputs: USUAL,
  };
}

const VOID = new Set(["meta", "br", "hr", "img", "input", "link"]);

/** Reads a page as a strict parser would; answers its tags with their attributes, in order. */
export function tagsOf(html: string): { readonly name: string; readonly attributes: ReadonlyMap<string, string> }[] {
  const open: string[] = [];
  const tags: { name: string; attributes: Map<string, string> }[] = [];
  const body = html.replace(/^<!doctype html>\n/, "").replace(/<style>[^<]*<\/style>/g, "");
  for (const [text, end, name = "", rest = "", self] of body.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^<>"])*?)(\/?)>/g,
  )) {
    if (end === "/") {
      const last = open.pop();
      if (last !== name) throw new Error(`${text} ends ${last ?? "nothing"}`);
      continue;
    }
    const attributes = new Map(
      [...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key = "", value = ""]) => [key, value]),
    );
    tags.push({ name, attributes });
    if (self !== "/" && !VOID.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`never ended: ${open.join(", ")}`);
  if (body.replace(/<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^<>"])*?)(\/?)>/g, "").includes("<"))
    throw new Error("a stray <");
  return tags;
}

/** The text of a page without its tags. */
export const textOf = (html: string): string =>
  html
    .replace(/<style>[^<]*<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
