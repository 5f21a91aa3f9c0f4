import { outermost, type Context } from "../../abi/context.ts";
import type { Hooks } from "../../boundary/hooks.ts";

/** A way to call hooks, and the floor under it: the same road with nothing of Tenon on it. */
export interface Rig {
  readonly runtime: string;
  readonly floorName: string;
  readonly hook: (slot: number) => Promise<unknown>;
  readonly floor: (slot: number) => Promise<unknown>;
  /** Runs a measurement; the simulated runtime turns its loop meanwhile. */
  drive<T>(program: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What the VFS's context is when it calls a descriptor hook. */
const CONTEXT: Context = { ...outermost("bench", 1), locks: ["files.file_lock:1"], chain: ["sys_open"] };

/**
 * Installs and uninstalls a descriptor of its own in each slot, in turn: two real hooks of the reference core, which
 * change its index and leave nothing behind.
 */
export function installAndUninstall(
  hooks: Pick<Hooks<"vfs">, "install_inband_fd" | "uninstall_inband_fd">,
  oobData: number,
) {
  const installed: boolean[] = [];
  return async (slot: number): Promise<void> => {
    const args = { fd: slot, file: 1, oob_data: oobData, files: 1 };
    const reply =
      installed[slot] === true
        ? await hooks.uninstall_inband_fd(CONTEXT, args)
        : await hooks.install_inband_fd(CONTEXT, args);
    // A benchmark of calls that fail measures nothing.
    if (reply.kind !== "returned") throw new Error(`a hook of the benchmark was ${reply.kind}`);
    installed[slot] = installed[slot] !== true;
  };
}

/** Opens the file that the descriptors refer to, as a driver does; answers its out-of-band context. */
export async function openBenchFile(hooks: Pick<Hooks<"vfs">, "oob_open_file">): Promise<number> {
  const reply = await hooks.oob_open_file(outermost("bench", 1), { file: 1, dev: "/dev/oobecho", flags: 2 });
  if (reply.kind !== "returned") throw new Error(`the benchmark's file could not be opened: ${reply.kind}`);
  return reply.value.oob_data;
}
