import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { AF, ETH_P, EVL_SOCKIOC, IPPROTO, MSG, O, OOBPROTO, POLL, SHUT, SIOC, SOCK } from "../../services/abi/flags.ts";
import { NO_BYTES } from "../../services/abi/packet/bytes.ts";
import type { Hooks } from "../../services/boundary/hooks.ts";
import { drained, outcomeOf } from "./harness.ts";
import { createNetStory, frame, sockaddr, utf8, type NetOptions, type NetStory } from "./net-harness.ts";

const ECHO = { family: AF.PF_OOB, type: SOCK.SOCK_DGRAM, protocol: OOBPROTO.OOBPROTO_ECHO };
const PACKET = { family: AF.AF_PACKET, type: SOCK.SOCK_RAW };

/** A core with a port on eth0 and a UDP socket as descriptor 5, bound to 10.0.0.1:7000. */
async function bound(options?: NetOptions, flags?: number): Promise<NetStory> {
  const story = await createNetStory(options);
  await story.port("eth0");
  await story.udp(5, "10.0.0.1:7000", flags);
  story.record.length = 0;
  return story;
}

describe("attach", () => {
  test.each([
    ["AF_INET, SOCK_DGRAM, 0", { family: AF.AF_INET, type: SOCK.SOCK_DGRAM, protocol: 0 }, "ok"],
    ["AF_INET, SOCK_DGRAM, UDP", { family: AF.AF_INET, type: SOCK.SOCK_DGRAM, protocol: IPPROTO.IPPROTO_UDP }, "ok"],
    ["UDP as SOCK_RAW", { family: AF.AF_INET, type: SOCK.SOCK_RAW, protocol: IPPROTO.IPPROTO_UDP }, "ESOCKTNOSUPPORT"],
    ["TCP", { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol: IPPROTO.IPPROTO_TCP }, "EPROTONOSUPPORT"],
    ["ICMP", { family: AF.AF_INET, type: SOCK.SOCK_RAW, protocol: IPPROTO.IPPROTO_ICMP }, "EPROTONOSUPPORT"],
    ["AF_PACKET, SOCK_RAW, 0", { ...PACKET, protocol: 0 }, "ok"],
    ["AF_PACKET, SOCK_RAW, ETH_P_ALL", { ...PACKET, protocol: ETH_P.ETH_P_ALL }, "ok"],
    ["AF_PACKET for ARP", { ...PACKET, protocol: ETH_P.ETH_P_ARP }, "EPROTONOSUPPORT"],
    ["AF_PACKET, SOCK_DGRAM", { family: AF.AF_PACKET, type: SOCK.SOCK_DGRAM, protocol: 0 }, "ESOCKTNOSUPPORT"],
    ["PF_OOB, the registered domain", ECHO, "ok"],
    ["PF_OOB, another protocol", { ...ECHO, protocol: 9 }, "EPROTONOSUPPORT"],
    ["AF_UNIX", { family: AF.AF_UNIX, type: SOCK.SOCK_DGRAM, protocol: 0 }, "EPROTONOSUPPORT"],
    ["AF_INET6", { family: AF.AF_INET6, type: SOCK.SOCK_DGRAM, protocol: 0 }, "EPROTONOSUPPORT"],
  ])("%s", async (_what, of, errno) => {
    const story = await createNetStory();
    expect(await story.attach(5, of)).toBe(errno);
    expect(story.facts("sk_attach")).toHaveLength(errno === "ok" ? 1 : 0);
  });

  test("gives every socket a context of its own, by which its descriptors are indexed", async () => {
    const story = await createNetStory();
    await story.udp(5);
    await story.udp(6);
    expect(story.companion.listFiles().map(({ fd, dev, oob_data }) => [fd, dev, oob_data])).toEqual([
      [5, "socket:[5]", 1],
      [6, "socket:[6]", 2],
    ]);
  });

  test("a socket that is attached keeps its context and is told it again; one that was given up before its attach arrived is refused", async () => {
    const story = await createNetStory();
    await story.udp(5);
    expect(await story.attach(5)).toBe("ok");
    expect(story.facts("sk_attach")).toHaveLength(1);
    await story.release(6);
    expect(await story.attach(6)).toBe("ENOMEM");
    expect(story.facts("sk_unknown")).toEqual(["sk_unknown sk=0 file=6 hook=sock_oob_release oob_data=0"]);
  });
});

