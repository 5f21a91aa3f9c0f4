import { outermost, type Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import {
  forgetIdle,
  resumeSettled,
  streamOf,
  type EventsKernel,
  type EventStream,
  type KsockEvent,
  type WatchedSocket,
} from "./event-streams.ts";

/** How long calls on a socket wait for one of its callbacks (facts 8.4, Q10). */
export const CALLBACK_MAX_NS = 5_000_000_000;

/** How long a question for the next event waits; below the deadline of `ksock_next_event`. */
const ASKING_MAX_NS = 10_000_000_000;

/** The first event of a socket is to be given out. From now on its callback has its time. */
export function takeTurn(kernel: EventsKernel, socket: WatchedSocket): void {
  const [event] = socket.queue;
  if (event === undefined) return;
  const { stream } = socket;
  stream.ready.push(event);
  if (!stream.absent) startClock(kernel, event);
  serve(kernel, stream);
}

/** Its callback has so much time from now on. */
export function startClock(kernel: EventsKernel, event: KsockEvent): void {
  event.timer?.cancel();
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
  endIfForsaken(kernel, event);
}

/**
 * Ends an event of a socket that has no callbacks any more, whose own took too long, and whose taker asks for no more events: nobody will
 * ever acknowledge it. So a program that goes away in the middle of a callback leaves nothing behind once its sockets are closed.
 */
export function endIfForsaken(kernel: EventsKernel, event: KsockEvent): void {
  const { socket, overran, number } = event;
  if (!overran || socket.slots.size > 0) return;
  const stream = [...kernel.ksocks.events.streams.values()].find(({ given }) => given.get(number) === event);
  if (stream === undefined) return;
  if (stream.askers.length === 0) end(kernel, stream, event);
  // Who asks may have gone away since, or not.
  else event.timer = kernel.kit.clock.after(2 * ASKING_MAX_NS, () => endIfForsaken(kernel, event));
}

/** Gives out what is ready, as long as somebody asks. */
export function serve(kernel: EventsKernel, stream: EventStream): void {
  while (stream.ready.length > 0) {
    const asker = stream.askers.pop();
    const event = asker === undefined ? undefined : stream.ready.shift();
    if (asker === undefined || event === undefined) return;
    event.number = stream.last = ++kernel.ksocks.events.last;
    stream.given.set(event.number, event);
    const { socket, slot, value, number } = event;
    const slice = { ks: socket.ks, event: `${stream.name}/${number}` };
    kernel.events.fact(asker.context, "ksock_callback", slice, { number, slot, value });
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
  const slice = { ks: event.socket.ks, event: `${name}/${number}` };
  kernel.events.fact(context, "ksock_callback_end", slice, { number });
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
