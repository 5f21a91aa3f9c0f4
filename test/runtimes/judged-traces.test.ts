import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { Outcome } from "../../services/cli/backend.ts";
import type { CheckReport, CheckRequest } from "../../services/cli/judged.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import { check } from "../../services/runtimes/backend/check.ts";
import { openReports } from "../../services/runtimes/backend/reports.ts";
import { madeOf } from "../report/made.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "tenon-judged-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const good = (await madeOf("experiments/sockets/bind-refused.yaml")).events;
const bad = (await madeOf("experiments/mutants/frees-at-release.yaml")).events;

async function written(name: string, events: readonly TraceEvent[], more = ""): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, events.map((event) => `${eventToLine(event)}\n`).join("") + more);
  return file;
}

const judge = (files: readonly string[], more: Partial<CheckRequest> = {}): Promise<Outcome<CheckReport>> =>
  check({ files, onProgress: () => undefined, stop: new AbortController().signal, ...more });

async function toldOf(files: readonly string[], more: Partial<CheckRequest> = {}): Promise<CheckReport> {
  const judged = await judge(files, more);
  if (!judged.ok) throw new Error(judged.trouble.lines.join("\n"));
  return judged.value;
}

async function refusal(files: readonly string[], more: Partial<CheckRequest> = {}): Promise<string> {
  const judged = await judge(files, more);
  if (judged.ok || judged.trouble.kind !== "invalid") throw new Error("it was not refused");
  expect(judged.trouble.lines).toHaveLength(1);
  return (judged.trouble.lines[0] ?? "").replaceAll(folder, "");
}

const brokenIn = ({ rules }: CheckReport): string[] =>
  rules.filter(({ counts, verdict }) => counts && verdict === "certain-fail").map(({ id }) => id);

describe("one trace", () => {
  test("of a run that went well passes, at rest, with rules that held and none that is unknown", async () => {
    const told = await toldOf([await written("good.jsonl", good)]);
    expect(told).toMatchObject({ verdict: "pass", why: "", ended: "rest", missing: 0, duplicates: 0, notes: [] });
    expect(told.rules.filter(({ verdict }) => verdict === "unknown")).toEqual([]);
    expect(told.profiles["as-implemented"]).toBe("fail");
  });

  test("of a bad core fails for certain, with the rule that people wrote told first", async () => {
    const told = await toldOf([await written("bad.jsonl", bad)]);
    expect(told.verdict).toBe("fail");
    expect(brokenIn(told)).toContain("SOCK-13");
    expect(told.why).toMatch(/^SOCK-13 is broken: /);
  });

  test("is judged by the user's rules, too", async () => {
    const rules = join(folder, "mine.yaml");
    const rule = (id: string, formula: string): string =>
      `apiVersion: tenon/v1alpha1\nkind: Rules\nmetadata: { name: mine }\nspec:\n  rules:\n    - { id: ${id}, title: mine, forall: [sk], formula: "${formula}" }\n`;
    const file = await written("mine.jsonl", good);
    await writeFile(rules, rule("MY-1", "sock_oob_bind.exit implies sock_oob_bind.exit[ret==0]"));
    const told = await toldOf([file], { rules });
    expect(brokenIn(told)).toEqual(["MY-1"]);
    expect(told.verdict).toBe("fail");
    await writeFile(rules, rule("SOCK-13", "sock_oob_bind.exit implies sock_oob_bind.exit[ret==0]"));
    expect(await refusal([file], { rules })).toMatch(/SOCK-13 once more, allowed is an id that no other rule has/);
    await writeFile(rules, rule("MY-2", "sock_oob_bnd.exit implies sock_oob_bind.exit[ret==0]"));
    expect(await refusal([file], { rules })).toMatch(
      /mine\.yaml:6:\d+: .*found sock_oob_bnd.*did you mean sock_oob_bind/,
    );
  });

  test("counts by the profile that is asked for", async () => {
    const told = await toldOf([await written("good.jsonl", good)], { profile: "as-implemented" });
    expect(told.verdict).toBe("fail");
    expect(brokenIn(told)).toContain("D1.code");
  });

  test("that was cut off leaves what is open at its end unknown, and says so", async () => {
    const cut = good.filter(({ point }) => point !== "run_end");
    const told = await toldOf([await written("cut.jsonl", cut)]);
    expect(told).toMatchObject({ verdict: "inconclusive", ended: "cut" });
    expect(told.notes[0]).toContain("does not say that its run came to rest");
    expect(brokenIn(told)).toEqual([]);
  });

  test("with a gap, or without its beginning, is no certain fail of anybody", async () => {
    const at = good.findIndex(({ service, point }) => service === "companion" && point === "sk_attach");
    const gap = await toldOf([await written("gap.jsonl", good.toSpliced(at, 1))]);
    expect(gap.missing).toBe(1);
    expect(gap.notes[0]).toContain("1 events are missing");
    expect(brokenIn(gap)).toEqual([]);
    const late = await toldOf([await written("late.jsonl", good.slice(60))]);
    expect(late.notes[0]).toMatch(/^\d+ events are missing \(.*alpha\/vfs.* began before the trace does\)/);
    expect(brokenIn(late)).toEqual([]);
  });

  test("a broken line is told with file and number, a strange event and an empty file too", async () => {
    const half = await written("half.jsonl", good.slice(0, 3), '{"seq":4,"lam');
    expect(await refusal([half])).toMatch(/^\/half\.jsonl:4: the file ends inside a line; allowed is a trace/);
    const strange = await written("strange.jsonl", good.slice(0, 1), '{"seq":1}\n');
    expect(await refusal([strange])).toMatch(/^\/strange\.jsonl:2: /);
    expect(await refusal([await written("empty.jsonl", [])])).toContain("/empty.jsonl: found no event in it");
    expect(await refusal([join(folder, "nowhere.jsonl")])).toContain("/nowhere.jsonl: found no such file");
    expect(await refusal(["-", "-"])).toBe("check: the standard input can be read once only");
  });
});

