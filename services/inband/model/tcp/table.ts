import { assert } from "../../../abi/assert.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { INADDR_ANY, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { UNBOUND, type Endpoint } from "../udp/socket.ts";
import { conflicts } from "./bind-conflict.ts";
import { FourTuples } from "./four-tuples.ts";
import { listenerFor } from "./lookup.ts";
import { ILLUMOS_PORTS, LINUX_PORTS, PortChooser } from "./ports.ts";
import { sipHash, type SipKey } from "./siphash.ts";
import type { TcpSocket } from "./socket.ts";
import type { Flow } from "../udp/lookup.ts";

/** Connections in TIME-WAIT. Each has a port's four numbers, and nothing in its buffers. */
const TIME_WAITS_MAX = 16_384;

/** The peer of a socket that has none yet. */
const NOBODY: Endpoint = { address: INADDR_ANY, port: 0 };

/** Who has a port (`inet_bind_bucket`). */
interface Bucket {
  readonly sockets: Set<TcpSocket>;
  /** How many of them got it by bind, so that connect gives it to nobody else. */
  locked: number;
}

/** The TCP sockets of a node: who has which port, who listens, and whose connection a segment is of. */
export class TcpTable {
  readonly #sockets = new Map<number, TcpSocket>();
  readonly #ports = new Map<number, Bucket>();
  readonly #listeners = new Map<number, TcpSocket[]>();
  readonly #connections: FourTuples;
  readonly #chooser: PortChooser;
  /** In the order in which they got there. */
  readonly #timeWaits = new Set<TcpSocket>();
  #orphans = 0;

  /** @param key what chains and ports are chosen with: whoever knows it can guess them. */
  constructor(key: SipKey) {
    this.#connections = new FourTuples(sipHash(key, []).low);
    this.#chooser = new PortChooser(key);
  }

  /** Connections, those in TIME-WAIT included. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Sockets that nobody owns, whose connections go on. */
  get orphans(): number {
    return this.#orphans;
  }

