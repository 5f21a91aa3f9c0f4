import type { FaultEffect, FaultKind, FaultPhase, PointContract } from "../../abi/contract.generated.ts";
import { didYouMean } from "../../abi/closest.ts";
import { BLOWS, type BlowKind } from "../blows.ts";
import { dataOf, resourcesOf, type FaultSeat } from "./cells.ts";
import { placeProblem } from "./place.ts";
import { pointName, type FaultPoint } from "./points.ts";
import { ROAD_STATUSES } from "./road.ts";
import { fieldNamed, parsedValue } from "./wrong.ts";

/** What goes with which kinds; anything else that an effect says would be skipped, so it is refused. */
const GOES_WITH: Readonly<Partial<Record<keyof FaultEffect, readonly FaultKind[]>>> = {
  errno: ["refuse"],
  blow: BLOWS,
  chance: ["delay"],
  data: ["answer", "mistake", "corrupt"],
  rate_bps: ["bandwidth"],
  times: ["duplicate"],
  gap: ["reorder"],
  until: ["stall"],
  resource: ["resource"],
  grpc_status: ["road"],
};

/** As many copies, or frames that overtake another, at most. */
const MANY_MAX = 1000;

/** The parts of a call whose data an effect changes. */
const dataPhases = (phase: FaultPhase): ("before" | "after")[] =>
  phase === "around" ? ["before", "after"] : [phase === "before" ? "before" : "after"];

/** What is wrong with an effect as it is written, in one line; that the point can have it is known. */
export function effectShapeProblem(
  point: FaultPoint,
  seat: FaultSeat,
  effect: FaultEffect,
  kind: FaultKind,
): string | undefined {
  for (const key of Object.keys(GOES_WITH) as (keyof FaultEffect)[]) {
    const kinds = GOES_WITH[key] ?? [];
    if (effect[key] !== undefined && !kinds.includes(kind))
      return key === "blow" ? `a blow goes with ${kinds.join(", ")}, not with ${kind}` : `${kind} has no ${key}`;
  }
  switch (kind) {
    case "refuse":
      return refusalProblem(point, effect);
    case "delay":
      return delayProblem(effect);
    case "road":
      return effect.grpc_status === undefined || !Object.hasOwn(ROAD_STATUSES, effect.grpc_status)
        ? `${effect.grpc_status ?? "nothing"} is no status that a road fails with (${Object.keys(ROAD_STATUSES).join(", ")})`
        : undefined;
    case "bandwidth":
      return (effect.rate_bps ?? 0) > 0 ? undefined : "a bound on bandwidth says its rate";
    case "duplicate":
      return (effect.times ?? 1) <= MANY_MAX ? undefined : `a duplicate has ${MANY_MAX} copies at most`;
    case "reorder":
      return (effect.gap ?? 0) >= 1 && (effect.gap ?? 0) <= MANY_MAX
        ? undefined
        : `reorder says how many frames overtake, from 1 to ${MANY_MAX}`;
    case "stall":
      return effect.until === undefined ? "a stall says the formula until which it lasts" : undefined;
    case "resource":
      return resourceProblem(point, effect);
    case "answer":
    case "mistake":
    case "corrupt":
      return dataProblem(point, seat, effect, kind);
    case "crash":
    case "hang":
    case "slow":
    case "partition":
      return typeof point === "string" ? undefined : blowShapeProblem(point, effect, kind);
    default:
      return undefined;
  }
}

function refusalProblem(point: FaultPoint, { errno }: FaultEffect): string | undefined {
  if (errno === undefined) return "a refusal says its errno";
  if (typeof point === "string" || point.errnos.includes(errno)) return undefined;
  return `${point.name} cannot answer ${errno}; it can answer ${point.errnos.join(", ")}`;
}

