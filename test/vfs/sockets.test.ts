import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { AF, CAP, MSG, O, POLL, SHUT, SOCK } from "../../services/abi/flags.ts";
import type { PointArgs, PointName } from "../../services/abi/contract.generated.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { settled } from "../kit.ts";
import { bootVfs, lost, refused, returned, type Node, type TaskCalls } from "./harness.ts";

const { AF_INET, AF_PACKET } = AF;
const { SOCK_DGRAM, SOCK_RAW, SOCK_OOB, SOCK_CLOEXEC, SOCK_NONBLOCK } = SOCK;
const { POLLIN, POLLOUT } = POLL;

async function booted(profile?: Profile): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const node = bootVfs(profile);
  await node.as("a").spawn();
  node.story();
  return { node, a: node.as("a") };
}

/** A task with an out-of-band socket at 0. */
async function withSocket(): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const { node, a } = await booted();
  await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB);
  node.story();
  return { node, a };
}

/** What a point was told last. */
const toldTo = (node: Node, point: PointName) => node.journal.findLast((one) => one.point === point)?.args;

describe("socket(2)", () => {
  test.each(["documented", "as-implemented"] as const)(
    "creates, reserves, attaches, and only then publishes (%s)",
    async (profile) => {
      const { node, a } = await booted(profile);
      expect(await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB, 17)).toBe(0);
      const lock = profile === "documented" ? " under files.file_lock:1" : "";
      expect(node.story()).toEqual([
        "sock_create family=2 type=2 protocol=17 kern=false cap_net_raw=true file=1 by a/1",
        "fd_reserve files=1 fd=0",
        "sock_map_file sock=1 file=1 flags=0 oob=true by a/1",
        "file_create file=1 dev=socket:[1] flags=O_RDWR oob_data=101",
        "fd_publish files=1 fd=0 file=1 oob_data=101 close_on_exec=false",
        `install_inband_fd fd=0 file=1 oob_data=101 files=1${lock} by a/1`,
      ]);
    },
  );

  test("without SOCK_OOB the file has no out-of-band context, whatever the in-band stack says", async () => {
    const { node, a } = await booted();
    node.answer("sock_map_file", () => returned<"sock_map_file">({ oob_data: 77 }));
    expect(await a.socket(AF_INET, SOCK_DGRAM)).toBe(0);
    expect(toldTo(node, "sock_map_file")?.["oob"]).toBe(false);
    expect(node.files()).toMatchObject([{ dev: "socket:[1]", oob_data: 0 }]);
  });

  test("SOCK_NONBLOCK becomes O_NONBLOCK of the file, SOCK_CLOEXEC close-on-exec of the descriptor", async () => {
    const { node, a } = await booted();
    await a.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
    expect(toldTo(node, "sock_map_file")?.["flags"]).toBe(O.O_NONBLOCK);
    expect(node.files()).toMatchObject([{ flags: O.O_RDWR | O.O_NONBLOCK, close_on_exec: true }]);
  });

  test.each([0x10, 0x80000000, O.O_APPEND])("the unknown flag %d: EINVAL before anything happens", async (flag) => {
    const { node, a } = await booted();
    expect(await a.socket(AF_INET, SOCK_DGRAM + flag)).toBe("EINVAL");
    expect(node.story()).toEqual([]);
  });

  test("the in-band stack refuses: its errno, no descriptor is taken, the core is not asked", async () => {
    const { node, a } = await booted();
    node.answer("sock_create", () => refused("EAFNOSUPPORT"));
    expect(await a.socket(AF.PF_OOB, SOCK_RAW | SOCK_OOB)).toBe("EAFNOSUPPORT");
    expect(node.story().map((line) => line.split(" ")[0])).toEqual(["sock_create"]);
  });

  test("there is no network stack, and the empty definition answers: EAFNOSUPPORT", async () => {
    const { node, a } = await booted();
    node.answer("sock_create", () => returned<"sock_create">({ sock: 0, sk: 0 }));
    expect(await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB)).toBe("EAFNOSUPPORT");
    expect(node.files()).toEqual([]);
  });

  test("the creation's answer is lost: EIO, and what may have been made is closed by the file that it was for", async () => {
    const { node, a } = await booted();
    node.answer("sock_create", () => lost);
    expect(await a.socket(AF_INET, SOCK_DGRAM)).toBe("EIO");
    expect(node.story("compensate", "sock_close", "fd_reserve")).toEqual([
      "compensate file=1 undoes=sock_create why=timeout",
      "sock_close sock=0 file=1 by a/1",
    ]);
  });

  test("no descriptor is free: EMFILE after the creation, and the socket is closed without an attachment", async () => {
    const { node, a } = await booted();
    await a.prlimit(1);
    await a.open("/dev/null", O.O_RDWR);
    node.story();
    expect(await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB)).toBe("EMFILE");
    expect(node.hooks()).toEqual([
      "sock_create family=2 type=2 protocol=0 kern=false cap_net_raw=true file=2 by a/1",
      "sock_close sock=1 file=2 by a/1",
    ]);
  });

  test("the core refuses to attach: the descriptor is given back, the socket closed, the call fails", async () => {
    const { node, a } = await booted();
    node.answer("sock_map_file", () => refused("EPROTONOSUPPORT"));
    expect(await a.socket(AF_INET, SOCK_RAW | SOCK_OOB)).toBe("EPROTONOSUPPORT");
    expect(node.story().slice(1)).toEqual([
      "fd_reserve files=1 fd=0",
      "sock_map_file sock=1 file=1 flags=0 oob=true by a/1",
      "fd_unreserve files=1 fd=0 errno=EPROTONOSUPPORT",
      "sock_close sock=1 file=1 by a/1",
    ]);
    expect(node.files()).toEqual([]);
    expect(await a.open("/dev/null", O.O_RDWR)).toBe(0);
  });

  test("the attachment's answer is lost: EIO, and closing the socket makes both sides agree", async () => {
    const { node, a } = await booted();
    node.answer("sock_map_file", () => lost);
    expect(await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB)).toBe("EIO");
    expect(node.story("compensate", "fd_unreserve", "sock_close")).toEqual([
      "compensate file=1 undoes=sock_map_file why=timeout",
      "fd_unreserve files=1 fd=0 errno=EIO",
      "sock_close sock=1 file=1 by a/1",
    ]);
  });

  test("an attachment that was rejected on the road needs no compensation, but the socket is closed", async () => {
    const { node, a } = await booted();
    node.answer("sock_map_file", () => ({ kind: "lost", why: "rejected" }));
    expect(await a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB)).toBe("EIO");
    expect(node.story("compensate", "sock_close")).toEqual(["sock_close sock=1 file=1 by a/1"]);
  });

  test("while the core attaches, nobody can use the descriptor or get it", async () => {
    const { node, a } = await booted();
    await a.clone("b");
    const b = node.as("b");
    const { arrived, go } = node.stop("sock_map_file");
    const making = a.socket(AF_INET, SOCK_DGRAM | SOCK_OOB);
    await arrived;
    expect(await b.recvfrom(0, 1)).toBe("EBADF");
    expect(await b.open("/dev/null", O.O_RDWR)).toBe(1);
    expect(await b.dup2(1, 0)).toBe("EBUSY");
    go();
    expect(await making).toBe(0);
    expect(await b.recvfrom(0, 9)).toBe(4);
  });
});

