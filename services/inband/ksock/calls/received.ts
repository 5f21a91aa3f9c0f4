import type { PointValues } from "../../../abi/contract.generated.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Patience } from "../sleep.ts";

/** What a receive answers. */
export type Received = Outcome<"ksock_recv">;

/** An answer in which nothing is told but bytes. */
export const received = (msg: Uint8Array, more: Partial<PointValues["ksock_recv"]> = {}): Received =>
  ok({ msg, flags: "", addr: NO_BYTES, control: NO_BYTES, again: false, until_ns: 0, ...more });

/** How a receive goes about it. */
export interface Manner {
  readonly peek: boolean;
  readonly dontwait: boolean;
  readonly patience: Patience;
}
