import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CONTRACT, MESSAGES } from "../../services/abi/contract.generated.ts";
import * as K from "../../services/ksock/index.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { serveControl } from "../../services/transports/grpc/control-server.ts";
import { connectKsock, type ClosableRoad } from "../../services/transports/grpc/ksock-road.ts";
import { createLeases } from "../../services/transports/grpc/ksock-leases.ts";
import { KSOCK_SERVICE, RPCS, valueOf } from "../../services/transports/grpc/ksock-words.ts";
import { asBytes } from "../../services/transports/grpc/channel.ts";
import { createCodec } from "../../services/transports/grpc/codec.ts";
import { dial } from "../../services/transports/grpc/dial.ts";
import { callToTheEnd } from "../../services/transports/grpc/ksock-calls.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { fakeHouse, type FakeHouse } from "../ksock/fake-house.ts";
import { manualClock } from "../kit.ts";

const clock = createRealClock(0);
const NONE = new Uint8Array(0);
const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A house behind a control service, and how to connect to it. */
async function served(between: (road: K.Road) => K.Road = (road) => road) {
  const house = fakeHouse();
  let current = between(house.road);
  const folder = mkdtempSync(join(tmpdir(), "tenon-ksock-"));
  const address = `unix:${folder}/control.sock`;
  const control = await serveControl({
    addresses: [address],
    clock,
    service: {
      calls: {},
      onEvents: () => () => undefined,
      ksock: {
        clock: house.kit.clock,
        road: (node) => Promise.resolve(node === "" || node === "alpha" ? current : undefined),
      },
    },
  });
  if (!control.ok) throw new Error(control.reason);
  ends.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => control.value.close(50e6),
  );
  const connect = (node = "alpha", stream = ""): ClosableRoad => {
    const road = connectKsock(address, { node, stream, sleepNs: (ns) => clock.sleepNs(ns) });
    if (!road.ok) throw new Error(road.reason);
    ends.push(() => road.value.close());
    return road.value;
  };
  return { ...house, connect, address, replace: () => (current = { ...current }) };
}

