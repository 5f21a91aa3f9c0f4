import { expect, test } from "@jest/globals";
import type { DriverName } from "../../services/abi/topology.ts";
import { fuzzNode } from "./fuzz-node.ts";

test.each<DriverName>(["oob-capable", "stock"])(
  "10,000 mutated and random frames into a node with the %s driver: nothing throws or hangs, each frame ends once",
  async (driver) => {
    const { sent, arrived, ends, received } = await fuzzNode({ seed: 20_261_122, frames: 10_000, driver });
    expect(sent).toBeGreaterThan(7000);
    expect(arrived).toBeGreaterThan(sent * 0.99);
    expect(received.inband).toBeGreaterThan(100);
    expect(received.oob).toBeGreaterThan(100);
    // They get deep on both stages.
    const missing = ["inband delivered", "inband answered", "inband consumed", "inband udp_checksum"]
      .concat(["inband fragment_timeout", "inband ethernet_short", "inband other_host", "inband not_local"])
      .concat(["companion oob_udp", "companion oob_packet", "companion oob_tap", "companion oob_filter_drop"])
      .concat(["companion oob_fragment_timeout", "companion oob_udp_checksum", "companion oob_other_host"])
      .filter((end) => !ends.has(end));
    expect(missing).toEqual([]);
  },
  120_000,
);
