import { loneNode, PAIR, type Topology } from "../../../services/abi/topology.ts";
import { errnoName, errnoNumber } from "../../../services/ksock/errno.ts";
import { createKsock, CRED, int, type Answer, type Ksock, type Road } from "../../../services/ksock/index.ts";
import type { World } from "../../../services/lab/world.ts";
import { ksockRoad } from "../../../services/runtimes/ksock-road.ts";
import { createStill } from "./journal.ts";
import { createRawPeer, type RawPeer } from "./raw-peer.ts";
import { sockOf, type Sock, type Surroundings } from "./sock.ts";
import { openTap, RAW_HOST, type Tap } from "./tap.ts";
import { at, AF_INET, lo, SO, SOCK_DGRAM, SOCK_STREAM } from "./words.ts";

/** Two nodes on a switch, and one that does everything otherwise. */
export const TOPOLOGY: Topology = {
  ...PAIR,
  nodes: [
    ...PAIR.nodes,
    {
      ...loneNode("gamma"),
      ksock: { illumosQuirks: true, linuxCloseRst: true, linuxShutdownRead: true },
    },
  ],
};

/** Ports that a case may bind: below the anonymous ones. */
const FIRST_PORT = 2000;
const PORTS = 30_000;

/** Two ends of a connection, and the listener between them. */
interface Connected {
  readonly c: Sock;
  readonly l: Sock;
  readonly a: Sock;
}

/** What a case has: nodes, sockets, scripted peers, and time. */
export interface Rig {
  readonly world: World;
  readonly k: Ksock;
  /** The events of all sockets, each with the name of its socket, in their order. */
  readonly log: string[];
  port(): number;
  tcp(family?: number): Promise<Sock>;
  udp(family?: number): Promise<Sock>;
  /** The errno by its name, or 0; and the handle. */
  create(domain: number, type: number, protocol: number): Promise<readonly [string | 0, unknown]>;
  /** Listens at a port of the loopback address, or of another one, with callbacks. */
  listener(backlog?: number, host?: string): Promise<Sock>;
  /** C, L and A over loopback, with callbacks; their first events are over. */
  connected(): Promise<Connected>;
  /** Two datagram sockets that are connected to each other, with callbacks. */
  datagrams(): Promise<{ readonly x: Sock; readonly y: Sock }>;
  /** On the node that does otherwise what a switch of kernel sockets says. */
  oddTcp(): Promise<Sock>;
  oddConnected(): Promise<Connected>;
  /** On the second node. */
  farTcp(): Promise<Sock>;
  /** A scripted peer at a port of its own. */
  raw(): RawPeer;
  /** A socket that is connected to a scripted peer. */
  toRaw(): Promise<{ readonly c: Sock; readonly r: RawPeer }>;
  /** A socket that was accepted from a scripted peer. */
  fromRaw(): Promise<{ readonly l: Sock; readonly a: Sock; readonly r: RawPeer }>;
  /** An ICMP error about what was last sent to this port of the scripted host. */
  unreachable(port: number, code: number): Promise<void>;
  seconds(): number;
  sleep(seconds: number): Promise<void>;
  /** Lets everything happen that is under way. */
  still(): Promise<void>;
  /** Makes a socket non-blocking, and sends until nothing moves any more. Answers how many bytes that were. */
  stop(s: Sock): Promise<number>;
  /** Reads so many bytes. */
  drain(s: Sock, count: number): Promise<void>;
  /** Says in the log when a call has returned. */
  logged<T>(what: string, call: Promise<T>): Promise<T>;
  number(errno: string): number;
  /** How many facts of this kind there were in the world. */
  facts(point: string): Promise<number>;
  /** What every function answers about a handle, each answer once. */
  everyCall(handle: unknown, except?: readonly string[]): Promise<readonly string[]>;
  /** What is no kernel socket of this user. */
  foreignHandles(): readonly unknown[];
  /** The arguments of all calls of kernel sockets, as text. */
  saidOnTheWire(): string;
}

/** A world that cases share, one after the other. */
export interface Stage {
  readonly world: World;
  /** Runs a case with a rig of its own; what it leaves is cleared away. */
  run(work: (rig: Rig) => Promise<void>): Promise<void>;
}

interface Place {
  readonly k: Ksock;
  readonly said: string[];
}

function placeOf(world: World, node: string): Place {
  const road = ksockRoad(world, node, "module");
  if (road === undefined) throw new Error(`the world has a ${node}`);
  const said: string[] = [];
  const listening: Road = {
    ...road,
    call(point, args) {
      said.push(JSON.stringify(args, (_key, one: unknown) => (isBytes(one) ? "bytes" : one)));
      if (said.length > 100) said.shift();
      return road.call(point, args);
    },
  };
  const onError = (error: unknown): void => {
    throw error;
  };
  return { k: createKsock(listening, { stream: `cases-${node}`, onError }), said };
}

