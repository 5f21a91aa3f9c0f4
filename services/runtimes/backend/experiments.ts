import { PROFILES, type Profile } from "../../abi/profile.ts";
import { parseSeed } from "../../abi/seed.ts";
import type { RunExperimentRequest } from "../../abi/contract.generated.ts";
import type { Topology } from "../../abi/topology.ts";
import type { Outcome, SweepTurn } from "../../cli/backend.ts";
import { reportData } from "../../cli/report.ts";
import type { Experiment } from "../../lab/experiment.ts";
import { formatLoadError } from "../../lab/load/errors.ts";
import { loadExperiment, worldFileOf } from "../../lab/load/load.ts";
import { withStages } from "../../lab/load/stages.ts";
import { strangersTo } from "../../lab/load/nodes.ts";
import { loadRules, type LoadedRules } from "../../lab/load/rules.ts";
import { besideFile, type FileBytes } from "../../lab/load/source.ts";
import { loadWorld } from "../../lab/load/world.ts";
import type { ExperimentService } from "../../transports/grpc/run-experiment.ts";
import { NotUp } from "../distributed/patience.ts";
import type { WorldMaker } from "./make-world.ts";
import { invalid } from "./invalid.ts";
import { mutantOf, runIn, unknownCore } from "./run.ts";
import type { Station } from "./station.ts";
import { withResolvers } from "./with-resolvers.ts";

/**
 * How long places may take to be there for an experiment: some may be about to come back. Docker waits for up to a minute
 * before it starts a container again that ended many times in a row, and several experiments do that to a place.
 */
const PATIENCE_MS = 60_000;

interface Asked {
  readonly experiment: Experiment;
  readonly topology: Topology;
  readonly seed: bigint;
  readonly profile: Profile;
  readonly sweep: SweepTurn | undefined;
}

/** Reads and checks an experiment that came over the wire, in the same words as one in a file here. */
function readRequest(request: RunExperimentRequest): Outcome<Asked> {
  const { file, text } = request;
  const named = worldFileOf(text, file);
  const world = request.world === "" ? undefined : loadWorld(request.world, named ?? "the world that was sent");
  if (world?.ok === false) return invalid(...world.errors.map(formatLoadError));
  const ruleFiles = new Map(
    request.rule_files.map((one): [string, LoadedRules] => [one.name, loadRules(one.text, besideFile(file, one.name))]),
  );
  const programs = new Map(
    request.program_files.map(({ name, content }): [string, FileBytes] => [name, { ok: true, bytes: content }]),
  );
  const worldFile = named === undefined ? undefined : world;
  const loaded = loadExperiment(text, file, { worldFile, ruleFiles, programs });
  if (!loaded.ok) return invalid(...loaded.errors.map(formatLoadError));
  const { experiment } = loaded;
  const topology = withStages(world?.topology ?? experiment.topology, experiment.stages);
  const strangers = strangersTo(experiment, topology, "that was sent");
  if (strangers.length > 0) return invalid(...strangers.map(formatLoadError));
  const profile = PROFILES.find((one) => one === request.profile);
  if (profile === undefined || !experiment.profiles.includes(profile))
    return invalid(`${file}: found the profile ${request.profile}, allowed is ${experiment.profiles.join(", ")}`);
  const seed = request.seed === "" ? experiment.seed : parseSeed(request.seed);
  if (seed === undefined) return invalid(`${file}: found the seed ${request.seed}, allowed is a number below 2^64`);
  const problem = unknownCore(experiment);
  const { nth, sweep_crossings: crossings, sweep_ns: ns } = request;
  const sweep = nth === 0 ? undefined : { nth, crossings, ns };
  return problem === undefined ? { ok: true, value: { experiment, topology, seed, profile, sweep } } : invalid(problem);
}

/** Experiments on the kernel of a station: each in a world of its own, which has the default one's place meanwhile. */
export function createExperiments(station: Station, maker: WorldMaker): ExperimentService {
  return {
    busy: () => station.busy(),
    async run(request, onEvents, stop) {
      const asked = readRequest(request);
      if (!asked.ok) return { t: "trouble", lines: asked.trouble.lines };
      const { experiment, topology, seed, profile, sweep } = asked.value;
      const problem = maker.problem({ topology });
      if (problem !== undefined) return { t: "trouble", lines: [`${request.file}: ${problem}`] };
      const ended = withResolvers<string>();
      const onExit = (place: string, how: string): void => ended.resolve(`${place} ended by itself (${how})`);
      const plan = { topology, seed, profile, mutant: mutantOf(experiment), onExit };
      try {
        const ran = await station.lend(
          request.file,
          () => maker.make({ ...plan, restart: false, patienceMs: PATIENCE_MS }),
          (world) => runIn(world, experiment, { onEvents, stop, cut: ended.promise, ...(sweep && { sweep }) }),
        );
        if (!ran.ok) return { t: "trouble", lines: ran.trouble.lines };
        return { t: "report", report: JSON.stringify(reportData(ran.value, {})) };
      } catch (error) {
        return { t: "trouble", lines: error instanceof NotUp ? error.lines : [(error as Error).message] };
      }
    },
  };
}
