import type { Context } from "../../abi/context.ts";
import type { EventLog } from "../../abi/event.ts";
import type { Kit, Timer } from "../../abi/kit.ts";

/** An event that its callback has not returned from yet. */
export interface KsockEvent {
  readonly socket: WatchedSocket;
  readonly slot: string;
  value: number;
  /** In its stream; 0: it was not given out yet. */
  number: number;
  /** Its callback took longer than it may: calls on the socket wait for it no more. */
  overran: boolean;
  timer: Timer | undefined;
}

/** A kernel socket some of whose callbacks are on. */
export interface WatchedSocket {
  readonly ks: number;
  stream: EventStream;
  slots: ReadonlySet<string>;
  /** In the order in which they happened. The first alone is given out: that is the lock under which callbacks run. */
  readonly queue: KsockEvent[];
  /** Who waits until an event and all before it are over. */
  waiting: { readonly event: KsockEvent; readonly resume: () => void }[];
}

/** Somebody who asks for the next event of a stream. */
interface Asker {
  readonly context: Context;
  readonly answer: (event: KsockEvent | undefined) => void;
}

/** Where events go: one client, under a name of its choice. */
export interface EventStream {
  readonly name: string;
  /** The number given last. */
  last: number;
  /** The oldest first. The newest is served: an older one may be the question of somebody who has given up. */
  readonly askers: Asker[];
  /** Events whose turn has come, and that nobody has asked for yet. */
  readonly ready: KsockEvent[];
  /** Given out, and not acknowledged. */
  readonly given: Map<number, KsockEvent>;
  readonly sockets: Set<WatchedSocket>;
  /** Nobody asked in time: until somebody does, no call waits for its callbacks. */
  absent: boolean;
}

/** What is counted of events, for people. */
interface EventCounts {
  raised: number;
  acknowledged: number;
  merged: number;
  dropped: number;
  overruns: number;
  violations: number;
}

/** The events of a node's kernel sockets. */
export interface KsockEvents {
  readonly counts: EventCounts;
  readonly sockets: Map<number, WatchedSocket>;
  readonly streams: Map<string, EventStream>;
  /**
   * The number given last, in whatever stream: a number is that of one event alone, so a call that says inside which callback it is made
   * is not taken for one from inside another's, and no stream of an old name gives a number that its client has had.
   */
  last: number;
}

/** What the events of kernel sockets need of a kernel. */
export interface EventsKernel {
  readonly kit: Pick<Kit, "clock">;
  readonly events: EventLog;
  readonly ksocks: {
    readonly events: KsockEvents;
    at(ks: number): { readonly closing: boolean } | undefined;
  };
}

/** No event yet. @param last the number before the first, which differs in each life of the house. */
export const createKsockEvents = (last: number): KsockEvents => ({
  counts: { raised: 0, acknowledged: 0, merged: 0, dropped: 0, overruns: 0, violations: 0 },
  sockets: new Map(),
  streams: new Map(),
  last,
});

/** The stream of that name, from now on if there is none. */
export function streamOf(events: KsockEvents, name: string): EventStream {
  const known = events.streams.get(name);
  if (known !== undefined) return known;
  const stream: EventStream = {
    name,
    last: events.last,
    askers: [],
    ready: [],
    given: new Map(),
    sockets: new Set(),
    absent: false,
  };
  events.streams.set(name, stream);
  return stream;
}

/** Forgets a stream that nobody asks for and no socket has events for: a client that went away keeps nothing alive. */
export function forgetIdle(events: KsockEvents, stream: EventStream): void {
  if (stream.askers.length > 0 || stream.sockets.size > 0 || stream.given.size > 0) return;
  events.streams.delete(stream.name);
}

/** Whether calls on the socket need not wait for this event: it is over, or waiting for it has an end. */
export const isSettled = ({ stream, queue }: WatchedSocket, event: KsockEvent): boolean =>
  stream.absent || queue[0]?.overran !== false || !queue.includes(event);

/** Lets go whose event is over. */
export function resumeSettled(socket: WatchedSocket): void {
  const before = socket.waiting;
  if (before.length === 0) return;
  socket.waiting = before.filter(({ event }) => !isSettled(socket, event));
  for (const { event, resume } of before) if (isSettled(socket, event)) resume();
}
