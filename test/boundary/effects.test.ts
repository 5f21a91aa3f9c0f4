import { describe, expect, test } from "@jest/globals";
import type { FaultEffect, FaultRule } from "../../services/abi/contract.generated.ts";
import { ok } from "../../services/abi/result.ts";
import type { Handlers } from "../../services/boundary/hooks.ts";
import { INSTALL, LOCKED, pair, rule, select, type Pair } from "./harness.ts";

/** A core that notes what it was asked, and answers. */
function noting(): { readonly handlers: Handlers<"companion">; readonly asked: object[] } {
  const asked: object[] = [];
  return {
    asked,
    handlers: {
      install_inband_fd: (args) => {
        asked.push(args);
        return ok({});
      },
      oob_open_file: (args) => {
        asked.push(args);
        return ok({ oob_data: 100 + args.file });
      },
      oob_driver_io: (args) => {
        asked.push(args);
        return ok({ value: 0, data: args.data });
      },
    },
  };
}

const OPEN = { file: 7, dev: "/dev/oobecho", flags: 2 };
const arm = (house: Pair, point: string, effect: Partial<FaultEffect>, more: Partial<FaultRule> = {}): void =>
  expect(house.engine.arm(rule(point, effect, more))).toBeUndefined();

describe("an answer that is not the receiver's", () => {
  test("instead: the receiver is not asked, and the caller gets the value", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers);
    arm(house, "oob_open_file", {
      kind: "answer",
      data: { fields: [], values: [{ field: "", value: "5" }], bytes: 0 },
    });
    expect(await house.hooks.oob_open_file(LOCKED, OPEN)).toMatchObject({ kind: "returned", value: { oob_data: 5 } });
    expect(asked).toEqual([]);
  });

  test("after: the receiver acts, and its answer is replaced by an errno; the event bears the rule", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers);
    arm(house, "oob_open_file", { kind: "refuse", errno: "ENOMEM" }, { phase: "after" });
    expect(await house.hooks.oob_open_file(LOCKED, OPEN)).toMatchObject({ kind: "refused", errno: "ENOMEM" });
    expect(asked).toHaveLength(1);
    const exits = house.kit.seen().filter(({ phase }) => phase === "exit");
    expect(exits.map(({ ret, fault }) => [ret, fault])).toEqual([
      [0, undefined],
      [-12, "f1"],
    ]);
  });

  test.each([
    ["UNAVAILABLE", { kind: "lost", why: "unreachable" }],
    ["INVALID_ARGUMENT", { kind: "lost", why: "rejected" }],
    ["DATA_LOSS", { kind: "lost", why: "garbled" }],
  ])("the road fails with %s", async (grpc_status, expected) => {
    const house = pair(noting().handlers);
    arm(house, "oob_open_file", { kind: "road", grpc_status });
    expect(await house.hooks.oob_open_file(LOCKED, OPEN)).toMatchObject(expected);
  });
});

describe("data that is not what it was", () => {
  test("a mistake in the arguments reaches the receiver; the caller's event tells what it had said", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers);
    arm(house, "install_inband_fd", {
      kind: "mistake",
      data: { fields: [], values: [{ field: "fd", value: "9" }], bytes: 0 },
    });
    await house.hooks.install_inband_fd(LOCKED, INSTALL);
    expect(asked).toEqual([{ ...INSTALL, fd: 9 }]);
    const enters = house.kit.seen().filter(({ phase }) => phase === "enter");
    expect(enters.map(({ service, slice }) => [service, slice["fd"]])).toEqual([
      ["vfs", 3],
      ["companion", 9],
    ]);
  });

  test("a mistake by chance is wrong in one field, and the same again for the same seed", async () => {
    const wrong = async (): Promise<object | undefined> => {
      const { handlers, asked } = noting();
      const house = pair(handlers);
      arm(house, "install_inband_fd", { kind: "mistake" });
      await house.hooks.install_inband_fd(LOCKED, INSTALL);
      return asked[0];
    };
    const first = await wrong();
    expect(first).toEqual(await wrong());
    const differs = Object.entries(INSTALL).filter(
      ([name, value]) => (first as Record<string, unknown>)[name] !== value,
    );
    expect(differs).toHaveLength(1);
  });

  test("corrupted bytes differ in one bit of as many bytes as were asked for", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers);
    arm(house, "oob_driver_io", { kind: "corrupt", data: { fields: [], values: [], bytes: 1 } });
    const data = new Uint8Array(16);
    await house.hooks.oob_driver_io(LOCKED, { file: 7, operation: "write", data, count: 0, cmd: 0, arg: 0 } as never);
    const came = (asked[0] as { data: Uint8Array }).data;
    expect([...came].filter((byte) => byte !== 0)).toHaveLength(1);
  });
});

