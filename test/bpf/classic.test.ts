import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { checkClassic } from "../../services/bpf/classic/check-classic.ts";
import { readClassic } from "../../services/bpf/classic/read-classic.ts";
import { loadFilter } from "../../services/bpf/load-filter.ts";
import { translate } from "../../services/bpf/translate/translate.ts";
import { createChance } from "./chance.ts";

const load = (text: string): ReturnType<typeof loadFilter> => loadFilter(new TextEncoder().encode(text), "");

function run(text: string, packet: Uint8Array): number {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.why);
  return translate(loaded.filter.program).run(packet, { ifindex: 7, protocol: 0x0800, mark: 5 }) >>> 0;
}

const PACKET = Uint8Array.from({ length: 64 }, (_, i) => (i === 14 ? 0x47 : i));

describe("classic programs", () => {
  test.each([
    ["a number", "{ 0x6, 0, 0, 0xffffffff },", 0xffff_ffff],
    ["bytes of the packet, big-endian", "{ 0x28, 0, 0, 0xc },\n{ 0x16, 0, 0, 0 },", 0x0c0d],
    ["the length", "{ 0x80, 0, 0, 0 },\n{ 0x16, 0, 0, 0 },", 64],
    ["an IPv4 header's length", "{ 0xb1, 0, 0, 0xe },\n{ 0x87, 0, 0, 0 },\n{ 0x16, 0, 0, 0 },", 28],
    ["a load beyond the packet ends it with 0", "{ 0x20, 0, 0, 61 },\n{ 0x6, 0, 0, 9 },", 0],
    ["a division by an X that is 0 ends it with 0", "{ 0x0, 0, 0, 8 },\n{ 0x3c, 0, 0, 0 },\n{ 0x6, 0, 0, 9 },", 0],
    [
      "comparisons are unsigned",
      "{ 0x0, 0, 0, 0xfffffff0 },\n{ 0x25, 0, 1, 5 },\n{ 0x6, 0, 0, 1 },\n{ 0x6, 0, 0, 2 },",
      1,
    ],
    [
      "memory",
      "{ 0x0, 0, 0, 77 },\n{ 0x2, 0, 0, 15 },\n{ 0x0, 0, 0, 0 },\n{ 0x60, 0, 0, 15 },\n{ 0x16, 0, 0, 0 },",
      77,
    ],
    ["the protocol (SKF_AD_PROTOCOL)", "{ 0x28, 0, 0, 0xfffff000 },\n{ 0x16, 0, 0, 0 },", 0x0800],
    ["the interface (SKF_AD_IFINDEX)", "{ 0x20, 0, 0, 0xfffff008 },\n{ 0x16, 0, 0, 0 },", 7],
    ["no tag was stripped (SKF_AD_VLAN_TAG_PRESENT)", "{ 0x20, 0, 0, 0xfffff030 },\n{ 0x16, 0, 0, 0 },", 0],
  ])("%s", (_, text, result) => {
    expect(run(text, PACKET)).toBe(result);
  });

  test.each([
    ["an unknown code", "{ 0xff, 0, 0, 0 },\n{ 0x6, 0, 0, 0 },", 0, "no such instruction"],
    ["a jump behind the end", "{ 0x15, 9, 0, 0 },\n{ 0x6, 0, 0, 0 },", 0, "behind the end"],
    ["a long jump behind the end", "{ 0x5, 0, 0, 0xffffffff },\n{ 0x6, 0, 0, 0 },", 0, "behind the end"],
    ["no ret at the end", "{ 0x0, 0, 0, 0 },", 0, "must be ret"],
    ["a division by the number 0", "{ 0x34, 0, 0, 0 },\n{ 0x6, 0, 0, 0 },", 0, "divides by"],
    ["a shift by 32", "{ 0x64, 0, 0, 32 },\n{ 0x6, 0, 0, 0 },", 0, "shifts by 32"],
    ["M[16]", "{ 0x2, 0, 0, 16 },\n{ 0x6, 0, 0, 0 },", 0, "no M[16]"],
    [
      "memory that one path has not written",
      "{ 0x15, 0, 1, 0 },\n{ 0x2, 0, 0, 3 },\n{ 0x60, 0, 0, 3 },\n{ 0x6, 0, 0, 0 },",
      2,
      "M[3]",
    ],
    ["an unknown thing about a packet", "{ 0x20, 0, 0, 0xfffff0f0 },\n{ 0x6, 0, 0, 0 },", 0, "nothing about a packet"],
  ])("%s is refused", (_, text, insn, why) => {
    const read = readClassic(text);
    const refused = read.ok ? checkClassic(read.insns) : undefined;
    expect(refused).toMatchObject({ insn });
    expect(refused?.why).toContain(why);
  });

  test.each([
    ["3\n6 0 0 1\n", "its first line says 3 instructions, and it has 1"],
    ["{ 6, 0, 0 },", "line 1 is no instruction"],
    ["1\nret #0", "line 2 is no instruction"],
    ["0\n", "no instruction"],
  ])("%j is told in a sentence", (text, why) => {
    const loaded = load(text);
    expect(loaded.ok ? "" : loaded.why).toContain(why);
  });

  test("what `tcpdump -ddd` writes is the same program", () => {
    expect(run("2\n40 0 0 12\n22 0 0 0\n", PACKET)).toBe(0x0c0d);
  });

  test("what no path leads to may stand in a classic program", () => {
    expect(run("{ 0x6, 0, 0, 3 },\n{ 0x0, 0, 0, 1 },\n{ 0x6, 0, 0, 4 },", PACKET)).toBe(3);
  });
});

