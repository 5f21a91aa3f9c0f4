import type { PointArgs, PointValues } from "../abi/contract.generated.ts";
import { EIO, errnoNumber } from "./errno.ts";
import { createHandles, type Handles, type KernelSocket } from "./handles.ts";
import { createInside, type Inside } from "./inside.ts";
import { createEventLoop, type EventLoop } from "./events.ts";
import type { KsockPoint, Road } from "./road.ts";

/** What a function of kernel sockets resolves to: 0 or a positive errno of illumos, and what the out-arguments would hold. */
export type Answer<T = undefined> = readonly [error: number, value: T];

/** How a user of kernel sockets wants it. */
export interface KsockOptions {
  /** The name under which its events come; another one for each user of the same kernel. */
  readonly stream?: string;
  /** Is told what a callback threw. Absent: it is an unhandled rejection, like that of every promise that nobody awaits. */
  readonly onError?: (error: unknown, slot: string) => void;
  /** Whether the functions of the later names refuse to be called without a cred, as illumos' DEBUG kernels do. */
  readonly strict?: boolean;
}

/** The callbacks of one socket. */
export interface Registration {
  readonly binding: "ksock" | "ksocket";
  readonly slots: ReadonlyMap<string, (s: KernelSocket, value: number) => unknown>;
  /** ksocket_setcallbacks: the functions of the slots, which a later call may leave as they are. */
  readonly functions?: ReadonlyMap<string, KsocketCallback>;
}

/** `ksocket_callback_t`. */
export type KsocketCallback = (ks: KernelSocket, event: number, arg: unknown, info: number) => void | Promise<void>;

type Arguments<P extends KsockPoint> = Omit<PointArgs[P], "callback">;

/** The points at which a call says inside which callback it is made. */
type CallPoint = Exclude<KsockPoint, "ksock_next_event" | "ksock_ack_event">;

/** One user of the kernel sockets of one kernel. */
export interface Session {
  readonly handles: Handles;
  readonly inside: Inside;
  readonly stream: string;
  readonly strict: boolean;
  readonly registrations: Map<number, Registration>;
  readonly events: EventLoop;
  /** Makes a call: a value, or an errno of illumos. One that was lost is EIO, and nobody knows whether it happened. */
  call<P extends CallPoint>(point: P, args: Arguments<P>): Promise<Answer<PointValues[P] | undefined>>;
}

/** A user without sockets. */
export function createSession(road: Road, options: KsockOptions): Session {
  const { stream = "ksock", strict = false } = options;
  const onError =
    options.onError ??
    ((error) => {
      void Promise.reject(error instanceof Error ? error : new Error(String(error)));
    });
  const inside = createInside();
  const handles = createHandles();
  const registrations = new Map<number, Registration>();
  const events = createEventLoop(
    { road, inside, stream },
    () => registrations.size > 0,
    ({ ks, slot, value }) => registrations.get(ks)?.slots.get(slot)?.(handles.of(ks, true), value),
    (error, { slot }) => onError(error, slot),
  );
  return {
    handles,
    inside,
    stream,
    strict,
    registrations,
    events,
    call: (point, args) =>
      inside.call(async (callback) => {
        // The callback is all that the arguments of these points have besides.
        const reply = await road.call(point, { ...args, callback } as PointArgs[typeof point]);
        switch (reply.kind) {
          case "returned":
            return [0, reply.value];
          case "refused":
            return [errnoNumber(reply.errno), undefined];
          case "lost":
            return [EIO, undefined];
        }
      }),
  };
}
