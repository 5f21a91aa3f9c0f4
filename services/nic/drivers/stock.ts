import type { Driver } from "./driver.ts";

/**
 * An unmodified driver: its NAPI poll is an in-band softirq, where the core is asked all the same (the partial path of
 * facts/dovetail 5.6). What the core refuses goes on at once. It transmits for the in-band stack only: what the core sends
 * is relayed there.
 */
export const STOCK: Driver = {
  stage: "inband",
  transmits: false,
  refused: (upward, packet) => upward.now(packet),
};