describe("the other ways to a socket", () => {
  test("io_uring accepts SOCK_OOB and makes a plain socket", async () => {
    const { node, a } = await booted();
    expect(await a.ioUringSocket(AF_INET, SOCK_DGRAM | SOCK_OOB | SOCK_CLOEXEC)).toBe(0);
    expect(toldTo(node, "sock_map_file")?.["oob"]).toBe(false);
    expect(node.files()).toMatchObject([{ oob_data: 0, close_on_exec: true }]);
    expect(await a.ioUringSocket(AF_INET, SOCK_DGRAM | 0x10)).toBe("EINVAL");
  });

  test("socketpair: SOCK_OOB is EINVAL at once, else the creation's errno, else no family can", async () => {
    const { node, a } = await booted();
    expect(await a.socketpair(AF_INET, SOCK_DGRAM | SOCK_OOB)).toBe("EINVAL");
    expect(node.story()).toEqual([]);
    expect(await a.socketpair(AF_INET, SOCK_DGRAM)).toBe("EOPNOTSUPP");
    expect(node.hooks().at(-1)).toBe("sock_close sock=1 file=1 by a/1");
    node.answer("sock_create", () => refused("EAFNOSUPPORT"));
    expect(await a.socketpair(AF.AF_UNIX, SOCK_DGRAM)).toBe("EAFNOSUPPORT");
    expect(node.files()).toEqual([]);
  });

  test("an accepted socket is never out-of-band capable, and tells its peer", async () => {
    const { node, a } = await withSocket();
    expect(await a.accept4(0, SOCK_CLOEXEC | SOCK_NONBLOCK)).toBe(1);
    expect(node.hooks()).toEqual([
      "sock_accept sock=1 flags=2 file=2 by a/1",
      `sock_map_file sock=2 file=2 flags=${O.O_NONBLOCK} oob=false by a/1`,
      "install_inband_fd fd=1 file=2 oob_data=0 files=1 under files.file_lock:1 by a/1",
    ]);
    expect(node.files()[1]).toMatchObject({ dev: "socket:[2]", oob_data: 0, close_on_exec: true });
    const accepted = await node.call(outermost("a"), "sys_accept4", { fd: 0, flags: 0 });
    expect(accepted).toMatchObject({ fd: 2, addr: expect.any(Uint8Array) });
  });

  test("accept4 looks at the descriptor, the flags, the limit and the socket, in this order", async () => {
    const { node, a } = await booted();
    expect(await a.accept4(5, SOCK_OOB)).toBe("EBADF");
    await a.open("/dev/null", O.O_RDWR);
    expect(await a.accept4(0, SOCK_OOB)).toBe("EINVAL");
    expect(await a.accept4(0, SOCK_DGRAM)).toBe("EINVAL");
    expect(await a.accept4(0)).toBe("ENOTSOCK");
    await a.prlimit(1);
    expect(await a.accept4(0)).toBe("EMFILE");
    expect(node.files()).toHaveLength(1);
  });

  test("what goes wrong in accept4 gives the descriptor back, and closes the socket that there is", async () => {
    const { node, a } = await withSocket();
    node.answer("sock_accept", () => refused("EOPNOTSUPP"));
    expect(await a.accept4(0)).toBe("EOPNOTSUPP");
    expect(node.story("fd_unreserve", "sock_close")).toEqual(["fd_unreserve files=1 fd=1 errno=EOPNOTSUPP"]);
    node.answer("sock_accept", () => returned<"sock_accept">({ newsock: 0, addr: new Uint8Array(0) }));
    expect(await a.accept4(0)).toBe("EOPNOTSUPP");
    expect(node.story("fd_unreserve", "sock_close")).toEqual(["fd_unreserve files=1 fd=1 errno=EOPNOTSUPP"]);
    node.answer("sock_accept", () => returned<"sock_accept">({ newsock: 9, addr: new Uint8Array(0) }));
    node.answer("sock_map_file", () => lost);
    expect(await a.accept4(0)).toBe("EIO");
    expect(node.story("fd_unreserve", "sock_close")).toEqual([
      "fd_unreserve files=1 fd=1 errno=EIO",
      "sock_close sock=9 file=4 by a/1",
    ]);
  });
});

