import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { ECHO, O } from "../../services/abi/flags.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { createStory, openedStory, outcomeOf } from "./harness.ts";

describe("oob_open_file", () => {
  test("gives each file of the device a number of its own, from 1", async () => {
    const story = createStory();
    expect(await story.open(7)).toBe("oob_data 1");
    expect(await story.open(8)).toBe("oob_data 2");
    expect(story.facts("efile")).toEqual([
      "efile_open file=7 dev=/dev/oobecho oob_data=1",
      "efile_open file=8 dev=/dev/oobecho oob_data=2",
    ]);
  });

  test("gives nothing for a device without an out-of-band half", async () => {
    const story = createStory();
    expect(await story.open(7, O.O_RDWR, "/dev/null")).toBe("oob_data 0");
    expect(story.facts("efile")).toEqual([]);
  });

  test("a file that has its context already keeps it, and is told it again", async () => {
    const { story, rt } = await openedStory();
    expect(await story.open(7)).toBe("oob_data 1");
    expect(story.facts("efile_open")).toEqual([]);
    expect(await rt.write(3, "x")).toBe(1);
  });

  test("a number is not given again after its file is gone", async () => {
    const story = createStory();
    await story.open(7);
    await story.release(7);
    expect(await story.open(8)).toBe("oob_data 2");
  });
});

describe("oob_release_file", () => {
  test("of a file that nobody uses passes at once and frees it", async () => {
    const { story } = await openedStory();
    await story.uninstall(1, 3, 7);
    story.record.length = 0;
    await story.release(7);
    expect(story.record).toEqual([
      "crossing_pass file=7",
      "efile_free file=7 inside=0",
      "exit oob_release_file vfs-task ok",
    ]);
    expect(story.listFiles()).toEqual([]);
  });

  test("waits for a reader, who loses what it sleeps on first: EIDRM, then it leaves, then the file is freed", async () => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    await story.uninstall(1, 3, 7);
    story.record.length = 0;
    await Promise.all([story.release(7), read]);
    expect(story.record).toEqual([
      "oob_wake files=1 fd=3 file=7 task=rt errno=EIDRM",
      "crossing_wait file=7 inside=1",
      "crossing_pass file=7",
      "efile_free file=7 inside=0",
      "thread_inband task=rt why=weak isw=1",
      "exit oob_read rt EIDRM",
      "exit oob_release_file vfs-task ok",
    ]);
  });

  test("asked twice while it waits, both wait for the same end", async () => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    await story.uninstall(1, 3, 7);
    expect(await Promise.all([story.release(7), story.release(7), read])).toEqual(["ok", "ok", "EIDRM"]);
    expect(story.facts("crossing_pass", "efile_free")).toHaveLength(2);
  });

  test("of an unknown file is told and ignored: the VFS makes up for an open whose request was lost", async () => {
    const story = createStory();
    expect(await story.release(7, 0)).toBe("ok");
    expect(story.facts("efile")).toEqual(["efile_unknown file=7 oob_data=0"]);
  });

  test("finds a file whose number the VFS never learnt, because the answer to its open was lost", async () => {
    const story = createStory();
    await story.open(7);
    await story.release(7, 0);
    expect(story.facts("efile_free")).toEqual(["efile_free file=7 inside=0"]);
  });

  test("an open that was given up as lost, and was only late, leaves nothing behind", async () => {
    const story = createStory();
    await story.release(7, 0);
    expect(await story.open(7)).toBe("EBUSY");
    expect(story.facts("efile_open")).toEqual([]);
  });

  test("what was given up is remembered within bounds", async () => {
    const story = createStory();
    for (let file = 1; file <= LIMITS.rememberedAnswers + 1; file += 1) await story.release(file, 0);
    expect(await story.open(2)).toBe("EBUSY");
    expect(await story.open(1)).toBe("oob_data 1");
  });

  test("with an entry left over from a lost uninstall: told, answered with EBADF, gone with the next uninstall", async () => {
    const { story, rt } = await openedStory();
    const poll = rt.poll(3, 1);
    await story.release(7);
    expect(await outcomeOf(poll)).toBe("POLLNVAL");
    expect(story.facts("index_stale")).toEqual(["index_stale files=1 fd=3 file=7"]);
    expect(story.listFiles()).toMatchObject([{ files: 1, fd: 3, file: 7, dev: "", references: 0 }]);
    expect(await rt.read(3)).toBe("EBADF");
    await story.uninstall(1, 3, 8);
    expect(story.listFiles()).toEqual([]);
  });

  test("a descriptor is not indexed for a file that is being released", async () => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    await story.uninstall(1, 3, 7);
    const release = story.release(7);
    await story.install(1, 4, 7);
    await Promise.all([release, read]);
    expect(story.index()).toEqual([]);
    expect(story.facts("index_unknown")).toEqual(["index_unknown files=1 fd=4 file=7 oob_data=1"]);
  });
});

