import type {
  FaultEffect,
  FaultPhase,
  FaultReport,
  FaultRule,
  FaultSelect,
  FaultSuppressed,
} from "../../abi/contract.generated.ts";
import type { Slice, TraceEvent } from "../../abi/event.ts";
import { hashFraction } from "../../abi/hash.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { aimOf, type Aim } from "./check.ts";
import { NOT_SUPPRESSED } from "./suppressed.ts";
import { matches, type Subject } from "./subject.ts";
import { createWatcher, type Watcher } from "./when.ts";
import type { Chance } from "./wrong.ts";

/** Why a crossing that matched was not struck. */
type Suppression = keyof FaultSuppressed;

/** A rule that strikes a crossing, or a frame. */
export interface Strike {
  readonly rule: string;
  readonly effect: FaultEffect;
  readonly phase: FaultPhase;
  /** Chance for this crossing. */
  readonly chance: Chance;
  /** What the rule keeps from one strike to the next. */
  readonly state: StrikeState;
  /** Whether the formula of a stall holds now. */
  readonly released: () => boolean;
  /** What was injected is over. */
  readonly end: () => void;
  /** The rule counts what is going on. */
  readonly bounded: boolean;
}

/** What a rule keeps from one strike to the next. */
interface StrikeState {
  /** When the line is free again, of bandwidth. */
  freeNs: number;
  /** The chance of the time before, by slice, of a correlated delay. */
  readonly before: Map<string, number>;
}

/** What a rule decided, for those who want to know. */
export interface Decision {
  readonly rule: string;
  readonly verdict: "fired" | Suppression;
  readonly matched: number;
}

/** The armed rules of one house. */
export interface FaultEngine {
  /** Arms a rule; answers the reason when it cannot be. */
  arm(rule: FaultRule): string | undefined;
  disarm(id: string): Result<undefined, "ENOENT">;
  report(): FaultReport[];
  /** False: no rule is armed, and nothing needs to be asked. */
  readonly armed: boolean;
  /** Which rule strikes, if any. Counts it for every rule of its point. @param tell hears what rules decided that are verbose. */
  judge(subject: Subject, tell?: (decision: Decision) => void): Strike | undefined;
  /** True: some rule watches what happens in this house. */
  readonly watching: boolean;
  /** Something happened in this house. */
  sees(event: TraceEvent): void;
  /** Calls back at every event that a formula watches, until it is called off. */
  onSeen(listener: () => void): () => void;
}

type Counts = { -readonly [Why in Suppression]: number };

interface Armed {
  readonly rule: FaultRule;
  readonly effect: FaultEffect;
  readonly select: FaultSelect;
  readonly at: Extract<Aim, { readonly ok: true }>["at"];
  readonly when: ReadonlyMap<string, Watcher> | undefined;
  readonly until: ReadonlyMap<string, Watcher> | undefined;
  readonly suppressed: Counts;
  readonly state: StrikeState;
  crossings: number;
  matched: number;
  fired: number;
  space: number;
  /** How often each slice matched: the ordinal that a decision by chance is made from. */
  readonly ordinals: Map<string, number>;
}

/** Slices whose ordinals are kept; beyond, the oldest starts again at 1. */
const SLICES_MAX = 100_000;

function ordinalOf(ordinals: Map<string, number>, key: string): number {
  const ordinal = (ordinals.get(key) ?? 0) + 1;
  if (ordinal === 1 && ordinals.size >= SLICES_MAX) {
    for (const oldest of ordinals.keys()) {
      ordinals.delete(oldest);
      break;
    }
  }
  ordinals.set(key, ordinal);
  return ordinal;
}

const keyOf = (slice: Slice): string => Object.entries(slice).join(";");

const watched = (formula: string | undefined, aim: Armed["at"]): Armed["when"] =>
  formula === undefined
    ? undefined
    : createWatcher(
        formula,
        [...aim.values()].map(({ point }) => point),
      );

const holdsNow = (watchers: Armed["when"], subject: Subject): boolean =>
  watchers?.get(subject.point)?.holds(subject) ?? true;

/**
 * The rules, in the order of facts/experiments 7.1: point and side, match, when, times, max_active, space, nth or every or
 * interval, probability. Counters advance only for crossings that pass the first three, so unrelated traffic cannot shift the
 * n-th one; chance is a hash of seed, rule, point, slice and the slice's own count, so two rules share nothing and a shorter
 * run keeps its decisions.
 */
