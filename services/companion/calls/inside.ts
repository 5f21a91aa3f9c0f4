import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import type { Slice } from "../../abi/event.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { descriptor, type Efile, type Watcher } from "../efile.ts";
import { leave } from "../gate.ts";
import type { FdEntry } from "../model/fd-index.ts";
import { knownEfile, type Core } from "../state.ts";

/** A descriptor of the caller, found in the index. */
export interface Found {
  readonly entry: FdEntry<Watcher>;
  readonly efile: Efile;
}

/**
 * Finds what a descriptor of the calling thread refers to (evl_get_file).
 *
 * Here the current table is the right one: the caller speaks of its own descriptors. EPERM: the thread is not attached.
 * EBADF: the core has not indexed the descriptor, or the file behind it is being released or gone (facts/dovetail 4.3).
 */
export function lookUp(core: Core, fd: number, context: Context): Result<Found, "EPERM" | "EBADF"> {
  if (!core.threads.isAttached(context.task)) return fail("EPERM");
  const entry = core.index.find(context.files, fd);
  if (entry === undefined) return fail("EBADF");
  const efile = knownEfile(core, entry.file, entry.oob_data);
  return efile === undefined ? fail("EBADF") : ok({ entry, efile });
}

/**
 * Out-of-band. Runs an operation inside a file: no release of the file ends before the operation has left it.
 *
 * EPERM and EBADF as for lookUp; nothing was entered then.
 */
export async function inside<T, E extends Errno>(
  core: Core,
  fd: number,
  context: Context,
  operation: (efile: Efile, slice: Slice) => Result<T, E> | Promise<Result<T, E>>,
): Promise<Result<T, E | "EPERM" | "EBADF">> {
  const found = lookUp(core, fd, context);
  if (!found.ok) return found;
  const { efile } = found.value;
  const slice = descriptor(context.files, fd, efile.file);
  efile.crossing.down();
  core.kit.events.fact(context, "oob_enter", { ...slice, task: context.task }, { inside: efile.crossing.inside });
  const result = await operation(efile, slice);
  leave(efile);
  return result;
}
