import type { Kit } from "../abi/kit.ts";
import { numbersBefore } from "../abi/lives.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { createLocks, type Locks } from "../boundary/locks.ts";
import type { Efile, Watcher } from "./efile.ts";
import type { DomainRegistry } from "./model/domain-registry.ts";
import { FdIndex } from "./model/fd-index.ts";
import { InbandSleepers } from "./model/inband-sleepers.ts";
import type { StaxLock } from "./model/stax.ts";
import { Threads } from "./model/threads.ts";
import { createNet, type CompanionPorts, type Net } from "./net/state.ts";
import type { Interruptible } from "./sleep.ts";
import type { OobSocket, Protocol } from "./sockets/socket.ts";
import type { Temper } from "./temper.ts";

/** What all open files of /dev/staxed share. */
export interface Staxed {
  readonly lock: StaxLock;
  datum: Uint8Array;
}

/** Makes a protocol's half of one socket, which is there once attach has ended. */
export type CreateProtocol = (core: Core, self: () => OobSocket) => Protocol;

/** All that one companion core knows. */
export interface Core {
  readonly kit: Kit;
  readonly hooks: Hooks<"companion">;
  readonly ports: CompanionPorts;
  readonly temper: Temper;
  readonly locks: Locks;
  readonly index: FdIndex<Watcher>;
  readonly threads: Threads<Interruptible>;
  /** In-band tasks that wait in the core: for a stage-exclusion lock. */
  readonly inbandSleepers: InbandSleepers<Interruptible>;
  /** What both stages share of /dev/staxed; made when it is opened for the first time. */
  staxed: Staxed | undefined;
  /** The open files with an out-of-band context, by the VFS's number for the file. */
  readonly efiles: Map<number, Efile>;
  /** Files that were released before they were opened here: an open that was lost on its way must not come true later. */
  readonly givenUp: Set<number>;
  /** The sockets with an out-of-band context, by the INET socket, until it is destroyed. */
  readonly sockets: Map<number, OobSocket>;
  /** The same by file, until that is released: `sk` may be stale by then (D10). */
  readonly socketOfFile: Map<number, OobSocket>;
  /** The protocols of sockets that there are. */
  readonly domains: DomainRegistry<CreateProtocol>;
  readonly net: Net;
  /** The context that the next file gets; never twice, in no life of the core. */
  nextOobData: number;
}

/** What a core is loaded with. */
type CoreParts = Pick<Core, "kit" | "hooks" | "ports" | "temper" | "domains"> & { readonly incarnation: number };

/** A core that has just been loaded. */
export const createCore = ({ incarnation, ...parts }: CoreParts): Core => ({
  ...parts,
  locks: createLocks(parts.kit.events),
  index: new FdIndex(),
  threads: new Threads(),
  inbandSleepers: new InbandSleepers(),
  staxed: undefined,
  efiles: new Map(),
  givenUp: new Set(),
  sockets: new Map(),
  socketOfFile: new Map(),
  net: createNet(),
  nextOobData: numbersBefore(incarnation) + 1,
});

/** A context that no file had before. */
export function freshOobData(core: Core): number {
  const oob_data = core.nextOobData;
  core.nextOobData += 1;
  return oob_data;
}

/**
 * The file that a hook speaks of; undefined where it has no out-of-band context, or one that this core did not give.
 * A file that is being released is gone already: nobody may begin anything with it.
 */
export function knownEfile(core: Core, file: number, oob_data: number): Efile | undefined {
  const efile = oob_data === 0 ? undefined : core.efiles.get(file);
  return efile?.oob_data === oob_data && efile.releasing === undefined ? efile : undefined;
}
