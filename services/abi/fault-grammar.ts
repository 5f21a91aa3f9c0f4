import { BLOW_FORMS, readBlow, type BlowArgument, type BlowWord } from "./blow-grammar.ts";
import { didYouMean } from "./closest.ts";
import {
  CONTRACT,
  ERRNO,
  MESSAGES,
  type FaultCondition,
  type FaultEffect,
  type FaultMatch,
  type FaultRule,
  type FaultSelect,
  type PointContract,
  type PointName,
} from "./contract.generated.ts";
import { isErrno } from "./errno.ts";
import { CONSTANTS } from "./flags.ts";
import { DURATION_FORM, parseDurationNs, parseRatio, RATIO_FORM } from "./units.ts";

/** What a line of the fault language means, or where it stops making sense. */
export type ParsedFault = { readonly rules: readonly FaultRule[] } | FaultProblem;

/** What was found and what is allowed, and at which letter, from 1. */
interface FaultProblem {
  readonly error: string;
  readonly column: number;
}

/** The language in one line, for help texts and error messages. */
const FAULT_FORM = "POINT[CONDITION, …]: COUNT*EFFECT -> … -> EFFECT";

/** A line that shows most of it. */
export const FAULT_EXAMPLE = "sock_oob_bind: 2*off -> 1*refuse(ENOMEM) -> delay(50ms)";

/** The effects by the word that is typed, with the argument that each takes. */
const EFFECTS = {
  refuse: { kind: "refuse", takes: "ERRNO" },
  delay: { kind: "delay", takes: "DURATION" },
  "lose-request": { kind: "lose_request", takes: undefined },
  "lose-reply": { kind: "lose_reply", takes: undefined },
  "double-call": { kind: "double_call", takes: undefined },
  duplicate: { kind: "duplicate", takes: undefined },
  skip: { kind: "skip", takes: undefined },
  off: { kind: undefined, takes: undefined },
} as const;

const isBlow = (word: string): word is BlowWord => Object.hasOwn(BLOW_FORMS, word);
const EFFECT_WORDS: readonly string[] = [...Object.keys(EFFECTS), ...Object.keys(BLOW_FORMS)];

/** The effects as they are typed. */
export const EFFECT_FORMS = [
  ...Object.entries(EFFECTS).map(([word, { takes }]) => (takes === undefined ? word : `${word}(${takes})`)),
  ...Object.entries(BLOW_FORMS).map(([word, form]) => (word === "crash" ? `${word}[(PLACE)]` : `${word}(${form})`)),
].join(", ");

const COUNT_MAX = 0xffff_ffff;

/** Thrown inside this file only: every level of the grammar can stop, and parseFault turns it into a value. */
class Stop extends Error {
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

/** Reads a text from left to right and knows where it stands. */
class Reader {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }
  get done(): boolean {
    this.blank();
    return this.at >= this.text.length;
  }
  blank(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }
  /** What matches here, after blanks; empty when nothing does. */
  take(pattern: RegExp): string {
    this.blank();
    const found = new RegExp(pattern.source, "y");
    found.lastIndex = this.at;
    const match = found.exec(this.text)?.[0] ?? "";
    this.at += match.length;
    return match;
  }
  /** What stands here, for a message. */
  here(): string {
    this.blank();
    const rest = this.text.slice(this.at);
    return rest === "" ? "the end" : JSON.stringify(/^(\w[\w%./-]*|\S)/.exec(rest)?.[0] ?? rest);
  }
  stop(message: string, at = this.at): never {
    throw new Stop(message, at + 1);
  }
}

function readPoint(reader: Reader): PointContract {
  reader.blank();
  const from = reader.at;
  const name = reader.take(/[\w-]+/);
  if (Object.hasOwn(CONTRACT, name)) return CONTRACT[name as PointName];
  if (name === "")
    return reader.stop(`found ${reader.here()} where a point stands; write ${FAULT_FORM}, such as "${FAULT_EXAMPLE}"`);
  const meant = didYouMean(name, Object.keys(CONTRACT));
  return reader.stop(`${name} is no point of the contract${meant} (npx tenon hooks lists them)`, from);
}

