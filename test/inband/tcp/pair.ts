import { assert } from "../../../services/abi/assert.ts";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { draws } from "../fuzz-frames.ts";
import { Agenda } from "./agenda.ts";
import { Application, type AppPlan } from "./application.ts";
import type { Coverage } from "./coverage.ts";
import { End } from "./end.ts";
import { Stream } from "./stream.ts";
import { Wire, type WirePlan } from "./wire.ts";

/** Two ends, what their applications do, and the wire between them. */
export interface Scenario {
  readonly seed: number;
  readonly ends: readonly [EndScenario, EndScenario];
  readonly wire: WirePlan;
  /** Whether both call. If not, the second one listens. */
  readonly simultaneous: boolean;
}

/** One end and its application. */
export interface EndScenario extends AppPlan {
  readonly iss: number;
  readonly settings: TcpSettings;
}

/** A run: two ends with their applications and wires. */
export interface Pair {
  readonly agenda: Agenda;
  readonly ends: readonly [End, End];
  readonly apps: readonly [Application, Application];
  readonly wires: readonly [Wire, Wire];
}

/** Things that happen in a run at most. A scenario has some thousand; what goes on and on is an endless loop. */
const THINGS_MAX = 2_000_000;

/** Somebody on the way, who sees what passes and says things of his own to an end. */
export type Meddler = (to: End, passing: Uint8Array) => void;

/** Puts a scenario together; nothing has happened yet. */
export function pairOf({ seed, ends: plans, wire }: Scenario, coverage: Coverage, meddler?: Meddler): Pair {
  const agenda = new Agenda();
  const draw = draws(seed * 7 + 3);
  const streams = [new Stream(seed), new Stream(seed + 1000)] as const;
  const apps: Application[] = [];
  const make = (which: 0 | 1): End =>
    new End({
      which,
      iss: plans[which].iss,
      settings: plans[which].settings,
      says: streams[which],
      hears: streams[which === 0 ? 1 : 0],
      agenda,
      coverage,
      transmit: (bytes) => wires[which].carry(bytes),
      wake: () => apps[which]?.wake(),
    });
  const ends = [make(0), make(1)] as const;
  const make2 = (which: 0 | 1): Wire => {
    const other = ends[which === 0 ? 1 : 0];
    return new Wire(
      wire,
      agenda,
      draw,
      (bytes, corrupted) => {
        if (!corrupted) meddler?.(other, bytes);
        other.receive(bytes.slice(), corrupted);
      },
      (mtu) => ends[which].pathMtu(mtu),
    );
  };
  const wires = [make2(0), make2(1)] as const;
  const app = (which: 0 | 1): Application =>
    new Application(ends[which], plans[which], agenda, streams[which], streams[which === 0 ? 1 : 0]);
  apps.push(app(0), app(1));
  return { agenda, ends, apps: [apps[0] as Application, apps[1] as Application], wires };
}

/** Lets everything happen, up to a time. */
export function until({ agenda }: Pair, nowNs: number): void {
  for (let things = 0; agenda.nextAtNs !== undefined && agenda.nextAtNs <= nowNs; things++) {
    assert(things < THINGS_MAX, "a run comes to an end");
    agenda.step();
  }
}

/** Opens the connection of a scenario and lets everything happen. */
export function play(scenario: Scenario, coverage: Coverage, meddler?: Meddler): Pair {
  const pair = pairOf(scenario, coverage, meddler);
  const [a, b] = pair.ends;
  if (!scenario.simultaneous) b.listens = true;
  a.open();
  if (scenario.simultaneous) b.open();
  until(pair, Infinity);
  return pair;
}
