import type { FileEntry, PointValues, TaskEntry } from "../../abi/contract.generated.ts";
import type { Kit } from "../../abi/kit.ts";
import type { NodeSpec } from "../../abi/topology.ts";
import type { Handlers, Hooks } from "../../boundary/hooks.ts";
import type { BuiltHouse, PlacePorts } from "../links.ts";

/** What a house is built of. */
interface OpenerParts<H extends BuiltHouse> {
  readonly kit: Kit;
  readonly hooks: Hooks<H>;
  readonly node: NodeSpec;
  readonly ports: PlacePorts;
  /** Which of the house's lives this is, from 1. In a later one it tells its peers that it knows nothing. */
  readonly incarnation: number;
  /** The bad core to build in place of the reference; only the companion has any. */
  readonly mutant: string | undefined;
  /** When the world booted, for the times in captures; undefined in virtual time. */
  readonly epochMs: number | undefined;
}

/** What a house is to its runtime. */
interface Opened<H extends BuiltHouse> {
  readonly handlers: Handlers<H>;
  listFiles?(): readonly FileEntry[];
  listTasks?(): readonly TaskEntry[];
  listNetwork?(): PointValues["ctl_list_network"];
  /** What runs in-band in it stands still for so long; left out where the whole house does, or nothing does. */
  freezeStage?(forNs: number): void;
  /** Called once the others can be reached, who may call the house before it is over. */
  start?(): void | Promise<void>;
}

/** Builds a house. Each is in a file of its own, so that a thread or process loads the one that it runs and no other. */
export type Opener<H extends BuiltHouse> = (parts: OpenerParts<H>) => Opened<H>;
