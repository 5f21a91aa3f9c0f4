import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Protos } from "../../transports/grpc/load.ts";
import type { LifeFacts } from "../fleet/place-life.ts";
import { nameOf, type BuiltHouse } from "../links.ts";

/** What the process of a house or a switch is told when it starts. Plain data. */
export interface HouseProcessData extends LifeFacts {
  /** Where it serves: `unix:/path` or `127.0.0.1:port`, port 0 for any free one. */
  readonly listenAt: string;
  /** What the protos say, which takes longer to read than to pass on. */
  readonly protos: Protos;
}

/** What it is told afterwards: where every place of the world listens, and that all are connected. */
export type HouseProcessOrder =
  { readonly t: "connect"; readonly addresses: Readonly<Record<string, string>> } | { readonly t: "start" };

/** What it says, in this order. */
export type HouseProcessWord =
  { readonly t: "serving"; readonly address: string } | { readonly t: "connected" } | { readonly t: "started" };

/** The process of a house or a switch under supervision. */
export interface Supervised {
  /** The node, or the switch's name. */
  readonly node: string;
  readonly house: BuiltHouse | "switch";
  /** Where it serves now. */
  readonly address: string;
  readonly pid: number;
  readonly incarnation: number;
  /** Tells it where the others are; resolves when its links stand. Its later lives are told the same. */
  connect(addresses: Readonly<Record<string, string>>): Promise<void>;
  /** Starts it. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** How a process is watched over. */
export interface Supervision {
  /** Starts a process again that ended by itself, with a pause that doubles from 100 ms to 5 s. */
  readonly restart: boolean;
  /** The name of its place, such as `alpha/vfs`. */
  readonly onExit?: (place: string, how: string) => void;
}

const SAYS_WITHIN_MS = 20_000;
const STOPPED_WITHIN_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const ENTRY = fileURLToPath(new URL("./house-process.js", import.meta.url));

const tell = (child: ChildProcess, message: HouseProcessData | HouseProcessOrder): void => void child.send(message);

/** Resolves with a word of a process; rejects when it ends before, or says nothing for too long. */
function hear<T extends HouseProcessWord["t"]>(
  child: ChildProcess,
  t: T,
  name: string,
): Promise<Extract<HouseProcessWord, { t: T }>> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(tooLate);
      child.off("message", listen).off("exit", gone).off("error", fail);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const gone = (code: number | null, signal: string | null): void =>
      fail(new Error(`the process of ${name} ended with ${signal ?? code} before it was ${t}`));
    const listen = (word: unknown): void => {
      const said = word as HouseProcessWord;
      if (said.t !== t) return;
      end();
      resolve(said as Extract<HouseProcessWord, { t: T }>);
    };
    const tooLate = setTimeout(() => {
      child.kill("SIGKILL");
      fail(new Error(`the process of ${name} was not ${t} within ${SAYS_WITHIN_MS / 1000} s`));
    }, SAYS_WITHIN_MS);
    child.on("message", listen).once("exit", gone).once("error", fail);
  });
}

async function launch(data: HouseProcessData): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const name = nameOf(data.place);
  // Its own options only: what the parent was started with (a test runner's, a debugger's port) is not for the child.
  // The protos are maps, which only the structured clone passes on.
  const child = fork(ENTRY, [name], {
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // A message to a process that is ending fails; that it ended is told by its exit.
  child.on("error", () => undefined);
  const serving = hear(child, "serving", name);
  tell(child, data);
  return { child, address: (await serving).address };
}

/** Starts a house or a switch in a process of its own. Resolves once it serves. */
export async function supervise(
  data: Omit<HouseProcessData, "incarnation">,
  supervision: Supervision,
): Promise<Supervised> {
  const name = nameOf(data.place);
  let incarnation = 1;
  let stopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let pending: NodeJS.Timeout | undefined;
  let known: Readonly<Record<string, string>> = {};
  let { child, address } = await launch({ ...data, incarnation });

  function watch(): void {
    child.once("exit", (code, signal) => {
      if (stopping) return;
      supervision.onExit?.(name, signal === null ? `exit code ${code}` : signal);
      if (supervision.restart) pending = setTimeout(() => void again(), pauseMs);
    });
  }

  async function connect(): Promise<void> {
    const connected = hear(child, "connected", name);
    tell(child, { t: "connect", addresses: known });
    await connected;
  }

  async function start(): Promise<void> {
    const started = hear(child, "started", name);
    tell(child, { t: "start" });
    await started;
  }

  async function again(): Promise<void> {
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    incarnation++;
    try {
      // At the same address, so that the others find it there.
      ({ child, address } = await launch({ ...data, listenAt: address, incarnation }));
    } catch {
      if (!stopping) pending = setTimeout(() => void again(), pauseMs);
      return;
    }
    if (stopping) child.kill("SIGKILL");
    watch();
    // One that ends meanwhile is started once more by its watch.
    await connect().then(start, () => undefined);
  }

  watch();
  const { place } = data;
  return {
    node: place.t === "house" ? place.node : place.name,
    house: place.t === "house" ? place.house : "switch",
    get address() {
      return address;
    },
    get pid() {
      return child.pid ?? 0;
    },
    get incarnation() {
      return incarnation;
    },
    connect(addresses) {
      known = addresses;
      return connect();
    },
    start,
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
