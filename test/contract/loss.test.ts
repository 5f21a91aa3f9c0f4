import { afterEach, describe, expect, test } from "@jest/globals";
import type { BuiltHouse } from "../../services/runtimes/links.ts";
import { createDistributedWorld, type DistributedWorld } from "../../services/runtimes/distributed/world.ts";
import { record, short, spawn, until, value } from "./tasks.ts";

describe("a house that dies or hangs while a call is in flight", () => {
  let world: DistributedWorld;
  afterEach(() => world.stop());
  const boot = async (restart = false): Promise<DistributedWorld> =>
    (world = await createDistributedWorld({ seed: 1n, profile: "documented", restart }));
  const pidOf = (house: BuiltHouse): number => world.houses.find((one) => one.house === house)?.pid ?? 0;

  test("a killed core: the reader inside is lost, and every later call ends with an answer", async () => {
    const { calls } = await boot();
    const events = record(world);
    const app = await spawn(world, "app");
    const { fd } = value(await app.open("/dev/oobecho"));
    await app.attach();
    const waits = until(world, ({ point }) => point === "oob_wait");
    const reading = app.read(fd);
    await waits;
    process.kill(pidOf("companion"), "SIGKILL");
    expect(await reading).toBe("lost(unreachable)");
    // The kernel goes on without its core: it cannot open the device, and closes what is open.
    expect(short(await app.open("/dev/oobecho"))).toBe("EIO");
    expect(short(await app.open("/dev/null"))).toBe("returned");
    expect(short(await app.close(fd))).toBe("returned");
    expect(short(await calls.sys_exit(app.inband, { reaper: "" }))).toBe("returned");
    await world.settle();
    expect(
      events.filter(({ point, lost }) => point === "uninstall_inband_fd" && lost === "unreachable").length,
    ).toBeGreaterThan(0);
  });

  test("a core that hangs costs the deadline and no more; when it goes on it acts once on what it had got", async () => {
    await boot();
    const events = record(world);
    const app = await spawn(world, "app");
    const { fd } = value(await app.open("/dev/oobecho"));
    process.kill(pidOf("companion"), "SIGSTOP");
    const duplicating = world.calls.sys_dup(app.inband, { fd });
    expect(short(await duplicating)).toBe("returned");
    process.kill(pidOf("companion"), "SIGCONT");
    await until(world, ({ point }) => point === "repeated");
    await world.settle();
    // Asked, asked again, given up: two tries of one id, of which one was acted on.
    expect(
      events.find(
        ({ service, point, slice, lost }) =>
          service === "vfs" && point === "install_inband_fd" && slice["fd"] === 1 && lost === "timeout",
      ),
    ).toBeDefined();
    expect(events.filter(({ point, slice }) => point === "index_add" && slice["fd"] === 1)).toHaveLength(1);
    expect((await world.listFiles())[0]?.companion.map((entry) => entry.fd)).toEqual([0, 1]);
  });

  test("a killed VFS: the task sees that its call was lost, at once", async () => {
    await boot();
    const app = await spawn(world, "app");
    process.kill(pidOf("vfs"), "SIGKILL");
    expect(short(await app.open("/dev/null"))).toBe("lost(unreachable)");
  });

  test("under supervision a killed core comes back, is told what is open, and serves again", async () => {
    await boot(true);
    const app = await spawn(world, "app");
    const before = value(await app.open("/dev/oobecho"));
    process.kill(pidOf("companion"), "SIGKILL");
    const again = async (): Promise<number> => {
      for (;;) {
        const reply = await app.open("/dev/oobecho");
        if (reply.kind === "returned") return reply.value.fd;
      }
    };
    const fd = await again();
    expect(world.houses.find(({ house }) => house === "companion")?.incarnation).toBe(2);
    const indexed = async (): Promise<number[]> =>
      ((await world.listFiles())[0]?.companion ?? []).map((entry) => entry.fd).sort((a, b) => a - b);
    // It is told of what was open while it already serves what is opened now.
    while ((await indexed()).length < 2);
    expect(await indexed()).toEqual([before.fd, fd]);
  });
});
