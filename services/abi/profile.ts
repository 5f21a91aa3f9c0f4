/**
 * The two readings of the interface. `documented` follows the seeds; `as-implemented` follows the kernel's code.
 * Each disagreement is one named switch; COMPATIBILITY.md tells what it changes, and a test checks it both ways.
 */
export const PROFILES = ["documented", "as-implemented"] as const;

/** One of the two readings. */
export type Profile = (typeof PROFILES)[number];

/** The disagreements that are built, by their number in the fact sheet; true in `as-implemented`. */
export const SWITCHES = {
  /** sock_oob_bind refuses: the in-band binding is undone (documented), or stays. */
  D1: "bind failure",
  /** PF_PACKET: the hook runs after the regular bind succeeded (documented), or always, and its result replaces the other. */
  D2: "bind order, PF_PACKET",
  /** sock_oob_connect refuses: the in-band connection is undone (documented), or stays. */
  D3: "connect failure",
  /** shutdown's `how` reaches the hook as 0, 1, 2 (documented), or incremented. */
  D4: "shutdown's how",
  /** shutdown of an unconnected UDP socket: the hook runs (documented), or it does not. */
  D5: "shutdown of an unconnected UDP socket",
  /** install_inband_fd: the lock is held (documented), or only while a table is resized, which we do not model. */
  D6: "file_lock on install",
  /** uninstall_inband_fd at the exit of the last user of a table: the lock is held (documented), or not. */
  D7: "file_lock on the uninstalls of an exit",
  /** dup2 over an open descriptor: uninstall for the displaced file, then replace (documented), or replace alone. */
  D8: "uninstall because of dup2",
  /** sock_oob_release: sk may be stale, it arrives as 0 (documented), or is still set. */
  D10: "sock->sk at release",
  /** sock_oob_connect is for in-band families (documented), or for every one, PF_OOB included. */
  D12: "connect's families",
  /** A send that misses the front caches: EINPROGRESS (documented), or 0 unless it must not wait, as in older EVL. */
  D13: "a send by an in-band worker",
  /** oob_poll: the two words for a direction, such as POLLIN and POLLRDNORM, come and go together (documented), or the second stays. */
  Q6: "poll's second words",
} as const;

/** The name of a disagreement. */
export type Switch = keyof typeof SWITCHES;

/** Whether the code's side of a disagreement is in force. */
export const asImplemented = (profile: Profile, _switch: Switch): boolean => profile === "as-implemented";
