import { blowText } from "../abi/blow-grammar.ts";
import type { FaultRule } from "../abi/contract.generated.ts";
import { exactDurationText } from "../abi/units.ts";

/**
 * What happens in the place of a struck crossing, as it is typed: `refuse(ENOMEM)`, `lose-reply`, `hang(companion, 2s)`.
 * What is read from it is the same effect again, to the nanosecond.
 */
export function effectText({ effect }: FaultRule): string {
  if (effect?.kind === undefined) return "nothing";
  switch (effect.kind) {
    case "refuse":
      return `refuse(${effect.errno ?? "?"})`;
    case "delay":
      return `delay(${exactDurationText(effect.delay_ns)})`;
    case "crash":
    case "hang":
    case "slow":
    case "partition":
      return blowText(effect.kind, effect);
    default:
      return effect.kind.replace("_", "-");
  }
}

const range = (from: number, to: number): string => {
  if (to === from) return String(from);
  return to === 0 ? `${from} and later` : `${from} to ${to}`;
};

/** Which of the crossings that match it strikes, in words: `crossing 3`, `10 % of crossings 1 and later`. */
export function selectText({ select }: FaultRule): string {
  if (select === undefined) return "none";
  const { nth, every, interval, times, probability } = select;
  const all = nth.length === 0 || nth.some(({ from, to }) => from === 1 && to === 0);
  const which = all
    ? "each crossing"
    : `crossing${nth.length === 1 && nth[0]?.from === nth[0]?.to ? "" : "s"} ${nth.map(({ from, to }) => range(from, to)).join(", ")}`;
  const step = Math.max(every, interval);
  return [
    probability === undefined ? "" : `${probability.numerator}/${probability.denominator} of`,
    step > 1 ? `${which}, one in ${step}` : which,
    times > 0 ? `at most ${times} time${times === 1 ? "" : "s"}` : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

/** The conditions in brackets as they are typed; empty for none. */
export function matchText({ match }: FaultRule): string {
  if (match === undefined) return "";
  const conditions = [
    ...(match.caller === "" ? [] : [`caller==${match.caller}`]),
    ...(match.node === "" ? [] : [`node==${match.node}`]),
    ...(match.task === "" ? [] : [`task==${match.task}`]),
    ...[...match.slice, ...match.args].map(({ field, operator, value }) => `${field}${operator}${value}`),
    ...match.require_callers.map((point) => `inside ${point}`),
    ...match.reject_callers.map((point) => `not inside ${point}`),
  ];
  return conditions.length === 0 ? "" : `[${conditions.join(", ")}]`;
}
