import type { MessagePort } from "node:worker_threads";

/** Memory that two threads, or two processes, have in common. */
export type CommonMemory =
  { readonly kind: "shared"; readonly buffer: SharedArrayBuffer } | { readonly kind: "mapped"; readonly path: string };

/** What one of two peers does for a while. */
export interface RingJob {
  /**
   * The ring; or the same copies without a protocol; or these and what no hand-over can do without: of each burst one index
   * is published, and one of the peer's is looked at; or the same frames through a message port.
   */
  readonly road: "ring" | "bare" | "indexed" | "port";
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
