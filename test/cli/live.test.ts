import { describe, expect, test } from "@jest/globals";
import { lookOf } from "../../services/cli/look.ts";
import { createLiveTrace } from "../../services/cli/trace/live.ts";
import { drawTrace } from "../../services/cli/trace/view.ts";
import { createRecorder } from "./recorder.ts";
import { sampleTrace } from "./sample.ts";

const look = lookOf({ columns: 140, colour: false, unicode: true });
const live = () => createLiveTrace(look);
const treeOf = (lines: readonly string[]): string[] =>
  lines.map((line) => line.slice(40).replace(/ {2,}\d[\d.]* (ns|µs|ms|s)$/, ""));

function closing() {
  const r = createRecorder();
  r.call("sys_close", 0, { fd: 3 });
  return r.events;
}

describe("a trace while it happens", () => {
  test("a call is shown once it is complete and nothing more came for it", () => {
    const trace = live();
    trace.add(closing());
    expect(trace.tick()).toEqual([]);
    expect(treeOf(trace.tick()).at(-1)).toBe("close(3) = 0");
    expect(trace.tick()).toEqual([]);
    expect(trace.end()).toEqual([]);
  });

  test("what another house hands in a moment later still finds its place", () => {
    const r = createRecorder();
    r.call(
      "sys_dup",
      0,
      { fd: 3 },
      { ending: { ret: 4 }, inside: (span) => r.fact("vfs", "fd_publish", span, { fd: 4 }) },
    );
    const trace = live();
    trace.add(r.events.filter(({ service }) => service === "task"));
    trace.tick();
    trace.add(r.events.filter(({ service }) => service === "vfs"));
    expect(trace.tick()).toEqual([]);
    expect(treeOf(trace.tick()).slice(1)).toEqual(["dup(3) = 4", "└─ fd_publish fd=4"]);
  });

  test("a call that has been open for long is shown as far as it went, and taken up again when it ends", () => {
    const trace = live();
    const events = closing();
    trace.add(events.slice(0, 3));
    const shown = Array.from({ length: 12 }, () => trace.tick()).filter((lines) => lines.length > 0);
    expect(shown.map((lines) => treeOf(lines).at(-1))).toEqual(["close(3) = …"]);
    trace.add(events.slice(3));
    trace.tick();
    expect(treeOf(trace.tick())).toEqual(["… close(3) = 0"]);
  });

  test("at the end everything is shown, also what never ended", () => {
    const trace = live();
    trace.add(sampleTrace());
    expect(trace.end()).toEqual(drawTrace(sampleTrace(), look));
  });

  test("the header comes once", () => {
    const trace = live();
    trace.add(closing());
    trace.tick();
    const first = trace.tick();
    trace.add(closing());
    trace.tick();
    const second = trace.tick();
    expect(first[0]).toContain("seconds");
    expect(second.join()).not.toContain("seconds");
  });

  test("facts outside of every call are shown too, each once", () => {
    const r = createRecorder();
    r.fact("vfs", "boot", 0, {}, { houses: 2 });
    r.fact("vfs", "boot", 0, {}, { houses: 3 });
    const trace = live();
    trace.add(r.events);
    trace.tick();
    expect(treeOf(trace.tick()).slice(1)).toEqual(["boot task=app houses=2", "boot task=app houses=3"]);
    expect(trace.end()).toEqual([]);
  });

  test("a flood is counted, not printed", () => {
    const r = createRecorder();
    for (let i = 0; i < 3000; i++) r.call("sys_close", 0, { fd: i });
    const trace = live();
    trace.add(r.events);
    const lines = [...trace.tick(), ...trace.tick()];
    expect(lines.length).toBeLessThan(1100);
    expect(lines).toContain("… 8000 events came too fast to be shown");
    trace.add(closing());
    expect(trace.end().length).toBe(1);
  });
});
