import { describe, expect, test } from "@jest/globals";
import type { Backend } from "../../services/cli/backend.ts";
import type { CheckReport, CheckRequest, RuleReport } from "../../services/cli/judged.ts";
import { tenon } from "./fake.ts";

const rule = (id: string, more: Partial<RuleReport> = {}): RuleReport => ({
  id,
  title: `${id} is kept`,
  source: "seed 000",
  profile: "both",
  verdict: "pass",
  counts: true,
  order: "certain",
  slices: 1,
  triggered: 2,
  violated: 0,
  violations: [],
  ...more,
});

const broken = rule("SOCK-13", {
  verdict: "certain-fail",
  violated: 3,
  violations: [
    {
      slice: "alpha sk=2",
      certain: true,
      witnesses: [{ id: "alpha/companion#2", text: "companion:sk_attach sk=2" }],
      at: { id: "alpha/companion#9", text: "companion:sk_free sk=2" },
      broken: [
        { id: "alpha/companion#2", text: "companion:sk_attach sk=2" },
        { id: "alpha/companion#9", text: "companion:sk_free sk=2" },
      ],
    },
  ],
});

const report = (more: Partial<CheckReport> = {}): CheckReport => ({
  events: 40,
  duplicates: 0,
  missing: 0,
  ended: "rest",
  verdict: "pass",
  profiles: { documented: "pass", "as-implemented": "pass" },
  why: "",
  rules: [rule("BR-1"), rule("NET-01", { verdict: "vacuous", triggered: 0 })],
  notes: [],
  ...more,
});

const answering = (told: CheckReport, asked: CheckRequest[] = []): Partial<Backend> => ({
  check: async (request) => (asked.push(request), request.onProgress(told.events), { ok: true, value: told }),
});

describe("tenon check", () => {
  test("passes with what held, and with what nothing triggered counted", async () => {
    const { code, out } = await tenon(["check", "t.jsonl"], answering(report()));
    expect(code).toBe(0);
    expect(out).toBe("PASS  t.jsonl: 1 rules held (documented, 40 events)\nrules         1 pass, 1 vacuous\n");
  });

  test("a certain fail is exit code 1: what the rule says, who says so, the broken order and where", async () => {
    const told = report({
      verdict: "fail",
      profiles: { documented: "fail", "as-implemented": "fail" },
      why: "SOCK-13 is broken: SOCK-13 is kept",
      rules: [rule("BR-1"), broken],
    });
    const { code, out } = await tenon(["check", "t.jsonl"], answering(told));
    expect(code).toBe(1);
    expect(out).toMatch(
      /^rule +DOC +CODE +triggered +says\nSOCK-13 +✗ certain fail +✗ certain fail +2 +SOCK-13 is kept\n/,
    );
    expect(out).toContain("    says  seed 000\n");
    expect(out).toContain(
      "order alpha sk=2: companion:sk_attach sk=2 → companion:sk_free sk=2  alpha/companion#2, alpha/companion#9",
    );
    expect(out).toContain("    and 2 times more\n");
    expect(out).toContain("FAIL  t.jsonl: SOCK-13 is broken: SOCK-13 is kept (documented, 40 events)");
    expect(out).not.toContain("BR-1");
  });

  test("a rule of one reading stands in its column alone; what the other would come to is said", async () => {
    const told = report({
      profiles: { documented: "pass", "as-implemented": "fail" },
      rules: [rule("D1.code", { profile: "as-implemented", verdict: "certain-fail", counts: false })],
    });
    const { code, out } = await tenon(["check", "t.jsonl"], answering(told));
    expect(code).toBe(0);
    expect(out).toMatch(/D1\.code +─ +✗ certain fail/);
    expect(out).toContain(
      "by the rules of as-implemented it would be: fail; with --profile as-implemented that is what counts",
    );
    const asked = await tenon(["check", "t.jsonl", "--profile", "documented"], answering(told));
    expect(asked.out).toContain("by the rules of as-implemented it would be: fail\n");
  });

  test("a possible fail and the unknown are exit code 2, and say which", async () => {
    const told = report({
      verdict: "inconclusive",
      profiles: { documented: "inconclusive", "as-implemented": "inconclusive" },
      why: "nobody can tell",
      rules: [rule("ND-01", { verdict: "possible-fail" }), rule("SOCK-14", { verdict: "unknown" })],
      notes: ["3 events are missing"],
    });
    const { code, out } = await tenon(["check", "a.jsonl", "b.jsonl"], answering(told));
    expect(code).toBe(2);
    expect(out).toMatch(/ND-01 +\? possible fail/);
    expect(out).toContain("unknown: SOCK-14\n3 events are missing\n");
    expect(out).toContain("INCONCLUSIVE  a.jsonl, b.jsonl: nobody can tell (documented, 40 events of 2 files)");
  });

  test("what was asked for reaches the backend, and --verbose shows every rule", async () => {
    const asked: CheckRequest[] = [];
    const words = ["check", "a", "-", "--profile", "as-implemented", "--rules", "r.yaml", "--report", "d", "--verbose"];
    const { out } = await tenon(words, answering(report({ page: "d/index.html" }), asked));
    expect(asked[0]).toMatchObject({ files: ["a", "-"], profile: "as-implemented", rules: "r.yaml", report: "d" });
    expect(out).toMatch(/NET-01 +· vacuous/);
    expect(out).toContain("report        d/index.html\n");
  });

  test("--json has all of it, with the exit code", async () => {
    const { code, out } = await tenon(
      ["check", "t", "--json"],
      answering(report({ verdict: "fail", rules: [broken] })),
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      exitCode: 1,
      counted: "documented",
      rules: [{ id: "SOCK-13", verdict: "certain-fail", violations: [{ slice: "alpha sk=2" }] }],
    });
  });

  test("bad input is one line and exit code 3", async () => {
    const check: Backend["check"] = async () => ({
      ok: false,
      trouble: { kind: "invalid", lines: ["t.jsonl:7: it is no JSON; allowed is a trace"] },
    });
    expect(await tenon(["check", "t.jsonl"], { check })).toEqual({
      code: 3,
      out: "",
      err: "tenon: t.jsonl:7: it is no JSON; allowed is a trace\n",
    });
    expect((await tenon(["check"])).code).toBe(3);
  });
});
