import { didYouMean } from "./closest.ts";
import { DURATION_FORM, parseDurationNs, parseRatio, RATIO_FORM, type Ratio } from "./units.ts";

/** Which frames a clause strikes: a share of them by chance, or the first that it sees and no other. */
export type Share = Ratio | "first";

/** What goes wrong with frames on a wire. */
export type WireFault =
  | { readonly t: "drop" | "duplicate"; readonly share: Share }
  /** One bit is turned over, at this byte of the frame or behind it. */
  | { readonly t: "corrupt"; readonly share: Share; readonly fromByte: number }
  /** The frames that are struck are held back until so many others have passed. */
  | { readonly t: "reorder"; readonly share: Share; readonly distance: number }
  /** Order is kept unless a jitter is asked for. */
  | { readonly t: "delay"; readonly delayNs: number; readonly jitterNs: number }
  /** A token bucket: so many bits a second, so many bytes at once. */
  | { readonly t: "rate"; readonly bitsPerSecond: number; readonly burstBytes: number }
  | { readonly t: "truncate"; readonly share: Share; readonly bytes: number };

/** What goes wrong with the rings between a NIC and its node. */
export type RingFault =
  | { readonly t: "lost-notification" | "wrong-index" | "lost-completion"; readonly share: Share }
  /** Without a share it strikes once, at the first frame. */
  | { readonly t: "stuck-consumer"; readonly forNs: number; readonly share: Share | undefined };

/** Which frames of a NIC: those that it sends, or those that it receives. */
export type NetemDirection = "tx" | "rx";

/** A clause as it was read. */
export interface NetemClause<F> {
  readonly fault: F;
  readonly directions: readonly NetemDirection[];
  /** The clause in one spelling, without its direction: decisions by chance are made from it. */
  readonly text: string;
}

/** What a text of rules means. Clauses strike in the order in which they are written. */
export interface Netem {
  readonly wire: readonly NetemClause<WireFault>[];
  readonly rings: readonly NetemClause<RingFault>[];
}

/** What was read, or one line that says what is wrong and what is allowed. */
export type ParsedNetem = { readonly ok: true; readonly netem: Netem } | { readonly ok: false; readonly why: string };

/** More clauses than this are refused: each of them looks at every frame. */
const CLAUSES_MAX = 32;

/** A frame cannot overtake more others than this, so that what is held back stays bounded. */
const DISTANCE_MAX = 1000;

const FRAME_BYTES_MAX = 65_535;

/** Bytes of the bucket where none are given: what comes in four milliseconds, and one whole frame at least. */
const burstOf = (bitsPerSecond: number): number => Math.max(1600, Math.ceil((bitsPerSecond * 0.004) / 8));

const BITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };

const RATE_FORM = "a rate such as 500kbit, 10mbit or 1gbit";

/** What stops a clause: thrown inside this file only, parseNetem turns it into a value. */
class Stop extends Error {}

function share(word: string): Share {
  const ratio = word === "first" ? word : parseRatio(word);
  if (ratio === undefined) throw new Stop(`${word} is no share; write ${RATIO_FORM}, or first for the first frame`);
  return ratio;
}

function durationNs(word: string): number {
  const ns = parseDurationNs(word);
  if (ns === undefined) throw new Stop(`${word} is no duration; write ${DURATION_FORM}`);
  return ns;
}

/** Bits a second of `500kbit` or `10mbit`; undefined for what is no rate. */
export function bitsPerSecondOf(word: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kmg]?bit)$/.exec(word) ?? [];
  const bits = Math.round(Number(digits) * (BITS[unit ?? ""] ?? NaN));
  return Number.isSafeInteger(bits) && bits >= 1 ? bits : undefined;
}

function bitsPerSecond(word: string): number {
  const bits = bitsPerSecondOf(word);
  if (bits === undefined) throw new Stop(`${word} is no rate; write ${RATE_FORM}`);
  return bits;
}

function count(word: string, what: string, max: number): number {
  const number = /^\d{1,9}$/.test(word) ? Number(word) : NaN;
  if (!(number >= 1 && number <= max)) throw new Stop(`${word} is no ${what}; write a number from 1 to ${max}`);
  return number;
}

/** How a clause is written, and what its words mean; words that may be left out stand in brackets and come last. */
interface Grammar<F> {
  readonly form: string;
  readonly read: (first: string, second: string | undefined) => F;
}

