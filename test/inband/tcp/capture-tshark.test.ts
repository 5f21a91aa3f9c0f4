import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { buildEthernet } from "../../../services/abi/packet/ethernet.ts";
import { buildIpv4 } from "../../../services/abi/packet/ipv4.ts";
import { LINUX } from "../../../services/inband/model/tcp/settings.ts";
import { written } from "../../nic/capture-bytes.ts";
import { mac } from "../stack-harness.ts";
import { Coverage } from "./coverage.ts";
import { pairOf, until, type EndScenario, type Scenario } from "./pair.ts";
import { judge } from "./verdict.ts";
import { CLEAN } from "./wire.ts";

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
const withTshark = hasTshark ? test : test.skip;
const why = hasTshark ? "" : " (skipped: tshark is not installed; on Debian: apt-get install tshark)";
const folder = mkdtempSync(join(tmpdir(), "tenon-tcp-"));
afterAll(() => rmSync(folder, { recursive: true }));

const end = (iss: number): EndScenario => ({
  iss,
  settings: LINUX,
  acts: [
    { t: "send", bytes: 60_000, urgent: false, more: false },
    { t: "send", bytes: 1, urgent: true, more: false },
    { t: "pause", ns: 300_000_000 },
    { t: "send", bytes: 60_000, urgent: false, more: false },
  ],
  readMax: 20_000,
  readPauseNs: 0,
  readAfterNs: 0,
});

/** All that the two ends of a lossy wire send, as the wire's first end would see it, in a file. */
function capture(scenario: Scenario): { readonly file: string; readonly frames: number } {
  const pair = pairOf(scenario, new Coverage());
  const [a, b] = pair.ends;
  const seen: { readonly timeNs: number; readonly bytes: Uint8Array }[] = [];
  let identification = 0;
  const see = (ends: (typeof a)["arrivalEnds"], payload: Uint8Array): void => {
    const packet = { tos: 0, dontFragment: true, moreFragments: false, fragmentOffset: 0, ttl: 64, protocol: 6 };
    const datagram = { ...packet, ...ends, identification: ++identification, options: new Uint8Array(0), payload };
    const macs = { source: mac("02:00:00:00:00:01"), destination: mac("02:00:00:00:00:02") };
    const frame = buildEthernet({ ...macs, ethertype: 0x0800, payload: buildIpv4(datagram) });
    seen.push({ timeNs: pair.agenda.nowNs + 1_000_000, bytes: frame });
  };
  a.onTransmit = (bytes) => see(b.arrivalEnds, bytes);
  a.onReceive = (bytes) => see(a.arrivalEnds, bytes);
  b.listens = true;
  a.open();
  until(pair, Infinity);
  expect(judge(scenario, pair)).toEqual(["finished", "finished"]);
  const file = join(folder, `${scenario.seed}.pcapng`);
  writeFileSync(
    file,
    written(
      (writer) => {
        const eth0 = writer.addInterface({ name: "eth0" });
        for (const one of seen) writer.packet(eth0, { ...one, direction: "rx" });
      },
      { hardware: "wire", epochNs: 1_700_000_000_000_000_000n },
    ),
  );
  return { file, frames: seen.length };
}

/** What tshark says of these fields of each frame. */
function decoded(file: string, fields: readonly string[]): readonly Record<string, string>[] {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const options = ["-n", "-r", file, "-T", "fields", "-E", "separator=|"];
  const check = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const out = execFileSync("tshark", [...options, ...check, ...wanted], { encoding: "utf8", stdio: [...stdio] });
  const lines = out.trimEnd().split("\n");
  return lines.map((line) => Object.fromEntries(line.split("|").map((value, at) => [fields[at] ?? "", value])));
}

withTshark(`tshark reads a lossy transfer, and finds nothing wrong with it${why}`, () => {
  const scenario: Scenario = {
    seed: 30,
    ends: [end(2 ** 32 - 30_000), end(2 ** 31 - 30_000)],
    wire: { ...CLEAN, loss: 30, duplicate: 20 },
    simultaneous: false,
  };
  const { file, frames } = capture(scenario);
  expect(frames).toBeGreaterThan(150);
  const lost = "tcp.analysis.ack_lost_segment";
  const again = ["tcp.analysis.retransmission", "tcp.analysis.fast_retransmission"];
  const sack = "tcp.options.sack.count";
  const read = decoded(file, [
    ...["tcp.srcport", "tcp.checksum.status", "ip.checksum.status", "_ws.malformed", "tcp.flags.urg"],
    ...[lost, sack, ...again],
  ]);
  const have = (field: string): number => read.filter((frame) => frame[field] !== "").length;
  expect(
    read.filter((frame) => frame["tcp.checksum.status"] === "1" && frame["ip.checksum.status"] === "1").length,
  ).toBe(frames);
  expect(have("_ws.malformed")).toBe(0);
  // The first end has seen all that it acknowledges, and has sent all that is acknowledged to it.
  expect(have(lost)).toBe(0);
  // Losses and what mends them are there, and so is an urgent byte.
  expect(again.reduce((sum, field) => sum + have(field), 0)).toBeGreaterThan(0);
  expect(have(sack)).toBeGreaterThan(0);
  expect(read.some((frame) => ["1", "True"].includes(frame["tcp.flags.urg"] ?? ""))).toBe(true);
});
