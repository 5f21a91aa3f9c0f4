import type { BootRequest, Kernel, Outcome, Trouble } from "../../cli/backend.ts";
import { outermost } from "../../abi/context.ts";
import type { PointValues } from "../../abi/contract.generated.ts";
import type { Clock } from "../../abi/kit.ts";
import { PAIR } from "../../abi/topology.ts";
import type { HouseNetwork, World } from "../../lab/world.ts";
import { fail, ok } from "../../abi/result.ts";
import { callsIn, childrenOf, type Experiment } from "../../lab/experiment.ts";
import { placeOf } from "../../lab/places.ts";
import { serveControl, type ControlService } from "../../transports/grpc/control-server.ts";
import type { ExperimentService } from "../../transports/grpc/run-experiment.ts";
import { createConverter } from "../../transports/grpc/convert.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { loadIdentity } from "../../transports/tls/identity.ts";
import { loadToken } from "../../transports/tls/token.ts";
import { NotUp } from "../distributed/patience.ts";
import { ksockServiceOf } from "../ksock-road.ts";
import { bootEpochMs, createRealClock } from "../real-clock.ts";
import { telemetryFor } from "../telemetry/asked.ts";
import { callTask } from "./call-task.ts";
import { createTaskHolds } from "./hold-task.ts";
import { loadOne } from "./load.ts";
import { socketFolderProblem, tourFile, usualControlAddress } from "./files.ts";
import { createExperiments } from "./experiments.ts";
import { invalid } from "./invalid.ts";
import { createWorldMaker } from "./make-world.ts";
import { runIn } from "./run.ts";
import { createStation, type Station } from "./station.ts";
import { withResolvers } from "./with-resolvers.ts";

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
    oob_devices: all("oob_devices"),
    vlan_maps: all("vlan_maps"),
  };
}

/** What the control service does: what the world does that is there. */
function controlOf(station: Station, experiments: ExperimentService, clock: Clock): ControlService {
  const current = (): Promise<World> => station.current();
  const converter = createConverter(loadProtos());
  return {
    calls: {
      ctl_arm_fault: async ({ rule }) => {
        const reason = rule === undefined ? "there is no rule in the request" : await (await current()).arm(rule);
        return ok({ reason: reason ?? "" });
      },
      ctl_disarm_fault: async ({ id }) => ((await (await current()).disarm(id)) ? ok({}) : fail("ENOENT")),
      ctl_list_faults: async () => ok({ reports: await (await current()).faults() }),
      ctl_list_files: async () => {
        const nodes = await (await current()).listFiles();
        return ok({
          entries: nodes.flatMap(({ node, vfs, companion }) => [...vfs, ...companion].map((one) => ({ ...one, node }))),
        });
      },
      ctl_freeze_stage: async ({ node, for_ns }) => {
        const world = await current();
        return (await world.freeze(node === "" ? world.node : node, for_ns)) === undefined ? ok({}) : fail("EINVAL");
      },
      ctl_list_tasks: async () => ok({ entries: await (await current()).listTasks() }),
      ctl_list_network: async () => ok(networkOf(await (await current()).network())),
      ctl_call: async (args) => callTask(await current(), converter, args),
    },
    onEvents: (listener) => station.onEvents(listener),
    experiments,
    holdTask: createTaskHolds(current),
    ksock: ksockServiceOf(current, clock),
  };
}

/** Ends the tasks that an experiment may have left. */
async function endTasks(world: World, experiment: Experiment): Promise<void> {
  const callers = callsIn(experiment.steps).map(({ task }) => task);
  for (const written of new Set([...callers, ...childrenOf(experiment)])) {
    const { task, node } = placeOf(written, world.node);
    await world.nodes.get(node)?.calls.sys_exit(outermost(task), { reaper: "" });
  }
}

/** How long places that somebody else has started may take to be there, at first and whenever the default world is made again. */
const PATIENCE_MS = 60_000;

/** Who may control the kernel from other machines, or what is wrong with it. */
function credentialsOf({ tls, tokenFile }: Pick<BootRequest, "tls" | "tokenFile">) {
  const identity = tls === undefined ? undefined : loadIdentity(tls);
  if (identity?.ok === false) return invalid(identity.reason);
  const token = tokenFile === undefined ? undefined : loadToken(tokenFile);
  if (token?.ok === false) return invalid(token.reason);
  return { ok: true, value: { tls: identity?.value, token: token?.value } } as const;
}

