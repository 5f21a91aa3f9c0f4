import { createServer as createHttp2Server, type Http2Session } from "node:http2";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  status,
  type ServerWritableStream,
  type ServiceError,
} from "@grpc/grpc-js";
import type { FaultRule } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { fail, ok } from "../../services/abi/result.ts";
import { asBytes, clientOptions, pathOf, STREAM_EVENTS_PATH } from "../../services/transports/grpc/channel.ts";
import { connectControl } from "../../services/transports/grpc/control.ts";
import { serveControl, type ControlService } from "../../services/transports/grpc/control-server.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { clock, latch, socketFolder } from "./support.ts";

const protos = loadProtos();
const rule: FaultRule = {
  id: "storm",
  point: "sock_oob_bind",
  effect: { kind: "refuse", errno: "ENOMEM", delay_ns: 0 },
};
const event = (seq: number, point = "sys_open"): TraceEvent => ({
  seq,
  lamport: seq,
  timeNs: seq,
  node: "alpha",
  service: "vfs",
  stage: "inband",
  point,
  phase: "fact",
  span: 1,
  parent: 0,
  trace: 1,
  slice: {},
  args: {},
  locks: [],
});

describe("the control of a running kernel", () => {
  const folder = socketFolder();
  const closers: (() => unknown)[] = [];
  let sockets = 0;
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(folder.remove);

  async function kernel(service: Partial<ControlService>) {
    const address = folder.address(`c${(sockets += 1)}`);
    const listeners = new Set<(events: readonly TraceEvent[]) => void>();
    const listening = latch();
    const onEvents: ControlService["onEvents"] = (listener) => {
      listeners.add(listener);
      listening.open();
      return () => void listeners.delete(listener);
    };
    const server = await serveControl({
      addresses: [address],
      clock,
      protos,
      service: { calls: {}, onEvents, ...service },
    });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    const emit = (events: readonly TraceEvent[]): void => listeners.forEach((listener) => listener(events));
    return { address, server: server.value, emit, listening: listening.promise, listeners };
  }

  function connect(address: string) {
    const client = connectControl(address, { protos });
    closers.push(client.close);
    return client;
  }

  test("rules are armed, listed and disarmed; an errno is an answer", async () => {
    const armed: FaultRule[] = [];
    const { address } = await kernel({
      calls: {
        ctl_arm_fault: async ({ rule: given }) => {
          if (given === undefined) return fail("EINVAL");
          armed.push(given);
          return ok({ reason: given.id === "bad" ? "it cannot refuse" : "" });
        },
        ctl_disarm_fault: async ({ id }) => (id === "storm" ? ok({}) : fail("ENOENT")),
        ctl_list_faults: async () =>
          ok({ reports: armed.map((one) => ({ rule: one, crossings: 3, matched: 2, fired: 1 })) }),
      },
    });
    const control = connect(address);
    expect(await control.armFault(rule)).toMatchObject({ kind: "returned", value: { reason: "" } });
    expect(await control.armFault({ ...rule, id: "bad" })).toMatchObject({ value: { reason: "it cannot refuse" } });
    expect(armed[0]).toEqual(rule);
    expect(await control.listFaults()).toMatchObject({
      value: { reports: [{ rule, fired: 1 }, { rule: { id: "bad" } }] },
    });
    expect(await control.disarmFault("storm")).toMatchObject({ kind: "returned" });
    expect(await control.disarmFault("calm")).toMatchObject({ kind: "refused", errno: "ENOENT" });
  });

  test("open files, the network and events are taken, with what is asked for", async () => {
    const entry = {
      tasks: ["init"],
      files: 1,
      fd: 3,
      file: 9,
      dev: "oobecho",
      flags: 2,
      close_on_exec: true,
      oob_data: 0,
      references: 1,
    };
    const counter = { where: "eth0", name: "netem_drop", count: 7, node: "beta", house: "nic" as const };
    const network = {
      devices: [],
      sockets: [],
      routes: [],
      neighbours: [],
      counters: [counter],
      oob_devices: [],
      vlan_maps: [],
    };
    const { address } = await kernel({
      calls: {
        ctl_list_files: async () => ok({ entries: [entry] }),
        ctl_list_network: async () => ok(network),
        ctl_take_events: async ({ max, wait_ns }) => ok({ events: [], dropped: max + wait_ns }),
      },
    });
    const control = connect(address);
    expect(await control.listFiles()).toMatchObject({ value: { entries: [entry] } });
    expect(await control.listNetwork()).toMatchObject({ value: network });
    expect(await control.takeEvents(10, 32)).toMatchObject({ value: { events: [], dropped: 42 } });
  });

  test("where nothing runs, one line says so; so it does where something else runs, and for no address at all", async () => {
    const address = folder.address("nothing");
    const control = connect(address);
    expect(await control.listFaults()).toMatchObject({
      kind: "lost",
      why: "unreachable",
      reason: `nothing runs at ${address}`,
    });
    expect(await control.streamEvents(() => undefined).ended).toBe(`nothing runs at ${address}`);
    const { address: bare } = await kernel({});
    expect(await connect(bare).listFiles()).toMatchObject({
      kind: "lost",
      reason: `what runs at ${bare} has no such control`,
    });
    const nowhere = connect("nowhere");
    expect(await nowhere.listFiles()).toMatchObject({
      kind: "lost",
      reason: expect.stringMatching(/^nowhere is no address/) as unknown,
    });
    expect(await nowhere.streamEvents(() => undefined).ended).toMatch(/^nowhere is no address/);
  });

  test("a call to something that never answers ends by the time in the client's options", async () => {
    const address = folder.address("silent");
    const sessions: Http2Session[] = [];
    const server = createHttp2Server();
    server.on("session", (session) => sessions.push(session));
    server.on("stream", () => undefined);
    await new Promise<void>((resolve) => server.listen(address.slice("unix:".length), resolve));
    const client = new Client(
      address,
      credentials.createInsecure(),
      clientOptions(() => 30),
    );
    const error = await new Promise<ServiceError | null>((resolve) =>
      client.makeUnaryRequest(pathOf("ctl_list_files"), asBytes, asBytes, Buffer.alloc(0), resolve),
    );
    expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
    client.close();
    for (const session of sessions) session.destroy();
    server.close();
  });

  test("events come in batches, those of the points that were asked for, until the listener stops", async () => {
    const { address, emit, listening, listeners } = await kernel({});
    const seqs: number[] = [];
    const all = latch();
    const stream = connect(address).streamEvents(
      (events) => {
        seqs.push(...events.map(({ seq }) => seq));
        if (seqs.length === 3) all.open();
      },
      ["sys_open"],
    );
    await listening;
    emit([event(1), event(2, "sys_close")]);
    emit([event(3)]);
    emit([event(4)]);
    await all.promise;
    expect(seqs).toEqual([1, 3, 4]);
    stream.stop();
    expect(await stream.ended).toBeUndefined();
    while (listeners.size > 0) await new Promise(setImmediate);
  });

  test("a kernel that ends in good order ends the stream without a complaint", async () => {
    const { address, server, listening } = await kernel({});
    const stream = connect(address).streamEvents(() => undefined);
    await listening;
    await server.close(5e9);
    expect(await stream.ended).toBeUndefined();
  });

  test("a kernel that is killed under a listener went away, which is not the same as never having run", async () => {
    const address = folder.address("killed");
    const server = new Server();
    const handle = (stream: ServerWritableStream<Buffer, Buffer>): void => void stream.write(Buffer.alloc(0));
    server.register(STREAM_EVENTS_PATH, handle, asBytes, asBytes, "serverStream");
    await new Promise<void>((resolve) =>
      server.bindAsync(address, ServerCredentials.createInsecure(), () => resolve()),
    );
    const heard = latch();
    const events = connect(address).streamEvents(() => heard.open());
    await heard.promise;
    server.forceShutdown();
    expect(await events.ended).toBe(`the kernel at ${address} went away`);
  });

  test("a batch that no message holds is sent in parts, without the one event that is too large by itself", async () => {
    const { address, emit, listening } = await kernel({});
    const seqs: number[] = [];
    const done = latch();
    connect(address).streamEvents((events) => {
      seqs.push(...events.map(({ seq }) => seq));
      if (seqs.includes(9)) done.open();
    });
    await listening;
    const long = (seq: number, bytes: number): TraceEvent => ({ ...event(seq), args: { data: "x".repeat(bytes) } });
    const half = LIMITS.messageBytesMax / 2;
    emit([long(1, half), long(2, half), long(3, 2 * half), long(4, half), event(9)]);
    await done.promise;
    expect(seqs).toEqual([1, 2, 4, 9]);
  });

  test("a listener that does not keep up misses the oldest events, and the kernel keeps no more than its ring holds", async () => {
    const { address, emit, listening } = await kernel({});
    let last = 0;
    let gaps = 0;
    const done = latch();
    const total = 3 * LIMITS.eventRing;
    connect(address).streamEvents((events) => {
      for (const { seq } of events) {
        if (seq !== last + 1) gaps += 1;
        last = seq;
      }
      if (last === total) done.open();
    });
    await listening;
    // All in one turn: the stream takes some of it, and the rest has to wait.
    for (let seq = 1; seq <= total; seq += 64) emit(Array.from({ length: 64 }, (_, i) => event(seq + i)));
    await done.promise;
    expect(gaps).toBe(1);
  });
});
