import { expect, test } from "@jest/globals";
import { measure, measuredText, totalOf } from "./measure.ts";
import { SOUND } from "./traces.ts";

/** Of all places of all traces, for each of the operators: some 12,000 mutants, in ten minutes. */
const SHARE = 1 / 25;

test("blind operators on the traces of all experiments are noticed in at least nine cases of ten", async () => {
  const measured = await measure(SOUND, SHARE);
  process.stdout.write(`${measuredText(measured)}\n`);
  const { mutants, detected } = totalOf(measured);
  expect(measured.false).toEqual([]);
  expect(measured.equivalentAlarms).toEqual([]);
  expect(detected / mutants).toBeGreaterThan(0.9);
});
