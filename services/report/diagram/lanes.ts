import type { TraceEvent } from "../../abi/event.ts";
import { placeOf } from "../../telemetry/words.ts";

/** A line down the picture: what one service does on one stage. */
interface Lane {
  readonly stage: "inband" | "oob";
  /** Whether anything happens on it. */
  readonly used: boolean;
  readonly x: number;
}

/** A service of a node with its two lanes: in-band and out-of-band. */
interface ServiceLanes {
  readonly node: string;
  /** `task app`, `vfs`, `companion`. */
  readonly place: string;
  readonly from: number;
  readonly to: number;
  readonly inband: Lane;
  readonly oob: Lane;
}

/** All lanes of a picture. */
export interface Lanes {
  readonly services: readonly ServiceLanes[];
  readonly width: number;
  /** Where the lane of an event is. */
  xOf(event: TraceEvent): number;
}

const ORDER = ["task", "vfs", "inband", "companion", "nic", "lab", "any"];
const MARGIN = 14;
/** Few lanes have more room each: until so many points are filled. */
const FILLED = 1095;
const [USED_MIN, USED_MAX] = [60, 170];
const UNUSED = 22;
/** A service's name needs that much, however little happens in it. */
const SERVICE_MIN = 84;
const BETWEEN = 8;

/** Where something happens: what became of a place is drawn where that place is, though somebody else recorded it. */
function whereOf(event: TraceEvent): { node: string; place: string } {
  const [, node, place] = /^([^/]+)\/(\w+)$/.exec(String(event.args["place"] ?? "")) ?? [];
  const isOfPlace = event.point === "place_down" || event.point === "place_up";
  return isOfPlace && node !== undefined && place !== undefined
    ? { node, place }
    : { node: event.node, place: placeOf(event) };
}

function keyOf(event: TraceEvent): string {
  const { node, place } = whereOf(event);
  return `${node} ${place}`;
}

const rankOf = (place: string): number => {
  const rank = ORDER.findIndex((name) => place === name || place.startsWith(`${name} `));
  return rank < 0 ? ORDER.length : rank;
};
const stageOf = ({ stage }: TraceEvent): "inband" | "oob" => (stage === "oob" ? "oob" : "inband");

/** The lanes that these events need: two for each service of each node, the empty ones narrow. */
export function lanesOf(events: readonly TraceEvent[]): Lanes {
  const nodes: string[] = [];
  const found = new Map<string, { node: string; place: string; stages: Set<"inband" | "oob"> }>();
  for (const event of events) {
    const where = whereOf(event);
    if (!nodes.includes(where.node)) nodes.push(where.node);
    const known = found.get(keyOf(event)) ?? { ...where, stages: new Set() };
    known.stages.add(stageOf(event));
    found.set(keyOf(event), known);
  }
  const order = [...found].sort(
    ([, a], [, b]) => nodes.indexOf(a.node) - nodes.indexOf(b.node) || rankOf(a.place) - rankOf(b.place),
  );
  const used = order.reduce((sum, [, { stages }]) => sum + stages.size, 0);
  const spare = FILLED - order.length * (2 * UNUSED + BETWEEN) + used * UNUSED;
  const wide = Math.round(Math.min(USED_MAX, Math.max(USED_MIN, spare / Math.max(1, used))));
  let x = MARGIN;
  const placed = new Map<string, ServiceLanes>();
  for (const [key, { node, place, stages }] of order) {
    const widths = (["inband", "oob"] as const).map((stage) => (stages.has(stage) ? wide : UNUSED));
    const [inband = UNUSED, oob = UNUSED] = widths;
    const beside = Math.max(0, SERVICE_MIN - inband - oob) / 2;
    const from = x;
    const inbandX = from + beside + inband / 2;
    const oobX = from + beside + inband + oob / 2;
    x = from + Math.max(SERVICE_MIN, inband + oob);
    placed.set(key, {
      node,
      place,
      from,
      to: x,
      inband: { stage: "inband", used: stages.has("inband"), x: inbandX },
      oob: { stage: "oob", used: stages.has("oob"), x: oobX },
    });
    x += BETWEEN;
  }
  return {
    services: [...placed.values()],
    width: x + MARGIN,
    xOf: (event) => placed.get(keyOf(event))?.[stageOf(event)].x ?? MARGIN,
  };
}
