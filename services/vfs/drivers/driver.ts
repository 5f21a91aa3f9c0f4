import type { Context } from "../../abi/context.ts";
import type { Result } from "../../abi/result.ts";
import type { OpenFile } from "../model/open-file.ts";

/** A file that is being opened: no descriptor refers to it yet. */
type Opening = Pick<OpenFile, "file" | "dev" | "flags">;

/** What ioctl(2) is asked: a command, its argument, and what the argument points to where it is a pointer. */
interface IoctlRequest {
  readonly cmd: number;
  readonly arg: number;
  readonly data: Uint8Array;
}

/** What it answers: a number, and what was written back. */
interface IoctlAnswer {
  readonly value: number;
  readonly data: Uint8Array;
}

/**
 * The in-band half of what stands behind an open file (`struct file_operations`). In-band stage, no lock held; may wait.
 *
 * An operation that is left out is answered by the call: EINVAL for read and write, ENOTTY for ioctl; a file without poll
 * is always ready.
 */
export interface FileOperations {
  /** The last reference is gone: frees what was obtained for the file. It cannot fail. */
  release(context: Context, file: OpenFile): Promise<void>;
  /**
   * Another core took the place of the one that gave the file its out-of-band context. Answers the one that this core
   * gives: 0 for none.
   */
  renew?(context: Context, file: OpenFile): Promise<Result<number>>;
  /** Reads at most `count` bytes; none at the end of the file. */
  read?(context: Context, file: OpenFile, count: number): Promise<Result<Uint8Array>>;
  /** Writes what there is room for; answers how many bytes. */
  write?(context: Context, file: OpenFile, data: Uint8Array): Promise<Result<number>>;
  /** Obeys a command; ENOTTY for one that it does not know. */
  ioctl?(context: Context, file: OpenFile, request: IoctlRequest): Promise<Result<IoctlAnswer>>;
  /** Waits until one of the events is there; none when the time is over first. 0: without limit. */
  poll?(context: Context, file: OpenFile, events: number, timeoutNs: number): Promise<Result<number>>;
}

/** A device driver. */
export interface Driver extends FileOperations {
  /** Opens the device. Answers what becomes `file->oob_data`: 0 unless the driver is out-of-band capable. */
  open(context: Context, opening: Opening): Promise<Result<number>>;
}
