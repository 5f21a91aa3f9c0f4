import type { MessagePort } from "node:worker_threads";

/** Memory that two threads, or two processes, have in common. */
export type CommonMemory =
  { readonly kind: "shared"; readonly buffer: SharedArrayBuffer } | { readonly kind: "mapped"; readonly path: string };

/** What one of two peers does for a while. */
export interface RingJob {
  /** The ring; or the same copies without a protocol; or the same frames through a message port. */
  readonly road: "ring" | "bare" | "port";
  readonly role: "producer" | "consumer";
  /** Bytes of a frame. */
  readonly bytes: number;
  /** Frames between two notifications. */
  readonly burst: number;
  readonly seconds: number;
  readonly memory: CommonMemory;
  readonly port: MessagePort | undefined;
}

/** What it came to. */
export interface RingJobDone {
  readonly frames: number;
  readonly seconds: number;
}
