import { assert } from "../../../abi/assert.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { INADDR_ANY } from "../../../abi/packet/ipv4-address.ts";
import { lookup, lookupAll, type Flow } from "./lookup.ts";
import { hasAddress, UNBOUND, type Endpoint, type UdpSocket } from "./socket.ts";

/** Linux's `ip_local_port_range`. */
const EPHEMERAL = { first: 32_768, last: 60_999 } as const;

/** Chooses a number below `count`. The house asks kit.random; a test what it likes. */
export type Choose = (count: number) => number;

/** Whether two sockets have an address in common, and devices that do not keep them apart. */
const overlap = (a: UdpSocket, b: UdpSocket): boolean =>
  (a.ifindex === 0 || b.ifindex === 0 || a.ifindex === b.ifindex) &&
  (hasAddress(a, b.local.address) || hasAddress(b, a.local.address));

/**
 * Whether a socket may not have a port that another one has (`udp_lib_lport_inuse`). In illumos SO_REUSEADDR of who binds is
 * enough, when the port was asked for, and SO_EXCLBIND of either forbids every overlap (`udp_do_bind`). Who binds brings the rules.
 */
function conflict(a: UdpSocket, b: UdpSocket, asked: boolean): boolean {
  if (!overlap(a, b)) return false;
  if (a.illumos?.exclusiveBind === true || b.illumos?.exclusiveBind === true) return true;
  if (a.illumos !== undefined) return !(a.reuseAddress && asked);
  return !(a.reuseAddress && b.reuseAddress) && !(a.reusePort && b.reusePort);
}

/** What bind and connect change of a socket. */
export type Binding = Pick<UdpSocket, "local" | "peer" | "addressLocked" | "portLocked">;

/** The UDP sockets of a node, and who has which port. */
export class UdpTable {
  readonly #choose: Choose;
  readonly #sockets = new Map<number, UdpSocket>();
  /** Sockets by port, in the order of their binding. */
  readonly #ports = new Map<number, UdpSocket[]>();

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  add(socket: UdpSocket): UdpSocket {
    assert(!this.#sockets.has(socket.sk), "a socket is added once");
    this.#sockets.set(socket.sk, socket);
    return socket;
  }

  find(sk: number): UdpSocket | undefined {
    return this.#sockets.get(sk);
  }

  all(): readonly UdpSocket[] {
    return [...this.#sockets.values()];
  }

  /** Ends a socket: its port is free. */
  close(sk: number): void {
    const socket = this.#sockets.get(sk);
    if (socket === undefined) return;
    this.#unhash(socket);
    this.#sockets.delete(sk);
  }

  /**
   * Binds to an address that was found to be good; port 0 asks for one (`inet_bind`, `udp_v4_get_port`).
   *
   * EINVAL: it has a port already. EADDRINUSE: somebody has the port, or none is left.
   */
  bind(socket: UdpSocket, to: Endpoint): Result<Endpoint, "EINVAL" | "EADDRINUSE"> {
    if (socket.local.port !== 0) return fail("EINVAL");
    const before = socket.local;
    socket.local = { address: to.address, port: 0 };
    const got = this.#getPort(socket, to.port);
    if (!got.ok) {
      socket.local = before;
      return got;
    }
    socket.addressLocked = to.address !== INADDR_ANY;
    socket.portLocked = to.port !== 0;
    return got;
  }

  /** Takes a binding back, as after a hook that refused it. */
  unbind(socket: UdpSocket): void {
    this.#unhash(socket);
    socket.local = UNBOUND;
    socket.addressLocked = false;
    socket.portLocked = false;
  }

  /** Gives a socket that sends or connects a port, if it has none. EAGAIN: none is left (`inet_autobind`). */
  autobind(socket: UdpSocket): Result<Endpoint, "EAGAIN"> {
    if (socket.local.port !== 0) return ok(socket.local);
    const got = this.#getPort(socket, 0);
    return got.ok ? got : fail("EAGAIN");
  }

  /** Lets a socket have one peer; one that is bound to any address is now bound to `source`. It has a port already. */
  connect(socket: UdpSocket, peer: Endpoint, source: Endpoint["address"]): void {
    assert(socket.local.port !== 0, "a socket has a port before it is connected");
    socket.peer = peer;
    if (socket.local.address === INADDR_ANY) socket.local = { address: source, port: socket.local.port };
  }

  /** Takes the peer away, and what bind(2) did not ask for (`__udp_disconnect`). */
  disconnect(socket: UdpSocket): void {
    socket.peer = undefined;
    if (!socket.addressLocked) socket.local = { address: INADDR_ANY, port: socket.local.port };
    if (socket.portLocked) return;
    this.#unhash(socket);
    socket.local = { address: socket.local.address, port: 0 };
  }

  /**
   * Makes a socket what it was before a connect or disconnect that a hook refused. A port that somebody took meanwhile is
   * lost: the socket has none then, and no address.
   */
  restore(socket: UdpSocket, { local, peer, addressLocked, portLocked }: Binding): void {
    if (socket.local.port !== local.port) {
      this.#unhash(socket);
      socket.local = { address: local.address, port: 0 };
      if (local.port !== 0 && !this.#getPort(socket, local.port).ok) {
        this.unbind(socket);
        socket.peer = undefined;
        return;
      }
    }
    socket.local = local;
    socket.peer = peer;
    socket.addressLocked = addressLocked;
    socket.portLocked = portLocked;
  }

  /** The socket for a unicast datagram. */
  lookup(flow: Flow): UdpSocket | undefined {
    return lookup(this.#ports.get(flow.to.port) ?? [], flow);
  }

  /** The sockets for a broadcast. */
  lookupAll(flow: Flow): readonly UdpSocket[] {
    return lookupAll(this.#ports.get(flow.to.port) ?? [], flow);
  }

  #getPort(socket: UdpSocket, wanted: number): Result<Endpoint, "EADDRINUSE"> {
    const free = (port: number): boolean =>
      !(this.#ports.get(port) ?? []).some((other) => conflict(socket, other, wanted !== 0));
    const port = wanted === 0 ? this.#ephemeral(free) : free(wanted) ? wanted : undefined;
    if (port === undefined) return fail("EADDRINUSE");
    socket.local = { address: socket.local.address, port };
    this.#ports.set(port, [...(this.#ports.get(port) ?? []), socket]);
    return ok(socket.local);
  }

  /** A free port, searched from a chosen one on (RFC 6056 §3.3.1). */
  #ephemeral(free: (port: number) => boolean): number | undefined {
    const count = EPHEMERAL.last - EPHEMERAL.first + 1;
    const offset = this.#choose(count);
    for (let tried = 0; tried < count; tried++) {
      const port = EPHEMERAL.first + ((offset + tried) % count);
      if (free(port)) return port;
    }
    return undefined;
  }

  #unhash(socket: UdpSocket): void {
    const { port } = socket.local;
    const left = (this.#ports.get(port) ?? []).filter((other) => other !== socket);
    if (left.length === 0) this.#ports.delete(port);
    else this.#ports.set(port, left);
  }
}
