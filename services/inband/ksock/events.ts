import { outermost, type Context } from "../../abi/context.ts";
import type { PointArgs, PointName, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Handlers, Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import {
  forgetIdle,
  resumeSettled,
  isSettled,
  streamOf,
  type EventStream,
  type KsockEvent,
  type KsockEvents,
  type WatchedSocket,
} from "./event-streams.ts";

/** What the events of kernel sockets need of a kernel. */
export type EventsKernel = Pick<Kernel, "kit" | "events"> & { readonly ksocks: { readonly events: KsockEvents } };

/** How long calls on a socket wait for one of its callbacks (facts 8.4, Q10). */
const CALLBACK_MAX_NS = 5_000_000_000;

/** How long a question for the next event waits; below the deadline of `ksock_next_event`. */
const ASKING_MAX_NS = 10_000_000_000;

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
  if (head !== undefined && at >= 0) to.ready.push(head);
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

/** The first event of a socket is to be given out. From now on its callback has its time. */
function takeTurn(kernel: EventsKernel, socket: WatchedSocket): void {
  const [event] = socket.queue;
  if (event === undefined) return;
  const { stream } = socket;
  stream.ready.push(event);
  if (!stream.absent) startClock(kernel, event);
  serve(kernel, stream);
}

function startClock(kernel: EventsKernel, event: KsockEvent): void {
  event.timer = kernel.kit.clock.after(CALLBACK_MAX_NS, () => overrun(kernel, event));
}

/** A callback did not return in time: the socket's calls go on, its later events wait still. Fact: ksock_overrun. */
function overrun(kernel: EventsKernel, event: KsockEvent): void {
  const { socket, slot, number } = event;
  const { stream, ks } = socket;
  kernel.ksocks.events.counts.overruns++;
  kernel.events.fact(outermost(""), "ksock_overrun", { ks }, { slot, number, stream: stream.name });
  if (number === 0) {
    // Nobody asks for this stream: its other sockets need not find that out one by one.
    stream.absent = true;
    for (const { queue } of stream.sockets) queue[0]?.timer?.cancel();
    for (const each of stream.sockets) resumeSettled(each);
    return;
  }
  event.overran = true;
  resumeSettled(socket);
}

/** Gives out what is ready, as long as somebody asks. */
function serve(kernel: EventsKernel, stream: EventStream): void {
  while (stream.ready.length > 0) {
    const asker = stream.askers.pop();
    const event = asker === undefined ? undefined : stream.ready.shift();
    if (asker === undefined || event === undefined) return;
    event.number = ++stream.last;
    stream.given.set(event.number, event);
    const { socket, slot, value, number } = event;
    kernel.events.fact(
      asker.context,
      "ksock_callback",
      { ks: socket.ks },
      { stream: stream.name, number, slot, value },
    );
    asker.answer(event);
  }
}

/**
 * Takes the next event of a stream: waits 10 s for one, and answers number 0 then. An event that was given out comes again, with its number,
 * when the caller does not say that it has it: the answer was lost. Facts: ksock_callback, when it is given out first.
 */
export function nextEvent(
  kernel: EventsKernel,
  context: Context,
  { stream: name, have }: PointArgs["ksock_next_event"],
): Promise<Result<PointValues["ksock_next_event"], never>> {
  const { events } = kernel.ksocks;
  const stream = streamOf(events, name);
  if (stream.absent) {
    stream.absent = false;
    for (const { queue } of stream.sockets) if (queue[0]?.overran === false) startClock(kernel, queue[0]);
  }
  const had = new Set(have.split(","));
  const lost = [...stream.given.values()].find(({ number }) => !had.has(String(number)));
  if (lost !== undefined) return Promise.resolve(ok(answerOf(lost)));
  return new Promise((resolve) => {
    const asker = {
      context,
      answer: (event: KsockEvent | undefined) => {
        timer.cancel();
        resolve(ok(answerOf(event)));
      },
    };
    const timer = kernel.kit.clock.after(ASKING_MAX_NS, () => {
      stream.askers.splice(stream.askers.indexOf(asker), 1);
      asker.answer(undefined);
      forgetIdle(events, stream);
    });
    stream.askers.push(asker);
    serve(kernel, stream);
  });
}

const answerOf = (event: KsockEvent | undefined): PointValues["ksock_next_event"] =>
  event === undefined
    ? { number: 0, ks: 0, slot: "", value: 0 }
    : { number: event.number, ks: event.socket.ks, slot: event.slot, value: event.value };

/**
 * The callback of an event has returned: the next of its socket may come. Once more is as good as once, for the answer may have been lost.
 * ENOENT: no such event was given out. Fact: ksock_callback_end.
 */
export function ackEvent(
  kernel: EventsKernel,
  context: Context,
  { stream: name, number }: PointArgs["ksock_ack_event"],
): Outcome<"ksock_ack_event"> {
  const { events } = kernel.ksocks;
  const stream = events.streams.get(name);
  if (stream === undefined || number <= 0 || number > stream.last) return fail("ENOENT");
  const event = stream.given.get(number);
  if (event === undefined) return ok({});
  events.counts.acknowledged++;
  kernel.events.fact(context, "ksock_callback_end", { ks: event.socket.ks, stream: name, number });
  end(kernel, stream, event);
  return ok({});
}

/** An event that was given out is over. */
function end(kernel: EventsKernel, stream: EventStream, event: KsockEvent): void {
  const { socket } = event;
  event.timer?.cancel();
  stream.given.delete(event.number);
  const at = socket.queue.indexOf(event);
  if (at >= 0) socket.queue.splice(at, 1);
  resumeSettled(socket);
  if (socket.slots.size === 0 && socket.queue.length === 0) kernel.ksocks.events.sockets.delete(socket.ks);
  takeTurn(kernel, socket);
  forgetIdle(kernel.ksocks.events, stream);
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
  if (socket === undefined) return;
  socket.slots = new Set();
  drop(kernel, socket, () => true);
  socket.stream.sockets.delete(socket);
  if (socket.queue.length === 0) events.sockets.delete(ks);
  kernel.events.fact(context, "ksock_callbacks_off", { ks });
  forgetIdle(events, socket.stream);
}

/**
 * Resolves when the callbacks of all events that were raised so far on the socket have returned, or took longer than they may. Undefined:
 * that is so already. What an event completes answers after it (facts 8.3).
 */
export function settled(kernel: EventsKernel, ks: number): Promise<void> | undefined {
  const socket = kernel.ksocks.events.sockets.get(ks);
  const event = socket?.queue.at(-1);
  if (socket === undefined || event === undefined || isSettled(socket, event)) return undefined;
  return new Promise((resume) => socket.waiting.push({ event, resume }));
}

/** The points of kernel sockets that a callback may not call. */
type Forbidden = Exclude<
  Extract<PointName, `ksock${string}`>,
  "ksocket_hold" | "ksocket_rele" | "ksock_next_event" | "ksock_ack_event"
>;

/**
 * A handler as others than callbacks may call it: from inside a callback whose event is not over it is EDEADLK, counted, and a fact,
 * ksock_violation. Of a socket whose callback runs, it waits for that (a lock, in illumos), but for close, which begins at once.
 */
export function outsideCallbacks<P extends Forbidden>(
  kernel: EventsKernel,
  point: P,
  handler: (args: PointArgs[P], context: Context) => Outcome<P> | Promise<Outcome<P>>,
): NonNullable<Handlers<"inband">[P]> {
  return ((args: PointArgs[P], context: Context) => {
    const { callback } = args;
    const ks = "ks" in args ? args.ks : 0;
    if (callback !== 0 && isRunning(kernel, callback)) {
      kernel.ksocks.events.counts.violations++;
      kernel.events.fact(context, "ksock_violation", { ks }, { call: point, callback });
      return fail("EDEADLK");
    }
    const before = point === "ksock_close" ? undefined : settled(kernel, ks);
    return before === undefined ? handler(args, context) : before.then(() => handler(args, context));
  }) as NonNullable<Handlers<"inband">[P]>;
}

function isRunning(kernel: EventsKernel, number: number): boolean {
  for (const { given } of kernel.ksocks.events.streams.values()) if (given.has(number)) return true;
  return false;
}
