import type { Slice } from "../abi/event.ts";
import { O, O_ACCMODE } from "../abi/flags.ts";
import { LIMITS } from "../abi/limits.ts";
import { Crossing } from "./model/crossing.ts";
import { EchoQueue } from "./model/echo-queue.ts";
import type { Sleep } from "./sleep.ts";

/** A thread that waits in oob_read for bytes. */
type EchoReader = Sleep<Uint8Array, "EIDRM">;

/** A thread that waits in oob_poll, and for what. */
export interface Watcher {
  readonly events: number;
  readonly sleep: Sleep<number, "ETIMEDOUT">;
}

/** The out-of-band side of an open file (struct evl_file in EVL). */
export interface Efile {
  readonly file: number;
  readonly oob_data: number;
  readonly dev: string;
  /** The flags of open(2). The core is not told of a later F_SETFL. */
  readonly flags: number;
  /** Who is inside one of its operations. */
  readonly crossing: Crossing;
  readonly echo: EchoQueue<EchoReader>;
  /** Those who poll it, by whichever descriptor. */
  readonly watchers: Set<Watcher>;
  /** The release that is under way; nobody enters any more. */
  releasing: Promise<void> | undefined;
  /** Wakes that release, once it waits for those inside. */
  passed: (() => void) | undefined;
}

/** A file that a driver has just opened. */
export const createEfile = (file: number, oob_data: number, dev: string, flags: number): Efile => ({
  file,
  oob_data,
  dev,
  flags,
  crossing: new Crossing(),
  echo: new EchoQueue(LIMITS.echoBytesMax),
  watchers: new Set(),
  releasing: undefined,
  passed: undefined,
});

/** Whether the access mode of open(2) allows this direction. */
export function allows(efile: Efile, direction: "read" | "write"): boolean {
  const mode = efile.flags & O_ACCMODE;
  return mode === O.O_RDWR || mode === (direction === "read" ? O.O_RDONLY : O.O_WRONLY);
}

/** Somebody leaves; the last one to do so wakes the release that waits. */
export function leave(efile: Efile): void {
  if (efile.crossing.up()) efile.passed?.();
}

/** The slice of the events of one descriptor. */
export const descriptor = (files: number, fd: number, file: number): Slice => ({ files, fd, file });
