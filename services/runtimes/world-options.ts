import type { Tracing } from "../abi/event.ts";
import type { Profile } from "../abi/profile.ts";
import type { Topology } from "../abi/topology.ts";
import type { Cores } from "./links.ts";

/** What makes a world. */
export interface WorldOptions {
  /** 64 bits. */
  readonly seed: bigint;
  readonly profile: Profile;
  /** The nodes and what joins them; absent: one node without a NIC. */
  readonly topology?: Topology | undefined;
  /** A named bad core in place of the reference one, on every node. */
  readonly mutant?: string | undefined;
  /** Where cores are that are not ours, such as `unix:/run/core.sock`; needs real time. */
  readonly cores?: Cores | undefined;
  /** The folder with our certificate, for cores on other machines. */
  readonly tls?: string | undefined;
  /** What processes speak over: unix sockets in a private folder (default), or TCP on the loopback address. */
  readonly over?: "unix" | "tcp" | undefined;
  /** How frames travel between processes: the best there is (default), or gRPC streams. */
  readonly frames?: "auto" | "stream" | undefined;
  /** Whether events are recorded (default), or not: for benchmarks, since nothing can be judged without events. */
  readonly tracing?: Tracing | undefined;
  /** A place of it ended by itself. @param place its name, such as `alpha/vfs`. */
  readonly onExit?: ((place: string, how: string) => void) | undefined;
}
