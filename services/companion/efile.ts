import type { Context } from "../abi/context.ts";
import type { Errno } from "../abi/contract.generated.ts";
import type { Slice } from "../abi/event.ts";
import { O, O_ACCMODE } from "../abi/flags.ts";
import type { Result } from "../abi/result.ts";
import type { Gate } from "./gate.ts";
import { Crossing } from "./model/crossing.ts";
import type { Sleep } from "./sleep.ts";

/** A thread that waits in oob_poll, and for what. */
export interface Watcher {
  readonly events: number;
  readonly sleep: Sleep<number, "ETIMEDOUT">;
}

/** What an operation decides, at once or later. */
type Outcome<T, E extends Errno> = Result<T, E> | Promise<Result<T, E>>;

/** Where an operation is called from. */
export interface Caller {
  readonly context: Context;
  /** The descriptor that was named. */
  readonly slice: Slice;
}

/** The out-of-band operations of a file (struct file_operations in Dovetail): all that differs from one kind to another. */
export interface FileOperations {
  readonly oob_read: (
    efile: Efile,
    count: number,
    caller: Caller,
  ) => Outcome<Uint8Array, "EAGAIN" | "EIDRM" | "EINTR" | "EBADFD" | "ENOMEM">;
  readonly oob_write: (
    efile: Efile,
    data: Uint8Array,
    caller: Caller,
  ) => Outcome<number, "EAGAIN" | "EFAULT" | "ENXIO" | "EMSGSIZE" | "EINVAL" | "EPIPE" | "ENOBUFS" | "EINTR" | "EIDRM">;
  readonly oob_ioctl: (
    efile: Efile,
    cmd: number,
    caller: Caller,
  ) => Outcome<number, "ENOTTY" | "EFAULT" | "EBADFD" | "EAGAIN" | "EINTR" | "EIO">;
  /** What the file is ready for. */
  readonly oob_poll: () => number;
  /** The file is being released: what sleepers sleep on goes away. */
  readonly remove: (context: Context) => void;
  /** What read(2), write(2) and ioctl(2) reach in-band, where the core serves these; only a stage-exclusion lock makes them wait. */
  readonly inband?: InbandOperations;
}

/** The half of a driver that in-band calls reach. */
interface InbandOperations {
  readonly read: (efile: Efile, count: number, context: Context) => Outcome<Uint8Array, "EAGAIN" | "EINTR">;
  readonly write: (efile: Efile, data: Uint8Array, context: Context) => Outcome<number, "EAGAIN" | "EINTR">;
  readonly ioctl: (efile: Efile, cmd: number, context: Context) => Outcome<number, "ENOTTY" | "EAGAIN" | "EINTR">;
}

/** The out-of-band side of an open file (struct evl_file in EVL). */
export interface Efile extends Gate {
  readonly file: number;
  readonly oob_data: number;
  readonly dev: string;
  /** The flags of open(2) or socket(2), or what F_SETFL made of them since. */
  flags: number;
  readonly operations: FileOperations;
  /** Those who poll it, by whichever descriptor. */
  readonly watchers: Set<Watcher>;
  /** The release that is under way; nobody enters any more. */
  releasing: Promise<void> | undefined;
}

/** A file that has just got its out-of-band side. */
export const createEfile = (of: Pick<Efile, "file" | "oob_data" | "dev" | "flags" | "operations">): Efile => ({
  ...of,
  crossing: new Crossing(),
  watchers: new Set(),
  releasing: undefined,
  passed: undefined,
});

/** Whether the access mode of open(2) allows this direction. */
export function allows(efile: Efile, direction: "read" | "write"): boolean {
  const mode = efile.flags & O_ACCMODE;
  return mode === O.O_RDWR || mode === (direction === "read" ? O.O_RDONLY : O.O_WRONLY);
}

/** Whether a call on it may wait. */
export const mayWait = (efile: Efile): boolean => (efile.flags & O.O_NONBLOCK) === 0;

/** The slice of the events of one descriptor. */
export const descriptor = (files: number, fd: number, file: number): Slice => ({ files, fd, file });
