import { describe, expect, test } from "@jest/globals";
import { createUnderWay } from "../../services/lab/run/rest.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { eventPen } from "./events.ts";
import { experimentOf, shipped } from "./written.ts";

describe("what is under way", () => {
  test("is every crossing that has begun and not ended, on either side of it", () => {
    const pen = eventPen();
    const underWay = createUnderWay();
    underWay.take(pen("oob_open_file.enter", { span: 1, parent: 9 }));
    underWay.take(pen("oob_open_file.enter", { service: "companion", span: 2, parent: 1 }));
    underWay.take(pen("oob_open_file.exit", { span: 1, parent: 9, lost: "timeout" }));
    expect(underWay.crossings()).toBe(1);
    underWay.take(pen("oob_open_file.exit", { service: "companion", span: 2, parent: 1, ret: 0 }));
    expect(underWay.crossings()).toBe(0);
  });

  test("is nothing in a place that has died", () => {
    const pen = eventPen();
    const underWay = createUnderWay();
    underWay.take(pen("oob_open_file.enter", { service: "companion", span: 2, parent: 1 }));
    underWay.take(pen("place_down", { service: "task", args: { place: "alpha/companion", why: "crash" } }));
    expect(underWay.crossings()).toBe(0);
  });

  test("is a call that a task waits in, with all that belongs to it, which keeps nobody from rest", () => {
    const pen = eventPen();
    const underWay = createUnderWay();
    underWay.take(pen("oob_read.enter", { service: "task", span: 1 }));
    underWay.take(pen("oob_read.enter", { service: "companion", span: 2, parent: 1 }));
    expect([underWay.calls(), underWay.crossings()]).toEqual([1, 0]);
  });

  test("is a frame until it arrives", () => {
    const pen = eventPen();
    const underWay = createUnderWay();
    underWay.take(pen("frame_send", { service: "nic", span: 5, slice: { dev: "eth0", frame: 1 } }));
    expect(underWay.frames()).toBe(1);
    underWay.take(pen("frame_receive", { service: "nic", span: 6, parent: 5, slice: { dev: "eth0", frame: 1 } }));
    expect(underWay.frames()).toBe(0);
  });
});

describe("the end of a run", () => {
  const world = () => createSimulatedWorld({ seed: 1n, profile: "documented" });

  test("is its last event, after everything that happened", async () => {
    const { events } = await runExperiment(shipped("experiments/files/dup-then-close.yaml"), world());
    expect(events.at(-1)).toMatchObject({ point: "run_end", service: "lab", args: { quiet: true, waiting: 0 } });
    expect(events.filter(({ point }) => point === "run_end")).toHaveLength(1);
  });

  test("tells how many calls were left waiting on purpose", async () => {
    const body = `
  workload:
    - { task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR }, as: fd }
    - { task: app, call: oob_attach_thread, with: { cap_sys_nice: true } }
    - { task: app, call: oob_read, with: { fd: $fd, count: 4 }, background: reader, leave: true }
    - { wait: oob_wait }
`;
    const { verdict, events } = await runExperiment(experimentOf(body), world());
    expect(verdict).toBe("pass");
    expect(events.at(-1)).toMatchObject({ point: "run_end", args: { quiet: true, waiting: 1 } });
  });

  test("is not at rest where the budget ended it", async () => {
    const body = `
  budget: { steps: 1 }
  workload:
    - { task: app, call: open, with: { path: /dev/null }, as: fd }
    - { task: app, call: close, with: { fd: $fd } }
`;
    const { verdict, events } = await runExperiment(experimentOf(body), world());
    expect(verdict).toBe("inconclusive");
    expect(events.at(-1)).toMatchObject({ point: "run_end", args: { quiet: false } });
  });
});
