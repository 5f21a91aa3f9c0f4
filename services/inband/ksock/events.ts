import type { Context } from "../../abi/context.ts";
import { forgetIdle, isSettled, resumeSettled, streamOf } from "./event-streams.ts";
import type { EventsKernel, EventStream, KsockEvent, WatchedSocket } from "./event-streams.ts";
import { CALLBACK_MAX_NS, endIfForsaken, serve, startClock, takeTurn } from "./give-out.ts";

/** So many events of a socket wait at most before like is merged with like. */
const QUEUE_MAX = 64;

/**
 * The callbacks of a kernel socket that are on from now on, and where their events go; no slot: all off. Called when no callback
 * of the socket runs. Events that wait and whose callback is off now are dropped, as if the call had come before them.
 */
export function watch(
  kernel: EventsKernel,
  context: Context,
  { ks, stream, slots }: { readonly ks: number; readonly stream: string; readonly slots: ReadonlySet<string> },
): void {
  const { events } = kernel.ksocks;
  if (slots.size === 0) {
    endEvents(kernel, context, ks);
    return;
  }
  const to = streamOf(events, stream);
  const known = events.sockets.get(ks);
  const socket: WatchedSocket = known ?? { ks, stream: to, slots, queue: [], waiting: [] };
  events.sockets.set(ks, socket);
  socket.slots = slots;
  kernel.events.fact(context, "ksock_callbacks_on", { ks }, { slots: [...slots].join("|"), stream });
  drop(kernel, socket, ({ slot }) => !slots.has(slot));
  move(kernel, socket, to);
}

/** Later events of a socket go to another stream, and those that nobody was given yet with them. */
function move(kernel: EventsKernel, socket: WatchedSocket, to: EventStream): void {
  const { stream: from } = socket;
  to.sockets.add(socket);
  if (from === to) return;
  const head = socket.queue[0];
  const at = head === undefined ? -1 : from.ready.indexOf(head);
  if (at >= 0) from.ready.splice(at, 1);
  from.sockets.delete(socket);
  socket.stream = to;
  if (head !== undefined && at >= 0) {
    to.ready.push(head);
    // Where nobody asked before, its time did not run: it begins, or whoever calls might wait for ever.
    if (!to.absent) startClock(kernel, head);
  }
  forgetIdle(kernel.ksocks.events, from);
  serve(kernel, to);
}

/**
 * Something happened to a kernel socket: in-band, in the step in which it did. Nothing, where the callback of the slot is off.
 * A socket of which 64 events wait merges: `recv` adds up what came, the others of one slot say what is so now.
 * Fact: ksock_event.
 */
export function raise(kernel: EventsKernel, context: Context, ks: number, slot: string, value: number): void {
  const { sockets, counts } = kernel.ksocks.events;
  const socket = sockets.get(ks);
  if (socket?.slots.has(slot) !== true) return;
  counts.raised++;
  const merged = socket.queue.length >= QUEUE_MAX && merge(socket, slot, value);
  kernel.events.fact(context, "ksock_event", { ks }, { slot, value, merged });
  if (merged) {
    counts.merged++;
    return;
  }
  socket.queue.push({ socket, slot, value, number: 0, overran: false, timer: undefined });
  if (socket.queue.length === 1) takeTurn(kernel, socket);
}

/** Adds an event to the last of its kind that waits. `recv(0)` and `xmit(0)` are kinds of their own: they say that it ended. */
function merge({ queue }: WatchedSocket, slot: string, value: number): boolean {
  const like = queue.findLast((event) => event.number === 0 && event.slot === slot && event.value > 0 === value > 0);
  if (like === undefined) return false;
  like.value = slot === "recv" && value > 0 ? like.value + value : value;
  return true;
}

/** Takes events away that were not given out. */
function drop(kernel: EventsKernel, socket: WatchedSocket, which: (event: KsockEvent) => boolean): void {
  const { queue, stream } = socket;
  const head = queue[0];
  const gone = queue.filter((event) => event.number === 0 && which(event));
  kernel.ksocks.events.counts.dropped += gone.length;
  for (const event of gone) {
    event.timer?.cancel();
    queue.splice(queue.indexOf(event), 1);
    const at = stream.ready.indexOf(event);
    if (at >= 0) stream.ready.splice(at, 1);
  }
  resumeSettled(socket);
  if (queue[0] !== head) takeTurn(kernel, socket);
}

/**
 * No callback of the socket any more: it is being closed, or all are off. What waits is dropped; a callback that runs is waited for
 * with `settled`. Fact: ksock_callbacks_off.
 */
export function endEvents(kernel: EventsKernel, context: Context, ks: number): void {
  const { events } = kernel.ksocks;
  const socket = events.sockets.get(ks);
  // Off already, while a callback of before still runs: that was told.
  if (socket === undefined || socket.slots.size === 0) return;
  socket.slots = new Set();
  drop(kernel, socket, () => true);
  socket.stream.sockets.delete(socket);
  const [running] = socket.queue;
  if (running === undefined) events.sockets.delete(ks);
  else endIfForsaken(kernel, running);
  kernel.events.fact(context, "ksock_callbacks_off", { ks });
  forgetIdle(events, socket.stream);
}

/**
 * Resolves when the callbacks of all events that were raised so far on the socket have returned, or one of them took longer than it
 * may, or all together did: a call has a deadline, however many callbacks it waits for. Undefined: that is so already. What an event
 * completes answers after it (facts 8.3).
 */
export function settled(kernel: EventsKernel, ks: number): Promise<void> | undefined {
  const socket = kernel.ksocks.events.sockets.get(ks);
  const event = socket?.queue.at(-1);
  if (socket === undefined || event === undefined || isSettled(socket, event)) return undefined;
  return new Promise((resolve) => {
    const waiter = {
      event,
      resume: () => {
        timer.cancel();
        resolve();
      },
    };
    const timer = kernel.kit.clock.after(CALLBACK_MAX_NS, () => {
      socket.waiting.splice(socket.waiting.indexOf(waiter), 1);
      resolve();
    });
    socket.waiting.push(waiter);
  });
}
