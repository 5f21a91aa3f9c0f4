import { expect, test } from "@jest/globals";
import type { DriverName } from "../../services/abi/topology.ts";
import { brokenDatagrams, brokenFrames } from "./conservation.ts";
import { switchAtRandom } from "./switching.ts";

const SEEDS = [1n, 2n, 3n, 4n];
const DRIVERS: readonly DriverName[] = ["oob-capable", "stock"];
const RUNS = SEEDS.flatMap((seed) => DRIVERS.map((driver) => ({ seed, driver })));

test.each(RUNS)(
  "10,000 switches of seed $seed, $driver driver: no frame is lost or delivered twice",
  async ({ seed, driver }) => {
    const { ledger, answers, tapped } = await switchAtRandom({ seed, switches: 10_000, driver });
    expect(brokenFrames(ledger)).toEqual([]);
    expect(brokenDatagrams(ledger)).toEqual([]);
    expect(tapped.inband + tapped.oob).toBe(ledger.datagrams.size - 4);
    expect([...answers.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
  },
);
