import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { AF, CLOSE_RANGE, F, FD_CLOEXEC, O, SOCK } from "../../services/abi/flags.ts";
import { PROFILES, type Profile } from "../../services/abi/profile.ts";
import { bootVfs, refused, returned, type Node } from "./harness.ts";

/** Tasks `a` and `b`, which share a table; /dev/null is at 0. */
async function shared(profile: Profile = "documented"): Promise<Node> {
  const node = bootVfs(profile);
  await node.as("a").spawn();
  await node.as("a").open("/dev/null", O.O_RDWR);
  await node.as("a").clone("b");
  node.story();
  return node;
}

/** Lets everything go on that is not waiting for the core. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

describe("a descriptor that an open has reserved", () => {
  /** `a` opens /dev/oobecho, and the driver's open is on its way: 1 is reserved. */
  async function opening(): Promise<{ readonly node: Node; readonly finish: () => Promise<number | string> }> {
    const node = await shared();
    const stop = node.stop("oob_open_file");
    const answer = node.as("a").open("/dev/oobecho", O.O_RDWR);
    await stop.arrived;
    return { node, finish: () => (stop.go(), answer) };
  }

  test("cannot be replaced: dup2 says EBUSY, and no hook fires", async () => {
    const { node, finish } = await opening();
    node.story();
    expect(await node.as("b").dup2(0, 1)).toBe("EBUSY");
    expect(await node.as("b").dup3(0, 1, 0)).toBe("EBUSY");
    expect(node.story()).toEqual([]);
    expect(await finish()).toBe(1);
    expect(await node.as("b").dup2(0, 1)).toBe(1);
  });

  test("is not open: it can be neither closed, nor read, nor duplicated; nor is it free", async () => {
    const { node, finish } = await opening();
    const b = node.as("b");
    expect([await b.close(1), await b.read(1, 1), await b.dup(1), await b.dup2(1, 5), await b.getfd(1)]).toEqual(
      Array(5).fill("EBADF"),
    );
    expect(await b.closeRange(1, 9)).toBe(1);
    expect(await b.dup(0)).toBe(2);
    expect(await finish()).toBe(1);
  });

  test("stays behind when the table is copied", async () => {
    const { node, finish } = await opening();
    await node.as("b").fork("c");
    expect(await node.as("c").dup(0)).toBe(1);
    await finish();
    expect(node.files().map(({ files, fd, file }) => [files, fd, file])).toEqual([
      [1, 0, 1],
      [1, 1, 2],
      [2, 0, 1],
      [2, 1, 1],
    ]);
  });

  test("is marked by CLOSE_RANGE_CLOEXEC like an open one", async () => {
    const { node, finish } = await opening();
    await node.as("b").closeRange(1, 9, CLOSE_RANGE.CLOSE_RANGE_CLOEXEC);
    await finish();
    expect(await node.as("a").fcntl(1, F.F_GETFD)).toBe(FD_CLOEXEC);
  });

  test("is free again when the open fails", async () => {
    const { node, finish } = await opening();
    node.answer("oob_open_file", () => refused("ENODEV"));
    expect(await finish()).toBe("ENODEV");
    expect(await node.as("b").dup(0)).toBe(1);
  });
});

