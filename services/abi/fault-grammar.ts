import type { BlowArgument } from "./blow-grammar.ts";
import { didYouMean } from "./closest.ts";
import {
  CONTRACT,
  MESSAGES,
  type FaultCondition,
  type FaultMatch,
  type FaultRule,
  type FaultSelect,
  type FaultSide,
  type PointContract,
} from "./contract.generated.ts";
import { EFFECT_FORMS, EFFECT_WORDS, readEffectWord, type ReadEffect } from "./effect-grammar.ts";
import { CONSTANTS } from "./flags.ts";
import { parseRatio, RATIO_FORM } from "./units.ts";

/** What a line of the fault language means, or where it stops making sense. */
export type ParsedFault = { readonly rules: readonly FaultRule[] } | FaultProblem;

/** What was found and what is allowed, and at which letter, from 1. */
interface FaultProblem {
  readonly error: string;
  readonly column: number;
}

/** The language in one line, for help texts and error messages. */
const FAULT_FORM = 'POINT[CONDITION, …]@SIDE when "FORMULA": COUNT*EFFECT -> … -> EFFECT';

/** A line that shows most of it. */
export const FAULT_EXAMPLE = "sock_oob_bind: 2*off -> 1*refuse(ENOMEM) -> delay(50ms)";

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

/** Ends of links, where frames are struck: points without a contract. */
const FRAME_POINTS = ["frame_send", "frame_receive"];

/** What a rule is about: a point, or all that a glob finds. */
interface Points {
  readonly name: string;
  readonly contracts: readonly PointContract[];
  readonly frames: boolean;
}

