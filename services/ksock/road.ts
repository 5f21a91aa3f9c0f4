import type { PointArgs, PointName, PointValues } from "../abi/contract.generated.ts";

/** The points of kernel sockets. Interrupting a thread is none that a user calls: a road does it for who gives a call up. */
export type KsockPoint = Exclude<Extract<PointName, `ksock${string}`>, "ksock_interrupt">;

/** What came of a call: a value, an errno by its name, or nothing, and then nobody knows whether anything happened. */
export type KsockReply<P extends KsockPoint = KsockPoint> =
  | { readonly kind: "returned"; readonly value: PointValues[P] }
  | { readonly kind: "refused"; readonly errno: string }
  | { readonly kind: "lost" };

/** How calls reach the kernel whose sockets they are about. */
export interface Road {
  /** @param gone whoever called gives up: what sleeps is interrupted, and ends with EINTR or with what it has moved so far. */
  call<P extends KsockPoint>(point: P, args: PointArgs[P], gone?: AbortSignal): Promise<KsockReply<P>>;
  /** Waits, in the time of that kernel. */
  sleepNs(ns: number): Promise<void>;
}
