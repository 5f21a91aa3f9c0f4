import { describe, expect, test } from "@jest/globals";
import { ECHO, O, POLL } from "../../services/abi/flags.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { createStory, drained, openedStory, outcomeOf, type Thread } from "./harness.ts";

const CALLS: readonly (readonly [string, (thread: Thread, fd: number) => Promise<number | string>])[] = [
  ["oob_read", (thread, fd) => thread.read(fd)],
  ["oob_write", (thread, fd) => thread.write(fd, "x")],
  ["oob_ioctl", (thread, fd) => thread.ioctl(fd, ECHO.ECHO_IOC_COUNT)],
  ["oob_poll", (thread, fd) => thread.poll(fd, POLL.POLLOUT)],
];

describe("oob_attach_thread and oob_detach_thread", () => {
  test("attaching needs the privilege, and happens once", async () => {
    const story = createStory();
    const rt = story.thread("rt", 1);
    expect(await rt.attach(false)).toBe("EPERM");
    expect(await rt.attach()).toBe("ok");
    expect(await rt.attach()).toBe("EBUSY");
    expect(story.facts("thread")).toEqual(["thread_attach task=rt"]);
  });

  test("only who is attached can be detached, and may attach again", async () => {
    const story = createStory();
    const rt = story.thread("rt", 1);
    expect(await rt.detach()).toBe("EPERM");
    await rt.attach();
    expect(await rt.detach()).toBe("ok");
    expect(await rt.detach()).toBe("EPERM");
    expect(await rt.attach()).toBe("ok");
    expect(story.facts("thread_detach")).toEqual(["thread_detach task=rt why=oob_detach_thread"]);
  });

  test("a sleeping call of a thread that is detached gets EINTR, and its turn passes to the next reader", async () => {
    const { story, rt } = await openedStory();
    const other = story.thread("other", 1);
    await other.attach();
    const [first, second] = [rt.read(3), other.read(3)];
    expect(await rt.detach()).toBe("ok");
    expect(await outcomeOf(first)).toBe("EINTR");
    expect(await outcomeOf(second)).toBe("asleep");
    await story.inbandWrite(7, "abc");
    expect(await outcomeOf(second)).toBe("abc");
    expect(story.facts("thread_detach", "oob_wake")).toEqual([
      "thread_detach task=rt why=oob_detach_thread",
      "oob_wake files=1 fd=3 file=7 task=rt errno=EINTR",
      "oob_wake files=1 fd=3 file=7 task=other bytes=3",
    ]);
  });
});

describe.each(CALLS)("%s", (_name, call) => {
  test("EPERM from a thread that is not attached, before anything else is looked at", async () => {
    const { story } = await openedStory();
    expect(await call(story.thread("stranger", 1), 3)).toBe("EPERM");
    expect(await call(story.thread("stranger", 1), 99)).toBe("EPERM");
    expect(story.facts("oob_enter")).toEqual([]);
  });

  test("EBADF for a descriptor that the core has not indexed: a plain file's, a stranger's, a child's after fork", async () => {
    const { story, rt } = await openedStory();
    await story.install(1, 4, 8);
    expect(await call(rt, 4)).toBe("EBADF");
    expect(await call(rt, 99)).toBe("EBADF");
    const child = story.thread("child", 2);
    await child.attach();
    expect(await call(child, 3)).toBe("EBADF");
    expect(story.facts("oob_enter")).toEqual([]);
  });

  test("EBADF once the file is being released, though the descriptor is still indexed", async () => {
    const { story, rt } = await openedStory();
    const reader = rt.read(3);
    const release = story.release(7);
    const late = call(rt, 3);
    expect(await late).toBe("EBADF");
    await release;
    expect(await reader).toBe("EIDRM");
    expect(await call(rt, 3)).toBe("EBADF");
  });
});

describe("access modes", () => {
  test.each([
    ["O_RDONLY", O.O_RDONLY | O.O_NONBLOCK, "EAGAIN", "EBADF"],
    ["O_WRONLY", O.O_WRONLY | O.O_NONBLOCK, "EBADF", 1],
    ["O_RDWR", O.O_RDWR | O.O_NONBLOCK, "EAGAIN", 1],
    ["the mode that Linux reserves", 3 | O.O_NONBLOCK, "EBADF", "EBADF"],
  ])("%s: what a read and a write get", async (_mode, flags, read, written) => {
    const { story, rt } = await openedStory(undefined, flags);
    expect(await rt.read(3)).toBe(read);
    expect(await rt.write(3, "x")).toBe(written);
    expect(await rt.ioctl(3, ECHO.ECHO_IOC_COUNT)).toBe(written === 1 ? 1 : 0);
    expect(story.listFiles()[0]?.references).toBe(0);
  });
});

