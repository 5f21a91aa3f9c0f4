import type { VNode } from "preact";
import type { TraceEvent } from "../../abi/event.ts";
import { eventText } from "../../rules/event-text.ts";
import { placeOf } from "../../telemetry/words.ts";
import { timeText } from "../words.ts";
import { lanesOf, type Lanes } from "./lanes.ts";
import type { Row } from "./rows.ts";
import type { Stretch } from "./windows.ts";

/** Two events whose order is wrong, and by which rule. */
export interface BrokenOrder {
  readonly rule: string;
  readonly first: TraceEvent;
  readonly second: TraceEvent;
}

const ROW = 34;
const FOLD = 40;
/** Where the line of an arrow is in its row; its label is above. */
const LINE = 25;
const CHARACTER = 6.7;
const LABEL_MAX = 96;
const LABEL_FONT = 11;
/** So many rows of a fold are drawn when it is opened; the trace has all of them. */
const FOLDED_MAX = 250;

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** The head of the picture, the first of a page with what all arrows end in: nodes, services, and the two lanes of each. */
const Head = ({ lanes, width, first }: { lanes: Lanes; width: number; first: boolean }): VNode => {
  const nodes = [...new Set(lanes.services.map(({ node }) => node))];
  return (
    <svg class="lanes-head" width={width} height={64} viewBox={`0 0 ${width} 64`} aria-hidden="true">
      {first && <Heads />}
      {nodes.map((node) => {
        const mine = lanes.services.filter((service) => service.node === node);
        const [from, to] = [mine[0]?.from ?? 0, mine.at(-1)?.to ?? 0];
        return (
          <g key={node}>
            <line class="node-line" x1={from + 2} x2={to - 2} y1={18} y2={18} />
            <text class="node-name" x={from + 4} y={13}>
              {node}
            </text>
          </g>
        );
      })}
      {lanes.services.map(({ node, place, from, to, inband, oob }) => (
        <g key={`${node} ${place}`} class={`service ${serviceClass(place)}`}>
          <text class="service-name" x={(from + to) / 2} y={36} text-anchor="middle">
            {cut(place, 16)}
            <title>{`${node}/${place}`}</title>
          </text>
          <text class="stage-name" x={inband.x} y={54} text-anchor="middle">
            {inband.used ? "in-band" : "in"}
            <title>{`${place}, in-band stage`}</title>
          </text>
          <text class="stage-name" x={oob.x} y={54} text-anchor="middle">
            {oob.used ? "out-of-band" : "oob"}
            <title>{`${place}, out-of-band stage`}</title>
          </text>
        </g>
      ))}
    </svg>
  );
};

const serviceClass = (place: string): string =>
  place.startsWith("task") ? "of-task" : `of-${place.replaceAll(/\W/g, "")}`;

const Lifelines = ({ lanes, height }: { lanes: Lanes; height: number }): VNode => (
  <g>
    {lanes.services.map(({ node, place, from, to, inband, oob }) => (
      <g key={`${node} ${place}`} class={`service ${serviceClass(place)}`}>
        <rect class="oob-ground" x={(inband.x + oob.x) / 2} y={0} width={to - (inband.x + oob.x) / 2} height={height} />
        <rect class="service-ground" x={from} y={0} width={to - from} height={height} rx={3} />
        {[inband, oob].map((lane) => (
          <line
            key={lane.stage}
            class={`life ${lane.stage}${lane.used ? "" : " unused"}`}
            x1={lane.x}
            x2={lane.x}
            y1={0}
            y2={height}
          />
        ))}
      </g>
    ))}
  </g>
);

const Bolt = ({ x, y, fault }: { x: number; y: number; fault: string }): VNode => (
  <g class="bolt" transform={`translate(${x} ${y})`}>
    <path d="M1 -11 L-6 2 L-1 2 L-2 11 L6 -3 L1 -3 Z" />
    <title>{`fault ${fault} struck here`}</title>
  </g>
);

/** The label of a row, kept inside the picture. */
function Label({
  row,
  at,
  y,
  width,
  number,
}: {
  row: Row;
  at: number;
  y: number;
  width: number;
  number: number;
}): VNode {
  const text = cut(row.label, LABEL_MAX);
  const long = text.length * CHARACTER + (row.fault === undefined ? 0 : 16);
  const x = Math.max(6, Math.min(at + 11, width - long - 6));
  const tone = row.lost === true || row.failed === true ? " bad" : row.t === "return" ? " answer" : "";
  return (
    <text class={`label ${row.t}${tone}`} x={x} y={y - 7} font-size={LABEL_FONT}>
      {row.fault !== undefined && <tspan class="bolt-text">⚡ </tspan>}
      {text}
      <title>{`${number}. ${row.events.map((event) => `${eventText(event)} at ${timeText(event.timeNs)}`).join("\n")}`}</title>
    </text>
  );
}

