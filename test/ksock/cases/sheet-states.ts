import { expect } from "@jest/globals";
import { story, type Case } from "./case.ts";
import type { RawPeer } from "./raw-peer.ts";
import type { Rig } from "./rig.ts";
import { at, lo, portOf, SO, type Sock } from "./sock.ts";
import { RAW_HOST } from "./tap.ts";

/** A socket in one of the states of Appendix B, and its scripted peer where it has one. */
interface InState {
  readonly s: Sock;
  readonly r?: RawPeer | undefined;
}

const connecting = async (rig: Rig): Promise<InState> => {
  const r = rig.raw();
  const s = await rig.tcp();
  await s.nonblocking();
  expect(await s.connect(at(RAW_HOST, r.port))).toBe("EINPROGRESS");
  await r.syn();
  return { s, r };
};

const connected = async (rig: Rig): Promise<InState> => {
  const { c, r } = await rig.toRaw();
  await c.unwatch();
  return { s: c, r };
};

/** How each state is reached. */
const STATES: Readonly<Record<string, (rig: Rig) => Promise<InState>>> = {
  fresh: async (rig) => ({ s: await rig.tcp() }),
  bound: async (rig) => {
    const s = await rig.tcp();
    expect(await s.bind(lo(rig.port()))).toBe(0);
    return { s };
  },
  listening: async (rig) => {
    const s = await rig.listener();
    await s.unwatch();
    return { s };
  },
  connecting,
  connected,
  "half-closed by us": async (rig) => {
    const { s, r } = await connected(rig);
    expect(await s.shutdown("SHUT_WR")).toBe(0);
    await r?.getsFin();
    await rig.still();
    return { s, r };
  },
  "half-closed by the peer": async (rig) => {
    const { s, r } = await connected(rig);
    await r?.fin();
    await rig.still();
    return { s, r };
  },
  failed: async (rig) => {
    const s = await rig.tcp();
    expect(await s.connect(lo(rig.port()))).toBe("ECONNREFUSED");
    return { s };
  },
  disconnected: async (rig) => {
    const { s, r } = await connected(rig);
    await r?.rst();
    await rig.still();
    expect(await s.get(SO.LEVEL, SO.ERROR)).toBe(rig.number("ECONNRESET"));
    return { s, r };
  },
};

/** What is done to a socket, and what comes of it. */
type Input = (rig: Rig, state: InState) => Promise<unknown>;

const INPUTS: Readonly<Record<string, Input>> = {
  listen: (_rig, { s }) => s.listen(3),
  "connect that succeeds": async (rig, { s }) => {
    const to = rig.raw();
    const accepting = to.accept().catch(() => undefined);
    const end = await s.connect(at(RAW_HOST, to.port));
    if (end === 0) await accepting;
    return end;
  },
  "connect that fails": (rig, { s }) => s.connect(lo(rig.port())),
  SHUT_WR: (_rig, { s }) => s.shutdown("SHUT_WR"),
  SHUT_RD: (_rig, { s }) => s.shutdown("SHUT_RD"),
  SHUT_RDWR: (_rig, { s }) => s.shutdown("SHUT_RDWR"),
  send: (_rig, { s }) => s.send("x", "MSG_DONTWAIT"),
  recv: (_rig, { s }) => s.recv(64, "MSG_DONTWAIT"),
  accept: async (_rig, { s }) => {
    await s.nonblocking();
    return s.tryAccept();
  },
  bind: (rig, { s }) => s.bind(lo(rig.port())),
  getpeername: (_rig, { s }) => s.tryPeername(16),
  getsockname: (_rig, { s }) => s.trySockname(16),
  setsockopt: (_rig, { s }) => s.set(SO.LEVEL, SO.KEEPALIVE, 1),
  getsockopt: (_rig, { s }) => s.get(SO.LEVEL, SO.TYPE),
  close: (_rig, { s }) => s.close(),
};