describe("release and destroy", () => {
  test("release goes by the file, sk may be stale; what it frees last is freed by destroy", async () => {
    const story = await bound();
    await story.release(5);
    expect(story.facts("sk_", "efile")).toEqual(["efile_free file=5 inside=0", "sk_release sk=5 file=5"]);
    await story.destroy(5);
    expect(story.facts("sk_destroy", "sk_free")).toEqual(["sk_destroy sk=5", "sk_free sk=5 refs=0"]);
  });

  test("a second destroy, and one of a socket that was never attached, are told and survived", async () => {
    const story = await bound();
    await story.release(5);
    for (const fd of [5, 5, 77]) await story.destroy(fd);
    expect(story.facts("sk_free", "sk_unknown")).toEqual([
      "sk_free sk=5 refs=0",
      "sk_unknown sk=5 hook=sock_oob_destroy oob_data=1",
      "sk_unknown sk=77 hook=sock_oob_destroy oob_data=0",
    ]);
  });

  test("a thread that waits for a datagram is not woken by the release, which waits for it", async () => {
    const story = await bound();
    const got = story.receive(5);
    await drained();
    const release = story.release(5);
    expect(await outcomeOf(release)).toBe("asleep");
    expect(await outcomeOf(got)).toBe("asleep");
    expect(story.facts("crossing_wait")).toHaveLength(1);
    await story.deliver(frame());
    expect(await got).toBe("ping from 10.0.0.2:9000");
    expect(await release).toBe("ok");
    expect(story.facts("sk_free")).toEqual([]);
  });

  test("destroy comes while a release still waits: the context goes with the last of them", async () => {
    const story = await bound();
    const got = story.receive(5);
    await drained();
    const release = story.release(5);
    await drained();
    await story.destroy(5);
    expect([await got, await release]).toEqual(["EIDRM", "ok"]);
    expect(story.facts("sk_")).toEqual(["sk_destroy sk=5", "sk_release sk=5 file=5", "sk_free sk=5 refs=0"]);
  });

  test("the echo protocol of PF_OOB does wake those who wait, and only destroy frees its context", async () => {
    const story = await createNetStory();
    await story.attach(5, ECHO);
    const got = story.receive(5);
    await drained();
    expect([await story.release(5), await got]).toEqual(["ok", "EIDRM"]);
    expect(story.facts("sk_free")).toEqual([]);
    await story.destroy(5);
    expect(story.facts("sk_free")).toEqual(["sk_free sk=5 refs=0"]);
  });

  test("from the release on the socket has no context: out-of-band calls and its ioctl say so", async () => {
    const story = await bound();
    await story.release(5);
    expect(await story.send(5, "x", "10.0.0.2:9000")).toBe("EBADF");
    const late = { file: 5, sk: 5, oob_data: 1, cmd: EVL_SOCKIOC.EVL_SOCKIOC_RECVMSG, arg: NO_BYTES };
    expect(await story.told("sock_oob_ioctl", late, outermost("rt", 1, "oob"))).toBe("EBADFD");
  });

  test("nothing arrives for a socket that is destroyed", async () => {
    const story = await bound();
    await story.release(5);
    await story.destroy(5);
    expect(await story.deliver(frame())).toBe(true);
    expect(story.facts("frame_end")).toEqual(["frame_end dev=eth0 frame=1 fate=oob_no_listener"]);
  });
});

