import type { Mutant } from "../mutant.ts";

const CLOSE = "services/vfs/steps/close-fd.ts";
const DUP2 = "services/vfs/steps/do-dup2.ts";
const INSTALL = "services/vfs/steps/fd-install.ts";
const TABLES = "services/vfs/steps/put-files.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "vfs", ...mutant });

/** Kernels whose descriptors are wrong. */
export const VFS_DESCRIPTORS: readonly Mutant[] = [
  of({
    name: "uninstall-before-clear",
    story: "close(2) tells the core that a descriptor is gone while its slot still refers to the file.",
    source: "seed 002, uninstall_inband_fd; facts/dovetail 3.2: slot cleared at hook time",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: CLOSE,
        find: "const file = table.clear(fd);",
        replace:
          "const file = table.at(fd).file; const mine = fdArgs(table, fd, file); await kernel.hooks.uninstall_inband_fd(held.value.context, mine); table.clear(fd);",
      },
      {
        file: CLOSE,
        find: "await kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));",
        replace: "",
      },
    ],
    rules: ["FD-04c"],
  }),
  of({
    name: "install-before-publish",
    story: "The core is told of a descriptor before the slot refers to the file.",
    source: "facts/dovetail 3.2: slot already points to file at install",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: INSTALL,
        find: "const { closeOnExec } = table.publish(fd, file);",
        replace:
          "await kernel.hooks.install_inband_fd(held.context, fdArgs(table, fd, file)); const { closeOnExec } = table.publish(fd, file);",
      },
      {
        file: INSTALL,
        find: "await tellInstalled(kernel, context, held, table, fd, file);",
        replace: "held.release();",
      },
    ],
    rules: ["FD-04", "FD-04a"],
    heldOut: "found",
  }),
  of({
    name: "fork-installs",
    story:
      "A fork tells the core of every descriptor of the child, which has entries for them that Dovetail never makes.",
    source: "facts/dovetail 3.2: fork, unshare: no hook; the child gets the slots",
    trigger: "none",
    experiment: "experiments/files/fork-child-exits.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/steps/dup-fd.ts",
        find: 'kernel.events.fact(context, "fork_copy", fdSlice(copy, fd, file), { from: table.id });',
        replace:
          'kernel.events.fact(context, "fork_copy", fdSlice(copy, fd, file), { from: table.id }); void kernel.hooks.install_inband_fd(context, { fd, file: file.file, oob_data: file.oob_data, files: copy.id });',
      },
    ],
    rules: ["FX-03"],
  }),
  of({
    name: "exec-forgets-uninstall",
    story:
      "exec closes the close-on-exec descriptors without a word to the core, whose index names files that are gone.",
    source: "facts/dovetail 3.2, exec: uninstall for each close-on-exec fd; operator skip",
    trigger: "none",
    experiment: "experiments/files/exec-cloexec.yaml",
    profile: "documented",
    edits: [
      {
        file: CLOSE,
        find: "await kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));",
        replace:
          "if (which === undefined) await kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));",
      },
    ],
    rules: ["IDX-10", "FD-04c"],
  }),
  of({
    name: "exit-forgets-uninstall",
    story: "The last user of a table exits and its files are put, but no descriptor is uninstalled.",
    source: "facts/dovetail 3.2, exit: uninstall for every open slot, then filp_close",
    trigger: "none",
    experiment: "experiments/files/exit-by-reaper.yaml",
    profile: "documented",
    edits: [{ file: TABLES, find: "await uninstall(kernel, context, table, fd, file);", replace: "" }],
    rules: ["IDX-10", "FX-02"],
  }),
  of({
    name: "exit-uninstalls-late",
    story: "At exit each file is put, and so released, before its descriptor is uninstalled.",
    source: "facts/dovetail 3.2 and 11: uninstall, then filp_close; operator swap",
    trigger: "none",
    experiment: "experiments/files/exit-by-reaper.yaml",
    profile: "documented",
    edits: [
      {
        file: TABLES,
        find: "await uninstall(kernel, context, table, fd, file);\n        await fput(kernel, context, file);",
        replace: "await fput(kernel, context, file); await uninstall(kernel, context, table, fd, file);",
      },
    ],
    rules: ["LOSS-07"],
  }),
  of({
    name: "exit-without-lock",
    story: "The final tear-down of a table uninstalls without file_lock, in the profile that promises it.",
    source: "D7, documented: seed 002 says that files->file_lock is held on entry",
    trigger: "none",
    experiment: "experiments/files/exit-lock.yaml",
    profile: "documented",
    edits: [{ file: TABLES, find: 'if (followsCode(kernel, "D7")) {', replace: 'if (kernel.profile !== "") {' }],
    rules: ["D7.doc", "IDX-10"],
  }),
  of({
    name: "install-without-lock",
    story: "The core is told of a new descriptor without file_lock, in the profile that promises it.",
    source: "D6, documented: seed 002 says that files->file_lock is held on entry",
    trigger: "none",
    experiment: "experiments/files/install-lock.yaml",
    profile: "documented",
    edits: [{ file: INSTALL, find: 'if (followsCode(kernel, "D6")) {', replace: 'if (kernel.profile !== "") {' }],
    rules: ["D6.doc"],
  }),
  of({
    name: "release-under-lock",
    story: "close(2) keeps file_lock until the file is released, so that the core waits for readers under a lock.",
    source: "facts/dovetail 3.2: filp_close after unlock; 4.1: release waits without limit",
    trigger: "none",
    experiment: "experiments/files/close-with-reader.yaml",
    profile: "documented",
    edits: [
      {
        file: CLOSE,
        find: "held.value.release();\n    await fput(kernel, context, file);",
        replace: "await fput(kernel, held.value.context, file); held.value.release();",
      },
    ],
    rules: ["LOCK-01"],
  }),
  of({
    name: "dup2-forgets-uninstall",
    story: "dup2 over an open descriptor fires replace alone, in the profile that says that uninstall comes first.",
    source: "D8, documented: seed 002 says that uninstall comes of dup(2) and its derivatives",
    trigger: "none",
    experiment: "experiments/files/dup2-over-oob.yaml",
    profile: "documented",
    edits: [{ file: DUP2, find: '!followsCode(kernel, "D8")', replace: 'kernel.profile === ""' }],
    rules: ["D8.doc"],
  }),
  of({
    name: "dup2-uninstalls-late",
    story:
      "dup2 first replaces and then uninstalls what was displaced, so the core removes the entry that it has just made.",
    source: "seed 002; D8; operator swap",
    trigger: "none",
    experiment: "experiments/files/dup2-moves.yaml",
    profile: "documented",
    edits: [
      {
        file: DUP2,
        find: 'if (displaced !== undefined && !followsCode(kernel, "D8")) {',
        replace:
          "await kernel.hooks.replace_inband_fd(held.context, fdArgs(table, newfd, file)); if (displaced !== undefined) {",
      },
      {
        file: DUP2,
        find: "    await kernel.hooks.replace_inband_fd(held.context, fdArgs(table, newfd, file));\n    held.release();",
        replace: "held.release();",
      },
    ],
    rules: ["D8.doc", "IDX-11"],
  }),
  of({
    name: "dup2-names-displaced",
    story: "replace_inband_fd is told the displaced file instead of the new one.",
    source: "facts/dovetail 3.1: file = the new file",
    trigger: "none",
    experiment: "experiments/files/dup2-over-oob.yaml",
    profile: "as-implemented",
    edits: [
      {
        file: DUP2,
        find: "await kernel.hooks.replace_inband_fd(held.context, fdArgs(table, newfd, file));",
        replace: "await kernel.hooks.replace_inband_fd(held.context, fdArgs(table, newfd, displaced ?? file));",
      },
    ],
    rules: ["LOSS-07"],
  }),
  of({
    name: "dup2-leaks-displaced",
    story: "dup2 forgets to put the displaced file: nothing names it any more, and it is never released.",
    source: "facts/dovetail 3.2: the displaced file is closed after the hook",
    trigger: "none",
    experiment: "experiments/files/dup2-over-oob.yaml",
    profile: "documented",
    edits: [{ file: DUP2, find: "await fput(kernel, context, displaced);", replace: ";" }],
    rules: ["FILE-07"],
  }),
  of({
    name: "uninstall-names-current",
    story: "uninstall_inband_fd is told the table of the current task, not the one that is torn down.",
    source: "seed 002: current->files is not relevant; facts/dovetail 3.2",
    trigger: "none",
    experiment: "experiments/files/exit-by-reaper.yaml",
    profile: "documented",
    edits: [
      {
        file: TABLES,
        find: "const args = fdArgs(table, fd, file);",
        replace: "const args = { ...fdArgs(table, fd, file), files: context.files };",
      },
    ],
    rules: ["IDX-10", "IDX-11"],
  }),
];
