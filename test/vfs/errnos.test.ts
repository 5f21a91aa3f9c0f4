import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { CLOSE_RANGE, ECHO, F, FD_CLOEXEC, O } from "../../services/abi/flags.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { bootVfs, type Node, type TaskCalls } from "./harness.ts";

const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CLOEXEC, O_NONBLOCK } = O;
const NO_FD = 99;

/** Task `a` with /dev/oobecho at 0, /dev/null for reading at 1, /dev/null for writing at 2; 20 descriptors at most. */
async function booted(): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const node = bootVfs();
  const a = node.as("a");
  await a.spawn();
  await a.prlimit(20);
  await a.open("/dev/oobecho", O_RDWR);
  await a.open("/dev/null", O_RDONLY);
  await a.open("/dev/null", O_WRONLY);
  node.story();
  return { node, a };
}

type Case = readonly [situation: string, answer: number | string, call: (a: TaskCalls) => Promise<number | string>];

describe.each<readonly [string, readonly Case[]]>([
  [
    "open",
    [
      ["a path that leads nowhere", "ENOENT", (a) => a.open("/dev/zero", O_RDWR)],
      ["no path at all", "ENOENT", (a) => a.open("", O_RDWR)],
      ["a directory", "EISDIR", (a) => a.open("/dev", O_RDONLY)],
      ["the root", "EISDIR", (a) => a.open("/", O_RDONLY)],
      ["a node without a driver", "ENODEV", (a) => a.open("/dev/oobgone", O_RDWR)],
      ["an access mode that is none", "EINVAL", (a) => a.open("/dev/null", 3)],
      ["the lowest free descriptor", 3, (a) => a.open("/dev/null", O_RDWR)],
    ],
  ],
  [
    "close",
    [
      ["a descriptor that is not open", "EBADF", (a) => a.close(NO_FD)],
      ["a number that is none", "EBADF", (a) => a.close(-1)],
      ["an open one", 0, (a) => a.close(1)],
    ],
  ],
  [
    "close_range",
    [
      ["a range that ends before it begins", "EINVAL", (a) => a.closeRange(3, 2)],
      ["an unknown flag", "EINVAL", (a) => a.closeRange(0, 2, 1)],
      ["nothing in the range", 1, (a) => a.closeRange(50, 60)],
      ["UNSHARE of a table that nobody shares", 1, (a) => a.closeRange(0, 2, CLOSE_RANGE.CLOSE_RANGE_UNSHARE)],
    ],
  ],
  [
    "dup",
    [
      ["not open", "EBADF", (a) => a.dup(NO_FD)],
      ["the lowest free one", 3, (a) => a.dup(1)],
    ],
  ],
  [
    "dup2",
    [
      ["not open", "EBADF", (a) => a.dup2(NO_FD, 5)],
      ["onto the limit", "EBADF", (a) => a.dup2(0, 20)],
      ["onto a negative number", "EBADF", (a) => a.dup2(0, -1)],
      ["just below the limit", 19, (a) => a.dup2(0, 19)],
      ["not open, onto itself", "EBADF", (a) => a.dup2(NO_FD, NO_FD)],
      ["onto itself", 1, (a) => a.dup2(1, 1)],
    ],
  ],
  [
    "dup3",
    [
      ["onto itself", "EINVAL", (a) => a.dup3(0, 0, 0)],
      ["not open, onto itself", "EINVAL", (a) => a.dup3(NO_FD, NO_FD, 0)],
      ["a flag other than O_CLOEXEC", "EINVAL", (a) => a.dup3(0, 5, O_NONBLOCK)],
      ["not open", "EBADF", (a) => a.dup3(NO_FD, 5, 0)],
      ["with O_CLOEXEC", 5, (a) => a.dup3(0, 5, O_CLOEXEC)],
    ],
  ],
  [
    "fcntl",
    [
      ["an unknown command", "EINVAL", (a) => a.fcntl(0, 9999)],
      ["not open, and an unknown command", "EBADF", (a) => a.fcntl(NO_FD, 9999)],
      ["F_DUPFD from the limit", "EINVAL", (a) => a.dupfd(0, 20)],
      ["F_DUPFD from below zero", "EINVAL", (a) => a.dupfd(0, -1)],
      ["F_DUPFD of one that is not open, from below zero", "EBADF", (a) => a.dupfd(NO_FD, -1)],
      ["F_DUPFD from a number that is taken", 3, (a) => a.dupfd(0, 1)],
      ["F_GETFD", 0, (a) => a.fcntl(0, F.F_GETFD)],
      ["F_GETFL", O_WRONLY, (a) => a.fcntl(2, F.F_GETFL)],
      ["F_SETFD", 0, (a) => a.fcntl(0, F.F_SETFD, FD_CLOEXEC)],
    ],
  ],
  [
    "read, write and ioctl",
    [
      ["read, not open", "EBADF", (a) => a.read(NO_FD, 1)],
      ["read, open for writing", "EBADF", (a) => a.read(2, 1)],
      ["write, not open", "EBADF", (a) => a.write(NO_FD, "x")],
      ["write, open for reading", "EBADF", (a) => a.write(1, "x")],
      ["write nothing, open for reading", "EBADF", (a) => a.write(1, "")],
      ["ioctl, not open", "EBADF", (a) => a.ioctl(NO_FD, ECHO.ECHO_IOC_COUNT)],
      ["ioctl, a driver without commands", "ENOTTY", (a) => a.ioctl(1, ECHO.ECHO_IOC_COUNT)],
    ],
  ],
  [
    "tasks",
    [
      ["a name that is taken", "EINVAL", (a) => a.fork("a")],
      ["a name that is taken, sharing", "EINVAL", (a) => a.clone("a")],
      ["exit with a reaper that is not there", "ESRCH", (a) => a.exit("nobody")],
      ["pidfd_getfd of a task that is not there", "ESRCH", (a) => a.getfdOf("nobody", 0)],
      ["pidfd_getfd of what is not open there", "EBADF", (a) => a.getfdOf("a", NO_FD)],
      ["no descriptors at all", "EINVAL", (a) => a.prlimit(0)],
      ["more descriptors than the kernel allows", "EINVAL", (a) => a.prlimit(LIMITS.nofileMax + 1)],
      ["as many as the kernel allows", 0, (a) => a.prlimit(LIMITS.nofileMax)],
    ],
  ],
])("%s", (_call, cases) => {
  test.each(cases)("%s: %s", async (_situation, answer, call) => {
    const { node, a } = await booted();
    expect(await call(a)).toBe(answer);
    // A call that is refused leaves nothing behind.
    if (typeof answer === "string")
      expect(node.files().map(({ fd, references }) => [fd, references])).toEqual([
        [0, 1],
        [1, 1],
        [2, 1],
      ]);
  });
});

