import { assert } from "../../../abi/assert.ts";
import type { Connection } from "./connection.ts";
import type { Step } from "./notice.ts";

/** When the connection wants to be called next; undefined: only a segment or a call can move it. */
export function pollAtNs(c: Connection): number | undefined {
  assert(c.orphan, "is written");
  return pollAtNs(c);
}

/** Does what has become due. */
export function onTick(c: Connection, nowNs: number): Step {
  assert(c.orphan && nowNs < 0, "is written");
  return onTick(c, nowNs);
}
