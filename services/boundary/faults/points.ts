import { CONTRACT, type PointContract, type PointName } from "../../abi/contract.generated.ts";
import { didYouMean } from "../../abi/closest.ts";
import { globFits } from "../../rules/atoms/evaluate.ts";

/** The two ends of a link for frames: no calls, yet faults strike them too. */
export const FRAME_POINTS = ["frame_send", "frame_receive"] as const;

/** One of them. */
type FramePoint = (typeof FRAME_POINTS)[number];

/** A place where a fault can be: a crossing of the contract, or an end of a link. */
export type FaultPoint = PointContract | FramePoint;

/** Every place where a fault can be. Control is none. */
export const FAULT_POINTS: readonly FaultPoint[] = [
  ...Object.values(CONTRACT).filter(({ kind }) => kind !== "control"),
  ...FRAME_POINTS,
];

/** The name of a place where a fault can be. */
export const pointName = (point: FaultPoint): string => (typeof point === "string" ? point : point.name);

/** What a text of points means, or which of its words means nothing, and where. */
export type ReadPoints =
  | {
      readonly ok: true;
      readonly points: readonly FaultPoint[];
      /** Those that were named as they are; of those that a glob found, some may be unfit for an effect. */
      readonly named: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly error: string; readonly offset: number };

const NAMES = FAULT_POINTS.map(pointName);

/**
 * Reads points as a rule has them: names, globs, and globs after `!` that are taken out, with commas between. Where only
 * something is taken out, all others are meant.
 */
export function readPoints(text: string): ReadPoints {
  const wanted = new Set<string>();
  const unwanted = new Set<string>();
  const named = new Set<string>();
  let offset = 0;
  let onlyUnwanted = true;
  for (const part of text.split(",")) {
    const word = part.trim();
    const out = word.startsWith("!");
    const glob = out ? word.slice(1).trim() : word;
    const at = offset + part.indexOf(word);
    offset += part.length + 1;
    const found = NAMES.filter((name) => globFits(glob, name));
    if (found.length === 0) return { ok: false, error: problemOf(glob), offset: at };
    onlyUnwanted &&= out;
    if (!out && !glob.includes("*")) named.add(glob);
    for (const name of found) (out ? unwanted : wanted).add(name);
  }
  const points = FAULT_POINTS.filter((point) => {
    const name = pointName(point);
    return !unwanted.has(name) && (onlyUnwanted || wanted.has(name));
  });
  if (points.length === 0) return { ok: false, error: `${text} leaves no point: all are taken out again`, offset: 0 };
  return { ok: true, points, named };
}

function problemOf(glob: string): string {
  if (Object.hasOwn(CONTRACT, glob) && CONTRACT[glob as PointName].kind === "control")
    return `${glob} is control, and control is never a fault point`;
  if (glob.includes("*")) return `${glob} fits no point of the contract`;
  return `${glob === "" ? "nothing" : glob} is no point of the contract${didYouMean(glob, NAMES)}`;
}
