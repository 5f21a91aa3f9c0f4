import { describe, expect, test } from "@jest/globals";
import { nameOf } from "./case.ts";
import { tenth } from "./draw.ts";
import { testsIn } from "./in-world.ts";
import { IDS, SHEETS, TABLE } from "./table.ts";

describe("kernel sockets, case by case, in virtual time", () => {
  testsIn("simulated", [...TABLE, ...SHEETS]);
});

describe("the table of cases", () => {
  test("has every row, hand-written case, trace, difference, policy and ruling of the fact sheet, and no other", () => {
    const proved = new Set(TABLE.flatMap(({ ids }) => ids));
    expect(IDS.filter((id) => !proved.has(id))).toEqual([]);
    expect([...proved].filter((id) => !IDS.includes(id))).toEqual([]);
  });

  test("each case has a name of its own", () => {
    const all = [...TABLE, ...SHEETS].map(nameOf);
    expect(new Set(all).size).toBe(all.length);
  });

  test("whatever the seed, a tenth has a hand-written case and one of urgent data, and each case is drawn by some seed", () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const cases = tenth(String(seed));
      expect(cases).toHaveLength(Math.ceil(TABLE.length / 10));
      expect(cases.some(({ ids }) => ids.some((id) => id.startsWith("E")))).toBe(true);
      for (const one of cases) drawn.add(nameOf(one));
    }
    expect(drawn.size).toBe(TABLE.filter(({ virtual }) => !virtual).length);
  });
});
