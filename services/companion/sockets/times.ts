import type { Context } from "../../abi/context.ts";
import { MSG } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { encodeTimes, IOTIMES_BYTES, type IoTimes } from "../model/timestamps.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";
import { mayFallAsleep, wakeAt, type Patience } from "./receive.ts";
import { SHUTDOWN, type OobSocket, type TimesReader } from "./socket.ts";

/** The times of what a socket has sent, as a task gets them. */
interface Collected {
  /** An array of records. */
  readonly data: Uint8Array;
  /** MSG_TRUNC: some are lost. */
  readonly flags: number;
  /** The oldest of them. */
  readonly first: IoTimes;
}

export const NO_TIMES: IoTimes = { deviceNs: 0, queuingNs: 0, deliveryNs: 0 };

/**
 * Out-of-band, in oob_recvmsg with MSG_TIMESTAMP: waits until something that the socket has sent was stamped, and takes as many
 * records as there is room for. What was lost because too many waited is told once, with MSG_TRUNC (facts/dovetail 6.6).
 *
 * EINVAL: timestamping is off, or there is no room for one record. EAGAIN, ETIMEDOUT, EINTR as for a message. EIDRM: the socket
 * goes, or its timestamping was set anew. A shutdown ends it without any.
 */
export async function collectTimes(
  core: Core,
  socket: OobSocket,
  patience: Patience,
  count: number,
  context: Context,
): Promise<Result<Collected, "EINVAL" | "EAGAIN" | "ETIMEDOUT" | "EIDRM" | "EINTR">> {
  const { timestamps, efile } = socket;
  if (timestamps.flags === 0 || count < IOTIMES_BYTES) return fail("EINVAL");
  while (!timestamps.hasRecords) {
    if ((socket.shutdown & SHUTDOWN.RCV_SHUTDOWN) !== 0) return ok({ data: NO_BYTES, flags: 0, first: NO_TIMES });
    const asleep = mayFallAsleep(core, patience, context);
    if (!asleep.ok) return asleep;
    const priority = core.threads.priorityOf(context.task);
    const sleep: TimesReader = fallAsleep<undefined, "EIDRM" | "ETIMEDOUT">(core.kit.events, core.threads, {
      context,
      slice: patience.slice,
      facts: ["oob_wait", "oob_wake"],
      always: { priority, times: true },
      awaits: { count },
      tells: () => ({}),
      leave: (reader) => {
        timer?.cancel();
        timestamps.leave(reader);
      },
    });
    timestamps.wait(sleep, priority);
    const timer = wakeAt(core, patience.timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
    const before = socket.shutdown;
    const woken = await sleep.woken;
    const ended = !woken.ok && woken.errno === "EIDRM" && socket.shutdown !== before;
    if (ended) return ok({ data: NO_BYTES, flags: 0, first: NO_TIMES });
    if (!woken.ok) return woken;
  }
  const { records, overflown } = timestamps.take(Math.floor(count / IOTIMES_BYTES));
  wakeReady(efile, context);
  return ok({ data: encodeTimes(records), flags: overflown ? MSG.MSG_TRUNC : 0, first: records[0] ?? NO_TIMES });
}

/**
 * Either stage, never waits. Something that a socket has sent is with the device: whoever asked for it learns when the call
 * handed it over, when it was queued for the device, and when the device took it (evl_queue_iots_tx).
 */
export function stampOutput(
  core: Core,
  socket: OobSocket,
  { handedNs, queuedNs, deviceNs }: { readonly handedNs: number; readonly queuedNs: number; readonly deviceNs: number },
  context: Context,
): void {
  const { timestamps, sk, efile } = socket;
  if (!timestamps.ofOutput) return;
  const kept = timestamps.add({ deviceNs, queuingNs: queuedNs, deliveryNs: handedNs });
  const spans = { queuing_ns: queuedNs - handedNs, device_ns: deviceNs - queuedNs };
  core.kit.events.fact(context, "tx_times", { sk }, { ...spans, dropped: !kept });
  const [first] = timestamps.readers();
  if (kept) first?.wake(context, ok(undefined));
  wakeReady(efile, context);
}