describe("bind and connect", () => {
  test("PACKET takes exactly a sockaddr_ll, for IPv4 or everything, on any device or on a port", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    await story.attach(5, PACKET);
    expect(await story.bind(5, "packet/0/ETH_P_IP")).toBe("ok");
    expect(await story.bind(5, "packet/2/ETH_P_ALL")).toBe("ok");
    expect(await story.bind(5, "packet/3/ETH_P_ALL")).toBe("EINVAL");
    expect(await story.bind(5, "packet/2/ETH_P_ARP")).toBe("EINVAL");
    expect(await story.bind(5, "10.0.0.1:7000")).toBe("EINVAL");
    const long = new Uint8Array([...sockaddr("packet/2/ETH_P_IP"), 0]);
    expect(await story.told("sock_oob_bind", { sk: 5, oob_data: 1, addr: long, bound: long })).toBe("EINVAL");
  });

  test("UDP listens where the in-band stack has bound it, and a second bind takes the first one's place", async () => {
    const story = await bound();
    await story.bind(5, "10.0.0.1:0", "10.0.0.1:7001");
    await story.deliver(frame({ to: "10.0.0.1:7000" }));
    await story.deliver(frame({ to: "10.0.0.1:7001", text: "moved" }));
    expect(await story.receive(5)).toBe("moved from 10.0.0.2:9000");
    expect(story.facts("frame_end").map((line) => line.split("fate=")[1])).toEqual(["oob_no_listener", "oob_udp"]);
  });

  test("a connected socket hears its peer alone, until it is disconnected", async () => {
    const story = await bound();
    await story.connect(5, "10.0.0.2:9000", "10.0.0.1:7000");
    await story.deliver(frame({ from: "10.0.0.3:9000", text: "stranger" }));
    await story.deliver(frame({ text: "peer" }));
    expect(await story.receive(5)).toBe("peer from 10.0.0.2:9000");
    await story.connect(5, "unspec", "10.0.0.1:7000");
    await story.deliver(frame({ from: "10.0.0.3:9000", text: "stranger" }));
    expect(await story.receive(5)).toBe("stranger from 10.0.0.3:9000");
  });

  test("a socket that was bound by itself in connect gets no receive slot", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    await story.udp(5);
    await story.connect(5, "10.0.0.2:9000", "10.0.0.1:40000");
    await story.deliver(frame({ to: "10.0.0.1:40000" }));
    expect(await outcomeOf(story.receive(5, { flags: MSG.MSG_DONTWAIT }))).toBe("EAGAIN");
  });

  test("an unknown socket is refused, and told", async () => {
    const story = await createNetStory();
    expect(await story.bind(9, "10.0.0.1:7000")).toBe("EINVAL");
    expect(await story.connect(9, "10.0.0.1:7000")).toBe("EINVAL");
    expect(await story.shutdown(9, SHUT.SHUT_RD)).toBe("EINVAL");
    expect(story.facts("sk_unknown")).toHaveLength(3);
  });
});

