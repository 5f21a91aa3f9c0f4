import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { outermost } from "../../services/abi/context.ts";
import { createLocks } from "../../services/boundary/locks.ts";
import { createInvocationIds } from "../../services/boundary/ids.ts";
import type { Answer } from "../../services/boundary/invocation.ts";
import { createMemory } from "../../services/boundary/memory.ts";
import { settled, testKit } from "../kit.ts";

const FILE_LOCK = "files.file_lock";

describe("locks", () => {
  test("are handed over in the order of arrival, and the wait names the holder", async () => {
    const kit = testKit("vfs");
    const locks = createLocks(kit.events);
    const order: string[] = [];
    const first = await locks.acquire(outermost("a", 1), FILE_LOCK, 1);
    if (!first.ok) throw new Error("the lock is free");
    for (const task of ["b", "c", "d"]) {
      void locks.acquire(outermost(task, 1), FILE_LOCK, 1).then((held) => {
        order.push(task);
        if (held.ok) held.value.release();
      });
    }
    await settled();
    expect(order).toEqual([]);
    expect(locks.holders()).toEqual([{ lock: "files.file_lock:1", task: "a", waiting: 3 }]);
    first.value.release();
    await settled();
    expect(order).toEqual(["b", "c", "d"]);
    expect(locks.holders()).toEqual([]);
    expect(kit.seen().map(({ point, args }) => [point, args["holder"]])).toEqual([
      ["lock_wait", "a"],
      ["lock_wait", "a"],
      ["lock_wait", "a"],
    ]);
  });

  test("a wait names who holds the lock by then, not who held it first", async () => {
    const kit = testKit("vfs");
    const locks = createLocks(kit.events);
    const first = await locks.acquire(outermost("a", 1), FILE_LOCK, 1);
    if (!first.ok) throw new Error("the lock is free");
    const second = locks.acquire(outermost("b", 1), FILE_LOCK, 1);
    await settled();
    first.value.release();
    void locks.acquire(outermost("c", 1), FILE_LOCK, 1);
    expect(locks.holders()).toEqual([{ lock: "files.file_lock:1", task: "b", waiting: 1 }]);
    await second;
    expect(kit.seen().map(({ args }) => args["holder"])).toEqual(["a", "b"]);
  });

  test("never have two holders, whatever the order of taking and letting go", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.nat(2), { minLength: 2, maxLength: 12 }), async (s, instances) => {
        const locks = createLocks(testKit("vfs").events);
        const inside = new Map<number, number>();
        const done = instances.map(async (instance, i) => {
          await s.schedule(Promise.resolve(), `arrive ${i}`);
          const held = await locks.acquire(outermost(`t${i}`, 1), FILE_LOCK, instance);
          if (!held.ok) throw new Error("no chain comes back here");
          inside.set(instance, (inside.get(instance) ?? 0) + 1);
          expect(inside.get(instance)).toBe(1);
          await s.schedule(Promise.resolve(), `work ${i}`);
          inside.set(instance, (inside.get(instance) ?? 0) - 1);
          held.value.release();
        });
        await s.waitFor(Promise.all(done));
        expect(locks.holders()).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test("a chain that comes back for a lock it holds is refused, with the chain, and does not hang", async () => {
    const kit = testKit("vfs");
    const locks = createLocks(kit.events);
    const held = await locks.acquire({ ...outermost("app", 1), chain: ["sys_open"] }, FILE_LOCK, 1);
    if (!held.ok) throw new Error("the lock is free");
    const inHook = { ...held.value.context, chain: ["sys_open", "install_inband_fd", "sys_close"] as const };
    expect(await locks.acquire(inHook, FILE_LOCK, 1)).toEqual({ ok: false, errno: "EDEADLK" });
    expect(kit.seen()).toMatchObject([
      { point: "lock_order", args: { lock: "files.file_lock:1", chain: "sys_open > install_inband_fd > sys_close" } },
    ]);
  });

  test("two classes taken in both orders are reported when the second order is first seen", async () => {
    const kit = testKit("vfs");
    const locks = createLocks(kit.events);
    const take = async (...classes: string[]): Promise<void> => {
      const releases: (() => void)[] = [];
      let context = outermost("app", 1);
      for (const one of classes) {
        const held = await locks.acquire(context, one, 1);
        if (!held.ok) throw new Error("the lock is free");
        context = held.value.context;
        releases.unshift(() => held.value.release());
      }
      for (const release of releases) release();
    };
    await take("a", "b");
    await take("b", "c");
    expect(kit.seen()).toEqual([]);
    await take("c", "a");
    await take("c", "a");
    expect(kit.seen()).toMatchObject([{ point: "lock_order", args: { lock: "a:1", held: "c:1" } }]);
  });
});

describe("the memory of invocation ids", () => {
  const answer = (lamport: number): Promise<Answer> => Promise.resolve({ kind: "refused", errno: "EPERM", lamport });

  test("answers what is not settled from memory, and never acts on what is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ again: fc.boolean(), ends: fc.boolean(), pick: fc.nat(20) }), { maxLength: 60 }),
        async (steps) => {
          const ids = createInvocationIds();
          const memory = createMemory();
          const open: number[] = [];
          const ended: number[] = [];
          for (const { again, ends, pick } of steps) {
            const repeat = open[pick % Math.max(1, open.length)];
            if (again && repeat !== undefined) {
              const recall = memory.recall("alpha/vfs#1", repeat, ids.settled());
              expect(await recall).toMatchObject({ lamport: repeat });
            } else {
              const id = ids.fresh();
              open.push(id);
              expect(memory.recall("alpha/vfs#1", id, ids.settled())).toBe("NEW");
              memory.remember("alpha/vfs#1", id, answer(id));
            }
            if (ends && open.length > 0) {
              const [id] = open.splice(pick % open.length, 1);
              ids.end(id ?? 0);
              ended.push(id ?? 0);
            }
            const lowestOpen = Math.min(...open, Infinity);
            for (const id of ended.filter((one) => one < lowestOpen)) {
              expect(memory.recall("alpha/vfs#1", id, ids.settled())).toBe("FORGOTTEN");
            }
          }
        },
      ),
    );
  });

  test("is as large as the calls in flight, however many were made", () => {
    const ids = createInvocationIds();
    const memory = createMemory();
    const window: number[] = [];
    for (let i = 0; i < 100_000; i++) {
      const id = ids.fresh();
      void memory.recall("alpha/vfs#1", id, ids.settled());
      memory.remember("alpha/vfs#1", id, answer(id));
      window.push(id);
      if (window.length > 16) ids.end(window.shift() ?? 0);
    }
    expect(memory.size()).toBeLessThanOrEqual(18);
  });

  test("is bounded while one call stays open for ever", () => {
    const memory = createMemory(10);
    for (let id = 1; id <= 50; id++) {
      expect(memory.recall("alpha/vfs#1", id, 0)).toBe("NEW");
      memory.remember("alpha/vfs#1", id, answer(id));
    }
    expect(memory.size()).toBe(10);
    expect(memory.recall("alpha/vfs#1", 40, 0)).toBe("FORGOTTEN");
    expect(memory.recall("alpha/vfs#1", 41, 0)).toBeInstanceOf(Promise);
  });

  test("keeps callers apart", () => {
    const memory = createMemory();
    memory.remember("alpha/vfs#1", 1, answer(1));
    expect(memory.recall("alpha/vfs#2", 1, 0)).toBe("NEW");
  });
});
