import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { outermost, type Context } from "../../services/abi/context.ts";
import type { Ending, EventPhase } from "../../services/abi/event.ts";
import { createEventLog } from "../../services/boundary/events/log.ts";
import { createEventRing, type RingSignals } from "../../services/boundary/events/ring.ts";
import { manualClock } from "../kit.ts";

const scalar = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.string({ maxLength: 80 }));
const name = fc.constantFrom(
  "fd",
  "file",
  "files",
  "flags",
  "dev",
  "count",
  "path",
  "oob_data",
  "cmd",
  "arg",
  "events",
);
const record = fc.record({
  point: fc.constantFrom("sys_open", "install_inband_fd", "fd_publish"),
  phase: fc.constantFrom<EventPhase>("enter", "exit", "fact"),
  slice: fc.dictionary(name, fc.oneof(fc.nat(), fc.string({ maxLength: 8 })), { maxKeys: 4 }),
  args: fc.dictionary(name, scalar, { maxKeys: 9 }),
  locks: fc.array(fc.constantFrom("files.file_lock:1", "files.file_lock:2", "sk.sk_lock:9"), { maxLength: 2 }),
  ending: fc.constantFrom<Ending | undefined>(
    undefined,
    { ret: 0 },
    { ret: -12, fault: "f1" },
    { lost: "timeout" },
    { lost: "garbled", fault: "f2" },
  ),
  task: fc.constantFrom("app", "reader"),
});

const create = (capacity: number, signals?: RingSignals) => {
  const ring = createEventRing(capacity, signals);
  return { ring, log: createEventLog(ring, manualClock(), "alpha", "vfs", 3) };
};
const context = (task: string, locks: readonly string[]): Context => ({
  ...outermost(task, 1),
  locks,
  trace: 11,
  span: 12,
  parent: 13,
});

describe("the event ring", () => {
  test("gives back what was written, whether it fits a record or is spilled", () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        const { ring, log } = create(64);
        for (const { point, phase, slice, args, locks, ending, task } of records) {
          log.record(context(task, locks), point, phase, slice, args, ending);
        }
        const events = ring.take(Infinity);
        expect(events).toEqual(
          records.map(({ point, phase, slice, args, locks, ending }, i) => ({
            seq: i + 1,
            lamport: i + 1,
            timeNs: 0,
            node: "alpha",
            service: "vfs",
            stage: "inband",
            point,
            phase,
            span: 12,
            parent: 13,
            trace: 11,
            slice: { ...slice },
            args: { ...args },
            locks,
            ...ending,
          })),
        );
      }),
    );
  });

  test("of an argument that says the same as the slice nothing more is kept, so that the hooks of descriptors fit", () => {
    const { ring, log } = create(8);
    const slice = { fd: 3, files: 2, file: 7, task: "app" };
    const args = { fd: 3, file: 7, oob_data: 9, files: 2, dev: "eth0", flags: 0 };
    for (let i = 0; i < 3; i++) log.record(context("app", []), "install_inband_fd", "enter", slice, args);
    log.record(context("app", []), "install_inband_fd", "enter", slice, { ...args, fd: 4 });
    slice.fd = 99;
    args.oob_data = 99;
    const [first, , third, last] = ring.take(Infinity);
    // What does not fit is kept as it is beside the ring, and would show the change.
    expect(first).toMatchObject({ slice: { fd: 3, task: "app" }, args: { fd: 3, oob_data: 9, dev: "eth0" } });
    expect({ ...third, seq: 1, lamport: 1 }).toEqual(first);
    expect(last).toMatchObject({ args: { fd: 4, files: 2 } });
  });

  test("with tracing off spans and stamps are given, and nothing is recorded", () => {
    const ring = createEventRing(8);
    const log = createEventLog(ring, manualClock(), "alpha", "vfs", 3, 0, { incarnation: 1, lamport: 0 }, "off");
    log.merge(41);
    log.record(context("app", []), "sys_open", "enter", {}, {});
    log.fact(context("app", []), "fd_publish", { fd: 3 });
    expect([log.recording, log.stamp(), ring.waiting()]).toEqual([false, 42, 0]);
    expect(log.newSpan()).not.toBe(log.newSpan());
  });

  test("overwrites the oldest and counts them when nobody takes them; the gap shows in seq", () => {
    const { ring, log } = create(8);
    for (let i = 0; i < 20; i++) log.fact(context("app", []), "fd_publish", { fd: i });
    expect(ring.dropped()).toBe(12);
    expect(ring.take(Infinity).map(({ seq }) => seq)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
  });

  test("asks to be emptied when it is full, and then loses nothing", () => {
    const seen: number[] = [];
    const { ring, log } = create(8, { whenFull: () => seen.push(...ring.take(Infinity).map(({ seq }) => seq)) });
    for (let i = 0; i < 30; i++) log.fact(context("app", []), "fd_publish", { fd: i });
    seen.push(...ring.take(Infinity).map(({ seq }) => seq));
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(ring.dropped()).toBe(0);
  });

  test("wakes its reader once for a burst", () => {
    let woken = 0;
    const { ring, log } = create(8, { whenFirst: () => woken++ });
    for (let i = 0; i < 5; i++) log.fact(context("app", []), "fd_publish", { fd: i });
    expect(woken).toBe(1);
    ring.take(Infinity);
    log.fact(context("app", []), "fd_publish", { fd: 9 });
    expect(woken).toBe(2);
  });

  test("a stream of ever new texts fills no memory: the dictionary is bounded and the rest is spilled", () => {
    const { ring, log } = create(16);
    for (let i = 0; i < 70_000; i++) log.fact(context("app", []), "fd_publish", { fd: 1 }, { data: `text ${i}` });
    expect(ring.take(Infinity).map(({ args }) => args["data"])).toEqual(
      Array.from({ length: 16 }, (_, i) => `text ${69_984 + i}`),
    );
    log.fact(context("a new task", []), "a_new_point", { fd: 1 });
    expect(ring.take(1)[0]).toMatchObject({ point: "a_new_point", slice: { fd: 1 } });
  });
});
