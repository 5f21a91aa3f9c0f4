import type { Context } from "../../abi/context.ts";
import type { Result } from "../../abi/result.ts";
import type { OpenFile } from "../model/open-file.ts";

/** A file that is being opened: no descriptor refers to it yet. */
type Opening = Pick<OpenFile, "file" | "dev" | "flags">;

/**
 * The in-band half of a device driver (`struct file_operations`). In-band stage, no lock held; may wait for the core.
 *
 * An operation that a driver leaves out is refused by the call: EINVAL for read and write, ENOTTY for ioctl.
 */
export interface Driver {
  /** Opens the device. Answers what becomes `file->oob_data`: 0 unless the driver is out-of-band capable. */
  open(context: Context, opening: Opening): Promise<Result<number>>;
  /** The last reference is gone: frees what open obtained. It cannot fail. */
  release(context: Context, file: OpenFile): Promise<void>;
  /** Reads at most `count` bytes; none at the end of the file. */
  read?(context: Context, file: OpenFile, count: number): Promise<Result<Uint8Array>>;
  /** Writes what there is room for; answers how many bytes. */
  write?(context: Context, file: OpenFile, data: Uint8Array): Promise<Result<number>>;
  /** Obeys a command; ENOTTY for one that it does not know. */
  ioctl?(context: Context, file: OpenFile, cmd: number, arg: number): Promise<Result<number>>;
}
