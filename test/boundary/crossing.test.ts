import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { fail, ok } from "../../services/abi/result.ts";
import { boundary, type Interceptor, type Transport } from "../../services/boundary/invocation.ts";
import { brief, settled } from "../kit.ts";
import { counting, INSTALL, LOCKED, pair, rule } from "./harness.ts";

describe("a crossing", () => {
  test("the first interceptor listed is the outermost", async () => {
    const order: string[] = [];
    const note =
      (name: string): Interceptor =>
      (next) =>
      async (invocation) => {
        order.push(`${name} in`);
        const answer = await next(invocation);
        order.push(`${name} out`);
        return answer;
      };
    const end: Transport = () => Promise.resolve({ kind: "unserved", lamport: 0 });
    await boundary(end, [note("a"), note("b")])({ point: "sys_open" } as never);
    expect(order).toEqual(["a in", "b in", "b out", "a out"]);
  });

  test("is recorded on both sides, cause before effect", async () => {
    const { handlers } = counting();
    const { hooks, kit } = pair(handlers);
    expect(await hooks.install_inband_fd(LOCKED, INSTALL)).toMatchObject({ kind: "returned" });
    const events = kit.seen();
    expect(brief(events)).toEqual([
      "vfs:install_inband_fd.enter",
      "companion:install_inband_fd.enter",
      "companion:install_inband_fd.exit(0)",
      "vfs:install_inband_fd.exit(0)",
    ]);
    expect(events.map(({ lamport }) => lamport)).toEqual(
      [...events.map(({ lamport }) => lamport)].sort((a, b) => a - b),
    );
    expect(new Set(events.map(({ lamport }) => lamport)).size).toBe(4);
    const [enter, inside] = events;
    expect(enter).toMatchObject({
      slice: { fd: 3, files: 1, file: 7, task: "app" },
      args: INSTALL,
      locks: ["files.file_lock:1"],
    });
    expect(inside).toMatchObject({ parent: enter?.span, trace: enter?.trace });
  });

  test("a refusal carries the errno as Linux gives it", async () => {
    const { hooks, kit } = pair({ oob_open_file: () => fail("ENOMEM") });
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "/dev/oobecho", flags: 2 })).toMatchObject({
      kind: "refused",
      errno: "ENOMEM",
    });
    expect(brief(kit.seen()).at(-1)).toBe("vfs:oob_open_file.exit(-12)");
  });

  test("a hook that nobody overrides answers like its empty weak definition", async () => {
    const { hooks } = pair({});
    expect(await hooks.install_inband_fd(LOCKED, INSTALL)).toMatchObject({ kind: "returned", value: {} });
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "returned",
      value: { oob_data: 0 },
    });
    const io = { file: 1, oob_data: 1, operation: "read" as const, data: new Uint8Array(), count: 1, cmd: 0, arg: 0 };
    expect(await hooks.oob_driver_io(LOCKED, io)).toMatchObject({ kind: "refused", errno: "ENOIOCTLCMD" });
  });

  test("no answer within the deadline is lost, after exactly the deadline", async () => {
    const { hooks, kit } = pair({ oob_open_file: () => new Promise(() => undefined) });
    let reply: unknown;
    void hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 }).then((r) => (reply = r));
    await kit.clock.advance(999_999_999);
    expect(reply).toBeUndefined();
    await kit.clock.advance(1);
    expect(reply).toMatchObject({ kind: "lost", why: "timeout" });
    expect(kit.clock.pending()).toBe(0);
  });

  test("an answered call leaves no timer behind", async () => {
    const { hooks, kit } = pair(counting().handlers);
    await hooks.install_inband_fd(LOCKED, INSTALL);
    expect(kit.clock.pending()).toBe(0);
  });

  test("a broken invariant in a handler stops the service and is lost to the caller", async () => {
    const { hooks, broken, kit } = pair({
      oob_open_file: () => {
        throw new Error("boom");
      },
    });
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "lost",
      why: "unreachable",
    });
    expect(broken).toHaveLength(1);
    expect(brief(kit.seen()).at(-1)).toBe("vfs:oob_open_file.exit(lost unreachable)");
  });
});

describe("the receiver holds the caller to the contract", () => {
  test("a hook under a lock is not run without it", async () => {
    const { handlers, acted } = counting();
    const { hooks, kit } = pair(handlers);
    const reply = await hooks.install_inband_fd(outermost("app", 1), INSTALL);
    expect(reply).toMatchObject({ kind: "lost", why: "rejected" });
    expect(acted).toEqual([]);
    expect(kit.seen().find(({ point }) => point === "contract_breach")?.args).toMatchObject({
      breach: "files.file_lock is held on entry",
    });
  });

  test("as implemented the lock is not promised on install (D6), but it is on replace", async () => {
    const { hooks } = pair(
      { install_inband_fd: () => ok({}), replace_inband_fd: () => ok({}) },
      { profile: "as-implemented" },
    );
    expect(await hooks.install_inband_fd(outermost("app", 1), INSTALL)).toMatchObject({ kind: "returned" });
    expect(await hooks.replace_inband_fd(outermost("app", 1), INSTALL)).toMatchObject({
      kind: "lost",
      why: "rejected",
    });
  });

  test("a hook of the in-band stage is not run from the out-of-band stage", async () => {
    const { handlers, acted } = counting();
    const { hooks } = pair(handlers);
    expect(await hooks.oob_open_file({ ...LOCKED, stage: "oob" }, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      why: "rejected",
    });
    expect(acted).toEqual([]);
  });

  test("a stranger is turned away", async () => {
    const { handlers, acted } = counting();
    const { hooks } = pair(handlers, { around: (serve) => (invocation) => serve({ ...invocation, from: "nic" }) });
    expect(await hooks.install_inband_fd(LOCKED, INSTALL)).toMatchObject({ kind: "lost", why: "rejected" });
    expect(acted).toEqual([]);
  });
});

