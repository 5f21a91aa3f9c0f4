import { describe, expect, test } from "@jest/globals";
import { lookOf, widthOf } from "../../services/cli/look.ts";
import { drawTrace } from "../../services/cli/trace/view.ts";
import { draw, tree } from "./drawing.ts";
import { createRecorder } from "./recorder.ts";
import { NARROW, sampleTrace, WIDE } from "./sample.ts";

describe("a trace as a tree", () => {
  test("on a narrow terminal it fits, and says what matters", () => {
    expect(draw(sampleTrace()).join("\n")).toBe(NARROW);
  });

  test("on a wide terminal it also says who answers and how long it took", () => {
    expect(draw(sampleTrace(), 140).join("\n")).toBe(WIDE);
  });

  test("without Unicode it is drawn with ASCII alone", () => {
    const lines = draw(sampleTrace(), 80, false).join("\n");
    expect(lines).toMatch(/^[\x20-\x7e\n]*$/);
    expect(lines).toContain("|- install_inband_fd(");
    expect(lines).toContain("`- fd_publish");
    expect(lines).toContain("!! lose-install");
    expect(lines).toContain("lock file_lock");
    expect(lines).toContain("15 us");
  });

  test.each([60, 72, 80, 100, 120, 140, 200])("no line is wider than %i columns", (columns) => {
    for (const unicode of [true, false]) {
      const widest = Math.max(...draw(sampleTrace(), columns, unicode).map(widthOf));
      expect(widest).toBeLessThanOrEqual(columns);
    }
  });

  test("colours change nothing but the colours", () => {
    const painted = drawTrace(sampleTrace(), lookOf({ columns: 100, colour: true, unicode: true }));
    const bare = painted.map((line) => line.replace(/\x1b\[\d+m/g, ""));
    expect(painted.join("")).toContain("\x1b[31m");
    expect(bare).toEqual(draw(sampleTrace(), 100));
  });

  test("the order in which the houses handed in their events does not matter", () => {
    const events = sampleTrace();
    const byHouse = [...events].sort((a, b) => (a.service < b.service ? -1 : 1));
    expect(draw(byHouse)).toEqual(draw(events));
    expect(draw([...events].reverse())).toEqual(draw(events));
  });

  test("nothing is said to be nothing", () => {
    expect(draw([])).toEqual(["nothing happened: no event was recorded"]);
  });
});

describe("how a call ended", () => {
  const one = (script: Parameters<ReturnType<typeof createRecorder>["call"]>[3]): string[] => {
    const r = createRecorder();
    r.call("inband_event_notify", 0, { event: "task_exit", subject: "app" });
    r.call("oob_open_file", 0, { file: 1, dev: "/dev/oobecho", flags: 2 }, script);
    return tree(r.events).slice(1);
  };

  test("a refusal shows its errno", () => {
    expect(one({ ending: { ret: -12 } })).toEqual([
      'oob_open_file(file=1, dev="/dev/oobecho", flags=O_RDWR) = -ENOMEM',
    ]);
  });

  test("a call that has not ended says so", () => {
    expect(one({ open: true })).toEqual(['oob_open_file(file=1, dev="/dev/oobecho", flags=O_RDWR) = …']);
  });

  test("a lost request never reached the other house", () => {
    expect(one({ acts: 0, ending: { lost: "timeout" } }).join(" ")).toMatch(
      /= lost\(timeout\) +never reached companion$/,
    );
  });

  test("after a lost reply the other house has acted", () => {
    expect(one({ ending: { lost: "timeout" } }).join(" ")).toMatch(
      /= lost\(timeout\) +companion acted; its answer never came$/,
    );
  });

  test("of a house that records nothing, nobody says what it did", () => {
    const r = createRecorder();
    r.call("oob_open_file", 0, { file: 1, dev: "/dev/x", flags: 2 }, { acts: 0, ending: { lost: "unreachable" } });
    expect(tree(r.events)).toEqual(['oob_open_file(file=1, dev="/dev/x", flags=O_RDWR) = lost(unreachable)']);
  });

  test("where nobody overrides a hook, the weak definition answered", () => {
    expect(one({ acts: 0, ending: { ret: 0 } })[0]).toMatch(/= 0 {2}weak default$/);
  });

  test("a system call that nobody serves has no weak definition to speak of", () => {
    const r = createRecorder();
    r.call("sys_close", 0, { fd: 3 });
    r.call("sys_prlimit", 0, { nofile: 8 }, { acts: 0 });
    expect(tree(r.events)[1]).toBe("prlimit(8) = 0");
  });

  test("a call that was made twice names the rule and both acts", () => {
    const [line = "", more = ""] = one({ acts: 2, gives: { oob_data: 1 }, ending: { ret: 0, fault: "twice" } });
    expect(line + more).toMatch(/= 1 +⚡ twice {2}companion acted 2 times/);
  });

  test("a hook that returns nothing shows no result", () => {
    const r = createRecorder();
    r.call("replace_inband_fd", 0, { fd: 4, file: 9, oob_data: 0, files: 1 });
    expect(tree(r.events)).toEqual(["replace_inband_fd(fd=4, file=9, oob_data=0, files=1)"]);
  });

  test("why the road failed is told in its own words", () => {
    const r = createRecorder();
    r.call("oob_open_file", 0, { file: 1, dev: "d", flags: 2 }, { acts: 0, ending: { lost: "garbled" }, gives: {} });
    const exit = r.events.at(-1);
    const events = [
      ...r.events.slice(0, -1),
      ...(exit === undefined ? [] : [{ ...exit, args: { reason: "field 3 is no number" } }]),
    ];
    expect(tree(events).join(" ")).toContain("= lost(garbled)  field 3 is no number");
  });
});

describe("locks, tasks and time", () => {
  const lock = ["files.file_lock:1"];

  test("a lock is named once where it is taken, and marked as long as it stays", () => {
    const r = createRecorder();
    r.call(
      "sys_dup2",
      0,
      { fd: 1, newfd: 4 },
      {
        ending: { ret: 4 },
        inside: (span) => {
          r.fact("vfs", "fd_reserve", span, { fd: 4 });
          r.fact("vfs", "fd_publish", span, { fd: 4 }, {}, lock);
          r.call(
            "replace_inband_fd",
            span,
            { fd: 4 },
            { locks: lock, inside: (deep) => r.fact("companion", "index_add", deep, { fd: 4 }, {}, lock) },
          );
          r.fact("vfs", "file_release", span, { file: 1 });
          r.fact("vfs", "fd_clear", span, { fd: 4 }, {}, lock);
        },
      },
    );
    expect(tree(r.events).slice(1)).toEqual([
      "├─ fd_reserve fd=4",
      "├─ fd_publish fd=4  🔒 files.file_lock:1",
      "├─ replace_inband_fd(fd=4)  🔒",
      "│  └─ index_add fd=4",
      "├─ file_release file=1",
      "└─ fd_clear fd=4  🔒 files.file_lock:1",
    ]);
  });

  test("work in another task's context shows whose", () => {
    const r = createRecorder();
    r.call(
      "sys_exit",
      0,
      { reaper: "init" },
      {
        inside: (span) =>
          r.call("uninstall_inband_fd", span, { fd: 3, file: 1, oob_data: 1, files: 1 }, { task: "init" }),
      },
    );
    expect(tree(r.events)[1]).toBe("└─ uninstall_inband_fd(fd=3, file=1, oob_data=1, files=1)  in init's context");
  });

  test("a fact about another task names it", () => {
    const r = createRecorder();
    r.call(
      "sys_spawn",
      0,
      { name: "kid" },
      { inside: (span) => r.fact("vfs", "task_create", span, { files: 2 }, { pid: 5 }, [], "kid") },
    );
    expect(tree(r.events)[1]).toBe("└─ task_create files=2 task=kid pid=5");
  });

  test("a broken contract and a lock taken in the wrong order stand out", () => {
    const r = createRecorder();
    r.call(
      "sys_dup",
      0,
      { fd: 3 },
      { inside: (span) => r.fact("vfs", "lock_order", span, {}, { lock: "b:1", held: "a:1", chain: "sys_dup > x" }) },
    );
    const painted = drawTrace(r.events, lookOf({ columns: 140, colour: true, unicode: true })).join("\n");
    expect(painted).toContain("\x1b[31mlock_order\x1b[39m");
  });

  test("what a slow house did early comes before what a busy one did late", () => {
    const r = createRecorder();
    r.call(
      "sys_dup",
      0,
      { fd: 3 },
      {
        ending: { ret: 4 },
        inside: (span) =>
          r.call(
            "install_inband_fd",
            span,
            { fd: 4, file: 1, oob_data: 1, files: 1 },
            {
              inside: (deep) => r.fact("companion", "index_add", deep, { fd: 4 }),
              beside: (own) => {
                r.wait(1e9);
                r.fact("vfs", "retry", own, { fd: 4 }, { after: "timeout" });
              },
            },
          ),
      },
    );
    // The caller never heard from the core meanwhile, so its stamps stayed low.
    const events = r.events.map((event) =>
      event.point === "index_add" ? { ...event, lamport: event.lamport + 100 } : event,
    );
    const lines = tree(events);
    expect(lines.findIndex((line) => line.includes("index_add"))).toBeLessThan(
      lines.findIndex((line) => line.includes("retry")),
    );
  });
});
