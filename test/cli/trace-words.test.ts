import { describe, expect, test } from "@jest/globals";
import { draw, tree } from "./drawing.ts";
import { createRecorder } from "./recorder.ts";

describe("flags, commands and data in words", () => {
  const said = (...call: Parameters<ReturnType<typeof createRecorder>["call"]>): string => {
    const r = createRecorder();
    r.call(...call);
    return tree(r.events).join("\n");
  };

  test.each([
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 1030, arg: 10 }, { ending: { ret: 10 }, gives: { value: 10 } }),
      "fcntl(3, F_DUPFD_CLOEXEC, 10) = 10",
    ],
    [said("sys_fcntl", 0, { fd: 3, cmd: 2, arg: 1 }), "fcntl(3, F_SETFD, FD_CLOEXEC) = 0"],
    [said("sys_fcntl", 0, { fd: 3, cmd: 4, arg: 0o4000 }), "fcntl(3, F_SETFL, O_NONBLOCK) = 0"],
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 1, arg: 0 }, { ending: { ret: 1 }, gives: { value: 1 } }),
      "fcntl(3, F_GETFD) = FD_CLOEXEC",
    ],
    [
      said("sys_fcntl", 0, { fd: 3, cmd: 3, arg: 0 }, { ending: { ret: 2 }, gives: { value: 2 } }),
      "fcntl(3, F_GETFL) = O_RDWR",
    ],
    [
      said("sys_dup3", 0, { fd: 3, newfd: 7, flags: 0o2000000 }, { ending: { ret: 7 }, gives: { fd: 7 } }),
      "dup3(3, 7, O_CLOEXEC) = 7",
    ],
    [
      said("sys_close_range", 0, { first: 3, last: 0xffffffff, flags: 6 }, { gives: { files: 2 } }),
      "close_range(3, ~0U, CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC) = 0 files=2",
    ],
    [said("sys_ioctl", 0, { fd: 3, cmd: 0x6502, arg: 0 }), "ioctl(3, ECHO_IOC_FLUSH, 0) = 0"],
    [
      said("oob_ioctl", 0, { fd: 3, cmd: 0x5401, arg: 0 }, { ending: { ret: -25 } }),
      "oob_ioctl(3, 0x5401, 0) = -ENOTTY",
    ],
    [
      said("oob_poll", 0, { fd: 3, events: 5, timeout_ns: 0 }, { ending: { ret: 32 }, gives: { revents: 32 } }),
      "oob_poll(3, POLLIN|POLLOUT, forever) = POLLNVAL",
    ],
    [
      said(
        "sys_fork",
        0,
        { child: "kid", flags: 0x400 },
        { ending: { ret: 2 }, gives: { pid: 2, files: 1, child: "kid" } },
      ),
      "fork(kid, CLONE_FILES) = 2 files=1",
    ],
    [said("sys_exit", 0, { reaper: "" }), "exit() = 0"],
    [
      said(
        "netif_deliver_oob",
        0,
        { dev: "eth0", frame: 7, data: "\x1b[2J" },
        { ending: { ret: 1 }, gives: { taken: true } },
      ),
      'netif_deliver_oob(dev="eth0", frame=7, data="\\u001b[2J") = true',
    ],
  ])("%s", (line, wanted) => {
    expect(line).toBe(wanted);
  });

  test("no text from outside can steer the terminal", () => {
    const r = createRecorder();
    r.call("sys_open", 0, { path: "/dev/\x1b]0;title\x07\x9b31m\u202e", flags: 0 });
    r.fact("vfs", "task_create", 0, { task: "a\x1b[31m" });
    const text = draw(r.events, 140).join("\n");
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
});
