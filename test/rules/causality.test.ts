import { describe, expect, test } from "@jest/globals";
import { causality } from "../../services/rules/causality.ts";
import { eventPen } from "../lab/events.ts";

/**
 *     task app     call ─────────────────────────────────── answer
 *     vfs              └ arrived ── hook ────────── back ── done ┘
 *     companion                        └ there ── there ┘
 */
function story() {
  const event = eventPen();
  const app = { slice: { task: "app" } };
  const call = event("sys_open.enter", { service: "task", span: 1, ...app });
  const arrived = event("sys_open.enter", { service: "vfs", span: 2, parent: 1, ...app });
  const hook = event("install_inband_fd.enter", { service: "vfs", span: 3, parent: 2 });
  const there = event("install_inband_fd.enter", { service: "companion", span: 4, parent: 3 });
  const fact = event("index_add", { service: "companion", span: 4, parent: 3 });
  const gone = event("install_inband_fd.exit", { service: "companion", span: 4, parent: 3, ret: 0 });
  const back = event("install_inband_fd.exit", { service: "vfs", span: 3, parent: 2, ret: 0 });
  const done = event("sys_open.exit", { service: "vfs", span: 2, parent: 1, ret: 0 });
  const answer = event("sys_open.exit", { service: "task", span: 1, ret: 0, ...app });
  return { event, all: [call, arrived, hook, there, fact, gone, back, done, answer], call, hook, fact, back, answer };
}

describe("what happened before what", () => {
  test("a call comes before what it causes, and an answer after it, through any number of houses", () => {
    const { all, call, fact, back, answer } = story();
    const { before, order } = causality([...all].reverse());
    expect(order).toEqual(all);
    expect([before(call, fact), before(fact, back), before(fact, answer), before(call, answer)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([before(answer, call), before(back, fact), before(call, call)]).toEqual([false, false, false]);
  });

  test("two houses that exchange nothing are in no order, whatever their stamps say", () => {
    const event = eventPen();
    const early = event("fd_clear", { service: "vfs", lamport: 1 });
    const late = event("index_add", { service: "companion", lamport: 99 });
    const { before } = causality([early, late]);
    expect([before(early, late), before(late, early)]).toEqual([false, false]);
  });

  test("two tasks are in no order though one process records them", () => {
    const event = eventPen();
    const one = event("sys_exec.enter", { service: "task", span: 1, slice: { task: "one" } });
    const other = event("sys_exec.enter", { service: "task", span: 2, slice: { task: "other" } });
    expect(causality([one, other]).before(one, other)).toBe(false);
  });

  test("an answer that was lost says nothing of when the other side acted", () => {
    const { event, all, hook, fact, back } = story();
    const { ret: _, ...rest } = back;
    const lost = { ...rest, lost: "timeout" as const };
    const events = all.map((one) => (one === back ? lost : one));
    const { before } = causality([...events, event("fd_clear")]);
    expect([before(hook, fact), before(fact, lost), before(hook, lost)]).toEqual([true, false, true]);
  });

  test("a receiver's note in the span of the call comes after the call", () => {
    const { event, all, hook } = story();
    const repeated = event("repeated", { service: "companion", span: 3, args: { point: "install_inband_fd" } });
    expect(causality([...all, repeated]).before(hook, repeated)).toBe(true);
  });
});

describe("what the lab did orders what no message does", () => {
  const event = eventPen();
  const first = event("sys_exec.enter", { service: "task", span: 1, slice: { task: "one" } });
  const ended = event("sys_exec.exit", { service: "task", span: 1, slice: { task: "one" }, ret: 0 });
  const waited = event("oob_wait", { service: "companion", lamport: 50 });
  const second = event("sys_exec.enter", { service: "task", span: 2, slice: { task: "other" }, lamport: 3 });
  const events = [first, ended, waited, second];

  test("a call that is started after another one has ended", () => {
    const marks = [
      { t: "start", node: "alpha", task: "one", nth: 1 },
      { t: "end", node: "alpha", task: "one", nth: 1 },
      { t: "start", node: "alpha", task: "other", nth: 1 },
    ] as const;
    expect(causality(events, marks).before(ended, second)).toBe(true);
    expect(causality(events).before(ended, second)).toBe(false);
    // In the background: nobody has looked at the end before the other one starts.
    expect(causality(events, [marks[0], marks[2], marks[1]]).before(ended, second)).toBe(false);
    expect(causality(events, [marks[0], marks[2], marks[1]]).before(first, second)).toBe(false);
  });

  test("a call that is started after an event was seen, though its stamp is lower", () => {
    const { before, order } = causality(events, [
      { t: "seen", event: waited },
      { t: "start", node: "alpha", task: "other", nth: 1 },
    ]);
    expect(before(waited, second)).toBe(true);
    expect(order.indexOf(waited)).toBeLessThan(order.indexOf(second));
  });
});
