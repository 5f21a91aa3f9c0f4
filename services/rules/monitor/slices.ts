import type { TraceEvent } from "../../abi/event.ts";
import type { SliceKey } from "../rule.ts";
import type { Concern, Group, Joint } from "./group.ts";
import type { KeyReader, KeyValue } from "./keys.ts";

/** What is known of the events that agree with some values of the keys. */
export interface SliceNode {
  /** One for each key; undefined: events without it. */
  readonly values: readonly (KeyValue | undefined)[];
  /** The states of the group's rules. */
  joint: Joint;
  /** The last event of each concern, or all events, the latest first. */
  seen: Seen | undefined;
  /** When it was last looked at, in sweeps. */
  sweep: number;
  /** Whether it may be one that was forgotten: then nobody can be certain of it. */
  readonly late: boolean;
}

/** An event, and what it means to the group. */
export interface Seen {
  readonly concern: Concern;
  event: TraceEvent;
  readonly next: Seen | undefined;
}

/** What was seen in a slice, the earliest first where all is kept. */
export function seenIn(node: SliceNode): readonly Seen[] {
  const all: Seen[] = [];
  for (let seen = node.seen; seen !== undefined; seen = seen.next) all.push(seen);
  return all.reverse();
}

/** Nobody else may change what two nodes have seen. */
const copyOf = (seen: Seen | undefined): Seen | undefined =>
  seen === undefined ? undefined : { ...seen, next: copyOf(seen.next) };

type Level = Map<KeyValue, Level | SliceNode>;

/** Whether a slice at rest may be forgotten; it is not asked again. */
export type MayForget = (node: SliceNode) => boolean;

/** Of slices of one moment each (a crossing, what one call caused) so many begin between two sweeps; of others, so many. */
const SWEEP_AFTER_MOMENTS = 1000;
const SWEEP_AFTER_OBJECTS = 20_000;
const MOMENTS: readonly SliceKey[] = ["span", "call", "around", "trace"];

/** All nodes that have values for the same keys. */
interface Table {
  readonly mask: number;
  readonly keys: readonly number[];
  readonly root: Level;
  /** Where no key has a value. */
  only: SliceNode | undefined;
}

/**
 * The slices of a group of rules.
 *
 * An event that carries all keys has one slice. One that carries some of them belongs to all slices that agree with it, the
 * later ones too: so what such events say is kept in a node of its own, and a slice begins with what its most informed
 * node knows. That node is unique: where two of them agree, the one that joins them is kept as well.
 *
 * So that a run of any length has room, a slice that nothing touched while very many others began is forgotten, unless a duty
 * is open in it. Should one of its events still come, it begins anew, and is marked as late from then on.
 */
export class Slices {
  readonly keys: readonly SliceKey[];
  readonly #readers: readonly KeyReader[];
  readonly #first: Joint;
  readonly #whole: number;
  readonly #full: Table;
  /** Nodes of events that lack a key, the most informed first. */
  readonly #partial: Table[] = [];
  readonly #none: (KeyValue | undefined)[];
  readonly #mayForget: MayForget | undefined;
  readonly #sweepAfter: number;
  #begun = 0;
  #forgot = false;
  /** How many sweeps there were. */
  sweeps = 0;

  /** @param mayForget absent: nothing is forgotten. @param patience how often longer than others to wait before that. */
  constructor(
    { keys, readers, start }: Pick<Group, "keys" | "readers" | "start">,
    mayForget?: MayForget,
    patience = 1,
  ) {
    this.keys = keys;
    this.#mayForget = mayForget;
    this.#sweepAfter =
      patience * (keys.some((key) => MOMENTS.includes(key)) ? SWEEP_AFTER_MOMENTS : SWEEP_AFTER_OBJECTS);
    this.#readers = readers;
    this.#first = start;
    this.#whole = 2 ** keys.length - 1;
    this.#full = tableOf(this.#whole, keys.length);
    this.#none = keys.map(() => undefined);
  }

  /** The slice of an event that carries all keys; undefined where it lacks one. */
  whole(event: TraceEvent): SliceNode | undefined {
    const readers = this.#readers;
    const count = readers.length;
    if (count === 0) return (this.#full.only ??= this.#start(this.#whole, []));
    let level: Level | SliceNode = this.#full.root;
    for (let i = 0; i < count; i++) {
      const value = (readers[i] as KeyReader)(event);
      if (value === undefined) return undefined;
      const next: Level | SliceNode | undefined = (level as Level).get(value);
      if (next === undefined) return this.#begin(event);
      level = next;
    }
    return level as SliceNode;
  }

  #begin(event: TraceEvent): SliceNode | undefined {
    const values = this.#valuesOf(event);
    return values.includes(undefined) ? undefined : this.#find(this.#full, values);
  }