describe("shutdown", () => {
  test.each([
    ["documented", 0],
    ["as-implemented", 1],
  ] as const)("%s: `how` begins with %s for the receive side (D4)", async (profile, rd) => {
    const story = await bound({ profile });
    expect(await story.shutdown(5, rd + SHUT.SHUT_RD)).toBe("ok");
    expect(story.companion.listNetwork().sockets[0]?.state).toEqual(["RCV_SHUTDOWN"]);
    await story.shutdown(5, rd + SHUT.SHUT_WR);
    expect(story.companion.listNetwork().sockets[0]?.state).toEqual(["RCV_SHUTDOWN", "SEND_SHUTDOWN"]);
    expect(await story.shutdown(5, rd + 3)).toBe("EINVAL");
  });

  test("the receive side: those who wait and those who come later get the end, and a poller sees it", async () => {
    const story = await bound();
    const [got, polled] = [story.receive(5), story.poll(5, POLL.POLLIN)];
    await drained();
    await story.shutdown(5, SHUT.SHUT_RD);
    expect([await got, await polled]).toEqual([" from nobody", POLL.POLLIN]);
    expect(await story.receive(5)).toBe(" from nobody");
    expect(await story.send(5, "x", "10.0.0.2:9000")).toBe("EINPROGRESS");
  });

  test("the send side alone: sending is EPIPE, a waiter gets the end, and nothing is received any more", async () => {
    const story = await bound();
    const got = story.receive(5);
    await drained();
    await story.shutdown(5, SHUT.SHUT_WR);
    expect(await got).toBe(" from nobody");
    expect(await story.send(5, "x", "10.0.0.2:9000")).toBe("EPIPE");
    await story.deliver(frame());
    expect(await story.receive(5, { flags: MSG.MSG_DONTWAIT })).toBe("EAGAIN");
  });

  test("what was queued is purged; both directions together hang up", async () => {
    const story = await bound();
    await story.deliver(frame());
    await story.shutdown(5, SHUT.SHUT_RDWR);
    expect(await story.receive(5)).toBe(" from nobody");
    expect(await story.poll(5, POLL.POLLOUT)).toBe(POLL.POLLHUP);
  });
});

describe("receiving", () => {
  test("a message that does not fit is cut, and its length is told", async () => {
    const story = await bound();
    await story.deliver(frame({ text: "0123456789" }));
    expect(await story.receive(5, { count: 4 })).toBe("0123 from 10.0.0.2:9000 (10 in all)");
  });

  test("only MSG_DONTWAIT is taken; MSG_PEEK is in the pages and refused by the code", async () => {
    const story = await bound();
    expect(await story.receive(5, { flags: MSG.MSG_PEEK })).toBe("EINVAL");
    expect(await story.receive(5, { flags: MSG.MSG_DONTWAIT })).toBe("EAGAIN");
  });

  test("a socket with O_NONBLOCK never waits", async () => {
    const story = await bound({}, O.O_NONBLOCK);
    expect(await outcomeOf(story.receive(5))).toBe("EAGAIN");
  });

  test("the time limit is a date; one that has passed ends the call at once, if it would have to wait", async () => {
    const story = await bound();
    story.clock.advance(1000);
    expect(await story.receive(5, { timeoutNs: 1000 })).toBe("ETIMEDOUT");
    const got = story.receive(5, { timeoutNs: 1500 });
    expect(await outcomeOf(got)).toBe("asleep");
    story.clock.advance(500);
    expect(await got).toBe("ETIMEDOUT");
    await story.deliver(frame());
    expect(await story.receive(5, { timeoutNs: 1 })).toBe("ping from 10.0.0.2:9000");
    expect(story.clock.pending).toBe(0);
  });

  test("a thread that is detached meanwhile gets EINTR; one that never attached EPERM", async () => {
    const story = await bound();
    const got = story.receive(5);
    await drained();
    await story.told("oob_detach_thread", {}, outermost("rt", 1));
    expect(await got).toBe("EINTR");
    expect(await story.receive(5)).toBe("EPERM");
  });

  test("oob_read takes a message as bytes; oob_write on UDP has no address to read", async () => {
    const story = await bound();
    const rt = outermost("rt", 1, "oob");
    await story.deliver(frame());
    expect(await story.call("oob_read", { fd: 5, count: 100 }, rt)).toEqual({
      ok: true,
      value: { data: utf8("ping") },
    });
    expect(await story.told("oob_write", { fd: 5, data: utf8("x") }, rt)).toBe("EFAULT");
    expect(await story.told("oob_write", { fd: 5, data: NO_BYTES }, rt)).toBe("ok");
  });

  test("what finds no room is dropped, counted, and ends so", async () => {
    const story = await bound();
    for (let n = 0; n < 825; n += 1) await story.deliver(frame());
    const [socket] = story.companion.listNetwork().sockets;
    expect(socket?.drops).toBe(825 - Math.ceil(212_992 / (256 + 4)));
    expect(story.facts("frame_end").at(-1)).toContain("fate=oob_no_room");
  });
});