/** A state that a socket is in afterwards: it is asked what only that state answers. */
const isIn: Readonly<Record<string, (rig: Rig, s: Sock) => Promise<void>>> = {
  listening: async (_rig, s) => expect(await s.get(SO.LEVEL, SO.ACCEPTCONN)).toBe(2),
  connected: async (_rig, s) => expect([await s.tryPeername(16), await s.send("x")]).toEqual([0, 1]),
  failed: async (_rig, s) => expect([await s.send("x"), await s.recv(64)]).toEqual(["EPIPE", ""]),
  gone: async (_rig, s) => expect(await s.trySockname(16)).toBe("ENOTSOCK"),
};

type End = string | number | readonly [string | number, string];

/** Appendix B and sections 3 and 9, line by line: from a state, by an input, to an answer and perhaps a state. */
const ENDS: Readonly<Record<string, Readonly<Record<string, End>>>> = {
  fresh: {
    listen: [0, "listening"],
    "connect that succeeds": [0, "connected"],
    "connect that fails": ["ECONNREFUSED", "failed"],
    SHUT_WR: "ENOTCONN",
    SHUT_RD: "ENOTCONN",
    SHUT_RDWR: "ENOTCONN",
    send: "ENOTCONN",
    recv: "ENOTCONN",
    accept: "EINVAL",
    bind: 0,
    getpeername: "ENOTCONN",
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  bound: {
    listen: [0, "listening"],
    // A port of the loopback address reaches nobody outside.
    "connect that fails": ["ECONNREFUSED", "failed"],
    SHUT_WR: "ENOTCONN",
    SHUT_RD: "ENOTCONN",
    SHUT_RDWR: "ENOTCONN",
    send: "ENOTCONN",
    recv: "ENOTCONN",
    accept: "EINVAL",
    bind: "EINVAL",
    getpeername: "ENOTCONN",
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  listening: {
    listen: [0, "listening"],
    "connect that succeeds": ["EOPNOTSUPP", "listening"],
    "connect that fails": ["EOPNOTSUPP", "listening"],
    SHUT_WR: ["ENOTCONN", "listening"],
    SHUT_RD: ["ENOTCONN", "listening"],
    SHUT_RDWR: ["ENOTCONN", "listening"],
    send: "ENOTCONN",
    recv: "ENOTCONN",
    accept: "EAGAIN",
    bind: "EINVAL",
    getpeername: "ENOTCONN",
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  connecting: {
    listen: "EINVAL",
    "connect that succeeds": "EALREADY",
    "connect that fails": "EALREADY",
    SHUT_WR: "ENOTCONN",
    SHUT_RD: "ENOTCONN",
    SHUT_RDWR: "ENOTCONN",
    send: "ENOTCONN",
    recv: "ENOTCONN",
    accept: "EINVAL",
    bind: "EINVAL",
    getpeername: "ENOTCONN",
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  connected: {
    listen: ["EINVAL", "connected"],
    "connect that succeeds": ["EISCONN", "connected"],
    "connect that fails": ["EISCONN", "connected"],
    SHUT_WR: 0,
    SHUT_RD: [0, "connected"],
    SHUT_RDWR: 0,
    send: 1,
    recv: "EAGAIN",
    accept: "EINVAL",
    bind: "EINVAL",
    getpeername: 0,
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  "half-closed by us": {
    listen: "EINVAL",
    "connect that succeeds": "EINVAL",
    "connect that fails": "EINVAL",
    SHUT_WR: 0,
    SHUT_RD: 0,
    SHUT_RDWR: 0,
    send: "EPIPE",
    recv: "EAGAIN",
    accept: "EINVAL",
    bind: "EINVAL",
    getpeername: "EINVAL",
    getsockname: 0,
    setsockopt: "EINVAL",
    getsockopt: 2,
    close: [0, "gone"],
  },
  "half-closed by the peer": {
    listen: ["EINVAL", "connected"],
    "connect that succeeds": "EINVAL",
    "connect that fails": "EINVAL",
    SHUT_WR: 0,
    SHUT_RD: 0,
    SHUT_RDWR: 0,
    send: 1,
    recv: "",
    accept: "EINVAL",
    bind: "EINVAL",
    getpeername: 0,
    getsockname: 0,
    setsockopt: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  failed: {
    "connect that succeeds": [0, "connected"],
    "connect that fails": ["ECONNREFUSED", "failed"],
    SHUT_WR: "ENOTCONN",
    SHUT_RD: "ENOTCONN",
    SHUT_RDWR: "ENOTCONN",
    send: "EPIPE",
    recv: "",
    accept: "EINVAL",
    getpeername: "ENOTCONN",
    getsockname: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
  disconnected: {
    SHUT_WR: "ENOTCONN",
    SHUT_RD: "ENOTCONN",
    SHUT_RDWR: "ENOTCONN",
    send: "EPIPE",
    recv: "",
    accept: "EINVAL",
    getpeername: "ENOTCONN",
    getsockname: 0,
    getsockopt: 2,
    close: [0, "gone"],
  },
};

const generated = Object.entries(ENDS).flatMap(([state, ends]) =>
  Object.entries(ends).map(([input, end]) => {
    const [answer, next] = Array.isArray(end)
      ? (end as readonly [string | number, string])
      : [end as string | number, undefined];
    const then = next === undefined ? "" : `, and it is ${next}`;
    return story("B", `${state}: ${input} is ${answer === "" ? "the end of file" : answer}${then}`, async (rig) => {
      const reached = await STATES[state]?.(rig);
      if (reached === undefined) throw new Error(`${state} is a state`);
      expect(await INPUTS[input]?.(rig, reached)).toBe(answer);
      if (next !== undefined) await isIn[next]?.(rig, reached.s);
    });
  }),
);

/** What a peer does to a socket, seen from outside. */
const BY_PEERS: readonly Case[] = [
  story("B", "connecting: the peer's reset is failed, with the error", async (rig) => {
    const { s, r } = await connecting(rig);
    await r?.refuse();
    await rig.still();
    expect(await s.recv(64)).toBe("ECONNREFUSED");
    await isIn["failed"]?.(rig, s);
  }),
  story("B", "connected: the peer's FIN ends receiving only", async (rig) => {
    const { s, r } = await connected(rig);
    await r?.fin();
    await rig.still();
    expect(await s.recv(64)).toBe("");
    await isIn["connected"]?.(rig, s);
  }),
  story("B", "half-closed by us: the peer's FIN ends the connection without an error", async (rig) => {
    const reached = await STATES["half-closed by us"]?.(rig);
    await reached?.r?.fin();
    await rig.still();
    expect(await reached?.s.recv(64)).toBe("");
    expect(await reached?.s.get(SO.LEVEL, SO.ERROR)).toBe(0);
  }),
  ...["connected", "half-closed by us", "half-closed by the peer"].map((state) =>
    story("B", `${state}: a reset sets both marks and the error`, async (rig) => {
      const reached = await STATES[state]?.(rig);
      await reached?.r?.rst();
      await rig.still();
      expect(await reached?.s.send("x")).toBe("EPIPE");
      expect(await reached?.s.recv(64)).toBe("ECONNRESET");
      expect(await reached?.s.recv(64)).toBe("");
      expect(await reached?.s.tryPeername(16)).toBe("ENOTCONN");
    }),
  ),
  story("B", "connecting: the SYN ACK of the peer is connected", async (rig) => {
    const { s, r } = await connecting(rig);
    await r?.synAck();
    await rig.still();
    await isIn["connected"]?.(rig, s);
    expect(portOf(await s.peername())).toBe(r?.port);
  }),
];

/** Appendix B: states and inputs. */
export const SHEET_STATES: readonly Case[] = [...generated, ...BY_PEERS];
