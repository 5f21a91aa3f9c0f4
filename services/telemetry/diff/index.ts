import type { TraceEvent } from "../../abi/event.ts";
import { align, type Step } from "./align.ts";
import { entriesOf, strictEntriesOf, type Entry } from "./entries.ts";

/** How traces are compared. */
export interface DiffOptions {
  /** Every event with all its fields, in the order of the files. */
  readonly strict: boolean;
  /** Fields that are not compared. */
  readonly ignored: ReadonlySet<string>;
}

/** A field that has another value. */
export interface ChangedField {
  readonly name: string;
  /** Absent: the field is not there. */
  readonly a?: string;
  readonly b?: string;
}

/** A place where two traces part. */
export interface Difference {
  /** `changed`: the same, with another outcome. `moved`: the same, at another place. `only-a`, `only-b`: not in the other. */
  readonly t: "changed" | "moved" | "only-a" | "only-b";
  /** Where: `alpha/vfs, task app`. */
  readonly sequence: string;
  readonly a?: TraceEvent;
  readonly b?: TraceEvent;
  readonly fields: readonly ChangedField[];
  /** What stands around it in each trace, in this sequence, with the place of the event itself. */
  readonly around: { readonly a: Around; readonly b: Around };
}

/** A piece of a sequence. */
export interface Around {
  readonly events: readonly TraceEvent[];
  /** Which of them it is; -1: it would be before the one at `events.length`… none of them is. */
  readonly at: number;
}

/** What came of a comparison. */
export interface Compared {
  /** Nothing that causes decide comes before the first one. */
  readonly first: Difference | undefined;
  readonly count: number;
  /** All of them, by where they stand in A. */
  readonly differences: readonly Difference[];
}

const CONTEXT = 3;

function sequencesOf(entries: readonly Entry[]): Map<string, Entry[]> {
  const sequences = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const name of entry.sequences) {
      const known = sequences.get(name) ?? [];
      sequences.set(name, known);
      known.push(entry);
    }
  }
  return sequences;
}

function changedFields(a: Entry, b: Entry): ChangedField[] {
  return [...new Set([...a.fields.keys(), ...b.fields.keys()])].flatMap((name) => {
    const [was, is] = [a.fields.get(name), b.fields.get(name)];
    return was === is ? [] : [{ name, ...(was !== undefined && { a: was }), ...(is !== undefined && { b: is }) }];
  });
}

function aroundOf(entries: readonly Entry[], at: number, isThere: boolean): Around {
  const from = Math.max(0, at - CONTEXT);
  const events = entries.slice(from, at + CONTEXT + (isThere ? 1 : 0)).map(({ event }) => event);
  return { events, at: isThere ? at - from : -1 };
}

/** A difference, and the stamp in A that it has or stands behind. */
interface Ranked {
  readonly difference: Difference;
  readonly rank: number;
}

/** Says where an event of B would stand among those of A. */
type Place = (lamport: number) => number;

/** Entries that are left over, each to be taken once, by what would make them a pair. */
function createLeftOvers(lone: readonly Lone[]) {
  const waiting = new Map<string, Lone[]>();
  const used = new Set<Lone>();
  for (const one of lone) {
    for (const key of [`${one.step.t} ${one.entry.text}`, `${one.step.t} ${one.gap} ${one.entry.kind}`])
      waiting.set(key, [...(waiting.get(key) ?? []), one]);
  }
  return (key: string): Lone | undefined => {
    const queue = waiting.get(key) ?? [];
    const at = queue.findIndex((one) => !used.has(one));
    const found = at < 0 ? undefined : queue[at];
    queue.splice(0, at < 0 ? queue.length : at + 1);
    if (found !== undefined) used.add(found);
    return found;
  };
}

/** An entry of one trace only; those of one gap have nothing in between that both have. */
interface Lone {
  readonly step: Step;
  readonly entry: Entry;
  readonly gap: number;
}

