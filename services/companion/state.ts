import type { Kit } from "../abi/kit.ts";
import type { Efile, Watcher } from "./efile.ts";
import { FdIndex } from "./model/fd-index.ts";
import { Threads } from "./model/threads.ts";
import type { Interruptible } from "./sleep.ts";
import type { Temper } from "./temper.ts";

/** All that one companion core knows. */
export interface Core {
  readonly kit: Kit;
  readonly temper: Temper;
  readonly index: FdIndex<Watcher>;
  readonly threads: Threads<Interruptible>;
  /** The open files with an out-of-band context, by the VFS's number for the file. */
  readonly efiles: Map<number, Efile>;
  /** Files that were released before they were opened here: an open that was lost on its way must not come true later. */
  readonly givenUp: Set<number>;
  /** The context that the next file gets; from 1, never twice. */
  nextOobData: number;
}

/** A core that has just been loaded. */
export const createCore = (kit: Kit, temper: Temper): Core => ({
  kit,
  temper,
  index: new FdIndex(),
  threads: new Threads(),
  efiles: new Map(),
  givenUp: new Set(),
  nextOobData: 1,
});

/**
 * The file that a hook speaks of; undefined where it has no out-of-band context, or one that this core did not give.
 * A file that is being released is gone already: nobody may begin anything with it.
 */
export function knownEfile(core: Core, file: number, oob_data: number): Efile | undefined {
  const efile = oob_data === 0 ? undefined : core.efiles.get(file);
  return efile?.oob_data === oob_data && efile.releasing === undefined ? efile : undefined;
}
