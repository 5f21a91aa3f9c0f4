import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { House, Stage } from "../../abi/contract.generated.ts";
import type { Ending, EventArgs, EventPhase, Lost, Scalar, Slice, TraceEvent } from "../../abi/event.ts";
import { createDictionary } from "./dictionary.ts";

/**
 * The event ring: fixed records of 128 bytes in one buffer, written on the hot path without making an object.
 *
 *   word (64 bit)   0 seq   1 lamport   2 timeNs   3 span   4 parent   5 trace
 *                   6 [point 16 | phase 2, stage 2, ending 2, spilled 1 | shape 16, string bits 7, flag bits 7]
 *                   7 [locks 16 | fault 16 | house 16]
 *                   8 ret, or the number of why it was lost
 *                   9-15 seven values of slice and arguments, in the order of the shape; an argument that says the same as the
 *                   slice has none of its own
 *
 * Words that repeat (points, field names, tasks, devices, locks) are numbers of a dictionary that never forgets and is
 * bounded; a record that does not fit (an eighth value, a long or new text when the dictionary is full) is spilled: its
 * slice and arguments stay a JavaScript object beside the ring until the slot is written again.
 *
 * One writer and one reader in one thread. The reader takes records in order; what it did not take before the ring came
 * round is overwritten and counted. With `whenFull` the ring asks to be emptied first, and nothing is lost.
 */
export interface EventRing {
  write(
    house: number,
    seq: number,
    lamport: number,
    timeNs: number,
    context: Context,
    point: string,
    phase: EventPhase,
    slice: Slice,
    args: EventArgs,
    ending: Ending | undefined,
  ): void;
  /** A number for a house of a node, for `write`. */
  house(node: string, service: House): number;
  /** Takes up to `max` records, oldest first. */
  take(max: number): TraceEvent[];
  /** How many records wait. */
  waiting(): number;
  /** How many were overwritten before they were taken. */
  dropped(): number;
}

const WORDS = 16;
const VALUES_FROM = 9;
const VALUES_MAX = 7;
const TEXT_MAX = 64;
/** Shapes have numbers of sixteen bits. */
const SHAPES_MAX = 65_000;
const NO_GUESS: readonly Shape[] = [];
const PHASES: readonly EventPhase[] = ["enter", "exit", "fact"];
const STAGES: readonly Stage[] = ["inband", "oob", "either"];
const LOST: readonly Lost[] = ["timeout", "unreachable", "garbled", "rejected"];
const ENDED = 1;
const ENDED_LOST = 2;

interface Spill {
  readonly slice: Slice;
  readonly args: EventArgs;
  readonly locks: readonly string[];
  readonly fault: string | undefined;
}

/** What a field of a record is: of the slice, an argument, or an argument that says the same as the slice. */
type FieldKind = "slice" | "arg" | "same";

/** The fields of a record: those before, and one more. */
interface Shape {
  readonly id: number;
  readonly name: string;
  readonly kind: FieldKind;
  /** Which of the record's values the field has. */
  readonly place: number;
  /** The shape of each number of its fields, up to this one itself. */
  readonly path: readonly Shape[];
  readonly next: Readonly<Record<FieldKind, Map<string, Shape>>>;
}

/** What a ring tells its reader. */
export interface RingSignals {
  /** No room: take some now, or the oldest is overwritten. */
  whenFull?(): unknown;
  /** The first record after the reader had taken all. */
  whenFirst?(): void;
}

