import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { tenon, tenonAlone, type Ran } from "./tenon.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const experiment = (workload: string, faults = "[]"): string => `apiVersion: tenon/v1alpha1
kind: Experiment
metadata: {name: sample}
spec:
  title: A sample
  workload: ${workload}
  faults: ${faults}
`;
async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** One clear line, the exit code of the documentation, and no stack trace. */
function expectOneLine(ran: Ran, code: number, says: RegExp): void {
  expect(ran.stderr).toMatch(says);
  expect(ran.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(ran.stderr + ran.stdout).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(ran.code).toBe(code);
}

const OPEN = "[{task: app, call: open, with: {path: /dev/oobecho, flags: O_RDWR}}]";
const fault = (point: string, effect: string, select = "{nth: 1}"): string =>
  `[{id: f, point: ${point}, select: ${select}, effect: ${effect}}]`;

describe("bad input gives one clear line and exit code 3", () => {
  test.each([
    ["an unknown verb", ["rnu"], /rnu.*run/],
    ["a missing file", ["run", "no/such.yaml"], /no\/such\.yaml.*no such file/],
  ])("%s, in a process of its own", async (_name, argv, says) => {
    expectOneLine(await tenonAlone(...argv), 3, says);
  });

  test.each([
    ["an unknown flag", ["run", "experiments/tour.yaml", "--sed", "1"], /--sed.*--seed/],
    ["a flag with a wrong value", ["run", "experiments/tour.yaml", "--runtime", "cloud"], /cloud.*simulated/],
    ["no file at all", ["run"], /file/],
    ["an unknown hook's page", ["hooks", "sock_oob_bnd"], /sock_oob_bnd.*sock_oob_bind/],
    ["an unknown benchmark", ["bench", "hoks"], /hoks.*hooks/],
    ["a kernel that is not there", ["lsof", "--control", "unix:/no/such/control.sock"], /\/no\/such\/control\.sock/],
    [
      "a core that is not there",
      ["run", "experiments/tour.yaml", "--runtime", "embedded", "--core", "unix:/no/such/core.sock"],
      /--core .*nobody answers/,
    ],
    ["a core in virtual time", ["run", "experiments/tour.yaml", "--core", "127.0.0.1:1"], /--core.*real time/],
    ["TCP between threads", ["up", "--once", "--over", "tcp"], /--over tcp.*--runtime distributed/],
    [
      "an address that is none",
      ["run", "experiments/tour.yaml", "--runtime", "embedded", "--core", "nonsense"],
      /--core nonsense/,
    ],
  ])("%s", async (_name, argv, says) => {
    expectOneLine(await tenon(...argv), 3, says);
  });

  test.each([
    ["broken YAML", "apiVersion: [1, 2\n", /broken\.yaml:\d+:\d+/],
    ["a file that is none", experiment(OPEN).replace("kind: Experiment", "kind: Campaign"), /:2:\d+: .*Campaign/],
    ["an unknown call", experiment("[{task: app, call: opne}]"), /:6:\d+: .*opne.*open/],
    [
      "an unknown constant",
      experiment("[{task: app, call: open, with: {path: /dev/null, flags: O_RDRW}}]"),
      /O_RDRW.*O_RDWR/,
    ],
    [
      "an unknown hook",
      experiment(OPEN, fault("instal_inband_fd", "{skip: true}")),
      /:7:\d+: .*instal_inband_fd.*install_inband_fd/,
    ],
    ["an impossible fault", experiment(OPEN, fault("install_inband_fd", "{abort: {errno: ENOMEM}}")), /cannot refuse/],
    [
      "a share without a unit",
      experiment(OPEN, fault("install_inband_fd", "{skip: true}", "{probability: 10}")),
      /10.*10% or 1\/1000/,
    ],
    [
      "a fault that would never fire",
      experiment(OPEN, fault("install_inband_fd", "{skip: true}", "{times: 1}")),
      /nth/,
    ],
    [
      "an unknown core",
      experiment(OPEN).replace("spec:", "spec:\n  subject: {core: stale-indx}"),
      /stale-indx.*stale-index/,
    ],
    [
      "rules that nobody knows",
      experiment(OPEN).replace("spec:", "spec:\n  invariants: {include: ['NOBODY-*']}"),
      /invariants/,
    ],
  ])("%s in an experiment", async (_name, text, says) => {
    expectOneLine(await tenon("run", await file("broken.yaml", text)), 3, says);
  });

  test("a trace that cannot be written", async () => {
    expectOneLine(
      await tenon("run", "experiments/tour.yaml", "--quiet", "--trace", join(folder, "no", "such", "folder.jsonl")),
      3,
      /--trace/,
    );
  });
});

describe("a core that is none", () => {
  const HOOKS = [
    "tenon.hooks.v1.CompanionHooks/InstallInbandFd",
    "tenon.core.v1.CoreServices/OpenFile",
    "tenon.core.v1.CoreServices/InbandEventNotify",
  ];
  const asBytes = (bytes: Buffer): Buffer => bytes;
  const GARBAGE = Buffer.from("ff0102fe", "hex");

  async function garbageCore(fast: boolean): Promise<{ readonly address: string; stop(): void }> {
    const server = new Server();
    for (const method of HOOKS) {
      server.register(
        `/${method}`,
        (_call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => respond(null, GARBAGE),
        asBytes,
        asBytes,
        "unary",
      );
    }
    if (fast) {
      const handle = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
        stream.on("data", () => stream.write(GARBAGE));
        stream.on("error", () => undefined);
      };
      server.register("/tenon.exchange.v1.ExchangeService/Exchange", handle, asBytes, asBytes, "bidi");
    }
    const address = `unix:${join(folder, fast ? "fast.sock" : "slow.sock")}`;
    await new Promise<void>((resolve, reject) =>
      server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      ),
    );
    return { address, stop: () => server.forceShutdown() };
  }

  test.each([true, false])(
    "answers garbage (on the exchange stream: %s): the open fails, the verdict says so, nothing hangs",
    async (fast) => {
      const core = await garbageCore(fast);
      const path = await file(
        "garbage.yaml",
        experiment("[{task: app, call: open, with: {path: /dev/oobecho, flags: O_RDWR}, expect: EIO}]"),
      );
      const ran = await tenon("run", path, "--runtime", "embedded", "--core", core.address, "--profile", "documented");
      core.stop();
      expect(ran.stdout).toContain("lost(garbled)");
      expect(ran.code).toBe(0);
    },
    30_000,
  );

  test("speaks another protocol: it is told before anything runs", async () => {
    const server = createServer((socket) =>
      socket.on("error", () => undefined).end("HTTP/1.0 400 Bad Request\r\n\r\n"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const ran = await tenon("run", "experiments/tour.yaml", "--runtime", "embedded", "--core", `127.0.0.1:${port}`);
    server.close();
    expectOneLine(ran, 3, /--core .*nobody answers/);
  });
});

test("a message that is too large is refused before it is sent, and the run goes on", async () => {
  const workload = `[{task: app, call: open, with: {path: /dev/null, flags: O_RDWR}}, {task: app, call: write, with: {fd: 0, data: ${"x".repeat(5_000_000)}}, expect: {lost: rejected}}, {task: app, call: close, with: {fd: 0}}]`;
  const ran = await tenon(
    "run",
    await file("large.yaml", experiment(workload)),
    "--runtime",
    "distributed",
    "--profile",
    "documented",
    "--quiet",
  );
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
});
