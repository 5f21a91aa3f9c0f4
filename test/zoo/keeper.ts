import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { join } from "node:path";
import type { TraceEvent } from "../../services/abi/event.ts";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { readExperiment } from "../../services/lab/load/load.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import type * as Simulated from "../../services/runtimes/simulated/world.ts";
import { root } from "../tidy/sources.ts";
import { ofMutant, type HooksData } from "./hooks.ts";
import type { Job, Sight } from "./job.ts";
import { judge } from "./judge.ts";
import { ZOO } from "./zoo.ts";

/*
 * A process that runs experiments in worlds of mutants, one after the other: each mutant has modules of its own, so that
 * none sees another one's bug. It is told of jobs, and tells what came of each.
 */

const services = new URL("../../services/", import.meta.url).href;

const edits = Object.fromEntries(ZOO.map((mutant) => [mutant.name, mutant.edits]));
register<HooksData>("./hooks.js", { parentURL: import.meta.url, data: { services, edits } });

const readText = async (file: string) => ({ ok: true as const, text: await readFile(join(root, file), "utf8") });

type Worlds = typeof Simulated;

async function worldsOf(mutant: string): Promise<Worlds> {
  const url = `${services}runtimes/simulated/world.js`;
  return (await import(mutant === "" ? url : ofMutant(url, mutant))) as Worlds;
}

const digestOf = (events: readonly TraceEvent[]): string =>
  createHash("sha256").update(events.map(eventToLine).join("\n")).digest("hex");

async function see({ mutant, experiment: file, profile, seed, core }: Job): Promise<Sight> {
  const read = await readExperiment(file, readText);
  if (!read.ok) throw new Error(read.errors.map(formatLoadError).join("\n"));
  const { experiment } = read;
  const { createSimulatedWorld } = await worldsOf(mutant);
  const world = createSimulatedWorld({
    seed: BigInt(seed),
    profile,
    topology: experiment.topology,
    ...(core !== "" && { mutant: core }),
  });
  const { journal, events } = await runExperiment(experiment, world);
  await world.stop();
  return { ...judge(journal), reasons: journal.reasons, digest: digestOf(events), trouble: "" };
}

const NOTHING_SEEN: Sight = { outcome: "", reasons: [], broken: [], doubtful: [], digest: "", trouble: "" };

// A mutant may break in a promise that nobody waits for; its run tells the rest.
process.on("unhandledRejection", () => undefined);

process.on("message", (job: Job) => {
  void see(job)
    .catch((error: unknown) => ({ ...NOTHING_SEEN, trouble: error instanceof Error ? error.message : String(error) }))
    .then((sight) => process.send?.(sight));
});
