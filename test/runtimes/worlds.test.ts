import { afterEach, describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import type { FaultRule } from "../../services/abi/contract.generated.ts";
import { O } from "../../services/abi/flags.ts";
import { parseSockaddrBytes } from "../../services/abi/sockaddr.ts";
import { PAIR } from "../../services/abi/topology.ts";
import { causality } from "../../services/rules/causality.ts";
import { firstDifferingEvent } from "../../services/lab/determinism.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import type { World, WorldNode } from "../../services/lab/world.ts";
import { createDistributedWorld } from "../../services/runtimes/distributed/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import type { WorldOptions } from "../../services/runtimes/world-options.ts";
import { record, RULE_FIRST, value } from "../contract/tasks.ts";

const OPTIONS: WorldOptions = { seed: 1n, profile: "documented", topology: PAIR };
const RUNTIMES: readonly { readonly name: string; readonly create: () => Promise<World> }[] = [
  { name: "simulated", create: () => createWorld("simulated", OPTIONS) },
  { name: "embedded", create: () => createWorld("embedded", OPTIONS) },
  { name: "distributed over unix sockets", create: () => createDistributedWorld({ ...OPTIONS, over: "unix" }) },
  {
    name: "distributed over TCP, streams for frames",
    create: () => createDistributedWorld({ ...OPTIONS, over: "tcp", frames: "stream" }),
  },
];

const nodeOf = (world: World, name: string): WorldNode => {
  const node = world.nodes.get(name);
  if (node === undefined) throw new Error(`there is no node ${name}`);
  return node;
};

/** A task of the same name on each node opens a device. */
async function openOn(world: World, name: string, times: number): Promise<number[]> {
  const { calls } = nodeOf(world, name);
  const { files } = value(await calls.sys_spawn(outermost("app"), { name: "app" }));
  const context = outermost("app", files);
  const fds: number[] = [];
  for (let i = 0; i < times; i++)
    fds.push(value(await calls.sys_open(context, { path: "/dev/oobecho", flags: O.O_RDWR })).fd);
  return fds;
}

const slow = (id: string, node?: string): FaultRule => ({
  id,
  point: "install_inband_fd",
  ...(node !== undefined && {
    match: { node, caller: "", task: "", slice: [], args: [], require_callers: [], reject_callers: [] },
  }),
  select: RULE_FIRST,
  effect: { kind: "delay", delay_ns: 1000 },
});

describe.each(RUNTIMES)("a world of two nodes, $name", ({ create }) => {
  let world: World;
  afterEach(() => world.stop());

  test("has two kernels that know nothing of each other's tasks and files, and events of both", async () => {
    world = await create();
    const events = record(world);
    expect([...world.nodes.keys()]).toEqual(["alpha", "beta"]);
    await world.drive(async () => {
      expect(await openOn(world, "alpha", 1)).toEqual([0]);
      expect(await openOn(world, "beta", 2)).toEqual([0, 1]);
      await world.settle();
    });
    const listed = await world.listFiles();
    expect(listed.map(({ node, vfs, companion }) => [node, vfs.length, companion.length])).toEqual([
      ["alpha", 1, 1],
      ["beta", 2, 2],
    ]);
    expect(listed[1]?.vfs[0]).toMatchObject({ tasks: ["app"], files: 1, fd: 0 });
    const installed = events.filter(
      ({ point, phase, service }) => point === "install_inband_fd" && phase === "enter" && service === "vfs",
    );
    expect(installed.map(({ node }) => node)).toEqual(["alpha", "beta", "beta"]);
    for (const node of ["alpha", "beta"]) {
      for (const service of ["task", "vfs", "companion"]) {
        const seqs = events.filter((event) => event.node === node && event.service === service).map(({ seq }) => seq);
        expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
      }
    }
    const spans = events.filter(({ phase }) => phase === "enter").map(({ span }) => span);
    expect(new Set(spans).size).toBe(spans.length);
    expect((await world.network()).map(({ node, house }) => `${node}/${house}`)).toEqual(
      ["alpha", "beta"].flatMap((node) => ["vfs", "inband", "companion", "nic"].map((house) => `${node}/${house}`)),
    );
  });

  test("a rule without a node strikes on each of them, and its counts are summed; with one only there", async () => {
    world = await create();
    await world.drive(async () => {
      expect(await world.arm(slow("all"))).toBeUndefined();
      expect(await world.arm(slow("there", "beta"))).toBeUndefined();
      expect(await world.arm(slow("nowhere", "gamma"))).toBe("there is no node gamma; there is alpha, beta");
      await openOn(world, "alpha", 2);
      await openOn(world, "beta", 3);
    });
    const counts = (await world.faults()).map(({ rule, crossings, matched, fired, suppressed }) => [
      rule?.id,
      { crossings, matched, fired, notIts: suppressed?.nth },
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      all: { crossings: 5, matched: 5, fired: 2, notIts: 3 },
      // Where the other one struck, nothing kept this one from it.
      there: { crossings: 3, matched: 3, fired: 0, notIts: 2 },
    });
    // What one node has under that name cannot be armed on both; then it is armed on neither, and the first one stays.
    expect(await world.arm(slow("there"))).toMatch(/is armed already/);
    expect((await world.faults()).map(({ rule }) => rule?.match?.node)).toContain("beta");
    expect(await world.disarm("*")).toBe(true);
    expect(await world.faults()).toEqual([]);
  });
});

describe.each(RUNTIMES)("the wire between two nodes, $name", ({ create }) => {
  test("carries a datagram, and causes lead from the one node to the other", async () => {
    const world = await create();
    const events = record(world);
    await world.drive(async () => {
      const [client, server] = [nodeOf(world, "alpha").calls, nodeOf(world, "beta").calls];
      const here = outermost("app", value(await client.sys_spawn(outermost("app"), { name: "app" })).files);
      const there = outermost("app", value(await server.sys_spawn(outermost("app"), { name: "app" })).files);
      const socket = { family: 2, type: 2, protocol: 0 };
      const bound = value(await server.sys_socket(there, socket)).fd;
      const addr = parseSockaddrBytes("10.0.0.2:7000") ?? new Uint8Array();
      value(await server.sys_bind(there, { fd: bound, addr }));
      const { fd } = value(await client.sys_socket(here, socket));
      value(await client.sys_sendto(here, { fd, data: new TextEncoder().encode("ping"), flags: 0, addr }));
      const got = value(await server.sys_recvfrom(there, { fd: bound, count: 100, flags: 0 }));
      expect(new TextDecoder().decode(got.data)).toBe("ping");
      await world.settle();
    });
    const sent = events.find(({ point, node }) => point === "frame_send" && node === "alpha");
    const delivered = events.find(({ point, args }) => point === "frame_end" && args["fate"] === "delivered");
    expect(delivered?.node).toBe("beta");
    const { before } = causality(events);
    expect(sent !== undefined && delivered !== undefined && before(sent, delivered)).toBe(true);
    await world.stop();
  });
});

describe("a simulated world of two nodes", () => {
  async function traceOf(seed: bigint): Promise<string[]> {
    const world = await createWorld("simulated", { ...OPTIONS, seed });
    const events = record(world);
    await world.arm({
      ...slow("late"),
      select: { nth: [], every: 1, interval: 0, times: 0, probability: { numerator: 1, denominator: 2 } },
    });
    await world.drive(async () => {
      await Promise.all([openOn(world, "alpha", 5), openOn(world, "beta", 5)]);
    });
    await world.settle();
    return events.map(eventToLine);
  }

  test("leaves the same trace to the byte for the same seed, and another one for another seed", async () => {
    const traces = new Set<string>();
    for (let seed = 1n; seed <= 5n; seed++) {
      const first = await traceOf(seed);
      expect(firstDifferingEvent(first, await traceOf(seed))?.text).toBeUndefined();
      traces.add(first.join("\n"));
    }
    expect(traces.size).toBe(5);
  });

  test("chance strikes each node by itself", async () => {
    const lines = (await Promise.all([1n, 2n, 3n, 4n].map(traceOf))).map((trace) =>
      ["alpha", "beta"].map((node) =>
        trace
          .filter(
            (line) =>
              line.includes(`"node":"${node}","service":"vfs"`) && line.includes('"install_inband_fd","phase":"exit"'),
          )
          .map((line) => line.includes('"fault":"late"')),
      ),
    );
    expect(lines.some(([alpha, beta]) => JSON.stringify(alpha) !== JSON.stringify(beta))).toBe(true);
  });
});
