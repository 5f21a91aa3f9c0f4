import { expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import type { World } from "../../services/lab/world.ts";
import { expand } from "../../services/runtimes/backend/files.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { runIn } from "../../services/runtimes/backend/run.ts";
import { createStation } from "../../services/runtimes/backend/station.ts";
import { createWorld } from "../../services/runtimes/world.ts";

/** A world that tells how many turns of the event loop after the first listener each one came. */
function countingTurns(world: World): { readonly world: World; readonly turns: number[] } {
  const turns: number[] = [];
  let turn = 0;
  const count = (): void => {
    turn += 1;
    if (turn < 100) setImmediate(count);
  };
  return {
    turns,
    world: {
      ...world,
      onEvents(listener) {
        if (turns.length === 0) setImmediate(count);
        turns.push(turn);
        return world.onEvents(listener);
      },
    },
  };
}

test("all who listen to a world from its start do so in one turn: its events flow from the first listener on", async () => {
  const [file = ""] = await expand(["experiments/tour.yaml"]);
  const loaded = await loadOne(file);
  if (!loaded.ok) throw new Error("the tour cannot be loaded");
  const experiment = loaded.value;
  const make = () => createWorld("simulated", { seed: 1n, profile: "documented", topology: PAIR });
  const counted = countingTurns(await make());
  const station = await createStation(await make(), {
    home: make,
    luggage(on) {
      const unlisten = on.onEvents(() => undefined);
      return Promise.resolve({
        stop() {
          unlisten();
          return Promise.resolve();
        },
      });
    },
    onStranded: () => false,
  });
  const ran = await station.lend(
    "a run",
    () => Promise.resolve(counted.world),
    (on) => runIn(on, experiment, { stop: new AbortController().signal, onEvents: () => undefined }),
  );
  await station.stop();
  expect(ran.ok && ran.value.verdict).toBe("pass");
  // The luggage, the station, whoever follows the run, its journal.
  expect(counted.turns).toEqual([0, 0, 0, 0]);
});