describe("oob_driver_io", () => {
  test("reads what the out-of-band stage wrote, and never waits", async () => {
    const { story, rt } = await openedStory();
    expect(await story.inbandRead(7)).toBe("EAGAIN");
    await rt.write(3, "abc");
    expect(await story.inbandRead(7, 2)).toBe("ab");
    expect(await story.inbandRead(7, 0)).toBe("");
    expect(await story.inbandIoctl(7, ECHO.ECHO_IOC_COUNT)).toBe(1);
    expect(await story.inbandIoctl(7, ECHO.ECHO_IOC_FLUSH)).toBe(0);
    expect(await story.inbandRead(7)).toBe("EAGAIN");
  });

  test("ENOTTY for an unknown command, EINVAL when it is not said what is asked", async () => {
    const { story } = await openedStory();
    expect(await story.inbandIoctl(7, 0x1234)).toBe("ENOTTY");
    const args = { file: 7, oob_data: 1, data: new Uint8Array(0), count: 1, cmd: 0, arg: 0 };
    expect(await story.call("oob_driver_io", args, outermost("rt", 1))).toEqual({ ok: false, errno: "EINVAL" });
  });

  test("ENOIOCTLCMD for a file that is not known here: the in-band half serves it alone", async () => {
    const { story } = await openedStory();
    expect(await story.inbandWrite(8, "x")).toBe("ENOIOCTLCMD");
    const args = {
      file: 7,
      oob_data: 99,
      operation: "read",
      data: new Uint8Array(0),
      count: 1,
      cmd: 0,
      arg: 0,
    } as const;
    expect(await story.call("oob_driver_io", args, outermost("rt", 1))).toEqual({ ok: false, errno: "ENOIOCTLCMD" });
    await story.uninstall(1, 3, 7);
    await story.release(7);
    expect(await story.inbandWrite(7, "x")).toBe("ENOIOCTLCMD");
  });

  test("EIDRM while the file is being released", async () => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    await story.uninstall(1, 3, 7);
    const release = story.release(7);
    expect(await story.inbandWrite(7, "x")).toBe("EIDRM");
    await Promise.all([release, read]);
  });
});

describe("inband_event_notify", () => {
  test.each(["task_exit", "process_cleanup"] as const)("%s detaches the thread and ends its sleep", async (event) => {
    const { story, rt } = await openedStory();
    const read = rt.read(3);
    await story.notify(event, "rt");
    expect(await read).toBe("EINTR");
    expect(await rt.read(3)).toBe("EPERM");
    expect(story.facts("thread")).toEqual([
      "thread_oob task=rt",
      "thread_inband task=rt why=detach isw=1",
      `thread_detach task=rt why=${event}`,
    ]);
    expect(await rt.attach()).toBe("ok");
  });

  test("of a task that was never attached changes nothing", async () => {
    const { story, rt } = await openedStory();
    expect(await story.notify("task_exit", "stranger")).toBe("ok");
    expect(story.facts("thread")).toEqual([]);
    expect(await rt.write(3, "x")).toBe(1);
  });

  test("an event that is not said is no reason to detach anybody", async () => {
    const { story, rt } = await openedStory();
    await story.call("inband_event_notify", { subject: "rt" }, outermost("rt", 1));
    expect(await rt.write(3, "x")).toBe(1);
  });
});

test("the list of files tells the device, the flags and who is inside", async () => {
  const { story, rt } = await openedStory(undefined, O.O_RDONLY);
  await story.install(2, 0, 7);
  const read = rt.read(3);
  const known = { tasks: [], file: 7, dev: "/dev/oobecho", flags: 0, close_on_exec: false, oob_data: 1, references: 1 };
  expect(story.listFiles()).toEqual([
    { ...known, files: 1, fd: 3 },
    { ...known, files: 2, fd: 0 },
  ]);
  await Promise.all([story.release(7), read]);
});

test("new flags hold from the next call on; who waits goes on waiting, and a file that is not there is told", async () => {
  const story = createStory();
  await story.open(1);
  await story.install(1, 3, 1);
  const thread = story.thread("a", 1);
  await thread.attach();
  const other = story.thread("b", 1);
  await other.attach();
  const waiting = thread.read(3);
  const flags = O.O_RDWR | O.O_NONBLOCK;
  await story.call("oob_file_flags", { file: 1, oob_data: 1, flags }, outermost("a", 1));
  expect(await other.read(3)).toBe("EAGAIN");
  await other.write(3, "ping");
  expect(await waiting).toBe("ping");
  await story.call("oob_file_flags", { file: 9, oob_data: 1, flags }, outermost("a", 1));
  expect(story.facts("efile_flags", "efile_unknown")).toEqual([
    "efile_flags file=1 flags=O_RDWR|O_NONBLOCK",
    "efile_unknown file=9 oob_data=1",
  ]);
});
