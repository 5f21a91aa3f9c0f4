import { expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import { benchKsock, type StreamWorldSpec } from "../../services/runtimes/bench/ksock.ts";
import { createWorld } from "../../services/runtimes/world.ts";

const FLOOR = "floor: bare sockets and a process";

/** A world in virtual time, which boots at once. */
function simulated(): { readonly spec: StreamWorldSpec; readonly stopped: () => number } {
  let stopped = 0;
  return {
    spec: {
      name: "simulated",
      async boot() {
        const world = await createWorld("simulated", { seed: 3n, profile: "documented", topology: PAIR });
        const stop = async (): Promise<void> => {
          stopped++;
          await world.stop();
        };
        return { ...world, stop };
      },
    },
    stopped: () => stopped,
  };
}

const measuring = (stop = new AbortController().signal, onProgress: (doing: string) => void = () => undefined) => ({
  seconds: 0.02,
  onProgress,
  stop,
  roundBytes: 262_144,
});

test("round trips and bytes over tasks' sockets and kernel sockets are measured beside bare sockets", async () => {
  const { spec, stopped } = simulated();
  const { rows, notes } = await benchKsock([spec], measuring());
  const whats = ["tasks' stream sockets", "kernel sockets", "kernel sockets, by callbacks", FLOOR];
  expect(rows.map(({ what, unit, floor }) => [what, unit, floor])).toEqual([
    ...whats.map((what) => [what, undefined, what === FLOOR]),
    ...whats.map((what) => [what, "bytes", what === FLOOR]),
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ bench: "ksock", runtime: "simulated", bytes: row.unit === "bytes" ? 65_536 : 64 });
    expect(row.perSecond).toBeGreaterThan(0);
    expect(row.inFlight).toBe(row.unit === "bytes" ? undefined : 1);
    if (row.unit === undefined) expect(row.p50Ns).toBeLessThanOrEqual(row.p99Ns ?? 0);
  }
  expect(notes).toHaveLength(4);
  for (const note of notes)
    expect(note).toMatch(/^simulated: kernel sockets.*: .* a second are \d+\.\d\d times those of tasks'/);
  expect(stopped()).toBe(1);
});

test("who stops it throws away what there is, and no world is left", async () => {
  const stop = new AbortController();
  const { spec, stopped } = simulated();
  const doing = (what: string): void => {
    if (what.endsWith("round trips")) stop.abort();
  };
  await expect(benchKsock([spec], measuring(stop.signal, doing))).rejects.toThrow(/abort/);
  expect(stopped()).toBe(1);
});
