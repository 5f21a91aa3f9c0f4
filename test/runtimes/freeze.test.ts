import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import type { Latencies } from "../../services/abi/latencies.ts";
import { PAIR } from "../../services/abi/topology.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { renderRun } from "../../services/report/render.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { USUAL, textOf } from "../report/made.ts";

const OOB = "type: [SOCK_DGRAM, SOCK_OOB]";
/** Round trips on the full path, sockets that are made meanwhile, and perhaps a freeze. Hops are drawn from the seed here. */
const TWIN = (freeze: string): string => `
apiVersion: tenon/v1alpha1
kind: Experiment
metadata: { name: twin }
spec:
  title: the full path
  profile: documented
  world: pair
  workload:
    - { task: admin, call: net_oob_port, with: { dev: eth0, enabled: true } }
    - { task: admin@beta, call: net_oob_port, with: { dev: eth0, enabled: true } }
    - { task: a, call: oob_attach_thread, with: { cap_sys_nice: true } }
    - { task: a, call: socket, with: { family: AF_INET, ${OOB} }, as: a }
    - { task: a, call: bind, with: { fd: $a, addr: "10.0.0.1:6000" } }
    - { task: b@beta, call: oob_attach_thread, with: { cap_sys_nice: true } }
    - { task: b@beta, call: socket, with: { family: AF_INET, ${OOB} }, as: b }
    - { task: b@beta, call: bind, with: { fd: $b, addr: "10.0.0.2:7000" } }
    - { task: a, call: oob_sendmsg, with: { fd: $a, data: warm, addr: "10.0.0.2:7000" }, expect: EINPROGRESS }
    - { task: b@beta, call: oob_recvmsg, with: { fd: $b, count: 64 } }
    - { task: b@beta, call: oob_sendmsg, with: { fd: $b, data: warm, addr: "10.0.0.1:6000" }, expect: { any: true } }
    - { task: a, call: oob_recvmsg, with: { fd: $a, count: 64 } }
    - { sleep: 7s }
    - loop: echo
      leave: true
      steps:
        - { task: b@beta, call: oob_recvmsg, with: { fd: $b, count: 64 } }
        - { task: b@beta, call: oob_sendmsg, with: { fd: $b, data: pong, addr: "10.0.0.1:6000" }, expect: 4 }
    - loop: pings
      times: 30
      every: 10ms
      steps:
        - { task: a, call: oob_sendmsg, with: { fd: $a, data: ping, addr: "10.0.0.2:7000" }, expect: 4 }
        - { task: a, call: oob_recvmsg, with: { fd: $a, count: 64 }, expect: pong }
    - { sleep: 55ms }
    ${freeze}
    - { task: c, call: socket, with: { family: AF_INET, ${OOB} } }
    - { join: pings }
  measure:
    - { name: full, from: "task:oob_sendmsg.enter[data==ping]", to: "task:oob_recvmsg.exit[data==pong]" }
    - { name: create, from: "task:sys_spawn.enter[task==c]", to: "task:sys_socket.exit[task==c]" }
`;

function loaded(text: string, file: string): Experiment {
  const read = loadExperiment(text, file);
  if (!read.ok) throw new Error(read.errors.map(formatLoadError).join("\n"));
  return read.experiment;
}

async function ran(experiment: Experiment, seed: bigint) {
  const { topology } = experiment;
  const world = createSimulatedWorld({ seed, profile: "documented", topology });
  return runExperiment(experiment, world);
}

describe("an in-band stage that stands still", () => {
  test("changes no round trip of the full path by a nanosecond, whatever the seed draws", async () => {
    for (const seed of [1n, 2n]) {
      const freeze = "- { freeze: { stage: inband, for: 150ms } }";
      const [with_, without] = [await ran(loaded(TWIN(freeze), "a"), seed), await ran(loaded(TWIN(""), "b"), seed)];
      expect([with_.verdict, without.verdict]).toEqual(["pass", "pass"]);
      const [full, create] = with_.journal.measures ?? [];
      const [fullToo, createToo] = without.journal.measures ?? [];
      expect(full?.all).toEqual(fullToo?.all);
      expect(full?.during?.count).toBeGreaterThan(10);
      // A distribution of one value would show nothing.
      expect((full?.all as Latencies).max).toBeGreaterThan((full?.all as Latencies).min);
      expect(create?.during?.min).toBeGreaterThanOrEqual(150e6);
      expect(createToo?.all?.max).toBeLessThan(1e6);
    }
  }, 60_000);

  test("cannot be frozen where there is no such node, nor while it stands still already", async () => {
    const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: PAIR });
    await world.drive(async () => {
      expect(await world.freeze("gamma", 1e6)).toBe("there is no node gamma");
      expect(await world.freeze("beta", 1e6)).toBeUndefined();
      expect(await world.freeze("beta", 1e6)).toBe("the in-band stage of beta stands still already");
      await world.clock.sleepNs(1e6);
      expect(await world.freeze("beta", 1e6)).toBeUndefined();
    });
  });
});

describe("experiments/freeze/paths-under-load.yaml", () => {
  const file = "experiments/freeze/paths-under-load.yaml";

  test("makes the chart of the README, byte for byte, and a page with a histogram of each measure", async () => {
    const experiment = loaded(await readFile(file, "utf8"), file);
    const { journal, events, judgements } = await ran(experiment, experiment.seed);
    const { files } = renderRun({
      file,
      journal,
      events,
      judgements,
      faultFree: { t: "none", why: "" },
      describeFault: () => "",
      outputs: new Set([...USUAL, "chart"]),
    });
    expect(files.get("paths-under-load.documented.svg")).toBe(await readFile("experiments/freeze/paths.svg", "utf8"));
    const page = files.get("paths-under-load.documented.html") ?? "";
    expect(page.match(/<svg class="histogram"/g)).toHaveLength(6);
    expect(textOf(page)).toContain("full: full path, under in-band load");
  }, 60_000);
});
