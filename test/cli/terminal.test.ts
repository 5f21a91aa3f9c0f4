import { describe, expect, test } from "@jest/globals";
import { speaksUnicode, wantsColour } from "../../services/cli/io.ts";
import { cut, harmless, lookOf, pad, widthOf } from "../../services/cli/look.ts";
import { createStatusLine } from "../../services/cli/status.ts";
import { drawTable } from "../../services/cli/table.ts";

const look = lookOf({ columns: 60, colour: false, unicode: true });

describe("what the environment says of the terminal", () => {
  test("colours are for terminals, unless NO_COLOR or FORCE_COLOR say otherwise", () => {
    expect(wantsColour({}, true)).toBe(true);
    expect(wantsColour({}, false)).toBe(false);
    expect(wantsColour({ NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(false);
    expect(wantsColour({ NO_COLOR: "" }, true)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: "0" }, true)).toBe(false);
    expect(wantsColour({ TERM: "dumb" }, true)).toBe(false);
  });

  test("a C locale and an old console speak ASCII", () => {
    expect(speaksUnicode({})).toBe(true);
    expect(speaksUnicode({ LANG: "de_DE.UTF-8" })).toBe(true);
    expect(speaksUnicode({ LANG: "de_DE.UTF-8", LC_ALL: "C" })).toBe(false);
    expect(speaksUnicode({ LC_ALL: "", LC_CTYPE: "C.utf8", LANG: "C" })).toBe(true);
    expect(speaksUnicode({ TERM: "linux", LANG: "C.UTF-8" })).toBe(false);
  });
});

describe("texts in columns", () => {
  test("pictures and East Asian signs take two", () => {
    expect(["abc", "⚡", "🔒x", "日本", "µ…"].map(widthOf)).toEqual([3, 2, 3, 4, 2]);
    expect(pad("⚡", 4)).toBe("⚡  ");
  });

  test("what is cut shows that it was, and is never wider than it may be", () => {
    expect(cut("abcdef", 6, look.glyphs)).toBe("abcdef");
    expect(cut("abcdef", 4, look.glyphs)).toBe("abc…");
    expect(cut("日本語", 4, look.glyphs)).toBe("日…");
    expect(cut("abcdef", 0, look.glyphs)).toBe("");
    expect(cut("abcdef", -3, lookOf({ columns: 60, colour: false, unicode: false }).glyphs)).toBe("");
  });

  test("control characters are shown, not obeyed", () => {
    expect(harmless("a\x1b[31m\n\x9b\u202e")).toBe("a\\x1b[31m\\x0a\\x9b\\x202e");
  });

  test("a table that is too wide wraps the column that gives way", () => {
    const columns = [
      { title: "name" },
      { title: "words", gives: true as const },
      { title: "n", align: "right" as const },
    ];
    const lines = drawTable(
      columns,
      [["a", "one two three four five six seven eight nine ten eleven twelve", "7"]],
      look,
    );
    expect(lines[0]).toMatch(/^name {2}words +n$/);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(drawTable(columns, [], look)).toEqual([]);
  });

  test("the status line is written once for each text and never wider than the terminal", () => {
    let text = "";
    const status = createStatusLine({ isTTY: true, stderr: (some) => void (text += some) }, look);
    status.clear();
    status.show("x".repeat(100));
    status.show("x".repeat(100));
    status.clear();
    expect(text).toBe(`\r\x1b[2K${"x".repeat(58)}…\r\x1b[2K`);
  });
});
