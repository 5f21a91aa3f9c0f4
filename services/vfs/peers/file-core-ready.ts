import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import type { FileTable } from "../model/file-table.ts";
import type { OpenFile } from "../model/open-file.ts";
import { tellInstalled } from "../steps/fd-install.ts";
import { tellFlags } from "../steps/file-flags.ts";
import { lockFiles } from "../steps/file-lock.ts";
import { driverOf, fput } from "../steps/fput.ts";

/** A descriptor that refers to a file. */
interface Place {
  readonly table: FileTable;
  readonly fd: number;
}

/**
 * Another core took the place of the one that knew the open files. In-band, no lock held on entry; takes files->file_lock of
 * one table at a time, and waits for the core.
 *
 * At once all contexts are gone, so nobody names one that this core did not give. Then file by file, in the order of their
 * numbers: the driver asks for a context as in open(2), and each descriptor is told as when it was installed. What happens to
 * descriptors meanwhile is told by those who do it, with the context that the file has by then; so only those are told here
 * that were there when the file got it, and are still. A call that holds a file keeps it for as long; here so do we.
 *
 * It ends early when a third core came up. One that was there before the second says so too late, and is not heard.
 */
export async function fileCoreReady(
  kernel: Kernel,
  { incarnation }: PointArgs["file_core_ready"],
  context: Context,
): Promise<Outcome<"file_core_ready">> {
  const lasts = kernel.core.begin(incarnation);
  if (lasts === undefined) return ok({});
  const files = [...kernel.openFiles].filter(({ oobCapable }) => oobCapable);
  for (const file of files) file.dropContext();
  for (const file of files) {
    if (!lasts()) break;
    if (!kernel.openFiles.has(file)) continue;
    file.get();
    if (await renewContext(kernel, context, file, lasts)) await tellPlaces(kernel, context, file, lasts);
    await fput(kernel, context, file);
  }
  return ok({});
}

/**
 * Gets a context for a file from the core that is there now. A core that refuses is not asked again, nor is any after it; an
 * answer that was lost leaves the file plain until another core comes.
 *
 * @returns whether there is anything to tell of its descriptors.
 */
async function renewContext(kernel: Kernel, context: Context, file: OpenFile, lasts: () => boolean): Promise<boolean> {
  const renewed = (await driverOf(kernel, file).renew?.(context, file)) ?? ok(0);
  if (!lasts()) return false;
  const slice = { file: file.file };
  if (renewed.ok && renewed.value !== 0) {
    file.renewContext(renewed.value);
    kernel.events.fact(context, "oob_renew", slice, { oob_data: renewed.value });
    // The in-band stack attached with the flags that socket(2) had; a driver's open has just named those of now.
    if (file.sock !== 0 && file.flagsChanged) await tellFlags(kernel, context, file);
    return true;
  }
  // EIO is what a lost answer is made of; no core refuses with it.
  if (!renewed.ok && renewed.errno !== "EIO") file.becomePlain();
  kernel.events.fact(context, "oob_lapse", slice, { why: renewed.ok ? "no context" : renewed.errno });
  return false;
}

/** Tells the core of the descriptors that refer to a file now, by table and number, if they do so when their turn comes. */
async function tellPlaces(kernel: Kernel, context: Context, file: OpenFile, lasts: () => boolean): Promise<void> {
  for (const { table, fd } of placesOf(kernel, file)) {
    const held = await lockFiles(kernel, context, table);
    // EDEADLK: a core that asks from inside a hook under this very lock. It finds the chain in the event `lock_order`.
    if (!held.ok) continue;
    // A table that nobody uses any more is closed as a whole, and its slots are not cleared.
    const there = kernel.tasks.sharing(table).length > 0 && table.at(fd)?.file === file;
    if (there && lasts()) await tellInstalled(kernel, context, held.value, table, fd, file);
    else held.value.release();
  }
}

const placesOf = ({ tasks }: Kernel, file: OpenFile): Place[] =>
  tasks
    .tables()
    .flatMap((table) => [...table.entries()].filter(([, slot]) => slot.file === file).map(([fd]) => ({ table, fd })));