describe("a table that is full", () => {
  test("EMFILE comes before anything is looked up, and everything that needs a descriptor says so", async () => {
    const { node, a } = await booted();
    while (typeof (await a.dup(1)) === "number");
    node.story();
    expect(await a.open("/dev/null", O_RDWR)).toBe("EMFILE");
    expect(await a.open("/nowhere", O_RDWR)).toBe("EMFILE");
    expect(await a.dup(0)).toBe("EMFILE");
    expect(await a.dupfd(0, 19)).toBe("EMFILE");
    expect(await a.getfdOf("a", 0)).toBe("EMFILE");
    expect(node.hooks()).toEqual([]);
    expect(await a.dup2(0, 19)).toBe(19);
    expect(await a.close(7)).toBe(0);
    expect(await a.open("/dev/null", O_RDWR)).toBe(7);
  });

  test("an open that fails puts its descriptor back, and says what it reserved", async () => {
    const { node, a } = await booted();
    expect(await a.open("/nowhere", O_RDWR)).toBe("ENOENT");
    expect(node.story()).toEqual(["fd_reserve files=1 fd=3", "fd_unreserve files=1 fd=3 errno=ENOENT"]);
    expect(await a.open("/dev/null", O_RDWR)).toBe(3);
  });

  test("a lower limit leaves what is open above it, and belongs to the task alone", async () => {
    const { a, node } = await booted();
    await a.dup2(0, 15);
    await a.clone("b");
    await a.prlimit(4);
    expect(await a.read(15, 0)).toBe(0);
    expect(await a.dup(0)).toBe(3);
    expect(await a.dup(0)).toBe("EMFILE");
    const b = node.as("b");
    expect(await b.dup(0)).toBe(4);
    await a.fork("c");
    await node.as("c").close(3);
    expect(await node.as("c").dup(0)).toBe(3);
    expect(await node.as("c").dup(0)).toBe("EMFILE");
  });
});

