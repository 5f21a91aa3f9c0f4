import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { prepareCertificates } from "../../services/runtimes/authority/folder.ts";
import { loadIdentity } from "../../services/transports/tls/identity.ts";

const DAY_MS = 86_400_000;
const NOW_MS = 1_800_000_000_000;

describe("the CA for development", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tenon-ca-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  type Names = readonly [string, ...string[]];
  async function prepare(nowMs: number, ...peers: readonly Names[]) {
    const made = await prepareCertificates({ folder, peers, days: 30, nowMs });
    if (!made.ok) throw new Error(made.reason);
    return made.value.map(({ name, isNew }) => [name, isNew]);
  }
  const certOf = (name: string): string => readFileSync(join(folder, name, "cert.pem"), "utf8");
  const modeOf = (...path: string[]): number => statSync(join(folder, ...path)).mode & 0o777;

  test("each peer gets a folder with an identity that only its owner can read", async () => {
    expect(await prepare(NOW_MS, ["alpha-vfs", "10.0.0.5"], ["lan-switch"])).toEqual([
      ["alpha-vfs", true],
      ["lan-switch", true],
    ]);
    for (const name of ["alpha-vfs", "lan-switch"]) {
      expect(loadIdentity(join(folder, name))).toMatchObject({ ok: true });
      expect(modeOf(name)).toBe(0o700);
      expect(modeOf(name, "key.pem")).toBe(0o600);
    }
    expect(modeOf("ca-key.pem")).toBe(0o600);
  });

  test("what is still good is kept, also beside a new peer", async () => {
    await prepare(NOW_MS, ["alpha-vfs"]);
    const before = certOf("alpha-vfs");
    expect(await prepare(NOW_MS + 19 * DAY_MS, ["alpha-vfs"], ["beta-vfs"])).toEqual([
      ["alpha-vfs", false],
      ["beta-vfs", true],
    ]);
    expect(certOf("alpha-vfs")).toBe(before);
  });

  test("with less than a third of its time left, under another name, or with a broken key it is made anew", async () => {
    await prepare(NOW_MS, ["alpha-vfs"]);
    expect(await prepare(NOW_MS + 21 * DAY_MS, ["alpha-vfs"])).toEqual([["alpha-vfs", true]]);
    expect(await prepare(NOW_MS + 21 * DAY_MS, ["alpha-vfs", "localhost"])).toEqual([["alpha-vfs", true]]);
    writeFileSync(join(folder, "alpha-vfs", "key.pem"), "gone");
    expect(await prepare(NOW_MS + 21 * DAY_MS, ["alpha-vfs", "localhost"])).toEqual([["alpha-vfs", true]]);
    expect(loadIdentity(join(folder, "alpha-vfs"))).toMatchObject({ ok: true });
  });

  test("a CA that lost its key, or comes to its end, is replaced, and everybody gets a certificate of the new one", async () => {
    await prepare(NOW_MS, ["alpha-vfs"]);
    rmSync(join(folder, "ca-key.pem"));
    expect(await prepare(NOW_MS, ["alpha-vfs"])).toEqual([["alpha-vfs", true]]);
    const second = readFileSync(join(folder, "ca.pem"), "utf8");
    await prepare(NOW_MS + 350 * DAY_MS, ["alpha-vfs"]);
    expect(readFileSync(join(folder, "ca.pem"), "utf8")).not.toBe(second);
  });

  test("folders that are there are written to, and never replaced: they may be mount points", async () => {
    mkdirSync(join(folder, "alpha-vfs"), { mode: 0o755 });
    const { ino } = statSync(join(folder, "alpha-vfs"));
    await prepare(NOW_MS, ["alpha-vfs"]);
    expect(statSync(join(folder, "alpha-vfs"))).toMatchObject({ ino });
    expect(modeOf("alpha-vfs")).toBe(0o755);
  });

  test("a folder that cannot be written to is told in one line", async () => {
    writeFileSync(join(folder, "alpha-vfs"), "a file");
    expect(await prepareCertificates({ folder, peers: [["alpha-vfs"]], days: 30, nowMs: NOW_MS })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^the certificates in [^\n]+ cannot be made: ENOTDIR[^\n]+$/),
    });
  });

  test("an identity whose files do not belong together is told by the file", async () => {
    await prepare(NOW_MS, ["alpha-vfs"], ["beta-vfs"]);
    const own = join(folder, "alpha-vfs");
    writeFileSync(join(own, "key.pem"), readFileSync(join(folder, "beta-vfs", "key.pem")));
    expect(loadIdentity(own)).toEqual({ ok: false, reason: `${join(own, "key.pem")} is not the key of cert.pem` });
    writeFileSync(join(own, "ca.pem"), "nothing");
    expect(loadIdentity(own)).toMatchObject({ ok: false });
    expect(loadIdentity(join(folder, "nobody"))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/cannot be read: ENOENT/),
    });
  });
});
