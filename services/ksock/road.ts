import type { PointArgs, PointName, PointValues } from "../abi/contract.generated.ts";

/** The points of kernel sockets. */
export type KsockPoint = Extract<PointName, `ksock${string}`>;

/** What came of a call: a value, an errno by its name, or nothing, and then nobody knows whether anything happened. */
export type KsockReply<P extends KsockPoint = KsockPoint> =
  | { readonly kind: "returned"; readonly value: PointValues[P] }
  | { readonly kind: "refused"; readonly errno: string }
  | { readonly kind: "lost" };

/** How calls reach the kernel whose sockets they are about. */
export interface Road {
  call<P extends KsockPoint>(point: P, args: PointArgs[P]): Promise<KsockReply<P>>;
  /** Waits, in the time of that kernel. */
  sleepNs(ns: number): Promise<void>;
}