describe("files->file_lock while the core is in a hook", () => {
  test("a close waits for the hook of another close to end, and the waiter is seen", async () => {
    const node = await shared();
    await node.as("a").dup(0);
    node.story();
    const stop = node.stop("uninstall_inband_fd");
    const first = node.as("a").close(0);
    await stop.arrived;
    const second = node.as("b").close(1);
    await settle();
    expect(node.story()).toEqual([
      "fd_clear files=1 fd=0 file=1 references=1",
      "uninstall_inband_fd fd=0 file=1 oob_data=0 files=1 under files.file_lock:1 by a/1",
      "lock_wait lock=files.file_lock:1 holder=a",
    ]);
    stop.go();
    expect([await first, await second]).toEqual([0, 0]);
    expect(node.story("fd_clear", "file_release")).toEqual([
      "fd_clear files=1 fd=1 file=1 references=0",
      "file_release file=1 dev=/dev/null oob_data=0",
    ]);
  });

  test("what needs no lock goes on: a read sees the slot as it is", async () => {
    const node = await shared();
    await node.as("a").dup(0);
    const stop = node.stop("uninstall_inband_fd");
    const closing = node.as("a").close(0);
    await stop.arrived;
    expect([await node.as("b").read(0, 1), await node.as("b").read(1, 1)]).toEqual(["EBADF", 0]);
    stop.go();
    await closing;
  });

  test("a release is waited for outside the lock", async () => {
    const node = await shared();
    await node.as("a").open("/dev/oobecho", O.O_RDWR);
    const stop = node.stop("oob_release_file");
    const closing = node.as("a").close(1);
    await stop.arrived;
    expect(await node.as("b").dup(0)).toBe(1);
    stop.go();
    expect(await closing).toBe(0);
  });

  test("a core that calls back for the lock is refused with EDEADLK, and nothing hangs", async () => {
    const node = await shared();
    const answers: unknown[] = [];
    node.answer("uninstall_inband_fd", async (_args, context) => {
      node.answer("uninstall_inband_fd", () => returned<"uninstall_inband_fd">({}));
      answers.push(
        await node.call(context, "sys_close", { fd: 0 }),
        await node.call(context, "sys_open", { path: "/dev/null", flags: O.O_RDWR }),
        await node.call(context, "sys_dup", { fd: 0 }),
        await node.call(context, "sys_dup2", { fd: 0, newfd: 7 }),
        await node.call(context, "sys_fcntl", { fd: 0, cmd: F.F_SETFD, arg: 1 }),
        await node.call(context, "sys_fork", { child: "c", flags: 0 }),
        await node.call(context, "sys_close_range", { first: 0, last: 9, flags: CLOSE_RANGE.CLOSE_RANGE_UNSHARE }),
        await node.call(context, "sys_exec", {}),
        await node.call(context, "sys_read", { fd: 0, count: 1 }),
      );
      return returned<"uninstall_inband_fd">({});
    });
    await node.as("a").dup(0);
    expect(await node.as("a").close(1)).toBe(0);
    expect(answers).toEqual([...Array<string>(8).fill("EDEADLK"), { data: new Uint8Array(0) }]);
    expect(node.files().map(({ fd, references }) => [fd, references])).toEqual([[0, 1]]);
  });
});

describe("install and a close that overtakes it (D6)", () => {
  /** `a` duplicates, `b` closes the new descriptor while the core is being told of it: what arrives at the core, in order. */
  async function overtaken(profile: Profile): Promise<string[]> {
    const node = await shared(profile);
    const arrivals: string[] = [];
    node.answer("install_inband_fd", () => (arrivals.push("install"), returned<"install_inband_fd">({})));
    node.answer("uninstall_inband_fd", () => (arrivals.push("uninstall"), returned<"uninstall_inband_fd">({})));
    const stop = node.stop("install_inband_fd");
    const duplicating = node.as("a").dup(0);
    await stop.arrived;
    const closing = node.as("b").close(1);
    await settle();
    stop.go();
    expect([await duplicating, await closing]).toEqual([1, 0]);
    return arrivals;
  }

  test("documented: the lock keeps them in order", async () => {
    expect(await overtaken("documented")).toEqual(["install", "uninstall"]);
  });

  test("as-implemented: the core hears of the close first, and keeps an entry for a descriptor that is gone", async () => {
    expect(await overtaken("as-implemented")).toEqual(["uninstall", "install"]);
  });
});

describe("a file that is in use while its descriptor is closed", () => {
  test("is released by the read that used it, once that ends", async () => {
    const node = await shared();
    await node.as("a").open("/dev/oobecho", O.O_RDWR);
    const stop = node.stop("oob_driver_io");
    const reading = node.as("a").read(1, 1);
    await stop.arrived;
    node.story();
    expect(await node.as("b").close(1)).toBe(0);
    expect(node.story()).toEqual([
      "fd_clear files=1 fd=1 file=2 references=1",
      "uninstall_inband_fd fd=1 file=2 oob_data=102 files=1 under files.file_lock:1 by b/1",
    ]);
    stop.go();
    expect(await reading).toBe("EAGAIN");
    expect(node.story()).toEqual([
      "oob_release_file file=2 oob_data=102 by a/1",
      "file_release file=2 dev=/dev/oobecho oob_data=102",
    ]);
  });
});