const WIRE: Readonly<Record<WireFault["t"], Grammar<WireFault>>> = {
  drop: { form: "drop SHARE", read: (first) => ({ t: "drop", share: share(first) }) },
  duplicate: { form: "duplicate SHARE", read: (first) => ({ t: "duplicate", share: share(first) }) },
  corrupt: {
    form: "corrupt SHARE [FROM-BYTE]",
    read: (first, second) => ({
      t: "corrupt",
      share: share(first),
      fromByte: second === undefined ? 0 : count(second, "place", FRAME_BYTES_MAX),
    }),
  },
  reorder: {
    form: "reorder SHARE [DISTANCE]",
    read: (first, second = "1") => ({
      t: "reorder",
      share: share(first),
      distance: count(second, "distance", DISTANCE_MAX),
    }),
  },
  delay: {
    form: "delay DURATION [JITTER]",
    read: (first, second = "0ns") => ({ t: "delay", delayNs: durationNs(first), jitterNs: durationNs(second) }),
  },
  rate: {
    form: "rate RATE [BURST-BYTES]",
    read(first, second) {
      const bits = bitsPerSecond(first);
      const burstBytes = second === undefined ? burstOf(bits) : count(second, "size", 1e9);
      return { t: "rate", bitsPerSecond: bits, burstBytes };
    },
  },
  truncate: {
    form: "truncate SHARE BYTES",
    read: (first, second = "") => ({
      t: "truncate",
      share: share(first),
      bytes: count(second, "length", FRAME_BYTES_MAX),
    }),
  },
};

const RINGS: Readonly<Record<RingFault["t"], Grammar<RingFault>>> = {
  "lost-notification": {
    form: "ring lost-notification SHARE",
    read: (first) => ({ t: "lost-notification", share: share(first) }),
  },
  "stuck-consumer": {
    form: "ring stuck-consumer DURATION [SHARE]",
    read: (first, second) => ({
      t: "stuck-consumer",
      forNs: durationNs(first),
      share: second === undefined ? undefined : share(second),
    }),
  },
  "wrong-index": { form: "ring wrong-index SHARE", read: (first) => ({ t: "wrong-index", share: share(first) }) },
  "lost-completion": {
    form: "ring lost-completion SHARE",
    read: (first) => ({ t: "lost-completion", share: share(first) }),
  },
};

const FORMS = [...Object.values(WIRE), ...Object.values(RINGS)].map(({ form }) => form);

/** A text that shows most of it. */
export const NETEM_EXAMPLE = "drop 2%; tx delay 1ms 200us; rx reorder 2% 3; ring lost-notification 1/10";

const DIRECTIONS: Readonly<Record<string, readonly NetemDirection[]>> = {
  tx: ["tx"],
  rx: ["rx"],
  both: ["tx", "rx"],
};

function readFault<F>(grammars: Readonly<Record<string, Grammar<F>>>, kind: string, args: readonly string[]): F {
  const grammar = Object.hasOwn(grammars, kind) ? grammars[kind] : undefined;
  if (grammar === undefined) {
    const found = kind === "" ? "nothing stands where a fault stands" : `${kind} is no fault`;
    throw new Stop(`${found}${didYouMean(kind, Object.keys(grammars))}; known are ${FORMS.join(", ")}`);
  }
  const parameters = grammar.form.match(/\[?\b[A-Z][A-Z-]+\b\]?/g) ?? [];
  const needed = parameters.filter((parameter) => !parameter.startsWith("[")).length;
  const [first, second] = args;
  if (first === undefined || args.length < needed || args.length > parameters.length) {
    throw new Stop(`it is written ${grammar.form}`);
  }
  return grammar.read(first, second);
}

function readClause(
  words: readonly string[],
  into: { wire: Netem["wire"][number][]; rings: Netem["rings"][number][] },
) {
  const [first = "", ...others] = words;
  const directed = Object.hasOwn(DIRECTIONS, first);
  const directions = (directed ? DIRECTIONS[first] : undefined) ?? ["tx", "rx"];
  const [kind = "", ...args] = directed ? others : words;
  const text = [kind, ...args].join(" ");
  if (kind !== "ring") {
    into.wire.push({ fault: readFault(WIRE, kind, args), directions, text });
    return;
  }
  if (directed) throw new Stop(`${first} does not go with ring: a ring fault says by itself which ring it strikes`);
  const [ringKind = "", ...ringArgs] = args;
  into.rings.push({ fault: readFault(RINGS, ringKind, ringArgs), directions, text });
}

/** Reads what nic_netem and the netem of a world take. The empty text means that nothing goes wrong. */
export function parseNetem(text: string): ParsedNetem {
  const clauses = text.split(";").map((clause) => clause.trim().split(/\s+/).filter(Boolean));
  const said = clauses.filter((words) => words.length > 0);
  if (said.length > CLAUSES_MAX) return { ok: false, why: `${said.length} clauses, more than ${CLAUSES_MAX}` };
  const netem = { wire: [], rings: [] };
  for (const words of said) {
    try {
      readClause(words, netem);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return { ok: false, why: `"${words.join(" ")}": ${error.message}` };
    }
  }
  return { ok: true, netem };
}
