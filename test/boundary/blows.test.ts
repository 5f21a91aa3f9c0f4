import { describe, expect, test } from "@jest/globals";
import type { Blow, FaultEffect, FaultKind } from "../../services/abi/contract.generated.ts";
import type { Blows } from "../../services/boundary/blows.ts";
import { checkRule } from "../../services/boundary/faults/check.ts";
import type { Transport } from "../../services/boundary/invocation.ts";
import { createMemory } from "../../services/boundary/memory.ts";
import { settled } from "../kit.ts";
import { counting, INSTALL, LOCKED, pair, rule } from "./harness.ts";

const blow = (more: Partial<Blow> = {}): Blow => ({ place: "", peer: "", for_ns: 0, ...more });

/** Who strikes: notes what, and lets a test say when it is done. */
function striker(): { readonly blows: Blows; readonly struck: FaultEffect[]; done(): void } {
  const struck: FaultEffect[] = [];
  let done: () => void = () => undefined;
  return {
    struck,
    blows: {
      strike(effect) {
        struck.push(effect);
        return new Promise((resolve) => (done = resolve));
      },
    },
    done: () => done(),
  };
}

describe("a rule that strikes a place", () => {
  test("holds the call until the blow was struck, tells of it by full names, and lets the call go on", async () => {
    const { blows, struck, done } = striker();
    const { handlers, acted } = counting();
    const { hooks, engine, kit } = pair(handlers, { blows });
    expect(engine.arm(rule("oob_open_file", { kind: "hang", blow: blow({ for_ns: 5 }) }))).toBeUndefined();
    const call = hooks.oob_open_file({ ...LOCKED, locks: [] }, { file: 7, dev: "x", flags: 0 });
    await settled();
    expect(struck).toMatchObject([{ kind: "hang", blow: { place: "alpha/companion", peer: "", for_ns: 5 } }]);
    expect(acted).toEqual([]);
    done();
    expect(await call).toMatchObject({ kind: "returned" });
    expect(acted).toEqual(["open 7"]);
    const events = kit.seen();
    expect(events.find(({ point }) => point === "blow")).toMatchObject({
      slice: { file: 7 },
      args: { kind: "hang", place: "alpha/companion", for_ns: 5 },
    });
    expect(events.at(-1)).toMatchObject({ point: "oob_open_file", phase: "exit", fault: "f1" });
  });

  test("before the reply, the receiver has acted, and the answer dies with it", async () => {
    const { blows, struck, done } = striker();
    const { handlers, acted } = counting();
    const { hooks, engine } = pair(handlers, { blows });
    engine.arm(rule("oob_open_file", { kind: "crash", blow: blow({ moment: "before_reply" }) }));
    const call = hooks.oob_open_file({ ...LOCKED, locks: [] }, { file: 7, dev: "x", flags: 0 });
    await settled();
    expect([struck.length, acted]).toEqual([1, ["open 7"]]);
    done();
    expect(await call).toMatchObject({ kind: "lost", why: "unreachable" });
  });

  test("before the reply, a crash of somebody else leaves the answer alone", async () => {
    const { blows, done } = striker();
    const { hooks, engine } = pair(counting().handlers, { blows });
    engine.arm(rule("oob_open_file", { kind: "crash", blow: blow({ place: "nic", moment: "before_reply" }) }));
    const call = hooks.oob_open_file({ ...LOCKED, locks: [] }, { file: 7, dev: "x", flags: 0 });
    await settled();
    done();
    expect(await call).toMatchObject({ kind: "returned" });
  });

  test("before the reply, a hang holds the answer up, and a cut edge loses it until the deadline says so", async () => {
    const { blows, done } = striker();
    const { hooks, engine, kit } = pair(counting().handlers, { blows });
    engine.arm(rule("oob_open_file", { kind: "hang", blow: blow({ for_ns: 50, moment: "before_reply" }) }));
    const held = hooks.oob_open_file({ ...LOCKED, locks: [] }, { file: 7, dev: "x", flags: 0 });
    await settled();
    done();
    await kit.clock.advance(49);
    expect(kit.seen().some(({ phase, service }) => phase === "exit" && service === "vfs")).toBe(false);
    await kit.clock.advance(1);
    expect(await held).toMatchObject({ kind: "returned" });
    engine.disarm("f1");
    engine.arm(rule("oob_open_file", { kind: "partition", blow: blow({ for_ns: 50, moment: "before_reply" }) }));
    const lost = hooks.oob_open_file({ ...LOCKED, locks: [] }, { file: 8, dev: "x", flags: 0 });
    await settled();
    done();
    await kit.clock.advance(30e9);
    expect(await lost).toMatchObject({ kind: "lost", why: "timeout" });
  });

  test("a road that says unreachable at once costs no deadline, though the contract asks twice", async () => {
    const gone: Transport = () => Promise.resolve({ kind: "lost", why: "unreachable", lamport: 0 });
    const { hooks, kit } = pair(counting().handlers, { around: () => gone });
    expect(await hooks.install_inband_fd(LOCKED, INSTALL)).toMatchObject({ kind: "lost", why: "unreachable" });
    expect(kit.clock.nowNs()).toBe(0);
    expect(kit.clock.pending()).toBe(0);
    expect(kit.seen().filter(({ point }) => point === "retry")).toHaveLength(1);
  });
});

