import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PointArgs, PointValues } from "../../services/abi/contract.generated.ts";
import { AF, SO, SOCK, SOL } from "../../services/abi/flags.ts";
import { PAIR } from "../../services/abi/topology.ts";
import { parseSockaddrBytes } from "../../services/abi/sockaddr.ts";
import type { World } from "../../services/lab/world.ts";
import { callTask } from "../../services/runtimes/backend/call-task.ts";
import { createTaskHolds } from "../../services/runtimes/backend/hold-task.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import type { StreamPoint } from "../../services/streams/task.ts";
import { serveControl } from "../../services/transports/grpc/control-server.ts";
import { connectControl, type ControlClient } from "../../services/transports/grpc/control.ts";
import type { TaskOfNode } from "../../services/transports/grpc/hold-task.ts";
import { createConverter } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-held-"));
const address = `unix:${folder}/control.sock`;
const ends: (() => Promise<void> | void)[] = [];
let world: World;

beforeAll(async () => {
  world = await createWorld("embedded", { seed: 1n, profile: "documented", topology: PAIR });
  const converter = createConverter(loadProtos());
  const current = (): Promise<World> => Promise.resolve(world);
  const control = await serveControl({
    addresses: [address],
    clock: createRealClock(0),
    service: {
      calls: { ctl_call: (args) => callTask(world, converter, args) },
      onEvents: () => () => undefined,
      holdTask: createTaskHolds(current),
    },
  });
  if (!control.ok) throw new Error(control.reason);
  ends.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => world.stop(),
    () => control.value.close(50e6),
  );
});

afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A program that acts as a task, on a connection that can be cut as that of one that is killed. */
interface Program {
  readonly control: ControlClient;
  call<P extends StreamPoint>(point: P, args: PointArgs[P]): Promise<PointValues[P] | string>;
  kill(): void;
}

let wires = 0;

async function program(node: string, task: string): Promise<Program> {
  const sockets: Socket[] = [];
  const wire = createServer((near) => {
    const far = createConnection(`${folder}/control.sock`);
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.pipe(far).pipe(near);
    sockets.push(near, far);
  });
  const path = `${folder}/wire-${++wires}.sock`;
  await new Promise<void>((resolve) => wire.listen(path, resolve));
  const control = connectControl(`unix:${path}`);
  let files = 0;
  const made: Program = {
    control,
    async call(point, args) {
      const reply = await control.callTask({ node, task, files }, point, args);
      return reply.kind === "returned" ? reply.value : reply.kind === "refused" ? reply.errno : reply.why;
    },
    kill() {
      for (const socket of sockets) socket.destroy();
      wire.close();
      control.close();
    },
  };
  ends.push(() => made.kill());
  const spawned = await made.call("sys_spawn", { name: task });
  if (typeof spawned === "string") throw new Error(spawned);
  files = spawned.files;
  return made;
}

const ADDRESS = parseSockaddrBytes("10.0.0.1:80") ?? new Uint8Array(0);

async function socketOf(one: Program): Promise<number> {
  const made = await one.call("sys_socket", { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol: 0 });
  if (typeof made === "string") throw new Error(made);
  return made.fd;
}

/** A socket that listens on port 80 of 10.0.0.1; the errno of bind where that is refused. */
async function listening(one: Program): Promise<number | string> {
  const fd = await socketOf(one);
  await one.call("sys_setsockopt", { fd, level: SOL.SOL_SOCKET, optname: SO.SO_REUSEADDR, value: 1 });
  const bound = await one.call("sys_bind", { fd, addr: ADDRESS });
  if (typeof bound === "string") return bound;
  await one.call("sys_listen", { fd, backlog: 4 });
  return fd;
}

async function connected(client: Program, server: Program, listener: number): Promise<{ c: number; a: number }> {
  const c = await socketOf(client);
  expect(await client.call("sys_connect", { fd: c, addr: ADDRESS })).toEqual({});
  const accepted = await server.call("sys_accept4", { fd: listener, flags: 0 });
  if (typeof accepted === "string") throw new Error(accepted);
  return { c, a: accepted.fd };
}

const tasks = async (): Promise<string[]> =>
  (await world.listTasks()).filter(({ pid }) => pid !== 0).map(({ task }) => task);

describe("a task that a program holds", () => {
  test("dies with its program: its port is free, and its peers get a FIN, or an RST for what it had not read", async () => {
    const client = await program("beta", "client");
    const server = await program("alpha", "server-1");
    expect(await server.control.holdTask({ node: "alpha", task: "server-1" })).toMatchObject({ ok: true });
    const listener = await listening(server);
    if (typeof listener === "string") throw new Error(listener);
    const [quiet, unread] = [await connected(client, server, listener), await connected(client, server, listener)];
    await client.call("sys_sendto", { fd: unread.c, data: Buffer.from("x"), flags: 0, addr: new Uint8Array(0) });
    // Threads of the program wait in the very sockets that are to be closed.
    void server.call("sys_accept4", { fd: listener, flags: 0 });
    void server.call("sys_recvfrom", { fd: quiet.a, count: 10, flags: 0 });
    await server.call("sys_poll", { fd: unread.a, events: 1, timeout_ns: 0 });
    server.kill();
    expect(await client.call("sys_recvfrom", { fd: quiet.c, count: 10, flags: 0 })).toMatchObject({
      data: Buffer.alloc(0),
    });
    expect(await client.call("sys_recvfrom", { fd: unread.c, count: 10, flags: 0 })).toBe("ECONNRESET");
    for (let i = 0; i < 400 && (await tasks()).includes("server-1"); i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const again = await program("alpha", "server-1");
    expect(typeof (await listening(again))).toBe("number");
  });

  test("is one that is there and that nobody else holds; one that is not held stays", async () => {
    const held = await program("alpha", "held");
    const { control } = held;
    const whyNot = async (which: TaskOfNode): Promise<string> => {
      const tried = await control.holdTask(which);
      return tried.ok ? "" : tried.reason;
    };
    expect(await whyNot({ node: "gamma", task: "held" })).toMatch(/there is no node gamma$/);
    expect(await whyNot({ node: "", task: "nobody" })).toMatch(/there is no task nobody on the first node$/);
    expect(await whyNot({ node: "", task: "held" })).toBe("");
    expect(await whyNot({ node: "alpha", task: "held" })).toMatch(/another program holds the task held$/);
    const free = await program("alpha", "free");
    free.kill();
    held.kill();
    for (let i = 0; i < 400 && (await tasks()).includes("held"); i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await tasks()).toContain("free");
    expect(await tasks()).not.toContain("held");
  });

  test("that has ended is let go, and another one of its name is left alone", async () => {
    const first = await program("alpha", "name");
    const held = await first.control.holdTask({ node: "alpha", task: "name" });
    if (!held.ok) throw new Error(held.reason);
    await first.call("sys_exit", { reaper: "" });
    const second = await program("alpha", "name");
    held.value.stop();
    expect(await held.value.ended).toBeUndefined();
    await socketOf(second);
    expect(await tasks()).toContain("name");
  });
});
