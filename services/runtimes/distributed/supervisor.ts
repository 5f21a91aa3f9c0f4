import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BuiltHouse } from "../house.ts";
import type { WorldFacts } from "../thread-kit.ts";

/** What a house's process is told when it starts. Plain data. */
export interface HouseProcessData {
  readonly house: BuiltHouse;
  readonly facts: WorldFacts;
  readonly incarnation: number;
  readonly mutant: string | undefined;
  /** Where it serves: `unix:/path` or `127.0.0.1:port`, port 0 for any free one. */
  readonly listen: string;
  /** Where the houses are that it calls. */
  readonly peers: readonly { readonly house: BuiltHouse; readonly address: string }[];
}

/** What a house's process says once it serves. */
export interface HouseProcessReady {
  readonly address: string;
}

/** A house's process under supervision. */
export interface SupervisedHouse {
  readonly house: BuiltHouse;
  /** Where it serves now. */
  readonly address: string;
  readonly pid: number;
  readonly incarnation: number;
  stop(): Promise<void>;
}

/** How a house's process is watched over. */
export interface Supervision {
  /** Starts a process again that ended by itself, with a pause that doubles from 100 ms to 5 s. */
  readonly restart: boolean;
  readonly onExit?: (house: BuiltHouse, how: string) => void;
}

const STARTED_WITHIN_MS = 10_000;
const STOPPED_WITHIN_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const ENTRY = fileURLToPath(new URL("./house-process.js", import.meta.url));

function start(data: HouseProcessData): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  // Its own options only: what the parent was started with (a test runner's, a debugger's port) is not for the child.
  const child = fork(ENTRY, [data.house], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the process of ${data.house} did not serve within ${STARTED_WITHIN_MS / 1000} s`));
    }, STARTED_WITHIN_MS);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(tooLate);
      reject(new Error(`the process of ${data.house} ended with ${signal ?? code} before it served`));
    });
    child.once("message", (message) => {
      clearTimeout(tooLate);
      child.removeAllListeners("exit");
      resolve({ child, address: (message as HouseProcessReady).address });
    });
    child.send(data);
  });
}

/** Starts a house in a process of its own. Resolves once it serves. */
export async function supervise(
  data: Omit<HouseProcessData, "incarnation">,
  supervision: Supervision,
): Promise<SupervisedHouse> {
  let incarnation = 1;
  let stopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let pending: NodeJS.Timeout | undefined;
  let { child, address } = await start({ ...data, incarnation });

  function watch(): void {
    child.once("exit", (code, signal) => {
      if (stopping) return;
      supervision.onExit?.(data.house, signal === null ? `exit code ${code}` : signal);
      if (supervision.restart) pending = setTimeout(() => void again(), pauseMs);
    });
  }

  async function again(): Promise<void> {
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    incarnation++;
    try {
      // At the same address, so that the others find it there.
      ({ child, address } = await start({ ...data, listen: address, incarnation }));
    } catch {
      if (!stopping) pending = setTimeout(() => void again(), pauseMs);
      return;
    }
    if (stopping) child.kill("SIGKILL");
    watch();
  }

  watch();
  return {
    house: data.house,
    get address() {
      return address;
    },
    get pid() {
      return child.pid ?? 0;
    },
    get incarnation() {
      return incarnation;
    },
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        clearTimeout(pending);
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve();
          return;
        }
        const tooLate = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
        child.once("exit", () => {
          clearTimeout(tooLate);
          resolve();
        });
        child.kill("SIGTERM");
      }),
  };
}
