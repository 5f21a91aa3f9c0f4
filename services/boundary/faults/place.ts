import { CONTRACT, type House } from "../../abi/contract.generated.ts";
import { didYouMean } from "../../abi/closest.ts";
import type { BlowKind } from "../blows.ts";

/** The houses of a node that answer calls: those that can be struck. */
const STRUCK_HOUSES: readonly House[] = [
  ...new Set(Object.values(CONTRACT).flatMap(({ kind, to }) => (kind === "control" ? [] : [to]))),
];

/** How a place is named. */
const PLACE_FORM = `${STRUCK_HOUSES.join(", ")}, or a full name such as beta/nic or lan/switch`;

/**
 * Why a name can name no place of any world, in one line; undefined when it may, and for none at all. The edge to the
 * tasks of a node can be cut, so there `task` is a name too.
 */
export function placeProblem(kind: BlowKind, place: string): string | undefined {
  if (place === "") return undefined;
  const last = place.slice(place.indexOf("/") + 1);
  const isFull = place.includes("/");
  const known = [...STRUCK_HOUSES, ...(kind === "partition" ? ["task"] : []), ...(isFull ? ["switch"] : [])];
  if (known.includes(last) && (!isFull || /^[A-Za-z][A-Za-z0-9_-]*\/[a-z]+$/.test(place))) return undefined;
  if (last === "task") return `the tasks of an experiment cannot be struck, only the edge to them (partition)`;
  if (place === "switch") return "a switch is named in full, such as lan/switch";
  return `${place} is no place${didYouMean(last, known)} (places: ${PLACE_FORM})`;
}
