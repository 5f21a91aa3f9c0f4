import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { lookOf, widthOf } from "../../services/cli/look.ts";
import { drawTrace } from "../../services/cli/trace/view.ts";
import { createRecorder, sampleTrace } from "./recorder.ts";

const draw = (events: readonly TraceEvent[], columns = 80, unicode = true): string[] =>
  drawTrace(events, lookOf({ columns, colour: false, unicode }));

/** The lines without the columns on the left, for what only the tree decides. */
const tree = (events: readonly TraceEvent[], columns = 140): string[] =>
  draw(events, columns)
    .slice(1)
    .map((line) => line.slice(40).replace(/ {2,}\d[\d.]* (ns|µs|ms|s)$/, ""));

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

describe("flags, commands and data in words", () => {
  const said = (...call: Parameters<ReturnType<typeof createRecorder>["call"]>): string => {
    const r = createRecorder();
    r.call(...call);
    return tree(r.events).join("\n");
  };

  test.each([
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 1030, arg: 10 }, { ending: { ret: 10 }, gives: { value: 10 } }),
      "fcntl(3, F_DUPFD_CLOEXEC, 10) = 10",
    ],
    [said("sys_fcntl", 0, { fd: 3, cmd: 2, arg: 1 }), "fcntl(3, F_SETFD, FD_CLOEXEC) = 0"],
    [said("sys_fcntl", 0, { fd: 3, cmd: 4, arg: 0o4000 }), "fcntl(3, F_SETFL, O_NONBLOCK) = 0"],
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 1, arg: 0 }, { ending: { ret: 1 }, gives: { value: 1 } }),
      "fcntl(3, F_GETFD) = FD_CLOEXEC",
    ],
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 3, arg: 0 }, { ending: { ret: 2 }, gives: { value: 2 } }),
      "fcntl(3, F_GETFL) = O_RDWR",
    ],
    [
      said("sys_dup3", 0, { fd: 3, newfd: 7, flags: 0o2000000 }, { ending: { ret: 7 }, gives: { fd: 7 } }),
      "dup3(3, 7, O_CLOEXEC) = 7",
    ],
    [
      said("sys_close_range", 0, { first: 3, last: 0xffffffff, flags: 6 }, { gives: { files: 2 } }),
      "close_range(3, ~0U, CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC) = 0 files=2",
    ],
    [said("sys_ioctl", 0, { fd: 3, cmd: 0x6502, arg: 0 }), "ioctl(3, ECHO_IOC_FLUSH, 0) = 0"],
    [
      said("oob_ioctl", 0, { fd: 3, cmd: 0x5401, arg: 0 }, { ending: { ret: -25 } }),
      "oob_ioctl(3, 0x5401, 0) = -ENOTTY",
    ],
    [
      said("oob_poll", 0, { fd: 3, events: 5, timeout_ns: 0 }, { ending: { ret: 32 }, gives: { revents: 32 } }),
      "oob_poll(3, POLLIN|POLLOUT, forever) = POLLNVAL",
    ],
    [
      said(
        "sys_fork",
        0,
        { child: "kid", flags: 0x400 },
        { ending: { ret: 2 }, gives: { pid: 2, files: 1, child: "kid" } },
      ),
      "fork(kid, CLONE_FILES) = 2 files=1",
    ],
    [said("sys_exit", 0, { reaper: "" }), "exit() = 0"],
    [
      said(
        "netif_deliver_oob",
        0,
        { dev: "eth0", frame: 7, data: "\x1b[2J" },
        { ending: { ret: 1 }, gives: { taken: true } },
      ),
      'netif_deliver_oob(dev="eth0", frame=7, data="\\u001b[2J") = true',
    ],
  ])("%s", (line, wanted) => {
    expect(line).toBe(wanted);
  });

  test("no text from outside can steer the terminal", () => {
    const r = createRecorder();
    r.call("sys_open", 0, { path: "/dev/\x1b]0;title\x07\x9b31m\u202e", flags: 0 });
    r.fact("vfs", "task_create", 0, { task: "a\x1b[31m" });
    const text = draw(r.events, 140).join("\n");
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
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

describe("calls that lie between each other", () => {
  /** Two roots; the second begins and acts while the first is silent, or not. */
  function two(second: number): TraceEvent[] {
    const r = createRecorder();
    const a = r.span();
    const deep = r.span();
    r.begin(a);
    r.side(
      "task",
      "oob_read",
      "enter",
      { span: a, parent: 0, stage: "oob", slice: { task: "reader" } },
      { fd: 3, count: 8 },
    );
    r.side("companion", "oob_read", "enter", { span: deep, parent: a, stage: "oob" }, { fd: 3, count: 8 });
    for (let i = 0; i < second; i++) r.call("sys_close", 0, { fd: 10 + i });
    r.begin(a);
    r.side("companion", "oob_read", "exit", { span: deep, parent: a, stage: "oob" }, {}, { ret: -43 });
    r.side(
      "task",
      "oob_read",
      "exit",
      { span: a, parent: 0, stage: "oob", slice: { task: "reader" } },
      {},
      { ret: -43 },
    );
    return r.events;
  }

  test("a call that blocks is broken off, and taken up again where it ended", () => {
    expect(tree(two(1))).toEqual(["oob_read(3, 8) = …", "close(10) = 0", "… oob_read(3, 8) = -EIDRM"]);
  });

  test("a call that was not disturbed stays whole", () => {
    expect(tree(two(0))).toEqual(["oob_read(3, 8) = -EIDRM"]);
  });

  test("who wakes another stands before what the other then does, though it is not done itself", () => {
    const r = createRecorder();
    const [read, reading] = [r.span(), r.span()];
    const oob = { stage: "oob" as const, slice: { task: "reader" } };
    r.begin(read);
    r.side("task", "oob_read", "enter", { span: read, parent: 0, ...oob }, { fd: 3, count: 8 });
    r.side("companion", "oob_read", "enter", { span: reading, parent: read, ...oob }, { fd: 3, count: 8 });
    r.call(
      "sys_write",
      0,
      { fd: 3, data: "x" },
      {
        gives: { count: 1 },
        ending: { ret: 1 },
        inside: (span) => {
          const write = r.events.at(-1)?.trace ?? 0;
          r.call(
            "oob_driver_io",
            span,
            { file: 1, oob_data: 1, operation: "write", data: "x" },
            { gives: { value: 1 }, ending: { ret: 1 } },
          );
          r.begin(read);
          r.side("companion", "oob_read", "exit", { span: reading, parent: read, ...oob }, { data: "x" }, { ret: 1 });
          r.side("task", "oob_read", "exit", { span: read, parent: 0, ...oob }, { data: "x" }, { ret: 1 });
          r.begin(write);
        },
      },
    );
    expect(tree(r.events)).toEqual([
      "oob_read(3, 8) = …",
      'write(3, "x") = 1',
      '└─ oob_driver_io(file=1, oob_data=1, operation=write, data="x") = 1',
      '… oob_read(3, 8) = 1 "x"',
    ]);
  });

  test("calls that overlap a little are drawn one after the other", () => {
    const r = createRecorder();
    const [a, b] = [r.span(), r.span()];
    const side = (span: number, phase: "enter" | "exit", fd: number): void => {
      r.begin(span);
      r.side(
        "task",
        "sys_close",
        phase,
        { span, parent: 0, slice: { task: `t${fd}` } },
        phase === "enter" ? { fd } : {},
        phase === "exit" ? { ret: 0 } : {},
      );
    };
    side(a, "enter", 1);
    side(b, "enter", 2);
    side(a, "exit", 1);
    side(b, "exit", 2);
    expect(tree(r.events)).toEqual(["close(1) = 0", "close(2) = 0"]);
  });

  test("a nested call that blocks is taken up again under its parents", () => {
    const r = createRecorder();
    const [close, closing, release, releasing] = [r.span(), r.span(), r.span(), r.span()];
    r.begin(close);
    r.side("task", "sys_close", "enter", { span: close, parent: 0, slice: { task: "app" } }, { fd: 3 });
    r.side("vfs", "sys_close", "enter", { span: closing, parent: close }, { fd: 3 });
    r.side("vfs", "oob_release_file", "enter", { span: release, parent: closing }, { file: 1, oob_data: 1 });
    r.side("companion", "oob_release_file", "enter", { span: releasing, parent: release }, { file: 1, oob_data: 1 });
    r.call("oob_poll", 0, { fd: 9, events: 1, timeout_ns: 0 }, { stage: "oob", ending: { ret: -9 } });
    r.begin(close);
    r.fact("companion", "efile_free", releasing, { file: 1 });
    r.side("companion", "oob_release_file", "exit", { span: releasing, parent: release }, {}, { ret: 0 });
    r.side("vfs", "oob_release_file", "exit", { span: release, parent: closing }, {}, { ret: 0 });
    r.side("vfs", "sys_close", "exit", { span: closing, parent: close }, {}, { ret: 0 });
    r.side("task", "sys_close", "exit", { span: close, parent: 0, slice: { task: "app" } }, {}, { ret: 0 });
    expect(tree(r.events)).toEqual([
      "close(3) = …",
      "└─ oob_release_file(file=1, oob_data=1) = …",
      "oob_poll(9, POLLIN, forever) = -EBADF",
      "… close(3) = 0",
      "└─ … oob_release_file(file=1, oob_data=1)",
      "   └─ efile_free file=1",
    ]);
  });

  test("a trace that lost its beginning is still drawn", () => {
    const events = sampleTrace().slice(7);
    expect(tree(events)[0]).toBe("oob_open_file(…) = 1");
  });
});

const NARROW = ` seconds  service      stage
0.000013  task app     in  open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3  15 µs
0.000015  vfs          in  ├─ fd_reserve fd=3 files=1
0.000016  vfs          in  ├─ oob_open_file(file=1, dev="/dev/oobecho", fl…) = 1
0.000018  companion    in  │  └─ crossing_open file=1
0.000021  vfs          in  ├─ install_inband_fd(fd=3, file=1, oo…)  🔒 file_lock
0.000023  companion    in  │  └─ index_add fd=3 files=1 file=1 oob_data=1
0.000026  vfs          in  └─ fd_publish fd=3 files=1  🔒
0.000029  task app     in  dup(3) = 4  1 s
0.000031  vfs          in  └─ install_inband_fd(fd=4, file=1, oob_data=1, file…)
                                ⚡ lose-install  🔒 file_lock
0.000033  companion    in     ├─ index_add fd=4 files=1 file=1 oob_data=1
1.000035  vfs          in     ├─ retry after=timeout
1.000036  companion    in     └─ repeated id=2
1.000040  task app     in  oob_attach_thread(cap_sys_nice=true) = 0  3 µs
1.000044  task app     oob oob_write(4, "hello, out there") = 16  4 µs
1.000046  companion    in  └─ echo_put file=1 bytes=16 held=16
1.000049  task app     oob oob_read(4, 64) = 16 "hello, out there"  3 µs
1.000053  task reader  oob oob_read(3, 64) = …
1.000055  companion    in  └─ oob_sleep file=1 for=data
1.000306  task app     in  write(3, "wake up") = 7  8 µs
1.000308  vfs          in  └─ oob_driver_io(file=1, oob_data=1, operation=…) = 7
1.000310  companion    in     └─ oob_wake file=1 task=reader
1.000316  task reader  oob … oob_read(3, 64) = 7 "wake up"  263 µs
1.000317  task app     in  dup2(1, 4) = 4  13 µs
1.000319  vfs          in  ├─ uninstall_inband_fd(fd=4, file=1, oob_data=1, fi…)
                           │    ⚡ twice  companion acted 2 times  🔒 file_lock
1.000325  vfs          in  └─ replace_inband_fd(fd=4, file=9, oob_data=0,…)  🔒
1.000331  task app     in  open("/dev/oobecho", O_RDWR) = -ENOMEM  5 µs
1.000333  vfs          in  └─ oob_open_file(file=2, dev="/dev/oobech…) = -ENOMEM
                                ⚡ no-memory
1.000337  task app     in  open("/dev/oobecho", O_RDWR) = -EIO  1 s
1.000339  vfs          in  └─ oob_open_file(file=3, dev="/dev/…) = lost(timeout)
                                ⚡ silence
                                companion acted; its answer never came
2.000345  task app     in  exit(init) = …
2.000347  vfs          in  ├─ inband_event_notify(event=task_e…) = lost(timeout)
                           │    ⚡ deaf  never reached companion
3.000349  vfs          in  ├─ uninstall_inband_fd(fd=3, file=1, oob_data=1, fi…)
                           │    in init's context
3.000351  companion    in  │  └─ index_remove fd=3 files=1 file=1
3.000354  vfs          in  └─ oob_release_file(file=1, oob_data=1) = …
                                in init's context`;

const WIDE = ` seconds  caller → answers          stage                                                                                               took
0.000013  task app → vfs            in  open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3                                                     15 µs
0.000015  vfs                       in  ├─ fd_reserve fd=3 files=1
0.000016  vfs → companion           in  ├─ oob_open_file(file=1, dev="/dev/oobecho", flags=O_RDWR|O_CLOEXEC) = 1                        4 µs
0.000018  companion                 in  │  └─ crossing_open file=1
0.000021  vfs → companion           in  ├─ install_inband_fd(fd=3, file=1, oob_data=1, files=1)  🔒 files.file_lock:1                   4 µs
0.000023  companion                 in  │  └─ index_add fd=3 files=1 file=1 oob_data=1
0.000026  vfs                       in  └─ fd_publish fd=3 files=1  🔒
0.000029  task app → vfs            in  dup(3) = 4                                                                                       1 s
0.000031  vfs → companion           in  └─ install_inband_fd(fd=4, file=1, oob_data=1, fil…)  ⚡ lose-install  🔒 files.file_lock:1      1 s
0.000033  companion                 in     ├─ index_add fd=4 files=1 file=1 oob_data=1
1.000035  vfs                       in     ├─ retry after=timeout
1.000036  companion                 in     └─ repeated id=2
1.000040  task app → companion      in  oob_attach_thread(cap_sys_nice=true) = 0                                                        3 µs
1.000044  task app → companion      oob oob_write(4, "hello, out there") = 16                                                           4 µs
1.000046  companion                 in  └─ echo_put file=1 bytes=16 held=16
1.000049  task app → companion      oob oob_read(4, 64) = 16 "hello, out there"                                                         3 µs
1.000053  task reader → companion   oob oob_read(3, 64) = …
1.000055  companion                 in  └─ oob_sleep file=1 for=data
1.000306  task app → vfs            in  write(3, "wake up") = 7                                                                         8 µs
1.000308  vfs → companion           in  └─ oob_driver_io(file=1, oob_data=1, operation=write, data="wake up") = 7                       4 µs
1.000310  companion                 in     └─ oob_wake file=1 task=reader
1.000316  task reader → companion   oob … oob_read(3, 64) = 7 "wake up"                                                               263 µs
1.000317  task app → vfs            in  dup2(1, 4) = 4                                                                                 13 µs
1.000319  vfs → companion           in  ├─ uninstall_inband_fd(fd=4, file=1, oob_data=1, files=1)                                       5 µs
                                        │    ⚡ twice  companion acted 2 times  🔒 files.file_lock:1
1.000325  vfs → companion           in  └─ replace_inband_fd(fd=4, file=9, oob_data=0, files=1)  🔒                                     3 µs
1.000331  task app → vfs            in  open("/dev/oobecho", O_RDWR) = -ENOMEM                                                          5 µs
1.000333  vfs → companion           in  └─ oob_open_file(file=2, dev="/dev/oobecho", flags=O_RDWR) = -ENOMEM  ⚡ no-memory              1 µs
1.000337  task app → vfs            in  open("/dev/oobecho", O_RDWR) = -EIO                                                              1 s
1.000339  vfs → companion           in  └─ oob_open_file(file=3, dev="/dev/oobecho", flags=O_RDWR) = lost(timeout)                       1 s
                                             ⚡ silence  companion acted; its answer never came
2.000345  task app → vfs            in  exit(init) = …
2.000347  vfs → companion           in  ├─ inband_event_notify(event=task_exit,…) = lost(timeout)  ⚡ deaf  never reached companion      1 s
3.000349  vfs → companion           in  ├─ uninstall_inband_fd(fd=3, file=1, oob_data=1, files=1)  in init's context                    4 µs
3.000351  companion                 in  │  └─ index_remove fd=3 files=1 file=1
3.000354  vfs → companion           in  └─ oob_release_file(file=1, oob_data=1) = …  in init's context`;
