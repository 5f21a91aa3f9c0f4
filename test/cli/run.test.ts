import { describe, expect, test } from "@jest/globals";
import type { Backend, RunRequest } from "../../services/cli/backend.ts";
import { createProgram } from "../../services/cli/program.ts";
import { FAILED, fakeBackend, fakeIo, info, passing, reportOf, tenon } from "./fake.ts";

describe("tenon run", () => {
  test("one file is run in both profiles, each with its trace, its expectations and how to do it again", async () => {
    const asked: RunRequest[] = [];
    const run: Backend["run"] = (request) => (asked.push(request), passing(request));
    const { code, out } = await tenon(["run", "experiments/x.yaml"], { run });
    expect(code).toBe(0);
    expect(asked.map(({ runtime, profile }) => `${runtime} ${profile}`)).toEqual([
      "simulated documented",
      "simulated as-implemented",
    ]);
    expect(out).toContain("The story of experiments/x.yaml (documented)");
    expect(out).toContain("├─ install_inband_fd(");
    expect(out).toContain("expectations  ✓ the hook fires under files.file_lock");
    expect(out).toContain(
      "faults        ⚡ lose-install  install_inband_fd: lose-reply on crossing 2 (3 crossings, 3 matched, 1 struck)",
    );
    expect(out).toContain(
      "PASS  x: 1 step answered as expected, 1 of 1 fault struck, 1 expectation held (documented, simulated, seed 0x1)",
    );
    expect(out).toContain(
      "again         npx tenon run experiments/x.yaml --runtime simulated --profile as-implemented --seed 0x1\n",
    );
  });

  test("what was asked for reaches the backend", async () => {
    const asked: RunRequest[] = [];
    const run: Backend["run"] = (request) => (asked.push(request), passing(request));
    const words = [
      "--runtime",
      "embedded",
      "--seed",
      "0x5EED",
      "--profile",
      "documented",
      "--core",
      "unix:/my core.sock",
      "--trace",
      "o.jsonl",
    ];
    const { out } = await tenon(["run", "x.yaml", ...words], { run });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      runtime: "embedded",
      seed: 0x5eedn,
      profile: "documented",
      core: ["unix:/my core.sock"],
      traceFile: "o.jsonl",
    });
    expect(out).toContain("--seed 0x5eed --core 'unix:/my core.sock'");
    expect(out).toContain("trace o.jsonl");
  });

  test("the traces of several runs go to files of their own", async () => {
    const asked: (string | undefined)[] = [];
    const run: Backend["run"] = (request) => (asked.push(request.traceFile), passing(request));
    await tenon(["run", "x.yaml", "--trace", "out.d/t.jsonl"], { run });
    await tenon(["run", "x.yaml", "--trace", "out.d/t"], { run });
    expect(asked).toEqual([
      "out.d/t.x.documented.jsonl",
      "out.d/t.x.as-implemented.jsonl",
      "out.d/t.x.documented",
      "out.d/t.x.as-implemented",
    ]);
  });

  test("a sweep is a line for each of its runs, and the worst of them counts", async () => {
    const asked: RunRequest[] = [];
    const sweeping = {
      load: () => Promise.resolve({ ok: true as const, value: [info("x.yaml", { sweeps: ["documented"] })] }),
    };
    const run: Backend["run"] = (request) => {
      asked.push(request);
      const { nth = 1, crossings = 0, ns = 0 } = request.sweep ?? {};
      const told = { fault: "f", nth, over: nth === 3, crossings: crossings + 10, ns: ns + 5 };
      const more = request.profile === "documented" ? { sweep: told, ...(nth === 2 ? FAILED : {}) } : {};
      return Promise.resolve({ ok: true, value: reportOf(request, more) });
    };
    const { code, out } = await tenon(["run", "x.yaml", "--trace", "t.jsonl"], { ...sweeping, run });
    expect(code).toBe(1);
    expect(out.match(/^(PASS|FAIL) .*? {2,}(?=documented|as-)/gm)?.map((line) => line.trim())).toEqual([
      "PASS  x nth=1",
      "FAIL  x nth=2",
      "PASS  x nth=3",
      "PASS  x",
    ]);
    expect(out).toContain("1 experiments, 4 runs: 3 passed, 1 failed, 0 inconclusive");
    expect(out).toContain("--seed 0x1 --nth 2\n");
    expect(asked.map(({ sweep }) => sweep)).toEqual([
      { nth: 1, crossings: 0, ns: 0 },
      { nth: 2, crossings: 10, ns: 5 },
      { nth: 3, crossings: 20, ns: 10 },
      undefined,
    ]);
    expect(asked.map(({ traceFile }) => traceFile)).toEqual([
      "t.x.documented.nth-1.jsonl",
      "t.x.documented.nth-2.jsonl",
      "t.x.documented.nth-3.jsonl",
      "t.x.as-implemented.jsonl",
    ]);
    asked.length = 0;
    await tenon(["run", "x.yaml", "--nth", "2", "--profile", "documented"], { ...sweeping, run });
    expect(asked.map(({ sweep }) => sweep?.nth)).toEqual([2]);
    const none = await tenon(["run", "x.yaml", "--nth", "2"], { run: passing });
    expect(none.code).toBe(3);
    expect(none.err).toContain("--nth 2 is a run of a sweep; found no fault with nth: each in x.yaml");
  });

  test("a failure says which step and which expectation, where, and what instead", async () => {
    const run: Backend["run"] = async (request) => ({ ok: true, value: reportOf(request, FAILED) });
    const { code, out } = await tenon(["run", "x.yaml", "--quiet", "--profile", "documented"], { run });
    expect(code).toBe(1);
    expect(out.split("\n").slice(0, 6)).toEqual([
      "steps         0 of 1 as expected",
      "  ✗ app: dup2 1 4 = -EBADF, expected 4  x.yaml:12",
      "faults        ⚡ lose-install  install_inband_fd: lose-reply on crossing 2 (3 crossings, 3 matched, 1 struck)",
      "expectations  ✗ index_add follows install: no index_add at all  x.yaml:20",
      "FAIL  x: install_inband_fd was never seen after sys_open (documented, simulated, seed 0x1)",
      "again         npx tenon run x.yaml --runtime simulated --profile documented --seed 0x1",
    ]);
  });

  test("a fault that did not strike is no pass, and the exit code says so", async () => {
    const rule = reportOf({ file: "x.yaml", runtime: "simulated", profile: "documented" }).faults[0]?.rule;
    const faults = rule === undefined ? [] : [{ rule, crossings: 1, matched: 1, fired: 0 }];
    const run: Backend["run"] = async (request) => ({
      ok: true,
      value: reportOf(request, { verdict: "inconclusive", why: "the fault lose-install never struck", faults }),
    });
    const { code, out } = await tenon(["run", "x.yaml"], { run });
    expect(code).toBe(2);
    expect(out).toContain("INCONCLUSIVE  x: the fault lose-install never struck");
    expect(out).toContain("(1 crossing, 1 matched, none struck)");
  });

  test("several files get a line each, details where something failed, and a summary", async () => {
    const load: Backend["load"] = async () => ({
      ok: true,
      value: [info("a.yaml"), info("b.yaml", { profiles: ["documented"] })],
    });
    const run: Backend["run"] = async (request) => ({
      ok: true,
      value: reportOf(request, request.profile === "documented" ? {} : FAILED),
    });
    const { code, out } = await tenon(["run", "folder"], { load, run });
    const lines = out.trimEnd().split("\n");
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^PASS {2}a +documented +12 µs +The story of a.yaml$/);
    expect(lines[1]).toMatch(/^FAIL {2}a +as-implemented/);
    expect(lines[3]).toBe("        ✗ app: dup2 1 4 = -EBADF, expected 4  x.yaml:12");
    expect(lines.at(-2)).toMatch(/^PASS {2}b +documented/);
    expect(lines.at(-1)).toBe("2 experiments, 3 runs: 2 passed, 1 failed, 0 inconclusive");
    const only = await tenon(["run", "folder", "--profile", "as-implemented"], { load, run });
    expect(only.out).toContain("1 left out: not for as-implemented");
  });

  test("--verbose lists every step, --json is data", async () => {
    expect((await tenon(["run", "x.yaml", "--quiet", "--verbose"], { run: passing })).code).toBe(0);
    expect((await tenon(["run", "x.yaml", "--verbose"], { run: passing })).out).toContain(
      "  ✓ app: open /dev/oobecho = 3  x.yaml:9",
    );
    const { out, code } = await tenon(["run", "x.yaml", "y.yaml", "--json", "--seed", "18446744073709551615"], {
      run: passing,
    });
    const data = JSON.parse(out) as { verdict: string; exitCode: number; runs: { seed: string; again: string }[] };
    expect(code).toBe(0);
    expect(data).toMatchObject({ verdict: "pass", exitCode: 0 });
    expect(data.runs).toHaveLength(4);
    expect(data.runs[0]).toMatchObject({
      seed: "0xffffffffffffffff",
      again: expect.stringContaining("npx tenon run x.yaml"),
    });
  });

  test("events that were overwritten are told", async () => {
    const run: Backend["run"] = async (request) => ({ ok: true, value: reportOf(request, { dropped: 7 }) });
    expect((await tenon(["run", "x.yaml"], { run })).out).toContain(
      "7 of 40 were overwritten before anybody took them",
    );
  });

  test("progress is shown on a terminal only, and taken away again", async () => {
    const shown = await tenon(["run", "a.yaml", "b.yaml"], { run: passing }, { isTTY: true });
    expect(shown.err).toContain("1 of 4  a (documented, simulated)");
    expect(shown.err.endsWith("\r\x1b[2K")).toBe(true);
    expect((await tenon(["run", "a.yaml", "b.yaml"], { run: passing })).err).toBe("");
  });

  test("Ctrl-C stops between two runs, and nothing is claimed", async () => {
    const { io, said, ctrlC } = fakeIo();
    const run: Backend["run"] = (request) => (ctrlC(), passing(request));
    expect(await createProgram(fakeBackend({ run }), io).run(["run", "a.yaml", "b.yaml"])).toBe(2);
    expect(said.out).toContain("stopped after 1 of 4 runs");
  });
});
