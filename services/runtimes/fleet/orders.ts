import type { AttendRequest, AttendResponse, BootOrder, FaultEffect } from "../../abi/contract.generated.ts";
import { PROFILES } from "../../abi/profile.ts";
import { parseSeed } from "../../abi/seed.ts";
import { loadWorld } from "../../lab/load/world.ts";
import { formatLoadError } from "../../lab/load/errors.ts";
import { failed, worked, type Attempt } from "../../transports/answers.ts";
import type { BlowOrder } from "../blows.ts";
import { nameOf, placesOf } from "../links.ts";
import { originOf } from "../thread-kit.ts";
import type { Addresses, LifeFacts } from "./place-life.ts";
import { worldText } from "./world-text.ts";

/** A peer has begun another life: connect to it anew, at once. */
export interface ReachOrder {
  readonly t: "reach";
  readonly peer: string;
}

/** What a place is told once it knows who it is, in this order; the later ones as often as it takes. */
export type PlaceOrder =
  | { readonly t: "connect"; readonly addresses: Addresses }
  | { readonly t: "start" }
  | BlowOrder
  | ReachOrder
  | { readonly t: "struck"; readonly blow: number };

/** What a place says. */
export type PlaceWord =
  | { readonly t: "serving"; readonly address: string }
  | { readonly t: "connected" }
  | { readonly t: "started" }
  | { readonly t: "obeyed" }
  /** A rule of it asks for a blow; `blow` is a number of the place for it. */
  | { readonly t: "blow"; readonly blow: number; readonly effect: FaultEffect; readonly lamport: number }
  | { readonly t: "trouble"; readonly reason: string };

/** Who a place is, as it travels. */
export const bootOrder = ({ place, facts, incarnation, lamport, mutant, frames }: LifeFacts): BootOrder => ({
  place: nameOf(place),
  world: worldText(facts.topology),
  seed: facts.seed,
  profile: facts.profile,
  epoch_ms: facts.epochMs,
  origin: originOf(facts),
  incarnation,
  mutant: mutant ?? "",
  frames,
  core: Object.entries(facts.cores ?? {})
    .map(([node, address]) => `${node}=${address}`)
    .join("\n"),
  lamport,
});

/** Reads who a place is; what cannot be, it says in one line. */
export function lifeOf(boot: BootOrder): Attempt<LifeFacts> {
  const world = loadWorld(boot.world, "the world");
  if (!world.ok) return failed(world.errors.map(formatLoadError).join("; "));
  const { frames } = boot;
  const profile = PROFILES.find((one) => one === boot.profile);
  if (profile === undefined) return failed(`${boot.profile} is no profile`);
  const seed = parseSeed(boot.seed);
  if (seed === undefined) return failed(`${boot.seed} is no seed`);
  if (frames !== "auto" && frames !== "stream") return failed(`frames cannot travel by ${frames}`);
  const cores = Object.fromEntries(
    boot.core.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
  const { topology } = world;
  const place = placesOf({ topology, cores }).find((one) => nameOf(one) === boot.place);
  if (place === undefined) return failed(`the world has no place ${boot.place}`);
  return worked({
    place,
    facts: { topology, cores, seed: seed.toString(), profile, epochMs: boot.epoch_ms, origin: boot.origin },
    incarnation: boot.incarnation,
    lamport: boot.lamport,
    mutant: boot.mutant === "" ? undefined : boot.mutant,
    frames,
  });
}

/** An order as it travels. */
export function orderToWire(order: PlaceOrder): AttendRequest {
  switch (order.t) {
    case "connect":
      return {
        connect: { addresses: Object.entries(order.addresses).map(([place, address]) => ({ place, address })) },
      };
    case "start":
      return { start: {} };
    case "gate":
      return { gate: { peer: order.peer, cut: order.cut, slow_ns: order.slowNs, for_ns: order.forNs } };
    case "strike":
      return { strike: { kind: order.kind, for_ns: order.forNs } };
    case "struck":
      return { struck: { blow: order.blow } };
    case "reach":
      return { reach: { peer: order.peer } };
  }
}

/** An order that arrived; undefined for one that this version does not know. */
export function orderFromWire({ connect, start, gate, strike, struck, reach }: AttendRequest): PlaceOrder | undefined {
  if (connect !== undefined)
    return {
      t: "connect",
      addresses: Object.fromEntries(connect.addresses.map(({ place, address }) => [place, address])),
    };
  if (start !== undefined) return { t: "start" };
  if (gate !== undefined)
    return { t: "gate", peer: gate.peer, cut: gate.cut, slowNs: gate.slow_ns, forNs: gate.for_ns };
  if (strike?.kind === "crash" || strike?.kind === "hang")
    return { t: "strike", kind: strike.kind, forNs: strike.for_ns };
  if (struck !== undefined) return { t: "struck", blow: struck.blow };
  if (reach !== undefined) return { t: "reach", peer: reach.peer };
  return undefined;
}

/** A word as it travels. */
export function wordToWire(word: PlaceWord): AttendResponse {
  switch (word.t) {
    case "serving":
      return { serving: {} };
    case "connected":
      return { connected: {} };
    case "started":
      return { started: {} };
    case "obeyed":
      return { obeyed: {} };
    case "blow":
      return { blow: { blow: word.blow, effect: word.effect, lamport: word.lamport } };
    case "trouble":
      return { trouble: { reason: word.reason } };
  }
}

/** A word that arrived. @param address where the place was reached. */
export function wordFromWire(said: AttendResponse, address: string): PlaceWord | undefined {
  const { serving, connected, started, obeyed, blow, trouble } = said;
  if (serving !== undefined) return { t: "serving", address };
  if (connected !== undefined) return { t: "connected" };
  if (started !== undefined) return { t: "started" };
  if (obeyed !== undefined) return { t: "obeyed" };
  if (blow?.effect !== undefined) return { t: "blow", blow: blow.blow, effect: blow.effect, lamport: blow.lamport };
  if (trouble !== undefined) return { t: "trouble", reason: trouble.reason };
  return undefined;
}
