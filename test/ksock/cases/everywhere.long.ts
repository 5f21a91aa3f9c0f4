import { describe } from "@jest/globals";
import { EVERYWHERE } from "./draw.ts";
import { testsIn } from "./in-world.ts";

describe.each(["embedded", "distributed"] as const)("every case of kernel sockets, %s", (runtime) => {
  testsIn(runtime, EVERYWHERE);
});
