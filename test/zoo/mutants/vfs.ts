import type { Mutant } from "../mutant.ts";

const CLOSE = "services/vfs/steps/close-fd.ts";
const DUP2 = "services/vfs/steps/do-dup2.ts";
const INSTALL = "services/vfs/steps/fd-install.ts";
const TABLES = "services/vfs/steps/put-files.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "vfs", ...mutant });

/** Kernels whose file tables, files or tasks are wrong. */
export const VFS: readonly Mutant[] = [
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
  }),
  of({
    name: "exit-forgets-uninstall",
    story: "The last user of a table exits and its files are put, but no descriptor is uninstalled.",
    source: "facts/dovetail 3.2, exit: uninstall for every open slot, then filp_close",
    trigger: "none",
    experiment: "experiments/files/exit-by-reaper.yaml",
    profile: "documented",
    edits: [{ file: TABLES, find: "await uninstall(kernel, context, table, fd, file);", replace: "" }],
    rules: [],
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
    rules: [],
  }),
  of({
    name: "exit-without-lock",
    story: "The final tear-down of a table uninstalls without file_lock, in the profile that promises it.",
    source: "D7, documented: seed 002 says that files->file_lock is held on entry",
    trigger: "none",
    experiment: "experiments/files/exit-lock.yaml",
    profile: "documented",
    edits: [{ file: TABLES, find: 'if (followsCode(kernel, "D7")) {', replace: 'if (kernel.profile !== "") {' }],
    rules: [],
  }),
  of({
    name: "install-without-lock",
    story: "The core is told of a new descriptor without file_lock, in the profile that promises it.",
    source: "D6, documented: seed 002 says that files->file_lock is held on entry",
    trigger: "none",
    experiment: "experiments/files/install-lock.yaml",
    profile: "documented",
    edits: [{ file: INSTALL, find: 'if (followsCode(kernel, "D6")) {', replace: 'if (kernel.profile !== "") {' }],
    rules: [],
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
    rules: [],
  }),
  of({
    name: "dup2-forgets-uninstall",
    story: "dup2 over an open descriptor fires replace alone, in the profile that says that uninstall comes first.",
    source: "D8, documented: seed 002 says that uninstall comes of dup(2) and its derivatives",
    trigger: "none",
    experiment: "experiments/files/dup2-over-oob.yaml",
    profile: "documented",
    edits: [{ file: DUP2, find: '!followsCode(kernel, "D8")', replace: 'kernel.profile === ""' }],
    rules: [],
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
    rules: [],
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
    rules: [],
  }),
  of({
    name: "dup2-leaks-displaced",
    story: "dup2 forgets to put the displaced file: nothing names it any more, and it is never released.",
    source: "facts/dovetail 3.2: the displaced file is closed after the hook",
    trigger: "none",
    experiment: "experiments/files/dup2-over-oob.yaml",
    profile: "documented",
    edits: [{ file: DUP2, find: "await fput(kernel, context, displaced);", replace: ";" }],
    rules: [],
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
    rules: [],
  }),
  of({
    name: "released-with-descriptors",
    story: "Each close releases the file, although a duplicate still refers to it.",
    source: "facts/dovetail 2.12, rule 6: release only at the last file reference",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/steps/fput.ts",
        find: "if (!file.put())\n        return;",
        replace: "const last = file.put(); if (!last && file.oob_data === 0) return;",
      },
    ],
    rules: [],
  }),
  of({
    name: "never-released",
    story: "The last reference to a file goes, and its driver is never told.",
    source: "seed 002; facts/dovetail 4.1; operator skip",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/steps/fput.ts",
        find: "await driverOf(kernel, file).release(context, file);",
        replace: "",
      },
    ],
    rules: [],
  }),
  of({
    name: "reservation-leaks",
    story: "An open is refused by the core, and the descriptor that was reserved for it is never given back.",
    source: "facts/dovetail 2.1: the reserved fd is returned; mutant of an error path",
    trigger: "fault",
    experiment: "experiments/files/open-refused.yaml",
    profile: "documented",
    edits: [{ file: "services/vfs/calls/open.ts", find: "await unreserve(opened.errno);", replace: "" }],
    rules: [],
  }),
  of({
    name: "opened-in-spite",
    story: "The core refuses a file its context, and the open succeeds all the same, with a context 0.",
    source: "contract of oob_open_file: the open fails with the core's errno",
    trigger: "fault",
    experiment: "experiments/files/open-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/drivers/oobecho.ts",
        find: 'return fail(reply.errno);\n            case "lost":\n                // The core may',
        replace: 'return ok(0);\n            case "lost":\n                // The core may',
      },
    ],
    rules: [],
  }),
  of({
    name: "lost-open-stays",
    story: "The answer to oob_open_file is lost, and nobody releases the context that the core has made.",
    source: "contract: on_lost FAIL undoes what was done; operator lost reply",
    trigger: "fault",
    experiment: "experiments/files/lost-open.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/drivers/oobecho.ts",
        find: "await hooks.oob_release_file(context, { file, oob_data: 0 });",
        replace: "",
      },
    ],
    rules: [],
  }),
  of({
    name: "exit-untold",
    story: "A task exits, and the core is told neither of the exit nor of the clean-up: its thread stays attached.",
    source: "facts/dovetail 4.5: INBAND_TASK_EXIT, INBAND_PROCESS_CLEANUP",
    trigger: "none",
    experiment: "experiments/files/exit-by-reaper.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/calls/exit.ts",
        find: 'await kernel.hooks.inband_event_notify(current, { event: "task_exit", subject: task.name });',
        replace: "",
      },
      {
        file: "services/vfs/calls/exit.ts",
        find: 'await kernel.hooks.inband_event_notify(current, { event: "process_cleanup", subject: task.name });',
        replace: "",
      },
    ],
    rules: [],
  }),
  of({
    name: "exec-tells-late",
    story: "exec closes its descriptors first and tells the core of the clean-up afterwards.",
    source: "facts/dovetail 11: exec: clean-up event, then uninstall; operator swap",
    trigger: "none",
    experiment: "experiments/files/exec-cloexec.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/calls/exec.ts",
        find: 'await kernel.hooks.inband_event_notify(context, { event: "process_cleanup", subject: task.name });',
        replace: "",
      },
      {
        file: "services/vfs/calls/exec.ts",
        find: "const files = table.id;",
        replace:
          'await kernel.hooks.inband_event_notify(context, { event: "process_cleanup", subject: task.name }); const files = table.id;',
      },
    ],
    rules: [],
  }),
  of({
    name: "flags-untold",
    story: "fcntl(F_SETFL) changes a file's flags, and the core goes by the old ones.",
    source: "contract of oob_file_flags; operator skip",
    trigger: "none",
    experiment: "experiments/files/setfl-reaches-the-core.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/calls/fcntl.ts",
        find: "await tellFlags(kernel, current.context, file);",
        replace: "",
      },
    ],
    rules: [],
  }),
  of({
    name: "close-does-not-wait",
    story: "close(2) answers while uninstall_inband_fd is still under way.",
    source: "contract: a hook is inside the call that causes it; operator: not awaited",
    trigger: "none",
    experiment: "experiments/files/dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: CLOSE,
        find: "await kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));",
        replace: "void kernel.hooks.uninstall_inband_fd(held.value.context, fdArgs(table, fd, file));",
      },
    ],
    rules: [],
  }),
  of({
    name: "failed-socket-stays",
    story: "The core refuses to attach a socket; socket(2) fails, and the in-band socket is left behind.",
    source: "facts/dovetail 2.2: on failure sock_release(); OB-08 of facts/experiments",
    trigger: "fault",
    experiment: "experiments/sockets/attach-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/steps/socket-file.ts",
        find: "await unreserve(file.errno);\n        await kernel.hooks.sock_close(context, created.value);",
        replace: "await unreserve(file.errno);",
      },
    ],
    rules: [],
  }),
  of({
    name: "word-escapes",
    story: "ENOIOCTLCMD, which is a word between houses, reaches the task that called ioctl(2).",
    source: "SOCK-17 of facts/experiments; facts/dovetail 2.8",
    trigger: "none",
    experiment: "experiments/sockets/ioctl-redirect.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/vfs/drivers/socket.ts",
        find: '!answer.ok && answer.errno === "ENOIOCTLCMD" ? fail("ENOTTY") : answer',
        replace: "answer",
      },
      {
        file: "services/inband/calls/ioctl.ts",
        find: 'reply.errno === "ENOIOCTLCMD" ? undefined : fail(reply.errno)',
        replace: "fail(reply.errno)",
      },
    ],
    rules: [],
  }),
];