describe("oob_read", () => {
  test("takes what is there, up to its count, and leaves the rest", async () => {
    const { rt } = await openedStory();
    await rt.write(3, "abcdef");
    expect(await rt.read(3, 4)).toBe("abcd");
    expect(await rt.read(3, 4)).toBe("ef");
  });

  test("of nothing answers nothing at once, also when there is nothing", async () => {
    const { story, rt } = await openedStory();
    expect(await rt.read(3, 0)).toBe("");
    expect(story.facts("oob_wait")).toEqual([]);
  });

  test("waits on an empty file, inside it, until a write from the out-of-band stage", async () => {
    const { story, rt } = await openedStory();
    const writer = story.thread("writer", 1);
    await writer.attach();
    const read = rt.read(3);
    expect(await outcomeOf(read)).toBe("asleep");
    expect(story.listFiles()[0]?.references).toBe(1);
    expect(await writer.write(3, "hello")).toBe(5);
    expect(await read).toBe("hello");
    expect(story.listFiles()[0]?.references).toBe(0);
    expect(story.facts("oob")).toEqual([
      "oob_enter files=1 fd=3 file=7 task=rt inside=1",
      "oob_wait files=1 fd=3 file=7 task=rt count=100",
      "oob_enter files=1 fd=3 file=7 task=writer inside=2",
      "oob_wake files=1 fd=3 file=7 task=rt bytes=5",
    ]);
  });

  test("is woken by an in-band write, on the same object", async () => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    expect(await outcomeOf(read)).toBe("asleep");
    expect(await story.inbandWrite(7, "inband")).toBe(6);
    expect(await read).toBe("inband");
  });

  test("EAGAIN instead of waiting when the file was opened with O_NONBLOCK", async () => {
    const { story, rt } = await openedStory(undefined, O.O_RDWR | O.O_NONBLOCK);
    expect(await rt.read(3)).toBe("EAGAIN");
    expect(story.facts("oob_wait")).toEqual([]);
  });

  test("readers are served in the order in which they came, none twice", async () => {
    const { story, rt } = await openedStory();
    const reads = [rt.read(3, 2), rt.read(3, 2), rt.read(3, 2)];
    await drained();
    await story.inbandWrite(7, "aabbc");
    expect(await Promise.all(reads)).toEqual(["aa", "bb", "c"]);
    expect(story.facts("oob_wake").map((line) => line.split("bytes=")[1])).toEqual(["2", "2", "1"]);
  });

  test("two files of the device share nothing", async () => {
    const { story, rt } = await openedStory(undefined, O.O_RDWR | O.O_NONBLOCK);
    await story.open(8, O.O_RDWR | O.O_NONBLOCK);
    await story.install(1, 4, 8);
    await rt.write(3, "seven");
    expect(await rt.read(4)).toBe("EAGAIN");
    expect(await rt.read(3)).toBe("seven");
  });
});

describe("oob_write", () => {
  const full = "x".repeat(LIMITS.echoBytesMax);

  test("takes as much as there is room for, then EAGAIN, and there is room again after a read", async () => {
    const { rt } = await openedStory();
    expect(await rt.write(3, full.slice(10))).toBe(LIMITS.echoBytesMax - 10);
    expect(await rt.write(3, "y".repeat(20))).toBe(10);
    expect(await rt.write(3, "z")).toBe("EAGAIN");
    expect(await rt.write(3, "")).toBe(0);
    expect(await rt.read(3, 1)).toBe("x");
    expect(await rt.write(3, "z")).toBe(1);
  });

  test("the in-band half stands before the same wall", async () => {
    const { story } = await openedStory();
    expect(await story.inbandWrite(7, full)).toBe(LIMITS.echoBytesMax);
    expect(await story.inbandWrite(7, "z")).toBe("EAGAIN");
  });
});

describe("oob_ioctl", () => {
  test("ECHO_IOC_COUNT tells how many bytes wait, ECHO_IOC_FLUSH throws them away", async () => {
    const { rt } = await openedStory();
    await rt.write(3, "abc");
    expect(await rt.ioctl(3, ECHO.ECHO_IOC_COUNT)).toBe(3);
    expect(await rt.ioctl(3, ECHO.ECHO_IOC_FLUSH)).toBe(0);
    expect(await rt.ioctl(3, ECHO.ECHO_IOC_COUNT)).toBe(0);
  });

  test("ENOTTY for a command that the device does not know; ENOIOCTLCMD never reaches a task", async () => {
    const { story, rt } = await openedStory();
    expect(await rt.ioctl(3, 0x1234)).toBe("ENOTTY");
    expect(story.listFiles()[0]?.references).toBe(0);
  });
});