const EXPRESSIONS = [
  "udp dst port 53",
  "tcp or arp",
  "ip proto 17 and len > 40",
  "ip[0] & 0xf > 5",
  "net 10.0.0.0/8 and not port 80",
  "ether[12:2] = 0x0800 or vlan 42",
];

/** Packets that look like something, in a file as tcpdump reads it (pcap, Ethernet). */
function packets(): Uint8Array[] {
  const chance = createChance("classic");
  return Array.from({ length: 200 }, () => {
    const bytes = Uint8Array.from({ length: chance.between(15, 90) }, () => chance.below(256));
    bytes.set(
      chance.oneOf([
        [8, 0],
        [8, 6],
        [0x81, 0],
        [0x86, 0xdd],
      ]),
      12,
    );
    bytes.set([chance.oneOf([0x45, 0x46, 0x4f])], 14);
    if (bytes.length > 37) bytes.set([chance.oneOf([17, 6, 1])], 23);
    if (bytes.length > 37) bytes.set([0, 0], 20);
    if (bytes.length > 37) bytes.set([10, 1], 26);
    if (bytes.length > 37) bytes.set([0, chance.oneOf([53, 80, 7])], 36);
    return bytes;
  });
}

const tcpdump = spawnSync("tcpdump", ["--version"]);
const story = "expressions of tcpdump choose the packets that tcpdump chooses";
if (tcpdump.error !== undefined) test.skip(`${story}: skipped, there is no tcpdump`, () => undefined);
else {
  test.each(EXPRESSIONS)(`${story}: %s`, (expression) => {
    const folder = mkdtempSync(join(tmpdir(), "tenon-classic-"));
    const all = packets();
    const header = new Uint8Array(new Uint32Array([0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1]).buffer);
    const records = all.flatMap((bytes, i) => [
      new Uint8Array(new Uint32Array([i, 0, bytes.length, bytes.length]).buffer),
      bytes,
    ]);
    writeFileSync(join(folder, "in.pcap"), Buffer.concat([header, ...records]));
    const code = spawnSync("tcpdump", ["-dd", "-r", join(folder, "in.pcap"), expression], { encoding: "utf8" }).stdout;
    spawnSync("tcpdump", ["-r", join(folder, "in.pcap"), "-w", join(folder, "out.pcap"), expression]);
    const out = readFileSync(join(folder, "out.pcap"));
    const theirs: number[] = [];
    for (let at = 24; at < out.length; at += 16 + out.readUInt32LE(at + 8)) theirs.push(out.readUInt32LE(at));
    const ours = all.flatMap((bytes, i) => (run(code, bytes) === 0 ? [] : [i]));
    expect(ours).toEqual(theirs);
    expect(ours.length).toBeGreaterThan(0);
  });
}