describe("the crossing from the core to itself", () => {
  test("every message crosses sock_oob_ioctl with its file, its sk and its context", async () => {
    const seen: unknown[] = [];
    const story = await bound({
      hooks: {
        async sock_oob_ioctl(context, args) {
          seen.push([context.stage, args.file, args.sk, args.oob_data, args.cmd]);
          return { kind: "refused", errno: "ENOMEM" };
        },
      },
    });
    expect([await story.send(5, "x"), await story.receive(5)]).toEqual(["ENOMEM", "ENOMEM"]);
    expect(seen).toEqual([
      ["oob", 5, 5, 1, EVL_SOCKIOC.EVL_SOCKIOC_SENDMSG],
      ["oob", 5, 5, 1, EVL_SOCKIOC.EVL_SOCKIOC_RECVMSG],
    ]);
  });

  test("when its answer is lost the call ends with EIO, yet the release waits for what still works inside", async () => {
    let inner: Promise<unknown> | undefined;
    const lossy: Hooks<"companion">["sock_oob_ioctl"] = async (context, args) => {
      inner = Promise.resolve(story.companion.handlers.sock_oob_ioctl?.(args, context));
      await drained();
      return { kind: "lost", why: "timeout" };
    };
    const story: NetStory = await bound({ hooks: { sock_oob_ioctl: lossy } });
    expect(await story.receive(5)).toBe("EIO");
    const release = story.release(5);
    expect(await outcomeOf(release)).toBe("asleep");
    await story.deliver(frame());
    await inner;
    expect(await release).toBe("ok");
  });

  test("a crossing that arrives when its thread is detached does not fall asleep for it", async () => {
    const story: NetStory = await bound({
      hooks: {
        async sock_oob_ioctl(context, args) {
          await story.told("oob_detach_thread", {}, outermost("rt", 1));
          const answer = await story.companion.handlers.sock_oob_ioctl?.(args, context);
          return { kind: "refused", errno: answer === undefined || answer.ok ? "ENOTTY" : answer.errno };
        },
      },
    });
    expect(await outcomeOf(story.receive(5))).toBe("EINTR");
  });

  test("oob_ioctl crosses too: the message commands need a header, others are none; a file that is no socket has no messages", async () => {
    const story = await bound();
    const rt = outermost("rt", 1, "oob");
    const ioctl = (cmd: number): Promise<string> => story.told("oob_ioctl", { fd: 5, cmd, arg: 0 }, rt);
    expect(await ioctl(EVL_SOCKIOC.EVL_SOCKIOC_SENDMSG)).toBe("EFAULT");
    expect(await ioctl(EVL_SOCKIOC.EVL_SOCKIOC_ACTIVATE)).toBe("ENOTTY");
    const opened = await story.call("oob_open_file", { file: 7, dev: "/dev/oobecho", flags: O.O_RDWR });
    const oob_data = opened.ok ? opened.value.oob_data : 0;
    await story.told("install_inband_fd", { files: 1, fd: 7, file: 7, oob_data });
    expect([await story.send(7, "x"), await story.receive(7)]).toEqual(["ENOTTY", "ENOTTY"]);
  });
});