describe("what a blow may say", () => {
  const problem = (
    kind: FaultKind,
    given: Blow | undefined,
    more: Partial<FaultEffect> = {},
    point = "sock_oob_bind",
  ) => checkRule(rule(point, { kind, ...(given && { blow: given }), ...more }));

  test.each([
    ["crash", undefined, {}],
    ["crash", blow({ place: "inband" }), {}],
    ["crash", blow({ place: "beta/nic" }), {}],
    ["crash", blow({ place: "lan/switch" }), {}],
    ["hang", blow({ for_ns: 1 }), {}],
    ["slow", blow({ for_ns: 1 }), { delay_ns: 1 }],
    ["partition", blow({ place: "nic", peer: "lan/switch", for_ns: 1 }), {}],
    ["partition", blow({ place: "vfs", peer: "task", for_ns: 1 }), {}],
  ] as const)("%s of %j can be armed", (kind, given, more) => {
    expect(problem(kind, given, more)).toBeUndefined();
  });

  test.each([
    ["crash", blow({ for_ns: 1 }), {}, /a crash has no length/],
    ["crash", blow({ peer: "nic" }), {}, /strikes one place/],
    ["crash", blow({ place: "companoin" }), {}, /no place; did you mean companion\?/],
    ["crash", blow({ place: "task" }), {}, /cannot be struck, only the edge/],
    ["crash", blow({ place: "switch" }), {}, /named in full, such as lan\/switch/],
    ["crash", blow({ place: "lan/swich" }), {}, /did you mean switch/],
    ["hang", blow(), {}, /a hang says how long/],
    ["hang", blow({ for_ns: 1 }), { delay_ns: 1 }, /slow does/],
    ["slow", blow({ for_ns: 1 }), {}, /by how much/],
    ["slow", blow(), { delay_ns: 1 }, /a slow says how long/],
    ["partition", blow(), {}, /a partition says how long/],
    ["partition", blow({ place: "inband", for_ns: 1 }), {}, /not between inband and itself/],
    ["delay", blow(), { delay_ns: 1 }, /a blow goes with crash, hang, slow, partition, not with delay/],
  ] as const)("%s of %j is refused", (kind, given, more, reason) => {
    expect(problem(kind, given, more)).toMatch(reason);
  });

  test("control is never struck", () => {
    expect(problem("crash", undefined, {}, "ctl_arm_fault")).toMatch(/control is never a fault point/);
  });
});

describe("a receiver that remembers calls", () => {
  const answer = Promise.resolve({ kind: "returned", value: {}, lamport: 0 } as const);

  test("drops what a caller had asked when its next life calls, and takes nothing of the former any more", () => {
    const memory = createMemory();
    expect(memory.recall("alpha/vfs#1", 1, 0)).toBe("NEW");
    memory.remember("alpha/vfs#1", 1, answer);
    memory.remember("alpha/inband#1", 1, answer);
    expect(memory.recall("alpha/vfs#2", 1, 0)).toBe("NEW");
    memory.remember("alpha/vfs#2", 1, answer);
    expect(memory.size()).toBe(2);
    expect(memory.recall("alpha/vfs#1", 1, 0)).toBe("FORGOTTEN");
    expect(memory.recall("alpha/vfs#1", 2, 0)).toBe("FORGOTTEN");
    expect(memory.recall("alpha/vfs#2", 1, 0)).toBe(answer);
    expect(memory.recall("alpha/inband#1", 1, 0)).toBe(answer);
  });

  test("a restart a thousand times over leaves one caller behind", () => {
    const memory = createMemory();
    for (let life = 1; life <= 1000; life++) {
      void memory.recall(`alpha/vfs#${life}`, 1, 0);
      memory.remember(`alpha/vfs#${life}`, 1, answer);
    }
    expect(memory.size()).toBe(1);
  });
});
