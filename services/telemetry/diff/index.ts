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

/** What is left over in one sequence, in pairs where that makes sense. */
function differencesIn(sequence: string, a: readonly Entry[], b: readonly Entry[]): Ranked[] {
  const steps = align(
    a.map(({ text }) => text),
    b.map(({ text }) => text),
  );
  const lone = steps.filter(({ t }) => t !== "both");
  const used = new Set<Step>();
  /** The entry of the other trace that is meant, searched among those that are left over too. */
  const partner = (step: Step, fits: (one: Entry, other: Entry) => boolean, near: boolean): Step | undefined => {
    const one = step.t === "a" ? a[step.a] : b[step.b];
    return lone.find((other) => {
      if (other.t === step.t || used.has(other)) return false;
      if (near && Math.abs(other.a - step.a) + Math.abs(other.b - step.b) > 2 * CONTEXT) return false;
      const it = other.t === "a" ? a[other.a] : b[other.b];
      return one !== undefined && it !== undefined && fits(one, it);
    });
  };
  const found: Ranked[] = [];
  for (const step of lone) {
    if (used.has(step)) continue;
    used.add(step);
    const moved = partner(step, (one, other) => one.text === other.text, false);
    const other = moved ?? partner(step, (one, it) => one.kind === it.kind, true);
    if (other !== undefined) used.add(other);
    const inA = [step, other].find((one) => one?.t === "a");
    const inB = [step, other].find((one) => one?.t === "b");
    const entryA = inA === undefined ? undefined : a[inA.a];
    const entryB = inB === undefined ? undefined : b[inB.b];
    const before = a[(inA ?? step).a - 1]?.event.lamport ?? 0;
    found.push({
      rank: entryA?.event.lamport ?? before + 0.5,
      difference: {
        t: moved !== undefined ? "moved" : other !== undefined ? "changed" : step.t === "a" ? "only-a" : "only-b",
        sequence,
        ...(entryA !== undefined && { a: entryA.event }),
        ...(entryB !== undefined && { b: entryB.event }),
        fields: entryA !== undefined && entryB !== undefined ? changedFields(entryA, entryB) : [],
        around: {
          a: aroundOf(a, (inA ?? step).a, inA !== undefined),
          b: aroundOf(b, (inB ?? step).b, inB !== undefined),
        },
      },
    });
  }
  return found;
}

/**
 * Compares two traces where causes decide what comes first: who acts in each house, and what happens to each thing in it.
 * Events that several sequences share count once, and where one is not the same everywhere, the earliest place is told.
 */
export function diffTraces(a: readonly TraceEvent[], b: readonly TraceEvent[], options: DiffOptions): Compared {
  const entries = options.strict ? strictEntriesOf : entriesOf;
  const [inA, inB] = [a, b].map((events) => sequencesOf(entries(events, options.ignored)));
  const names = new Set([...(inA?.keys() ?? []), ...(inB?.keys() ?? [])]);
  const all = [...names].flatMap((name) => differencesIn(name, inA?.get(name) ?? [], inB?.get(name) ?? []));
  all.sort((one, other) => one.rank - other.rank);
  const told = new Set<TraceEvent>();
  const once = all.filter(({ difference }) => {
    const events = [difference.a, difference.b].filter((event) => event !== undefined);
    const isNew = events.every((event) => !told.has(event));
    for (const event of events) told.add(event);
    return isNew;
  });
  return { first: once[0]?.difference, count: once.length };
}
