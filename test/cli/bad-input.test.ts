import { describe, expect, test } from "@jest/globals";
import type { Backend, Trouble } from "../../services/cli/backend.ts";
import { fakeControl, fakeKernel, tenon, type Told } from "./fake.ts";

/** Each is one line on the standard error, with nothing on the other, and no trace of a stack. */
function expectOneLine({ code, out, err }: Told, wanted: number, says: RegExp): void {
  expect({ code, out }).toEqual({ code: wanted, out: "" });
  expect(err).toMatch(/^tenon: [^\n]*\n$/);
  expect(err).toMatch(says);
  expect(err).not.toMatch(/\.[jt]s:\d|^\s+at /m);
}

describe("a command line that makes no sense is answered in one line, with exit code 3", () => {
  test.each([
    [["rnu"], /unknown command 'rnu'; did you mean run\? \(verbs: up, run, .*, bench, schema\)/],
    [["frobnicate"], /unknown command 'frobnicate' \(verbs: /],
    [["--bogus"], /unknown option '--bogus' \(options: --version/],
    [["run", "x.yaml", "--sede", "3"], /unknown option '--sede'; did you mean --seed\? \(options: --runtime, --seed/],
    [["run"], /missing required argument 'file' \(usage: tenon run/],
    [["run", "x.yaml", "--trace"], /option '--trace <out.jsonl>' argument missing/],
    [
      ["run", "x.yaml", "--runtime", "simulatd"],
      /is invalid: it is one of simulated, embedded, distributed; did you mean simulated\?/,
    ],
    [["up", "--runtime", "simulated"], /is invalid: it is one of embedded, distributed/],
    [["up", "now"], /too many arguments for 'up'/],
    [["run", "x.yaml", "--profile", "doc"], /it is one of documented, as-implemented; did you mean documented\?/],
    [["run", "x.yaml", "--seed", "-1"], /a seed is a number below 2\^64/],
    [["run", "x.yaml", "--seed", "0x10000000000000000"], /a seed is a number below 2\^64/],
    [["hooks", "sock_oob_bnd"], /sock_oob_bnd is no point of the contract; did you mean sock_oob_bind\?/],
    [["hooks", "a", "b"], /too many arguments for 'hooks'/],
    [["fault", "arn"], /unknown command 'arn'; did you mean arm\? \(verbs: arm, disarm, list\)/],
    [["fault", "arm"], /missing required argument 'rule'/],
    [
      ["fault", "arm", "sock_oob_bnd: skip"],
      /fault, column 1: sock_oob_bnd is no point .*did you mean sock_oob_bind\?/,
    ],
    [["fault", "disarm"], /takes the id of one rule, or --all/],
    [["fault", "disarm", "x", "--all"], /takes the id of one rule, or --all/],
    [["bench", "hoks"], /hoks is no benchmark; did you mean hooks\? \(benchmarks: hooks\)/],
    [["bench", "--soak", "0"], /a whole number from 1/],
    [["bench", "--seconds", "soon"], /a number of seconds above 0/],
    [["schema", "wrld"], /is invalid.* it is one of experiment, rules, world; did you mean world\?/],
    [["schema", "world", "x"], /too many arguments for 'schema'/],
  ])("tenon %j", async (argv, says) => {
    expectOneLine(await tenon(argv), 3, says);
  });

  test.each(["explore", "replay", "conformance"])("%s is of a later version, and says so", async (verb) => {
    expectOneLine(await tenon([verb, "x", "--whatever"]), 3, new RegExp(`${verb} comes with a later version`));
    expect((await tenon(["--help"])).out).not.toContain(`  ${verb} `);
  });
});

const trouble = (kind: Trouble["kind"], ...lines: string[]): { ok: false; trouble: Trouble } => ({
  ok: false,
  trouble: { kind, lines },
});

describe("what the backend finds wrong is passed on", () => {
  test("a world that there is not, in run and in up", async () => {
    expectOneLine(await tenon(["run", "x.yaml", "--world", "nowhere.yaml"]), 3, /nowhere\.yaml: found no such file/);
    expectOneLine(await tenon(["up", "--world", "nowhere.yaml"]), 3, /nowhere\.yaml: found no such file/);
  });

  test("a file that is missing", async () => {
    const load: Backend["load"] = async ([file]) => trouble("invalid", `${file ?? ""}: no such file`);
    expectOneLine(await tenon(["run", "nowhere.yaml"], { load }), 3, /^tenon: nowhere.yaml: no such file$/m);
  });

  test("a file with several faults gets a line for each, and nothing is run", async () => {
    const load: Backend["load"] = async () =>
      trouble(
        "invalid",
        "x.yaml:3: point: found sock_oob_bnd; did you mean sock_oob_bind?",
        "x.yaml:9: seed: found 7;\nquote it",
      );
    const { code, err, out } = await tenon(["run", "x.yaml", "y.yaml"], { load });
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err.trimEnd().split("\n")).toEqual([
      "tenon: x.yaml:3: point: found sock_oob_bnd; did you mean sock_oob_bind?",
      "tenon: x.yaml:9: seed: found 7; quote it",
    ]);
  });

  test("a folder without experiments", async () => {
    const load: Backend["load"] = async () => ({ ok: true, value: [] });
    expectOneLine(await tenon(["run", "empty/"], { load }), 3, /no experiment in empty\//);
  });

  test("a core that nobody reaches, in run and in up", async () => {
    const refused = async () => trouble("invalid", "no core at unix:/x.sock: ECONNREFUSED");
    expectOneLine(await tenon(["run", "x.yaml", "--core", "unix:/x.sock"], { run: refused }), 3, /no core at/);
    expectOneLine(await tenon(["up", "--core", "unix:/x.sock"], { boot: refused }), 3, /no core at/);
  });

  test.each([
    ["fault", "list"],
    ["fault", "disarm", "x"],
    ["fault", "arm", "oob_read: skip"],
    ["lsof"],
    ["ps"],
    ["trace"],
  ])("no kernel where one was expected: %s %s", async (...argv) => {
    const control: Backend["control"] = async () => trouble("invalid", "nothing listens there");
    expectOneLine(
      await tenon(argv, { control }),
      3,
      /no kernel at unix:\.tenon\/control\.sock \(nothing listens there\); start one with "npx tenon up", or say with --control/,
    );
  });

  test("a fault that its point cannot have is refused with the reason, and leaves nothing armed", async () => {
    const control = fakeControl();
    control.refuses = "install_inband_fd returns nothing, so it cannot refuse (seed 002)";
    const told = await tenon(["fault", "arm", "install_inband_fd: 1*skip -> refuse(ENOMEM)"], {
      control: async () => ({ ok: true, value: control }),
    });
    expectOneLine(told, 3, /not armed: install_inband_fd returns nothing, so it cannot refuse/);
    expect(control.armed).toEqual([]);
  });

  test("a rule that is not armed cannot be disarmed", async () => {
    const control = fakeControl();
    const open: Backend["control"] = async () => ({ ok: true, value: control });
    await tenon(["fault", "arm", "oob_read: lose-reply", "--id", "storm"], { control: open });
    expectOneLine(
      await tenon(["fault", "disarm", "strom"], { control: open }),
      3,
      /no rule strom is armed; did you mean storm\? \(armed: storm\)/,
    );
  });

  test("a profile that the experiment is not for", async () => {
    const load: Backend["load"] = async () => ({
      ok: true,
      value: [{ file: "x.yaml", name: "x", title: "X", profiles: ["documented"] }],
    });
    expectOneLine(
      await tenon(["run", "x.yaml", "--profile", "as-implemented"], { load }),
      3,
      /--profile as-implemented: x.yaml applies to documented only/,
    );
  });
});

describe("when Tenon itself breaks, exit code 4", () => {
  test("what was thrown becomes one line and the file with the rest", async () => {
    const run: Backend["run"] = async () => {
      throw new Error("does not hold: the ring never holds more than its capacity\n    at ring.ts:17");
    };
    const told = await tenon(["run", "x.yaml"], { run });
    expectOneLine(told, 4, /Tenon broke: does not hold: the ring .* \(details: \.tenon\/broke\.txt\)/);
  });

  test("even when the details cannot be written", async () => {
    const run: Backend["run"] = async () => {
      throw new Error("out of luck");
    };
    const keepDetails = async (): Promise<string> => {
      throw new Error("disk full");
    };
    expectOneLine(await tenon(["run", "x.yaml"], { run, keepDetails }), 4, /^tenon: Tenon broke: out of luck$/m);
  });

  test("a house that cannot be kept alive ends the kernel, which is still stopped", async () => {
    let stopped = 0;
    const boot: Backend["boot"] = async (request) => ({
      ok: true,
      value: fakeKernel(request, {
        failed: Promise.resolve({ kind: "broke", lines: ["vfs died 5 times"], details: ".tenon/vfs.log" }),
        stop: async () => {
          stopped++;
        },
      }),
    });
    const { code, err } = await tenon(["up"], { boot });
    expect({ code, err, stopped }).toEqual({
      code: 4,
      err: "tenon: vfs died 5 times (details: .tenon/vfs.log)\n",
      stopped: 1,
    });
  });
});
