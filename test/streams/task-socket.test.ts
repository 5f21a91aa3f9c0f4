import { once } from "node:events";
import { describe, expect, test } from "@jest/globals";
import type { Timer } from "../../services/abi/kit.ts";
import { connect, listen, type Listener } from "../../services/streams/connections.ts";
import type { TaskSocket } from "../../services/streams/task-socket.ts";
import { spawnTask, type Task } from "../../services/streams/task.ts";
import { FakeNode } from "./fake-node.ts";

/** A clock that stands still until it is told to go on. */
class HandClock {
  /** How many timers were ever set. */
  set = 0;
  readonly #timers = new Set<{ readonly ns: number; readonly callback: () => void }>();

  after(ns: number, callback: () => void): Timer {
    const timer = { ns, callback };
    this.#timers.add(timer);
    this.set++;
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Everything that is due after so long, or sooner, happens. */
  pass(ns: number): void {
    for (const timer of [...this.#timers]) {
      if (timer.ns > ns || !this.#timers.delete(timer)) continue;
      timer.callback();
    }
  }
}

interface Ground {
  readonly node: FakeNode;
  readonly task: Task;
  readonly clock: HandClock;
  readonly listener: Listener;
  /** A connection, from both sides. */
  pair(): Promise<readonly [client: TaskSocket, server: TaskSocket]>;
}

async function ground(): Promise<Ground> {
  const node = new FakeNode();
  const clock = new HandClock();
  const task = await spawnTask(node.road, "app", clock);
  const accepted: TaskSocket[] = [];
  let arrives: (() => void) | undefined;
  const listener = await listen(task, { address: "0.0.0.0", port: 80 }, (socket) => {
    accepted.push(socket);
    arrives?.();
  });
  return {
    node,
    task,
    clock,
    listener,
    async pair() {
      const client = await connect(task, { address: "10.0.0.1", port: 80 });
      if (accepted.length === 0) await new Promise<void>((resolve) => (arrives = resolve));
      const server = accepted.shift();
      if (server === undefined) throw new Error("nobody was accepted");
      return [client, server];
    },
  };
}

/** All that a stream has until its end; it is not destroyed, as those who iterate over one do. */
async function taken(socket: TaskSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  return Buffer.concat(chunks);
}

const bytesOf = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff));

describe("a socket of a task as a stream", () => {
  test("much more than the send buffer holds arrives whole and in order", async () => {
    const { pair } = await ground();
    const [client, server] = await pair();
    const sent = bytesOf(600_000);
    client.end(sent);
    expect((await taken(server)).equals(sent)).toBe(true);
    expect([client.bytesWritten, server.bytesRead]).toEqual([600_000, 600_000]);
  });

  test("each half ends by itself: the other side still answers after our FIN", async () => {
    const { node, listener, pair } = await ground();
    const [client, server] = await pair();
    client.end("question");
    expect((await taken(server)).toString()).toBe("question");
    server.end("answer");
    expect((await taken(client)).toString()).toBe("answer");
    for (const socket of [client, server]) if (!socket.closed) await once(socket, "close");
    await listener.close();
    expect(node.open).toBe(0);
  });

  test("a reset is an error with the errno as its code, and the descriptor is closed", async () => {
    const { node, pair } = await ground();
    const [client, server] = await pair();
    const ends = [client, server].map(async (socket) => {
      const [error] = (await once(socket.resume(), "error")) as [NodeJS.ErrnoException];
      return [error.code, error.syscall];
    });
    node.reset();
    expect(await Promise.all(ends)).toEqual([
      ["ECONNRESET", "recvfrom"],
      ["ECONNRESET", "recvfrom"],
    ]);
  });

  test("nothing is received while nobody reads", async () => {
    const { node, pair } = await ground();
    const [client] = await pair();
    client.write(bytesOf(4000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(node.calls.filter((call) => call === "sys_recvfrom")).toEqual([]);
  });

  test("calls that are interrupted or find nothing for a while are made again", async () => {
    const { node, pair } = await ground();
    const [client, server] = await pair();
    node.strikes.push(
      { point: "sys_recvfrom", errno: "EINTR" },
      { point: "sys_recvfrom", errno: "EAGAIN" },
      { point: "sys_sendto", errno: "EINTR" },
      { point: "sys_sendto", errno: "EAGAIN" },
    );
    client.end("through");
    expect((await taken(server)).toString()).toBe("through");
  });

  test("who is destroyed while he waits for bytes is woken, and his descriptor closed", async () => {
    const { node, listener, pair } = await ground();
    const [client, server] = await pair();
    client.resume();
    await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    await once(client, "close");
    // Only the listener waits still, for somebody to accept.
    expect(node.underWay).toBe(1);
    server.resume().end();
    await once(server, "close");
    await listener.close();
    expect([node.open, node.underWay]).toEqual([0, 0]);
  });

  test("silence is told after the timeout, and traffic begins it anew", async () => {
    const { clock, pair } = await ground();
    const [client, server] = await pair();
    let told = 0;
    client.setTimeout(30, () => told++);
    clock.pass(29e6);
    expect(told).toBe(0);
    clock.pass(30e6);
    expect(told).toBe(1);
    clock.pass(30e6);
    expect(told).toBe(1);
    client.write("x");
    await new Promise((resolve) => setImmediate(resolve));
    client.on("timeout", () => told++);
    clock.pass(30e6);
    expect(told).toBe(2);
    client.setTimeout(0);
    clock.pass(1e12);
    expect(told).toBe(2);
    client.setTimeout(30).resume();
    const before = clock.set;
    server.write("y");
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.set).toBe(before + 1);
  });

  test("a port where nobody listens refuses, and no descriptor is left", async () => {
    const { node, task } = await ground();
    const before = node.open;
    await expect(connect(task, { address: "10.0.0.1", port: 81 })).rejects.toMatchObject({
      code: "ECONNREFUSED",
      syscall: "connect",
    });
    expect(node.open).toBe(before);
    await expect(connect(task, { address: "10.0.0.256", port: 80 })).rejects.toThrow("10.0.0.256 is no IPv4 address");
  });

  test("a connection that is reset before it is accepted ends nothing, and no call waits for ever", async () => {
    const { node, pair } = await ground();
    await pair();
    node.strikes.push({ point: "sys_accept4", errno: "ECONNABORTED" });
    await pair();
    await pair();
    expect([node.patient.size, node.open]).toEqual([7, 7]);
  });

  test("a listener says why it accepts nobody any more, and nothing when it was closed", async () => {
    const { node, task, listener } = await ground();
    node.strikes.push({ point: "sys_accept4", errno: "EIO" });
    const second = await listen(task, { address: "0.0.0.0", port: 90 }, () => undefined);
    expect(await second.ended).toMatchObject({ code: "EIO", syscall: "accept4" });
    await listener.close();
    expect(await listener.ended).toBeUndefined();
    await expect(listen(task, { address: "10.0.0.1", port: 70_000 }, () => undefined)).rejects.toThrow();
  });

  test("a connection that is reset in the moment in which it is accepted is closed, and the next one is accepted", async () => {
    const { node, pair, task } = await ground();
    const { open } = node;
    // Both ends ask for their name.
    for (const errno of ["ENOTCONN", "ENOTCONN"] as const) node.strikes.push({ point: "sys_getsockname", errno });
    await expect(connect(task, { address: "10.0.0.1", port: 80 })).rejects.toMatchObject({ code: "ENOTCONN" });
    await new Promise((resolve) => setImmediate(resolve));
    expect([node.strikes, node.open]).toEqual([[], open]);
    await pair();
  });

  test("what a program throws at a connection is its own mistake: it is told, and no connection is taken for reset", async () => {
    const { node, task } = await ground();
    const mistake = new Error("no such page");
    const listener = await listen(task, { address: "0.0.0.0", port: 90 }, () => {
      throw mistake;
    });
    const ended = expect(listener.ended).rejects.toBe(mistake);
    await connect(task, { address: "10.0.0.1", port: 90 });
    await ended;
    expect(node.calls).not.toContain("sys_close");
  });

  test("a listener that has no descriptor left rests and goes on", async () => {
    const { node, clock, task } = await ground();
    node.strikes.push({ point: "sys_accept4", errno: "EMFILE" });
    const seen: TaskSocket[] = [];
    const second = await listen(task, { address: "0.0.0.0", port: 90 }, (socket) => seen.push(socket));
    await connect(task, { address: "10.0.0.1", port: 90 });
    expect(seen).toEqual([]);
    clock.pass(100e6);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toHaveLength(1);
    await second.close();
    await second.close();
  });
});
