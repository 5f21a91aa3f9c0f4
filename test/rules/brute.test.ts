import { describe, expect, test } from "@jest/globals";
import { printFormula } from "../../services/rules/language/print.ts";
import { agreeOnOrders, agreeOnTraces, formulaOf } from "./agree.ts";
import { randomFormula } from "./brute.ts";

const SEED = process.env["TENON_SEED"] ?? "brute";

describe(`the monitors against the definition (seed ${SEED})`, () => {
  test("they say the same of 20,000 pairs of a formula and a trace", () => {
    agreeOnTraces(SEED, 1_000, 20);
  }, 60_000);

  test("they say the same of 1,000 partial orders, each written out in all its orders", () => {
    agreeOnOrders(SEED, 1_000);
  }, 60_000);

  test("a formula that is printed is the same formula", () => {
    for (let f = 0; f < 500; f++) {
      const once = printFormula(formulaOf(randomFormula(`${SEED} print ${f}`, 4)));
      expect(printFormula(formulaOf(once))).toBe(once);
    }
  });
});
