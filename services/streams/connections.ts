import { AF, SHUT, SO, SOCK, SOL } from "../abi/flags.ts";
import { INADDR_ANY, ipv4AddressText, parseIpv4Address } from "../abi/packet/ipv4-address.ts";
import { buildSockaddr, parseSockaddr } from "../abi/sockaddr.ts";
import { CallError, resultOf, type StreamPoint, type Task } from "./task.ts";
import type { PointArgs, PointValues } from "../abi/contract.generated.ts";
import { PATIENCE_NS, TaskSocket } from "./task-socket.ts";

/** An address and a port. */
export interface Endpoint {
  /** Such as `10.0.0.1`. */
  readonly address: string;
  readonly port: number;
}

/** A socket that listens. */
export interface Listener extends Endpoint {
  /** Accepts nobody any more; connections that were accepted go on. */
  close(): Promise<void>;
  /**
   * Resolves when nobody is accepted any more: to what accept(2) said, such as EIO when the node is gone, undefined after `close`. Rejects
   * with what `onConnection` threw.
   */
  readonly ended: Promise<CallError | undefined>;
}

/** How long accepting rests when the task has no descriptor left. */
const REST_NS = 100_000_000;
const BACKLOG = 128;

/** The value of a call that works, or the error that says why not. @param where is said in it, too. */
async function must<P extends StreamPoint>(
  task: Task,
  point: P,
  args: PointArgs[P],
  where = "",
): Promise<PointValues[P]> {
  const result = resultOf(await task.call(point, args));
  if (!result.ok) throw new CallError(point, result.errno, where);
  return result.value;
}

function sockaddrOf({ address, port }: Endpoint): Uint8Array {
  const number = parseIpv4Address(address);
  if (number === undefined) throw new TypeError(`${address} is no IPv4 address, such as 10.0.0.1`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`${port} is no port, such as 80`);
  return buildSockaddr({ family: "AF_INET", address: number, port });
}

function endpointOf(sockaddr: Uint8Array): Endpoint {
  const address = parseSockaddr(sockaddr);
  return address?.family === "AF_INET"
    ? { address: ipv4AddressText(address.address), port: address.port }
    : { address: ipv4AddressText(INADDR_ANY), port: 0 };
}

/** A new stream socket, none of whose calls waits longer than roads do. */
async function newSocket(task: Task): Promise<number> {
  const { fd } = await must(task, "sys_socket", { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol: 0 });
  await bePatient(task, fd);
  return fd;
}

/** Who receives or accepts is told after a while that nothing came, and asks again. */
const bePatient = (task: Task, fd: number): Promise<unknown> =>
  must(task, "sys_setsockopt", { fd, level: SOL.SOL_SOCKET, optname: SO.SO_RCVTIMEO, value: PATIENCE_NS });

async function streamOf(task: Task, fd: number, peer: Uint8Array): Promise<TaskSocket> {
  const local = endpointOf((await must(task, "sys_getsockname", { fd })).addr);
  const remote = endpointOf(peer);
  const ends = { localAddress: local.address, localPort: local.port };
  return new TaskSocket(task, fd, { ...ends, remoteAddress: remote.address, remotePort: remote.port });
}

/**
 * Connects to a peer. Rejects with ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH and what else connect(2) says, in `code`.
 */
export async function connect(task: Task, to: Endpoint): Promise<TaskSocket> {
  const addr = sockaddrOf(to);
  const fd = await newSocket(task);
  try {
    await must(task, "sys_connect", { fd, addr }, `${to.address}:${to.port}`);
    return await streamOf(task, fd, addr);
  } catch (error) {
    await task.call("sys_close", { fd });
    throw error;
  }
}

/**
 * Listens, and hands over every connection that is accepted. Port 0 asks for one that is free. Rejects with EADDRINUSE,
 * EADDRNOTAVAIL and what else bind(2) and listen(2) say.
 */
export async function listen(
  task: Task,
  at: Endpoint & { readonly backlog?: number },
  onConnection: (socket: TaskSocket) => void,
): Promise<Listener> {
  const addr = sockaddrOf(at);
  const fd = await newSocket(task);
  try {
    // A server that is started again takes its port at once, whatever is left of its former connections.
    await must(task, "sys_setsockopt", { fd, level: SOL.SOL_SOCKET, optname: SO.SO_REUSEADDR, value: 1 });
    await must(task, "sys_bind", { fd, addr }, `${at.address}:${at.port}`);
    await must(task, "sys_listen", { fd, backlog: at.backlog ?? BACKLOG });
    const bound = endpointOf((await must(task, "sys_getsockname", { fd })).addr);
    const state = { closed: false };
    const accepting = acceptAll(task, fd, state, onConnection);
    return {
      ...bound,
      // What a close makes of the call is no error.
      ended: accepting.then((error) => (state.closed ? undefined : error)),
      async close() {
        if (state.closed) return;
        state.closed = true;
        // It wakes the call that waits for a connection, which closing alone does not.
        await task.call("sys_shutdown", { fd, how: SHUT.SHUT_RDWR });
        await task.call("sys_close", { fd });
        await accepting;
      },
    };
  } catch (error) {
    await task.call("sys_close", { fd });
    throw error;
  }
}

/** A connection that was accepted, as a stream. Undefined: it was reset in that very moment. */
async function adopt(task: Task, fd: number, peer: Uint8Array): Promise<TaskSocket | undefined> {
  try {
    await bePatient(task, fd);
    return await streamOf(task, fd, peer);
  } catch {
    await task.call("sys_close", { fd });
    return undefined;
  }
}

async function acceptAll(
  task: Task,
  fd: number,
  state: { readonly closed: boolean },
  onConnection: (socket: TaskSocket) => void,
): Promise<CallError | undefined> {
  while (!state.closed) {
    const accepted = resultOf(await task.call("sys_accept4", { fd, flags: 0 }));
    if (accepted.ok) {
      const { fd: own, addr } = accepted.value;
      const socket = await adopt(task, own, addr);
      if (socket !== undefined) onConnection(socket);
      continue;
    }
    switch (accepted.errno) {
      case "EAGAIN":
      case "EINTR":
      case "ECONNABORTED":
        break;
      case "EMFILE":
      case "ENOMEM":
      case "ENOBUFS":
        await new Promise<void>((resolve) => task.clock.after(REST_NS, resolve));
        break;
      default:
        return new CallError("sys_accept4", accepted.errno);
    }
  }
  return undefined;
}
