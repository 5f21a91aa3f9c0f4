import { describe, expect, test } from "@jest/globals";
import { hashFraction } from "../../services/abi/hash.ts";
import { mutate, OPERATORS } from "./blind.ts";
import { measure, totalOf } from "./measure.ts";
import { textOf } from "../lab/written.ts";
import { record, SOUND } from "./traces.ts";

describe("a trace that is spoiled blindly", () => {
  test("keeps the count of each house without a gap, and the stamps and spans of what stays", async () => {
    const [recorded] = await record("experiments/tour.yaml");
    const events = recorded?.events ?? [];
    // Not every event can be flipped, or has one before it that it may come after.
    const at = events.findIndex((_, i) => i >= 20 && OPERATORS.every((operator) => mutate(events, operator, i)));
    const struck = events[at];
    const house = (mutant: ReturnType<typeof mutate>): number[] =>
      (mutant?.events ?? []).flatMap(({ node, service, seq }) =>
        node === struck?.node && service === struck.service ? [seq] : [],
      );
    const whole = events.flatMap(({ node, service, seq }) =>
      node === struck?.node && service === struck.service ? [seq] : [],
    );
    expect(house(mutate(events, "drop", at))).toEqual(whole.slice(0, -1));
    expect(house(mutate(events, "duplicate", at))).toEqual([...whole, whole.length + 1]);
    expect(mutate(events, "flip", at)?.events.map(({ span }) => span)).toEqual(events.map(({ span }) => span));
    expect(
      mutate(events, "swap", at)
        ?.events.map(({ lamport }) => lamport)
        .sort(),
    ).toEqual(events.map(({ lamport }) => lamport).sort());
  });

  test("is noticed by the rules in at least nine cases of ten, and no legal reordering is taken for wrong", async () => {
    // Loops make traces of ten thousand events, in which each place costs as much as a whole experiment elsewhere.
    const some = SOUND.filter(
      (file) => hashFraction(`${file} is looked at`) < 0.2 && !/^ *- loop:/m.test(textOf(file)),
    );
    const measured = await measure(some, 0.015);
    const { mutants, detected } = totalOf(measured);
    expect(measured.false).toEqual([]);
    expect(measured.equivalentAlarms).toEqual([]);
    expect(mutants).toBeGreaterThan(200);
    expect(detected / mutants).toBeGreaterThan(0.9);
  }, 60_000);
});
