/**
 * The two readings of the interface. `documented` follows the seeds; `as-implemented` follows the kernel's code.
 * Each disagreement is one named switch; COMPATIBILITY.md tells what it changes, and a test checks it both ways.
 */
export const PROFILES = ["documented", "as-implemented"] as const;

/** One of the two readings. */
export type Profile = (typeof PROFILES)[number];

/** The disagreements that are built, by their number in the fact sheet; true in `as-implemented`. */
export const SWITCHES = {
  /** install_inband_fd: the lock is held (documented), or only while a table is resized, which we do not model. */
  D6: "file_lock on install",
  /** uninstall_inband_fd at the exit of the last user of a table: the lock is held (documented), or not. */
  D7: "file_lock on the uninstalls of an exit",
  /** dup2 over an open descriptor: uninstall for the displaced file, then replace (documented), or replace alone. */
  D8: "uninstall because of dup2",
} as const;

/** The name of a disagreement. */
export type Switch = keyof typeof SWITCHES;

/** Whether the code's side of a disagreement is in force. */
export const asImplemented = (profile: Profile, _switch: Switch): boolean => profile === "as-implemented";