  add(socket: TcpSocket): TcpSocket {
    assert(!this.#sockets.has(socket.sk), "a socket is added once");
    this.#sockets.set(socket.sk, socket);
    return socket;
  }

  find(sk: number): TcpSocket | undefined {
    return this.#sockets.get(sk);
  }

  /** All sockets, those that nobody owns any more, or yet, included. */
  all(): IterableIterator<TcpSocket> {
    return this.#sockets.values();
  }

  /** From now on a socket goes with its connection. */
  orphan(socket: TcpSocket): void {
    assert(!socket.orphan, "a socket is closed once");
    socket.orphan = true;
    this.#orphans++;
  }

  /** Ends a socket: its port is free. */
  remove(socket: TcpSocket): void {
    this.disconnected(socket);
    this.#unlisten(socket);
    this.#unhash(socket);
    if (this.#sockets.delete(socket.sk) && socket.orphan) this.#orphans--;
  }

  /**
   * Binds to an address that was found to be good; port 0 asks for one (`inet_csk_get_port`, `tcp_bindi`).
   *
   * EINVAL: it has a port already. EADDRINUSE: somebody has the port, or none is left.
   */
  bind(socket: TcpSocket, to: Endpoint): Result<Endpoint, "EINVAL" | "EADDRINUSE"> {
    if (socket.local.port !== 0) return fail("EINVAL");
    const before = socket.local;
    socket.local = { address: to.address, port: 0 };
    const port =
      to.port === 0 ? this.#choose(socket, to.address, NOBODY, (free) => this.#mayHave(socket, free)) : to.port;
    if (port === undefined || !this.#mayHave(socket, port)) {
      socket.local = before;
      return fail("EADDRINUSE");
    }
    socket.addressLocked = to.address !== INADDR_ANY;
    socket.portLocked = to.port !== 0;
    this.#hash(socket, { address: to.address, port });
    return ok(socket.local);
  }

  /** Gives the port back that connect chose, and the address; what bind gave stays (SOCK_BINDADDR_LOCK, _BINDPORT_LOCK). */
  unlock(socket: TcpSocket): void {
    if (!socket.portLocked) this.#unhash(socket);
    socket.local = {
      address: socket.addressLocked ? socket.local.address : INADDR_ANY,
      port: socket.portLocked ? socket.local.port : 0,
    };
  }

  /** Takes a binding back. */
  unbind(socket: TcpSocket): void {
    this.#unhash(socket);
    socket.local = UNBOUND;
    socket.addressLocked = false;
    socket.portLocked = false;
  }

  /**
   * Chooses the port of a socket that connects from `address` (`__inet_hash_connect`): one that nobody got by bind, and
   * from which nobody is connected to this peer. Several connections may share it. EADDRNOTAVAIL: none is left.
   */
  bindForConnect(socket: TcpSocket, address: Endpoint["address"], peer: Endpoint): Result<Endpoint, "EADDRNOTAVAIL"> {
    const free = (port: number): boolean =>
      (this.#ports.get(port)?.locked ?? 0) === 0 &&
      this.#connections.find(address, port, peer.address, peer.port) === undefined;
    const port = this.#choose(socket, address, peer, free);
    if (port === undefined) return fail("EADDRNOTAVAIL");
    this.#hash(socket, { address, port });
    return ok(socket.local);
  }

  /** Gives a connection that a listening socket accepts the port of that socket. */
  bindChild(socket: TcpSocket, local: Endpoint): void {
    this.#hash(socket, local);
  }

  /** The address of a socket that has a port and connects. */
  rename(socket: TcpSocket, address: Endpoint["address"]): void {
    socket.local = { address, port: socket.local.port };
  }

  /** Whether a bound socket may listen: another one that listens there may have come between. */
  mayListen(socket: TcpSocket): boolean {
    return this.#mayHave(socket, socket.local.port);
  }

  /** SYNs for its port come to this socket. */
  listens(socket: TcpSocket): void {
    const { port } = socket.local;
    this.#listeners.set(port, [...(this.#listeners.get(port) ?? []), socket]);
  }

  /** The socket has a connection from now on: its segments find it. */
  connected(socket: TcpSocket): void {
    this.#connections.add(socket);
  }

  /** The connection of a socket is over, which goes on without it: a port that bind did not give is free. */
  over(socket: TcpSocket): void {
    this.disconnected(socket);
    if (!socket.portLocked) this.#unhash(socket);
  }

  /** No segment finds the connection of a socket any more. */
  disconnected(socket: TcpSocket): void {
    this.#connections.remove(socket);
    this.#timeWaits.delete(socket);
  }

  /** A connection is in TIME-WAIT. Answers the oldest one whose owner is gone, when there are too many of them. */
  waitsOut(socket: TcpSocket): TcpSocket | undefined {
    this.#timeWaits.add(socket);
    if (this.#timeWaits.size <= TIME_WAITS_MAX) return undefined;
    for (const oldest of this.#timeWaits) if (oldest.orphan) return oldest;
    return undefined;
  }

  /** The socket with this connection. */
  connectionOf(local: Endpoint, peer: Endpoint): TcpSocket | undefined {
    return this.#connections.find(local.address, local.port, peer.address, peer.port);
  }

  /** The same, for segments, without an object for each. */
  lookup(local: Ipv4Address, localPort: number, peer: Ipv4Address, peerPort: number): TcpSocket | undefined {
    return this.#connections.find(local, localPort, peer, peerPort);
  }

  /** The socket that listens for a SYN. */
  listener(flow: Flow): TcpSocket | undefined {
    const sockets = this.#listeners.get(flow.to.port);
    return sockets === undefined ? undefined : listenerFor(sockets, flow);
  }

  /** The socket listens no more. */
  unlisten(socket: TcpSocket): void {
    this.#unlisten(socket);
  }

  #mayHave(socket: TcpSocket, port: number): boolean {
    for (const other of this.#ports.get(port)?.sockets ?? []) if (conflicts(socket, other)) return false;
    return true;
  }

  #choose(
    { flavour }: TcpSocket,
    address: Ipv4Address,
    peer: Endpoint,
    free: (port: number) => boolean,
  ): number | undefined {
    return this.#chooser.choose(flavour === "linux" ? LINUX_PORTS : ILLUMOS_PORTS, address, peer, free);
  }

  #hash(socket: TcpSocket, local: Endpoint): void {
    socket.local = local;
    let bucket = this.#ports.get(local.port);
    if (bucket === undefined) this.#ports.set(local.port, (bucket = { sockets: new Set(), locked: 0 }));
    bucket.sockets.add(socket);
    if (socket.portLocked) bucket.locked++;
  }

  #unhash(socket: TcpSocket): void {
    const { port } = socket.local;
    const bucket = this.#ports.get(port);
    if (bucket?.sockets.delete(socket) !== true) return;
    if (socket.portLocked) bucket.locked--;
    if (bucket.sockets.size === 0) this.#ports.delete(port);
  }

  #unlisten(socket: TcpSocket): void {
    const { port } = socket.local;
    const left = (this.#listeners.get(port) ?? []).filter((other) => other !== socket);
    if (left.length === 0) this.#listeners.delete(port);
    else this.#listeners.set(port, left);
  }
}
