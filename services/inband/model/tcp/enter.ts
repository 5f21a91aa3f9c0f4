import { assert } from "../../../abi/assert.ts";
import type { Errno } from "../../../abi/contract.generated.ts";
import type { Connection } from "./connection.ts";
import { tell, type ClosedWhy, type Step } from "./notice.ts";
import { MAY_FOLLOW, type Closing, type FinWait1, type FinWait2, type TcpState } from "./state.ts";

/** The one place where a connection changes its state. */
export function enter(c: Connection, next: TcpState, step: Step): void {
  const from = c.state.t;
  assert(MAY_FOLLOW[from].includes(next.t), `${next.t} may follow ${from}`);
  c.state = next;
  tell(step, { t: "state", from, to: next.t });
}

/** The connection has ended: nothing is sent any more and no timer runs. What was received before can still be read. */
export function finish(c: Connection, why: ClosedWhy, step: Step, errno: Errno | undefined = c.softError): void {
  const from = c.state.t;
  enter(c, { t: "CLOSED" }, step);
  c.timer.stop();
  c.keepaliveAtNs = Infinity;
  c.outgoing.clear();
  if (c.orphan) c.incoming.clear();
  tell(step, { t: "closed", why, errno, from });
}

/** Late segments die out for 2 MSL (RFC 9293 §3.6.1). */
export function enterTimeWait(
  c: Connection,
  { snd, rcv }: FinWait1 | FinWait2 | Closing,
  nowNs: number,
  step: Step,
): void {
  c.timer.stop();
  c.keepaliveAtNs = Infinity;
  enter(c, { t: "TIME-WAIT", snd, rcv, endAtNs: nowNs + c.settings.timeWaitNs }, step);
}