export function createFaultEngine(seed: bigint): FaultEngine {
  const armed = new Map<string, Armed>();
  const listeners = new Set<() => void>();
  let active = 0;

  /** What keeps a rule from striking a crossing that matches; undefined: nothing. */
  function suppression(one: Armed, subject: Subject, chance: Chance): Suppression | undefined {
    const { select, rule } = one;
    if (!holdsNow(one.when, subject)) return "when";
    const nth = ++one.matched;
    if (select.times > 0 && one.fired >= select.times) return "times";
    if (rule.max_active !== undefined && active >= rule.max_active) return "max_active";
    if (select.persist === true && one.fired > 0) return undefined;
    if (one.space > 0) {
      one.space -= subject.size();
      if (one.space > 0) return "space";
    }
    if (select.nth.length > 0 && !select.nth.some(({ from, to }) => nth >= from && (to === 0 || nth <= to)))
      return "nth";
    if (select.every > 0 && nth % select.every !== 0) return "interval";
    if (select.interval > 0 && nth % select.interval !== 0) return "interval";
    const share = select.probability;
    if (share !== undefined && !(chance("strike") * share.denominator < share.numerator)) return "probability";
    return undefined;
  }

  function strikeOf(one: Armed, subject: Subject, phase: FaultPhase, chance: Chance): Strike {
    one.fired++;
    active++;
    let over = false;
    return {
      rule: one.rule.id,
      effect: one.effect,
      phase,
      chance,
      state: one.state,
      bounded: one.rule.max_active !== undefined,
      released: () => holdsNow(one.until, subject),
      end() {
        if (!over) active--;
        over = true;
      },
    };
  }

  return {
    get armed() {
      return armed.size > 0;
    },
    get watching() {
      for (const { when, until } of armed.values()) if (when !== undefined || until !== undefined) return true;
      return false;
    },
    arm(rule) {
      const aim = aimOf(rule);
      if (!aim.ok) return aim.reason;
      if (armed.has(rule.id)) return `a rule ${rule.id} is armed already`;
      const { effect, select } = rule;
      if (effect === undefined || select === undefined) return "the rule says no effect";
      armed.set(rule.id, {
        rule,
        effect,
        select,
        at: aim.at,
        when: watched(rule.when, aim.at),
        until: watched(effect.until, aim.at),
        suppressed: { ...NOT_SUPPRESSED },
        state: { freeNs: 0, before: new Map() },
        crossings: 0,
        matched: 0,
        fired: 0,
        space: select.space ?? 0,
        ordinals: new Map(),
      });
      return undefined;
    },
    disarm(id) {
      if (id === "*") armed.clear();
      else if (!armed.delete(id)) return fail("ENOENT");
      return ok(undefined);
    },
    report: () =>
      [...armed.values()].map(({ rule, crossings, matched, fired, suppressed }) => ({
        rule,
        crossings,
        matched,
        fired,
        suppressed: { ...suppressed },
      })),
    judge(subject, tell) {
      let strike: Strike | undefined;
      let key: string | undefined;
      for (const one of armed.values()) {
        const aim = one.at.get(subject.point);
        if (aim?.seat.side !== subject.side) continue;
        one.crossings++;
        if (!matches(one.rule.match, subject)) continue;
        key ??= keyOf(subject.slice);
        const ordinal = ordinalOf(one.ordinals, key);
        const words = `${seed}/${one.rule.id}/${subject.point}/${key}/${ordinal}`;
        const chance: Chance = (name) => hashFraction(name === "strike" ? words : `${words}/${name}`);
        if (strike !== undefined) {
          // Another rule strikes this crossing already: this one counts it, and leaves it alone.
          if (holdsNow(one.when, subject)) one.matched++;
          continue;
        }
        const why = suppression(one, subject, chance);
        if (why === undefined) strike = strikeOf(one, subject, aim.seat.phase, chance);
        else one.suppressed[why]++;
        const verbose = one.rule.verbose ?? 0;
        if (verbose > (why === undefined ? 0 : 1))
          tell?.({ rule: one.rule.id, verdict: why ?? "fired", matched: one.matched });
      }
      return strike;
    },
    sees(event) {
      for (const { when, until } of armed.values()) {
        for (const watcher of new Set([...(when?.values() ?? []), ...(until?.values() ?? [])])) watcher.sees(event);
      }
      for (const listener of [...listeners]) listener();
    },
    onSeen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