/** Each call that takes a descriptor of a socket, and the point that it asks. */
const CALLS: readonly (readonly [PointName, PointName, (a: TaskCalls, fd: number) => Promise<unknown>])[] = [
  ["sys_bind", "sock_bind", (a, fd) => a.bind(fd, "10.0.0.1:7000")],
  ["sys_connect", "sock_connect", (a, fd) => a.connect(fd, "10.0.0.2:7000")],
  ["sys_listen", "sock_listen", (a, fd) => a.listen(fd)],
  ["sys_accept4", "sock_accept", (a, fd) => a.accept4(fd)],
  ["sys_shutdown", "sock_shutdown", (a, fd) => a.shutdown(fd, SHUT.SHUT_WR)],
  ["sys_sendto", "sock_sendmsg", (a, fd) => a.sendto(fd, "hello", 0, "10.0.0.2:7000")],
  ["sys_recvfrom", "sock_recvmsg", (a, fd) => a.recvfrom(fd, 99)],
  ["sys_getsockname", "sock_getname", (a, fd) => a.getsockname(fd)],
  ["sys_getpeername", "sock_getname", (a, fd) => a.getpeername(fd)],
  ["sys_setsockopt", "sock_setsockopt", (a, fd) => a.setsockopt(fd, 2, 1)],
  ["sys_getsockopt", "sock_getsockopt", (a, fd) => a.getsockopt(fd, 2)],
];

