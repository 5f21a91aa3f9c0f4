import { describe, expect, test } from "@jest/globals";
import type { Backend, Reports } from "../../services/cli/backend.ts";
import type { RuleReport } from "../../services/cli/judged.ts";
import { info, passing, reportOf, tenon } from "./fake.ts";

/** A folder of reports that remembers what was done to it. */
function folder(run: Backend["run"] = passing) {
  const done: string[] = [];
  const reports = async (name: string): Promise<{ ok: true; value: Reports }> => ({
    ok: true,
    value: {
      run: async (request) => {
        done.push(`run ${request.file} ${request.profile}`);
        const ran = await run(request);
        return ran.ok ? { ok: true, value: { ...ran.value, page: `${name}/x.html` } } : ran;
      },
      finish: async (planned) => {
        done.push(`finish ${planned}`);
        return { ok: true, value: `${name}/index.html` };
      },
    },
  });
  return { done, reports };
}

const broken: RuleReport = {
  id: "SOCK-13",
  title: "What attach obtained is freed once",
  source: "seed 000, sock_oob_destroy",
  profile: "both",
  verdict: "certain-fail",
  counts: true,
  order: "certain",
  slices: 1,
  triggered: 2,
  violated: 1,
  violations: [{ slice: "alpha sk=2", certain: true, witnesses: [], at: { id: "alpha/companion#9", text: "sk_free" } }],
};

describe("tenon run --report", () => {
  test("every run is told in the folder, and at the end all of them; the terminal says where", async () => {
    const { done, reports } = folder();
    const { code, out } = await tenon(["run", "x.yaml", "y.yaml", "--report", "out"], { reports });
    expect(code).toBe(0);
    expect(done).toEqual([
      "run x.yaml documented",
      "run x.yaml as-implemented",
      "run y.yaml documented",
      "run y.yaml as-implemented",
      "finish 4",
    ]);
    expect(out.trimEnd().split("\n").at(-1)).toBe("report out/index.html");
    const alone = await tenon(["run", "x.yaml", "--profile", "documented", "--quiet", "--report", "out"], { reports });
    expect(alone.out).toMatch(/^PASS .*\nagain .*\npage +out\/x\.html\nreport out\/index\.html\n$/);
  });

  test("--json names the page to begin with", async () => {
    const { out } = await tenon(["run", "x.yaml", "--json", "--report", "out"], { reports: folder().reports });
    expect(JSON.parse(out)).toMatchObject({
      verdict: "pass",
      report: "out/index.html",
      runs: [{ page: "out/x.html" }, {}],
    });
  });

  test("a folder that cannot be is one line, before anything is run", async () => {
    const reports: Backend["reports"] = async () => ({
      ok: false,
      trouble: { kind: "invalid", lines: ["--report x: found a file, allowed is a folder"] },
    });
    const told = await tenon(["run", "x.yaml", "--report", "x"], { reports });
    expect(told).toEqual({ code: 3, out: "", err: "tenon: --report x: found a file, allowed is a folder\n" });
    const remote = await tenon(["run", "x.yaml", "--report", "d", "--control", "unix:/x"], {});
    expect(remote.code).toBe(3);
    expect(remote.err).toContain("--report tells of runs on kernels of its own; found --control unix:/x with it");
  });
});

describe("what the terminal says of rules and faults", () => {
  const telling =
    (rules: readonly RuleReport[]): Backend["run"] =>
    async (request) => ({
      ok: true,
      value: reportOf(request, {
        rules,
        verdict: "fail",
        why: "SOCK-13 is broken",
        evidence: [
          { id: "lose-install", at: { id: "alpha/vfs#4", text: "" }, seen: "vfs got lost(timeout)", recovered: "yes" },
        ],
      }),
    });

  test("the broken rule with its source and its event, how all came out, and what the other reading objects to", async () => {
    const other: RuleReport = { ...broken, id: "D6.code", profile: "as-implemented", counts: false };
    const fine: RuleReport = { ...broken, id: "BR-1", verdict: "pass", violations: [] };
    const load: Backend["load"] = async () => ({ ok: true, value: [info("x.yaml", { profiles: ["documented"] })] });
    const { code, out } = await tenon(["run", "x.yaml", "--quiet"], { load, run: telling([broken, fine, other]) });
    expect(code).toBe(1);
    expect(out).toContain("rules         1 pass, 1 certain fail\n");
    expect(out).toContain("  ✗ certain fail SOCK-13 What attach obtained is freed once (both profiles)\n");
    expect(out).toContain(
      "      says  seed 000, sock_oob_destroy\n      at    alpha sk=2: sk_free  alpha/companion#9\n",
    );
    expect(out).toContain("  by as-implemented, which does not count here, broken: D6.code\n");
    expect(out).toContain("at alpha/vfs#4; vfs got lost(timeout); recovered: yes");
  });

  test("of many broken rules the first are told, and the others named", async () => {
    const many = ["A", "B", "C", "D", "E"].map((id) => ({ ...broken, id }));
    const { out } = await tenon(["run", "x.yaml", "--quiet", "--profile", "documented"], { run: telling(many) });
    expect(out.match(/ {2}✗ certain fail/g)).toHaveLength(3);
    expect(out).toContain("  and 2 rules more: D, E\n");
  });
});
