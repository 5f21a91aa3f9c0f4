import { blowText } from "../abi/blow-grammar.ts";
import type { FaultEffect, FaultKind, FaultRule } from "../abi/contract.generated.ts";
import { exactDurationText } from "../abi/units.ts";

/**
 * What happens in the place of a struck crossing, as it is typed: `refuse(ENOMEM)`, `lose-reply`, `hang(companion, 2s)`.
 * What is read from it is the same effect again, to the nanosecond.
 */
export function effectText(rule: FaultRule): string {
  const { effect, phase } = rule;
  if (effect?.kind === undefined) return "nothing";
  if (effect.kind === "crash" || effect.kind === "hang" || effect.kind === "slow" || effect.kind === "partition")
    return blowText(effect.kind, effect);
  const usual = effect.kind === "refuse" || effect.kind === "answer" || effect.kind === "road" ? "instead" : "before";
  const said = phase === undefined || phase === usual || !PHASED.includes(effect.kind) ? [] : [phase];
  const words = [...detailsOf(effect), ...said];
  return `${effect.kind.replaceAll("_", "-")}${words.length === 0 ? "" : `(${words.join(", ")})`}`;
}

/** The effects whose phase is typed. */
const PHASED: readonly FaultKind[] = ["refuse", "answer", "road", "delay", "corrupt", "mistake", "bandwidth", "stall"];

const quoted = (text: string): string => (/^[^(),\s"]+$/.test(text) ? text : `"${text}"`);

/** What stands in the brackets of an effect. */
function detailsOf({ kind, errno, delay_ns, chance, data, ...effect }: FaultEffect): string[] {
  switch (kind) {
    case "refuse":
      return [errno ?? "?"];
    case "answer":
      return (data?.values ?? []).map(({ field, value }) =>
        field === "" ? quoted(value) : `${field}=${quoted(value)}`,
      );
    case "road":
      return [effect.grpc_status ?? "?"];
    case "delay":
      return [chance === undefined ? exactDurationText(delay_ns) : chanceText(delay_ns, chance)];
    case "duplicate":
      return effect.times === undefined ? [] : [String(effect.times)];
    case "reorder":
      return [String(effect.gap ?? 1)];
    case "corrupt":
      return data === undefined || data.bytes === 0 ? [] : [String(data.bytes)];
    case "mistake":
      return [...(data?.fields ?? []), ...(data?.values ?? []).map(({ field, value }) => `${field}=${quoted(value)}`)];
    case "bandwidth":
      return [`${effect.rate_bps ?? 0}bit`];
    case "stall":
      return [`"${effect.until ?? ""}"`];
    case "resource":
      return [effect.resource ?? "?"];
    default:
      return [];
  }
}

/** A delay by chance, in words: the language of lines has none. */
function chanceText(
  fixedNs: number,
  { min_ns, max_ns, mean_ns, jitter_ns }: NonNullable<FaultEffect["chance"]>,
): string {
  if (max_ns > 0) return `${exactDurationText(min_ns)} to ${exactDurationText(max_ns)}`;
  return mean_ns > 0
    ? `exponential, ${exactDurationText(mean_ns)} in the mean`
    : `${exactDurationText(fixedNs)} give or take ${exactDurationText(jitter_ns)}`;
}

const range = (from: number, to: number): string => {
  if (to === from) return String(from);
  return to === 0 ? `${from} and later` : `${from} to ${to}`;
};

/** Which of the crossings that match it strikes, in words: `crossing 3`, `10 % of crossings 1 and later`. */
export function selectText({ select }: FaultRule): string {
  if (select === undefined) return "none";
  const { nth, every, interval, times, probability, space = 0, persist = false } = select;
  const all = nth.length === 0 || nth.some(({ from, to }) => from === 1 && to === 0);
  const which = all
    ? "each crossing"
    : `crossing${nth.length === 1 && nth[0]?.from === nth[0]?.to ? "" : "s"} ${nth.map(({ from, to }) => range(from, to)).join(", ")}`;
  const step = Math.max(every, interval);
  return [
    probability === undefined ? "" : `${probability.numerator}/${probability.denominator} of`,
    step > 1 ? `${which}, one in ${step}` : which,
    times > 0 ? `at most ${times} time${times === 1 ? "" : "s"}` : "",
    persist ? "and from then on every one" : "",
    space > 0 ? `after ${space} bytes` : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

/** The conditions as they are typed: those in brackets, the side, the formula; empty for none. */
export function matchText({ match, side, when }: FaultRule): string {
  const conditions =
    match === undefined
      ? []
      : [
          ...(match.caller === "" ? [] : [`caller==${match.caller}`]),
          ...(match.node === "" ? [] : [`node==${match.node}`]),
          ...(match.process === undefined ? [] : [`process==${match.process}`]),
          ...(match.stage === undefined ? [] : [`stage==${match.stage}`]),
          ...(match.task === "" ? [] : [`task==${match.task}`]),
          ...[...match.slice, ...match.args].map(({ field, operator, value }) => `${field}${operator}${value}`),
          ...match.require_callers.map((point) => `inside ${point}`),
          ...match.reject_callers.map((point) => `not inside ${point}`),
        ];
  return [
    conditions.length === 0 ? "" : `[${conditions.join(", ")}]`,
    side === undefined ? "" : `@${side}`,
    when === undefined ? "" : ` when "${when}"`,
  ].join("");
}
