import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { createRuleSet } from "../../services/lab/run/rules.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { causality } from "../../services/rules/causality.ts";
import { silentHouses } from "../../services/rules/silence.ts";
import { run } from "../../services/runtimes/backend/run.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { asBytes, pathOf } from "../../services/transports/grpc/channel.ts";
import { experimentOf, shipped } from "../lab/written.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-core-"));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.forceShutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** A core of anybody's, which answers every call with an empty message, and records nothing. */
async function foreignCore(): Promise<string> {
  const address = `unix:${join(folder, `core-${servers.length}.sock`)}`;
  const server = new Server();
  servers.push(server);
  for (const { name, to } of Object.values(CONTRACT))
    if (to === "companion")
      server.register(
        pathOf(name),
        (_: unknown, respond: (error: null, value: Buffer) => void) => respond(null, Buffer.alloc(0)),
        asBytes,
        asBytes,
        "unary",
      );
  await new Promise<void>((resolve) => server.bindAsync(address, ServerCredentials.createInsecure(), () => resolve()));
  return address;
}

const alarming = ["certain-fail", "possible-fail"];
const rules = createRuleSet(BOOK);

describe("a house that tells nothing of itself", () => {
  test("raises no alarm where it is a core of somebody's own, and no doubt; what its callers tell is judged", async () => {
    const experiment = experimentOf(`
  workload:
    - { task: app, call: socket, with: { family: AF_INET, type: [SOCK_DGRAM, SOCK_OOB] }, as: s }
    - { task: app, call: bind, with: { fd: $s, addr: "127.0.0.1:7000" } }
    - { task: app, call: close, with: { fd: $s } }
    - { task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR }, as: fd }
    - { task: app, call: close, with: { fd: $fd } }
`);
    const ran = await run(experiment, {
      file: "x.yaml",
      runtime: "embedded",
      profile: "documented",
      core: [await foreignCore()],
      stop: new AbortController().signal,
    });
    if (!ran.ok) throw new Error(ran.trouble.lines.join("\n"));
    const mine = ran.value.rules.filter(({ counts }) => counts);
    expect(mine.filter(({ verdict }) => alarming.includes(verdict)).map(({ id }) => id)).toEqual([]);
    expect(mine.filter(({ untold }) => untold === "companion tells nothing of itself").length).toBeGreaterThan(10);
    expect(mine.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(50);
    expect([ran.value.verdict, ran.value.why]).toEqual(["pass", ""]);
  });

  test("leaves what was expected of its own events open, and judges what its callers see", async () => {
    const experiment = experimentOf(`
  workload:
    - { task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR }, as: fd }
  expect:
    events:
      - { title: the core indexes it, count: { index_add: 1 } }
      - { title: it is no duplicate, never: index_duplicate }
      - { title: the hook is called, inOrder: [oob_open_file.enter, install_inband_fd.enter] }
`);
    const ran = await run(experiment, {
      file: "x.yaml",
      runtime: "embedded",
      profile: "documented",
      core: [await foreignCore()],
      stop: new AbortController().signal,
    });
    if (!ran.ok) throw new Error(ran.trouble.lines.join("\n"));
    expect(ran.value.expectations.map(({ holds }) => holds)).toEqual(["unknown", "unknown", "yes"]);
    expect([ran.value.verdict, ran.value.why]).toEqual([
      "inconclusive",
      expect.stringContaining("nobody knows of index_add: companion tells nothing of itself"),
    ]);
  });

  test.each(["vfs", "inband", "companion", "task"])(
    "raises no alarm where the events of %s are left out of a trace",
    async (house) => {
      for (const file of [
        "experiments/sockets/attach.yaml",
        "experiments/net/rx-capable.yaml",
        "experiments/tour.yaml",
      ]) {
        const experiment = shipped(file);
        const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: experiment.topology });
        const { events } = await runExperiment(experiment, world);
        await world.stop();
        expect([...silentHouses(events)]).toEqual([]);
        const left = events.filter(({ service }) => service !== house);
        const judged = rules.judge(causality(left), { ended: "rest", missing: 0 });
        const counted = judged.filter(({ rule }) => rule.profile !== "as-implemented");
        expect(counted.filter(({ verdict }) => alarming.includes(verdict)).map(({ rule }) => rule.id)).toEqual([]);
        expect(counted.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(10);
      }
    },
    30_000,
  );
});
