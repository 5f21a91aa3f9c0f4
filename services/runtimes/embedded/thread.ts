import { setFlagsFromString } from "node:v8";
import { Worker, type MessagePort } from "node:worker_threads";
import type { BlowOrder } from "../blows.ts";
import { nameOf } from "../links.ts";
import type { HouseWorkerData, WorkerOrder, WorkerWord } from "./words.ts";

/** What the main thread is asked by others. */
export interface ThreadCallbacks {
  /** A rule there asks for a blow; when it was struck, the answer is called. */
  readonly onAsk: (word: Extract<WorkerWord, { t: "ask" }>, struck: () => void) => void;
  readonly onExit: (code: number) => void;
}

/** The thread of a house or a switch, for one life of it. */
export interface Thread {
  tell(order: WorkerOrder, transfer?: readonly MessagePort[]): void;
  /** Resolves when it has obeyed, or has ended. */
  obey(order: BlowOrder): Promise<void>;
  /** Resolves when it has said so; rejects when it ends before. */
  says(t: "serving" | "started"): Promise<void>;
  end(): Promise<unknown>;
}

/**
 * From how many MB on a thread collects its whole heap. Left to itself it does so from some 20 MB on, of which it needs eight. A
 * house that passes on large bytes and makes few objects of its own fills the rest with 60 transfers, and marks its whole heap to
 * find garbage that the small collection finds, too; V8 makes that one by itself at 32 MB of bytes. Read when a thread begins.
 */
const WHOLE_COLLECTION_FROM_MB = 48;

/** Starts the thread of a place. */
export function startThread(workerData: HouseWorkerData, { onAsk, onExit }: ThreadCallbacks): Thread {
  const name = nameOf(workerData.place);
  setFlagsFromString(`--initial-old-space-size=${WHOLE_COLLECTION_FROM_MB}`);
  const worker = new Worker(new URL("./house-worker.js", import.meta.url), {
    workerData,
    transferList: [workerData.lab, ...workerData.peers.map((peer) => peer.port)],
    name,
  });
  const obeyed = new Map<number, () => void>();
  const tell: Thread["tell"] = (order, transfer = []) => worker.postMessage(order, [...transfer]);
  let orders = 0;
  // The error itself is in the service's log.
  worker.on("error", () => undefined);
  worker.on("message", (word: WorkerWord) => {
    if (word.t === "obeyed") obeyed.get(word.number)?.();
    else if (word.t === "ask") onAsk(word, () => tell({ t: "struck", number: word.number }));
  });
  worker.on("exit", (code) => {
    for (const done of obeyed.values()) done();
    onExit(code);
  });
  return {
    tell,
    obey(order) {
      orders += 1;
      const number = orders;
      return new Promise<void>((resolve) => {
        obeyed.set(number, resolve);
        tell({ t: "blow", number, order });
      }).then(() => void obeyed.delete(number));
    },
    says: (t) =>
      new Promise((resolve, reject) => {
        const hear = (said: WorkerWord): void => {
          if (said.t !== t) return;
          worker.off("message", hear);
          resolve();
        };
        worker.on("message", hear);
        worker.once("exit", (code) =>
          reject(new Error(`the thread of ${name} ended with exit code ${code} before it was ${t}`)),
        );
      }),
    end: () => worker.terminate(),
  };
}