function lonesOf(steps: readonly Step[], a: readonly Entry[], b: readonly Entry[]): Lone[] {
  let gap = 0;
  return steps.flatMap((step) => {
    if (step.t === "both") gap++;
    const entry = step.t === "a" ? a[step.a] : step.t === "b" ? b[step.b] : undefined;
    return entry === undefined ? [] : [{ step, entry, gap }];
  });
}

/** What is left over in one sequence, in pairs where that makes sense. */
function differencesIn(
  sequence: string,
  a: readonly Entry[],
  b: readonly Entry[],
  steps: readonly Step[],
  place: Place,
): Ranked[] {
  const lone = lonesOf(steps, a, b);
  const take = createLeftOvers(lone);
  const done = new Set<Lone>();
  return lone.flatMap((one) => {
    if (done.has(one)) return [];
    done.add(one);
    const { step, entry, gap } = one;
    take(`${step.t} ${entry.text}`);
    const across = step.t === "a" ? "b" : "a";
    const moved = take(`${across} ${entry.text}`);
    const other = moved ?? take(`${across} ${gap} ${entry.kind}`);
    if (other !== undefined) done.add(other);
    const [inA, inB] = step.t === "a" ? [one, other] : [other, one];
    const rank = inA?.entry.event.lamport ?? place(entry.event.lamport);
    const difference: Difference = {
      t: moved !== undefined ? "moved" : other !== undefined ? "changed" : step.t === "a" ? "only-a" : "only-b",
      sequence,
      ...(inA !== undefined && { a: inA.entry.event }),
      ...(inB !== undefined && { b: inB.entry.event }),
      fields: inA !== undefined && inB !== undefined ? changedFields(inA.entry, inB.entry) : [],
      around: {
        a: aroundOf(a, (inA?.step ?? step).a, inA !== undefined),
        b: aroundOf(b, (inB?.step ?? step).b, inB !== undefined),
      },
    };
    return [{ rank, difference }];
  });
}

/** Where events of B stand among those of A: as far behind the last one before it that both have as it does in B. */
function placing(pairs: readonly (readonly [a: number, b: number])[]): Place {
  const byB = [...pairs].sort((one, other) => one[1] - other[1]);
  return (lamport) => {
    let [low, high] = [0, byB.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((byB[middle]?.[1] ?? Infinity) < lamport) low = middle + 1;
      else high = middle;
    }
    const [stamp, itsOwn] = byB[low - 1] ?? [0, 0];
    return stamp + lamport - itsOwn;
  };
}

/**
 * Compares two traces where causes decide what comes first: who acts in each house, and what happens to each thing in it.
 * Events that several sequences share count once, and where one is not the same everywhere, the earliest place is told.
 */
export function diffTraces(a: readonly TraceEvent[], b: readonly TraceEvent[], options: DiffOptions): Compared {
  const entries = options.strict ? strictEntriesOf : entriesOf;
  const inA = sequencesOf(entries(a, options.ignored));
  const inB = sequencesOf(entries(b, options.ignored));
  const compared = [...new Set([...inA.keys(), ...inB.keys()])].map((name) => {
    const [one, other] = [inA.get(name) ?? [], inB.get(name) ?? []];
    const texts = [one, other].map((some) => some.map(({ text }) => text));
    return { name, one, other, steps: align(texts[0] ?? [], texts[1] ?? []) };
  });
  const place = placing(
    compared.flatMap(({ one, other, steps }) =>
      steps.flatMap((step) =>
        step.t === "both" ? [[one[step.a]?.event.lamport ?? 0, other[step.b]?.event.lamport ?? 0] as const] : [],
      ),
    ),
  );
  const all = compared.flatMap(({ name, one, other, steps }) => differencesIn(name, one, other, steps, place));
  all.sort((one, other) => one.rank - other.rank);
  const told = new Set<TraceEvent>();
  const once = all.filter(({ difference }) => {
    const events = [difference.a, difference.b].filter((event) => event !== undefined);
    const isNew = events.every((event) => !told.has(event));
    for (const event of events) told.add(event);
    return isNew;
  });
  const differences = once.map(({ difference }) => difference);
  return { first: differences[0], count: differences.length, differences };
}
