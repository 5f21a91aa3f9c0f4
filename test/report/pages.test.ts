import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { RunInput } from "../../services/report/input.ts";
import { STYLE } from "../../services/report/page/style.ts";
import { renderOverview, renderRun } from "../../services/report/render.ts";
import { madeOf, tagsOf, textOf, USUAL } from "./made.ts";

const pageOf = (run: RunInput): string => [...renderRun(run).files].find(([name]) => name.endsWith(".html"))?.[1] ?? "";

/** A bad core whose failing is not expected. */
const openly = (): Promise<RunInput> =>
  madeOf("experiments/mutants/frees-at-release.yaml", ({ violates: _, ...experiment }) => ({
    ...experiment,
    verdict: "pass",
    violates: undefined,
  }));

const unfired = (): Promise<RunInput> =>
  madeOf("experiments/sockets/bind-refused.yaml", (experiment) => ({
    ...experiment,
    faults: experiment.faults.map((fault) => ({
      ...fault,
      rule: { ...fault.rule, select: { nth: [{ from: 7, to: 7 }], every: 0, interval: 0, times: 0 } },
    })),
  }));

const runs = {
  passed: await madeOf("experiments/sockets/bind-refused.yaml"),
  failed: await openly(),
  unfired: await unfired(),
  crashed: await madeOf("experiments/faults/core-crashes-at-bind.yaml"),
};