/** Resolves when it is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 4000 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isSo()).toBe(true);
}

const receives = ({ when }: Pick<FakeHouse, "when">): void =>
  when("ksock_recv", () => ({
    msg: new Uint8Array([1, 2, 3]),
    flags: "MSG_TRUNC",
    addr: K.sockaddr_in("10.0.0.2", 7),
    control: NONE,
    again: false,
    until_ns: 0,
  }));

test("what the service leaves to the kernel has the same name and type there", () => {
  const kinds = (message: string): Map<string, string> =>
    new Map((MESSAGES[message] ?? []).map(({ name, kind, optional }) => [name, `${kind}${optional ? "?" : ""}`]));
  const kinder = ["node", "host", "port", "value", "stream"];
  // Who accepts wants to know from whom, unless it says something else.
  const mayBeAbsent = (rpc: string, name: string, kind: string): string =>
    rpc === "Accept" && name === "want_addr" ? kind.replace("?", "") : kind;
  for (const [rpc, point] of Object.entries(RPCS)) {
    const theirs = kinds(CONTRACT[point].request);
    for (const [name, kind] of kinds(`KernelSockets${rpc}Request`))
      if (!kinder.includes(name))
        expect([rpc, name, theirs.get(name)]).toEqual([rpc, name, mayBeAbsent(rpc, name, kind)]);
    const answers = kinds(CONTRACT[point].response);
    for (const [name, kind] of kinds(`KernelSockets${rpc}Response`))
      if (!["error", "errno", "host", "port", "value"].includes(name))
        expect([rpc, name, answers.get(name)]).toEqual([rpc, name, kind]);
  }
});

describe("kernel sockets over gRPC", () => {
  test("accept says how much room there is for the address, or none, or that the length is NULL", async () => {
    const { connect, when, heard } = await served();
    const ksock = K.createKsock(connect());
    when("ksock_accept", () => ({ newks: 9, addr: NONE, again: false }));
    const [, s] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
    for (const room of [{}, { addrlen: 15 }, { addrlen: null }, null]) await ksock.ksock_accept(s, room);
    expect(heard.slice(1).map(({ args }) => [args["want_addr"], args["addrlen"]])).toEqual([
      [true, 32],
      [true, 15],
      [true, undefined],
      [false, undefined],
    ]);
  });

  test("numbers that C would cut to an int, or to a length, are cut before they go", async () => {
    const { connect, when, heard } = await served();
    const ksock = K.createKsock(connect());
    const [, s] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, -1);
    for (const point of ["ksock_getpeername", "ksock_getsockname"] as const) when(point, () => ({ addr: NONE }));
    when("ksock_getsockopt", () => ({ optval: NONE }));
    const errors = [
      await ksock.ksock_listen(s, -1),
      await ksock.ksock_listen(s, 2 ** 40 + 5),
      await ksock.ksock_shutdown(s, 2 ** 32 + 1),
      await ksock.ksock_getpeername(s, { addrlen: -1 }),
      await ksock.ksock_getsockname(s, { addrlen: 2 ** 40 }),
      await ksock.ksock_getsockopt(s, K.SOL_SOCKET, K.SO_TYPE, 4.5),
    ].map(([error]) => error);
    expect(new Set(errors)).toEqual(new Set([0]));
    const numbers = heard.map(
      ({ args }) => args["protocol"] ?? args["backlog"] ?? args["how"] ?? args["addrlen"] ?? args["optlen"],
    );
    expect(numbers).toEqual([0xffff_ffff, -1, 5, 1, 1, 0xffff_ffff, 4]);
  });

  test("are those of the house: values, errnos by name and number, NULL, and addresses in words", async () => {
    const { connect, when, heard } = await served();
    const ksock = K.createKsock(connect());
    receives({ when });
    when("ksock_connect", () => "ECONNREFUSED");
    when("ksock_getsockopt", () => ({ optval: K.int(-3) }));
    const [error, s] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
    expect(error).toBe(0);
    expect(await ksock.ksock_connect(s, K.sockaddr_in("127.0.0.1", 80))).toEqual([K.ECONNREFUSED, undefined]);
    const [, from] = await ksock.ksocket_recvfrom(s, 10, 0, 16, K.CRED());
    expect([[...from.msg], K.readSockaddr(from.name)]).toEqual([
      [1, 2, 3],
      { family: K.AF_INET, address: "10.0.0.2", port: 7 },
    ]);
    expect(K.intOf((await ksock.ksock_getsockopt(s, K.SOL_SOCKET, K.SO_ERROR, 4))[1])).toBe(-3);
    await ksock.ksock_bind(s, null);
    expect(heard.at(-1)).toMatchObject({ point: "ksock_bind", args: { ks: 1, addrlen: 0 } });
    expect(heard.at(-1)?.args).not.toHaveProperty("addr");
    expect(await ksock.ksock_listen(null, 1)).toEqual([0, undefined]);
  });

  test("wait for as long as it takes: the service asks again, and puts together what came", async () => {
    const { connect, when, heard, road: house } = await served();
    const road = connect();
    const answers = [
      { sent: 2, again: true, until_ns: 9 },
      { sent: 3, again: false, until_ns: 0 },
    ];
    when("ksock_send", () => answers.shift() ?? "EPIPE");
    const send = { ks: 1, msg: new Uint8Array(5), msgsize: 0, flags: "", control: NONE, addrlen: 0, until_ns: 0 };
    expect(await road.call("ksock_send", { ...send, taken: 0, callback: 0 })).toMatchObject({
      kind: "returned",
      value: { sent: 5, again: false },
    });
    expect(heard.map(({ args }) => [args["taken"], args["until_ns"], (args["msg"] as Uint8Array).length])).toEqual([
      [0, 0, 5],
      [2, 9, 3],
    ]);
    const parts = [K.int(7).subarray(0, 2), K.int(8).subarray(0, 1)];
    when("ksock_recv", () => ({
      msg: parts.shift() ?? NONE,
      flags: "",
      addr: NONE,
      control: NONE,
      again: parts.length > 0,
      until_ns: 9,
    }));
    const recv = { ks: 1, msgsize: 10, msg_null: false, flags: "", controllen: 0, until_ns: 0, taken: 0, callback: 0 };
    expect(await road.call("ksock_recv", recv)).toMatchObject({ value: { msg: Buffer.from([7, 0, 8]) } });
    expect(heard.slice(2).map(({ args }) => [args["taken"], args["until_ns"], args["msgsize"]])).toEqual([
      [0, 0, 10],
      [2, 9, 8],
    ]);
    let closes = 0;
    when("ksock_close", () => ({ again: ++closes < 2 }));
    await road.call("ksock_close", { ks: 1, waiting: false, callback: 0 });
    expect(heard.slice(4).map(({ args }) => args["waiting"])).toEqual([false, true]);
    // Nobody asks on for who is gone.
    when("ksock_close", () => ({ again: true }));
    const close = { ks: 1, waiting: false, callback: 0 };
    expect(await callToTheEnd(house, "ksock_close", close, AbortSignal.abort())).toBeUndefined();
    expect(valueOf({ newks: 1, addr: K.sockaddr_in("10.0.0.2", 7), again: false })).toMatchObject({
      host: "10.0.0.2",
      port: 7,
    });
  });

  test("with a word that is none are refused in one line, and the house hears nothing of them", async () => {
    const { address, heard, when } = await served();
    when("ksock_send", () => ({ sent: 1, again: false, until_ns: 0 }));
    const dialled = dial(address, undefined, {});
    if (!dialled.ok) throw new Error(dialled.reason);
    ends.push(() => dialled.value.close());
    const codec = createCodec(loadProtos());
    const said = (rpc: string, args: object): Promise<string> =>
      new Promise((resolve) => {
        const request = codec.encode(`KernelSockets${rpc}Request`, { node: "", ks: 1, ...args });
        if (!request.ok) throw new Error(request.reason);
        const path = `/${KSOCK_SERVICE}/${rpc}`;
        dialled.value.makeUnaryRequest(path, asBytes, asBytes, request.value, (error) =>
          resolve(error === null ? "" : `${status[error.code]} ${error.details}`),
        );
      });
    const wrong: readonly (readonly [string, object, RegExp])[] = [
      [
        "Recv",
        { msgsize: 1, flags: "MSG_DONTWIAT" },
        /^INVALID_ARGUMENT flags: "MSG_DONTWIAT" is none; did you mean MSG_DONTWAIT\? \(allowed: MSG_OOB/,
      ],
      [
        "Send",
        { flags: "MSG_OOB|0xzz" },
        /^INVALID_ARGUMENT flags: "0xzz" is none \(allowed: .* or a number of illumos\)$/,
      ],
      ["Spoll", { events: "POLLIN|POLLFOO" }, /^INVALID_ARGUMENT events: "POLLFOO" is none.* \(allowed: POLLIN/],
      ["Callbacks", { slots: "recv|read", stream: "s" }, /^INVALID_ARGUMENT slots: "read" is no callback; .*connected/],
      ["Callbacks", { binding: "socket" }, /^INVALID_ARGUMENT binding: found "socket", allowed are ksock and ksocket$/],
      ["Callbacks", { slots: "recv" }, /^INVALID_ARGUMENT stream: found none/],
      ["Send", { msg: new Uint8Array(4 << 20) }, /^INVALID_ARGUMENT msg: found 4194304 bytes, at most 4128768 fit/],
      [
        "Recv",
        { msgsize: 4 << 20, flags: "64" },
        /^INVALID_ARGUMENT msgsize: found 4194304 bytes, at most 4128768 fit/,
      ],
    ];
    for (const [rpc, args, line] of wrong) expect(await said(rpc, args)).toMatch(line);
    expect(heard).toEqual([]);
    expect(await said("Send", { msg: new Uint8Array(4_128_768), flags: " MSG_DONTWAIT |0x200" })).toBe("");
  });

  test("of a node that is not there are lost, as where nothing runs; who asks for it is told why", async () => {
    const { connect, address } = await served();
    const ksock = K.createKsock(connect("gamma"));
    expect(await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0)).toEqual([K.EIO, null]);
    const why: string[] = [];
    const tell = { sleepNs: (ns: number) => clock.sleepNs(ns), onLost: (line: string) => void why.push(line) };
    for (const [where, node] of [
      [address, "gamma"],
      [`${address}.none`, ""],
    ] as const) {
      const road = connectKsock(where, { ...tell, node });
      if (!road.ok) throw new Error(road.reason);
      const there = K.createKsock(road.value);
      expect(await there.ksock_listen(null, 1)).toEqual([K.EIO, undefined]);
      expect(await road.value.call("ksock_next_event", { stream: "a", have: "" })).toEqual({ kind: "lost" });
      road.value.close();
    }
    const [gamma, none] = [`${address}: there is no node gamma`, `nothing runs at ${address}.none`];
    expect(why).toEqual([gamma, gamma, none, none]);
  });

  test("whose house does not answer are told as that, and not as a kernel that is gone", async () => {
    const { address, lose } = await served();
    lose("ksock_listen", 1);
    const why: string[] = [];
    const road = connectKsock(address, { sleepNs: () => Promise.resolve(), onLost: (line) => void why.push(line) });
    if (!road.ok) throw new Error(road.reason);
    expect(await K.createKsock(road.value).ksock_listen(null, 1)).toEqual([K.EIO, undefined]);
    expect(why).toEqual([`${address}: the answer to ksock_listen was lost: nobody knows whether it happened`]);
    road.value.close();
  });
});

describe("events over gRPC", () => {
  test("are callbacks in order, and calls from inside are refused", async () => {
    const { connect, when, happen, violations } = await served();
    const ksock = K.createKsock(connect());
    receives({ when });
    const [, s] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
    const told: unknown[] = [];
    await ksock.ksock_callbacks(
      s,
      {
        recv: async (socket, arg, msglen) => {
          told.push([socket === s, arg, msglen]);
          if (msglen === 2) told.push((await ksock.ksock_recv(s, 10, 0))[0]);
        },
      },
      "mine",
    );
    for (const length of [1, 2, 3]) happen(1, "recv", length);
    await until(() => told.length === 4);
    expect(told).toEqual([[true, "mine", 1], [true, "mine", 2], K.EDEADLK, [true, "mine", 3]]);
    expect(violations()).toBe(1);
    ksock.end();
  });

  test("that were not acknowledged come again to who opens the stream anew, with their numbers", async () => {
    const { connect, happen } = await served();
    const first = connect();
    const on = { ks: 1, binding: "ksock", off: false, arg: false, update: "", slots: "recv", callback: 0 };
    await first.call("ksock_callbacks", { ...on, stream: "a" });
    happen(1, "recv", 1);
    happen(1, "recv", 2);
    const event = await first.call("ksock_next_event", { stream: "a", have: "" });
    expect(event).toMatchObject({ kind: "returned", value: { number: 1, value: 1 } });
    first.close();
    const second = connect();
    expect(await second.call("ksock_next_event", { stream: "a", have: "" })).toEqual(event);
    await second.call("ksock_ack_event", { stream: "a", number: 1 });
    expect(await second.call("ksock_next_event", { stream: "a", have: "" })).toMatchObject({
      kind: "returned",
      value: { number: 2, value: 2 },
    });
  });

  test("go on behind the number that who opens the stream anew has acknowledged, whatever the kernel has heard", async () => {
    let unheard = 1;
    const { connect, happen, address, kit } = await served(({ call, sleepNs }) => ({
      sleepNs,
      call: async (point, args) =>
        point === "ksock_ack_event" && unheard-- > 0 ? { kind: "lost" } : await call(point, args),
    }));
    const first = connect();
    const on = { ks: 1, binding: "ksock", off: false, arg: false, update: "", slots: "recv", callback: 0 };
    await first.call("ksock_callbacks", { ...on, stream: "a" });
    happen(1, "recv", 1);
    happen(1, "recv", 2);
    expect(await first.call("ksock_next_event", { stream: "a", have: "" })).toMatchObject({ value: { number: 1 } });
    first.close();
    const dialled = dial(address, undefined, {});
    if (!dialled.ok) throw new Error(dialled.reason);
    const codec = createCodec(loadProtos());
    const opening = codec.encode("KernelSocketsEventsRequest", { node: "alpha", stream: "a", number: 1 });
    if (!opening.ok) throw new Error(opening.reason);
    const stream = dialled.value.makeBidiStreamRequest(`/${KSOCK_SERVICE}/Events`, asBytes, asBytes);
    const came: unknown[] = [];
    stream
      .on("error", () => undefined)
      .on("data", (bytes: Buffer) => {
        const event = codec.decode("KernelSocketsEventsResponse", bytes);
        if (event.ok) came.push(event.value.value);
      });
    stream.write(opening.value);
    for (let i = 0; i < 400 && came.length === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await kit.clock.advance(50_000_000);
    }
    stream.cancel();
    dialled.value.close();
    expect(came).toMatchObject([{ number: 2, value: 2 }]);
  });

  test("end when another kernel takes the place of theirs: its sockets are others", async () => {
    const { happen, address, replace } = await served();
    const why: string[] = [];
    const road = connectKsock(address, { sleepNs: () => Promise.resolve(), onLost: (line) => void why.push(line) });
    if (!road.ok) throw new Error(road.reason);
    ends.push(() => road.value.close());
    const on = { ks: 1, binding: "ksock", off: false, arg: false, update: "", slots: "recv", callback: 0 };
    await road.value.call("ksock_callbacks", { ...on, stream: "a" });
    const event = road.value.call("ksock_next_event", { stream: "a", have: "" });
    happen(1, "recv", 1);
    expect(await event).toMatchObject({ value: { number: 1 } });
    replace();
    await road.value.call("ksock_ack_event", { stream: "a", number: 1 });
    happen(1, "recv", 2);
    happen(1, "recv", 3);
    const next = await road.value.call("ksock_next_event", { stream: "a", have: "" });
    if (next.kind === "returned") await road.value.call("ksock_next_event", { stream: "a", have: "" });
    expect(why).toEqual([`${address}: another kernel is there now: its sockets are others`]);
  });

  test("go to whoever opened the stream last", async () => {
    const { connect, happen, heard } = await served();
    const [first, second] = [connect(), connect()];
    const on = { ks: 1, binding: "ksock", off: false, arg: false, update: "", slots: "recv", callback: 0 };
    await first.call("ksock_callbacks", { ...on, stream: "a" });
    const given = first.call("ksock_next_event", { stream: "a", have: "" });
    await until(() => heard.some(({ point }) => point === "ksock_next_event"));
    const taken = second.call("ksock_next_event", { stream: "a", have: "" });
    expect(await given).toEqual({ kind: "refused", errno: "EBUSY" });
    happen(1, "recv", 1);
    expect(await taken).toMatchObject({ kind: "returned", value: { number: 1 } });
  });
});

describe("sockets of a program that went away", () => {
  test("are closed by the service: those that it made and accepted, and has not closed", async () => {
    const { connect, when, heard, kit } = await served();
    const road = connect("alpha", "echo");
    when("ksock_accept", () => ({ newks: 9, addr: NONE, again: false }));
    const ksock = K.createKsock(road, { stream: "echo" });
    const [, first] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
    const [, listener] = await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
    await ksock.ksock_accept(listener, null);
    await ksock.ksock_close(first);
    road.close();
    const closed = (): unknown[] => heard.filter(({ point }) => point === "ksock_close").map(({ args }) => args["ks"]);
    for (let i = 0; i < 400 && closed().length < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await kit.clock.advance(61_000_000_000);
    }
    expect(closed()).toEqual([1, 2, 9]);
  });

  const owner = { node: "alpha", stream: "echo" };
  const leased = () => {
    const kept = manualClock();
    const closed: number[] = [];
    return { kept, closed, leases: createLeases(kept, (_node, ks) => void closed.push(ks)) };
  };

  test("are closed when nobody has taken its events for a minute, those that it accepted with them", async () => {
    const { kept, closed, leases } = leased();
    leases.own(owner, 1);
    leases.own(owner, 2);
    leases.inherit("alpha", 1, 9);
    leases.inherit("alpha", 4711, 10);
    leases.forget("alpha", 2);
    const leave = leases.take(owner);
    await kept.advance(120_000_000_000);
    leave();
    leave();
    await kept.advance(59_000_000_000);
    expect(closed).toEqual([]);
    await kept.advance(2_000_000_000);
    expect(closed).toEqual([1, 9]);
    expect(kept.pending()).toBe(0);
  });

  test("stay when it comes back in time, and when another node has a stream of that name", async () => {
    const { kept, closed, leases } = leased();
    leases.own(owner, 1);
    leases.take({ ...owner, node: "beta" });
    const leave = leases.take(owner);
    leave();
    await kept.advance(50_000_000_000);
    leases.take(owner);
    await kept.advance(120_000_000_000);
    expect(closed).toEqual([]);
    leases.stop();
    expect(kept.pending()).toBe(0);
  });
});