describe.each(CALLS)("%s", (_, point, make) => {
  test("is EBADF for what is no descriptor, and ENOTSOCK for what is no socket", async () => {
    const { node, a } = await booted();
    expect(await make(a, 0)).toBe("EBADF");
    await a.open("/dev/oobecho", O.O_RDWR);
    expect(await make(a, 0)).toBe("ENOTSOCK");
    expect(node.hooks().filter((line) => line.startsWith("sock_"))).toEqual([]);
  });

  test("answers what the in-band stack does: a value, an errno, and EIO for silence", async () => {
    const { node, a } = await withSocket();
    const value = await make(a, 0);
    expect(typeof value).toBe("number");
    expect(toldTo(node, point)?.["sock"]).toBe(1);
    node.answer(point as "sock_bind", () => refused("EINVAL"));
    expect(await make(a, 0)).toBe("EINVAL");
    node.answer(point as "sock_bind", () => lost);
    expect(await make(a, 0)).toBe("EIO");
  });

  test("holds the file: a close meanwhile takes the descriptor, and the socket goes when the call ends", async () => {
    const { node, a } = await withSocket();
    await a.clone("b");
    const { arrived, go } = node.stop(point as "sock_bind");
    const calling = make(a, 0);
    await arrived;
    expect(await node.as("b").close(0)).toBe(0);
    expect(node.story("sock_close", "uninstall_inband_fd")).toHaveLength(1);
    go();
    expect(typeof (await calling)).toBe("number");
    expect(node.story("sock_close", "file_release").map((line) => line.split(" by ")[0])).toEqual([
      "sock_close sock=1 file=1",
      "file_release file=1 dev=socket:[1] oob_data=101",
    ]);
  });
});