function readValue(reader: Reader, field: string, numeric: boolean): string {
  reader.blank();
  const from = reader.at;
  const quoted = reader.take(/"[^"]*"/);
  // An address has colons in it; one that ends a word is the mark after conditions that were not closed.
  const word = numeric ? /[^\s,\]:]+/ : /(?:[^\s,\]:]|:(?=[^\s,\]]))+/;
  const value = quoted === "" ? reader.take(word) : quoted.slice(1, -1);
  if (value === "" && quoted === "") return reader.stop(`found ${reader.here()} where the value for ${field} stands`);
  if (!numeric) return value;
  const named = Object.hasOwn(CONSTANTS, value) ? CONSTANTS[value] : undefined;
  const number = named ?? Number(value);
  return Number.isFinite(number) ? String(number) : reader.stop(`${value} is no number, and ${field} is one`, from);
}

function readMatch(reader: Reader, contract: PointContract): FaultMatch {
  const shapes = (MESSAGES[contract.request] ?? []).filter(({ kind }) => kind !== "message");
  const known = [...new Set([...shapes.map(({ name }) => name), ...contract.slice, "task", "caller", "node"])];
  const args: FaultCondition[] = [];
  const slice: FaultCondition[] = [];
  let task = "";
  let caller = "";
  let node = "";
  do {
    reader.blank();
    const from = reader.at;
    const field = reader.take(/\w+/);
    if (!known.includes(field)) {
      const found = field === "" ? reader.here() : field;
      reader.stop(
        `${found} is no field of ${contract.name}${didYouMean(field, known)} (it has ${known.join(", ")})`,
        from,
      );
    }
    const operator = reader.take(/==|!=|<=|>=|<|>/);
    if (operator === "") reader.stop(`found ${reader.here()} after ${field}; allowed are == != < <= > >=`);
    const shape = shapes.find(({ name }) => name === field);
    const numeric =
      shape === undefined ? field !== "task" && field !== "caller" && field !== "node" : /int|double/.test(shape.kind);
    const value = readValue(reader, field, numeric);
    if (shape !== undefined) args.push({ field, operator, value });
    else if (field === "task" && operator === "==") task = value;
    else if (field === "node" && operator === "==") node = value;
    else if (field === "node") reader.stop(`${operator} does not go with node; only == does`, from);
    else if (field === "caller" && operator === "==") caller = value;
    else if (field === "caller") reader.stop(`${operator} does not go with caller; only == does`, from);
    else slice.push({ field, operator, value });
  } while (reader.take(/,/) !== "");
  if (reader.take(/\]/) === "") reader.stop(`found ${reader.here()} among the conditions; close them with ]`);
  return { caller, task, node, slice, args, require_callers: [], reject_callers: [] };
}

/** How many crossings a term covers, or what share of all that follow. */
interface Reach {
  readonly count?: number;
  readonly probability?: NonNullable<FaultSelect["probability"]>;
}

function readReach(reader: Reader): Reach {
  reader.blank();
  const from = reader.at;
  const amount = reader.take(/[\d.]+\s*(%|\/\s*\d+)?(?=\s*\*)/).replace(/\s/g, "");
  if (amount === "") {
    const bare = reader.take(/\d[\w.%/]*/);
    return bare === "" ? {} : reader.stop(`${bare} is followed by ${reader.here()}; write ${bare}*EFFECT`, from);
  }
  reader.take(/\*/);
  if (/^\d+$/.test(amount)) {
    const count = Number(amount);
    if (count > 0 && count <= COUNT_MAX) return { count };
    return reader.stop(`${amount} is no count of crossings; write 1 to ${COUNT_MAX}`, from);
  }
  const probability = parseRatio(amount);
  return probability === undefined
    ? reader.stop(`${amount} is neither a count nor ${RATIO_FORM}`, from)
    : { probability };
}

/** What stands in brackets, with commas between; nothing without brackets. */
function readArguments(reader: Reader, word: string): BlowArgument[] {
  const given: BlowArgument[] = [];
  if (reader.take(/\(/) === "") return given;
  do {
    reader.blank();
    const at = reader.at;
    const text = reader.take(/[^(),\s]+/);
    if (text === "") reader.stop(`found ${reader.here()} where a place, a duration or after stands in ${word}(…)`);
    given.push({ text, at });
  } while (reader.take(/,/) !== "");
  if (reader.take(/\)/) === "") reader.stop(`found ${reader.here()} where ${word}(… is closed with )`);
  return given;
}

