import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { ECHO, F, O } from "../../services/abi/flags.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { ok } from "../../services/abi/result.ts";
import { echoDriver } from "../../services/vfs/drivers/echo.ts";
import { createKernel } from "../../services/vfs/kernel.ts";
import { sysRead } from "../../services/vfs/calls/read.ts";
import { sysWrite } from "../../services/vfs/calls/write.ts";
import { OpenFile } from "../../services/vfs/model/open-file.ts";
import { manualClock } from "../kit.ts";
import { bootVfs, bootKit, lost, refused, returned, type Node, type TaskCalls } from "./harness.ts";

const { ECHO_IOC_COUNT, ECHO_IOC_FLUSH } = ECHO;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function booted(): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const node = bootVfs();
  await node.as("a").spawn();
  node.story();
  return { node, a: node.as("a") };
}

const read = async (node: Node, fd: number, count: number): Promise<string> => {
  const result = await node.call(outermost("a"), "sys_read", { fd, count });
  return typeof result === "string" ? result : new TextDecoder().decode(result.data);
};

describe("/dev/echo", () => {
  test("what is written to a file can be read from it, in order, and from no other file", async () => {
    const { node, a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    await a.open("/dev/echo", O.O_RDWR);
    expect(await a.write(0, "abc")).toBe(3);
    expect(await a.write(0, "def")).toBe(3);
    expect(await a.ioctl(0, ECHO_IOC_COUNT)).toBe(6);
    expect(await read(node, 0, 4)).toBe("abcd");
    expect(await read(node, 1, 4)).toBe("EAGAIN");
    expect(await read(node, 0, 4)).toBe("ef");
    expect(await read(node, 0, 4)).toBe("EAGAIN");
    expect(await read(node, 0, 0)).toBe("");
  });

  test("it holds so much and no more: a short write, then EAGAIN, then room again", async () => {
    const { node, a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    expect(await a.write(0, "x".repeat(LIMITS.echoBytesMax - 2))).toBe(LIMITS.echoBytesMax - 2);
    expect(await a.write(0, "yyy")).toBe(2);
    expect(await a.write(0, "z")).toBe("EAGAIN");
    expect(await a.write(0, "")).toBe(0);
    await read(node, 0, 1);
    expect(await a.write(0, "z")).toBe(1);
    expect(await a.ioctl(0, ECHO_IOC_FLUSH)).toBe(0);
    expect(await a.ioctl(0, ECHO_IOC_COUNT)).toBe(0);
    expect(await a.ioctl(0, 1)).toBe("ENOTTY");
    expect(node.hooks().filter((hook) => !hook.startsWith("install"))).toEqual([]);
  });
});

test("an echo device forgets a file's bytes when the file is released", async () => {
  const driver = echoDriver(manualClock());
  const context = outermost("a");
  const file = new OpenFile(1, "/dev/echo", O.O_RDWR, 0);
  await driver.open(context, file);
  await driver.write(context, file, bytes("abc"));
  await driver.release(context, file);
  await expect(driver.read(context, file, 3)).rejects.toThrow("file 1 has its queue from open to release");
});

test("/dev/null is always at its end and takes everything", async () => {
  const { node, a } = await booted();
  await a.open("/dev/null", O.O_RDWR);
  expect(await read(node, 0, 10)).toBe("");
  expect(await a.write(0, "gone")).toBe(4);
});

test("a driver that has neither read nor write: EINVAL", async () => {
  const node = bootVfs();
  const kernel = createKernel(bootKit("documented", node.log), node.asHooks, 1);
  const mute = { open: async () => ok(0), release: async () => {} };
  const table = kernel.tasks.newTable();
  const task = kernel.tasks.add("a", table);
  table.place(0, new OpenFile(1, "/dev/null", O.O_RDWR, 0), false);
  const current = { task, table, context: outermost("a") };
  const without = { ...kernel, drivers: { ...kernel.drivers, null: mute } };
  expect(await sysRead(without, current, { fd: 0, count: 1 })).toEqual({ ok: false, errno: "EINVAL" });
  expect(await sysWrite(without, current, { fd: 0, data: bytes("x") })).toEqual({ ok: false, errno: "EINVAL" });
});

describe("/dev/oobecho", () => {
  test("the in-band half asks the core for the bytes that both stages share", async () => {
    const { node, a } = await booted();
    node.answer("oob_driver_io", ({ operation, data, cmd }) =>
      returned<"oob_driver_io">({
        data: operation === "read" ? bytes("from the core") : bytes(""),
        value: operation === "write" ? data.length : cmd,
      }),
    );
    await a.open("/dev/oobecho", O.O_RDWR);
    node.story();
    expect(await read(node, 0, 99)).toBe("from the core");
    expect(await a.write(0, "four")).toBe(4);
    expect(await a.ioctl(0, 7)).toBe(7);
    expect(node.story()).toEqual([
      "oob_driver_io file=1 oob_data=101 operation=read data= count=99 cmd=0 arg=0 by a/1",
      "oob_driver_io file=1 oob_data=101 operation=write data=four count=0 cmd=0 arg=0 by a/1",
      "oob_driver_io file=1 oob_data=101 operation=ioctl data= count=0 cmd=7 arg=0 by a/1",
    ]);
  });

  test("a core without such a half (ENOIOCTLCMD) leaves the request to the in-band half", async () => {
    const { node, a } = await booted();
    await a.open("/dev/oobecho", O.O_RDWR);
    expect(await a.write(0, "abc")).toBe(3);
    expect(await a.ioctl(0, ECHO_IOC_COUNT)).toBe(3);
    expect(await read(node, 0, 9)).toBe("abc");
    // What the in-band half does not know either is ENOTTY: ENOIOCTLCMD never reaches a task.
    expect(await a.ioctl(0, 7)).toBe("ENOTTY");
  });

  test("without a context the core is never asked, not even at the release", async () => {
    const { node, a } = await booted();
    node.answer("oob_open_file", () => returned<"oob_open_file">({ oob_data: 0 }));
    await a.open("/dev/oobecho", O.O_RDWR);
    await a.write(0, "abc");
    expect(await read(node, 0, 9)).toBe("abc");
    await a.close(0);
    expect(node.story("oob_driver_io", "oob_release_file", "file_release")).toEqual([
      "file_release file=1 dev=/dev/oobecho oob_data=0",
    ]);
  });

  test.each(["EAGAIN", "EIDRM", "ENOTTY"] as const)("what the core refuses reaches the task: %s", async (errno) => {
    const { node, a } = await booted();
    await a.open("/dev/oobecho", O.O_RDWR);
    node.answer("oob_driver_io", () => refused(errno));
    expect([await a.read(0, 1), await a.write(0, "x"), await a.ioctl(0, 1)]).toEqual([errno, errno, errno]);
  });

  test("when the core's answer is lost the call fails with EIO", async () => {
    const { node, a } = await booted();
    await a.open("/dev/oobecho", O.O_RDWR);
    node.answer("oob_driver_io", () => lost);
    expect([await a.read(0, 1), await a.write(0, "x"), await a.ioctl(0, 1)]).toEqual(["EIO", "EIO", "EIO"]);
  });
});

describe("a driver's open that fails", () => {
  test("refused by the core: the errno reaches the task, the descriptor is put back, nothing is installed", async () => {
    const { node, a } = await booted();
    node.answer("oob_open_file", () => refused("ENOMEM"));
    expect(await a.open("/dev/oobecho", O.O_RDWR)).toBe("ENOMEM");
    expect(node.story()).toEqual([
      "fd_reserve files=1 fd=0",
      `oob_open_file file=1 dev=/dev/oobecho flags=${O.O_RDWR} by a/1`,
      "fd_unreserve files=1 fd=0 errno=ENOMEM",
    ]);
    expect(node.files()).toEqual([]);
    // The file's number is not used again.
    expect(await a.open("/dev/null", O.O_RDWR)).toBe(0);
    expect(node.files()[0]?.file).toBe(2);
  });

  test("lost: EIO, and the core, which may have made a context, is told to release it", async () => {
    const { node, a } = await booted();
    node.answer("oob_open_file", () => lost);
    expect(await a.open("/dev/oobecho", O.O_RDWR)).toBe("EIO");
    expect(node.story()).toEqual([
      "fd_reserve files=1 fd=0",
      `oob_open_file file=1 dev=/dev/oobecho flags=${O.O_RDWR} by a/1`,
      "compensate file=1 undoes=oob_open_file why=timeout",
      "oob_release_file file=1 oob_data=0 by a/1",
      "fd_unreserve files=1 fd=0 errno=EIO",
    ]);
  });

  test("rejected on the road: no core has heard of it, so there is nothing to compensate", async () => {
    const { node, a } = await booted();
    node.answer("oob_open_file", () => ({ kind: "lost", why: "rejected" }));
    expect(await a.open("/dev/oobecho", O.O_RDWR)).toBe("EIO");
    expect(node.story("compensate", "oob_release_file")).toEqual([]);
  });
});

test("void hooks that are lost change nothing for the task", async () => {
  const { node, a } = await booted();
  for (const point of [
    "install_inband_fd",
    "replace_inband_fd",
    "uninstall_inband_fd",
    "oob_release_file",
    "inband_event_notify",
  ] as const) {
    node.answer(point, () => lost);
  }
  expect(await a.open("/dev/oobecho", O.O_RDWR | O.O_CLOEXEC)).toBe(0);
  expect(await a.dup(0)).toBe(1);
  expect(await a.dup2(0, 1)).toBe(1);
  expect(await a.exec()).toBe(1);
  expect(await a.close(1)).toBe(0);
  expect(await a.exit()).toBe(0);
  expect(node.story("file_release", "files_exit")).toEqual([
    "file_release file=1 dev=/dev/oobecho oob_data=101",
    "files_exit files=1",
  ]);
});

test("F_SETFL tells the core the flags of a file that is its business, and of no other", async () => {
  const { node, a } = await booted();
  await a.open("/dev/oobecho", O.O_RDWR);
  await a.open("/dev/null", O.O_RDWR);
  node.story();
  for (const fd of [0, 1]) expect(await a.fcntl(fd, F.F_SETFL, O.O_NONBLOCK)).toBe(0);
  await a.fcntl(0, F.F_SETFL, O.O_NONBLOCK);
  expect(node.story()).toEqual([
    "file_flags file=1 flags=O_RDWR|O_NONBLOCK",
    "oob_file_flags file=1 oob_data=101 flags=2050 by a/1",
    "file_flags file=2 flags=O_RDWR|O_NONBLOCK",
  ]);
});
