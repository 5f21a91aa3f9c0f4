import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Metadata, status, type Client } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseFault } from "../../services/abi/fault-grammar.ts";
import { PAIR } from "../../services/abi/topology.ts";
import type { World } from "../../services/lab/world.ts";
import { ksockServiceOf } from "../../services/runtimes/ksock-road.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { asBytes } from "../../services/transports/grpc/channel.ts";
import { createCodec } from "../../services/transports/grpc/codec.ts";
import { serveControl } from "../../services/transports/grpc/control-server.ts";
import { dial } from "../../services/transports/grpc/dial.ts";
import { KSOCK_SERVICE } from "../../services/transports/grpc/ksock-words.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-cancelled-"));
const address = `unix:${folder}/control.sock`;
const codec = createCodec(loadProtos());
let world: World;
let close: () => Promise<void>;
let client: Client;

const connect = (to = address): Client => {
  const dialled = dial(to, undefined, {});
  if (!dialled.ok) throw new Error(dialled.reason);
  return dialled.value;
};

/** A program of its own, with a connection that can be cut as that of one that is killed. */
async function program(): Promise<{ client: Client; kill: () => void }> {
  const sockets: Socket[] = [];
  const wire = createServer((near) => {
    const far = createConnection(`${folder}/control.sock`);
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.pipe(far).pipe(near);
    sockets.push(near, far);
  });
  await new Promise<void>((resolve) => wire.listen(`${folder}/program.sock`, resolve));
  const client = connect(`unix:${folder}/program.sock`);
  return {
    client,
    kill() {
      for (const socket of sockets) socket.destroy();
      wire.close();
      client.close();
    },
  };
}

beforeAll(async () => {
  world = await createWorld("embedded", { seed: 1n, profile: "documented", topology: PAIR });
  const clock = createRealClock(0);
  const control = await serveControl({
    addresses: [address],
    clock,
    service: {
      calls: {},
      onEvents: () => () => undefined,
      ksock: ksockServiceOf(() => Promise.resolve(world), clock),
    },
  });
  if (!control.ok) throw new Error(control.reason);
  close = () => control.value.close(50e6);
  client = connect();
});