function readPoint(reader: Reader): Points {
  reader.blank();
  const from = reader.at;
  const name = reader.take(/[\w*-]+/);
  if (name === "")
    return reader.stop(`found ${reader.here()} where a point stands; write ${FAULT_FORM}, such as "${FAULT_EXAMPLE}"`);
  const glob = new RegExp(`^${name.replaceAll("*", ".*")}$`);
  const contracts = Object.values(CONTRACT).filter(
    (contract) =>
      contract.name === name || (name.includes("*") && contract.kind !== "control" && glob.test(contract.name)),
  );
  const frames = FRAME_POINTS.filter((point) => glob.test(point));
  if (contracts.length > 0 || frames.length > 0) return { name, contracts, frames: contracts.length === 0 };
  const meant = didYouMean(name, [...Object.keys(CONTRACT), ...FRAME_POINTS]);
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

/** What can be asked of a frame, with the kind of each. */
const FRAME_FIELDS = [
  { name: "dev", kind: "string" },
  { name: "frame", kind: "uint64" },
  { name: "to", kind: "string" },
  { name: "bytes", kind: "uint64" },
] as const;
/** Whom a crossing can be asked about besides, and only for equality. */
const WHO = ["caller", "node", "process", "stage"] as const;

function readMatch(reader: Reader, { name, contracts, frames }: Points): FaultMatch {
  const shapes = frames
    ? FRAME_FIELDS
    : contracts.flatMap(({ request }) => (MESSAGES[request] ?? []).filter(({ kind }) => kind !== "message"));
  const slices = contracts.flatMap((contract) => contract.slice);
  const known = [...new Set([...shapes.map((shape) => shape.name), ...slices, "task", ...WHO])];
  const args: FaultCondition[] = [];
  const slice: FaultCondition[] = [];
  let task = "";
  const who: Partial<Record<(typeof WHO)[number], string>> = {};
  do {
    reader.blank();
    const from = reader.at;
    const field = reader.take(/\w+/);
    if (!known.includes(field)) {
      const found = field === "" ? reader.here() : field;
      reader.stop(`${found} is no field of ${name}${didYouMean(field, known)} (it has ${known.join(", ")})`, from);
    }
    const operator = reader.take(/==|!=|<=|>=|<|>/);
    if (operator === "") reader.stop(`found ${reader.here()} after ${field}; allowed are == != < <= > >=`);
    const shape = shapes.find((one) => one.name === field);
    const asked = WHO.find((one) => one === field);
    const numeric = shape === undefined ? field !== "task" && asked === undefined : /int|double/.test(shape.kind);
    const value = readValue(reader, field, numeric);
    if (shape !== undefined) args.push({ field, operator, value });
    else if (field === "task" && operator === "==") task = value;
    else if (asked !== undefined && operator === "==") who[asked] = value;
    else if (asked !== undefined) reader.stop(`${operator} does not go with ${field}; only == does`, from);
    else slice.push({ field, operator, value });
  } while (reader.take(/,/) !== "");
  if (reader.take(/\]/) === "") reader.stop(`found ${reader.here()} among the conditions; close them with ]`);
  const { caller = "", node = "", process, stage } = who;
  if (stage !== undefined && stage !== "inband" && stage !== "oob") reader.stop(`${stage} is no stage (inband, oob)`);
  return {
    caller,
    task,
    node,
    slice,
    args,
    require_callers: [],
    reject_callers: [],
    ...(process !== undefined && { process }),
    ...(stage !== undefined && { stage: stage }),
  };
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

/** What stands in brackets, with commas between; nothing without brackets. A text with commas in it stands in quotes. */
function readArguments(reader: Reader, word: string): BlowArgument[] {
  const given: BlowArgument[] = [];
  if (reader.take(/\(/) === "") return given;
  do {
    reader.blank();
    const at = reader.at;
    const quoted = reader.take(/"[^"]*"/);
    const text =
      quoted === "" ? reader.take(/[^(),\s"]+(="[^"]*")?/).replace(/="([^"]*)"$/, "=$1") : quoted.slice(1, -1);
    if (text === "" && quoted === "") reader.stop(`found ${reader.here()} where an argument stands in ${word}(…)`);
    given.push({ text, at });
  } while (reader.take(/,/) !== "");
  if (reader.take(/\)/) === "") reader.stop(`found ${reader.here()} where ${word}(… is closed with )`);
  return given;
}

function readEffect(reader: Reader, frames: boolean): ReadEffect {
  reader.blank();
  const from = reader.at;
  const word = reader.take(/[A-Za-z][\w-]*?(?=->|[^\w-]|$)/);
  if (!EFFECT_WORDS.includes(word)) {
    const found = word === "" ? reader.here() : word;
    return reader.stop(`${found} is no effect${didYouMean(word, EFFECT_WORDS)} (effects: ${EFFECT_FORMS})`, from);
  }
  return readEffectWord(word, from, readArguments(reader, word), frames, (...why) => reader.stop(...why));
}

function readSide(reader: Reader): FaultSide | undefined {
  if (reader.take(/@/) === "") return undefined;
  const side = (["client", "server"] as const).find((one) => reader.take(new RegExp(`${one}\\b`)) !== "");
  return side ?? reader.stop(`found ${reader.here()} after @; the sides are client and server`);
}

function readSequence(reader: Reader, points: Points, common: Pick<FaultRule, "match" | "side" | "when">): FaultRule[] {
  const rules: FaultRule[] = [];
  let first = 1;
  let endless = "";
  do {
    if (endless !== "")
      reader.stop(`${endless} has no end, so nothing can follow it; give it a count, such as 1*${endless}`);
    const reach = readReach(reader);
    const start = reader.at;
    const { effect, phase } = readEffect(reader, points.frames);
    const last = reach.count === undefined ? 0 : first + reach.count - 1;
    if (last > COUNT_MAX) reader.stop(`crossings are counted up to ${COUNT_MAX}`, start);
    if (effect?.kind !== undefined) {
      const base = `${points.name.replaceAll("*", "any")}-${effect.kind.replaceAll("_", "-")}`;
      const same = rules.filter(({ effect: other }) => other?.kind === effect.kind).length;
      const select: FaultSelect = {
        nth: [{ from: first, to: last }],
        every: 0,
        interval: 0,
        times: 0,
        ...(reach.probability === undefined ? {} : { probability: reach.probability }),
      };
      const id = same === 0 ? base : `${base}-${same + 1}`;
      rules.push({ id, point: points.name, ...common, select, effect, ...(phase !== undefined && { phase }) });
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
    const points = readPoint(reader);
    const match = reader.take(/\[/) === "" ? undefined : readMatch(reader, points);
    const side = readSide(reader);
    const when = reader.take(/when\b/) === "" ? undefined : reader.take(/"[^"]*"/).slice(1, -1);
    if (when === "") reader.stop(`found ${reader.here()} where the formula stands, in quotes`);
    if (reader.take(/:/) === "") {
      const allowed =
        match === undefined ? `":" and what shall happen, or "[" and conditions` : `":" and what shall happen`;
      reader.stop(
        `found ${reader.here()} after ${match === undefined ? points.name : "the conditions"}; write ${allowed}`,
      );
    }
    const common = {
      ...(match !== undefined && { match }),
      ...(side !== undefined && { side }),
      ...(when !== undefined && { when }),
    };
    const start = reader.at;
    const rules = readSequence(reader, points, common);
    if (!reader.done) reader.stop(`found ${reader.here()}; a sequence goes on with ->`);
    if (rules.length === 0) reader.stop(`only off: no crossing would be struck (effects: ${EFFECT_FORMS})`, start + 1);
    return { rules };
  } catch (stop) {
    if (stop instanceof Stop) return { error: stop.message, column: stop.column };
    throw stop;
  }
}
