import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { numbersOf, parseTraceparent, spanIdOf, traceIdOf, traceparentOf } from "../../services/abi/traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe("traceparent, as W3C's Trace Context has it", () => {
  test("reads a header of version 00", () => {
    const context = { traceId: TRACE, spanId: SPAN };
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ ...context, sampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...context, sampled: false });
    // Only the lowest bit means anything so far.
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-fe`)).toEqual({ ...context, sampled: false });
  });

  test("of a version to come it reads what it knows, and leaves what follows alone", () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be`)?.traceId).toBe(TRACE);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)?.spanId).toBe(SPAN);
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01.future`)).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["a version that there will never be", `ff-${TRACE}-${SPAN}-01`],
    ["more than version 00 has", `00-${TRACE}-${SPAN}-01-more`],
    ["a trace id of zeroes", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a parent id of zeroes", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["a digit too few", `00-${TRACE.slice(1)}-${SPAN}-01`],
    ["a digit too many", `00-${TRACE}0-${SPAN}-01`],
    ["something that is no digit", `00-${TRACE}-${SPAN.slice(1)}g-01`],
    ["flags of one digit", `00-${TRACE}-${SPAN}-1`],
    ["blanks around it", ` 00-${TRACE}-${SPAN}-01 `],
    ["a line after it", `00-${TRACE}-${SPAN}-01\nx`],
  ])("ignores a header with %s", (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test("never throws, whatever a header holds", () => {
    fc.assert(fc.property(fc.string(), (header) => parseTraceparent(header) === undefined || header.length >= 55));
  });

  test("our numbers survive the way there and back", () => {
    fc.assert(
      fc.property(fc.nat(), number, number, (origin, trace, span) => {
        const header = traceparentOf(origin, trace, span);
        const context = parseTraceparent(header);
        expect(context).toEqual({ traceId: traceIdOf(origin, trace), spanId: spanIdOf(span), sampled: true });
        expect(context === undefined ? undefined : numbersOf(context, origin)).toEqual({ trace, span });
      }),
    );
  });

  test("a context of another world, or with ids that are no numbers of ours, has none", () => {
    expect(numbersOf({ traceId: TRACE, spanId: SPAN, sampled: true }, 7)).toBeUndefined();
    expect(numbersOf({ traceId: traceIdOf(7, 1), spanId: "ffffffffffffffff", sampled: true }, 7)).toBeUndefined();
    expect(numbersOf({ traceId: traceIdOf(7, 1), spanId: spanIdOf(2), sampled: true }, 8)).toBeUndefined();
  });
});
