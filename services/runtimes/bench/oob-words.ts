import type { MessagePort } from "node:worker_threads";
import type { House } from "../../abi/contract.generated.ts";
import type { WorldFacts } from "../thread-kit.ts";

/** What a thread of tasks is given. */
export interface TasksData {
  readonly facts: WorldFacts;
  /** Tells its tasks from those of other threads: from 2, since the main thread is the first. */
  readonly number: number;
  readonly ports: readonly { readonly node: string; readonly house: House; readonly port: MessagePort }[];
  /** How nice the thread is to others. */
  readonly nice: number | undefined;
}

/** What it is told. */
export type TasksOrder =
  /** Open what is needed; `ready` says that the caches know the way. */
  | { readonly t: "open"; readonly pairs: number }
  /** Round trips of so many pairs, for a while, counted to what has this name. */
  | { readonly t: "measure"; readonly as: string; readonly pairs: number; readonly seconds: number }
  /** In-band calls as fast as they can be made, until it is told to stop. */
  | { readonly t: "load" }
  | { readonly t: "stop" }
  /** What was measured under this name. */
  | { readonly t: "figures"; readonly as: string };

/** What round trips came to. */
export interface OobFigures {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  readonly maxNs: number;
  readonly perSecond: number;
  readonly lost: number;
  readonly missed: number;
}

/** What it answers to each order. */
export type TasksWord =
  | { readonly t: "done"; readonly calls: number }
  | { readonly t: "figures"; readonly figures: OobFigures | undefined }
  | { readonly t: "failed"; readonly why: string };
