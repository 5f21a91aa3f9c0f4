import type { BootRequest, Kernel, Outcome } from "../../cli/backend.ts";
import type { World } from "../../lab/world.ts";
import { assert } from "../../abi/assert.ts";
import { PAIR } from "../../abi/topology.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { loadIdentity } from "../../transports/tls/identity.ts";
import { fileProblem } from "../captures.ts";
import { createDistributedWorld } from "../distributed/world.ts";
import { createEmbeddedWorld } from "../embedded/world.ts";
import { createFleet, type Fleet } from "../fleet/fleet.ts";
import { readPlaces } from "../fleet/places-file.ts";
import { readCores } from "../foreign.ts";
import { placesOf } from "../links.ts";
import type { WorldOptions } from "../world-options.ts";
import { readText } from "./files.ts";
import { invalid } from "./invalid.ts";
import { coresOf, roadProblem } from "./run.ts";

/** A world that is wanted. */
type Plan = Pick<WorldOptions, "seed" | "profile" | "topology" | "mutant" | "onExit"> & {
  /** Whether places are started again that ended by themselves. */
  readonly restart: boolean;
  /** How long places that somebody else has started may take to be there. */
  readonly patienceMs: number;
};

/** Makes worlds, one at a time, all in the way that a kernel was asked for. */
export interface WorldMaker {
  /** Why a world cannot be made here, in one line. */
  problem(plan: Pick<Plan, "topology">): string | undefined;
  make(plan: Plan): Promise<World>;
  /** Where everything of the last world runs. */
  houses(): Kernel["houses"];
  close(): void;
}

/** The fleet of the places file that was asked for; undefined where places are started here. */
async function fleetOf({ places, tls }: Pick<BootRequest, "places" | "tls">): Promise<Outcome<Fleet | undefined>> {
  if (places === undefined) return { ok: true, value: undefined };
  const text = await readText(places);
  if (!text.ok)
    return invalid(`--places ${places}: found ${text.reason}, allowed is a file that says where places are`);
  const file = readPlaces(text.text, places);
  if (!file.ok) return invalid(file.reason);
  const identity = tls === undefined ? undefined : loadIdentity(tls);
  if (identity?.ok === false) return invalid(identity.reason);
  return { ok: true, value: createFleet(file.value, places, identity?.value, loadProtos()) };
}

/** @returns what is wrong with what was asked for. */
export async function createWorldMaker(request: BootRequest): Promise<Outcome<WorldMaker>> {
  const { runtime, over, frames, tls } = request;
  const problem =
    roadProblem(request) ??
    (request.places !== undefined && runtime !== "distributed"
      ? `--places is for processes; found --runtime ${runtime}, allowed is --runtime distributed`
      : undefined);
  if (problem !== undefined) return invalid(problem);
  const asked = await coresOf(request, request.world ?? PAIR);
  if (!asked.ok) return asked;
  const found = await fleetOf(request);
  if (!found.ok) return found;
  const fleet = found.value;
  let houses: Kernel["houses"] = [];

  async function make({ patienceMs, restart, ...plan }: Plan): Promise<World> {
    const { topology = PAIR } = plan;
    const read = readCores(request.core ?? [], topology.nodes);
    assert(typeof read !== "string", "who makes a world has asked for problems before");
    const cores = read;
    const options = { ...plan, cores, tls, over, frames };
    const foreign = Object.entries(cores).map(([node, where]) => ({ node, house: "companion" as const, where }));
    if (runtime === "distributed") {
      const world = await createDistributedWorld({
        ...options,
        restart,
        hosts: fleet?.hosts(patienceMs),
        waiting: { onWait: (missing) => request.onProgress(`waiting for ${missing.join("; ")}`), stop: request.stop },
      });
      const where = ({ name, pid }: (typeof world.houses)[number]): string => fleet?.whereIs(name) ?? `process ${pid}`;
      houses = [...world.houses.map((one) => ({ node: one.node, house: one.house, where: where(one) })), ...foreign];
      return world;
    }
    const where = "worker thread";
    const threads = placesOf({ topology, cores }).map((place) =>
      place.t === "switch"
        ? { node: place.name, house: "switch" as const, where }
        : { node: place.node, house: place.house, where },
    );
    houses = [...threads, ...foreign];
    return createEmbeddedWorld(options);
  }

  return {
    ok: true,
    value: {
      // Places elsewhere have files of their own.
      problem({ topology = PAIR }) {
        const cores = readCores(request.core ?? [], topology.nodes);
        if (typeof cores === "string") return cores;
        return fleet?.problem({ topology, cores }) ?? (fleet ? undefined : fileProblem(topology));
      },
      make,
      houses: () => houses,
      close: () => fleet?.close(),
    },
  };
}
