import type { VNode } from "preact";
import { histogramRows, latencyText, type Latencies } from "../../abi/latencies.ts";

const LABEL = 76;
const BAR = 460;
const COUNT = 150;
const ROW = 19;
const THICK = 13;

/**
 * A histogram: a row for each bucket that is not empty, the shortest times first; how long a bar is says how many there were.
 *
 * @param part those that are told apart, by their own pattern and in words: those while the in-band stage stood still.
 */
export function Histogram({ all, part, title }: { all: Latencies; part: Latencies | undefined; title: string }): VNode {
  const rows = histogramRows(all.buckets, part?.buckets, 20);
  const most = Math.max(...rows.map(({ count }) => count));
  let y = 0;
  const placed = rows.map((row) => {
    // Where rows are left out, there is a space.
    if (row.gap) y += ROW / 2;
    const at = y;
    y += ROW;
    return { row, at };
  });
  const width = (count: number): number => (count === 0 ? 0 : Math.max(2, Math.round((count / most) * BAR)));
  return (
    <svg
      class="histogram"
      role="img"
      aria-label={title}
      viewBox={`0 0 ${LABEL + BAR + COUNT} ${y + 6}`}
      width={LABEL + BAR + COUNT}
      height={y + 6}
    >
      <line class="axis" x1={LABEL} x2={LABEL} y1={0} y2={y + 4} />
      {placed.map(({ row, at }) => {
        const { from, count, part: inPart } = row;
        const ran = width(count) - (inPart === 0 ? 0 : Math.min(width(inPart), width(count)));
        return (
          <g key={from}>
            {row.gap && (
              <text class="gap" x={LABEL - 8} y={at - 1} text-anchor="end">
                ⋮
              </text>
            )}
            <text x={LABEL - 8} y={at + THICK} text-anchor="end">
              {latencyText(from)}
            </text>
            {ran > 0 && <rect class="ran" x={LABEL} y={at + 2} width={ran} height={THICK} />}
            {inPart > 0 && <rect class="still" x={LABEL + ran} y={at + 2} width={width(count) - ran} height={THICK} />}
            <text class="count" x={LABEL + width(count) + 6} y={at + THICK}>
              {inPart === 0
                ? `${count}`
                : inPart === count
                  ? `${count}, stood still`
                  : `${count}, ${inPart} stood still`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
