import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  atMark,
  forgetHoles,
  holesWithin,
  newUrgent,
  readLimit,
  skipHoles,
  type Urgent,
} from "../../../services/inband/ksock/urgent.ts";

const POSITION = fc.nat(24);

/** Urgent data with a mark somewhere, and bytes kept apart in places that grow. */
const URGENT: fc.Arbitrary<Urgent> = fc
  .record({ mark: POSITION, pending: fc.boolean(), holes: fc.uniqueArray(POSITION, { maxLength: 12 }) })
  .map(({ holes, ...more }) => ({ ...newUrgent(), ...more, holes: holes.sort((one, other) => one - other) }));

/** The positions from one on that are normal bytes. */
const normal = ({ holes }: Urgent, from: number): number[] =>
  Array.from({ length: 40 }, (_, i) => from + i).filter((position) => !holes.includes(position));

describe("holes in a stream, where urgent bytes were taken out", () => {
  test("are passed over: the next normal byte is the first that is none", () => {
    fc.assert(
      fc.property(URGENT, POSITION, (urgent, position) => {
        expect(skipHoles(urgent, position)).toBe(normal(urgent, position)[0]);
      }),
    );
  });

  test("are counted, so that what can be received is what is left", () => {
    fc.assert(
      fc.property(URGENT, POSITION, POSITION, (urgent, from, length) => {
        const left = normal(urgent, from).filter((position) => position < from + length).length;
        expect(length - holesWithin(urgent, from, from + length)).toBe(left);
      }),
    );
  });

  test("end a read, as the mark does that lies ahead", () => {
    fc.assert(
      fc.property(URGENT, POSITION, (urgent, position) => {
        const from = skipHoles(urgent, position);
        const ends = [...urgent.holes, ...(urgent.pending ? [urgent.mark] : [])].filter((end) => end > from);
        expect(from + readLimit(urgent, from)).toBe(Math.min(Infinity, ...ends));
      }),
    );
  });

  test("do not hide the mark: it is reached when no normal byte is left before it", () => {
    fc.assert(
      fc.property(URGENT, POSITION, (urgent, position) => {
        const before = normal(urgent, position).filter((one) => one < urgent.mark);
        expect(atMark(urgent, position)).toBe(urgent.pending && before.length === 0);
      }),
    );
  });

  test("are forgotten when they were read past, and no others", () => {
    fc.assert(
      fc.property(URGENT, POSITION, (urgent, position) => {
        const ahead = urgent.holes.filter((hole) => hole >= position);
        forgetHoles(urgent, position);
        expect(urgent.holes).toEqual(ahead);
      }),
    );
  });
});
