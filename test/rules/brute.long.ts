import { describe, test } from "@jest/globals";
import { agreeOnOrders, agreeOnTraces } from "./agree.ts";

const SEED = process.env["TENON_SEED"] ?? "long";

describe(`the monitors against the definition (seed ${SEED})`, () => {
  test("they say the same of 100,000 pairs of a formula and a trace", () => {
    agreeOnTraces(SEED, 5_000, 20);
  });

  test("they say the same of 10,000 partial orders, each written out in all its orders", () => {
    agreeOnOrders(SEED, 10_000);
  });
});