describe("every page", () => {
  const all = (): { name: string; html: string }[] => {
    const made = Object.values(runs).map(renderRun);
    const overview = renderOverview(
      { runs: made.map(({ summary }) => summary), verdict: "fail", planned: 4, version: "1" },
      {},
    );
    return [...made.flatMap(({ files }) => [...files]), ...overview].flatMap(([name, html]) =>
      name.endsWith(".html") && typeof html === "string" ? [{ name, html }] : [],
    );
  };

  test("is whole: what begins ends, ids are unique, and every link leads somewhere", () => {
    const names = new Set([...all().map(({ name }) => name), "junit.xml", "index.json", "summary.md"]);
    for (const { name } of all()) names.add(name.replace(".html", ".json"));
    for (const { html } of all()) {
      const tags = tagsOf(html);
      const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      const links = tags.flatMap(({ attributes }) => attributes.get("href") ?? []);
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) {
        const [file = "", id] = link.split("#");
        if (file === "") expect(ids).toContain(id);
        else expect(names).toContain(file);
      }
      for (const { attributes } of tags) {
        const label = attributes.get("aria-labelledby");
        if (label !== undefined) expect(ids).toContain(label);
      }
    }
  });

  test("needs nothing from anywhere: no script, no address, no font, no picture", () => {
    for (const { html } of all()) {
      expect(html).not.toMatch(/https?:|<script|<img|<link|@import|@font-face/);
      expect(html.match(/url\((?!#)/g)).toBeNull();
      expect(html).toContain("default-src 'none'");
    }
  });

  test("has one heading of the first level, headings without a gap, and captions on its tables", () => {
    for (const { html } of all()) {
      const levels = tagsOf(html).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
      const count = (wanted: string): number => tagsOf(html).filter(({ name }) => name === wanted).length;
      expect(count("caption")).toBe(count("table"));
      expect(html).toContain('<html lang="en">');
    }
  });
});

describe("the sheet", () => {
  const block = (text: string): Map<string, string> =>
    new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = "", value = ""]) => [name, value]));
  const [light, dark] = STYLE.split("prefers-color-scheme: dark").map((half) => block(half.split("@media")[0] ?? ""));
  const themes = { light: light ?? new Map<string, string>(), dark: dark ?? new Map<string, string>() };

  test("knows every colour in light and in dark, and no other", () => {
    expect([...themes.dark.keys()]).toEqual([...themes.light.keys()]);
    const used = new Set([...STYLE.matchAll(/var\(--([\w-]+)/g)].map(([, name]) => name ?? ""));
    for (const name of used) expect([...themes.light.keys(), "lane", "own"]).toContain(name);
  });

  test.each(["light", "dark"] as const)("has enough contrast for every text in %s", (theme) => {
    const colours = themes[theme];
    const luminance = (name: string): number => {
      const hex = colours.get(name) ?? "";
      const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string): number => {
      const [more = 0, less = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
      return (more + 0.05) / (less + 0.05);
    };
    for (const ground of ["ground", "card"])
      for (const text of [
        "ink",
        "faint",
        "link",
        "good",
        "bad",
        "odd",
        "task",
        "vfs",
        "inband",
        "companion",
        "nic",
        "bolt",
      ])
        expect([text, ground, contrast(text, ground) >= 4.5]).toEqual([text, ground, true]);
    for (const tone of ["good", "bad", "odd"])
      for (const text of [tone, "ink", "faint"])
        expect([text, tone, contrast(text, `${tone}-ground`) >= 4.5]).toEqual([text, tone, true]);
  });
});

describe("the page of a run", () => {
  test("says first what came of it, and how to do it again", () => {
    const text = textOf(pageOf(runs.failed));
    expect(text).toMatch(/FAIL SOCK-13 .*\(documented\) on frees-at-release, seed 0x1, no fault/);
    expect(text).toContain("What attach obtained is freed once. That is broken here (alpha sk=2):");
    expect(text).toContain("npx tenon run experiments/mutants/frees-at-release.yaml --runtime simulated");
    expect(textOf(pageOf(runs.passed))).toMatch(/PASS bind-refused .* 1 of 1 fault fired 7 steps answered as expected/);
  });

  test("proves that a fault fired: where, seen by whom, and what came after", () => {
    const text = textOf(pageOf(runs.passed));
    expect(text).toContain("Yes: it fired.");
    expect(text).toMatch(/no-memory sock_oob_bind: refuse\(ENOMEM\) 2 2 1 inband:sock_oob_bind\.exit .* = -12 ENOMEM/);
    expect(text).toContain("inband got -ENOMEM from sock_oob_bind; task app got -ENOMEM from sys_bind");
    expect(text).toMatch(/yes: the next sock_oob_bind got 0 at [\d.]+ µs detected/);
    expect(textOf(pageOf(runs.crashed))).toMatch(/yes: alpha\/companion was back at 100 ms/);
  });

  test("is red where the fault did not fire, and never green", () => {
    const html = pageOf(runs.unfired);
    expect(html).toMatch(/<tr class="bad-row">.*✗ 0, not fired/s);
    expect(textOf(html)).toMatch(/INCONCLUSIVE .* 0 of 1 fault fired The fault no-memory never fired/);
    expect(textOf(html)).toContain("1 of 1 fault did not fire: what this run shows says nothing about it.");
  });

  test("shows the rule with its formula, its source, its witnesses and both readings", () => {
    const html = pageOf(runs.failed);
    const broken = html.slice(html.indexOf('id="broken"'), html.indexOf('id="picture"'));
    expect(broken).toMatch(/<span class="atom seen">sk_free \(\d\)<\/span>/);
    expect(broken).toContain('<span class="word">implies</span>');
    expect(broken).toContain('id="rule-SOCK-13"');
    const text = textOf(broken);
    expect(text).toContain("seed 000, sock_oob_destroy:");
    expect(text).toMatch(/The broken order: companion:sk_free sk=2 refs=0 came before companion:sk_free sk=2 refs=-1/);
    expect(text).toMatch(/DOC \(documented\) SOCK-13 ✗ certain fail CODE \(as-implemented\) SOCK-13 ✗ certain fail/);
    expect(text).toContain("here the rule is broken");
    expect(textOf(html)).toMatch(/D6\.doc ✓ pass – .*held when a descriptor is installed/);
  });

  test("lays the run beside the one without faults", () => {
    const text = textOf(pageOf(runs.passed));
    expect(text).toMatch(
      /Same seed, faults off: \d+ differences \(\d+ changed, \d+ missing, \d+ extra, \d+ reordered\)/,
    );
    expect(text).toContain("The first one is in alpha/inband, task app");
    expect(text).toMatch(/\+ extra alpha\/inband, task app nothing sock_oob_bind = -ENOMEM/);
    const same = { ...runs.passed, faultFree: { t: "events", events: runs.passed.events } as const };
    expect(textOf(pageOf(same))).toContain("The fault changed nothing that anybody could see.");
  });

  test("escapes whatever comes from users and houses", () => {
    const evil = `<script>alert("x")</script>&amp;'`;
    const { journal, events, judgements } = runs.failed;
    const named = (event: TraceEvent): TraceEvent => ({
      ...event,
      slice: { ...event.slice, task: evil },
      args: { evil },
    });
    const html = pageOf({
      ...runs.failed,
      events: events.map(named),
      journal: {
        ...journal,
        title: evil,
        reasons: [evil, `${evil}2`],
        repro: { cmd: evil },
        steps: journal.steps.map((step) => ({ ...step, task: evil, text: evil, actual: evil, title: evil })),
        expectations: [{ path: "x", line: 1, title: evil, verdict: "fail", why: evil }],
      },
      judgements: judgements.map((one) => ({
        ...one,
        rule: { ...one.rule, title: evil, source: evil, formula: `${evil} and sk_free` },
        violations: one.violations.map((violation) => ({ ...violation, slice: evil })),
      })),
    });
    expect(html).not.toContain("<script");
    expect(() => tagsOf(html)).not.toThrow();
    expect(textOf(html)).toContain('<script>alert("x")</script>&amp;');
  });

  test("only what the experiment asks for is written", () => {
    const names = (outputs: readonly string[]): string[] => [
      ...renderRun({ ...runs.passed, outputs: new Set(outputs) }).files.keys(),
    ];
    expect(names(["html"])).toEqual(["bind-refused.documented.html"]);
    expect(names(["journal"])).toEqual(["bind-refused.documented.json"]);
    expect(names([...USUAL])).toHaveLength(2);
  });

  test("has a twin for machines that says the same", () => {
    const twin = JSON.parse(renderRun(runs.failed).files.get("frees-at-release.documented.json") ?? "") as {
      readonly headline: string;
      readonly verdict: string;
      readonly invariants: { readonly judgements: readonly { readonly id: string; readonly verdict: string }[] };
    };
    expect(textOf(pageOf(runs.failed))).toContain(twin.headline);
    expect(twin.verdict).toBe("fail");
    expect(twin.invariants.judgements.find(({ id }) => id === "SOCK-13")?.verdict).toBe("certain-fail");
  });
});
