import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { echo } from "../../examples/ksock-echo/client.ts";
import { startEchoServer } from "../../examples/ksock-echo/server.ts";
import { PAIR } from "../../services/abi/topology.ts";
import type { Kernel } from "../../services/cli/backend.ts";
import { createKsock, type Ksock, type Road } from "../../services/ksock/index.ts";
import type { Runtime, World } from "../../services/lab/world.ts";
import { boot } from "../../services/runtimes/backend/boot.ts";
import { ksockRoad } from "../../services/runtimes/ksock-road.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { PYTHON, whyNoPython } from "./cores.ts";

/** The kernel sockets of a node, for a module of that name. */
function socketsOf(world: World, node: string): Ksock {
  const road: Road | undefined = ksockRoad(world, node, "echo");
  if (road === undefined) throw new Error(`there is no node ${node}`);
  return createKsock(road, { stream: "echo" });
}

/** Bytes that show where they belong. */
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

const ENDS = ["connected", "xmit 0", "recv 0", "disconnected 0"];

describe.each<Runtime>(["simulated", "embedded", "distributed"])("the echo on kernel sockets, %s", (runtime) => {
  let world: World;
  afterEach(() => world.stop());

  test("gives everything back over the network and over loopback, and both ends end in order", async () => {
    world = await createWorld(runtime, { seed: 1n, profile: "documented", topology: PAIR });
    await world.drive(async () => {
      const [here, there] = [socketsOf(world, "alpha"), socketsOf(world, "beta")];
      const server = await startEchoServer(there, "10.0.0.2", 7);
      const small = await echo(here, "10.0.0.2", 7, Buffer.from("hello, kernel"));
      expect(Buffer.from(small.bytes).toString()).toBe("hello, kernel");
      expect(small.events).toEqual(ENDS);
      const bytes = pattern(100_000);
      const large = await echo(here, "10.0.0.2", 7, bytes);
      expect(Buffer.compare(large.bytes, bytes)).toBe(0);
      const [one, other] = await Promise.all([
        echo(here, "10.0.0.2", 7, pattern(3000)),
        echo(there, "10.0.0.2", 7, pattern(5000)),
      ]);
      expect([one.bytes.length, other.bytes.length]).toEqual([3000, 5000]);
      await server.stop();
      await expect(echo(here, "10.0.0.2", 7, pattern(1))).rejects.toThrow("ksock_connect: ECONNREFUSED");
      for (const ksock of [here, there]) ksock.end();
    });
  });
});

describe("the examples against a kernel that is up", () => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-echo-"));
  const control = `unix:${folder}/control.sock`;
  const stop = new AbortController();
  let kernel: Kernel;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const booted = await boot({
      runtime: "embedded",
      profile: "documented",
      control: [control],
      onProgress: () => undefined,
      stop: stop.signal,
    });
    if (!booted.ok) throw new Error(booted.trouble.lines.join("\n"));
    kernel = booted.value;
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await kernel.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const PROGRAMS = {
    typescript: [process.execPath, "dist/examples/ksock-echo/main.js"],
    python: [PYTHON ?? "python3", "examples/ksock-python/echo.py"],
  } as const;

  /** Starts one of the programs, as its README says. */
  function start(language: keyof typeof PROGRAMS, ...words: readonly string[]): ChildProcess {
    const [command, program] = PROGRAMS[language];
    const child = spawn(command, [program, ...words], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  }

  const said = async (child: ChildProcess): Promise<string> => {
    let all = "";
    child.stdout?.on("data", (part: Buffer) => (all += part.toString()));
    await new Promise((resolve) => child.once("close", resolve));
    return all;
  };

  async function server(language: keyof typeof PROGRAMS, port: string): Promise<ChildProcess> {
    const child = start(language, "server", control, "beta", "10.0.0.2", port);
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`it ended with ${String(code)} before it listened`)));
    });
    return child;
  }

  test("in TypeScript: a server and a client in processes of their own", async () => {
    const child = await server("typescript", "7");
    const words = await said(start("typescript", "client", control, "alpha", "10.0.0.2", "7", "hello, kernel"));
    expect(words).toBe(`hello, kernel\n${ENDS.join(", ")}\n`);
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(child.exitCode).toBe(0);
  });

  const alone = (program: string, ...words: readonly string[]): Promise<readonly [number | null, string]> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [`dist/examples/${program}/main.js`, ...words], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (part: Buffer) => (said += part.toString()));
      child.once("close", (code) => resolve([code, said]));
    });

  test("a wrong word is one line that says what it is, and exit code 3", async () => {
    const none = `${control}.none`;
    const tried = await Promise.all([
      alone("ksock-echo", "client", none, "alpha", "10.0.0.2", "7"),
      alone("ksock-echo", "client", control, "gamma", "10.0.0.2", "7"),
      alone("ksock-echo", "client", control, "alpha", "10.0.0.300", "7"),
      alone("ksock-echo", "client", control, "alpha", "10.0.0.2", "70000"),
      alone("http-server", "fetch", "10.0.0.1", "/", "--control", control, "--node", "gamma"),
      alone("http-server", "fetch", "10.0.0.1", "/", "--nod", "gamma"),
      alone("http-server", "toString"),
    ]);
    for (const [code, line] of tried) expect([code, line]).toEqual([3, expect.stringMatching(/^[^\n]+\n$/)]);
    expect(tried.map(([, line]) => line.slice(0, 80))).toEqual([
      expect.stringContaining("nothing runs at"),
      expect.stringContaining("there is no node gamma"),
      expect.stringContaining("found 10.0.0.300"),
      expect.stringContaining("found 70000"),
      expect.stringContaining("no node gamma"),
      expect.stringContaining("'--nod'"),
      expect.stringContaining("serve FOLDER"),
    ]);
  }, 60_000);

  if (whyNoPython !== undefined) test.skip(whyNoPython, () => undefined);
  else
    test("in Python: with the server and the client in TypeScript, either way", async () => {
      await server("python", "8");
      await server("typescript", "9");
      const fromTypescript = said(start("typescript", "client", control, "alpha", "10.0.0.2", "8", "to Python"));
      const fromPython = said(start("python", "client", control, "alpha", "10.0.0.2", "9", "to TypeScript"));
      expect([await fromTypescript, await fromPython]).toEqual([`to Python\n${ENDS.join(", ")}\n`, "to TypeScript\n"]);
    });
});