describe("messages", () => {
  test("what is sent and what is asked for arrive as they were said", async () => {
    const { node, a } = await withSocket();
    expect(await a.sendto(0, "hello", MSG.MSG_DONTROUTE, "10.0.0.2:7000")).toBe(5);
    expect(toldTo(node, "sock_sendmsg")).toMatchObject({ sock: 1, data: "hello", flags: MSG.MSG_DONTROUTE });
    const received = await node.call(outermost("a"), "sys_recvfrom", { fd: 0, count: 99, flags: MSG.MSG_PEEK });
    expect(received).toMatchObject({ length: 4, flags: 0, data: new TextEncoder().encode("ping") });
    expect(toldTo(node, "sock_recvmsg")).toMatchObject({ sock: 1, count: 99, flags: MSG.MSG_PEEK });
  });

  test("O_NONBLOCK of the file, also one that was set later, is MSG_DONTWAIT of every message", async () => {
    const { node, a } = await withSocket();
    await a.fcntl(0, 4, O.O_NONBLOCK);
    for (const call of [a.sendto(0, "x"), a.write(0, "x")]) {
      expect(await call).toBe(1);
      expect(toldTo(node, "sock_sendmsg")?.["flags"]).toBe(MSG.MSG_DONTWAIT);
    }
    for (const call of [a.recvfrom(0, 9), a.read(0, 9)]) {
      expect(await call).toBe(4);
      expect(toldTo(node, "sock_recvmsg")?.["flags"]).toBe(MSG.MSG_DONTWAIT);
    }
    await a.connect(0, "10.0.0.2:7000");
    expect(toldTo(node, "sock_connect")?.["flags"]).toBe(O.O_RDWR | O.O_NONBLOCK);
  });

  test("read and write are receive and send to the peer; a read of nothing takes no message", async () => {
    const { node, a } = await withSocket();
    expect(await a.write(0, "four")).toBe(4);
    expect(toldTo(node, "sock_sendmsg")?.["addr"]).toBe("");
    expect(await a.read(0, 9)).toBe(4);
    node.story();
    expect(await a.read(0, 0)).toBe(0);
    expect(node.hooks()).toEqual([]);
    node.answer("sock_recvmsg", () => refused("EAGAIN"));
    expect(await a.read(0, 9)).toBe("EAGAIN");
    node.answer("sock_sendmsg", () => refused("EDESTADDRREQ"));
    expect(await a.write(0, "x")).toBe("EDESTADDRREQ");
  });

  test("an address that is longer than any: EINVAL here, also when the descriptor is right", async () => {
    const { node } = await withSocket();
    const args: PointArgs["sys_bind"] = { fd: 0, addr: new Uint8Array(129) };
    expect(await node.call(outermost("a"), "sys_bind", args)).toBe("EINVAL");
    expect(await node.call(outermost("a"), "sys_bind", { ...args, fd: 1 })).toBe("EBADF");
    expect(node.hooks()).toEqual([]);
    expect(await node.call(outermost("a"), "sys_bind", { fd: 0, addr: new Uint8Array(128) })).toEqual({});
  });
});

describe("ioctl(2) and poll(2)", () => {
  test("a command goes to the in-band stack with what its argument points to, and brings bytes back", async () => {
    const { node } = await withSocket();
    const data = new TextEncoder().encode("eth0");
    const answered = await node.call(outermost("a"), "sys_ioctl", { fd: 0, cmd: 7, arg: -1, data });
    expect(answered).toEqual({ value: 7, data });
    expect(toldTo(node, "sock_ioctl")).toEqual({ sock: 1, cmd: 7, arg: -1, data: "eth0" });
  });

  test("ENOIOCTLCMD never reaches a task", async () => {
    const { node, a } = await withSocket();
    node.answer("sock_ioctl", () => refused("ENOIOCTLCMD"));
    expect(await a.ioctl(0, 1)).toBe("ENOTTY");
    node.answer("sock_ioctl", () => lost);
    expect(await a.ioctl(0, 1)).toBe("EIO");
  });

  test("a socket is waited for in the in-band stack", async () => {
    const { node, a } = await withSocket();
    expect(await a.poll(0, POLLIN, 5e6)).toBe(POLLIN);
    expect(node.hooks()).toEqual([`sock_poll sock=1 events=${POLLIN} timeout_ns=5000000 by a/1`]);
    node.answer("sock_poll", () => lost);
    expect(await a.poll(0, POLLIN)).toBe("EIO");
    expect(await a.poll(3, POLLIN)).toBe("EBADF");
  });
});

describe("the end of a socket", () => {
  test("the last close tells the core, clears the slot first, and waits for the in-band stack", async () => {
    const { node, a } = await withSocket();
    const { arrived, go } = node.stop("sock_close");
    let ended = false;
    const closing = a.close(0).then(() => (ended = true));
    await arrived;
    expect(node.story()).toEqual([
      "fd_clear files=1 fd=0 file=1 references=0",
      "uninstall_inband_fd fd=0 file=1 oob_data=101 files=1 under files.file_lock:1 by a/1",
      "sock_close sock=1 file=1 by a/1",
    ]);
    await settled();
    expect(ended).toBe(false);
    go();
    await closing;
    expect(node.story()).toEqual(["file_release file=1 dev=socket:[1] oob_data=101"]);
  });

  test("dup, fork and pidfd_getfd share one socket: it is closed once, by the last of them", async () => {
    const { node, a } = await withSocket();
    await a.dup(0);
    await a.fork("b");
    const c = node.as("c");
    await c.spawn();
    expect(await c.getfdOf("a", 1)).toBe(0);
    await a.exit();
    await node.as("b").close(0);
    await node.as("b").close(1);
    expect(node.story("sock_close")).toEqual([]);
    expect(await c.sendto(0, "still")).toBe(5);
    await c.close(0);
    expect(node.story("sock_close").map((line) => line.split(" by ")[0])).toEqual(["sock_close sock=1 file=1"]);
  });

  test("a lost sock_close changes nothing for the task", async () => {
    const { node, a } = await withSocket();
    node.answer("sock_close", () => lost);
    expect(await a.close(0)).toBe(0);
    expect(node.files()).toEqual([]);
  });
});

