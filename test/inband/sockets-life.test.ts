import { describe, expect, test } from "@jest/globals";
import { AF, IPPROTO, SOCK } from "../../services/abi/flags.ts";
import { fail, ok } from "../../services/abi/result.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes } from "./sockets-harness.ts";

const NEVER_ANSWERS = "10.0.0.9:7";

describe("socket(2): what the in-band stack makes, and what the core makes of it", () => {
  test("a datagram socket with SOCK_OOB is made, and the core attaches before anybody can use it", async () => {
    const world = boot();
    const made = await world.call("sock_create", {});
    expect(made).toEqual({ sock: 1, sk: 2 });
    const mapped = await world.call("sock_map_file", { sock: 1, file: 4 });
    expect(mapped).toEqual({ oob_data: 1002 });
    expect(world.story()).toEqual(["inband_create", "sock_oob_attach"]);
    expect(world.heard[0]?.args).toEqual({
      sock: 1,
      sk: 2,
      file: 4,
      family: AF.AF_INET,
      type: 2,
      protocol: 17,
      flags: 0,
    });
    expect(world.heard[0]?.locks).toEqual([]);
  });

  test("the errno table of creation, row by row", async () => {
    const world = boot();
    const create = (family: number, type: number, protocol = 0, more = {}): Promise<unknown> =>
      world.call("sock_create", { family, type, protocol, ...more });
    expect(await create(AF.AF_UNIX, SOCK.SOCK_DGRAM)).toBe("EAFNOSUPPORT");
    expect(await create(AF.AF_INET6, SOCK.SOCK_DGRAM)).toBe("EAFNOSUPPORT");
    expect(await create(99, SOCK.SOCK_DGRAM)).toBe("EAFNOSUPPORT");
    expect(await create(AF.AF_INET, 11)).toBe("EINVAL");
    expect(await create(AF.AF_INET, SOCK.SOCK_STREAM, IPPROTO.IPPROTO_UDP)).toBe("EPROTONOSUPPORT");
    expect(await create(AF.AF_INET, 4)).toBe("ESOCKTNOSUPPORT");
    expect(await create(AF.AF_INET, SOCK.SOCK_DGRAM, IPPROTO.IPPROTO_TCP)).toBe("EPROTONOSUPPORT");
    expect(await create(AF.AF_INET, SOCK.SOCK_DGRAM, 300)).toBe("EINVAL");
    expect(await create(AF.AF_INET, SOCK.SOCK_RAW)).toBe("EPROTONOSUPPORT");
    expect(await create(AF.AF_INET, SOCK.SOCK_RAW, IPPROTO.IPPROTO_ICMP, { cap_net_raw: false })).toBe("EPERM");
    expect(await create(AF.AF_PACKET, SOCK.SOCK_RAW, 3, { cap_net_raw: false })).toBe("EPERM");
    expect(await create(AF.AF_PACKET, SOCK.SOCK_STREAM, 3)).toBe("ESOCKTNOSUPPORT");
    expect(await create(AF.PF_OOB, SOCK.SOCK_DGRAM, 1, { kern: true })).toBe("EOPNOTSUPP");
    expect(await create(AF.AF_INET, SOCK.SOCK_DGRAM, IPPROTO.IPPROTO_UDP)).toMatchObject({ sock: 1 });
    expect(await create(AF.AF_INET, SOCK.SOCK_RAW, IPPROTO.IPPROTO_ICMP)).toMatchObject({ sock: 3 });
    expect(await create(AF.AF_PACKET, SOCK.SOCK_RAW, 0)).toMatchObject({ sock: 5 });
    expect(await create(AF.AF_PACKET, SOCK.SOCK_DGRAM, 0)).toMatchObject({ sock: 7 });
    expect(await create(AF.PF_OOB, SOCK.SOCK_DGRAM, 1)).toMatchObject({ sock: 9 });
  });

  test("PF_OOB: the core is asked to load the family until it has, and never again", async () => {
    const world = boot();
    world.when("oob_load_family", () => fail("EAFNOSUPPORT"));
    expect(await world.call("sock_create", { family: AF.PF_OOB })).toBe("EAFNOSUPPORT");
    world.when("oob_load_family", () => ok({}));
    expect(await world.call("sock_create", { family: AF.PF_OOB })).toMatchObject({ sock: 1 });
    expect(await world.call("sock_create", { family: AF.PF_OOB })).toMatchObject({ sock: 3 });
    expect(world.heard.filter(({ point }) => point === "oob_load_family")).toHaveLength(2);
    world.lose("oob_load_family", "call");
    expect(await boot({ spec: { netOob: false } }).call("sock_create", { family: AF.PF_OOB })).toBe("EAFNOSUPPORT");
  });

  test("without CONFIG_NET_OOB the flag is ignored: a plain socket, and no hook ever", async () => {
    const world = boot({ spec: { netOob: false } });
    const sock = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    await world.call("sock_close", { sock });
    expect(world.heard).toEqual([]);
  });

  test("a core that attaches nothing leaves a plain socket: no further hook fires", async () => {
    const world = boot();
    world.when("sock_oob_attach", () => ok({ oob_data: 0 }));
    const sock = await world.socket();
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toEqual({});
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7001") });
    await world.call("sock_shutdown", { sock });
    await world.call("sock_ioctl", { sock, cmd: 1 });
    await world.call("sock_close", { sock });
    expect(world.heard.map(({ point }) => point)).toEqual(["sock_oob_attach"]);
  });

  test("attach refuses: in-band release follows, and neither release nor destroy", async () => {
    const world = boot();
    world.when("sock_oob_attach", () => fail("EPROTONOSUPPORT"));
    const made = await world.call("sock_create", { family: AF.AF_PACKET, type: SOCK.SOCK_DGRAM });
    expect(made).toEqual({ sock: 1, sk: 2 });
    expect(await world.call("sock_map_file", { sock: 1, file: 4 })).toBe("EPROTONOSUPPORT");
    // Who is called twice must not say yes to what was refused.
    expect(await world.call("sock_map_file", { sock: 1, file: 4 })).toBe("EPROTONOSUPPORT");
    await world.call("sock_close", { sock: 1 });
    expect(world.story()).toEqual([
      "inband_create",
      "sock_oob_attach",
      "sock_oob_attach says EPROTONOSUPPORT",
      "inband_release",
      "sk_destruct",
    ]);
  });

  test.each(["call", "answer"] as const)(
    "attach: when its %s is lost, both sides are told that there is none",
    async (what) => {
      const world = boot();
      world.lose("sock_oob_attach", what);
      await world.call("sock_create", {});
      expect(await world.call("sock_map_file", { sock: 1, file: 4 })).toBe("EIO");
      const [release, destroy] = world.heard.slice(-2);
      expect(release).toMatchObject({ point: "sock_oob_release", args: { sock: 1, sk: 2, file: 4, oob_data: 0 } });
      expect(destroy).toMatchObject({ point: "sock_oob_destroy", args: { sk: 2, oob_data: 0 } });
      await world.call("sock_close", { sock: 1 });
      expect(world.story().filter((word) => word.startsWith("sock_oob_release"))).toHaveLength(1);
    },
  );
});