describe("the in-band redirect", () => {
  test.each([
    ["EVL_SOCKIOC_ACTIVATE", EVL_SOCKIOC.EVL_SOCKIOC_ACTIVATE, "ok"],
    ["EVL_SOCKIOC_DEACTIVATE", EVL_SOCKIOC.EVL_SOCKIOC_DEACTIVATE, "ok"],
    ["EVL_SOCKIOC_SOLICIT", EVL_SOCKIOC.EVL_SOCKIOC_SOLICIT, "EFAULT"],
    ["EVL_SOCKIOC_SENDMSG", EVL_SOCKIOC.EVL_SOCKIOC_SENDMSG, "ENOIOCTLCMD"],
    ["SIOCGIFINDEX", SIOC.SIOCGIFINDEX, "ENOIOCTLCMD"],
  ])("%s", async (_name, cmd, errno) => {
    const story = await bound();
    const redirect = { sk: 5, oob_data: 1, cmd, arg: NO_BYTES };
    expect(await story.told("sock_inband_ioctl_redirect", redirect)).toBe(errno);
  });
});

describe("PF_OOB", () => {
  const proto = (
    story: NetStory,
    fd: number,
    operation: "bind" | "connect" | "shutdown" | "ioctl",
    addr = "",
    how = 0,
  ) =>
    story.told("oob_proto_ops", {
      sk: fd,
      oob_data: story.oobData(fd),
      operation,
      addr: sockaddr(addr),
      how,
      cmd: 1,
      arg: NO_BYTES,
    });

  test("is the one family that the core adds", async () => {
    const story = await createNetStory();
    expect(await story.told("oob_load_family", { family: AF.PF_OOB })).toBe("ok");
    expect(await story.told("oob_load_family", { family: AF.AF_UNIX })).toBe("EAFNOSUPPORT");
  });

  test("what a socket sends out of band it receives itself, from the port that it is bound to", async () => {
    const story = await createNetStory();
    await story.attach(5, ECHO);
    expect(await proto(story, 5, "bind", "oob/7")).toBe("ok");
    expect(await proto(story, 5, "connect", "oob/8")).toBe("ok");
    expect(await story.send(5, "hello")).toBe(5);
    expect(await story.receive(5)).toBe("hello from oob/7");
    expect(story.companion.listNetwork().sockets[0]).toMatchObject({ kind: "oob", local: "oob/7", peer: "oob/8" });
  });

  test("a port is bound once, and only numbers of this family are addresses", async () => {
    const story = await createNetStory();
    await story.attach(5, ECHO);
    await story.attach(6, ECHO);
    expect(await proto(story, 5, "bind", "oob/7")).toBe("ok");
    expect(await proto(story, 6, "bind", "oob/7")).toBe("EADDRINUSE");
    expect(await proto(story, 5, "bind", "oob/8")).toBe("EINVAL");
    expect(await proto(story, 6, "bind", "10.0.0.1:1")).toBe("EINVAL");
    expect(await proto(story, 6, "connect", "10.0.0.1:1")).toBe("EINVAL");
  });

  test("the hooks of in-band families do nothing for it, and it has no ioctl", async () => {
    const story = await createNetStory();
    await story.attach(5, ECHO);
    expect([await story.bind(5, "oob/7"), await story.connect(5, "oob/7")]).toEqual(["ok", "ok"]);
    expect(await proto(story, 5, "ioctl")).toBe("ENOIOCTLCMD");
    expect(story.companion.listNetwork().sockets[0]?.local).toBe("oob/0");
  });

  test("a socket without a context, or of another family, has no operations of this one", async () => {
    const story = await createNetStory();
    await story.udp(6);
    expect(await proto(story, 5, "bind", "oob/7")).toBe("EBADFD");
    expect(await proto(story, 6, "bind", "oob/7")).toBe("EBADFD");
  });

  test("its shutdown ends both the waiting and the sending", async () => {
    const story = await createNetStory();
    await story.attach(5, ECHO);
    const got = story.receive(5);
    await drained();
    expect(await proto(story, 5, "shutdown", "", SHUT.SHUT_RDWR)).toBe("ok");
    expect([await got, await story.send(5, "x")]).toEqual([" from nobody", "EPIPE"]);
    expect(await proto(story, 5, "shutdown", "", 3)).toBe("EINVAL");
  });
});
