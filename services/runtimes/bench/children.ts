import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CalleeData, CalleeWord } from "./callee-process.ts";
import { cpuNsOf } from "./cpu-time.ts";
import type { FloorData } from "./floor-process.ts";

/** A process that answers calls. */
export interface Callee {
  /** Where it listens, in the order in which it was told to. */
  readonly addresses: readonly string[];
  readonly cpuNs: () => number | undefined;
  close(): Promise<void>;
}

async function start(entry: URL, data?: CalleeData | FloorData): Promise<Callee> {
  const child = fork(fileURLToPath(entry), {
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const failed = ended.then(() => Promise.reject(new Error(`${fileURLToPath(entry)} ended before it listened`)));
  if (data !== undefined) child.send(data);
  const [said] = (await Promise.race([once(child, "message"), failed])) as [CalleeWord];
  // Afterwards its end is no failure.
  failed.catch(() => undefined);
  if ("failed" in said) throw new Error(said.failed);
  const { pid = 0 } = child;
  return {
    addresses: said.addresses,
    cpuNs: () => cpuNsOf(pid),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Starts a core in a process of its own. */
export const startCallee = (data: CalleeData): Promise<Callee> =>
  start(new URL("./callee-process.js", import.meta.url), data);

/** Starts the bare streams in a process of their own. */
export const startFloor = (data: FloorData): Promise<Callee> =>
  start(new URL("./floor-process.js", import.meta.url), data);

/** Starts a collector in a process of its own. */
export const startSink = (): Promise<Callee> => start(new URL("./sink-process.js", import.meta.url));
