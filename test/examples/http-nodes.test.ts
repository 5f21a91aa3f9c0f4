import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient, type Client } from "../../examples/http-server/client.ts";
import { serveFiles } from "../../examples/http-server/server.ts";
import { PAIR } from "../../services/abi/topology.ts";
import type { World } from "../../services/lab/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import type { Listener } from "../../services/streams/connections.ts";
import { roadOver, spawnTask, type Task } from "../../services/streams/task.ts";
import { contentOf, makeFolder, talk } from "./http-ground.ts";

describe("the HTTP file server on one node, its clients on another", () => {
  let world: World;
  let ground: Awaited<ReturnType<typeof makeFolder>>;
  let server: Listener;
  let task: Task;
  let client: Client;
  const at = { address: "10.0.0.1", port: 8080 };

  beforeAll(async () => {
    ground = await makeFolder();
    world = await createWorld("embedded", { seed: 1n, profile: "documented", topology: PAIR });
    const [alpha, beta] = [...world.nodes.values()].map(({ calls }) => roadOver(calls));
    if (alpha === undefined || beta === undefined) throw new Error("a pair has two nodes");
    const serving = await spawnTask(alpha, "server", world.clock);
    server = await serveFiles(serving, { folder: ground.folder, ...at, keepAliveMs: 20_000 });
    task = await spawnTask(beta, "client", world.clock);
    client = createClient(task, at);
  });
  afterAll(async () => {
    client.close();
    await server.close();
    await world.stop();
    await ground.remove();
  });

  test("files arrive whole over several connections at once", async () => {
    const sha256 = createHash("sha256").update(contentOf(300_000)).digest("hex");
    const all = await Promise.all(Array.from({ length: 4 }, () => client.fetch("/large.bin")));
    for (const one of all) expect(one).toMatchObject({ status: 200, bytes: 300_000, sha256 });
    expect((await client.fetch("/../secret.txt")).status).toBe(403);
  });

  test("who closes his half first still gets the answer, and what is no HTTP is refused", async () => {
    const answer = await talk(task, at, "GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*<p>hello<\/p>\n$/);
    expect(await talk(task, at, "hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  });

  test("a port where nobody listens refuses", async () => {
    const nobody = createClient(task, { address: "10.0.0.1", port: 81 });
    await expect(nobody.fetch("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    nobody.close();
  });
});
