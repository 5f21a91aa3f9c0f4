import type { Blow, FaultEffect } from "./contract.generated.ts";
import { DURATION_FORM, exactDurationText, parseDurationNs } from "./units.ts";

/** The blows by the word that is typed, with what may stand in their brackets; `after` goes with all of them. */
export const BLOW_FORMS = {
  crash: "[PLACE]",
  hang: "[PLACE, ]DURATION",
  slow: "[PLACE, ]BY, DURATION",
  partition: "[PLACE[, PLACE], ]DURATION",
} as const;

/** A blow's word. */
export type BlowWord = keyof typeof BLOW_FORMS;

/** What stands in the brackets, and where. */
export interface BlowArgument {
  readonly text: string;
  readonly at: number;
}

const PLACES: Readonly<Record<BlowWord, number>> = { crash: 1, hang: 1, slow: 1, partition: 2 };
const DURATIONS: Readonly<Record<BlowWord, number>> = { crash: 0, hang: 1, slow: 2, partition: 1 };
/** The word for the moment before the reply: after the receiver acted. */
const AFTER = "after";

const isPlace = (text: string): boolean => /^[A-Za-z][\w-]*(\/[A-Za-z]+)?$/.test(text);

/**
 * What `hang(companion, 2s, after)` means: places first, then durations, then perhaps `after`.
 *
 * @param stop says what is wrong, and where; it does not return.
 */
export function readBlow(
  kind: BlowWord,
  given: readonly BlowArgument[],
  stop: (message: string, at?: number) => never,
): FaultEffect {
  const form = `${kind}(${BLOW_FORMS[kind]}[, after])`;
  const after = given.at(-1)?.text === AFTER;
  const rest = after ? given.slice(0, -1) : given;
  const durationsFrom = rest.length - DURATIONS[kind];
  const places = rest.slice(0, Math.max(0, durationsFrom));
  const durations = rest.slice(Math.max(0, durationsFrom)).map(({ text, at }) => {
    const ns = parseDurationNs(text);
    return ns !== undefined && ns > 0 ? ns : stop(`${text} is no duration (${DURATION_FORM}); write ${form}`, at);
  });
  if (durationsFrom < 0) stop(`${kind} needs ${DURATIONS[kind] === 1 ? "a duration" : "two durations"}; write ${form}`);
  for (const { text, at } of places) {
    if (!isPlace(text)) stop(`${text} is no place such as companion, beta/nic or lan/switch; write ${form}`, at);
  }
  const beyond = places[PLACES[kind]];
  if (beyond !== undefined) stop(`${beyond.text} is one place too many; write ${form}`, beyond.at);
  const blow: Blow = {
    place: places[0]?.text ?? "",
    peer: places[1]?.text ?? "",
    for_ns: durations.at(-1) ?? 0,
    ...(after && { moment: "before_reply" }),
  };
  return { kind, delay_ns: kind === "slow" ? (durations[0] ?? 0) : 0, blow };
}

/** A blow as it is typed, from which the same blow is read: `hang(companion, 2s)`. */
export function blowText(kind: BlowWord, { delay_ns, blow }: FaultEffect): string {
  const { place = "", peer = "", for_ns: forNs = 0, moment } = blow ?? {};
  const words = [
    place,
    peer,
    kind === "slow" ? exactDurationText(delay_ns) : "",
    kind === "crash" ? "" : exactDurationText(forNs),
    moment === "before_reply" ? AFTER : "",
  ].filter((word) => word !== "");
  return words.length === 0 ? kind : `${kind}(${words.join(", ")})`;
}
