import { describe, expect, test } from "@jest/globals";
import { CLOSE_RANGE, F, O } from "../../services/abi/flags.ts";
import { PROFILES } from "../../services/abi/profile.ts";
import { bootVfs, type Node, type TaskCalls } from "./harness.ts";

/** A node with task `a`, which has /dev/oobecho open: descriptor 0, file 1, context 101. */
async function opened(profile: (typeof PROFILES)[number]): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const node = bootVfs(profile);
  const a = node.as("a");
  await a.spawn();
  await a.open("/dev/oobecho", O.O_RDWR);
  node.story();
  return { node, a };
}

describe.each(PROFILES)("who fires what (facts 3.2), %s", (profile) => {
  const documented = profile === "documented";
  /** D6: install is under the lock in the seed, and not in the code. */
  const underD6 = documented ? " under files.file_lock:1" : "";
  /** D7: so is the uninstall of an exit. */
  const underD7 = documented ? " under files.file_lock:1" : "";

  test("open reserves, lets the driver open, publishes, and then installs", async () => {
    const node = bootVfs(profile);
    const a = node.as("a");
    await a.spawn();
    node.story();
    expect(await a.open("/dev/oobecho", O.O_RDWR | O.O_CLOEXEC)).toBe(0);
    expect(node.story()).toEqual([
      "fd_reserve files=1 fd=0",
      `oob_open_file file=1 dev=/dev/oobecho flags=${O.O_RDWR | O.O_CLOEXEC} by a/1`,
      "file_create file=1 dev=/dev/oobecho flags=O_RDWR|O_CLOEXEC oob_data=101",
      "fd_publish files=1 fd=0 file=1 oob_data=101 close_on_exec=true",
      `install_inband_fd fd=0 file=1 oob_data=101 files=1${underD6} by a/1`,
    ]);
  });

  test("a file without out-of-band side is installed too, with a NULL context", async () => {
    const { node, a } = await opened(profile);
    expect(await a.open("/dev/null", O.O_RDONLY)).toBe(1);
    expect(node.hooks()).toEqual([`install_inband_fd fd=1 file=2 oob_data=0 files=1${underD6} by a/1`]);
  });

  test.each([
    ["dup(2)", (a: TaskCalls) => a.dup(0), 1],
    ["F_DUPFD", (a: TaskCalls) => a.dupfd(0, 7), 7],
    ["F_DUPFD_CLOEXEC", (a: TaskCalls) => a.fcntl(0, F.F_DUPFD_CLOEXEC, 7), 7],
  ])("%s installs, once the slot refers to the file", async (_name, duplicate, fd) => {
    const { node, a } = await opened(profile);
    const stop = node.stop("install_inband_fd");
    const answer = duplicate(a);
    await stop.arrived;
    expect(node.files().map((entry) => [entry.fd, entry.file])).toEqual([
      [0, 1],
      [fd, 1],
    ]);
    stop.go();
    expect(await answer).toBe(fd);
    expect(node.hooks()).toEqual([`install_inband_fd fd=${fd} file=1 oob_data=101 files=1${underD6} by a/1`]);
  });

  test("a descriptor passed from another task is installed in the receiver's table, close-on-exec", async () => {
    const { node } = await opened(profile);
    const b = node.as("b");
    await b.spawn();
    expect(await b.getfdOf("a", 0)).toBe(0);
    expect(node.hooks()).toEqual([
      `install_inband_fd fd=0 file=1 oob_data=101 files=2${documented ? " under files.file_lock:2" : ""} by b/2`,
    ]);
    expect(await b.getfd(0)).toBe(1);
    expect(await node.as("a").getfd(0)).toBe(0);
  });

  test("dup2 onto an empty slot replaces, and nothing is closed", async () => {
    const { node, a } = await opened(profile);
    expect(await a.dup2(0, 5)).toBe(5);
    expect(node.story()).toEqual([
      "fd_publish files=1 fd=5 file=1 oob_data=101 close_on_exec=false displaced=0",
      "replace_inband_fd fd=5 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
    ]);
  });

  test.each([
    ["dup2", (a: TaskCalls) => a.dup2(1, 0)],
    ["dup3", (a: TaskCalls) => a.dup3(1, 0, 0)],
  ])("%s over an open slot replaces; the displaced file is closed after hook and lock (D8)", async (_name, over) => {
    const { node, a } = await opened(profile);
    await a.open("/dev/null", O.O_RDWR);
    node.story();
    expect(await over(a)).toBe(0);
    expect(node.story()).toEqual([
      "fd_publish files=1 fd=0 file=2 oob_data=0 close_on_exec=false displaced=1",
      ...(documented ? ["uninstall_inband_fd fd=0 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1"] : []),
      "replace_inband_fd fd=0 file=2 oob_data=0 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=1 oob_data=101 by a/1",
      "file_release file=1 dev=/dev/oobecho oob_data=101",
    ]);
  });

  test("dup2 of a descriptor onto itself does nothing", async () => {
    const { node, a } = await opened(profile);
    expect(await a.dup2(0, 0)).toBe(0);
    expect(node.story()).toEqual([]);
  });

  test("close clears the slot, uninstalls under the lock, and puts the file after it", async () => {
    const { node, a } = await opened(profile);
    const stop = node.stop("uninstall_inband_fd");
    const answer = a.close(0);
    await stop.arrived;
    expect(node.files()).toEqual([]);
    stop.go();
    expect(await answer).toBe(0);
    expect(node.story()).toEqual([
      "fd_clear files=1 fd=0 file=1 references=0",
      "uninstall_inband_fd fd=0 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=1 oob_data=101 by a/1",
      "file_release file=1 dev=/dev/oobecho oob_data=101",
    ]);
  });

  test("close of one of two descriptors uninstalls, and releases nothing", async () => {
    const { node, a } = await opened(profile);
    await a.dup(0);
    node.story();
    await a.close(0);
    expect(node.story()).toEqual([
      "fd_clear files=1 fd=0 file=1 references=1",
      "uninstall_inband_fd fd=0 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
    ]);
    await a.close(1);
    expect(node.hooks()).toEqual([
      "uninstall_inband_fd fd=1 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=1 oob_data=101 by a/1",
    ]);
  });

  test("close_range uninstalls each, and closes it before the next", async () => {
    const { node, a } = await opened(profile);
    await a.open("/dev/oobecho", O.O_RDWR);
    await a.dup2(0, 9);
    node.story();
    expect(await a.closeRange(1, 0xffff_ffff)).toBe(1);
    expect(node.hooks()).toEqual([
      "uninstall_inband_fd fd=1 file=2 oob_data=102 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=2 oob_data=102 by a/1",
      "uninstall_inband_fd fd=9 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
    ]);
  });

  test("close_range with CLOSE_RANGE_CLOEXEC fires nothing until exec", async () => {
    const { node, a } = await opened(profile);
    await a.dup(0);
    node.story();
    expect(await a.closeRange(1, 5, CLOSE_RANGE.CLOSE_RANGE_CLOEXEC)).toBe(1);
    expect(node.story()).toEqual(["fd_cloexec files=1 fd=1 close_on_exec=true"]);
    await a.exec();
    expect(node.hooks()).toEqual([
      "inband_event_notify event=process_cleanup subject=a by a/1",
      "uninstall_inband_fd fd=1 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
    ]);
  });

  test("exec: the clean-up event, then each close-on-exec descriptor, cleared and uninstalled under the lock", async () => {
    const { node, a } = await opened(profile);
    await a.open("/dev/oobecho", O.O_RDWR | O.O_CLOEXEC);
    await a.open("/dev/null", O.O_RDWR);
    node.story();
    expect(await a.exec()).toBe(1);
    expect(node.story()).toEqual([
      "inband_event_notify event=process_cleanup subject=a by a/1",
      "fd_clear files=1 fd=1 file=2 references=0",
      "uninstall_inband_fd fd=1 file=2 oob_data=102 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=2 oob_data=102 by a/1",
      "file_release file=2 dev=/dev/oobecho oob_data=102",
    ]);
    expect(node.files().map(({ fd }) => fd)).toEqual([0, 2]);
  });

  test("exit of the last user: two events, then every open slot, with current->files NULL (D7)", async () => {
    const { node, a } = await opened(profile);
    await a.dup2(0, 3);
    node.story();
    expect(await a.exit()).toBe(0);
    expect(node.story()).toEqual([
      "inband_event_notify event=task_exit subject=a by a/1",
      "inband_event_notify event=process_cleanup subject=a by a/1",
      `uninstall_inband_fd fd=0 file=1 oob_data=101 files=1${underD7} by a/0`,
      `uninstall_inband_fd fd=3 file=1 oob_data=101 files=1${underD7} by a/0`,
      "oob_release_file file=1 oob_data=101 by a/0",
      "file_release file=1 dev=/dev/oobecho oob_data=101",
      "files_exit files=1",
    ]);
  });

  test("exit in a reaper's context: current is the reaper, and the table is the owner's", async () => {
    const { node, a } = await opened(profile);
    const reaper = node.as("reaper");
    await reaper.spawn();
    await reaper.open("/dev/oobecho", O.O_RDWR);
    node.story();
    expect(await a.exit("reaper")).toBe(0);
    // The reaper's table has a descriptor 0 as well: a core that trusts `current` would drop that one.
    expect(node.hooks()).toEqual([
      "inband_event_notify event=task_exit subject=a by a/1",
      "inband_event_notify event=process_cleanup subject=a by a/1",
      `uninstall_inband_fd fd=0 file=1 oob_data=101 files=1${underD7} by reaper/2`,
      "oob_release_file file=1 oob_data=101 by reaper/2",
    ]);
    expect(node.files().map(({ files, fd }) => [files, fd])).toEqual([[2, 0]]);
  });

  test("exit of one of two that share a table fires the events only", async () => {
    const { node, a } = await opened(profile);
    await a.clone("b");
    node.story();
    await a.exit();
    expect(node.story()).toEqual([
      "inband_event_notify event=task_exit subject=a by a/1",
      "inband_event_notify event=process_cleanup subject=a by a/1",
    ]);
    expect(node.files()[0]?.tasks).toEqual(["b"]);
  });

  test("fork fires nothing: the child has the slots, the core never saw them", async () => {
    const { node, a } = await opened(profile);
    expect(await a.fork("b")).toBe(2);
    expect(node.story()).toEqual(["fork_copy files=2 fd=0 file=1 from=1", "task_create task=b files=2 pid=2 parent=a"]);
    await node.as("b").exit();
    // The parent holds the file: no release.
    expect(node.hooks().slice(2)).toEqual([
      `uninstall_inband_fd fd=0 file=1 oob_data=101 files=2${documented ? " under files.file_lock:2" : ""} by b/0`,
    ]);
  });

  test("CLOSE_RANGE_UNSHARE copies without a hook, and the caller's table changes at the end only", async () => {
    const { node, a } = await opened(profile);
    await a.dup(0);
    await a.clone("b");
    node.story();
    const stop = node.stop("uninstall_inband_fd");
    const answer = a.closeRange(1, 1, CLOSE_RANGE.CLOSE_RANGE_UNSHARE);
    await stop.arrived;
    expect(node.files().map(({ tasks, files, fd }) => [tasks.join("+"), files, fd])).toEqual([
      ["a+b", 1, 0],
      ["a+b", 1, 1],
    ]);
    stop.go();
    expect(await answer).toBe(2);
    expect(node.story()).toEqual([
      "fork_copy files=2 fd=0 file=1 from=1",
      "fork_copy files=2 fd=1 file=1 from=1",
      "fd_clear files=2 fd=1 file=1 references=3",
      "uninstall_inband_fd fd=1 file=1 oob_data=101 files=2 under files.file_lock:2 by a/1",
      "files_unshare task=a files=2 from=1",
    ]);
    expect(node.files().map(({ tasks, files, fd }) => [tasks.join("+"), files, fd])).toEqual([
      ["b", 1, 0],
      ["b", 1, 1],
      ["a", 2, 0],
    ]);
  });
});
