import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { PAIR, type Topology } from "../../services/abi/topology.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { readCapture } from "../../services/nic/capture/read-capture.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { shipped } from "../lab/written.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-capture-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

/** The default world, each of whose NICs writes a file. */
const captured = (run: string): { readonly topology: Topology; readonly files: readonly string[] } => {
  const fileOf = (node: string): string => join(folder, `${run}-${node}.pcapng`);
  const nodes = PAIR.nodes.map((node) => ({
    ...node,
    nics: node.nics.map((nic) => ({ ...nic, capture: fileOf(node.name) })),
  }));
  return { topology: { ...PAIR, nodes }, files: nodes.map(({ name }) => fileOf(name)) };
};

const read = (file: string): string[] => {
  const frames = readCapture(readFileSync(file));
  if (!frames.ok) throw new Error(frames.why);
  return frames.frames.map(({ bytes }) => Buffer.from(bytes).toString("hex"));
};

describe.each(["simulated", "embedded", "distributed"] as const)("what a run captures, %s", (runtime) => {
  test("can be read back as soon as the run has ended: both ends saw the same frames, and ping and pong in them", async () => {
    const { topology, files } = captured(runtime);
    const experiment = { ...shipped("experiments/net/udp-two-nodes.yaml"), topology };
    const world = await createWorld(runtime, { seed: 1n, profile: "documented", topology });
    const outcome = await runExperiment(experiment, world);
    await world.stop();
    expect(outcome.verdict).toBe("pass");
    const [alpha = [], beta = []] = files.map(read);
    // ARP and its answer, a datagram each way; a simulated world goes on for so long that neighbours are asked again.
    expect(alpha).toHaveLength(runtime === "simulated" ? 6 : 4);
    expect([...beta].sort()).toEqual([...alpha].sort());
    expect(alpha.slice(0, 4).map((frame) => frame.slice(24, 28))).toEqual(["0806", "0806", "0800", "0800"]);
    expect(alpha.slice(2, 4).map((frame) => Buffer.from(frame, "hex").subarray(42).toString())).toEqual([
      "ping",
      "pong",
    ]);
  });
});

(hasTshark ? test : test.skip)("tshark sees in such a file what the experiment did", () => {
  const fields = ["arp.opcode", "udp.dstport", "udp.checksum.status"].flatMap((field) => ["-e", field]);
  const options = ["-n", "-T", "fields", "-E", "separator=|", "-o", "udp.check_checksum:TRUE"];
  const decoded = execFileSync("tshark", ["-r", join(folder, "simulated-alpha.pcapng"), ...options, ...fields], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(decoded.trimEnd().split("\n")).toEqual(["1||", "2||", "|7000|1", "|6000|1", "1||", "2||"]);
});