/** Boots a kernel that stays, with its control service. */
export async function boot(request: BootRequest): Promise<Outcome<Kernel>> {
  const addresses = request.control.length === 0 ? [usualControlAddress()] : request.control;
  for (const address of addresses) {
    const problem = await socketFolderProblem(address);
    if (problem !== undefined) return invalid(problem);
  }
  const credentials = credentialsOf(request);
  if (!credentials.ok) return credentials;
  const made = await createWorldMaker(request);
  if (!made.ok) return made;
  const maker = made.value;
  const topology = request.world ?? PAIR;
  const problem = maker.problem({ topology });
  if (problem !== undefined) return invalid(problem);

  const failed = withResolvers<Trouble>();
  const home = (): Promise<World> =>
    maker.make({
      seed: request.seed ?? SEED,
      profile: request.profile,
      topology,
      mutant: undefined,
      restart: true,
      patienceMs: PATIENCE_MS,
      onExit: (place, how) => {
        // Processes are started again; a thread that ended is gone for good.
        if (request.runtime === "embedded")
          failed.resolve({ kind: "broke", lines: [`the thread of ${place} ended: ${how}`] });
        else request.onProgress(`${place} ended (${how}) and is started again`);
      },
    });
  let world: World;
  try {
    world = await home();
  } catch (error) {
    maker.close();
    if (error instanceof NotUp) return invalid(...error.lines);
    throw error;
  }

  let metrics: string | undefined;
  let telemetryTrouble: string | undefined;
  const station = await createStation(world, {
    home,
    async luggage(on) {
      const telemetry = await telemetryFor(on, request);
      if (telemetry.ok) {
        metrics = telemetry.value.address;
        return telemetry.value;
      }
      telemetryTrouble = telemetry.reason;
      return { stop: () => Promise.resolve() };
    },
    onStranded(error) {
      const lines = error instanceof NotUp ? error.lines : [error.message];
      // Who keeps the places of a fleet running starts them again, sooner or later.
      if (request.places === undefined) failed.resolve({ kind: "broke", lines });
      else for (const line of lines) request.onProgress(`still without ${line}`);
      return request.places !== undefined;
    },
  });
  const clock = createRealClock(bootEpochMs());
  const control = await serveControl({
    addresses,
    tls: credentials.value.tls,
    token: credentials.value.token,
    service: controlOf(station, createExperiments(station, maker), clock),
    clock,
    onRefused: (refusal) =>
      void station.present().then(
        (on) => on.refused(refusal),
        () => undefined,
      ),
  });
  if (!control.ok || telemetryTrouble !== undefined) {
    if (control.ok) await control.value.close(GRACE_NS);
    await station.stop();
    maker.close();
    return invalid(
      control.ok
        ? (telemetryTrouble ?? "")
        : `control: ${control.reason}${control.reason.includes("EADDRINUSE") ? "; does another kernel run there? --control gives this one an address of its own" : ""}`,
    );
  }
  let toured: Experiment | undefined;
  return {
    ok: true,
    value: {
      nodes: [...world.nodes.keys()],
      seed: world.seed,
      houses: maker.houses(),
      control: control.value.address,
      ...(metrics !== undefined && { metrics }),
      failed: failed.promise,
      onEvents: (listener) => station.onEvents(listener),
      async tour(stop) {
        const loaded = await loadOne(tourFile());
        if (!loaded.ok) return loaded;
        const { profile } = request;
        if (!loaded.value.profiles.includes(profile)) {
          return invalid(
            `the tour applies to the profile ${loaded.value.profiles.join(", ")} only; found --profile ${profile}`,
          );
        }
        const busy = station.busy();
        if (busy !== undefined) return invalid(busy);
        return station.borrow("the tour", async (on) => {
          // The tasks of the last tour end first: their names are taken, and their files are open.
          if (toured !== undefined) await endTasks(on, toured);
          toured = loaded.value;
          return runIn(on, loaded.value, { stop });
        });
      },
      async stop() {
        await control.value.close(GRACE_NS);
        await station.stop();
        maker.close();
      },
    },
  };
}
