import { describe, expect, test } from "@jest/globals";
import { firstDifferingEvent } from "../../services/lab/determinism.ts";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import { eventToLine, lineToEvent } from "../../services/lab/trace-file.ts";
import { eventPen } from "./events.ts";

const event = eventPen();
const call = event("sys_close.enter", { service: "task", span: 1, slice: { files: 1, fd: 3, task: "app" } });
const hook = event("uninstall_inband_fd.enter", {
  span: 3,
  parent: 2,
  slice: { files: 1, fd: 3, file: 7, task: "app" },
  locks: ["files.file_lock:1"],
});
const gone = event("index_remove", { service: "companion", span: 4, parent: 3, slice: { files: 1, fd: 3, file: 7 } });
const back = event("uninstall_inband_fd.exit", {
  span: 3,
  parent: 2,
  slice: { files: 1, fd: 3, file: 7, task: "app" },
  lost: "timeout",
  fault: "f1",
});
const done = event("sys_close.exit", { service: "task", span: 1, slice: { files: 1, fd: 3, task: "app" }, ret: -9 });
const events = [call, hook, gone, back, done];

describe("the order of each slice", () => {
  test("tells of every thing what happened to it, with results and without times", () => {
    expect(Object.fromEntries(sliceOrders(events))).toEqual({
      "file=7": [
        "vfs:uninstall_inband_fd.enter",
        "companion:index_remove",
        "vfs:uninstall_inband_fd.exit(lost timeout)",
      ],
      "files=1,fd=3": [
        "task:sys_close.enter",
        "task:sys_close.exit(-9 EBADF)",
        "vfs:uninstall_inband_fd.enter",
        "companion:index_remove",
        "vfs:uninstall_inband_fd.exit(lost timeout)",
      ],
      "task=app": [
        "task:sys_close.enter",
        "task:sys_close.exit(-9 EBADF)",
        "vfs:uninstall_inband_fd.enter",
        "vfs:uninstall_inband_fd.exit(lost timeout)",
      ],
    });
  });

  test("says of what is not alpha's which node it is of, and takes sockets for things, devices and frames not", () => {
    const pen = eventPen();
    const orders = sliceOrders([
      pen("frame_send", { service: "nic", slice: { dev: "eth0", frame: 7 } }),
      pen("frame_receive", { node: "beta", service: "nic", slice: { dev: "eth0", frame: 7 } }),
      pen("inband_bind", { node: "beta", service: "inband", slice: { sk: 3, task: "app" } }),
    ]);
    expect(Object.fromEntries(orders)).toEqual({
      "beta/sk=3": ["inband:inband_bind"],
      "beta/task=app": ["inband:inband_bind"],
    });
  });

  test("is the same whatever the stamps and times are, where nothing orders the events", () => {
    const pen = eventPen();
    const pair = (a: number, b: number) => [
      pen("fd_clear", { service: "vfs", lamport: a, slice: { file: 1 } }),
      pen("index_add", { service: "companion", lamport: b, slice: { file: 1 } }),
    ];
    expect(firstDifference(sliceOrders(pair(1, 2)), sliceOrders(pair(2, 1)))).toBeUndefined();
  });

  test("differs where something happened in another order, and says where", () => {
    const other = sliceOrders(
      [call, { ...hook, seq: 9 }, gone, { ...back, seq: 8 }, done].map((one) => ({ ...one, parent: 0 })),
    );
    const difference = firstDifference(sliceOrders(events), other);
    expect(difference).toMatchObject({ slice: "file=7", a: "vfs:uninstall_inband_fd.enter" });
    expect(difference?.text).toContain("\n  b ");
  });

  test("differs where a slice ends earlier, or is not there", () => {
    const a = new Map([["file=1", ["x", "y"]]]);
    expect(firstDifference(a, new Map([["file=1", ["x"]]]))).toMatchObject({
      slice: "file=1",
      at: 1,
      a: "y",
      b: undefined,
    });
    expect(firstDifference(new Map(), a)).toMatchObject({ at: 0, a: undefined, b: "x" });
    expect(firstDifference(a, new Map([["file=1", ["x", "y"]]]))).toBeUndefined();
  });
});

describe("two traces of one seed", () => {
  const lines = events.map(eventToLine);

  test("are the same byte for byte, or differ first in one event", () => {
    expect(firstDifferingEvent(lines, [...lines])).toBeUndefined();
    const other = lines.map((line, i) => (i === 2 ? line.replace('"lamport":3', '"lamport":4') : line));
    expect(firstDifferingEvent(lines, other)).toMatchObject({ at: 2, a: lines[2], b: other[2] });
    expect(firstDifferingEvent(lines, other)?.text).toBe(
      [`event 3 of 5 and 5:`, `    ${lines[0]}`, `    ${lines[1]}`, `  a ${lines[2]}`, `  b ${other[2]}`].join("\n"),
    );
  });

  test("differ where one of them ends", () => {
    expect(firstDifferingEvent(lines, lines.slice(0, 4))).toMatchObject({ at: 4, b: undefined });
  });
});

describe("an event on one line", () => {
  test("has its keys in the order of the design, spans as hexadecimal digits, and no key without a value", () => {
    expect(eventToLine(hook)).toBe(
      '{"seq":1,"lamport":2,"timeNs":200,"node":"alpha","service":"vfs","stage":"inband","point":"uninstall_inband_fd",' +
        '"phase":"enter","span":"0000000000000003","parent":"0000000000000002","trace":"0000000000000001",' +
        '"slice":{"files":1,"fd":3,"file":7,"task":"app"},"args":{},"locks":["files.file_lock:1"]}',
    );
  });

  test("is read back as it was", () => {
    for (const one of [...events, { ...hook, span: 2 ** 52 + 1, args: { data: "é\n", taken: true } }]) {
      expect(lineToEvent(eventToLine(one))).toEqual({ ok: true, event: one });
    }
  });

  test("that is none is refused with the reason", () => {
    expect(lineToEvent("{")).toEqual({ ok: false, reason: "it is no JSON" });
    expect(lineToEvent("[]")).toMatchObject({ ok: false, reason: expect.stringMatching(/^the line: /) });
    expect(lineToEvent(eventToLine(hook).replace('"seq":1', '"seq":"1"'))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^seq: /),
    });
    expect(lineToEvent(eventToLine(hook).replace("0000000000000003", "3"))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^span: /),
    });
    expect(lineToEvent(eventToLine(hook).replace('"seq"', '"x":1,"seq"'))).toMatchObject({ ok: false });
  });
});
