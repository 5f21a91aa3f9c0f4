import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { World } from "../../services/lab/world.ts";
import { createDistributedWorld } from "../../services/runtimes/distributed/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import type { WorldOptions } from "../../services/runtimes/world-options.ts";
import { record, RULE_FIRST, short, spawn, story, taskOf, until, value, type Task } from "./tasks.ts";

const RUNTIMES: readonly { readonly name: string; readonly create: (options: WorldOptions) => Promise<World> }[] = [
  { name: "simulated", create: (options) => createWorld("simulated", options) },
  { name: "embedded", create: (options) => createWorld("embedded", options) },
  { name: "distributed over unix sockets", create: (options) => createDistributedWorld({ ...options, over: "unix" }) },
  { name: "distributed over TCP", create: (options) => createDistributedWorld({ ...options, over: "tcp" }) },
];

/** The roads of processes differ below the messages: what is said over one is said over the other, and told once. */
const onlyTheRoad = (name: string): boolean => name === "distributed over TCP";

describe.each(RUNTIMES)("the contract, $name", ({ name, create }) => {
  let world: World;
  let events: TraceEvent[];
  beforeEach(async () => {
    world = await create({ seed: 1n, profile: "documented" });
    events = record(world);
  });
  afterEach(() => world.stop());
  /** Runs a program of the world, to its last event. */
  const run = <T>(program: () => Promise<T>): Promise<T> =>
    world.drive(async () => {
      const result = await program();
      await world.settle();
      return result;
    });

  test("an open goes from the task through the VFS to the core and back, and the hook is under the lock", async () => {
    await run(async () => {
      const app = await spawn(world, "app");
      expect(value(await app.open("/dev/oobecho"))).toEqual({ fd: 0 });
    });
    expect(story(events).filter((line) => /sys_open|install|index_add/.test(line))).toEqual([
      "task:sys_open.enter",
      "vfs:sys_open.enter",
      "vfs:install_inband_fd.enter",
      "companion:install_inband_fd.enter",
      "companion:index_add.fact",
      "companion:install_inband_fd.exit(0)",
      "vfs:install_inband_fd.exit(0)",
      "vfs:sys_open.exit(0)",
      "task:sys_open.exit(0)",
    ]);
    expect(events.find(({ point }) => point === "install_inband_fd")?.locks).toEqual(["files.file_lock:1"]);
  });

  test("events of a house have no gap, and no effect is stamped before its cause", async () => {
    await run(async () => {
      const app = await spawn(world, "app");
      for (let i = 0; i < 20; i++) await app.close(value(await app.open("/dev/oobecho")).fd);
    });
    for (const service of ["task", "vfs", "companion"]) {
      const own = events.filter((event) => event.service === service);
      expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => i + 1));
    }
    const entered = new Map(events.filter(({ phase }) => phase === "enter").map((event) => [event.span, event]));
    for (const event of events) {
      const parent = entered.get(event.parent);
      if (event.parent === 0) continue;
      expect(parent).toBeDefined();
      expect(parent?.lamport).toBeLessThan(event.lamport);
      expect(parent?.trace).toBe(event.trace);
    }
    expect(await world.dropped()).toBe(0);
  });

  test("data crosses: what one stage writes, the other reads", async () => {
    await run(async () => {
      const app = await spawn(world, "app");
      const { fd } = value(await app.open("/dev/oobecho"));
      await app.attach();
      expect(value(await app.write(fd, "from oob"))).toEqual({ count: 8 });
      const read = value(await world.calls.sys_read(app.inband, { fd, count: 100 }));
      expect(new TextDecoder().decode(read.data)).toBe("from oob");
      value(await world.calls.sys_write(app.inband, { fd, data: new TextEncoder().encode("from in-band") }));
      expect(await app.read(fd)).toBe("from in-band");
    });
  });

  test("errnos cross unchanged", async () => {
    await run(async () => {
      const app = await spawn(world, "app");
      expect(short(await app.open("/dev/nothing"))).toBe("ENOENT");
      expect(short(await app.open("/dev/oobgone"))).toBe("ENODEV");
      expect(short(await app.close(9))).toBe("EBADF");
      expect(await app.read(0)).toBe("EPERM");
      await app.attach();
      expect(await app.read(0)).toBe("EBADF");
    });
  });

  if (!onlyTheRoad(name)) {
    test("a refused open gives the reserved descriptor back", async () => {
      await run(async () => {
        const app = await spawn(world, "app");
        const rule = {
          id: "oom",
          point: "oob_open_file",
          select: RULE_FIRST,
          effect: { kind: "refuse", errno: "ENOMEM", delay_ns: 0 },
        } as const;
        expect(await world.arm(rule)).toBeUndefined();
        expect(short(await app.open("/dev/oobecho"))).toBe("ENOMEM");
        expect(value(await app.open("/dev/oobecho"))).toEqual({ fd: 0 });
        expect(await world.faults()).toMatchObject([{ crossings: 2, matched: 2, fired: 1 }]);
        expect(await world.disarm("oom")).toBe(true);
        expect(await world.disarm("oom")).toBe(false);
      });
      expect(events.find(({ fault }) => fault === "oom")).toMatchObject({
        service: "vfs",
        point: "oob_open_file",
        ret: -12,
      });
    });

    test("a fault that the point cannot have is refused when it is armed", async () => {
      const rule = {
        id: "no",
        point: "install_inband_fd",
        select: RULE_FIRST,
        effect: { kind: "refuse", errno: "ENOMEM", delay_ns: 0 },
      } as const;
      expect(await world.arm(rule)).toMatch(/returns nothing, so it cannot refuse/);
      expect(await world.faults()).toEqual([]);
    });

    test.each(["lose_request", "lose_reply", "duplicate"] as const)(
      "after %s of a hook both sides agree again",
      async (kind) => {
        await run(async () => {
          const app = await spawn(world, "app");
          await app.attach();
          await world.arm({ id: "f", point: "install_inband_fd", select: RULE_FIRST, effect: { kind, delay_ns: 0 } });
          const { fd } = value(await app.open("/dev/oobecho"));
          expect(value(await app.write(fd, "hi"))).toEqual({ count: 2 });
          expect(await app.read(fd)).toBe("hi");
          const [{ vfs, companion } = { vfs: [], companion: [] }] = await world.listFiles();
          expect(vfs).toMatchObject([{ fd, file: 1, files: app.files }]);
          expect(companion).toMatchObject([{ fd, file: 1, files: app.files }]);
        });
        expect(events.filter(({ point }) => point === "index_add")).toHaveLength(1);
        const said = { lose_request: ["retry"], lose_reply: ["retry", "repeated"], duplicate: ["repeated"] }[kind];
        expect(story(events).flatMap((line) => /retry|repeated/.exec(line) ?? [])).toEqual(said);
      },
    );

    test("a close waits for the reader inside, and wakes it", async () => {
      await run(async () => {
        const app = await spawn(world, "app");
        const { files } = value(await world.calls.sys_fork(app.inband, { child: "reader", flags: 0x400 }));
        const reader: Task = taskOf(world, "reader", files);
        const { fd } = value(await app.open("/dev/oobecho"));
        await reader.attach();
        const waits = until(world, ({ point }) => point === "oob_wait");
        const reading = reader.read(fd);
        await waits;
        expect(short(await app.close(fd))).toBe("returned");
        expect(await reading).toBe("EIDRM");
      });
      const order = story(events);
      expect(order.indexOf("vfs:oob_release_file.enter")).toBeLessThan(order.indexOf("companion:oob_read.exit(-43)"));
      expect(order.indexOf("companion:oob_read.exit(-43)")).toBeLessThan(order.indexOf("vfs:oob_release_file.exit(0)"));
    });

    test("two tasks of one table: the second waits for the lock while a hook is slow", async () => {
      await run(async () => {
        const app = await spawn(world, "app");
        const { files } = value(await world.calls.sys_fork(app.inband, { child: "peer", flags: 0x400 }));
        const peer = taskOf(world, "peer", files);
        await world.arm({
          id: "slow",
          point: "install_inband_fd",
          select: RULE_FIRST,
          effect: { kind: "delay", delay_ns: 50e6 },
        });
        const held = until(world, ({ point, phase }) => point === "install_inband_fd" && phase === "enter");
        const first = app.open("/dev/oobecho");
        await held;
        const second = await peer.open("/dev/null");
        expect([value(await first).fd, value(second).fd]).toEqual([0, 1]);
      });
      expect(events.find(({ point }) => point === "lock_wait")).toMatchObject({
        args: { lock: "files.file_lock:1", holder: "app" },
      });
    });
  }

  test("a hundred calls at once are all answered, each with its own answer", async () => {
    await run(async () => {
      const app = await spawn(world, "app");
      const replies = await Promise.all(Array.from({ length: 100 }, () => app.open("/dev/oobecho")));
      expect(replies.map((reply) => value(reply).fd).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, i) => i),
      );
    });
    expect(await world.dropped()).toBe(0);
  });

  test("stopping twice is stopping once", async () => {
    await world.stop();
    await world.stop();
  });
});
