import { describe, expect, test } from "@jest/globals";
import type { Experiment } from "../../services/lab/experiment.ts";
import type { Outcome } from "../../services/lab/run/journal.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { FIRST_TURN, type SweepTurn } from "../../services/lab/run/sweep.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { complaints, experimentOf, shipped } from "./written.ts";

const SHIPPED_SWEEP = "experiments/faults/sweep-socket-refused.yaml";

const SOCKET = `
  workload:
    - { task: app, call: socket, with: { family: AF_INET, type: [SOCK_DGRAM, SOCK_OOB] }, as: s, expect: { any: true } }
    - { task: app, call: bind, with: { fd: $s, addr: "127.0.0.1:7000" }, expect: { any: true } }
`;
const REFUSED = "{ id: refused, point: sock_oob_bind, select: { nth: each }, effect: { abort: { errno: EPERM } } }";

async function turn(experiment: Experiment, sweep: SweepTurn): Promise<Outcome> {
  const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: experiment.topology });
  const outcome = await runExperiment(experiment, world, { sweep });
  await world.stop();
  return outcome;
}

/** All runs of a sweep. */
async function sweep(experiment: Experiment): Promise<Outcome[]> {
  const runs: Outcome[] = [];
  for (let next: SweepTurn | undefined = FIRST_TURN; next !== undefined;) {
    const run: Outcome = await turn(experiment, next);
    runs.push(run);
    const told = run.journal.sweep;
    next = told === undefined || told.over ? undefined : { ...told, nth: told.nth + 1 };
  }
  return runs;
}

describe("a sweep", () => {
  test("strikes one crossing after the other, each in a run of its own, and ends with the run that has none more", async () => {
    const runs = await sweep(shipped(SHIPPED_SWEEP));
    expect(runs.map(({ journal }) => journal.faults[0]?.fired)).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(runs.map(({ verdict }) => verdict)).toEqual(runs.map(() => "pass"));
    expect(runs.map(({ journal }) => journal.sweep?.over)).toEqual([...runs.slice(1).map(() => false), true]);
    const struck = runs.flatMap(({ events }) =>
      events.filter(({ fault, phase }) => fault === "refused" && phase === "exit").map(({ point }) => point),
    );
    expect([...new Set(struck)]).toEqual(["sock_oob_attach", "sock_oob_bind", "sock_oob_connect", "sock_oob_shutdown"]);
    expect(runs.at(-1)?.journal.reasons).toEqual([
      "the sweep ends here: the fault refused has no crossing 7 to strike",
    ]);
    expect(new Set(runs.map(({ journal }) => journal.id)).size).toBe(runs.length);
    expect(runs[2]?.journal.repro.cmd).toContain("--nth 3");
  });

  test("whose fault strikes nothing at all shows nothing", async () => {
    const idle = experimentOf(`
  workload: [{ task: app, call: socket, with: { family: AF_INET, type: SOCK_DGRAM } }]
  faults: [${REFUSED}]
`);
    const [only, ...more] = await sweep(idle);
    expect(only?.verdict).toBe("inconclusive");
    expect(only?.journal.reasons[0]).toBe("the fault refused never fired: sock_oob_bind was never called");
    expect(more).toEqual([]);
  });

  test("has one budget for all its runs, and the run in which it ends shows nothing", async () => {
    const [first, second] = await sweep(experimentOf(`${SOCKET}  faults: [${REFUSED}]\n`));
    const used = first?.journal.sweep?.crossings ?? 0;
    expect(second?.journal.sweep?.crossings).toBeGreaterThan(used);
    const poor = experimentOf(`${SOCKET}  budget: { steps: ${used + 1} }\n  faults: [${REFUSED}]\n`);
    const runs = await sweep(poor);
    expect(runs.map(({ verdict }) => verdict)).toEqual(["pass", "inconclusive"]);
    expect(runs[1]?.journal).toMatchObject({ status: "over-budget", sweep: { over: true } });
  });

  test("is of one fault, in an experiment that is expected to pass; anything else is one line at its place", () => {
    const other = REFUSED.replace("refused", "other").replace("sock_oob_bind", "sock_oob_attach");
    expect(complaints(`${SOCKET}  faults:\n    - ${REFUSED}\n    - ${other}\n`)).toEqual([
      "6:59: spec.faults[1].select.nth: found each, which refused has already, allowed is one fault with nth: each in an experiment; the others have ordinals, a range, or `every`",
    ]);
    const [line, ...more] = complaints(`${SOCKET}  faults: [${REFUSED}]\n  expect: { verdict: fail }\n`);
    expect(line).toContain(
      "spec.expect.verdict: found fail, where a fault has nth: each, allowed is pass or knownFlaky",
    );
    expect(more).toEqual([]);
  });

  test("goes on where a step cannot be made for want of what a struck one should have given", async () => {
    const experiment = experimentOf(`${SOCKET}  faults: [${REFUSED.replace("sock_oob_bind", "sock_oob_attach")}]\n`);
    const { verdict, journal } = await turn(experiment, FIRST_TURN);
    expect(journal.steps[1]).toMatchObject({ status: "ok", note: "$s has no value" });
    expect(verdict).toBe("pass");
  });
});