describe("flags", () => {
  test("F_SETFL changes O_APPEND and O_NONBLOCK only, for all who share the file; close-on-exec is not among them", async () => {
    const { node, a } = await booted();
    const fd = Number(await a.open("/dev/echo", O_RDWR | O_CLOEXEC));
    const other = Number(await a.dup(fd));
    node.story();
    expect(await a.fcntl(fd, F.F_GETFL)).toBe(O_RDWR);
    expect(await a.fcntl(fd, F.F_SETFL, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)).toBe(0);
    expect(await a.fcntl(other, F.F_GETFL)).toBe(O_RDWR | O_APPEND | O_NONBLOCK);
    expect(await a.fcntl(fd, F.F_SETFL, O_APPEND | O_NONBLOCK)).toBe(0);
    expect(node.story()).toEqual(["file_flags file=4 flags=O_RDWR|O_APPEND|O_NONBLOCK"]);
  });

  test("close-on-exec belongs to the descriptor", async () => {
    const { node, a } = await booted();
    expect(await a.fcntl(0, F.F_DUPFD_CLOEXEC, 0)).toBe(3);
    expect(await a.getfd(3)).toBe(FD_CLOEXEC);
    expect(await a.dup(3)).toBe(4);
    expect([await a.getfd(0), await a.getfd(4)]).toEqual([0, 0]);
    await a.dup3(0, 5, O_CLOEXEC);
    await a.dup2(5, 6);
    expect([await a.getfd(5), await a.getfd(6)]).toEqual([FD_CLOEXEC, 0]);
    node.story();
    await a.fcntl(5, F.F_SETFD, 0);
    await a.fcntl(5, F.F_SETFD, 0);
    expect(node.story()).toEqual(["fd_cloexec files=1 fd=5 close_on_exec=false"]);
  });
});

describe("who is not there", () => {
  test("a task that was never spawned, or has exited, can do nothing", async () => {
    const { node, a } = await booted();
    await a.exit();
    for (const task of [a, node.as("nobody")]) {
      expect(await task.open("/dev/null", O_RDWR)).toBe("ESRCH");
      expect(await task.close(0)).toBe("ESRCH");
      expect(await task.exec()).toBe("ESRCH");
      expect(await task.exit()).toBe("ESRCH");
    }
    // Its name is free again, and its number is not used twice.
    expect(await node.call(outermost(""), "sys_spawn", { name: "a" })).toEqual({ pid: 2, files: 2 });
    expect(await node.call(outermost(""), "sys_spawn", { name: "a" })).toBe("EINVAL");
    expect(await node.call(outermost(""), "sys_spawn", { name: "" })).toBe("EINVAL");
  });

  test("a flag of clone that is not modelled is refused; a child without a name gets one", async () => {
    const { node } = await booted();
    const fork = (child: string, flags: number) => node.call(outermost("a"), "sys_fork", { child, flags });
    expect(await fork("b", 0x100)).toBe("EINVAL");
    await node.as("a.2").spawn();
    expect(await fork("", 0)).toEqual({ pid: 3, files: 3, child: "a.3" });
  });
});
