import { describe } from "@jest/globals";
import { drawSeed, tenth } from "./draw.ts";
import { testsIn } from "./in-world.ts";

const seed = drawSeed();

describe.each(["embedded", "distributed"] as const)(
  `a tenth of the cases of kernel sockets, %s (TENON_CASES_SEED=${seed})`,
  (runtime) => {
    testsIn(runtime, tenth(seed));
  },
);
