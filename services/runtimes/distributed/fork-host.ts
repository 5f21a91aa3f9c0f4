import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Protos } from "../../transports/grpc/load.ts";
import type { PlaceOrder, PlaceWord } from "../fleet/orders.ts";
import type { PlaceHost } from "../fleet/place-host.ts";
import type { LifeFacts } from "../fleet/place-life.ts";
import { nameOf } from "../links.ts";

/** What the process of a house or a switch is told when it starts. Plain data. */
export interface HouseProcessData extends LifeFacts {
  /** Where it serves: `unix:/path` or `127.0.0.1:port`, port 0 for any free one. */
  readonly listenAt: string;
  /** What the protos say, which takes longer to read than to pass on. */
  readonly protos: Protos;
  /** The folder with its certificate, for cores on other machines. */
  readonly tls: string | undefined;
}

/** What it is told afterwards; a blow to it comes as a signal. */
export type HouseProcessOrder = Exclude<PlaceOrder, { readonly t: "strike" }>;

const SERVES_WITHIN_MS = 20_000;
const STOPPED_WITHIN_MS = 2_000;
const ENTRY = fileURLToPath(new URL("./house-process.js", import.meta.url));

/** A host that starts a process of this machine for every life. */
export function createForkHost({
  listenAt,
  protos,
  tls,
}: Pick<HouseProcessData, "listenAt" | "protos" | "tls">): PlaceHost {
  // Later lives serve where the first one did, so that the others find them there.
  let at = listenAt;
  return {
    async boot(life, hear) {
      const name = nameOf(life.place);
      // Its own options only: what the parent was started with (a test runner's, a debugger's port) is not for the child.
      // The protos are maps, which only the structured clone passes on.
      const child = fork(ENTRY, [name], {
        execArgv: [],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      // A message to a process that is ending fails; that it ended is told by its exit.
      child.on("error", () => undefined);
      const ended = new Promise<string>((resolve) => {
        child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
        child.once("error", (error) => resolve(error.message));
      });
      const serving = new Promise<string>((resolve) => {
        child.on("message", (word: PlaceWord) => {
          if (word.t === "serving") resolve(word.address);
          else hear(word);
        });
      });
      const data: HouseProcessData = { ...life, listenAt: at, protos, tls };
      child.send(data);
      let late: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        late = setTimeout(() => {
          child.kill("SIGKILL");
          reject(new Error(`the process of ${name} did not serve within ${SERVES_WITHIN_MS / 1000} s`));
        }, SERVES_WITHIN_MS);
      });
      const gone = ended.then((how) => {
        throw new Error(`the process of ${name} ended with ${how} before it served`);
      });
      gone.catch(() => undefined);
      try {
        at = await Promise.race([serving, gone, tooLate]);
      } finally {
        clearTimeout(late);
      }
      const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
      return {
        address: at,
        pid: child.pid ?? 0,
        order: (order) => void child.send(order),
        strike({ kind, forNs }) {
          if (kind === "crash") {
            child.kill("SIGKILL");
            return;
          }
          child.kill("SIGSTOP");
          setTimeout(() => child.kill("SIGCONT"), forNs / 1e6).unref();
          hear({ t: "obeyed" });
        },
        ended,
        async stop() {
          if (isGone()) return;
          const timer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
          child.kill("SIGTERM");
          // It may stand still.
          child.kill("SIGCONT");
          await ended;
          clearTimeout(timer);
        },
      };
    },
  };
}
