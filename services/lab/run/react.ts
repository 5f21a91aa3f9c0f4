import type { TraceEvent } from "../../abi/event.ts";
import { causality, type Mark } from "../../rules/causality.ts";
import type { RuleJudgement } from "../../rules/judgement.ts";
import type { Rule } from "../../rules/rule.ts";
import type { Reactor } from "../experiment.ts";
import type { World } from "../world.ts";
import { counts } from "../invariants.ts";
import { eventId, type RuleSet } from "./rules.ts";

/** A rule that was seen to be broken while the run went on. */
export interface Alarm {
  readonly rule: Rule;
  readonly event: TraceEvent | undefined;
}

/** Watches rules while a run goes on. */
export interface Live {
  /** The first alarm of each rule, in the order in which they were raised. */
  readonly alarms: readonly Alarm[];
  /** Resolves with one line when the reactor stops the run: the first violation that is certain; never, if there is none. */
  readonly broken: Promise<string>;
  stop(): void;
  /** What the rules came to over the whole run. */
  judged(judgements: readonly RuleJudgement[]): void;
}

/** What watching takes. */
export interface LiveParts {
  readonly world: World;
  readonly rules: RuleSet;
  readonly reactor: Reactor;
  /** All events so far, and what the lab did. */
  readonly events: readonly TraceEvent[];
  readonly marks: readonly Mark[];
  /** Called with each alarm, once for a rule. */
  readonly onAlarm?: ((alarm: Alarm) => void) | undefined;
}

/** In real time the events of one house come after those of another that they follow from: so long they are held back and sorted. */
const HOLD_NS = 25e6;

/**
 * Lets the rules judge while a run goes on, each by the order in which it learns of things.
 *
 * In simulation that is the order in which they happen, and where alarms are only told, they are found after the run. In real time it is that of Lamport stamps, among events that came
 * within a while: nearly always right, and never trusted alone. So before a reactor stops a run, everything that was recorded
 * so far is taken and judged by cause and effect; what is not certain there stops nothing.
 */
export function watchRules(parts: LiveParts): Live {
  const { world, rules, reactor } = parts;
  const alarms: Alarm[] = [];
  let stop: (line: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => (stop = resolve));
  if (reactor === "none") return { alarms, broken, stop: () => undefined, judged: () => undefined };

  let checking = false;
  async function check(): Promise<void> {
    if (checking) return;
    checking = true;
    const last = parts.events.reduce((max, { lamport }) => Math.max(max, lamport), 0);
    await world.settle();
    const past = parts.events.filter(({ lamport }) => lamport <= last);
    const judged = rules.judge(causality(past, parts.marks), { ended: "cut", missing: 0 });
    const certain = judged.find(({ rule, verdict }) => verdict === "certain-fail" && counts(rule, world.profile));
    checking = false;
    if (certain === undefined) return;
    const at = certain.violations[0]?.at;
    stop(`${certain.rule.id} was broken${at === undefined ? "" : ` at ${eventId(at)}`}: ${certain.rule.title}`);
  }

  const onBroken = (rule: Rule, event: TraceEvent | undefined): void => {
    if (!counts(rule, world.profile) || alarms.some((alarm) => alarm.rule === rule)) return;
    const alarm: Alarm = { rule, event };
    alarms.push(alarm);
    parts.onAlarm?.(alarm);
    // Whoever only wants to be told needs no second look: the verdict comes at the end.
    if (reactor !== "log") void check();
  };

  // No time goes by for whoever is told of a simulated run: what nobody acts on is found out afterwards, if anything was broken.
  if (reactor === "log" && world.runtime === "simulated")
    return {
      alarms,
      broken,
      stop: () => undefined,
      judged(judgements) {
        if (!judgements.some(({ rule, violated }) => violated > 0 && counts(rule, world.profile))) return;
        const late = rules.live(onBroken);
        for (const event of parts.events) late.take(event);
      },
    };

  const monitor = rules.live(onBroken);
  let held: TraceEvent[] = [];
  let timer: { cancel(): void } | undefined;
  function release(): void {
    timer = undefined;
    const batch = held.sort((a, b) => a.lamport - b.lamport);
    held = [];
    for (const event of batch) monitor.take(event);
  }
  const unlisten = world.onEvents((batch) => {
    if (world.runtime === "simulated") {
      for (const event of batch) monitor.take(event);
      return;
    }
    held.push(...batch);
    timer ??= world.clock.after(HOLD_NS, release);
  });
  return {
    alarms,
    broken,
    stop() {
      unlisten();
      timer?.cancel();
      if (timer !== undefined) release();
    },
    judged: () => undefined,
  };
}