describe("capset(2)", () => {
  const netRaw = (node: Node): unknown => toldTo(node, "sock_create")?.["cap_net_raw"];

  test("a task starts with all, drops for good, and its children inherit what is left", async () => {
    const { node, a } = await booted();
    await a.fork("before");
    expect(await a.capset(CAP.CAP_NET_RAW)).toBe(0);
    expect(node.story("capset")).toEqual([`capset task=a drop=${CAP.CAP_NET_RAW}`]);
    await a.socket(AF_PACKET, SOCK_RAW);
    expect(netRaw(node)).toBe(false);
    await a.fork("after");
    await a.exec();
    for (const [task, has] of [
      ["before", true],
      ["after", false],
      ["a", false],
    ] as const) {
      await node.as(task).socket(AF_PACKET, SOCK_RAW);
      expect([task, netRaw(node)]).toEqual([task, has]);
    }
  });

  test("other capabilities leave this one alone; a bit that is none is EINVAL and drops nothing", async () => {
    const { node, a } = await booted();
    expect(await a.capset(CAP.CAP_SYS_NICE + 2 ** 40)).toBe(0);
    expect(await a.capset(CAP.CAP_NET_RAW + 2 ** 41)).toBe("EINVAL");
    await a.socket(AF_PACKET, SOCK_RAW);
    expect(netRaw(node)).toBe(true);
  });
});

describe("poll(2) of devices", () => {
  test("an echo device is ready when there are bytes, and when there is room", async () => {
    const { a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    expect(await a.poll(0, POLLIN | POLLOUT)).toBe(POLLOUT);
    await a.write(0, "x");
    expect(await a.poll(0, POLLIN | POLLOUT)).toBe(POLLIN | POLLOUT);
    await a.write(0, "x".repeat(70_000));
    expect(await a.poll(0, POLLIN | POLLOUT)).toBe(POLLIN);
  });

  test("who waits for bytes is woken by a write, not before", async () => {
    const { node, a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    await a.clone("b");
    let seen: unknown;
    const polling = a.poll(0, POLLIN).then((revents) => (seen = revents));
    await node.as("b").read(0, 1);
    await node.clock.advance(1e12);
    expect(seen).toBeUndefined();
    await node.as("b").write(0, "x");
    await polling;
    expect(seen).toBe(POLLIN);
  });

  test("who was woken in time leaves no timer behind", async () => {
    const { node, a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    await a.clone("b");
    const polling = a.poll(0, POLLIN, 1000);
    await settled();
    expect(node.clock.pending()).toBe(1);
    await node.as("b").write(0, "x");
    expect(await polling).toBe(POLLIN);
    expect(node.clock.pending()).toBe(0);
  });

  test("the time is over first: no event, and nobody waits any more", async () => {
    const { node, a } = await booted();
    await a.open("/dev/echo", O.O_RDWR);
    let seen: unknown;
    const polling = a.poll(0, POLLIN, 1000).then((revents) => (seen = revents));
    await node.clock.advance(999);
    expect(seen).toBeUndefined();
    await node.clock.advance(1);
    await polling;
    expect(seen).toBe(0);
  });

  test("a device without a poll of its own is always ready", async () => {
    const { a } = await booted();
    await a.open("/dev/null", O.O_RDWR);
    expect(await a.poll(0, POLLIN)).toBe(POLLIN);
  });
});
