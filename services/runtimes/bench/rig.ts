import { outermost, type Context } from "../../abi/context.ts";
import type { Hooks } from "../../boundary/hooks.ts";

/** How much of tracing there is: nothing is recorded; events are recorded; and they are taken, made into spans and exported. */
export type TracingMode = "off" | "on" | "exporting";

/** What was not exported. */
export interface Losses {
  readonly events: number;
  readonly spans: number;
}

/** One way to make calls on a road; all ways of a road are measured in turns. */
export interface Way {
  /** Undefined for the floor: the same road with nothing of Tenon on it. */
  readonly tracing: TracingMode | undefined;
  readonly call: (slot: number) => Promise<unknown>;
  /** CPU time that the process which answers has taken so far; undefined where that is this one, or cannot be told. */
  readonly calleeCpuNs?: () => number | undefined;
  /** Before each round. */
  readonly begin?: () => Promise<void>;
  /** After each round: resolves when everything has been done that its calls have left to do. */
  readonly settle?: () => Promise<void>;
  /** What got lost so far: events that were overwritten before they were taken, spans that were not sent. */
  readonly lost?: () => Promise<Losses>;
}

/** A road that hook calls take, and the ways to use it. */
export interface Rig {
  readonly runtime: string;
  /** Which of the runtime's roads it is, where there are several. */
  readonly road?: string;
  readonly floorName: string;
  readonly ways: readonly Way[];
  /** Runs a measurement; the simulated runtime turns its loop meanwhile. */
  drive<T>(way: Way, program: () => Promise<T>): Promise<T>;
}

/** Rigs that are made, and ended, together. */
export interface Rigs {
  readonly rigs: readonly Rig[];
  close(): Promise<void>;
}

/** What the VFS's context is when it calls a descriptor hook. */
const CONTEXT: Context = { ...outermost("bench", 1), locks: ["files.file_lock:1"], chain: ["sys_open"] };

/**
 * Installs and uninstalls a descriptor of its own in each slot, in turn: two real hooks of the reference core, which
 * change its index and leave nothing behind.
 *
 * @param file the file; whoever shares a core with others has one of its own, and a table of that number.
 */
export function installAndUninstall(
  hooks: Pick<Hooks<"vfs">, "install_inband_fd" | "uninstall_inband_fd">,
  oobData: number,
  file = 1,
) {
  const installed: boolean[] = [];
  return async (slot: number): Promise<void> => {
    const args = { fd: slot, file, oob_data: oobData, files: file };
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
export async function openBenchFile(hooks: Pick<Hooks<"vfs">, "oob_open_file">, file = 1): Promise<number> {
  const reply = await hooks.oob_open_file(outermost("bench", 1), { file, dev: "/dev/oobecho", flags: 2 });
  if (reply.kind !== "returned") throw new Error(`the benchmark's file could not be opened: ${reply.kind}`);
  return reply.value.oob_data;
}
