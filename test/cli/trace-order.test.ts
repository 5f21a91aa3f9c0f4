import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { lookOf } from "../../services/cli/look.ts";
import { drawTrace } from "../../services/cli/trace/view.ts";
import { tree } from "./drawing.ts";
import { createRecorder } from "./recorder.ts";
import { sampleTrace } from "./sample.ts";

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

  test("it does not matter that the other call began before the silence, only that it began later", () => {
    const r = createRecorder();
    const [read, reading, close, closing] = [r.span(), r.span(), r.span(), r.span()];
    const oob = { stage: "oob" as const, slice: { task: "reader" } };
    r.begin(read);
    r.side("task", "oob_read", "enter", { span: read, parent: 0, ...oob }, { fd: 3, count: 8 });
    r.begin(close);
    r.side("task", "sys_close", "enter", { span: close, parent: 0, slice: { task: "app" } }, { fd: 3 });
    r.begin(read);
    r.side("companion", "oob_read", "enter", { span: reading, parent: read, ...oob }, { fd: 3, count: 8 });
    r.fact("companion", "oob_wait", reading, { file: 1 }, {}, [], "reader");
    r.begin(close);
    r.side("vfs", "sys_close", "enter", { span: closing, parent: close }, { fd: 3 });
    r.call("uninstall_inband_fd", closing, { fd: 3, file: 1, oob_data: 1, files: 1 });
    r.begin(read);
    r.side("companion", "oob_read", "exit", { span: reading, parent: read, ...oob }, {}, { ret: -43 });
    r.side("task", "oob_read", "exit", { span: read, parent: 0, ...oob }, {}, { ret: -43 });
    r.begin(close);
    r.side("vfs", "sys_close", "exit", { span: closing, parent: close }, {}, { ret: 0 });
    r.side("task", "sys_close", "exit", { span: close, parent: 0, slice: { task: "app" } }, {}, { ret: 0 });
    expect(tree(r.events)).toEqual([
      "oob_read(3, 8) = …",
      "└─ oob_wait file=1",
      "close(3) = 0",
      "└─ uninstall_inband_fd(fd=3, file=1, oob_data=1, files=1)",
      "… oob_read(3, 8) = -EIDRM",
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

  test("the call that began later is not broken off for the one that began earlier", () => {
    const r = createRecorder();
    const [dup, dupping, close] = [r.span(), r.span(), r.span()];
    r.begin(dup);
    r.side("task", "sys_dup", "enter", { span: dup, parent: 0, slice: { task: "a" } }, { fd: 1 });
    r.begin(close);
    r.side("task", "sys_close", "enter", { span: close, parent: 0, slice: { task: "b" } }, { fd: 2 });
    r.begin(dup);
    r.side("vfs", "sys_dup", "enter", { span: dupping, parent: dup }, { fd: 1 });
    r.call("install_inband_fd", dupping, { fd: 3, file: 1, oob_data: 1, files: 1 }, { task: "a" });
    r.begin(close);
    r.side("task", "sys_close", "exit", { span: close, parent: 0, slice: { task: "b" } }, {}, { ret: 0 });
    expect(tree(r.events)).toEqual([
      "dup(1) = …",
      "└─ install_inband_fd(fd=3, file=1, oob_data=1, files=1)",
      "close(2) = 0",
    ]);
  });

  test("a time that goes back stands out: it happened meanwhile", () => {
    const r = createRecorder();
    const [a, b] = [r.span(), r.span()];
    r.begin(a);
    r.side("task", "sys_dup", "enter", { span: a, parent: 0, slice: { task: "a" } }, { fd: 1 });
    r.begin(b);
    r.side("task", "sys_close", "enter", { span: b, parent: 0, slice: { task: "b" } }, { fd: 2 });
    r.begin(a);
    r.fact("vfs", "fd_publish", a, { fd: 3 });
    r.begin(b);
    r.side("task", "sys_close", "exit", { span: b, parent: 0, slice: { task: "b" } }, {}, { ret: 0 });
    const [, dup, publish, close] = drawTrace(r.events, lookOf({ columns: 140, colour: true, unicode: true }));
    const yellow = [dup, publish, close].map((line) => line?.startsWith("\x1b[33m"));
    expect(yellow).toEqual([false, false, true]);
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