describe.each(PROFILES)("an exit that overtakes a call, %s", (profile) => {
  const under = profile === "documented" ? " under files.file_lock:1" : "";

  test("the call, which its task gave up, is the last user of the table, and closes it", async () => {
    const node = bootVfs(profile);
    const a = node.as("a");
    await a.spawn();
    const stop = node.stop("oob_open_file");
    const opening = a.open("/dev/oobecho", O.O_RDWR);
    await stop.arrived;
    expect(await a.exit()).toBe(0);
    node.story();
    stop.go();
    expect(await opening).toBe(0);
    expect(node.story()).toEqual([
      "file_create file=1 dev=/dev/oobecho flags=O_RDWR oob_data=101",
      "fd_publish files=1 fd=0 file=1 oob_data=101 close_on_exec=false",
      `install_inband_fd fd=0 file=1 oob_data=101 files=1${under} by a/1`,
      `uninstall_inband_fd fd=0 file=1 oob_data=101 files=1${under} by a/0`,
      "oob_release_file file=1 oob_data=101 by a/0",
      "file_release file=1 dev=/dev/oobecho oob_data=101",
      "files_exit files=1",
    ]);
  });

  test("a call that waits on a socket is interrupted first, and its end closes the socket", async () => {
    const node = bootVfs(profile);
    const a = node.as("a");
    await a.spawn();
    await a.socket(AF.AF_INET, SOCK.SOCK_STREAM);
    const stop = node.stop("sock_accept");
    node.answer("sock_accept", () => refused("EINTR"));
    const accepting = a.accept4(0);
    await stop.arrived;
    node.story();
    node.answer("sock_interrupt", () => {
      stop.go();
      return returned<"sock_interrupt">({});
    });
    expect(await a.exit()).toBe(0);
    expect(await accepting).toBe("EINTR");
    expect(node.story("sock_interrupt", "inband_event_notify", "sock_close", "files_exit")).toEqual([
      "sock_interrupt by a/1",
      "inband_event_notify event=task_exit subject=a by a/1",
      "inband_event_notify event=process_cleanup subject=a by a/1",
      "sock_close sock=1 file=1 by a/0",
      "files_exit files=1",
    ]);
  });

  test("exec of a task that is exiting changes nothing any more", async () => {
    const node = await shared(profile);
    const stop = node.stop("uninstall_inband_fd");
    await node.as("a").dup(0);
    const closing = node.as("b").close(1);
    await stop.arrived;
    const exec = node.as("a").exec();
    await settle();
    expect(await node.as("a").exit()).toBe(0);
    stop.go();
    expect([await closing, await exec]).toEqual([0, "ESRCH"]);
    expect(node.files().map(({ tasks, files }) => [tasks, files])).toEqual([[["b"], 1]]);
  });

  test("close_range of a task that is exiting gives the copy back", async () => {
    const node = await shared(profile);
    await node.as("a").dup(0);
    const stop = node.stop("uninstall_inband_fd");
    const unsharing = node.as("a").closeRange(1, 1, CLOSE_RANGE.CLOSE_RANGE_UNSHARE);
    await stop.arrived;
    await node.as("a").exit();
    node.story();
    stop.go();
    expect(await unsharing).toBe("ESRCH");
    expect(node.story("uninstall_inband_fd", "files_exit")).toEqual([
      `uninstall_inband_fd fd=0 file=1 oob_data=0 files=2${under.replace(":1", ":2")} by a/0`,
      "files_exit files=2",
    ]);
    await node.as("b").exit();
    expect(node.story("file_release")).toHaveLength(1);
  });

  test("a task exits once, and nobody can use it as a reaper meanwhile", async () => {
    const node = await shared(profile);
    const stop = node.stop("inband_event_notify");
    const exiting = node.as("a").exit();
    await stop.arrived;
    expect([await node.as("a").exit(), await node.as("a").dup(0), await node.as("b").exit("a")]).toEqual(
      Array(3).fill("ESRCH"),
    );
    expect(await node.call(outermost(""), "sys_spawn", { name: "a" })).toBe("EINVAL");
    stop.go();
    expect(await exiting).toBe(0);
    expect(await node.as("a").spawn()).toBe(3);
  });

  test("a reaper that is gone by then leaves a context without a table", async () => {
    const node = bootVfs(profile);
    for (const task of ["a", "reaper"]) await node.as(task).spawn();
    await node.as("a").open("/dev/null", O.O_RDWR);
    const stop = node.stop("inband_event_notify");
    const exiting = node.as("a").exit("reaper");
    await stop.arrived;
    await node.as("reaper").exit();
    stop.go();
    await exiting;
    expect(node.story("uninstall_inband_fd")).toEqual([
      `uninstall_inband_fd fd=0 file=1 oob_data=0 files=1${under} by reaper/0`,
    ]);
  });
});
