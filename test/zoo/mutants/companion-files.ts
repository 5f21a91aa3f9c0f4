import type { Mutant } from "../mutant.ts";

const INSTALL = "services/companion/hooks/install-inband-fd.ts";
const REPLACE = "services/companion/hooks/replace-inband-fd.ts";
const UNINSTALL = "services/companion/hooks/uninstall-inband-fd.ts";
const RELEASE = "services/companion/core/release-file.ts";
const INDEX = "services/companion/model/fd-index.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "companion", ...mutant });

/** Cores whose index, files or threads are wrong. */
export const COMPANION_FILES: readonly Mutant[] = [
  of({
    name: "indexes-plain-files",
    story:
      "install_inband_fd does not look whether a file has an out-of-band side, and takes every descriptor for its own.",
    source: "seed 002: only files that the core manages; facts/dovetail 3.2",
    trigger: "none",
    experiment: "experiments/files/plain-files.yaml",
    profile: "documented",
    edits: [
      { file: INSTALL, find: "if (oob_data === 0)\n        return;", replace: "" },
      {
        file: INSTALL,
        find: "if (knownEfile(core, file, oob_data) === undefined) {",
        replace: "if (oob_data !== 0 && knownEfile(core, file, oob_data) === undefined) {",
      },
      {
        file: INDEX,
        find: 'add(files, fd, file, oob_data) {\n        assert(oob_data !== 0, "only files with an out-of-band context are indexed");',
        replace: "add(files, fd, file, oob_data) {",
      },
    ],
    rules: ["IDX-07"],
  }),
  of({
    name: "forgets-to-index",
    story: "install_inband_fd indexes nothing but the first descriptor of a file: a duplicate is unknown.",
    source: "libevl's test file-dup; facts/dovetail 7",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: INSTALL,
        find: "if (first !== undefined) {",
        replace: "if (core.index.ofFile(file).length > 0) return; if (first !== undefined) {",
      },
    ],
    rules: ["IDX-05"],
  }),
  of({
    name: "uninstall-forgets-entry",
    story:
      "uninstall_inband_fd wakes the pollers and leaves the entry: the next file under that number meets a duplicate key.",
    source: "facts/dovetail 3.3, uninstall: remove, drop watch points, free",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [{ file: UNINSTALL, find: "removeEntry(core, entry, context);", replace: "dropWatchers(entry, context);" }],
    rules: ["IDX-03", "IDX-10"],
  }),
  of({
    name: "uninstalls-the-file",
    story: "uninstall_inband_fd of one descriptor removes every entry of the file, those of its duplicates too.",
    source: "facts/dovetail 11: dup(3)=7; close(3): 7 stays",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: UNINSTALL,
        find: "removeEntry(core, entry, context);",
        replace: "for (const one of core.index.ofFile(entry.file)) removeEntry(core, one, context);",
      },
    ],
    rules: ["ONE-06"],
  }),
  of({
    name: "uninstall-takes-neighbour",
    story: "uninstall_inband_fd of a descriptor that the core has never seen removes another one of the same table.",
    source: "facts/dovetail 3.2: unknown descriptors must be ignored silently",
    trigger: "none",
    experiment: "experiments/files/plain-files.yaml",
    profile: "documented",
    edits: [
      {
        file: UNINSTALL,
        find: "const entry = core.index.find(core.temper.trustsCurrent ? context.files : args.files, args.fd);",
        replace: "const entry = core.index.find(args.files, args.fd) ?? core.index.entries()[0];",
      },
    ],
    rules: ["IDX-11"],
  }),
  of({
    name: "replace-adds-nothing",
    story: "replace_inband_fd of a slot that is not indexed is ignored, though it stands for an install.",
    source: "facts/dovetail 3.3, replace: no entry, behaves as install",
    trigger: "none",
    experiment: "experiments/files/dup2-moves.yaml",
    profile: "documented",
    edits: [
      {
        file: REPLACE,
        find: "if (entry === undefined) {\n        installInbandFd(core, args, context);\n        return;",
        replace: "if (entry === undefined) {\n        return;",
      },
    ],
    rules: ["IDX-06", "IDX-11"],
  }),
  of({
    name: "replace-forgets-to-repoint",
    story: "replace_inband_fd with another capable file leaves the entry as it is: it names the displaced file.",
    source: "EVL's replace hook, an older revision: facts/dovetail 3.3",
    trigger: "none",
    experiment: "test/zoo/experiments/dup2-oob-over-oob.yaml",
    profile: "as-implemented",
    edits: [
      {
        file: REPLACE,
        find: 'dropWatchers(entry, context);\n    core.index.repoint(files, fd, file, oob_data);\n    core.kit.events.fact(context, "index_repoint", descriptor(files, fd, file), { displaced });',
        replace: "",
      },
    ],
    rules: ["LOSS-07"],
  }),
  of({
    name: "repoint-keeps-pollers",
    story:
      "dup2 puts another capable file over a descriptor that a thread polls, and the thread goes on waiting for the file that is gone.",
    source: "facts/dovetail 3.3, replace: drop watch points of the old file",
    trigger: "schedule",
    experiment: "test/zoo/experiments/dup2-under-a-poller.yaml",
    profile: "as-implemented",
    edits: [
      { file: REPLACE, find: "dropWatchers(entry, context);", replace: "" },
      {
        file: INDEX,
        find: 'assert(entry.watchers.size === 0, "watchers are woken before their entry changes");',
        replace: "",
      },
    ],
    rules: ["INS-07", "IDX-09"],
  }),
  of({
    name: "releases-before-wake",
    story:
      "The file of a sleeping reader is released, and the reader is never told: it sleeps, and the close waits for ever.",
    source: "facts/dovetail 4.1: first flush the object threads sleep on, then release",
    trigger: "schedule",
    experiment: "experiments/files/close-with-reader.yaml",
    profile: "documented",
    edits: [{ file: RELEASE, find: "efile.operations.remove(context);", replace: "" }],
    rules: ["WAIT-01"],
  }),
  of({
    name: "never-frees",
    story: "A file is released, everybody has left, and its context is kept for ever.",
    source: "SOCK-14 of facts/experiments: no context leak",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: RELEASE,
        find: 'core.efiles.delete(file);\n    events.fact(context, "efile_free", { file }, { inside: crossing.inside });',
        replace: "",
      },
    ],
    rules: ["RET-10"],
  }),
  of({
    name: "enters-while-released",
    story:
      "A thread enters a file whose release has begun, since a descriptor of it was not uninstalled; it should get EBADF.",
    source: "m14; facts/dovetail 4.2: no down can start after pass was entered",
    trigger: "both",
    experiment: "test/zoo/experiments/enters-a-stale-entry.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/state.ts",
        find: "efile?.oob_data === oob_data && efile.releasing === undefined ? efile : undefined",
        replace: "efile?.oob_data === oob_data ? efile : undefined",
      },
      {
        file: "services/companion/model/crossing.ts",
        find: 'assert(!this.#passing, "nobody enters a crossing that is being passed");',
        replace: "",
      },
    ],
    rules: ["INS-04"],
  }),
  of({
    name: "serves-strangers",
    story: "Out-of-band calls of threads that have never attached are served.",
    source: "facts/dovetail 4.3: caller must be an attached thread, else EPERM",
    trigger: "none",
    experiment: "test/zoo/experiments/unattached-calls.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/calls/inside.ts",
        find: 'if (!core.threads.isAttached(context.task))\n        return fail("EPERM");',
        replace: "",
      },
    ],
    rules: ["THR-01"],
  }),
  of({
    name: "attaches-anybody",
    story: "A thread without CAP_SYS_NICE is attached.",
    source: "facts/dovetail 4.3: CAP_SYS_NICE, else EPERM",
    trigger: "none",
    experiment: "test/zoo/experiments/unattached-calls.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/calls/oob-attach-thread.ts",
        find: 'if (!args.cap_sys_nice)\n        return fail("EPERM");',
        replace: "",
      },
    ],
    rules: ["CORE-01"],
  }),
  of({
    name: "attaches-twice",
    story: "A thread that is attached already is attached once more instead of EBUSY.",
    source: "contract of oob_attach_thread; operator double call",
    trigger: "none",
    experiment: "test/zoo/experiments/unattached-calls.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/model/threads.ts",
        find: 'if (this.isAttached(task))\n            return fail("EBUSY");',
        replace: "",
      },
    ],
    rules: ["THR-03"],
  }),
  of({
    name: "detach-leaves-sleepers",
    story: "A thread is detached while it sleeps in the core, and sleeps on.",
    source: "contract of oob_detach_thread: its sleeps end with EINTR; facts/dovetail 4.5",
    trigger: "both",
    experiment: "experiments/faults/vfs-returns.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/calls/oob-detach-thread.ts",
        find: "for (const sleep of detached.value)\n        sleep.interrupt(context);",
        replace: "",
      },
    ],
    rules: ["WAIT-04"],
  }),
  of({
    name: "nonblocking-sleeps",
    story: "A read of a file that is O_NONBLOCK falls asleep instead of EAGAIN.",
    source: "facts/dovetail 6.6: O_NONBLOCK implies DONTWAIT",
    trigger: "none",
    experiment: "experiments/files/setfl-reaches-the-core.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/efile.ts",
        find: "export const mayWait = (efile) => (efile.flags & O.O_NONBLOCK) === 0;",
        replace: "export const mayWait = () => true;",
      },
    ],
    rules: ["WAIT-10"],
  }),
  of({
    name: "poll-ignores-time",
    story: "oob_poll has a time limit, and sleeps beyond it.",
    source: "facts/dovetail 6.6: expiry is ETIMEDOUT",
    trigger: "none",
    experiment: "test/zoo/experiments/poll-in-vain.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/calls/oob-poll.ts",
        find: 'timeout_ns === 0 ? undefined : core.kit.clock.after(timeout_ns, () => sleep.wake(context, fail("ETIMEDOUT")))',
        replace: "undefined",
      },
    ],
    rules: ["WAIT-12"],
    heldOut: "missed",
  }),
  of({
    name: "write-wakes-nobody",
    story: "Bytes are written to the device, and the thread that polls it for input is not woken.",
    source: "facts/dovetail 7: poll-xbuf; operator skip",
    trigger: "schedule",
    experiment: "test/zoo/experiments/poll-then-write.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/drivers/oobecho.ts",
        find: "reader.wake(context, ok(bytes));\n        wakeReady(efile, context);",
        replace: "reader.wake(context, ok(bytes));",
      },
    ],
    rules: ["WAIT-05"],
  }),
  of({
    name: "wakes-without-cause",
    story: "Whoever polls a file is woken by whatever happens to it, with no event at all.",
    source: "contract of oob_poll: revents says what is ready; operator flip",
    trigger: "schedule",
    experiment: "test/zoo/experiments/poll-then-write.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/watch.ts",
        find: "if (revents !== 0)\n            sleep.wake(context, ok(revents));",
        replace: "sleep.wake(context, ok(0));",
      },
    ],
    rules: ["WAIT-06"],
  }),
];
