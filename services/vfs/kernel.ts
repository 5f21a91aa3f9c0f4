import type { Context } from "../abi/context.ts";
import type { EventLog } from "../abi/event.ts";
import type { Kit } from "../abi/kit.ts";
import { createLives, numbersBefore, type Lives } from "../abi/lives.ts";
import { asImplemented, type Profile, type Switch } from "../abi/profile.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { createLocks, type Locks } from "../boundary/locks.ts";
import type { Driver, FileOperations } from "./drivers/driver.ts";
import { datumDriver } from "./drivers/datum.ts";
import { echoDriver } from "./drivers/echo.ts";
import { nullDriver } from "./drivers/null.ts";
import { twoStageDriver } from "./drivers/oobecho.ts";
import { socketOperations } from "./drivers/socket.ts";
import type { DriverName } from "./model/devices.ts";
import type { FileTable } from "./model/file-table.ts";
import type { OpenFile } from "./model/open-file.ts";
import { Tasks, type Task } from "./model/tasks.ts";

/** What the calls share: the state of the VFS, and the world around it. */
export interface Kernel {
  readonly profile: Profile;
  readonly events: EventLog;
  readonly hooks: Hooks<"vfs">;
  readonly locks: Locks;
  readonly tasks: Tasks;
  readonly drivers: Readonly<Record<DriverName, Driver>>;
  /** What stands behind the file of every socket. */
  readonly sockets: FileOperations;
  /** Every file from its creation until the last reference goes, in the order of their numbers. */
  readonly openFiles: Set<OpenFile>;
  /** The companion core, which may come back without a memory. */
  readonly core: Lives;
  /** A number for a file that is being opened, never given twice. */
  newFile(): number;
}

/** Who makes a call: the current task, its table, and the context in which hooks see both. */
export interface Current {
  readonly task: Task;
  readonly table: FileTable;
  readonly context: Context;
}

/** An empty VFS: no task, no open file. It counts on from where its former lives cannot have come. */
export function createKernel(kit: Kit, hooks: Hooks<"vfs">, incarnation: number): Kernel {
  let lastFile = numbersBefore(incarnation);
  const core = createLives();
  return {
    profile: kit.profile,
    events: kit.events,
    hooks,
    locks: createLocks(kit.events),
    tasks: new Tasks(numbersBefore(incarnation)),
    drivers: {
      // Each has queues of its own.
      oobecho: twoStageDriver(hooks, kit.events, core, echoDriver(kit.clock)),
      staxed: twoStageDriver(hooks, kit.events, core, datumDriver()),
      echo: echoDriver(kit.clock),
      null: nullDriver(),
    },
    sockets: socketOperations(hooks),
    openFiles: new Set(),
    core,
    newFile: () => ++lastFile,
  };
}

/** Whether the kernel's code is followed where it disagrees with the seeds. */
export const followsCode = (kernel: Kernel, disagreement: Switch): boolean =>
  asImplemented(kernel.profile, disagreement);
