import type { Profile } from "../abi/profile.ts";

/** What makes a world. */
export interface WorldOptions {
  /** 64 bits. */
  readonly seed: bigint;
  readonly profile: Profile;
  /** A named bad core in place of the reference one. */
  readonly mutant?: string | undefined;
  /** The address of a core that is not ours, such as `unix:/run/core.sock`; needs real time. */
  readonly core?: string | undefined;
  /** What processes speak over: unix sockets in a private folder (default), or TCP on the loopback address. */
  readonly over?: "unix" | "tcp" | undefined;
}
