import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readObject } from "../../services/bpf/elf/read-object.ts";
import { loadFilter } from "../../services/bpf/load-filter.ts";
import { translate } from "../../services/bpf/translate/translate.ts";
import { createChance } from "./chance.ts";

const FILTERS = "experiments/net/filters";
const object = (name: string): Uint8Array => new Uint8Array(readFileSync(`${FILTERS}/${name}`));
const VERDICTS = object("verdicts.o");

/** An IPv4 datagram for a UDP port, with so many tags. */
function frame(port: number, tags = 0): Uint8Array {
  const bytes = new Uint8Array(60 + 4 * tags);
  for (let i = 0; i < tags; i += 1) bytes.set([0x81, 0x00, 0, 42], 12 + 4 * i);
  bytes.set([0x08, 0x00, 0x45], 12 + 4 * tags);
  bytes[23 + 4 * tags] = 17;
  bytes.set([port >> 8, port & 0xff], 36 + 4 * tags);
  return bytes;
}

describe("objects of clang", () => {
  test("functions, maps and data of an object are linked into its program", () => {
    const loaded = loadFilter(VERDICTS, "");
    expect(loaded).toMatchObject({ ok: true, filter: { classic: false, program: { name: "verdict" } } });
    if (!loaded.ok) return;
    const { program } = loaded.filter;
    expect(program.maps).toMatchObject([
      { name: ".rodata", readOnly: true, valueBytes: 8 },
      { name: "verdicts", type: "array", keyBytes: 4, valueBytes: 8, maxEntries: 16 },
    ]);
    const runnable = translate(program);
    const run = (bytes: Uint8Array): number => runnable.run(bytes, { ifindex: 2, protocol: 0x0800 });
    expect([7000, 7001, 7002, 7003, 7004, 80].map((port) => run(frame(port)))).toEqual([0, 1, 2, 3, 9, 2]);
    expect([1, 2, 3].map((tags) => run(frame(7003, tags)))).toEqual([3, 3, 2]);
  });

  test("a program is named by its section or its function, and one that is not there is told with those that are", () => {
    expect(loadFilter(VERDICTS, "socket/drop")).toMatchObject({ ok: true, filter: { program: { name: "drop_all" } } });
    expect(loadFilter(VERDICTS, "accept_all")).toMatchObject({ ok: true });
    expect(loadFilter(VERDICTS, "xdp")).toEqual({
      ok: false,
      why: "it has no program xdp; it has socket (verdict), socket/accept (accept_all), socket/drop (drop_all)",
    });
  });

  test("a refusal shows the instruction", () => {
    expect(loadFilter(object("forgets-null.o"), "")).toEqual({
      ok: false,
      insn: 7,
      why: "instruction 7, (79) r0 = *(u64 *)(r0 +0): r0 may be null: it must be compared with 0 before it is used",
    });
  });

  test("what is no such object is told in a sentence", () => {
    const changed = (at: number, byte: number): Uint8Array => VERDICTS.with(at, byte);
    const why = (bytes: Uint8Array): string => {
      const read = readObject(bytes);
      return read.ok ? "" : read.why;
    };
    expect(why(changed(0, 0))).toContain("no ELF file");
    expect(why(changed(4, 1))).toContain("32 bits");
    expect(why(changed(5, 2))).toContain("big-endian");
    expect(why(changed(18, 62))).toContain("for machine 62");
    expect(why(changed(16, 2))).toContain("it was linked");
    expect(why(VERDICTS.subarray(0, 100))).toContain("ends inside");
    expect(loadFilter(new Uint8Array([1, 2, 3]), "")).toMatchObject({ ok: false });
    expect(loadFilter(new Uint8Array(0), "")).toMatchObject({ ok: false });
  });

  test("4,000 objects that lie or are cut off are read without a throw, or told why not", () => {
    let refused = 0;
    for (let i = 0; i < 4000; i += 1) {
      const chance = createChance(`object ${i}`);
      const bytes = VERDICTS.slice(0, chance.onceIn(4) ? chance.below(VERDICTS.length) : VERDICTS.length);
      // Headers and tables lie at both ends, and are what misleads a reader.
      for (let n = chance.between(1, 6); n > 0 && bytes.length > 0; n -= 1) {
        const at = chance.onceIn(3) ? chance.below(64) : chance.below(bytes.length);
        bytes[at] = chance.onceIn(3) ? 0xff : chance.below(256);
      }
      const read = readObject(bytes);
      if (!read.ok) expect(read.why).toMatch(/^[^\n]+$/);
      refused += read.ok ? 0 : 1;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  const clang = spawnSync("clang", ["--version"], { encoding: "utf8" });
  const why =
    clang.error === undefined
      ? /version 14\./.test(clang.stdout)
        ? ""
        : "clang is not version 14"
      : "there is no clang";
  const story = "the objects that lie beside the experiments are what clang 14 makes of their sources";
  if (why !== "") test.skip(`${story}: skipped, ${why}`, () => undefined);
  else {
    test(story, () => {
      const folder = mkdtempSync(join(tmpdir(), "tenon-bpf-"));
      for (const name of ["verdicts", "forgets-null"]) {
        const made = join(folder, `${name}.o`);
        execFileSync("clang", ["-target", "bpf", "-O2", "-g", "-c", `${name}.c`, "-o", made], { cwd: FILTERS });
        const [ours, theirs] = [readObject(object(`${name}.o`)), readObject(new Uint8Array(readFileSync(made)))];
        expect(theirs).toEqual(ours);
      }
    });
  }
});
