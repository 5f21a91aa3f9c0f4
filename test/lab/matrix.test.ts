import { describe, expect, test } from "@jest/globals";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { TAKEN } from "../../services/boundary/faults/cells.ts";
import { checkRule } from "../../services/boundary/faults/check.ts";
import { FAULT_POINTS, pointName } from "../../services/boundary/faults/points.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { matrixCells, matrixPlaces, placeName, runningPlaces } from "../../services/lab/matrix/cells.ts";
import { cellText } from "../../services/lab/matrix/experiment.ts";
import { recipeFor } from "../../services/lab/matrix/recipes.ts";
import { placeRule } from "../../services/lab/matrix/rule.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { recipeExperiment, strikes, unstruck } from "./matrix-runs.ts";

describe("the matrix of faults", () => {
  test("has a cell for every point, effect, phase, side and runtime: it runs, or says in a sentence why not", () => {
    const cells = matrixCells();
    expect(new Set(cells.map(({ point }) => point)).size).toBe(FAULT_POINTS.length);
    expect(cells.filter(({ state, reason }) => (state === "impossible") !== (reason ?? "").length > 10)).toEqual([]);
    // Nobody can be struck by nothing: each point has effects on both of its sides.
    const poor = FAULT_POINTS.map(pointName).filter(
      (point) => cells.filter((cell) => cell.point === point && cell.state === "runs").length < 3 * 5,
    );
    expect(poor).toEqual([]);
  });

  test("a rule can be armed exactly where the matrix has a cell that runs", () => {
    const running = new Set(runningPlaces().map(placeName));
    const disagree = matrixPlaces().filter(
      (place) => (checkRule(placeRule(place)) === undefined) !== running.has(placeName(place)),
    );
    expect(disagree.map(placeName)).toEqual([]);
  });

  test("the file of a cell is read as the rule that is tried", () => {
    for (const place of runningPlaces().filter((_, i) => i % 97 === 0)) {
      const loaded = loadExperiment(cellText(place), placeName(place));
      expect(loaded.ok ? loaded.experiment.faults[0]?.rule : loaded.errors).toEqual(placeRule(place));
    }
  });

  test("what a house can run out of is where the contract has an errno for it", () => {
    const needs = { kthread: ["ENOMEM"], memory: ["ENOMEM"], fd: ["EMFILE"], wmem: ["ENOBUFS", "EAGAIN"] } as const;
    for (const [kind, points] of Object.entries(TAKEN) as [keyof typeof TAKEN, readonly (keyof typeof CONTRACT)[]][]) {
      for (const point of points)
        expect([point, CONTRACT[point].errnos.some((errno) => needs[kind].some((one) => one === errno))]).toEqual([
          point,
          true,
        ]);
    }
  });

  test("a cell that the contract allows strikes in simulation, and an event says so: every ninth here, all in the long test", async () => {
    const { names } = await unstruck(
      runningPlaces().filter((_, i) => i % 9 === 0),
      ({ topology }) => createWorld("simulated", { seed: 1n, profile: "documented", topology }),
    );
    expect(names).toEqual([]);
  }, 120_000);

  test("some of them in threads, too", async () => {
    // Such as leave the world as it would be: the next cell finds it in order.
    const mild = ["delay", "bandwidth", "duplicate", "wrong_stage", "stall"];
    const points = ["sys_open", "oob_open_file", "install_inband_fd", "sys_dup"];
    const recipe = recipeFor("sys_open");
    const places = runningPlaces().filter(
      ({ point, effect }) => points.includes(pointName(point)) && mild.includes(effect),
    );
    if (recipe === undefined) throw new Error("there is a recipe");
    const base = recipeExperiment(recipe);
    for (const place of places.filter((_, i) => i % 17 === 0)) {
      const world = await createWorld("embedded", { seed: 1n, profile: "documented", topology: base.topology });
      try {
        expect([...(await strikes(world, base, [placeRule(place, placeName(place))]))]).toEqual([placeName(place)]);
      } finally {
        await world.stop();
      }
    }
  }, 60_000);
});
