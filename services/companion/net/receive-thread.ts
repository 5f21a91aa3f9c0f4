import { outermost, type Context } from "../../abi/context.ts";
import { leave } from "../gate.ts";
import type { Core } from "../state.ts";
import { ends } from "./ends.ts";
import { input } from "./input.ts";
import type { ReceiveThread, RxFrame } from "./state.ts";

/** SCHED_FIFO, as EVL starts it; no call changes it here. */
const PRIORITY = 50;

/** in-band. Starts the receive thread of a real device whose input is about to be diverted. */
export function startReceiver(core: Core, dev: string, context: Context): ReceiveThread {
  const thread: ReceiveThread = {
    name: `${dev}.rx`,
    priority: PRIORITY,
    queue: [],
    done: Promise.resolve(),
    awake: false,
  };
  core.kit.events.fact(context, "rx_thread_start", { dev }, { thread: thread.name, priority: PRIORITY });
  return thread;
}

/** in-band; the diversion is off. Waits until the thread has handled what was taken, and ends it. */
export async function stopReceiver(core: Core, dev: string, thread: ReceiveThread, context: Context): Promise<void> {
  await thread.done;
  core.kit.events.fact(context, "rx_thread_stop", { dev });
}

/**
 * Either stage, never waits. Queues a frame for the receive thread of its real device, which handles one after the other on the
 * out-of-band stage, whatever stage the driver delivered it from (facts/dovetail 5.6, 6.3). Until then it is inside the port.
 */
export function receiveLater(core: Core, thread: ReceiveThread, taken: RxFrame): void {
  taken.port?.crossing.down();
  const { trace, span } = taken.context;
  const context: Context = { ...outermost("", 0, "oob"), trace, span: core.kit.events.newSpan(), parent: span };
  thread.queue.push({ ...taken, context });
  if (thread.awake) return;
  thread.awake = true;
  thread.done = work(core, thread);
}

/** The thread's work while it is awake: takes all that waits, handles one after the other, and looks again. */
async function work(core: Core, thread: ReceiveThread): Promise<void> {
  while (thread.queue.length > 0) {
    const batch = thread.queue;
    thread.queue = [];
    for (const rx of batch) {
      // Who delivered goes on first, and between two frames others have their turn.
      await Promise.resolve();
      handle(core, rx);
    }
  }
  thread.awake = false;
}

function handle(core: Core, taken: RxFrame): void {
  const { times } = taken;
  const queuingNs = core.kit.clock.nowNs();
  const rx: RxFrame = times === undefined ? taken : { ...taken, times: { ...times, queuingNs } };
  const fate = rx.buffer === undefined ? "nomem" : input(core, rx);
  if (fate !== undefined) ends(core, rx, fate);
  if (rx.port !== undefined) leave(rx.port);
}
