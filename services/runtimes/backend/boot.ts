import type { BootRequest, Kernel, Outcome, Trouble } from "../../cli/backend.ts";
import type { World } from "../../lab/world.ts";
import { outermost } from "../../abi/context.ts";
import { fail, ok } from "../../abi/result.ts";
import { childrenOf, type Experiment } from "../../lab/experiment.ts";
import { serveControl, type ControlService } from "../../transports/grpc/control-server.ts";
import { createDistributedWorld } from "../distributed/world.ts";
import { createEmbeddedWorld } from "../embedded/world.ts";
import { HOUSES, type BuiltHouse } from "../house.ts";
import { loadOne } from "./load.ts";
import { socketFolderProblem, tourFile, usualControlAddress } from "./files.ts";
import { coreProblem, invalid, overProblem, runIn } from "./run.ts";

const SEED = 1n;
/** How long control calls in progress may take to end. */
const GRACE_NS = 500e6;

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
        const { vfs, companion } = await world.listFiles();
        return ok({ entries: [...vfs, ...companion] });
      },
    },
    onEvents: (listener) => world.onEvents(listener),
  };
}

/** Ends the tasks that an experiment may have left. */
async function endTasks(world: World, experiment: Experiment): Promise<void> {
  const callers = experiment.steps.flatMap((step) => (step.t === "call" ? [step.task] : []));
  for (const name of new Set([...callers, ...childrenOf(experiment)])) {
    await world.calls.sys_exit(outermost(name), { reaper: "" });
  }
}

interface Booted {
  readonly world: World;
  readonly houses: Kernel["houses"];
}

async function bootWorld(request: BootRequest, onExit: (house: BuiltHouse, how: string) => void): Promise<Booted> {
  const { runtime, profile, seed = SEED, core, over } = request;
  const options = { seed, profile, core, over, onExit };
  const foreign = core === undefined ? [] : [{ house: "companion" as const, where: core }];
  if (runtime === "distributed") {
    const world = await createDistributedWorld({ ...options, restart: true });
    const houses = world.houses.map(({ house, pid }) => ({ house, where: `process ${pid}` }));
    return { world, houses: [...houses, ...foreign] };
  }
  const houses = HOUSES.filter((house) => core === undefined || house !== "companion").map((house) => ({
    house,
    where: "worker thread",
  }));
  return { world: createEmbeddedWorld(options), houses: [...houses, ...foreign] };
}

/** Boots a kernel that stays, with its control service. */
export async function boot(request: BootRequest): Promise<Outcome<Kernel>> {
  const address = request.control ?? usualControlAddress();
  const problem = overProblem(request) ?? (await coreProblem(request.core)) ?? (await socketFolderProblem(address));
  if (problem !== undefined) return invalid(problem);
  const { promise: failed, resolve: fails } = withResolvers<Trouble>();
  const { world, houses } = await bootWorld(request, (house, how) => {
    // Processes are started again; a thread that ended is gone for good.
    if (request.runtime === "embedded") fails({ kind: "broke", lines: [`the thread of ${house} ended: ${how}`] });
  });
  const control = await serveControl({ address, service: controlOf(world), clock: world.clock });
  if (!control.ok) {
    await world.stop();
    return invalid(
      `control: ${control.reason}; does another kernel run there? --control gives this one an address of its own`,
    );
  }
  let toured: Experiment | undefined;
  return {
    ok: true,
    value: {
      node: world.node,
      seed: world.seed,
      houses,
      control: control.value.address,
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