/** What a row shows: an arrow, a dot or a bolt. */
function Mark({
  row,
  y,
  yOf,
  lanes,
}: {
  row: Row;
  y: number;
  yOf: (event: TraceEvent) => number;
  lanes: Lanes;
}): VNode {
  const [event] = row.events;
  if (event === undefined) return <g />;
  const own = lanes.xOf(event);
  const { from, to } = row;
  const tone = `${row.t}${row.fault === undefined ? "" : " struck"}${row.lost === true || row.failed === true ? " bad" : ""}`;
  const x1 = from === undefined ? own : lanes.xOf(from);
  const x2 = to === undefined ? x1 : lanes.xOf(to);
  // An arrow whose other end is folded away, or stands on this row, is drawn level.
  const y1 = from === undefined || row.events.includes(from) || yOf(from) < 0 ? y : yOf(from);
  const middle = row.t === "blow" ? own : x1 === x2 ? x1 + 16 : (x1 + x2) / 2;
  return (
    <g class={`mark ${tone} ${serviceClass(placeOf(event))}`}>
      {x1 !== x2 && (
        <path
          class="arrow"
          d={`M${x1} ${y1} L${x2} ${y}`}
          marker-end={`url(#head-${row.t === "return" ? "open" : "full"})`}
        />
      )}
      {row.unheard === true && (
        <g>
          <path class="arrow" d={`M${x1} ${y} h22`} />
          <path class="cross" d={`M${x1 + 22} ${y - 5} l10 10 m0 -10 l-10 10`} />
          <title>it never arrived</title>
        </g>
      )}
      {row.lost === true && <path class="cross" d={`M${own - 5} ${y - 5} l10 10 m0 -10 l-10 10`} />}
      {(row.t === "fact" || x1 === x2) && row.t !== "blow" && row.unheard !== true && (
        <circle class="dot" cx={own} cy={y} r={row.t === "fact" ? 4 : 3} />
      )}
      {row.fault !== undefined && row.t !== "blow" && (
        <Bolt x={row.unheard === true ? x1 + 46 : middle} y={y} fault={row.fault} />
      )}
      {row.t === "blow" && <Bolt x={own} y={y} fault={row.fault ?? String(event.args["rule"] ?? event.point)} />}
    </g>
  );
}

/** The dashed line between two events whose order is wrong. */
function Broken({
  order,
  yOf,
  lanes,
  nth,
}: {
  order: BrokenOrder;
  yOf: (event: TraceEvent) => number;
  lanes: Lanes;
  nth: number;
}): VNode {
  const [x1, y1] = [lanes.xOf(order.first), yOf(order.first)];
  const [x2, y2] = [lanes.xOf(order.second), yOf(order.second)];
  if (y1 < 0 || y2 < 0) return <g />;
  const bend = Math.min(lanes.width - 30, Math.max(x1, x2) + 46 + nth * 18);
  const text = `${order.rule}: this order is wrong`;
  const labelX = Math.max(4, Math.min(bend + 6, lanes.width - text.length * CHARACTER - 8));
  return (
    <g class="broken">
      <path d={`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`} marker-end="url(#head-broken)" />
      <circle cx={x1} cy={y1} r={8} />
      <circle cx={x2} cy={y2} r={8} />
      <text x={labelX} y={(y1 + y2) / 2 + 4 + nth * 14} font-size={LABEL_FONT}>
        {text}
      </text>
      <title>{`${order.rule}: first ${eventText(order.first)}, then ${eventText(order.second)}`}</title>
    </g>
  );
}

const Heads = (): VNode => (
  <defs>
    <marker id="head-full" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
      <path class="head-full" d="M0 1 L10 5 L0 9 Z" />
    </marker>
    <marker id="head-open" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
      <path class="head-open" d="M1 1 L9 5 L1 9" />
    </marker>
    <marker id="head-broken" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto">
      <path class="head-broken" d="M0 1 L10 5 L0 9 Z" />
    </marker>
  </defs>
);

interface Placed {
  readonly row: Row;
  readonly y: number;
  readonly number: number;
}

