import { writeFile } from "node:fs/promises";
import type { Outcome, RunReport, RunRequest } from "../../cli/backend.ts";
import { MUTANTS } from "../../companion/mutants.ts";
import type { Experiment } from "../../lab/experiment.ts";
import { formatLoadError } from "../../lab/load/errors.ts";
import { strangersTo } from "../../lab/load/nodes.ts";
import { withStages } from "../../lab/load/stages.ts";
import type { Outcome as Ran } from "../../lab/run/journal.ts";
import { runExperiment } from "../../lab/run/run.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { capturedBeside, fileProblem } from "../captures.ts";
import { createRealClock, bootEpochMs } from "../real-clock.ts";
import { telemetryFor } from "../telemetry/asked.ts";
import { createWorld } from "../world.ts";
import { packageVersion } from "./files.ts";
import { invalid } from "./invalid.ts";
import { byOrigin, evidenceOf } from "../../report/evidence.ts";
import { ruleReportOf, sightOf } from "./rule-report.ts";
import { withResolvers } from "./with-resolvers.ts";

const CORE_WITHIN_NS = 3e9;

/** Why a core at an address cannot be used; undefined when somebody answers there. */
export async function coreProblem(core: string | undefined): Promise<string | undefined> {
  if (core === undefined) return undefined;
  const link = connectHouse({ address: core, clock: createRealClock(bootEpochMs()), protos: loadProtos() });
  const ready = await link.ready(CORE_WITHIN_NS);
  link.close();
  return ready
    ? undefined
    : `--core ${core}: nobody answers there within ${CORE_WITHIN_NS / 1e9} s; allowed is the address of a gRPC server, unix:/path or host:port`;
}

/** Why a road between processes cannot be had; undefined when it can, or none is asked for. */
export function roadProblem({
  runtime,
  over,
  frames,
}: Pick<RunRequest, "runtime" | "over" | "frames">): string | undefined {
  const option = over !== undefined ? `--over ${over}` : frames !== undefined ? `--frames ${frames}` : undefined;
  return option === undefined || runtime === "distributed"
    ? undefined
    : `${option} is for processes; found --runtime ${runtime}, allowed is --runtime distributed`;
}

/** The bad core that an experiment wants; undefined for the reference. */
export const mutantOf = ({ core }: Experiment): string | undefined => (core === "reference" ? undefined : core);

/** What can only be known with the cores at hand. */
export function unknownCore(experiment: Experiment): string | undefined {
  const { core, file } = experiment;
  if (core === "reference" || Object.hasOwn(MUTANTS, core)) return undefined;
  return `${file}: spec.subject.core: found ${core}, allowed is reference, ${Object.keys(MUTANTS).join(", ")}`;
}

const HOLDS = { pass: "yes", fail: "no", inconclusive: "unknown" } as const;

/** A journal as the command line shows it. */
function reportOf(experiment: Experiment, { journal, judgements, events }: Ran, seed: bigint): RunReport {
  const where = (line: number): string => `${experiment.file}:${line}`;
  return {
    file: experiment.file,
    name: experiment.name,
    title: experiment.title,
    runtime: journal.mode,
    profile: journal.profile,
    seed,
    verdict: journal.verdict,
    ...(journal.sweep && { sweep: journal.sweep }),
    why: journal.reasons[0] ?? "",
    steps: journal.steps.map(({ task, text, actual, status, note, expected, line }) => ({
      task: task ?? "",
      call: text,
      result: actual ?? note ?? status,
      ...(expected !== undefined && { expected }),
      ok: status === "ok" || status === "left",
      where: where(line),
    })),
    faults: journal.faults.map(({ rule, crossings, matched, fired }) => ({ rule, crossings, matched, fired })),
    evidence: evidenceOf(journal.faults, events).flatMap(({ record, firedAt: [first], seen, recovered }) =>
      seen === undefined || recovered === undefined
        ? []
        : [{ id: record.id, ...(first !== undefined && { at: sightOf(first) }), seen, recovered }],
    ),
    expectations: journal.expectations.map(({ title, verdict, why, line }) => ({
      says: title,
      holds: HOLDS[verdict],
      ...(why !== undefined && { found: why }),
      where: where(line),
    })),
    ...(journal.measures && { measures: journal.measures }),
    rules: [...judgements].sort(byOrigin).map((one) => ruleReportOf(one, journal.profile)),
    events: journal.events,
    dropped: journal.dropped,
    tookNs: journal.durationNs,
  };
}