afterAll(async () => {
  client.close();
  await close();
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Call {
  /** What it came to: the fields of the answer, or the status of gRPC. */
  readonly over: Promise<Readonly<Record<string, unknown>> | status>;
  cancel(): void;
}

/** An rpc, as a program in any language makes it. */
function begin(rpc: string, args: object, { by = client, withinMs = 0 } = {}): Call {
  const request = codec.encode(`KernelSockets${rpc}Request`, { node: "alpha", ...args });
  if (!request.ok) throw new Error(request.reason);
  let cancel = (): void => undefined;
  const over = new Promise<Readonly<Record<string, unknown>> | status>((resolve) => {
    const options = withinMs === 0 ? {} : { deadline: Date.now() + withinMs };
    const path = `/${KSOCK_SERVICE}/${rpc}`;
    const call = by.makeUnaryRequest(path, asBytes, asBytes, request.value, new Metadata(), options, (error, bytes) => {
      if (error !== null) {
        resolve(error.code);
        return;
      }
      const answer = codec.decode(`KernelSockets${rpc}Response`, bytes ?? Buffer.alloc(0));
      resolve(answer.ok ? (answer.value.value) : status.INTERNAL);
    });
    cancel = () => call.cancel();
  });
  return { over, cancel };
}

const rpc = async (name: string, args: object): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await begin(name, args).over;
  if (typeof answer === "number") throw new Error(`${name}: ${status[answer]}`);
  return answer;
};

const numberIn = (answer: Readonly<Record<string, unknown>>, key: string): number => Number(answer[key]);

/** Resolves when it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000 && !(await isSo()); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await isSo()).toBe(true);
}

/** How often each fact was told so far. */
const told = new Map<string, number>();
beforeAll(() => {
  world.onEvents((events) => {
    for (const { point, phase, args } of events) {
      if (phase !== "fact") continue;
      const why = args["why"] ?? args["what"];
      const key = why === undefined ? point : `${point} ${String(why)}`;
      told.set(key, (told.get(key) ?? 0) + 1);
    }
  });
});
const times = (key: string): number => told.get(key) ?? 0;

let port = 7000;

async function listening(): Promise<{ ks: number; port: number }> {
  const ks = numberIn(await rpc("Socket", { domain: "AF_INET", type: "SOCK_STREAM" }), "ks");
  await rpc("Bind", { ks, host: "10.0.0.1", port: ++port });
  await rpc("Listen", { ks, backlog: 8 });
  return { ks, port };
}

async function connected(): Promise<{ c: number; a: number; l: number; port: number }> {
  const { ks: l, port } = await listening();
  const c = numberIn(await rpc("Socket", { domain: "AF_INET", type: "SOCK_STREAM" }), "ks");
  expect(await rpc("Connect", { ks: c, host: "10.0.0.1", port })).toMatchObject({ error: 0 });
  return { c, a: numberIn(await rpc("Accept", { ks: l }), "newks"), l, port };
}

/** Begins calls that wait, and returns when all of them sleep. */
async function asleep(what: string, begun: () => Call, count = 1): Promise<readonly Call[]> {
  const before = times(`ksock_wait ${what}`);
  const calls = Array.from({ length: count }, begun);
  await until(() => times(`ksock_wait ${what}`) >= before + count);
  return calls;
}

describe("a call over gRPC that nobody waits for any more", () => {
  test("ends at once when it is cancelled, and takes nothing: what comes is the next one's", async () => {
    const { c, a } = await connected();
    const before = times("ksock_wake interrupted");
    const [reading] = await asleep("recv", () => begin("Recv", { ks: a, msgsize: 10 }));
    reading?.cancel();
    expect(await reading?.over).toBe(status.CANCELLED);
    await until(() => times("ksock_wake interrupted") > before);
    await rpc("Send", { ks: c, msg: Buffer.from("whole") });
    expect(await rpc("Recv", { ks: a, msgsize: 10 })).toMatchObject({ error: 0, msg: Buffer.from("whole") });
  });

  test("ends at its deadline, wherever it sleeps", async () => {
    const { a, l } = await connected();
    const before = times("ksock_wake interrupted");
    const within = { withinMs: 300 };
    const calls = [
      begin("Recv", { ks: a, msgsize: 10 }, within),
      begin("Accept", { ks: l }, within),
      begin("Spoll", { ks: a, timeout_ms: -1, events: "POLLIN" }, within),
    ];
    expect(await Promise.all(calls.map(({ over }) => over))).toEqual(Array(3).fill(status.DEADLINE_EXCEEDED));
    await until(() => times("ksock_wake interrupted") === before + 3);
  });

  test("ends when the connection of its program is gone, with a hundred others", async () => {
    const { a, l } = await connected();
    const before = times("ksock_wake interrupted");
    const { client: by, kill } = await program();
    await asleep("accept", () => begin("Accept", { ks: l }, { by }), 50);
    await asleep("poll", () => begin("Spoll", { ks: a, timeout_ms: -1, events: "POLLIN" }, { by }), 50);
    kill();
    await until(() => times("ksock_wake interrupted") === before + 100);
    expect(await rpc("Close", { ks: l })).toMatchObject({ error: 0 });
  });

  test("leaves nothing that it has accepted: who connected hears that nobody is there", async () => {
    // The cancellation races the connection; whoever wins, each connection ends up with somebody, or is closed.
    const { ks: l, port } = await listening();
    for (let round = 0; round < 20; round++) {
      const [accepting] = await asleep("accept", () => begin("Accept", { ks: l }));
      const c = numberIn(await rpc("Socket", { domain: "AF_INET", type: "SOCK_STREAM" }), "ks");
      const connecting = rpc("Connect", { ks: c, host: "10.0.0.1", port });
      accepting?.cancel();
      const accepted = await accepting?.over;
      expect(await connecting).toMatchObject({ error: 0 });
      const end = begin("Recv", { ks: c, msgsize: 1 });
      if (typeof accepted !== "number") await rpc("Close", { ks: numberIn(accepted ?? {}, "newks") });
      else {
        // It waits for the next accept, or was taken by the one that nobody wanted, and closed.
        const next = begin("Accept", { ks: l });
        const first = await Promise.race([end.over.then(() => undefined), next.over]);
        if (first !== undefined && typeof first !== "number") await rpc("Close", { ks: numberIn(first, "newks") });
        else next.cancel();
      }
      expect(await end.over).toMatchObject({ error: 0, msg: Buffer.alloc(0) });
      await rpc("Close", { ks: c });
    }
  });

  test("and whose interruption is lost is interrupted again", async () => {
    const { a } = await connected();
    const before = times("ksock_wake interrupted");
    const [reading] = await asleep("recv", () => begin("Recv", { ks: a, msgsize: 10 }));
    const parsed = parseFault("ksock_interrupt: 1*lose-request -> 1*lose-reply");
    if ("error" in parsed) throw new Error(parsed.error);
    for (const rule of parsed.rules) expect(await world.arm(rule)).toBeUndefined();
    reading?.cancel();
    await until(() => times("ksock_wake interrupted") > before);
    // It answers although what interrupted it was lost, too: nothing is left behind.
    await world.disarm("*");
    expect(await rpc("Close", { ks: a })).toMatchObject({ error: 0 });
  });
});
