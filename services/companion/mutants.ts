import { SOUND, type Temper } from "./temper.ts";

/** A bad core: what goes wrong with it, and where that was learnt. */
export interface Mutant {
  /** What a user of it lives through, in a few sentences. */
  readonly story: string;
  readonly source: string;
  readonly temper: Temper;
}

/** The bad cores by name. Each differs from the sound one in exactly one respect. */
export const MUTANTS = {
  "stale-index": {
    story:
      "dup2 puts a plain file over an out-of-band descriptor. replace_inband_fd sees that the new file is not capable and " +
      "returns early, so the index still says the displaced file, and oob_read on the descriptor reaches it. Visible only " +
      "where dup2 fires replace alone (D8 as implemented): the uninstall of the documented profile removes the entry first.",
    source: "facts/dovetail 3.3: a bug of EVL's replace hook, since fixed; libevl's test file-dup covers it",
    temper: { ...SOUND, keepsStaleEntries: true },
  },
  "trusts-current": {
    story:
      "A task's last descriptors are closed while another task is current, or none. uninstall_inband_fd looks in the current " +
      "task's table: entries of the dead table stay, and one of an innocent task with the same number may go.",
    source: "seed 002, uninstall_inband_fd: never assume that current->files is relevant",
    temper: { ...SOUND, trustsCurrent: true },
  },
  "impatient-release": {
    story:
      "The last close comes while a thread is inside oob_read. oob_release_file does not wait for it to leave, so the file is " +
      "freed under its feet: efile_free is recorded with somebody inside.",
    source: "facts/dovetail 4.2: evl_release_file passes the crossing, without limit",
    temper: { ...SOUND, releasesAtOnce: true },
  },
  "forgets-pollers": {
    story:
      "A descriptor is closed while a thread polls it. uninstall_inband_fd removes the entry and wakes nobody, so the thread " +
      "sleeps until its time limit, or for ever.",
    source: "facts/dovetail 3.3 and 7: libevl's test poll-close expects POLLNVAL",
    temper: { ...SOUND, forgetsPollers: true },
  },
  "detached-too-late": {
    story:
      "An attached thread calls exec. The clean-up event does not detach it, so the new program makes out-of-band calls " +
      "without ever having attached, and its own attach is refused with EBUSY.",
    source: "facts/dovetail 4.5: EVL attachment never survives exec",
    temper: { ...SOUND, keepsThreadsOverExec: true },
  },
  "frees-at-release": {
    story:
      "A socket is closed. sock_oob_release frees the context at once, instead of leaving that to sock_oob_destroy, which may " +
      "come much later, and then frees it once more: sk_free is recorded twice for one socket.",
    source: "seed 000, sock_oob_release: deallocation of what oob_data refers to is postponed to sock_oob_destroy",
    temper: { ...SOUND, freesAtRelease: true },
  },
  "deliver-lies": {
    story:
      "A frame arrives that the core picks. netif_deliver_oob takes it and answers false all the same, so the in-band stack " +
      "goes on with a frame that the core handles too: it is delivered twice.",
    source: "facts/dovetail 5.2: true means taken, false means untouched",
    temper: { ...SOUND, deliversAndDenies: true },
  },
} as const satisfies Readonly<Record<string, Mutant>>;
