/** Quantities as people write them. Every parser answers undefined for what it does not accept, never a guess. */

const NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/** How a duration is written, for error messages. */
export const DURATION_FORM = "a number with ns, us, ms, s or m, such as 50ms";

/** Nanoseconds of `50ms`, `1.5s`, `200us`; a bare number is refused, since nobody can tell its unit. */
export function parseDurationNs(text: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m)$/.exec(text) ?? [];
  const scale = unit === undefined ? undefined : NS[unit];
  if (digits === undefined || scale === undefined) return undefined;
  const ns = Math.round(Number(digits) * scale);
  return Number.isSafeInteger(ns) ? ns : undefined;
}

/** How a share is written, for error messages. */
export const RATIO_FORM = "a share such as 10% or 1/1000 (a bare number means 1 % to some tools and 100 % to others)";

/** A share as a fraction. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** `10%`, `0.5%` or `1/1000` as a fraction between 0 and 1; a bare number is refused. */
export function parseRatio(text: string): Ratio | undefined {
  const [, percent] = /^(\d+(?:\.\d{1,6})?)%$/.exec(text) ?? [];
  if (percent !== undefined) {
    const decimals = percent.split(".")[1]?.length ?? 0;
    const denominator = 100 * 10 ** decimals;
    const numerator = Math.round(Number(percent) * 10 ** decimals);
    return numerator <= denominator ? { numerator, denominator } : undefined;
  }
  const [, above, below] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (above === undefined || below === undefined) return undefined;
  const ratio = { numerator: Number(above), denominator: Number(below) };
  return ratio.denominator > 0 && ratio.numerator <= ratio.denominator ? ratio : undefined;
}

/** A duration in the unit that reads best, such as `12 µs`. */
export function durationText(ns: number): string {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${trim(ns / 1e3)} µs`;
  if (ns < 1e9) return `${trim(ns / 1e6)} ms`;
  return `${trim(ns / 1e9)} s`;
}

const EXACT = [
  ["s", 1e9],
  ["ms", 1e6],
  ["us", 1e3],
] as const;

/** A duration as `parseDurationNs` reads it back, to the nanosecond: `1250ms`. */
export function exactDurationText(ns: number): string {
  const [unit, scale] = EXACT.find(([, one]) => ns % one === 0) ?? ["ns", 1];
  return `${ns / scale}${unit}`;
}

const trim = (n: number): string => (n < 10 ? n.toFixed(1).replace(/\.0$/, "") : Math.round(n).toString());