const isBytes = (one: unknown): boolean => one instanceof Uint8Array;

/** Sets the stage: within `drive` of the world. */
export async function createStage(world: World): Promise<Stage> {
  const places = { alpha: placeOf(world, "alpha"), beta: placeOf(world, "beta"), gamma: placeOf(world, "gamma") };
  const tap = await openTap(world);
  const still = createStill(world);
  const facts = new Map<string, number>();
  world.onEvents((events) => {
    for (const { point, phase } of events) if (phase === "fact") facts.set(point, (facts.get(point) ?? 0) + 1);
  });
  let ports = 0;
  return {
    world,
    async run(work) {
      const sockets = new Set<Sock>();
      const peers: RawPeer[] = [];
      const rig = createRig({
        world,
        still,
        places,
        tap,
        facts,
        sockets,
        peers,
        port: () => FIRST_PORT + (ports++ % PORTS),
      });
      const limitNs = world.runtime === "simulated" ? 86_400e9 : 60e9;
      let timer: { cancel(): void } | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = world.clock.after(limitNs, () => reject(new Error("the case does not end")));
      });
      try {
        await Promise.race([work(rig), late]);
      } finally {
        timer?.cancel();
        for (const peer of peers) peer.stop();
        // Whoever still waits is woken, and what lingers goes on without us.
        const closes = Promise.all([...sockets].map((s) => s.close()));
        await Promise.race([closes, world.clock.sleepNs(200e6)]);
      }
    },
  };
}

interface Making {
  readonly world: World;
  readonly still: () => Promise<void>;
  readonly places: { readonly alpha: Place; readonly beta: Place; readonly gamma: Place };
  readonly tap: Tap;
  readonly facts: ReadonlyMap<string, number>;
  readonly sockets: Set<Sock>;
  readonly peers: RawPeer[];
  readonly port: () => number;
}

function createRig({ world, still, places, tap, facts, sockets, peers, port }: Making): Rig {
  const log: string[] = [];
  const { k } = places.alpha;
  const around = ({ k }: Place): Surroundings => ({ world, still, k, log, keep: (s) => void sockets.add(s) });

  async function make(place: Place, family: number, type: number): Promise<Sock> {
    const [error, s] = await place.k.ksock_socket(family, type, 0);
    if (error !== 0) throw new Error(`no socket: ${errnoName(error)}`);
    const sock = sockOf(around(place), s);
    sockets.add(sock);
    return sock;
  }

  async function listenerAt(place: Place, backlog: number, host = "127.0.0.1"): Promise<Sock> {
    const l = await make(place, AF_INET, SOCK_STREAM);
    l.name = "L";
    l.port = port();
    for (const error of [await l.bind(at(host, l.port)), await l.listen(backlog)])
      if (error !== 0) throw new Error(`no listener: ${error}`);
    await l.watch();
    return l;
  }

  async function connectedAt(place: Place): Promise<Connected> {
    const l = await listenerAt(place, 5);
    const c = await make(place, AF_INET, SOCK_STREAM);
    c.name = "C";
    await c.watch();
    const error = await c.connect(lo(l.port));
    if (error !== 0) throw new Error(`no connection: ${error}`);
    const a = await l.accept();
    await a.watch();
    await c.until("connected");
    await l.until("newconn");
    for (const s of [l, c]) s.took();
    log.length = 0;
    return { c, l, a };
  }

  const rig: Rig = {
    world,
    k,
    log,
    port,
    tcp: (family = AF_INET) => make(places.alpha, family, SOCK_STREAM),
    udp: (family = AF_INET) => make(places.alpha, family, SOCK_DGRAM),
    async create(domain, type, protocol) {
      const [error, s] = await k.ksock_socket(domain, type, protocol);
      if (s !== null) sockets.add(sockOf(around(places.alpha), s));
      return [error === 0 ? 0 : errnoName(error), s];
    },
    listener: (backlog = 5, host) => listenerAt(places.alpha, backlog, host),
    connected: () => connectedAt(places.alpha),
    async datagrams() {
      const [x, y] = [await rig.udp(), await rig.udp()];
      for (const s of [x, y]) if ((await s.bind(lo(port()))) !== 0) throw new Error("no port");
      for (const [s, peer] of [
        [x, y],
        [y, x],
      ] as const)
        if ((await s.connect(await peer.sockname())) !== 0) throw new Error("no peer");
      for (const s of [x, y]) await s.watch();
      return { x, y };
    },
    oddTcp: () => make(places.gamma, AF_INET, SOCK_STREAM),
    oddConnected: () => connectedAt(places.gamma),
    farTcp: () => make(places.beta, AF_INET, SOCK_STREAM),
    raw() {
      const peer = createRawPeer(tap, world.clock, port());
      peers.push(peer);
      return peer;
    },
    async toRaw() {
      const r = rig.raw();
      const c = await rig.tcp();
      c.name = "C";
      await c.watch();
      const [error] = await Promise.all([c.connect(at(RAW_HOST, r.port)), r.accept()]);
      if (error !== 0) throw new Error(`no connection to the scripted peer: ${error}`);
      await c.until("connected");
      c.took();
      log.length = 0;
      return { c, r };
    },
    async fromRaw() {
      const l = await rig.listener(5, "10.0.0.1");
      const r = rig.raw();
      await r.connect(l.port);
      const a = await l.accept();
      await a.watch();
      return { l, a, r };
    },
    unreachable: (to, code) => tap.unreachable(to, code),
    seconds: () => world.clock.nowNs() / 1e9,
    sleep: (seconds) => world.clock.sleepNs(seconds * 1e9),
    still,
    async stop(s) {
      await s.nonblocking();
      const chunk = new Uint8Array(65_536);
      let total = 0;
      do {
        for (let sent = await s.send(chunk); typeof sent === "number"; sent = await s.send(chunk)) total += sent;
      } while ((await s.poll("POLLOUT", 1000)) !== "");
      await still();
      s.took();
      return total;
    },
    async drain(s, count) {
      for (let left = count; left > 0;) left -= (await s.recvBytes(Math.min(left, 65_536), "MSG_WAITALL")).length;
    },
    async logged(what, call) {
      const result = await call;
      log.push(`${what} returned`);
      return result;
    },
    number: errnoNumber,
    async facts(point) {
      await rig.still();
      await world.settle();
      return facts.get(point) ?? 0;
    },
    everyCall: (handle, except = []) => everyCall(k, handle, except),
    foreignHandles: () => [null, undefined, {}, 7, "ksocket_t", Symbol("ksocket_t")],
    saidOnTheWire: () => places.alpha.said.join("\n"),
  };
  return rig;
}

