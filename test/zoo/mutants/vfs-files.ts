import type { Mutant } from "../mutant.ts";

const CLOSE = "services/vfs/steps/close-fd.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "vfs", ...mutant });

/** Kernels whose files and tasks are wrong. */
export const VFS_FILES: readonly Mutant[] = [
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
    rules: ["FILE-02"],
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
    rules: ["FILE-03", "RET-10"],
    heldOut: "found",
  }),
  of({
    name: "reservation-leaks",
    story: "An open is refused by the core, and the descriptor that was reserved for it is never given back.",
    source: "facts/dovetail 2.1: the reserved fd is returned; mutant of an error path",
    trigger: "fault",
    experiment: "experiments/files/open-refused.yaml",
    profile: "documented",
    edits: [{ file: "services/vfs/calls/open.ts", find: "await unreserve(opened.errno);", replace: "" }],
    rules: ["OB-08b"],
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
    rules: ["RW.sys_open"],
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
    rules: ["LOSS-03"],
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
    rules: ["THR-07"],
    heldOut: "found",
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
    rules: ["THR-09"],
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
    rules: ["FILE-05"],
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
    rules: ["NE-1.sys_close"],
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
    rules: ["OB-08a"],
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
    rules: ["SOCK-17"],
  }),
];
