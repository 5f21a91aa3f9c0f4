import { render } from "preact-render-to-string";
import { latencyText } from "../../abi/latencies.ts";
import type { Journal } from "../../lab/run/journal.ts";

const WIDTH = 760;
const LABEL = 250;
const BAR = 320;
const TOP = 62;
const ROW = 40;
const THICK = 20;

/** A picture that stands alone brings its colours along, for a light page and for a dark one; a test computes the contrasts. */
const STYLE = `
svg { background: #ffffff; } text { font-family: system-ui, "Segoe UI", Roboto, sans-serif; font-size: 13px; fill: #16191d; }
.title { font-size: 15px; font-weight: 650; } .faint { fill: #59626e; font-size: 12px; } .axis { stroke: #59626e; }
.half { fill: #1d5bb8; } .tail { fill: #9dbdeb; }
@media (prefers-color-scheme: dark) {
  svg { background: #14171b; } text { fill: #e7eaee; } .faint { fill: #a3acb7; } .axis { stroke: #a3acb7; }
  .half { fill: #7fb0ff; } .tail { fill: #34507c; }
}`;

/**
 * All measures of a run beside each other, as a picture that stands alone: a bar to the median of each, and on to its p99.9. The
 * same run makes the same bytes.
 */
export function latencyChart({ title, measures = [], clock }: Pick<Journal, "title" | "measures" | "clock">): string {
  const rows = measures.flatMap(({ name, title: says, all }) =>
    all === undefined ? [] : [{ says: says ?? name, all }],
  );
  const longest = Math.max(1, ...rows.map(({ all }) => all.p999));
  const x = (ns: number): number => Math.max(1, Math.round((ns / longest) * BAR * 10) / 10);
  const height = TOP + rows.length * ROW + 34;
  const svg = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${WIDTH} ${height}`}
      width={WIDTH}
      height={height}
      role="img"
      aria-label={title}
    >
      <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      <text class="title" x={16} y={26}>
        {title}
      </text>
      <text class="faint" x={16} y={46}>
        {`Bar: half of the round trips took at most so long (p50); light: 99.9 % of them (p99.9). ${clock === "virtual" ? "Virtual time." : "Time of the emulator."}`}
      </text>
      {rows.map(({ says, all }, i) => {
        const y = TOP + i * ROW + (ROW - THICK) / 2;
        return (
          <g key={says}>
            <text x={LABEL - 10} y={y + 15} text-anchor="end">
              {says}
            </text>
            <rect class="tail" x={LABEL} y={y} width={x(all.p999)} height={THICK} />
            <rect class="half" x={LABEL} y={y} width={x(all.p50)} height={THICK} />
            <text class="faint" x={LABEL + x(all.p999) + 8} y={y + 15}>
              {`${latencyText(all.p50)}, p99.9 ${latencyText(all.p999)}`}
            </text>
          </g>
        );
      })}
      <line class="axis" x1={LABEL} x2={LABEL} y1={TOP} y2={TOP + rows.length * ROW} />
      <text class="faint" x={LABEL} y={height - 14}>
        0
      </text>
      <text class="faint" x={LABEL + BAR} y={height - 14} text-anchor="end">
        {latencyText(longest)}
      </text>
    </svg>
  );
  return `${render(svg)}\n`;
}
