import { describe, expect, test } from "@jest/globals";
import { NETEM_EXAMPLE, parseNetem } from "../../services/abi/netem.ts";

/** What is wrong, or how many clauses were read. */
const read = (text: string): string => {
  const parsed = parseNetem(text);
  return parsed.ok ? `${parsed.netem.wire.length} and ${parsed.netem.rings.length}` : parsed.why;
};

describe("the words of netem", () => {
  test("mean what tc-netem(8) means by them, with a direction in front", () => {
    const parsed = parseNetem("drop 2%; tx duplicate 1/50; rx reorder 2% 3; delay 1ms; rate 10mbit; truncate 1% 40");
    expect(parsed.ok && parsed.netem.wire.map(({ fault, directions }) => [directions.join(" "), fault])).toEqual([
      ["tx rx", { t: "drop", share: { numerator: 2, denominator: 100 } }],
      ["tx", { t: "duplicate", share: { numerator: 1, denominator: 50 } }],
      ["rx", { t: "reorder", share: { numerator: 2, denominator: 100 }, distance: 3 }],
      ["tx rx", { t: "delay", delayNs: 1e6, jitterNs: 0 }],
      ["tx rx", { t: "rate", bitsPerSecond: 1e7, burstBytes: 5000 }],
      ["tx rx", { t: "truncate", share: { numerator: 1, denominator: 100 }, bytes: 40 }],
    ]);
  });

  test("say first where they mean one frame and no chance, and from which byte on a frame is corrupted", () => {
    const parsed = parseNetem("drop first; corrupt first 42; corrupt 1%; ring wrong-index first");
    expect(parsed.ok && parsed.netem.wire.map(({ fault }) => fault)).toEqual([
      { t: "drop", share: "first" },
      { t: "corrupt", share: "first", fromByte: 42 },
      { t: "corrupt", share: { numerator: 1, denominator: 100 }, fromByte: 0 },
    ]);
    expect(parsed.ok && parsed.netem.rings.map(({ fault }) => fault)).toEqual([{ t: "wrong-index", share: "first" }]);
    expect(read("corrupt 1% x")).toMatch(/x is no place; write a number from 1 to 65535/);
  });

  test("speak of rings too, and the example can be read", () => {
    expect(read("ring lost-notification 1/10; ring stuck-consumer 5ms; ring stuck-consumer 5ms 1%")).toBe("0 and 3");
    expect(read("ring wrong-index 1/100; ring lost-completion 1/100")).toBe("0 and 2");
    expect(read(NETEM_EXAMPLE)).toBe("3 and 1");
  });

  test("may be none: then nothing goes wrong", () => {
    expect([read(""), read("  ;; "), read("drop 1%;")]).toEqual(["0 and 0", "0 and 0", "1 and 0"]);
  });

  test("are refused in one line that quotes the clause and says what is allowed", () => {
    const problems: Readonly<Record<string, RegExp>> = {
      "drop 2": /^"drop 2": 2 is no share; write a share such as 10% or 1\/1000/,
      drop: /^"drop": it is written drop SHARE$/,
      "drop 1% 2%": /it is written drop SHARE$/,
      "truncate 1%": /it is written truncate SHARE BYTES$/,
      "dorp 1%": /^"dorp 1%": dorp is no fault; did you mean drop\?; known are drop SHARE, /,
      "delay 5": /5 is no duration; write a number with ns, us, ms, s or m/,
      "rate 10": /10 is no rate; write a rate such as 500kbit, 10mbit or 1gbit/,
      "rate 0mbit": /no rate/,
      "reorder 1% 0": /0 is no distance; write a number from 1 to 1000/,
      "tx ring wrong-index 1%": /tx does not go with ring/,
      "ring wrong-idnex 1%": /wrong-idnex is no fault; did you mean wrong-index\?/,
      ring: /nothing stands where a fault stands/,
      tx: /nothing stands where a fault stands/,
      "constructor 1%": /constructor is no fault/,
      "drop 1%; bang": /^"bang": bang is no fault/,
    };
    for (const [text, problem] of Object.entries(problems)) {
      expect(read(text)).toMatch(problem);
      expect(read(text)).not.toContain("\n");
    }
    expect(read("drop 1%;".repeat(33))).toBe("33 clauses, more than 32");
  });
});
