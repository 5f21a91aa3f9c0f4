import { describe, expect, test } from "@jest/globals";
import type { Backend, BenchReport, RunRequest } from "../../services/cli/backend.ts";
import { createProgram } from "../../services/cli/program.ts";
import { FAILED, fakeBackend, fakeControl, fakeIo, fakeKernel, info, never, reportOf, tenon } from "./fake.ts";
import { sampleTrace } from "./recorder.ts";

const passing: Backend["run"] = async (request) => {
  request.onEvents?.(sampleTrace());
  return { ok: true, value: reportOf(request) };
};

describe("tenon --help", () => {
  test("without a verb the verbs are shown", async () => {
    const { code, out } = await tenon([]);
    expect(code).toBe(0);
    for (const verb of ["up", "run", "hooks", "fault", "lsof", "trace", "bench", "schema"])
      expect(out).toContain(`  ${verb} `);
    expect(out).toContain("Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 invalid input, 4 the tool broke.");
  });

  test.each([
    ["up"],
    ["run"],
    ["hooks"],
    ["fault"],
    ["fault", "arm"],
    ["fault", "disarm"],
    ["fault", "list"],
    ["lsof"],
    ["trace"],
    ["bench"],
    ["schema"],
  ])("%s %s explains itself", async (...argv) => {
    const { code, out, err } = await tenon([...argv, "--help"], {}, { columns: 80 });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^Usage: tenon ${argv.join(" ")}`));
    expect(out).not.toContain("undefined");
  });

  test("fault --help shows the language", async () => {
    const { out } = await tenon(["fault", "--help"]);
    expect(out).toContain("'sock_oob_bind: 2*off -> 1*refuse(ENOMEM) -> delay(50ms)'");
  });

  test("--version prints the version", async () => {
    expect(await tenon(["--version"])).toEqual({ code: 0, out: "0.1.0\n", err: "" });
  });
});

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
      core: "unix:/my core.sock",
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

describe("tenon up", () => {
  const boot: Backend["boot"] = async (request) => ({ ok: true, value: fakeKernel(request) });

  test("says what it booted and what to try, and stops on Ctrl-C", async () => {
    const { io, said, ctrlC, when } = fakeIo();
    when("stop     Ctrl-C", ctrlC);
    expect(await createProgram(fakeBackend({ boot }), io).run(["up", "--seed", "7"])).toBe(0);
    expect(said.out.split("\n").slice(0, 5)).toEqual([
      "tenon 0.1.0: the kernel of node alpha is up (embedded, documented, seed 0x7)",
      "  houses   vfs (worker 1) · companion (worker 2)",
      "  control  unix:.tenon/control.sock",
      "  try      npx tenon fault arm 'install_inband_fd: 1*lose-reply'   in a second terminal; also: npx tenon lsof, npx tenon hooks",
      "  stop     Ctrl-C",
    ]);
  });

  test("what it shows to try is a fault that can be armed", async () => {
    const control = fakeControl();
    const told = await tenon(["fault", "arm", "install_inband_fd: 1*lose-reply"], {
      control: async () => ({ ok: true, value: control }),
    });
    expect(told).toEqual({
      code: 0,
      out: "armed install_inband_fd-lose-reply: install_inband_fd → lose-reply on crossing 1\n",
      err: "",
    });
  });

  test("--once runs the tour, shows its trace, and ends with its verdict", async () => {
    const { code, out } = await tenon(["up", "--once"], { boot });
    expect(code).toBe(0);
    expect(out).toContain('open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3');
    expect(out).toContain("PASS  tour: ");
    expect(out).not.toContain("Ctrl-C");
    const failing: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, {
        tour: async () => ({
          ok: true,
          value: reportOf({ file: "tour.yaml", runtime: "embedded", profile: "documented" }, FAILED),
        }),
      }),
    });
    expect((await tenon(["up", "--once"], { boot: failing })).code).toBe(1);
  });

  test("--tour stays up afterwards", async () => {
    const { io, said, ctrlC, when } = fakeIo();
    when("the kernel stays up; its trace goes on here · Ctrl-C stops it", ctrlC);
    expect(await createProgram(fakeBackend({ boot }), io).run(["up", "--tour"])).toBe(0);
    expect(said.out).toContain("PASS  tour: ");
  });

  test("what happens is shown while it goes on, not only at the end", async () => {
    const { io, said, tick, ctrlC, when } = fakeIo();
    const busy: Backend["boot"] = async (request) => {
      const kernel = fakeKernel(request);
      return {
        ok: true,
        value: {
          ...kernel,
          onEvents: (listener) => {
            queueMicrotask(() => {
              listener(sampleTrace());
              tick();
              tick();
            });
            return () => undefined;
          },
        },
      };
    };
    when("dup(3) = 4", ctrlC);
    expect(await createProgram(fakeBackend({ boot: busy }), io).run(["up"])).toBe(0);
    expect(said.out.split("dup(3) = 4")).toHaveLength(2);
    // The call that never ended is shown when the kernel stops.
    expect(said.out).toContain("exit(init) = …");
  });

  test("a tour that Ctrl-C cut short has no verdict", async () => {
    const stuck: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, { tour: () => never() }),
    });
    const { io, ctrlC, when } = fakeIo();
    when("the kernel of node alpha is up", ctrlC);
    expect(await createProgram(fakeBackend({ boot: stuck }), io).run(["up", "--once"])).toBe(2);
  });
});

describe("tenon against a running kernel", () => {
  const control = fakeControl();
  const backend: Partial<Backend> = { control: async () => ({ ok: true, value: control }) };

  test("a sequence of faults is armed under names that can be disarmed, listed with what they did", async () => {
    const armed = await tenon(
      ["fault", "arm", "sock_oob_bind[sk==4]: 2*off -> 1*refuse(ENOMEM) -> 10%*delay(50ms)", "--id", "storm"],
      backend,
    );
    expect(armed.out.trimEnd().split("\n")).toEqual([
      "armed storm: sock_oob_bind[sk==4] → refuse(ENOMEM) on crossing 3",
      "armed storm-2: sock_oob_bind[sk==4] → delay(50ms) on 10/100 of crossings 4 and later",
    ]);
    const listed = await tenon(["fault", "list"], backend);
    expect(listed.out).toMatch(/storm +sock_oob_bind\[sk==4\] +refuse\(ENOMEM\) +crossing 3 +5 +3 +1/);
    expect(JSON.parse((await tenon(["fault", "list", "--json"], backend)).out)).toHaveLength(2);
    expect((await tenon(["fault", "disarm", "storm"], backend)).out).toBe("disarmed storm\n");
    expect((await tenon(["fault", "disarm", "--all"], backend)).out).toBe("disarmed all\n");
    expect((await tenon(["fault", "list"], backend)).out).toBe("no fault is armed\n");
  });

  test("lsof puts the core's index beside what is open, and shows where they disagree", async () => {
    const { out } = await tenon(["lsof"], backend);
    const lines = out.trimEnd().split("\n").slice(1);
    expect(lines.map((line) => line.replace(/^.*(yes|not oob|missing|stale.*)$/, "$1"))).toEqual([
      "yes",
      "not oob",
      "missing",
      "stale: file 9",
      "stale: not open",
    ]);
    expect(lines[1]).toContain("O_RDONLY (cloexec)");
    expect(JSON.parse((await tenon(["lsof", "--json"], backend)).out)).toHaveProperty("companion");
  });

  test("trace follows the events as a tree, or as JSON Lines", async () => {
    const { out, code } = await tenon(["trace"], backend);
    expect(code).toBe(0);
    expect(out).toContain("dup(3) = 4");
    const lines = (await tenon(["trace", "--json"], backend)).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(sampleTrace());
  });

  test("--control says where, and the connection is closed in the end", async () => {
    const seen: string[] = [];
    const open: Backend["control"] = async (address) => {
      seen.push(address);
      return { ok: true, value: { ...fakeControl(), close: async () => void seen.push("closed") } };
    };
    await tenon(["lsof", "--control", "127.0.0.1:7777"], { control: open });
    expect(seen).toEqual(["127.0.0.1:7777", "closed"]);
  });
});

describe("tenon hooks, bench, schema", () => {
  test("hooks lists every point, who serves it, and where only the weak default answers", async () => {
    const { out } = await tenon(["hooks"], {}, { columns: 140 });
    expect(out).toMatch(/^install_inband_fd +vfs → companion +inband +files\.file_lock +nothing +companion$/m);
    expect(out).toMatch(
      /^sock_oob_bind +inband → companion +inband +errno +ENOMEM EADDRINUSE EINVAL EPERM +weak default$/m,
    );
    expect(out).toMatch(/^sys_dup +.* nobody$/m);
    expect(out).not.toContain("ctl_arm_fault");
    const narrow = (await tenon(["hooks"], {}, { columns: 80 })).out;
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("hooks NAME shows its page, hooks --json the contract", async () => {
    const { out } = await tenon(["hooks", "sock_oob_bind"]);
    expect(out).toContain("Asks the core to extend a binding");
    expect(out).toMatch(/^errnos +ENOMEM, EADDRINUSE, EINVAL, EPERM$/m);
    const all = JSON.parse((await tenon(["hooks", "--json"])).out) as { name: string; servedBy: string | null }[];
    expect(all.find(({ name }) => name === "sys_open")?.servedBy).toBe("vfs");
    expect(all.find(({ name }) => name === "sock_oob_bind")?.servedBy).toBeNull();
    expect(JSON.parse((await tenon(["hooks", "sys_open", "--json"])).out)).toMatchObject({
      name: "sys_open",
      servedBy: "vfs",
    });
  });

  const report: BenchReport = {
    machine: "Node 20, 2 cores",
    rows: [
      {
        bench: "hooks",
        runtime: "distributed",
        what: "hook",
        floor: false,
        inFlight: 16,
        p50Ns: 150_000,
        p99Ns: 300_000,
        perSecond: 60_000,
      },
      {
        bench: "hooks",
        runtime: "distributed",
        what: "floor: a bare grpc-js stream",
        floor: true,
        inFlight: 16,
        p50Ns: 120_000,
        p99Ns: 200_000,
        perSecond: 80_000,
      },
    ],
    notes: ["memory did not grow over 10,000,000 calls"],
  };

  test("bench shows each row beside its floor, and is honest about what the figures are", async () => {
    const bench: Backend["bench"] = async ({ onProgress }) => (
      onProgress("hooks: distributed, 16 in flight"),
      { ok: true, value: report }
    );
    const { out, err } = await tenon(["bench", "hooks"], { bench }, { isTTY: true });
    expect(out).toMatch(/distributed +hook +16 +150 µs +300 µs +60,000 +1\.25x +75 %/);
    expect(out).toContain("wall-clock figures of the emulator");
    expect(err).toContain("hooks: distributed, 16 in flight");
    const data = JSON.parse((await tenon(["bench", "--json"], { bench })).out) as { rows: { floorRatio: unknown }[] };
    expect(data.rows.map(({ floorRatio }) => floorRatio)).toEqual([{ p50: 1.25, rate: 0.75 }, null]);
  });

  test("bench passes on how long and how much", async () => {
    let asked: unknown;
    const bench: Backend["bench"] = async (request) => ((asked = request), { ok: true, value: report });
    await tenon(["bench", "hooks", "--seconds", "0.5", "--soak", "10000000"], { bench });
    expect(asked).toMatchObject({ names: ["hooks"], seconds: 0.5, soak: 10_000_000 });
  });

  test("schema prints the JSON Schema", async () => {
    expect(JSON.parse((await tenon(["schema"])).out)).toEqual({ $id: "tenon/v1alpha1" });
  });
});

describe("on a terminal of ASCII", () => {
  test.each([
    [["run", "x.yaml"]],
    [["hooks"]],
    [["hooks", "sock_oob_bind"]],
    [["--help"]],
    [["fault", "--help"]],
    [["up", "--once"]],
  ])("%j prints nothing else", async (argv) => {
    const backend: Partial<Backend> = {
      run: passing,
      boot: async (request) => ({ ok: true, value: fakeKernel(request) }),
    };
    for (const told of [await tenon(argv, backend, { unicode: false }), await tenon([...argv, "--ascii"], backend)]) {
      expect(told.code).toBe(0);
      expect(told.out).toMatch(/^[\x20-\x7e\n]+$/);
    }
  });
});
