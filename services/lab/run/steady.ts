import type { Phase, Probe, SteadyState } from "../experiment.ts";
import type { LookRecord, SteadyRecord } from "./journal.ts";
import { look, type LookParts } from "./look.ts";

/** The steady state of a run. */
export interface Steady {
  /** Looks with the probes of a phase; answers whether all found what they may find. */
  check(phase: "before" | "after"): Promise<boolean>;
  /** Looks between two steps of the method. */
  between(): Promise<void>;
  /** Begins to look now and then, with those probes that say how often. */
  start(): void;
  /** Ends that. */
  stop(): void;
  /** Whether a probe called as a task after the method: what follows from that is not over at once. */
  hasCalledAfter(): boolean;
  /** What was seen; undefined where there is no steady state. */
  record(): SteadyRecord | undefined;
}

/** What watching a steady state takes. */
export interface SteadyParts extends LookParts {
  readonly steadyState: SteadyState | undefined;
  /** Whether a fault is armed now. */
  readonly isChaos: () => boolean;
}

/** A probe that looks now and then gives up when nothing has happened for so many looks: a world may be stuck. */
const IDLE_LOOKS = 100;

/** Follows a steady state through a run. */
export function createSteady(parts: SteadyParts): Steady {
  const { steadyState, world } = parts;
  const probes = steadyState?.probes ?? [];
  const of = (phase: Phase): readonly Probe[] => probes.filter(({ phases }) => phases.has(phase));
  const seen: Partial<Record<"before" | "after", readonly LookRecord[]>> = {};
  const during = new Map<string, { looks: number; unmet: number; first?: LookRecord }>();
  let going = false;
  let turn = Promise.resolve();

  /** One look at a time: probes call as tasks, and a task makes one call at a time. */
  function once(probe: Probe): Promise<void> {
    turn = turn.then(async () => {
      if (!going || (probe.onChaos && !parts.isChaos())) return;
      const record = await look(probe, parts);
      const known = during.get(probe.name) ?? { looks: 0, unmet: 0 };
      during.set(probe.name, known);
      known.looks += 1;
      if (record.met) return;
      known.unmet += 1;
      known.first ??= record;
    });
    return turn;
  }

  async function repeat(probe: Probe, intervalNs: number): Promise<void> {
    let idle = 0;
    let before = -1;
    while (isGoing() && idle < IDLE_LOOKS) {
      await world.clock.sleepNs(intervalNs);
      if (isGoing()) await once(probe);
      idle = parts.events.length === before ? idle + 1 : 0;
      before = parts.events.length;
    }
  }
  const isGoing = (): boolean => going;

  return {
    async check(phase) {
      const records: LookRecord[] = [];
      for (const probe of of(phase)) records.push(await look(probe, parts));
      if (steadyState !== undefined) seen[phase] = records;
      return records.every(({ met }) => met);
    },
    async between() {
      for (const probe of of("during")) await once(probe);
    },
    start() {
      going = true;
      for (const probe of of("during")) {
        if (probe.intervalNs !== undefined) void repeat(probe, probe.intervalNs);
      }
    },
    stop() {
      going = false;
    },
    hasCalledAfter: () => of("after").some(({ looks }) => looks.t === "call"),
    record: () =>
      steadyState && {
        title: steadyState.title,
        strategy: steadyState.strategy,
        ...seen,
        during: [...during].map(([probe, { looks, unmet, first }]) => ({
          probe,
          looks,
          unmet,
          ...(first && { first }),
        })),
      },
  };
}