describe("close: release, the protocol's release, destroy", () => {
  test("the order of a close, and that everything happens once", async () => {
    const world = boot();
    const sock = await world.socket();
    world.story();
    expect(await world.call("sock_close", { sock })).toEqual({});
    expect(await world.call("sock_close", { sock })).toEqual({});
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toBe("EBADF");
    expect(world.story()).toEqual(["sock_oob_release", "inband_release", "sk_destruct", "sock_oob_destroy"]);
  });

  test.each([
    ["documented", 0],
    ["as-implemented", 2],
  ] as const)("D10: at release sk is %s: %i", async (profile, sk) => {
    const world = boot({ profile });
    const sock = await world.socket();
    await world.call("sock_close", { sock });
    expect(world.heard.find(({ point }) => point === "sock_oob_release")?.args).toEqual({
      sock,
      sk,
      file: 1,
      oob_data: 1002,
    });
  });

  test("the protocol keeps its port until the core let go of the socket", async () => {
    const world = boot();
    const sock = await world.socket();
    const other = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    let leave = (): void => undefined;
    world.when("sock_oob_release", () => new Promise((resolve) => (leave = () => resolve(ok({})))));
    const closed = world.call("sock_close", { sock });
    await settled();
    expect(await world.call("sock_bind", { sock: other, addr: at("127.0.0.1:7000") })).toBe("EADDRINUSE");
    leave();
    await closed;
    expect(await world.call("sock_bind", { sock: other, addr: at("127.0.0.1:7000") })).toEqual({});
  });

  test("a datagram that waits for a neighbour holds the INET socket: destroy comes long after release", async () => {
    const world = boot();
    const sock = await world.socket();
    expect(await world.call("sock_sendmsg", { sock, data: bytes("a"), addr: at(NEVER_ANSWERS) })).toEqual({ count: 1 });
    expect(await world.call("sock_sendmsg", { sock, data: bytes("b"), addr: at(NEVER_ANSWERS) })).toEqual({ count: 1 });
    world.story();
    await world.call("sock_close", { sock });
    expect(world.story()).toEqual(["sock_oob_release", "inband_release"]);
    await world.kit.clock.advance(2e9);
    expect(world.story()).toEqual([]);
    await world.kit.clock.advance(2e9);
    expect(world.story()).toEqual(["sk_destruct", "sock_oob_destroy"]);
    await world.kit.clock.advance(60e9);
    expect(world.story()).toEqual([]);
  });

  test("a call that still runs, because its caller has given it up, ends before the release begins", async () => {
    const world = boot();
    const sock = await world.socket();
    let answer = (): void => undefined;
    world.when("sock_oob_bind", () => new Promise((resolve) => (answer = () => resolve(ok({})))));
    const bound = world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    await settled();
    const closed = world.call("sock_close", { sock });
    await settled();
    expect(world.heard.at(-1)?.point).toBe("sock_oob_bind");
    answer();
    expect([await bound, await closed]).toEqual([{}, {}]);
    expect(world.story().slice(-4)).toEqual(["sock_oob_release", "inband_release", "sk_destruct", "sock_oob_destroy"]);
  });

  test("somebody who still waits for a message, because his caller has given up, waits no longer", async () => {
    const world = boot();
    const sock = await world.socket();
    const reading = world.call("sock_recvmsg", { sock });
    await settled();
    await world.call("sock_close", { sock });
    expect(await reading).toBe("EBADF");
    expect(world.kit.clock.pending()).toBe(0);
  });

  test("release and destroy that are lost change nothing for the in-band side", async () => {
    const world = boot();
    world.lose("sock_oob_release", "call");
    world.lose("sock_oob_destroy", "call");
    const sock = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    expect(await world.call("sock_close", { sock })).toEqual({});
    const next = await world.socket();
    expect(await world.call("sock_bind", { sock: next, addr: at("127.0.0.1:7000") })).toEqual({});
  });
});

describe("a creation whose answer is lost", () => {
  test("is undone by the file that the socket was for", async () => {
    const world = boot();
    await world.call("sock_create", { file: 7 });
    await world.call("sock_close", { sock: 0, file: 7 });
    expect(world.story()).toEqual(["inband_create", "inband_release", "sk_destruct"]);
    expect(world.inband.listNetwork().sockets).toEqual([]);
  });

  test("and which was only late finds that it was given up; the next one for another file does not", async () => {
    const world = boot();
    await world.call("sock_close", { sock: 0, file: 7 });
    expect(await world.call("sock_create", { file: 7 })).toBe("ENOMEM");
    expect(await world.call("sock_create", { file: 8 })).toMatchObject({ sock: 1 });
    expect(world.story()).toEqual(["inband_create"]);
  });
});