function readEffect(reader: Reader): FaultEffect | undefined {
  reader.blank();
  const from = reader.at;
  const word = reader.take(/[A-Za-z][\w-]*?(?=->|[^\w-]|$)/);
  if (isBlow(word)) return readBlow(word, readArguments(reader, word), (...why) => reader.stop(...why));
  if (!Object.hasOwn(EFFECTS, word)) {
    const found = word === "" ? reader.here() : word;
    return reader.stop(`${found} is no effect${didYouMean(word, EFFECT_WORDS)} (effects: ${EFFECT_FORMS})`, from);
  }
  const { kind, takes } = EFFECTS[word as keyof typeof EFFECTS];
  const open = reader.take(/\(/);
  if (takes === undefined)
    return open === "" ? kind && { kind, delay_ns: 0 } : reader.stop(`${word} takes no argument`, reader.at - 1);
  if (open === "") return reader.stop(`${word} needs its argument: ${word}(${takes})`);
  reader.blank();
  const start = reader.at;
  const argument = reader.take(/[^()\s]+/);
  if (reader.take(/\)/) === "") reader.stop(`found ${reader.here()} where ${word}(… is closed with )`);
  if (kind === "delay") {
    const delay_ns = parseDurationNs(argument);
    if (delay_ns !== undefined && delay_ns > 0) return { kind, delay_ns };
    return reader.stop(`${argument || "nothing"} is no duration; write ${DURATION_FORM}`, start);
  }
  if (isErrno(argument)) return { kind, errno: argument, delay_ns: 0 };
  return reader.stop(
    `${argument || "nothing"} is no errno${didYouMean(argument, Object.keys(ERRNO))} (write a name such as ENOMEM)`,
    start,
  );
}

function readSequence(reader: Reader, contract: PointContract, match: FaultMatch | undefined): FaultRule[] {
  const rules: FaultRule[] = [];
  let first = 1;
  let endless = "";
  do {
    if (endless !== "")
      reader.stop(`${endless} has no end, so nothing can follow it; give it a count, such as 1*${endless}`);
    const reach = readReach(reader);
    const start = reader.at;
    const effect = readEffect(reader);
    const last = reach.count === undefined ? 0 : first + reach.count - 1;
    if (last > COUNT_MAX) reader.stop(`crossings are counted up to ${COUNT_MAX}`, start);
    if (effect?.kind !== undefined) {
      const base = `${contract.name}-${effect.kind.replace("_", "-")}`;
      const same = rules.filter(({ effect: other }) => other?.kind === effect.kind).length;
      const select: FaultSelect = {
        nth: [{ from: first, to: last }],
        every: 0,
        interval: 0,
        times: 0,
        ...(reach.probability === undefined ? {} : { probability: reach.probability }),
      };
      const id = same === 0 ? base : `${base}-${same + 1}`;
      rules.push({ id, point: contract.name, ...(match === undefined ? {} : { match }), select, effect });
    }
    if (last === 0) endless = reader.text.slice(start, reader.at).trim();
    first = last + 1;
  } while (reader.take(/->/) !== "");
  return rules;
}

/**
 * Reads a fault as people type it, after the failpoints of containerd and FreeBSD: terms one after the other, each for so
 * many crossings that match, the last one for all that follow. `2*off -> 1*refuse(ENOMEM) -> delay(50ms)` lets two pass,
 * refuses one, and delays every later one.
 *
 * It knows the words; whether the point can have the effect is decided by the kernel when the rule is armed.
 */
export function parseFault(text: string): ParsedFault {
  const reader = new Reader(text);
  try {
    const contract = readPoint(reader);
    const match = reader.take(/\[/) === "" ? undefined : readMatch(reader, contract);
    if (reader.take(/:/) === "") {
      const allowed =
        match === undefined ? `":" and what shall happen, or "[" and conditions` : `":" and what shall happen`;
      reader.stop(
        `found ${reader.here()} after ${match === undefined ? contract.name : "the conditions"}; write ${allowed}`,
      );
    }
    const start = reader.at;
    const rules = readSequence(reader, contract, match);
    if (!reader.done) reader.stop(`found ${reader.here()}; a sequence goes on with ->`);
    if (rules.length === 0) reader.stop(`only off: no crossing would be struck (effects: ${EFFECT_FORMS})`, start + 1);
    return { rules };
  } catch (stop) {
    if (stop instanceof Stop) return { error: stop.message, column: stop.column };
    throw stop;
  }
}