describe("the parts of one run", () => {
  const houses = [...new Set(bad.map(({ service }) => service))];
  const parts = (): Promise<string[]> =>
    Promise.all(
      houses.map((house) =>
        written(
          `${house}.jsonl`,
          bad.filter(({ service }) => service === house),
        ),
      ),
    );

  test("come out as the whole does, in whatever order they are given", async () => {
    const whole = await toldOf([await written("whole.jsonl", bad)]);
    const files = await parts();
    for (const some of [files, files.toReversed()]) {
      const told = await toldOf(some);
      expect(told.rules.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
        whole.rules.map(({ id, verdict }) => `${id} ${verdict}`),
      );
      expect(told.events).toBe(whole.events);
    }
  });

  test("what stands in two of them counts once, and what differs under one number is refused", async () => {
    const files = await parts();
    const twice = await toldOf([...files, files[0] ?? ""]);
    expect(twice.duplicates).toBeGreaterThan(0);
    expect(twice.notes[0]).toContain("stood in more than one place, and count once");
    expect(twice.events).toBe(bad.length);
    const other = await written(
      "other.jsonl",
      good.filter(({ service }) => service === "companion"),
    );
    expect(await refusal([...files, other])).toMatch(
      /^\/other\.jsonl: it tells another event \d+ of alpha\/companion than \/companion\.jsonl; allowed are the files of one run$/,
    );
  });
});

describe("a folder of reports", () => {
  test("of a check has a page, JUnit with a case for each rule, and JSON", async () => {
    const out = join(folder, "checked");
    const told = await toldOf([await written("bad.jsonl", bad)], { report: out });
    expect(told.page).toBe(join(out, "index.html"));
    expect((await readdir(out)).sort()).toEqual(["check.json", "index.html", "junit.xml"]);
    expect(await readFile(join(out, "index.html"), "utf8")).toContain("this order is wrong");
    expect(await readFile(join(out, "junit.xml"), "utf8")).toMatch(/name="SOCK-13 \(documented\)"[\s\S]*?<failure/);
    expect(JSON.parse(await readFile(join(out, "check.json"), "utf8"))).toMatchObject({ verdict: "fail" });
  });

  test("of runs has pages, what the experiment asks for, and compares itself with last time", async () => {
    const out = join(folder, "runs");
    const base = await readFile("experiments/sockets/bind-refused.yaml", "utf8");
    const file = join(folder, "asks.yaml");
    const outputs = "  outputs: [html, trace, mermaid, perfetto, otlp-jsonl, repro]\n  expect:";
    await writeFile(file, base.replace("name: bind-refused", "name: asks").replace(/^ {2}expect:/m, outputs));
    for (const expected of ["there is nothing to compare with", "New failures: 0"]) {
      const opened = await openReports(out);
      if (!opened.ok) throw new Error(opened.trouble.lines.join());
      const stop = new AbortController().signal;
      const ran = await opened.value.run({ file, runtime: "simulated", profile: "documented", stop });
      expect(ran.ok && ran.value.page).toBe(join(out, "asks.documented.html"));
      expect(await opened.value.finish(1)).toEqual({ ok: true, value: join(out, "index.html") });
      expect(await readFile(join(out, "index.html"), "utf8")).toContain(expected);
    }
    expect((await readdir(out)).sort()).toEqual([
      ...["html", "jsonl", "mmd", "otlp.jsonl", "pftrace", "repro.json"].map((end) => `asks.documented.${end}`),
      ...["index.html", "index.json", "junit.xml", "summary.md"],
    ]);
    expect(JSON.parse(await readFile(join(out, "asks.documented.repro.json"), "utf8"))).toMatchObject({
      seed: "0x1",
      profile: "documented",
      faults: [{ id: "no-memory", point: "sock_oob_bind" }],
    });
    const page = await readFile(join(out, "asks.documented.html"), "utf8");
    expect(page).toMatch(/Same seed, faults off: \d+ differences/);
    const again = await toldOf([join(out, "asks.documented.jsonl")]);
    expect(again.verdict).toBe("pass");
  });

  test("that is a file, or cannot be made, is refused in one line", async () => {
    const file = await written("plain", good.slice(0, 1));
    for (const name of [file, join(file, "below")]) {
      const opened = await openReports(name);
      if (opened.ok) throw new Error("it was opened");
      expect(opened.trouble.lines).toHaveLength(1);
      expect(opened.trouble.lines[0]).toMatch(
        /^--report .*: found .*, allowed is a folder|; allowed is a folder that can be made$/,
      );
    }
    expect(await refusal([file], { report: file })).toContain("found a file, allowed is a folder");
  });
});
