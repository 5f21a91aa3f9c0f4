import { outermost } from "../../abi/context.ts";
import type { PointName, PointValues } from "../../abi/contract.generated.ts";
import { AF, IPPROTO, SO, SOCK, SOL, TCP } from "../../abi/flags.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Reply } from "../../boundary/invocation.ts";
import * as K from "../../ksock/index.ts";
import type { World } from "../../lab/world.ts";
import { ksockRoad } from "../ksock-road.ts";

/** One end of a connection, whatever it is made of: one call of each kind at a time. */
export interface ByteStream {
  /** Resolves when all of it has been taken. */
  send(data: Uint8Array): Promise<void>;
  /** What is there, up to so many bytes, once something is; nothing at the end. */
  receive(max: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Both ends of one connection; the server's is on the other node. */
export interface StreamPair {
  readonly client: ByteStream;
  readonly server: ByteStream;
  /** When both ends are closed. */
  end(): Promise<void>;
}

/** What connections between two nodes are made of. */
export type StreamKind = "tasks" | "kernel sockets" | "kernel sockets, by callbacks";

const [CLIENT, SERVER] = ["alpha", "beta"];
const ADDRESS = "10.0.0.2";
const ADDRESS_NUMBER = 0x0a00_0002 as Ipv4Address;

/** Connects two nodes. A benchmark of calls that fail measures nothing, so whatever fails here throws. */
export const connectPair = (world: World, kind: StreamKind, port: number): Promise<StreamPair> =>
  kind === "tasks" ? connectTasks(world, port) : connectKsocks(world, port, kind !== "kernel sockets");

function returned<P extends PointName>(point: P, reply: Reply<P>): PointValues[P] {
  if (reply.kind === "returned") return reply.value;
  throw new Error(`${point} of the benchmark was ${reply.kind}: ${reply.kind === "refused" ? reply.errno : reply.why}`);
}

/** A task with a stream socket. */
async function taskOn(world: World, node: string, name: string) {
  const calls = world.nodes.get(node)?.calls;
  if (calls === undefined) throw new Error(`the world of the benchmark has no node ${node}`);
  const { files } = returned("sys_spawn", await calls.sys_spawn(outermost(name), { name }));
  const who = outermost(name, files);
  const args = { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol: 0 };
  const { fd } = returned("sys_socket", await calls.sys_socket(who, args));
  const nodelay = { fd, level: IPPROTO.IPPROTO_TCP, optname: TCP.TCP_NODELAY, value: 1 };
  returned("sys_setsockopt", await calls.sys_setsockopt(who, nodelay));
  const streamOf = (own: number): ByteStream => ({
    async send(data) {
      for (let at = 0; at < data.length;) {
        const what = { fd: own, data: data.subarray(at), flags: 0, addr: NOTHING };
        at += returned("sys_sendto", await calls.sys_sendto(who, what)).count;
      }
    },
    async receive(max) {
      for (;;) {
        const reply = await calls.sys_recvfrom(who, { fd: own, count: max, flags: 0 });
        // A call waits for 100 s at most.
        if (reply.kind === "refused" && reply.errno === "EINTR") continue;
        return returned("sys_recvfrom", reply).data;
      }
    },
    async close() {
      returned("sys_close", await calls.sys_close(who, { fd: own }));
    },
  });
  return { calls, who, fd, streamOf };
}

const NOTHING = new Uint8Array(0);

async function connectTasks(world: World, port: number): Promise<StreamPair> {
  const addr = buildSockaddr({ family: "AF_INET", address: ADDRESS_NUMBER, port });
  const there = await taskOn(world, SERVER, `stream-${port}-server`);
  const reuse = { fd: there.fd, level: SOL.SOL_SOCKET, optname: SO.SO_REUSEADDR, value: 1 };
  returned("sys_setsockopt", await there.calls.sys_setsockopt(there.who, reuse));
  returned("sys_bind", await there.calls.sys_bind(there.who, { fd: there.fd, addr }));
  returned("sys_listen", await there.calls.sys_listen(there.who, { fd: there.fd, backlog: 1 }));
  const here = await taskOn(world, CLIENT, `stream-${port}-client`);
  returned("sys_connect", await here.calls.sys_connect(here.who, { fd: here.fd, addr }));
  const { fd } = returned("sys_accept4", await there.calls.sys_accept4(there.who, { fd: there.fd, flags: 0 }));
  return {
    client: here.streamOf(here.fd),
    server: there.streamOf(fd),
    async end() {
      returned("sys_close", await there.calls.sys_close(there.who, { fd: there.fd }));
      returned("sys_exit", await there.calls.sys_exit(there.who, { reaper: "" }));
      returned("sys_exit", await here.calls.sys_exit(here.who, { reaper: "" }));
    },
  };
}

function must<T>(what: string, [error, value]: K.Answer<T>): T {
  if (error !== 0) throw new Error(`${what} of the benchmark was refused: ${K.errnoName(error)}`);
  return value;
}

/** Something that a callback tells: it stays told until somebody has waited for it. */
function bell(): { ring(): void; rung(): Promise<void> } {
  let ring: () => void = () => undefined;
  let rung = new Promise<void>((resolve) => (ring = resolve));
  return {
    ring: () => ring(),
    async rung() {
      await rung;
      rung = new Promise<void>((resolve) => (ring = resolve));
    },
  };
}

/** An end that is a kernel socket; one that goes by callbacks waits in no call. */
async function ksockStream(ksock: K.Ksock, s: K.ksocket_t, byCallbacks: boolean): Promise<ByteStream> {
  const [arrived, room] = [bell(), bell()];
  must("TCP_NODELAY", await ksock.ksock_setsockopt(s, K.IPPROTO_TCP, K.TCP_NODELAY, K.int(1)));
  if (byCallbacks) {
    must("FIONBIO", await ksock.ksock_ioctl(s, K.FIONBIO, 1));
    const callbacks = { recv: arrived.ring, xmit: room.ring, disconnected: arrived.ring };
    must("ksock_callbacks", await ksock.ksock_callbacks(s, callbacks, null));
  }
  return {
    async send(data) {
      for (let at = 0; at < data.length;) {
        const rest = data.subarray(at);
        const [error, sent] = await ksock.ksock_send(s, rest, rest.length, 0);
        if (error === K.EWOULDBLOCK) await room.rung();
        else at += must("ksock_send", [error, sent]);
      }
    },
    async receive(max) {
      for (;;) {
        const [error, data] = await ksock.ksock_recv(s, max, 0);
        if (error === K.EWOULDBLOCK) await arrived.rung();
        else return must("ksock_recv", [error, data]);
      }
    },
    async close() {
      must("ksock_close", await ksock.ksock_close(s));
    },
  };
}

async function connectKsocks(world: World, port: number, byCallbacks: boolean): Promise<StreamPair> {
  const [here, there] = [CLIENT, SERVER].map((node) => {
    const road = ksockRoad(world, node, `ksock-${port}`);
    if (road === undefined) throw new Error(`the world of the benchmark has no node ${node}`);
    return K.createKsock(road, { stream: `bench-${port}` });
  });
  if (here === undefined || there === undefined) throw new Error("a connection has two ends");
  const listener = must("ksock_socket", await there.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0));
  must("SO_REUSEADDR", await there.ksock_setsockopt(listener, K.SOL_SOCKET, K.SO_REUSEADDR, K.int(1)));
  must("ksock_bind", await there.ksock_bind(listener, K.sockaddr_in("0.0.0.0", port)));
  must("ksock_listen", await there.ksock_listen(listener, 1));
  const s = must("ksock_socket", await here.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0));
  must("ksock_connect", await here.ksock_connect(s, K.sockaddr_in(ADDRESS, port)));
  const { ns } = must("ksock_accept", await there.ksock_accept(listener, null));
  return {
    client: await ksockStream(here, s, byCallbacks),
    server: await ksockStream(there, ns, byCallbacks),
    async end() {
      must("ksock_close", await there.ksock_close(listener));
      here.end();
      there.end();
    },
  };
}
