import type { BootRequest, Kernel, Outcome, Trouble } from "../../cli/backend.ts";
import { outermost } from "../../abi/context.ts";
import type { PointValues } from "../../abi/contract.generated.ts";
import { PAIR } from "../../abi/topology.ts";
import type { HouseNetwork, World } from "../../lab/world.ts";
import { fail, ok } from "../../abi/result.ts";
import { childrenOf, type Experiment } from "../../lab/experiment.ts";
import { placeOf } from "../../lab/places.ts";
import { serveControl, type ControlService } from "../../transports/grpc/control-server.ts";
import { createDistributedWorld } from "../distributed/world.ts";
import { createEmbeddedWorld } from "../embedded/world.ts";
import { fileProblem } from "../captures.ts";
import { placesOf } from "../links.ts";
import { telemetryFor } from "../telemetry/asked.ts";
import { loadOne } from "./load.ts";
import { socketFolderProblem, tourFile, usualControlAddress } from "./files.ts";
import { coreProblem, invalid, roadProblem, runIn } from "./run.ts";

const SEED = 1n;
/** How long control calls in progress may take to end. */
const GRACE_NS = 500e6;

/** What all houses know, in one answer: each thing says who knows it. */
function networkOf(houses: readonly HouseNetwork[]): PointValues["ctl_list_network"] {
  const all = <K extends keyof PointValues["ctl_list_network"]>(key: K): PointValues["ctl_list_network"][K][number][] =>
    houses.flatMap((one) => one[key].map((thing) => ({ ...thing, node: one.node, house: one.house })));
  return {
    devices: all("devices"),
    sockets: all("sockets"),
    routes: all("routes"),
    neighbours: all("neighbours"),
    counters: all("counters"),
  };
}

/** What the control service does: what the world does. */
function controlOf(world: World): ControlService {
  return {
    calls: {
      ctl_arm_fault: async ({ rule }) => {
        const reason = rule === undefined ? "there is no rule in the request" : await world.arm(rule);
        return ok({ reason: reason ?? "" });
      },
      ctl_disarm_fault: async ({ id }) => ((await world.disarm(id)) ? ok({}) : fail("ENOENT")),
      ctl_list_faults: async () => ok({ reports: await world.faults() }),
      ctl_list_files: async () => {
        const nodes = await world.listFiles();
        return ok({
          entries: nodes.flatMap(({ node, vfs, companion }) => [...vfs, ...companion].map((one) => ({ ...one, node }))),
        });
      },
      ctl_list_network: async () => ok(networkOf(await world.network())),
    },
    onEvents: (listener) => world.onEvents(listener),
  };
}

/** Ends the tasks that an experiment may have left. */
async function endTasks(world: World, experiment: Experiment): Promise<void> {
  const callers = experiment.steps.flatMap((step) => (step.t === "call" ? [step.task] : []));
  for (const written of new Set([...callers, ...childrenOf(experiment)])) {
    const { task, node } = placeOf(written, world.node);
    await world.nodes.get(node)?.calls.sys_exit(outermost(task), { reaper: "" });
  }
}

interface Booted {
  readonly world: World;
  readonly houses: Kernel["houses"];
}

async function bootWorld(request: BootRequest, onExit: (place: string, how: string) => void): Promise<Booted> {
  const { runtime, profile, seed = SEED, core, over, frames } = request;
  const topology = request.world ?? PAIR;
  const options = { seed, profile, topology, core, over, frames, onExit };
  const foreign =
    core === undefined ? [] : [{ node: topology.nodes[0]?.name ?? "", house: "companion" as const, where: core }];
  if (runtime === "distributed") {
    const world = await createDistributedWorld({ ...options, restart: true });
    const houses = world.houses.map(({ node, house, pid }) => ({ node, house, where: `process ${pid}` }));
    return { world, houses: [...houses, ...foreign] };
  }
  const houses = placesOf({ topology, core }).map((place) =>
    place.t === "switch"
      ? { node: place.name, house: "switch" as const, where: "worker thread" }
      : { node: place.node, house: place.house, where: "worker thread" },
  );
  return { world: await createEmbeddedWorld(options), houses: [...houses, ...foreign] };
}

/** Boots a kernel that stays, with its control service. */
export async function boot(request: BootRequest): Promise<Outcome<Kernel>> {
  const address = request.control ?? usualControlAddress();
  const problem =
    roadProblem(request) ??
    fileProblem(request.world ?? PAIR) ??
    (await coreProblem(request.core)) ??
    (await socketFolderProblem(address));
  if (problem !== undefined) return invalid(problem);
  const { promise: failed, resolve: fails } = withResolvers<Trouble>();
  const { world, houses } = await bootWorld(request, (place, how) => {
    // Processes are started again; a thread that ended is gone for good.
    if (request.runtime === "embedded") fails({ kind: "broke", lines: [`the thread of ${place} ended: ${how}`] });
  });
  const control = await serveControl({ addresses: [address], service: controlOf(world), clock: world.clock });
  if (!control.ok) {
    await world.stop();
    return invalid(
      `control: ${control.reason}; does another kernel run there? --control gives this one an address of its own`,
    );
  }
  const telemetry = await telemetryFor(world, request);
  if (!telemetry.ok) {
    await control.value.close(GRACE_NS);
    await world.stop();
    return invalid(telemetry.reason);
  }
  let toured: Experiment | undefined;
  return {
    ok: true,
    value: {
      nodes: [...world.nodes.keys()],
      seed: world.seed,
      houses,
      control: control.value.address,
      ...(telemetry.value.address !== undefined && { metrics: telemetry.value.address }),
      failed,
      onEvents: (listener) => world.onEvents(listener),
      async tour(stop) {
        const loaded = await loadOne(tourFile());
        if (!loaded.ok) return loaded;
        const { profile } = request;
        if (!loaded.value.profiles.includes(profile)) {
          return invalid(
            `the tour applies to the profile ${loaded.value.profiles.join(", ")} only; found --profile ${profile}`,
          );
        }
        // The tasks of the last tour end first: their names are taken, and their files are open.
        if (toured !== undefined) await endTasks(world, toured);
        toured = loaded.value;
        return runIn(world, loaded.value, { stop });
      },
      async stop() {
        await telemetry.value.stop();
        await control.value.close(GRACE_NS);
        await world.stop();
      },
    },
  };
}

/** A promise and the way to resolve it; Node 20 has no Promise.withResolvers. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
