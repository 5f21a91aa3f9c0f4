import { writeFile } from "node:fs/promises";
import type { Topology } from "../../abi/topology.ts";
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
import { readAddress } from "../../transports/grpc/address.ts";
import { dial, needsTls } from "../../transports/grpc/dial.ts";
import { loadIdentity } from "../../transports/tls/identity.ts";
import { capturedBeside, fileProblem } from "../captures.ts";
import { telemetryFor } from "../telemetry/asked.ts";
import { readCores } from "../foreign.ts";
import type { Cores } from "../links.ts";
import { createWorld } from "../world.ts";
import { packageVersion } from "./files.ts";
import { invalid } from "./invalid.ts";
import { byOrigin, evidenceOf } from "../../report/evidence.ts";
import { ruleReportOf, sightOf } from "./rule-report.ts";
import { withResolvers } from "./with-resolvers.ts";

const CORE_WITHIN_NS = 3e9;

/** Why a core at an address cannot be used; undefined when somebody answers there. */
async function coreProblem(address: string, tls: string | undefined): Promise<string | undefined> {
  const read = readAddress(address);
  if (!read.ok) return `--core ${read.reason}`;
  if (read.value.isSecure && tls === undefined) return `--core ${needsTls(address)}`;
  const identity = !read.value.isSecure || tls === undefined ? undefined : loadIdentity(tls);
  if (identity?.ok === false) return identity.reason;
  const dialled = dial(address, identity?.value, {});
  if (!dialled.ok) return `--core ${dialled.reason}`;
  const client = dialled.value;
  const ready = await new Promise<boolean>((resolve) => {
    client.waitForReady(Date.now() + CORE_WITHIN_NS / 1e6, (error) => resolve(error === undefined));
  });
  client.close();
  return ready
    ? undefined
    : `--core ${address}: nobody answers there within ${CORE_WITHIN_NS / 1e9} s; allowed is the address of a gRPC server, unix:/path or host:port`;
}

/** The cores that were asked for, once somebody answers at each of them; or why one cannot be used. */
export async function coresOf(
  { core = [], tls }: Pick<RunRequest, "core" | "tls">,
  { nodes }: Topology,
): Promise<Outcome<Cores>> {
  const cores = readCores(core, nodes);
  if (typeof cores === "string") return invalid(cores);
  const problems = await Promise.all(Object.values(cores).map((address) => coreProblem(address, tls)));
  const problem = problems.find((one) => one !== undefined);
  return problem === undefined ? { ok: true, value: cores } : invalid(problem);
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

/** Why a core of somebody's own cannot take the place of the one that an experiment is about. */
const subjectProblem = ({ core, file }: Experiment, given: readonly string[]): string | undefined =>
  core === "reference" || given.length === 0
    ? undefined
    : `${file}: it is about the bad core ${core} that ships (spec.subject.core); found --core ${given.join(", ")} with it`;

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
        tool: { version: packageVersion(), node: process.versions.node },
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
  const { runtime, profile, core = [], over, frames, tls } = request;
  const given = withStages(request.world ?? experiment.topology, experiment.stages);
  const { traceFile } = request;
  const topology = request.traceFrames === true && traceFile !== undefined ? capturedBeside(given, traceFile) : given;
  const strangers = request.world === undefined ? [] : strangersTo(experiment, topology, request.worldName ?? "given");
  if (strangers.length > 0) return invalid(...strangers.map(formatLoadError));
  if (core.length > 0 && runtime === "simulated") {
    return invalid(
      "--core needs real time: a core of its own cannot wait for virtual instants; add --runtime embedded or --runtime distributed",
    );
  }
  const problem =
    roadProblem(request) ?? fileProblem(topology) ?? unknownCore(experiment) ?? subjectProblem(experiment, core);
  if (problem !== undefined) return invalid(problem);
  const cores = await coresOf(request, topology);
  if (!cores.ok) return cores;
  const ended = withResolvers<string>();
  const world = await createWorld(runtime, {
    // A place that ends by itself is not started again: a run in which it came back empty could not be judged.
    onExit: (place, how) => ended.resolve(`${place} ended by itself (${how})`),
    seed: request.seed ?? experiment.seed,
    profile,
    topology,
    mutant: mutantOf(experiment),
    cores: cores.value,
    tls,
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
