import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { SHIPPED, textOf } from "./written.ts";

const TEXTS = SHIPPED.map(textOf);

/** A shipped file in which somebody has replaced a piece by something else. */
const damaged = fc
  .record({
    text: fc.constantFrom(...TEXTS),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    instead: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("", ": ", "[", "}", "*x", "&a ", "$", "3", "\n", "null", '"', "- "),
    ),
  })
  .map(({ text, at, cut, instead }) => {
    const place = Math.floor(at * text.length);
    return text.slice(0, place) + instead + text.slice(place + cut);
  });

describe("whatever stands in a file", () => {
  test("it is an experiment, or every mistake in it is one line with its place", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const loaded = loadExperiment(text, "x.yaml");
        if (loaded.ok) return;
        expect(loaded.errors.length).toBeGreaterThan(0);
        for (const error of loaded.errors) {
          expect(formatLoadError(error)).toMatch(/^x\.yaml:[1-9]\d*:[1-9]\d*: .*found .+, allowed is .+$/);
        }
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
  });
});