/** What a program gives, or "stopped" when the user wants to stop before. */
async function unlessStopped<T>(stop: AbortSignal, program: Promise<T>): Promise<T | "stopped"> {
  const done = new AbortController();
  const stopping = new Promise<"stopped">((resolve) => {
    if (stop.aborted) resolve("stopped");
    else stop.addEventListener("abort", () => resolve("stopped"), { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([program, stopping]);
  } finally {
    done.abort();
  }
}

/** Runs an experiment in a world that is there. */
export async function runIn(
  world: World,
  experiment: Experiment,
  request: Pick<RunRequest, "traceFile" | "onEvents" | "stop" | "sweep"> & {
    readonly cut?: Promise<string> | undefined;
    /** Gets all that came of the run, before it is made a report. */
    readonly onRan?: ((ran: Ran) => void) | undefined;
  },
): Promise<Outcome<RunReport>> {
  const unlisten = request.onEvents === undefined ? undefined : world.onEvents(request.onEvents);
  try {
    const outcome = await unlessStopped(
      request.stop,
      runExperiment(experiment, world, {
        cut: request.cut,
        sweep: request.sweep,
        tool: { version: await packageVersion(), node: process.versions.node },
        platform: `${process.platform} ${process.arch}`,
        now: () => new Date().toISOString(),
      }),
    );
    if (outcome === "stopped")
      return { ok: false, trouble: { kind: "broke", lines: [`${experiment.file}: stopped before it ended`] } };
    if (request.traceFile !== undefined) {
      try {
        await writeFile(request.traceFile, outcome.events.map((event) => `${eventToLine(event)}\n`).join(""));
      } catch (error) {
        return invalid(`--trace ${request.traceFile}: ${(error as Error).message}`);
      }
    }
    request.onRan?.(outcome);
    return { ok: true, value: reportOf(experiment, outcome, world.seed) };
  } finally {
    unlisten?.();
  }
}

/**
 * Runs an experiment once, in a world of its own.
 *
 * @param onRan gets all that came of it, before it is made a report.
 */
export async function run(
  experiment: Experiment,
  request: RunRequest,
  onRan?: (ran: Ran) => void,
): Promise<Outcome<RunReport>> {
  const { runtime, profile, core, over, frames } = request;
  const given = withStages(request.world ?? experiment.topology, experiment.stages);
  const { traceFile } = request;
  const topology = request.traceFrames === true && traceFile !== undefined ? capturedBeside(given, traceFile) : given;
  const strangers = request.world === undefined ? [] : strangersTo(experiment, topology, request.worldName ?? "given");
  if (strangers.length > 0) return invalid(...strangers.map(formatLoadError));
  if (core !== undefined && runtime === "simulated") {
    return invalid(
      "--core needs real time: a core of its own cannot wait for virtual instants; add --runtime embedded or --runtime distributed",
    );
  }
  const problem = roadProblem(request) ?? fileProblem(topology) ?? unknownCore(experiment) ?? (await coreProblem(core));
  if (problem !== undefined) return invalid(problem);
  const ended = withResolvers<string>();
  const world = await createWorld(runtime, {
    // A place that ends by itself is not started again: a run in which it came back empty could not be judged.
    onExit: (place, how) => ended.resolve(`${place} ended by itself (${how})`),
    seed: request.seed ?? experiment.seed,
    profile,
    topology,
    mutant: mutantOf(experiment),
    core,
    over,
    frames,
  });
  try {
    const telemetry = await telemetryFor(world, request);
    if (!telemetry.ok) return invalid(telemetry.reason);
    try {
      return await runIn(world, experiment, { ...request, cut: ended.promise, onRan });
    } finally {
      await telemetry.value.stop();
    }
  } finally {
    await world.stop();
  }
}