  /** Calls back for the nodes that an event without some key touches: its own, and all that agree with it and know more. */
  touch(event: TraceEvent, found: (node: SliceNode) => void): void {
    const values = this.#valuesOf(event);
    const mask = maskOf(values);
    let table = this.#partial.find((one) => one.mask === mask);
    if (table === undefined) {
      table = tableOf(mask, this.keys.length);
      this.#partial.push(table);
      this.#partial.sort((a, b) => b.keys.length - a.keys.length);
    }
    this.#find(table, values);
    visit(this.#full, values, found);
    for (const other of this.#partial) if ((other.mask & mask) === mask) visit(other, values, found);
  }

  /** All slices that there are. @param always where nothing cuts the trace: also if no event came. */
  all(always: boolean): readonly SliceNode[] {
    const nodes: SliceNode[] = [];
    if (always && this.keys.length === 0) this.#full.only ??= this.#start(this.#whole, []);
    visit(this.#full, this.#none, (node) => nodes.push(node));
    return nodes;
  }

  /** What is known of a slice, be it that no event carries all its values yet. @param values undefined: there is none. */
  known(values: readonly (KeyValue | undefined)[]): SliceNode | undefined {
    for (const table of [this.#full, ...this.#partial]) {
      const node = lookUp(table, values);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  #valuesOf(event: TraceEvent): (KeyValue | undefined)[] {
    return this.#readers.map((read) => read(event));
  }

  #find(table: Table, values: readonly (KeyValue | undefined)[]): SliceNode {
    const known = lookUp(table, values);
    if (known !== undefined) return known;
    if (table === this.#full && ++this.#begun >= this.#sweepAfter) this.#sweep();
    const node = this.#start(
      table.mask,
      values.map((value, i) => ((table.mask >> i) & 1 ? value : undefined)),
    );
    // The joins begin with what was known without this node, which knows nothing of its own yet.
    if (table !== this.#full) this.#join(table, node);
    store(table, node);
    return node;
  }

  #sweep(): void {
    this.#begun = 0;
    const mayForget = this.#mayForget;
    if (mayForget === undefined) return;
    const now = this.sweeps++;
    const forget = (level: Level): void => {
      for (const [value, next] of level) {
        if (next instanceof Map) {
          forget(next);
          if (next.size === 0) level.delete(value);
        } else if (next.sweep < now && mayForget(next)) {
          level.delete(value);
          this.#forgot = true;
        }
      }
    };
    forget(this.#full.root);
  }

  /** A node begins with what the most informed one that agrees with it knows; its own slices have not begun. */
  #start(mask: number, values: readonly (KeyValue | undefined)[]): SliceNode {
    const late = this.#forgot;
    const sweep = this.sweeps;
    for (const table of this.#partial) {
      if (table.mask === mask || (table.mask & mask) !== table.mask) continue;
      const from = lookUp(table, values);
      if (from !== undefined) return { values, joint: from.joint, seen: copyOf(from.seen), sweep, late };
    }
    return { values, joint: this.#first, seen: undefined, sweep, late };
  }

  /** Keeps the nodes closed: of two that agree, and neither of which knows all that the other one does, the join is there too. */
  #join(table: Table, node: SliceNode): void {
    for (const other of [...this.#partial]) {
      const both = other.mask | table.mask;
      if (both === other.mask || both === table.mask) continue;
      const agreeing: SliceNode[] = [];
      visit(other, node.values, (one) => agreeing.push(one), table.mask & other.mask);
      let joined = both === this.#whole ? this.#full : this.#partial.find(({ mask }) => mask === both);
      if (joined === undefined && agreeing.length > 0) {
        joined = tableOf(both, this.keys.length);
        this.#partial.push(joined);
        this.#partial.sort((a, b) => b.keys.length - a.keys.length);
      }
      if (joined !== undefined)
        for (const one of agreeing)
          this.#find(
            joined,
            node.values.map((value, i) => value ?? one.values[i]),
          );
    }
  }
}

function tableOf(mask: number, count: number): Table {
  const keys: number[] = [];
  for (let i = 0; i < count; i++) if ((mask >> i) & 1) keys.push(i);
  return { mask, keys, root: new Map(), only: undefined };
}

const maskOf = (values: readonly (KeyValue | undefined)[]): number =>
  values.reduce<number>((mask, value, i) => (value === undefined ? mask : mask | (1 << i)), 0);

function lookUp({ keys, root, only }: Table, values: readonly (KeyValue | undefined)[]): SliceNode | undefined {
  if (keys.length === 0) return only;
  let level: Level | SliceNode | undefined = root;
  for (const key of keys) {
    const value = values[key];
    if (value === undefined || !(level instanceof Map)) return undefined;
    level = level.get(value);
    if (level === undefined) return undefined;
  }
  return level instanceof Map ? undefined : level;
}

function store(table: Table, node: SliceNode): void {
  const { keys } = table;
  if (keys.length === 0) {
    table.only = node;
    return;
  }
  let level = table.root;
  keys.forEach((key, i) => {
    const value = node.values[key] ?? "";
    if (i === keys.length - 1) {
      level.set(value, node);
      return;
    }
    const next = level.get(value);
    if (next instanceof Map) level = next;
    else {
      const made: Level = new Map();
      level.set(value, made);
      level = made;
    }
  });
}

/** Calls back for every node that agrees with these values, of the keys in `only` where it is given. */
function visit(
  { keys, root, only: single }: Table,
  values: readonly (KeyValue | undefined)[],
  found: (node: SliceNode) => void,
  only = -1,
): void {
  if (keys.length === 0) {
    if (single !== undefined) found(single);
    return;
  }
  const walk = (level: Level | SliceNode, depth: number): void => {
    if (!(level instanceof Map)) {
      found(level);
      return;
    }
    const key = keys[depth] ?? 0;
    const value = (only >> key) & 1 ? values[key] : undefined;
    if (value === undefined) for (const next of level.values()) walk(next, depth + 1);
    else {
      const next = level.get(value);
      if (next !== undefined) walk(next, depth + 1);
    }
  };
  walk(root, 0);
}
