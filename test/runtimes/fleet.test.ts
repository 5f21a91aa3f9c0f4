import { readdir, readFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { O } from "../../services/abi/flags.ts";
import { PAIR, SINGLE } from "../../services/abi/topology.ts";
import { loadWorld } from "../../services/lab/load/world.ts";
import type { World } from "../../services/lab/world.ts";
import { createDistributedWorld, type DistributedWorld } from "../../services/runtimes/distributed/world.ts";
import { lifeOf, bootOrder } from "../../services/runtimes/fleet/orders.ts";
import type { LifeFacts } from "../../services/runtimes/fleet/place-life.ts";
import { readPlaces } from "../../services/runtimes/fleet/places-file.ts";
import { createRemoteHost } from "../../services/runtimes/fleet/remote-host.ts";
import { worldText } from "../../services/runtimes/fleet/world-text.ts";
import { connectHouse } from "../../services/transports/grpc/client.ts";
import { controlInvocation } from "../../services/boundary/invocation.ts";
import { bootEpochMs, createRealClock } from "../../services/runtimes/real-clock.ts";
import { value } from "../contract/tasks.ts";
import { identityOf, newAuthority } from "../transports/identities.ts";
import { PROTOS, servePlaces, type Places } from "./places.ts";

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function bootOn(
  places: Places,
  seed: bigint,
  topology = SINGLE,
  frames: "auto" | "stream" = "auto",
): Promise<DistributedWorld> {
  const hosts = places.fleet.hosts(0);
  const world = await createDistributedWorld({ seed, profile: "documented", topology, hosts, restart: true, frames });
  ending.push(() => world.stop());
  return world;
}

async function opened(world: World, task: string): Promise<number> {
  const { files } = value(await world.calls.sys_spawn(outermost(task), { name: task }));
  return value(await world.calls.sys_open(outermost(task, files), { path: "/dev/oobecho", flags: O.O_RDWR })).fd;
}

const until = async (is: () => Promise<boolean>): Promise<void> => {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe("a world on places that somebody else has started", () => {
  test("comes and goes, and the next one on the same places knows nothing of it", async () => {
    const places = await servePlaces(SINGLE);
    ending.push(() => places.close());
    const first = await bootOn(places, 1n);
    expect(await opened(first, "app")).toBe(0);
    await first.stop();

    const second = await bootOn(places, 2n);
    const seen = new Set<string>();
    second.onEvents((events) => events.forEach(({ node, service }) => seen.add(`${node}/${service}`)));
    expect(await opened(second, "app")).toBe(0);
    await second.settle();
    expect([...seen].sort()).toEqual(["alpha/companion", "alpha/task", "alpha/vfs"]);
    expect(second.houses.map(({ incarnation }) => incarnation)).toEqual([1, 1, 1]);
  });

  test("gets a place back that broke off, as a new life with a clean slate; meanwhile nobody waits for it", async () => {
    const places = await servePlaces(SINGLE);
    ending.push(() => places.close());
    const world = await bootOn(places, 1n);
    const facts: string[] = [];
    world.onEvents((events) => events.forEach(({ point, args }) => facts.push(`${point} ${String(args["place"])}`)));
    await opened(world, "app");
    await places.end("alpha/vfs");
    await until(async () => facts.includes("place_down alpha/vfs"));
    expect(await world.calls.sys_spawn(outermost("b"), { name: "b" })).toMatchObject({
      kind: "lost",
      why: "unreachable",
    });

    await places.again("alpha/vfs");
    await until(async () => facts.includes("place_up alpha/vfs"));
    expect(world.houses.map(({ name, incarnation }) => [name, incarnation])).toContainEqual(["alpha/vfs", 2]);
    // The name is free again, and so is the first descriptor.
    expect(await opened(world, "app")).toBe(0);
  });

  test("has one attendant for each place; another one is refused, and told so", async () => {
    const places = await servePlaces(SINGLE);
    ending.push(() => places.close());
    const world = await bootOn(places, 1n);
    await expect(bootOn(places, 2n)).rejects.toThrow(/alpha\/vfs.*somebody else attends to this place/);
    expect(await opened(world, "app")).toBe(0);
  });

  test("speaks TLS to places far away, and is let in by its certificate only", async () => {
    const authority = await newAuthority();
    const tls = await identityOf(authority, ["127.0.0.1"]);
    const places = await servePlaces(PAIR, tls);
    ending.push(() => places.close());
    // Whoever shares memory waits for a bell in a thread of libuv's pool, which has four: nine places in one process that did
    // would wait for each other. In processes of their own each has a pool.
    const world = await bootOn(places, 1n, PAIR, "stream");
    const far = places.fleet.hosts(0).addressesFor("beta/vfs", world.houses);
    expect(far["alpha/vfs"]).toMatch(/^tls:/);
    expect(far["beta/companion"]).toMatch(/^unix:/);

    const stranger = await identityOf(await newAuthority(), ["127.0.0.1"]);
    const host = createRemoteHost({
      address: far["alpha/vfs"] ?? "",
      tls: { ...stranger, ca: tls.ca },
      protos: PROTOS,
    });
    ending.push(async () => {
      host.close();
      await Promise.resolve();
    });
    const place = { t: "house", node: "alpha", house: "vfs" } as const;
    const facts = { topology: PAIR, seed: "1", profile: "documented", epochMs: bootEpochMs() } as const;
    await expect(
      host.boot({ place, facts, incarnation: 1, lamport: 0, mutant: undefined, frames: "auto" }, () => undefined),
    ).rejects.toThrow(/alpha\/vfs at tls:.*does not let us in/);
  });
});

test("a place between two lives is unreachable", async () => {
  const places = await servePlaces(SINGLE);
  ending.push(() => places.close());
  const { near = "" } = places.addresses.get("alpha/vfs") ?? {};
  const client = connectHouse({ address: near, clock: createRealClock(bootEpochMs()), protos: PROTOS });
  ending.push(async () => {
    client.close();
    await Promise.resolve();
  });
  expect(await client.transport(controlInvocation("ctl_list_faults", {}, "lab"))).toMatchObject({
    kind: "lost",
    why: "unreachable",
    reason: "this place waits to be told who it is",
  });
});

test("a clock that was stopped calls nobody back", async () => {
  const clock = createRealClock(bootEpochMs());
  let woken = 0;
  clock.after(1e6, () => woken++);
  void clock.sleepNs(1e6).then(() => woken++);
  clock.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(woken).toBe(0);
});

describe("who a place is, as it travels", () => {
  test("worlds keep everything that a world file says", async () => {
    const files = await readdir("experiments/worlds");
    const written = await Promise.all(files.map((file) => readFile(`experiments/worlds/${file}`, "utf8")));
    const worlds = written.map((text, i) => loadWorld(text, files[i] ?? ""));
    const ksock = { illumosQuirks: true, linuxCloseRst: false, linuxShutdownRead: true };
    const switched = { ...SINGLE, nodes: SINGLE.nodes.map((node) => ({ ...node, ksock })) };
    for (const topology of [PAIR, SINGLE, switched, ...worlds.flatMap((one) => (one.ok ? [one.topology] : []))])
      expect(loadWorld(worldText(topology), "sent")).toEqual({ ok: true, topology });
    expect(worlds.every(({ ok }) => ok)).toBe(true);
  });

  test("a life arrives as it was sent, and one that cannot be is told in one line", () => {
    const life = {
      place: { t: "switch", name: "lan" },
      facts: {
        topology: PAIR,
        seed: "18446744073709551615",
        profile: "as-implemented",
        epochMs: 1.5,
        cores: { beta: "unix:/run/b=1.sock" },
      },
      incarnation: 3,
      lamport: 77,
      mutant: "stale-index",
      frames: "stream",
    } as const;
    const boot = bootOrder(life);
    const { origin, ...facts } = lifeOf(boot).ok ? (lifeOf(boot) as { value: LifeFacts }).value.facts : { origin: 0 };
    expect(origin).toBe(boot.origin);
    expect(facts).toEqual(life.facts);
    expect(lifeOf(boot)).toMatchObject({ ok: true, value: { ...life, facts: {} } });
    expect(lifeOf({ ...boot, place: "gamma/vfs" })).toEqual({ ok: false, reason: "the world has no place gamma/vfs" });
    expect(lifeOf({ ...boot, world: "{" })).toMatchObject({ ok: false, reason: expect.stringMatching(/^the world:/) });
    expect(lifeOf({ ...boot, profile: "imagined" })).toMatchObject({ ok: false });
  });
});

describe("a places file", () => {
  test("says where each place is", () => {
    const text = `places:\n  alpha/vfs: { near: "unix:/run/tenon/vfs.sock", far: "alpha-vfs:7400" }\n`;
    const read = readPlaces(text, "p.yaml");
    expect(read.ok && [...read.value]).toEqual([
      ["alpha/vfs", { near: "unix:/run/tenon/vfs.sock", far: "alpha-vfs:7400" }],
    ]);
  });

  test.each([
    ["places: [", /^p\.yaml: /],
    ["places: { vfs: { far: 'a:1' } }", /alpha\/vfs/],
    ["places: { alpha/vfs: { far: nowhere } }", /nowhere is no address/],
    ["places: { alpha/vfs: { near: 'unix:/x' } }", /far/],
    ["house: {}", /allowed is places:/],
  ])("%s is told in one line", (text, says) => {
    const read = readPlaces(text, "p.yaml");
    expect(read.ok ? "" : read.reason).toMatch(says);
    expect(read.ok ? "" : read.reason).not.toContain("\n");
  });

  test("that leaves out places of the world says which", async () => {
    const places = await servePlaces(SINGLE);
    ending.push(() => places.close());
    expect(places.fleet.problem({ topology: PAIR })).toBe(
      "places.yaml does not say where alpha/nic, beta/vfs, beta/inband, beta/companion, beta/nic, lan/switch are, which the world has",
    );
    expect(places.fleet.problem({ topology: SINGLE })).toBeUndefined();
  });
});