describe("time", () => {
  const tookNs = async (effect: Partial<FaultEffect>, more: Partial<FaultRule> = {}): Promise<number> => {
    const house = pair(noting().handlers);
    arm(house, "oob_open_file", effect, more);
    const before = house.kit.clock.nowNs();
    const reply = house.hooks.oob_open_file(LOCKED, OPEN);
    let done = false;
    void reply.then(() => (done = true));
    for (let i = 0; !done && i < 5000; i++) {
      await house.kit.clock.advance(1e5);
    }
    return house.kit.clock.nowNs() - before;
  };

  test("a delay around a call is paid twice", async () => {
    const once = await tookNs({ kind: "delay", delay_ns: 1e7 });
    const twice = await tookNs({ kind: "delay", delay_ns: 1e7 }, { phase: "around" });
    expect(Math.round(twice / 1e6)).toBe(2 * Math.round(once / 1e6));
  });

  test("a uniform delay lies between its ends", async () => {
    const ns = await tookNs({ kind: "delay", chance: { min_ns: 5e6, max_ns: 9e6, mean_ns: 0, jitter_ns: 0 } });
    expect(ns).toBeGreaterThanOrEqual(5e6);
    expect(ns).toBeLessThan(9.2e6);
  });
});

describe("the stage and the other side", () => {
  test("a call from the wrong stage is noticed by the receiver, which does not act", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers);
    arm(house, "oob_open_file", { kind: "wrong_stage" });
    expect(await house.hooks.oob_open_file(LOCKED, OPEN)).toMatchObject({ kind: "lost", why: "rejected" });
    expect(asked).toEqual([]);
    expect(house.kit.seen().map(({ point }) => point)).toContain("contract_breach");
  });

  test("at the server: the call has arrived, the house does not act, and its own event bears the rule", async () => {
    const { handlers, asked } = noting();
    const house = pair(handlers, { server: true });
    arm(house, "oob_open_file", { kind: "refuse", errno: "ENODEV" }, { side: "server" });
    expect(await house.hooks.oob_open_file(LOCKED, OPEN)).toMatchObject({ kind: "refused", errno: "ENODEV" });
    expect(asked).toEqual([]);
    const exits = house.kit.seen().filter(({ phase }) => phase === "exit");
    expect(exits.map(({ service, ret, fault }) => [service, ret, fault])).toEqual([
      ["companion", -19, "f1"],
      ["vfs", -19, undefined],
    ]);
  });

  test("a resource is lacking for the call that was struck, and for no other", async () => {
    const lacks: unknown[] = [];
    const house = pair(
      {
        oob_open_file: (_args, context) => {
          lacks.push(context.lacks);
          return ok({ oob_data: 1 });
        },
      },
      { server: true },
    );
    arm(house, "oob_open_file", { kind: "resource", resource: "memory" });
    await house.hooks.oob_open_file(LOCKED, OPEN);
    await house.hooks.oob_open_file(LOCKED, OPEN);
    expect(lacks).toEqual(["memory", undefined]);
  });
});

describe("when a rule strikes", () => {
  const struck = async (more: Partial<FaultRule>, count = 6): Promise<{ refused: number[]; house: Pair }> => {
    const house = pair(noting().handlers);
    arm(house, "oob_open_file", { kind: "refuse", errno: "ENOMEM" }, more);
    const refused: number[] = [];
    for (let i = 1; i <= count; i++)
      if ((await house.hooks.oob_open_file(LOCKED, OPEN)).kind === "refused") refused.push(i);
    return { refused, house };
  };

  test("a formula over what its house has seen lets it strike, and is counted where it does not", async () => {
    const { refused, house } = await struck({
      select: select({ every: 1 }),
      when: "count(oob_open_file.exit[ret>=0]) >= 2",
    });
    expect(refused).toEqual([3, 4, 5, 6]);
    expect(house.engine.report()).toMatchObject([{ crossings: 6, matched: 4, fired: 4, suppressed: { when: 2 } }]);
  });

  test("a persistent fault stays once it has struck", async () => {
    expect((await struck({ select: select({ nth: [{ from: 3, to: 3 }], persist: true }) })).refused).toEqual([
      3, 4, 5, 6,
    ]);
  });

  test("what kept it from striking is counted", async () => {
    const { house } = await struck({ select: select({ nth: [{ from: 2, to: 4 }], times: 2 }) });
    expect(house.engine.report()).toMatchObject([{ fired: 2, suppressed: { nth: 1, times: 3 } }]);
  });

  test("a verbose rule tells each decision", async () => {
    const { house } = await struck({ select: select({ nth: [{ from: 2, to: 2 }] }), verbose: 2 }, 3);
    const told = house.kit.seen().filter(({ point }) => point === "fault_decision");
    expect(told.map(({ args }) => args["verdict"])).toEqual(["nth", "fired", "nth"]);
  });

  test("a glob strikes what can have the effect, and counts all of it together", async () => {
    const house = pair(noting().handlers);
    const both = {
      ...rule("*_file,install_inband_fd", { kind: "skip" }),
      select: select({ nth: [{ from: 2, to: 2 }] }),
    };
    expect(house.engine.arm(both)).toBeUndefined();
    await house.hooks.oob_open_file(LOCKED, OPEN);
    await house.hooks.install_inband_fd(LOCKED, INSTALL);
    expect(house.engine.report()).toMatchObject([{ crossings: 2, fired: 1 }]);
  });

  test("a stall holds a call until its formula holds", async () => {
    const house = pair(noting().handlers);
    arm(house, "oob_open_file", { kind: "stall", until: "once install_inband_fd.exit" });
    let done = false;
    const reply = house.hooks.oob_open_file({ ...LOCKED, task: "app" }, { ...OPEN, file: INSTALL.file });
    void reply.then(() => (done = true));
    await Promise.resolve();
    expect(done).toBe(false);
    await house.hooks.install_inband_fd(LOCKED, INSTALL);
    expect(await reply).toMatchObject({ kind: "returned" });
  });
});
