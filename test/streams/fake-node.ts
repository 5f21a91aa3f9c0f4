import type { Errno, PointArgs, PointValues } from "../../services/abi/contract.generated.ts";
import { MSG, SO } from "../../services/abi/flags.ts";
import type { Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { buildSockaddr, parseSockaddr } from "../../services/abi/sockaddr.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import type { StreamPoint, TaskRoad } from "../../services/streams/task.ts";

/** One direction of a connection, which holds little. */
interface Pipe {
  bytes: Buffer;
  /** The writer sends no more, or the reader is gone. */
  ended: boolean;
  broken: Errno | undefined;
}

interface Fake {
  local: Uint8Array;
  peer: Uint8Array;
  into: Pipe | undefined;
  from: Pipe | undefined;
  queue: Fake[] | undefined;
  closed: boolean;
}

const ADDRESS = 0x0a00_0001 as Ipv4Address;
const sockaddr = (port: number): Uint8Array => buildSockaddr({ family: "AF_INET", address: ADDRESS, port });
const portOf = (addr: Uint8Array): number => {
  const parsed = parseSockaddr(addr);
  return parsed?.family === "AF_INET" ? parsed.port : 0;
};

/** How stream sockets of one node behave to those who call, as little of it as streams need. */
export class FakeNode {
  /** Bytes that a direction holds. */
  room = 5000;
  /** Calls that an errno strikes once, in the place of what they would do. */
  readonly strikes: { readonly point: StreamPoint; readonly errno: Errno }[] = [];
  readonly calls: StreamPoint[] = [];
  /** Calls that have no answer yet. */
  underWay = 0;
  /** The descriptors whose receiving and accepting end after a while. */
  readonly patient = new Set<number>();
  readonly #sockets = new Map<number, Fake>();
  readonly #listening = new Map<number, Fake>();
  #next = 3;
  #wake: (() => void)[] = [];

  get open(): number {
    return this.#sockets.size;
  }

  readonly road: TaskRoad = async (_who, point, args) => {
    this.calls.push(point);
    const struck = this.strikes.findIndex((strike) => strike.point === point);
    const [strike] = struck < 0 ? [] : this.strikes.splice(struck, 1);
    this.underWay++;
    const result = strike === undefined ? await this.#serve(point, args) : strike.errno;
    this.underWay--;
    for (const wake of this.#wake.splice(0)) wake();
    return (
      typeof result === "string" ? { kind: "refused", errno: result } : { kind: "returned", value: result }
    ) as Reply<typeof point>;
  };

  /** Breaks every connection, as a RST does. */
  reset(): void {
    for (const { into, from } of this.#sockets.values()) {
      for (const pipe of [into, from]) if (pipe !== undefined) pipe.broken = "ECONNRESET";
    }
    for (const wake of this.#wake.splice(0)) wake();
  }

  #add(port: number): number {
    const fd = this.#next++;
    const fake = { local: sockaddr(port), peer: sockaddr(0), into: undefined, from: undefined, queue: undefined };
    this.#sockets.set(fd, { ...fake, closed: false });
    return fd;
  }

  /** Asks again and again, whenever something has happened, until there is an answer. */
  async #until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async #serve(point: StreamPoint, args: PointArgs[StreamPoint]): Promise<PointValues[StreamPoint] | Errno> {
    const given = args as {
      fd?: number;
      addr?: Uint8Array;
      data?: Uint8Array;
      flags?: number;
      how?: number;
      count?: number;
      optname?: number;
    };
    if (point === "sys_spawn") return { pid: 1, files: 1 };
    if (point === "sys_socket") return { fd: this.#add(0) };
    const socket = this.#sockets.get(given.fd ?? -1);
    if (socket === undefined) return point === "sys_exit" ? {} : "EBADF";
    switch (point) {
      case "sys_bind":
        socket.local = sockaddr(portOf(given.addr ?? NOTHING) || 4242);
        return {};
      case "sys_listen":
        socket.queue = [];
        this.#listening.set(portOf(socket.local), socket);
        return {};
      case "sys_accept4":
        return this.#accept(socket);
      case "sys_connect":
        return this.#connect(socket, portOf(given.addr ?? NOTHING));
      case "sys_getsockname":
        return { addr: socket.local };
      case "sys_setsockopt":
        if (given.optname === SO.SO_RCVTIMEO) this.patient.add(given.fd ?? -1);
        return {};
      case "sys_sendto":
        return this.#send(socket, given.data ?? NOTHING, given.flags ?? 0);
      case "sys_poll":
        return this.#until(() =>
          socket.closed || !socket.into || socket.into.broken || socket.into.bytes.length < this.room
            ? { revents: 4 }
            : undefined,
        );
      case "sys_recvfrom":
        return this.#receive(socket, given.count ?? 0);
      case "sys_shutdown":
        if (socket.into !== undefined) socket.into.ended = true;
        socket.closed = given.how === 2;
        return {};
      case "sys_close":
        this.#sockets.delete(given.fd ?? -1);
        if (socket.into !== undefined) socket.into.ended = true;
        return {};
      default:
        return "EOPNOTSUPP";
    }
  }

  async #accept(listening: Fake): Promise<PointValues["sys_accept4"] | Errno> {
    const child = await this.#until(() => listening.queue?.shift() ?? (listening.closed ? "EINVAL" : undefined));
    if (child === "EINVAL") return child;
    const fd = this.#next++;
    this.#sockets.set(fd, child);
    return { fd, addr: child.peer };
  }

  #connect(socket: Fake, port: number): PointValues["sys_connect"] | Errno {
    const listening = this.#listening.get(port);
    if (listening?.queue === undefined || listening.closed) return "ECONNREFUSED";
    const pipe = (): Pipe => ({ bytes: Buffer.alloc(0), ended: false, broken: undefined });
    socket.local = sockaddr(50_000 + this.#next);
    socket.peer = sockaddr(port);
    socket.into = pipe();
    socket.from = pipe();
    const { into, from, local } = socket;
    listening.queue.push({ local: socket.peer, peer: local, into: from, from: into, queue: undefined, closed: false });
    return {};
  }

  #send({ into, closed }: Fake, data: Uint8Array, flags: number): PointValues["sys_sendto"] | Errno {
    if (into === undefined || (flags & MSG.MSG_DONTWAIT) === 0) return "ENOTCONN";
    if (into.broken !== undefined) return into.broken;
    if (into.ended || closed) return "EPIPE";
    const count = Math.min(data.length, this.room - into.bytes.length);
    if (count <= 0) return "EAGAIN";
    into.bytes = Buffer.concat([into.bytes, data.subarray(0, count)]);
    return { count };
  }

  #receive(socket: Fake, count: number): Promise<PointValues["sys_recvfrom"] | Errno> {
    const answer = (data: Uint8Array): PointValues["sys_recvfrom"] => ({
      data,
      addr: NOTHING,
      flags: 0,
      length: data.length,
    });
    return this.#until<PointValues["sys_recvfrom"] | Errno>(() => {
      const { from, closed } = socket;
      if (from === undefined) return "ENOTCONN";
      if (from.broken !== undefined) return from.broken;
      if (from.bytes.length > 0) {
        const data = new Uint8Array(from.bytes.subarray(0, count));
        from.bytes = from.bytes.subarray(count);
        return answer(data);
      }
      return from.ended || closed ? answer(NOTHING) : undefined;
    });
  }
}

const NOTHING = new Uint8Array(0);
