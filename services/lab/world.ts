import type {
  FaultEffect,
  FaultReport,
  FaultRule,
  FileEntry,
  House,
  PointValues,
  TaskEntry,
} from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Clock } from "../abi/kit.ts";
import type { Profile } from "../abi/profile.ts";
import type { Topology } from "../abi/topology.ts";
import type { Hooks } from "../boundary/hooks.ts";

/** Where a world runs. */
export const RUNTIMES = ["simulated", "embedded", "distributed"] as const;

/** Where a world runs. */
export type Runtime = (typeof RUNTIMES)[number];

/** Nothing in the world can move any more, yet the program that drives it has not ended. Only simulation can know. */
export class Stuck extends Error {
  override readonly name = "Stuck";
}

/** One kernel of a world. */
export interface WorldNode {
  readonly name: string;
  /** The system calls of its tasks, in-band and out-of-band. */
  readonly calls: Hooks<"task">;
}

/** What is open on a node, and what its core has indexed. */
interface NodeFiles {
  readonly node: string;
  readonly vfs: readonly FileEntry[];
  readonly companion: readonly FileEntry[];
}

/** What one house of one node knows of the network. */
export type HouseNetwork = PointValues["ctl_list_network"] & { readonly node: string; readonly house: House };

/**
 * Booted nodes as the lab sees them: tasks make calls, rules are armed, events come back. The same in every runtime.
 */
export interface World {
  readonly runtime: Runtime;
  readonly profile: Profile;
  readonly seed: bigint;
  /** The world's own number, the upper half of its trace ids. */
  readonly origin: number;
  readonly topology: Topology;
  /** By name, in the order of the topology. A task that names no node lives on the first one. */
  readonly nodes: ReadonlyMap<string, WorldNode>;
  /** The first node, and the calls of its tasks. */
  readonly node: string;
  readonly calls: Hooks<"task">;
  readonly clock: Clock;
  /** Runs the program that drives the world, until it ends. Rejects with Stuck where that can be known. */
  drive<T>(program: () => Promise<T>): Promise<T>;
  /** Arms a rule at the house that calls its point, on every node or on the one it names. Answers why it is refused. */
  arm(rule: FaultRule): Promise<string | undefined>;
  /** Disarms one rule, or all with `*`; false when there is none of that name. */
  disarm(id: string): Promise<boolean>;
  /** What the armed rules did so far, on all nodes together. */
  faults(): Promise<readonly FaultReport[]>;
  /** Strikes a place, in the moment of no call. Places in the effect are full names. Answers why it cannot be struck. */
  strike(effect: FaultEffect): Promise<string | undefined>;
  /** The in-band stage of a node stands still for so long, the out-of-band one goes on. Answers why it cannot. */
  freeze(node: string, forNs: number): Promise<string | undefined>;
  /** Open files and the core's index, of every node. */
  listFiles(): Promise<readonly NodeFiles[]>;
  /** The tasks and threads of every node, as its VFS and its core have them; each entry says its node. */
  listTasks(): Promise<readonly TaskEntry[]>;
  /** What every house of every node knows of the network. */
  network(): Promise<readonly HouseNetwork[]>;
  /** Calls back with every batch of events, in an order that respects cause and effect within a house. */
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  /** Makes an event of somebody who was refused at the door of the control service. */
  refused(refusal: { readonly address: string; readonly peer: string; readonly why: string }): void;
  /** Makes the event that ends a run, `run_end`, which comes after all with a lower Lamport stamp than this one. */
  ended(end: {
    readonly quiet: boolean;
    readonly waiting: number;
    readonly stillNs: number;
    readonly lamport: number;
  }): void;
  /** Resolves once every event that was recorded so far has been handed to the listeners. */
  settle(): Promise<void>;
  /** How many events were overwritten before they were taken. */
  dropped(): Promise<number>;
  /** Stops every thread and process of it. Idempotent. */
  stop(): Promise<void>;
}
