import { BLOW_FORMS, readBlow, type BlowArgument, type BlowWord } from "./blow-grammar.ts";
import { didYouMean } from "./closest.ts";
import { ERRNO, type FaultEffect, type FaultPhase, type FaultResource } from "./contract.generated.ts";
import { isErrno } from "./errno.ts";
import { bitsPerSecondOf } from "./netem.ts";
import { DURATION_FORM, parseDurationNs } from "./units.ts";

/** The effects by the word that is typed, with what may stand in their brackets; brackets in square ones may be left out. */
const FORMS = {
  refuse: "(ERRNO)",
  answer: "(VALUE)",
  road: "(STATUS)",
  delay: "(DURATION)",
  "lose-request": "",
  "lose-reply": "",
  half: "",
  drop: "",
  "double-call": "",
  duplicate: "[(COPIES)]",
  skip: "",
  reorder: "(GAP)",
  corrupt: "[(BYTES)]",
  mistake: "[(FIELD[=VALUE], …)]",
  bandwidth: "(RATE)",
  "wrong-stage": "",
  stall: '("FORMULA")',
  resource: "(KIND)",
  off: "",
} as const;

type Word = keyof typeof FORMS;

const PAUSE = "pause";
const isBlow = (word: string): word is BlowWord => Object.hasOwn(BLOW_FORMS, word);
const isWord = (word: string): word is Word => Object.hasOwn(FORMS, word);

/** The words of effects. */
export const EFFECT_WORDS: readonly string[] = [...Object.keys(FORMS), ...Object.keys(BLOW_FORMS), PAUSE];

/** The effects as they are typed. */
export const EFFECT_FORMS = [
  ...Object.entries(FORMS).map(([word, form]) => word + form),
  ...Object.entries(BLOW_FORMS).map(([word, form]) => (word === "crash" ? `${word}[(PLACE)]` : `${word}(${form})`)),
].join(", ");

/** Effects that have a phase, which may be typed last in their brackets. */
const PHASED: readonly Word[] = ["refuse", "answer", "road", "delay", "corrupt", "mistake", "bandwidth", "stall"];
const PHASE_WORDS: readonly FaultPhase[] = ["before", "after", "around"];

const RESOURCES: readonly FaultResource[] = ["kthread", "memory", "fd", "wmem"];

/** What an effect is read as; undefined effect: off. */
export interface ReadEffect {
  readonly effect: FaultEffect | undefined;
  readonly phase?: FaultPhase;
}

type StopReading = (message: string, at?: number) => never;

/**
 * What `delay(50ms, after)` means.
 *
 * @param frames whether frames are struck, which drop loses, and not calls. @param stop says what is wrong, and where.
 */
export function readEffectWord(
  word: string,
  from: number,
  given: readonly BlowArgument[],
  frames: boolean,
  stop: StopReading,
): ReadEffect {
  if (word === PAUSE) return { effect: readBlow("hang", given, stop) };
  if (isBlow(word)) return { effect: readBlow(word, given, stop) };
  if (!isWord(word))
    return stop(`${word} is no effect${didYouMean(word, EFFECT_WORDS)} (effects: ${EFFECT_FORMS})`, from);
  const form = word + FORMS[word];
  const last = given.at(-1);
  const phase = PHASED.includes(word) ? PHASE_WORDS.find((one) => one === last?.text) : undefined;
  const rest = phase === undefined ? given : given.slice(0, -1);
  if (FORMS[word] === "" && given.length > 0) return stop(`${word} takes no argument`, (given[0]?.at ?? from) - 1);
  if (FORMS[word].startsWith("(") && rest.length === 0) return stop(`${word} needs its argument: ${form}`);
  if (word !== "mistake" && rest.length > 1)
    return stop(`${rest[1]?.text ?? ""} is one argument too many; write ${form}`, rest[1]?.at);
  const effect = effectOf(word, rest, frames, form, stop);
  return phase === undefined ? { effect } : { effect, phase };
}

function whole({ text, at }: BlowArgument, max: number, form: string, stop: StopReading): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return number >= 1 && number <= max ? number : stop(`${text} is no number from 1 to ${max}; write ${form}`, at);
}

function effectOf(
  word: Word,
  given: readonly BlowArgument[],
  frames: boolean,
  form: string,
  stop: StopReading,
): FaultEffect | undefined {
  const [first = { text: "", at: 0 }] = given;
  const { text, at } = first;
  const plain = (kind: NonNullable<FaultEffect["kind"]>): FaultEffect => ({ kind, delay_ns: 0 });
  switch (word) {
    case "off":
      return undefined;
    case "refuse":
      return isErrno(text)
        ? { kind: "refuse", errno: text, delay_ns: 0 }
        : stop(`${text} is no errno${didYouMean(text, Object.keys(ERRNO))} (write a name such as ENOMEM)`, at);
    case "answer":
      return { ...plain("answer"), data: { fields: [], values: [{ field: "", value: text }], bytes: 0 } };
    case "road":
      return { ...plain("road"), grpc_status: text };
    case "delay": {
      const ns = parseDurationNs(text);
      if (ns === undefined || ns <= 0) return stop(`${text} is no duration; write ${DURATION_FORM}`, at);
      return { kind: "delay", delay_ns: ns };
    }
    case "drop":
      return plain(frames ? "drop" : "lose_request");
    case "half":
      return plain("lose_reply");
    case "duplicate":
      return given.length === 0 ? plain("duplicate") : { ...plain("duplicate"), times: whole(first, 1000, form, stop) };
    case "reorder":
      return { ...plain("reorder"), gap: whole(first, 1000, form, stop) };
    case "corrupt":
      return given.length === 0
        ? plain("corrupt")
        : { ...plain("corrupt"), data: { fields: [], values: [], bytes: whole(first, 65535, form, stop) } };
    case "mistake":
      return given.length === 0 ? plain("mistake") : { ...plain("mistake"), data: mistakesIn(given) };
    case "bandwidth": {
      const rate_bps = bitsPerSecondOf(text);
      return rate_bps === undefined
        ? stop(`${text} is no rate; write a rate such as 500kbit, 10mbit or 1gbit`, at)
        : { ...plain("bandwidth"), rate_bps };
    }
    case "stall":
      return { ...plain("stall"), until: text };
    case "resource": {
      const resource = RESOURCES.find((one) => one === text);
      return resource === undefined
        ? stop(`${text} is no resource${didYouMean(text, RESOURCES)} (resources: ${RESOURCES.join(", ")})`, at)
        : { ...plain("resource"), resource };
    }
    default:
      return plain(word.replaceAll("-", "_") as "skip");
  }
}

function mistakesIn(given: readonly BlowArgument[]): NonNullable<FaultEffect["data"]> {
  const parts = given.map(({ text }) => /^([^=]*)(?:=(.*))?$/s.exec(text) ?? ["", "", undefined]);
  return {
    fields: parts.flatMap(([, field = "", value]) => (value === undefined ? [field] : [])),
    values: parts.flatMap(([, field = "", value]) => (value === undefined ? [] : [{ field, value }])),
    bytes: 0,
  };
}