/** Calls everything there is about one handle. */
async function everyCall(k: Ksock, handle: unknown, except: readonly string[]): Promise<readonly string[]> {
  const s = handle as Parameters<Ksock["ksock_close"]>[0];
  const cr = CRED();
  const data = new Uint8Array([1]);
  const { LEVEL, KEEPALIVE } = SO;
  const calls: Readonly<Record<string, () => Promise<Answer<unknown>>>> = {
    bind: () => k.ksock_bind(s, lo(9)),
    listen: () => k.ksock_listen(s, 1),
    accept: () => k.ksock_accept(s, null),
    connect: () => k.ksock_connect(s, lo(9)),
    send: () => k.ksock_send(s, data, data.length, 0),
    sendto: () => k.ksocket_sendto(s, data, 1, 0, lo(9), 16, cr),
    sendmsg: () => k.ksocket_sendmsg(s, { msg_iov: [data] }, 0, cr),
    recv: () => k.ksock_recv(s, 1, 0),
    recvfrom: () => k.ksocket_recvfrom(s, 1, 0, 16, cr),
    recvmsg: () => k.ksocket_recvmsg(s, { msg_iov: [1] }, 0, cr),
    shutdown: () => k.ksock_shutdown(s, 1),
    getsockopt: () => k.ksock_getsockopt(s, LEVEL, KEEPALIVE, 4),
    setsockopt: () => k.ksock_setsockopt(s, LEVEL, KEEPALIVE, int(1)),
    getpeername: () => k.ksock_getpeername(s, {}),
    getsockname: () => k.ksock_getsockname(s, {}),
    ioctl: () => k.ksock_ioctl(s, 0x4004_667f, 0),
    callbacks: () => k.ksock_callbacks(s, null, null),
    setcallbacks: () => k.ksocket_setcallbacks(s, null, null, cr),
    spoll: () => k.ksocket_spoll(s, 0, 1, cr),
    hold: () => k.ksocket_hold(s),
    rele: () => k.ksocket_rele(s),
    close: () => k.ksock_close(s),
  };
  const answers = new Set<string>();
  for (const [name, call] of Object.entries(calls)) {
    if (except.includes(name)) continue;
    const [error] = await call();
    answers.add(
      error === 0 ? `${name} succeeds` : errnoName(error) === "ENOTSOCK" ? "ENOTSOCK" : `${name} ${errnoName(error)}`,
    );
  }
  return [...answers];
}
