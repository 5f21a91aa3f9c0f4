import { describe, expect, test } from "@jest/globals";
import { offences, sourcesUnder, type Source } from "./sources.ts";

/** Time, chance and settings reach a room through its kit and its arguments, so that a simulation can own them. */
const BANNED = {
  "Date.now(": "kit.clock.nowNs()",
  "new Date": "kit.clock.nowNs()",
  "performance.now": "kit.clock.nowNs()",
  "process.hrtime": "kit.clock.nowNs()",
  "setTimeout(": "kit.clock.sleepNs() or after()",
  "setInterval(": "kit.clock.after(), again and again",
  "setImmediate(": "kit.clock.after()",
  "process.nextTick": "a promise, or kit.clock.after()",
  "Math.random(": "kit.random.fraction(stream)",
  "process.env": "config, which runtimes read",
};

const services = sourcesUnder("services").filter(({ path }) => /\.tsx?$/.test(path));
const written = services.filter(({ path }) => !path.endsWith(".generated.ts"));
const MAY_TOUCH_THE_MACHINE = /^services\/(runtimes|cli|console)\//;

describe("time, chance and settings", () => {
  test("no room but runtimes, cli and console reads them from the machine", () => {
    expect(
      offences(
        services.filter(({ path }) => !MAY_TOUCH_THE_MACHINE.test(path)),
        BANNED,
      ),
    ).toEqual([]);
  });

  test("every banned word is found, with its replacement, and a comment may speak of it", () => {
    const words = Object.keys(BANNED);
    const sample: Source = { path: "sample.ts", text: words.map((word) => `f(${word}));\n// ${word}`).join("\n") };
    const found = offences([sample], BANNED);
    expect(found).toHaveLength(words.length);
    expect(found[0]).toBe("sample.ts:1: Date.now( is banned here; use kit.clock.nowNs()");
  });
});

describe("files one likes to read", () => {
  const LINES_MAX = 350;
  const longer = (sources: readonly Source[]): string[] =>
    sources.flatMap(({ path, text }) => {
      const lines = text.trimEnd().split("\n").length;
      return lines > LINES_MAX ? [`${path}: ${lines} lines, more than ${LINES_MAX}; split it by what it does`] : [];
    });

  test("no service file is too long to be read in one go", () => {
    expect(longer(written)).toEqual([]);
  });

  test("a long file is found", () => {
    expect(longer([{ path: "long.ts", text: "x;\n".repeat(LINES_MAX + 1) }])).toHaveLength(1);
    expect(longer([{ path: "just.ts", text: "x;\n".repeat(LINES_MAX) }])).toEqual([]);
  });

  test("nothing is left for later inside the code", () => {
    // Split, so that this file does not find itself.
    const later = new RegExp(["TO" + "DO", "FIX" + "ME"].join("|"));
    expect(written.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([]);
    expect("x(); // TO" + "DO: y").toMatch(later);
  });
});

describe("nothing in the repository belongs to one machine", () => {
  /** A home folder or a work folder, where a path begins. */
  const personal = /(?:(?<![\w.$})/-])|(?<=file:\/\/))(\/(home|Users|root|work|mnt)\/[\w.-]+|[A-Z]:\\Users\\)/;
  const pathsIn = ({ path, text }: Source): string[] =>
    text.split("\n").flatMap((line, index) => {
      const found = personal.exec(line)?.[0];
      return found === undefined
        ? []
        : [`${path}:${index + 1}: ${found} exists on one machine only; use a relative path`];
    });

  test("no file names a path of its author's machine", () => {
    expect(sourcesUnder("").flatMap(pathsIn)).toEqual([]);
  });

  test("such a path is found", () => {
    const found = (text: string): number => pathsIn({ path: "sample", text }).length;
    expect(found(`cd "${["", "home", "ann", "tenon"].join("/")}"`)).toBe(1);
    expect(found(["file:/", "", "root", "x"].join("/"))).toBe(1);
    expect(found("import x from '../root/work/x.ts'; GET https://example.org/work/x")).toBe(0);
  });
});