function delayProblem({ delay_ns: fixedNs, chance }: FaultEffect): string | undefined {
  const said = [fixedNs, chance?.max_ns ?? 0, chance?.mean_ns ?? 0].filter((ns) => ns > 0).length;
  if (said === 0) return "a delay says how long it is";
  if (said > 1) return "a delay is fixed, uniform or exp: one of them";
  if (chance === undefined) return undefined;
  if (chance.max_ns > 0 && chance.min_ns > chance.max_ns) return "a delay does not end before it begins";
  if (chance.jitter_ns > 0 && !(fixedNs > 0)) return "a jitter is around a fixed delay";
  if (chance.jitter_ns > fixedNs) return "a jitter is not longer than the delay that it is around";
  const share = chance.correlation;
  return share === undefined || (share.denominator > 0 && share.numerator <= share.denominator)
    ? undefined
    : "a correlation is a share between 0 and 1";
}

function resourceProblem(point: FaultPoint, { resource }: FaultEffect): string | undefined {
  if (resource === undefined) return "it is said which resource runs out";
  if (typeof point === "string") return undefined;
  const taken = resourcesOf(point);
  return taken.includes(resource)
    ? undefined
    : `${point.to} takes no ${resource} to answer ${point.name}; it takes ${taken.join(", ")}`;
}

function dataProblem(
  point: FaultPoint,
  { phase }: FaultSeat,
  { data }: FaultEffect,
  kind: "answer" | "mistake" | "corrupt",
): string | undefined {
  const count = data?.bytes ?? 0;
  if (kind !== "corrupt" && count > 0) return `${kind} has no count of bytes; corrupt has`;
  if (kind === "corrupt" && (data?.values.length ?? 0) > 0) return "corrupt turns bits over; mistake sets values";
  if (typeof point === "string")
    return (data?.fields.length ?? 0) > 0 ? "a frame has no fields, its bytes are corrupted as a whole" : undefined;
  if (kind === "answer" && (data?.values.length ?? 0) === 0) return "an answer says its value";
  for (const one of kind === "answer" ? (["after"] as const) : dataPhases(phase)) {
    const shapes = dataOf(point, one).filter((shape) => kind !== "corrupt" || shape.kind === "bytes");
    const names = shapes.map(({ name }) => name);
    const what = one === "before" ? "arguments" : "answer";
    for (const field of [...(data?.fields ?? []), ...(data?.values ?? []).map((value) => value.field)]) {
      if (field !== "" && !names.includes(field))
        return `the ${what} of ${pointName(point)} has no ${kind === "corrupt" ? "bytes" : "field"} ${field}${didYouMean(field, names)}; it has ${names.join(", ") || "none"}`;
    }
    for (const { field, value } of data?.values ?? []) {
      const shape = fieldNamed(shapes, field);
      if (shape !== undefined && parsedValue(shape, value) === undefined)
        return `${value} is no value for ${shape.name} of ${point.name} (${shape.ref ?? shape.kind})`;
    }
  }
  return undefined;
}

/** What is wrong with a blow as it is written. Whether a world has its places is asked when it is armed there. */
function blowShapeProblem(contract: PointContract, effect: FaultEffect, kind: BlowKind): string | undefined {
  const { place = "", peer = "", for_ns: forNs = 0 } = effect.blow ?? {};
  const stranger = placeProblem(kind, place) ?? placeProblem(kind, peer);
  if (stranger !== undefined) return stranger;
  if (kind === "crash" && forNs > 0) return "a crash has no length: the place is started again by itself";
  if (kind !== "crash" && !(forNs > 0)) return `a ${kind} says how long it lasts`;
  if (kind === "slow" && !(effect.delay_ns > 0)) return "slow says by how much each call is held up";
  if (kind !== "slow" && effect.delay_ns > 0) return `a ${kind} holds no call up by a time of its own; slow does`;
  if (kind !== "partition")
    return peer === "" ? undefined : `a ${kind} strikes one place, not the edge to another; partition does`;
  const ends = [place === "" ? contract.to : place, peer === "" ? contract.from : peer];
  return ends[0] === ends[1] ? `a partition is between two places, not between ${ends[0]} and itself` : undefined;
}
