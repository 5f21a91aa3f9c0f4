import { createHash } from "node:crypto";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient, type Client } from "../../examples/http-server/client.ts";
import { rangeOf } from "../../examples/http-server/files.ts";
import { serveFiles } from "../../examples/http-server/server.ts";
import { connect, type Listener } from "../../services/streams/connections.ts";
import { spawnTask, type Task } from "../../services/streams/task.ts";
import { FakeNode } from "../streams/fake-node.ts";
import { contentOf, makeFolder, talk } from "./http-ground.ts";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Timers of sockets; real ones, since Node's HTTP server waits in real time. */
const CLOCK = {
  after(ns: number, callback: () => void) {
    const timer = setTimeout(callback, ns / 1e6);
    return { cancel: () => clearTimeout(timer) };
  },
};

describe("the HTTP file server, on sockets that behave as a task's do", () => {
  let node: FakeNode;
  let task: Task;
  let server: Listener;
  let client: Client;
  let ground: Awaited<ReturnType<typeof makeFolder>>;
  const at = (): { address: string; port: number } => ({ address: "10.0.0.1", port: server.port });

  beforeEach(async () => {
    ground = await makeFolder();
    node = new FakeNode();
    task = await spawnTask(node.road, "server", CLOCK);
    server = await serveFiles(task, { folder: ground.folder, address: "0.0.0.0", port: 80 });
    client = createClient(task, at());
  });
  afterEach(async () => {
    client.close();
    await server.close();
    await ground.remove();
  });

  test("a file comes whole, with its length and type", async () => {
    const large = await client.fetch("/large.bin");
    expect(large).toMatchObject({ status: 200, bytes: 300_000, sha256: sha256(contentOf(300_000)) });
    expect(large.headers["content-length"]).toBe("300000");
    const page = await client.fetch("/");
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(await client.fetch("/sub/a%20b.txt?x=1")).toMatchObject({ status: 200, bytes: 19 });
    expect(await client.fetch("/empty.txt")).toMatchObject({ status: 200, bytes: 0 });
  });

  test("one connection serves many requests, several at once need several", async () => {
    for (let i = 0; i < 5; i++) await client.fetch("/index.html");
    const connects = (): number => node.calls.filter((call) => call === "sys_connect").length;
    expect(connects()).toBe(1);
    const all = await Promise.all(Array.from({ length: 8 }, () => client.fetch("/large.bin")));
    expect(new Set(all.map((one) => one.sha256))).toEqual(new Set([sha256(contentOf(300_000))]));
    expect(connects()).toBe(8);
  });

  test("HEAD has the headers and no body; other methods are not allowed", async () => {
    const head = await client.fetch("/large.bin", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, bytes: 0 });
    expect(head.headers["content-length"]).toBe("300000");
    const post = await client.fetch("/index.html", { method: "POST" });
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  test("a range of bytes comes as such, or is told to lie outside", async () => {
    const some = await client.fetch("/large.bin", { headers: { Range: "bytes=1000-1999" } });
    expect(some).toMatchObject({ status: 206, bytes: 1000, sha256: sha256(contentOf(300_000).subarray(1000, 2000)) });
    expect(some.headers["content-range"]).toBe("bytes 1000-1999/300000");
    expect(await client.fetch("/large.bin", { headers: { Range: "bytes=300000-" } })).toMatchObject({ status: 416 });
  });

  test("nothing outside of the folder is served, however it is asked for", async () => {
    const asked = [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/sub/..%2f../secret.txt",
      "/..%5csecret.txt",
      "/way-out.txt",
    ];
    for (const path of asked) expect([path, (await client.fetch(path)).status]).toEqual([path, 403]);
    expect((await client.fetch("/nowhere.txt")).status).toBe(404);
    expect((await client.fetch("/sub")).status).toBe(404);
    expect((await client.fetch("/%00")).status).toBe(400);
    expect((await client.fetch("/%zz")).status).toBe(400);
  });

  test("what is no HTTP gets 400, and the connection ends", async () => {
    expect(await talk(task, at(), "how do you do\r\n\r\n")).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(await talk(task, at(), `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  test("who has closed his half still gets his answer", async () => {
    const answer = await talk(task, at(), "GET /sub/a%20b.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toMatch(/a name with a space$/);
  });

  test("who does not read is sent away, and others are served meanwhile", async () => {
    // Its patience is for silence: a machine that is busy elsewhere must not look like a client that is.
    let cut = (): void => undefined;
    const cutOff = new Promise<void>((resolve) => (cut = resolve));
    const log = (line: string): void => {
      if (line.endsWith(", cut off")) cut();
    };
    const strict = { folder: ground.folder, address: "0.0.0.0", port: 81, idleMs: 500, log };
    const impatient = await serveFiles(task, strict);
    const other = createClient(task, { address: "10.0.0.1", port: 81 });
    const slow = await connect(task, { address: "10.0.0.1", port: 81 });
    slow.write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    expect((await other.fetch("/large.bin")).bytes).toBe(300_000);
    // Nothing was read of the answer: after its time the server gives the connection up.
    await cutOff;
    let bytes = 0;
    slow.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("error", () => undefined);
    await once(slow, "end");
    slow.destroy();
    expect(bytes).toBeLessThan(300_000);
    other.close();
    await impatient.close();
  });

  test("a client that vanishes in the middle of an answer harms nobody", async () => {
    const gone = await connect(task, at());
    gone.on("error", () => undefined).write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(gone, "data");
    gone.destroy();
    expect((await client.fetch("/large.bin")).bytes).toBe(300_000);
  });
});

describe("the Range header", () => {
  test.each([
    [undefined, "all"],
    ["bytes=0-", { start: 0, end: 99 }],
    ["bytes=10-19", { start: 10, end: 19 }],
    ["bytes=90-200", { start: 90, end: 99 }],
    ["bytes=-10", { start: 90, end: 99 }],
    ["bytes=-200", { start: 0, end: 99 }],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=20-10", "all"],
    ["bytes=0-1,5-6", "all"],
    ["lines=0-1", "all"],
    ["bytes=-", "all"],
  ] as const)("%s of a file of 100 bytes", (header, range) => {
    expect(rangeOf(header, 100)).toEqual(range);
  });
});
