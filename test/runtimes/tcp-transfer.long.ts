import { describe, expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { transfer } from "./tcp-bulk.ts";

const BYTES = 2 ** 30;

describe("1 GiB between two nodes in the embedded runtime", () => {
  test.each([0, 1, 5])(
    "arrives whole with bounded memory while %i %% of the frames get lost in each direction",
    async (percent) => {
      const world = await createWorld("embedded", { seed: 7n, profile: "documented", topology: PAIR });
      try {
        const result = await world.drive(() => transfer(world, BYTES, percent === 0 ? "" : `both drop ${percent}%`));
        const { seconds, retransmitted, liveMb, rssMb } = result;
        const mb = (pair: readonly [number, number]): string => pair.map((one) => one.toFixed(0)).join(" -> ");
        process.stdout.write(
          `${percent} %: ${(BYTES / 1e6 / seconds).toFixed(1)} MB/s, ${seconds.toFixed(1)} s, ${retransmitted} segments again, ` +
            `live heap ${mb(liveMb)} MB, process at its greatest ${mb(rssMb)} MB\n`,
        );
        expect(result.bytes).toBe(BYTES);
        expect(result.takenHash).toBe(result.sentHash);
        // What was on its way, the houses' rings of events and the collector's slack: nothing that grows with the bytes.
        expect(rssMb[1] - rssMb[0]).toBeLessThan(600);
        expect(liveMb[1] - liveMb[0]).toBeLessThan(60);
      } finally {
        await world.stop();
      }
    },
    1_800_000,
  );
});