/** Makes a ring of `capacity` records. */
export function createEventRing(capacity: number, signals: RingSignals = {}): EventRing {
  assert(Number.isInteger(Math.log2(capacity)), "the capacity of the event ring is a power of two");
  const mask = capacity - 1;
  const buffer = new ArrayBuffer(capacity * WORDS * 8);
  const words = new Float64Array(buffer);
  const halves = new Uint32Array(buffer);
  const spills = new Array<Spill | undefined>(capacity).fill(undefined);
  const dictionary = createDictionary();
  // Apart, so that the texts of arguments can never leave a point without a number.
  const points = createDictionary();
  const houses: { readonly node: string; readonly service: House }[] = [];
  const shapes: Shape[] = [];
  const newShape = (before: readonly Shape[], name: string, kind: FieldKind, place: number): Shape => {
    const path = [...before];
    const next = { slice: new Map(), arg: new Map(), same: new Map() };
    const shape: Shape = { id: shapes.length, name, kind, place, path, next };
    path.push(shape);
    shapes.push(shape);
    return shape;
  };
  const root = newShape([], "", "slice", 0);
  /** The shape that an event of this point and phase had the last time: the next one's is nearly always the same. */
  const guesses: Shape[] = [];
  let head = 0;
  let taken = 0;
  let lost = 0;

  const lockNumber = (locks: readonly string[]): number => {
    if (locks.length === 0) return 0;
    return dictionary.number(locks.length === 1 ? (locks[0] ?? "") : locks.join(","));
  };

  let guess = root.path;
  let shape = root;
  let fields = 0;
  let count = 0;
  let strings = 0;
  let flags = 0;

  function step(name: string, kind: FieldKind): void {
    const guessed = guess[++fields];
    if (guessed !== undefined && guessed.name === name && guessed.kind === kind) {
      shape = guessed;
      return;
    }
    guess = NO_GUESS;
    const known = shape.next[kind].get(name);
    if (known !== undefined) {
      shape = known;
      return;
    }
    const place = kind === "same" ? (shape.path.find((field) => field.name === name)?.place ?? 0) : count;
    const made = newShape(shape.path, name, kind, place);
    shape.next[kind].set(name, made);
    shape = made;
  }

  /** Puts the fields of the slice, or of the arguments beside it; false when they do not fit the record. */
  function put(at: number, put: Readonly<Record<string, Scalar>>, slice: Slice | undefined): boolean {
    for (const name in put) {
      const value = put[name];
      if (value === undefined) continue;
      if (shapes.length >= SHAPES_MAX) return false;
      if (slice !== undefined && Object.is(slice[name], value)) {
        step(name, "same");
        continue;
      }
      if (count === VALUES_MAX) return false;
      step(name, slice === undefined ? "slice" : "arg");
      if (typeof value === "number") {
        words[at + VALUES_FROM + count] = value;
      } else if (typeof value === "string") {
        const number = value.length > TEXT_MAX ? -1 : dictionary.number(value);
        if (number < 0) return false;
        words[at + VALUES_FROM + count] = number;
        strings |= 1 << count;
      } else {
        words[at + VALUES_FROM + count] = value ? 1 : 0;
        flags |= 1 << count;
      }
      count++;
    }
    return true;
  }

  function read(index: number): TraceEvent {
    const slot = index & mask;
    const at = slot * WORDS;
    const word = (i: number): number => words[at + i] ?? 0;
    const half = (i: number): number => halves[at * 2 + i] ?? 0;
    const [a, b, c, d] = [half(12), half(13), half(14), half(15)];
    const ending = (a >>> 20) & 3;
    const spill = spills[slot];
    const house = houses[d & 0xffff];
    assert(house !== undefined, "a record names a house of the ring");
    let slice: Record<string, number | string> | Slice = {};
    let args: Record<string, Scalar> | EventArgs = {};
    if (spill !== undefined) {
      ({ slice, args } = spill);
    } else {
      const { path } = shapes[b & 0xffff] ?? root;
      for (let i = 1; i < path.length; i++) {
        const { name, kind, place } = path[i] ?? root;
        const raw = word(VALUES_FROM + place);
        const isText = (b >>> (16 + place)) & 1;
        const isFlag = (b >>> (23 + place)) & 1;
        const value = isText ? dictionary.text(raw) : isFlag ? raw === 1 : raw;
        if (kind === "slice") (slice as Record<string, Scalar>)[name] = value;
        else (args as Record<string, Scalar>)[name] = value;
      }
    }
    const lockText = dictionary.text(c & 0xffff);
    const fault = spill ? spill.fault : dictionary.text(c >>> 16);
    return {
      seq: word(0),
      lamport: word(1),
      timeNs: word(2),
      node: house.node,
      service: house.service,
      stage: STAGES[(a >>> 18) & 3] ?? "either",
      point: points.text(a & 0xffff),
      phase: PHASES[(a >>> 16) & 3] ?? "fact",
      span: word(3),
      parent: word(4),
      trace: word(5),
      slice,
      args,
      ...(ending === ENDED && { ret: word(8) }),
      ...(ending === ENDED_LOST && { lost: LOST[word(8)] ?? "timeout" }),
      locks: spill ? spill.locks : lockText === "" ? [] : lockText.split(","),
      ...(fault !== undefined && fault !== "" && { fault }),
    };
  }

  return {
    write(house, seq, lamport, timeNs, context, point, phase, slice, args, ending) {
      if (head - taken === capacity) {
        signals.whenFull?.();
        if (head - taken === capacity) {
          taken++;
          lost++;
        }
      }
      const slot = head & mask;
      const at = slot * WORDS;
      words[at] = seq;
      words[at + 1] = lamport;
      words[at + 2] = timeNs;
      words[at + 3] = context.span;
      words[at + 4] = context.parent;
      words[at + 5] = context.trace;
      const pointNumber = points.number(point);
      assert(pointNumber >= 0, "the names of points fit the dictionary");
      const phaseNumber = phase === "enter" ? 0 : phase === "exit" ? 1 : 2;
      const kind = pointNumber * PHASES.length + phaseNumber;
      guess = guesses[kind]?.path ?? NO_GUESS;
      shape = root;
      fields = 0;
      count = 0;
      strings = 0;
      flags = 0;
      const locks = lockNumber(context.locks);
      const fault = ending?.fault === undefined ? 0 : dictionary.number(ending.fault);
      const fits = put(at, slice, undefined) && put(at, args, slice) && locks >= 0 && fault >= 0;
      if (fits) guesses[kind] = shape;
      if (!fits) spills[slot] = { slice, args, locks: context.locks, fault: ending?.fault };
      else if (spills[slot] !== undefined) spills[slot] = undefined;
      let ended = 0;
      if (ending !== undefined && ending.lost !== undefined) {
        ended = ENDED_LOST;
        words[at + 8] = LOST.indexOf(ending.lost);
      } else if (ending !== undefined && ending.ret !== undefined) {
        ended = ENDED;
        words[at + 8] = ending.ret;
      }
      halves[at * 2 + 12] = pointNumber | (phaseNumber << 16) | (STAGES.indexOf(context.stage) << 18) | (ended << 20);
      halves[at * 2 + 13] = shape.id | (strings << 16) | (flags << 23);
      halves[at * 2 + 14] = fits ? locks | (fault << 16) : 0;
      halves[at * 2 + 15] = house;
      head++;
      if (head - taken === 1) signals.whenFirst?.();
    },
    house(node, service) {
      const known = houses.findIndex((entry) => entry.node === node && entry.service === service);
      return known >= 0 ? known : houses.push({ node, service }) - 1;
    },
    take(max) {
      const events: TraceEvent[] = [];
      while (taken < head && events.length < max) events.push(read(taken++));
      return events;
    },
    waiting: () => head - taken,
    dropped: () => lost,
  };
}