describe("a call that comes too late, or breaks the contract", () => {
  test("an invocation id that the caller has settled is never acted on again", async () => {
    const { handlers, acted } = counting();
    const late = { id: 1, settled: 1 };
    const { hooks, kit } = pair(handlers, { around: (serve) => (invocation) => serve({ ...invocation, ...late }) });
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "lost",
      why: "rejected",
    });
    expect(acted).toEqual([]);
    expect(kit.seen().find(({ point }) => point === "contract_breach")?.args["breach"]).toMatch(/too old to know/);
  });

  test("what the receiver rejected is not asked again: it would be rejected again", async () => {
    const { hooks, kit, arrived } = pair(counting().handlers);
    expect(await hooks.install_inband_fd(outermost("app", 1), INSTALL)).toMatchObject({ why: "rejected" });
    expect(arrived).toHaveLength(1);
    expect(brief(kit.seen())).not.toContain("vfs:retry.fact");
  });
});

describe("the caller holds the core to the contract", () => {
  test("an errno from a hook that returns nothing is dropped and recorded", async () => {
    const { hooks, kit } = pair({ install_inband_fd: () => fail("ENOMEM") });
    expect(await hooks.install_inband_fd(LOCKED, INSTALL)).toMatchObject({ kind: "returned" });
    expect(kit.seen().find(({ point }) => point === "contract_breach")?.args["breach"]).toBe(
      "answered ENOMEM, yet it cannot refuse",
    );
  });

  test("an errno that the point does not name is passed on and recorded", async () => {
    const { hooks, kit } = pair({ oob_open_file: () => fail("EHOSTUNREACH") });
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "refused",
      errno: "EHOSTUNREACH",
    });
    expect(kit.seen().filter(({ point }) => point === "contract_breach")).toHaveLength(1);
  });
});

describe("faults in the place of a call", () => {
  test("refused: the core never hears of it", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine, kit } = pair(handlers);
    expect(engine.arm(rule("oob_open_file", { kind: "refuse", errno: "ENOMEM" }))).toBeUndefined();
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "refused",
      errno: "ENOMEM",
    });
    expect(acted).toEqual([]);
    expect(brief(kit.seen())).toEqual(["vfs:oob_open_file.enter", "vfs:oob_open_file.exit(-12) by f1"]);
  });

  test("a lost request costs the deadline, then the retry gets through and the core acts once", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine, kit, arrived } = pair(handlers);
    engine.arm(rule("install_inband_fd", { kind: "lose_request" }));
    const reply = hooks.install_inband_fd(LOCKED, INSTALL);
    await kit.clock.advance(1e9);
    expect(await reply).toMatchObject({ kind: "returned" });
    expect(acted).toEqual(["install 3"]);
    expect(arrived).toHaveLength(1);
    expect(brief(kit.seen())).toContain("vfs:retry.fact");
  });

  test("a lost reply: the core acted, and answers the retry from memory without acting again", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine, kit, arrived } = pair(handlers);
    engine.arm(rule("install_inband_fd", { kind: "lose_reply" }));
    const reply = hooks.install_inband_fd(LOCKED, INSTALL);
    await settled();
    expect(acted).toEqual(["install 3"]);
    await kit.clock.advance(1e9);
    expect(await reply).toMatchObject({ kind: "returned" });
    expect(acted).toEqual(["install 3"]);
    expect(arrived).toEqual(["install_inband_fd#1", "install_inband_fd#1"]);
    expect(brief(kit.seen())).toContain("companion:repeated.fact");
  });

  test("a point that may fail is not asked again: its caller undoes instead", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine, kit } = pair(handlers);
    engine.arm(rule("oob_open_file", { kind: "lose_reply" }));
    const reply = hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 });
    await kit.clock.advance(1e9);
    expect(await reply).toMatchObject({ kind: "lost", why: "timeout" });
    expect(acted).toEqual(["open 1"]);
  });

  test("called twice is two calls; arriving twice is one", async () => {
    const twice = counting();
    const doubled = pair(twice.handlers);
    doubled.engine.arm(rule("install_inband_fd", { kind: "double_call" }));
    await doubled.hooks.install_inband_fd(LOCKED, INSTALL);
    expect(twice.acted).toEqual(["install 3", "install 3"]);

    const once = counting();
    const duplicated = pair(once.handlers);
    duplicated.engine.arm(rule("install_inband_fd", { kind: "duplicate" }));
    await duplicated.hooks.install_inband_fd(LOCKED, INSTALL);
    expect(once.acted).toEqual(["install 3"]);
    expect(duplicated.arrived).toHaveLength(2);
  });

  test("skipped: the weak definition answers in the core's place", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine } = pair(handlers);
    engine.arm(rule("oob_open_file", { kind: "skip" }));
    expect(await hooks.oob_open_file(LOCKED, { file: 1, dev: "d", flags: 0 })).toMatchObject({
      kind: "returned",
      value: { oob_data: 0 },
    });
    expect(acted).toEqual([]);
  });

  test("delayed: it waits, then goes on as ever", async () => {
    const { handlers, acted } = counting();
    const { hooks, engine, kit } = pair(handlers);
    engine.arm(rule("install_inband_fd", { kind: "delay", delay_ns: 5e6 }));
    const reply = hooks.install_inband_fd(LOCKED, INSTALL);
    await kit.clock.advance(4_999_999);
    expect(acted).toEqual([]);
    await kit.clock.advance(1);
    expect(await reply).toMatchObject({ kind: "returned" });
    expect(kit.seen().at(-1)).toMatchObject({ ret: 0, fault: "f1" });
  });
});