/** The drawing of some stretches; a folded one is a band that leads to what is in it. */
function Drawing(props: {
  stretches: readonly Stretch[];
  lanes: Lanes;
  orders: readonly BrokenOrder[];
  label: string;
  numberOf: ReadonlyMap<Row, number>;
}): VNode {
  const { stretches, lanes, orders, label, numberOf } = props;
  const placed: Placed[] = [];
  const bands: { readonly y: number; readonly nth: number; readonly rows: readonly Row[] }[] = [];
  const ys = new Map<TraceEvent, number>();
  let y = 4;
  for (const { t, rows } of stretches) {
    if (t === "folded") {
      bands.push({ y, nth: bands.length + 1, rows });
      y += FOLD;
      continue;
    }
    for (const row of rows) {
      placed.push({ row, y: y + LINE, number: numberOf.get(row) ?? 0 });
      for (const event of row.events) ys.set(event, y + LINE);
      y += ROW;
    }
  }
  const height = y + 10;
  const yOf = (event: TraceEvent): number => ys.get(event) ?? -1;
  return (
    <svg
      class="lanes"
      width={lanes.width}
      height={height}
      viewBox={`0 0 ${lanes.width} ${height}`}
      role="img"
      aria-label={label}
    >
      <Lifelines lanes={lanes} height={height} />
      {bands.map(({ y: top, nth, rows }) => (
        <a key={nth} href={`#fold-${nth}`} class="fold">
          <rect x={2} y={top + 5} width={lanes.width - 4} height={FOLD - 10} rx={6} />
          <text x={16} y={top + 24} font-size={12}>
            {`⋯ ${countEvents(rows)} events folded; open them below`}
          </text>
        </a>
      ))}
      {placed.map(({ row, y: at, number }) => (
        <Mark key={number} row={row} y={at} yOf={yOf} lanes={lanes} />
      ))}
      {orders.map((order, nth) => (
        <Broken key={nth} order={order} yOf={yOf} lanes={lanes} nth={nth} />
      ))}
      {placed.map(({ row, y: at, number }) => {
        const xs = [row.from, row.to].flatMap((event) => (event === undefined ? [] : [lanes.xOf(event)]));
        const left = row.events[0] === undefined ? 0 : Math.min(lanes.xOf(row.events[0]), ...xs);
        return <Label key={number} row={row} at={left} y={at} width={lanes.width} number={number} />;
      })}
    </svg>
  );
}

const countEvents = (rows: readonly Row[]): number => rows.reduce((sum, { events }) => sum + events.length, 0);

const RowText = ({ row }: { row: Row }): VNode => (
  <li class={row.fault === undefined ? undefined : "struck"}>
    {row.events.map((event) => (
      <span key={event.seq}>
        <code>{eventText(event)}</code> <span class="faint">{`${event.stage}, ${timeText(event.timeNs)} `}</span>
      </span>
    ))}
  </li>
);

/** The whole picture: its head, what is shown, what was folded away, and the same as text. */
export function Picture(props: {
  stretches: readonly Stretch[];
  orders: readonly BrokenOrder[];
  title: string;
}): VNode {
  const { stretches, orders, title } = props;
  const rows = stretches.flatMap((stretch) => stretch.rows);
  const lanes = lanesOf(rows.flatMap(({ events }) => events));
  const numberOf = new Map(rows.map((row, i) => [row, i + 1]));
  const folded = stretches.filter(({ t }) => t === "folded");
  const shown = stretches.filter(({ t }) => t === "shown").flatMap((stretch) => stretch.rows);
  const drawing = { lanes, orders, numberOf };
  return (
    <>
      <div class="picture" tabindex={0} role="region" aria-label={title}>
        <Head lanes={lanes} width={lanes.width} first />
        <Drawing
          {...drawing}
          stretches={stretches}
          label={`${title}: ${shown.length} steps are drawn; the list below says the same as text`}
        />
      </div>
      {folded.map(({ rows: inside }, i) => (
        <details key={i} class="folded">
          <summary
            id={`fold-${i + 1}`}
          >{`Folded part ${i + 1}: ${countEvents(inside)} events, from ${inside[0]?.label ?? ""}`}</summary>
          <div class="picture">
            <Head lanes={lanes} width={lanes.width} first={false} />
            <Drawing
              {...drawing}
              orders={[]}
              stretches={[{ t: "shown", rows: inside.slice(0, FOLDED_MAX) }]}
              label={`folded part ${i + 1}`}
            />
          </div>
          {inside.length > FOLDED_MAX && (
            <p class="faint">{`${inside.length - FOLDED_MAX} steps more are in the trace.`}</p>
          )}
        </details>
      ))}
      <details>
        <summary>The same as text</summary>
        <ol class="events">
          {shown.map((row) => (
            <RowText key={numberOf.get(row)} row={row} />
          ))}
        </ol>
      </details>
    </>
  );
}
