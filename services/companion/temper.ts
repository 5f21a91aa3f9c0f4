/**
 * The known ways for a companion core to be wrong, each false in a sound one. They exist so that rules, experiments and
 * conformance runs can be shown to notice; mutants.ts gives each its name and its story.
 */
export interface Temper {
  /** replace_inband_fd returns early when the new file is not out-of-band capable, and the old entry stays. */
  readonly keepsStaleEntries: boolean;
  /** uninstall_inband_fd goes by the current task's table, not by the table it is told. */
  readonly trustsCurrent: boolean;
  /** oob_release_file frees the file without waiting for those who are inside. */
  readonly releasesAtOnce: boolean;
  /** uninstall_inband_fd leaves those who poll the descriptor asleep. */
  readonly forgetsPollers: boolean;
  /** The clean-up of an exec leaves the thread attached; only an exit detaches it. */
  readonly keepsThreadsOverExec: boolean;
  /** sock_oob_release frees the socket's context, which destroy still needs. */
  readonly freesAtRelease: boolean;
  /** netif_deliver_oob answers false for a frame that it has taken. */
  readonly deliversAndDenies: boolean;
}

/** A core without a known fault. */
export const SOUND: Temper = {
  keepsStaleEntries: false,
  trustsCurrent: false,
  releasesAtOnce: false,
  forgetsPollers: false,
  keepsThreadsOverExec: false,
  freesAtRelease: false,
  deliversAndDenies: false,
};
