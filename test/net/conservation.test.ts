import { describe, expect, test } from "@jest/globals";
import type { DriverName } from "../../services/abi/topology.ts";
import { brokenDatagrams, brokenFrames, endsOf } from "./conservation.ts";
import { switchAtRandom } from "./switching.ts";

describe("while a device is switched between no diversion, diversion, and being a port", () => {
  test.each<DriverName>(["oob-capable", "stock"])(
    "no frame is lost or delivered twice, with the %s driver and a wire that reorders and delays",
    async (driver) => {
      const { ledger, answers, tapped } = await switchAtRandom({ seed: 20_261_122n, switches: 1000, driver });
      expect(brokenFrames(ledger)).toEqual([]);
      expect(brokenDatagrams(ledger)).toEqual([]);
      // Every datagram but the last ones, which tell the readers to stop, was seen by the tap of one stage.
      expect(tapped.inband + tapped.oob).toBe(ledger.datagrams.size - 4);
      // It was worth it: both ways were taken, and every switch was made.
      const ends = endsOf(ledger);
      for (const end of ["inband delivered", "companion oob_udp"]) expect(ends[end]).toBeGreaterThan(500);
      expect(answers.get("divert off EBUSY")).toBeGreaterThan(20);
      for (const done of ["divert on", "divert off", "port on", "port off"]) {
        expect(answers.get(`${done} returned`)).toBeGreaterThan(50);
      }
    },
    60_000,
  );
});

describe("the count would tell, frame by frame and datagram by datagram", () => {
  const seed = 1n;
  const switches = 60;

  test("a core that takes a frame and says that it did not", async () => {
    const { ledger } = await switchAtRandom({ seed, switches, mutant: "deliver-lies" });
    const both = brokenFrames(ledger);
    expect(both.length).toBeGreaterThan(10);
    expect(both[0]).toMatch(/^frame \d+ ended 2 times \(ends: (companion oob_udp|inband delivered), /);
    expect(brokenDatagrams(ledger)[0]).toMatch(/^datagram \d+ was received by (oob and inband|inband and oob)$/);
  }, 60_000);

  test("a wire that loses frames", async () => {
    const { ledger } = await switchAtRandom({ seed, switches, netem: "rx drop 5%" });
    expect(brokenFrames(ledger)[0]).toMatch(/^frame \d+ was lost \(ends: nic netem_drop; faults: drop\)$/);
    expect(brokenDatagrams(ledger)[0]).toMatch(/^datagram \d+ was never received$/);
    expect(brokenDatagrams(ledger).length).toBe(brokenFrames(ledger).length);
  }, 60_000);

  test("a wire that doubles frames", async () => {
    const { ledger } = await switchAtRandom({ seed, switches, netem: "rx duplicate 5%" });
    expect(brokenFrames(ledger)[0]).toMatch(/^frame \d+ ended 2 times .*faults: duplicate\)$/);
    expect(brokenDatagrams(ledger)[0]).toMatch(/^datagram \d+ was received by \w+ and \w+$/);
  }, 60_000);
});
