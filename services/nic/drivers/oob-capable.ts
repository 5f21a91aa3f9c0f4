import type { Driver } from "./driver.ts";

/**
 * A driver that was adapted to Dovetail: its interrupt and its NAPI poll run out-of-band, so frames reach the core without
 * the in-band stage (the full path of facts/dovetail 5.6). What the core refuses there cannot be given to the in-band stack
 * at once: netif_receive_oob queues it, and irq_work hands the queue over when the in-band stage runs again (5.2).
 */
export const OOB_CAPABLE: Driver = {
  stage: "oob",
  transmits: true,
  refused: (upward, packet, why) => upward.deferred(packet, why),
};
