import { assert } from "../../../abi/assert.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { INADDR_ANY } from "../../../abi/packet/ipv4-address.ts";
import type { Connection } from "../tcp/connection.ts";
import { initialSeq } from "../tcp/isn.ts";
import { Listener, type Backlog } from "../tcp/listener.ts";
import { openActive } from "../tcp/open.ts";
import { ILLUMOS, LINUX, type TcpSettings } from "../tcp/settings.ts";
import type { TcpStateName } from "../tcp/state.ts";
import { newTcpSocket, type Flavour, type TcpSocket } from "../tcp/socket.ts";
import * as user from "../tcp/user-calls.ts";
import type { Endpoint } from "../udp/socket.ts";
import { tellRoute } from "./ip-output.ts";
import type { Path } from "../path.ts";
import { routeOutput } from "./route-output.ts";
import { ask, type Run, type StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";
import { timestampOffset } from "../tcp/timestamp-offset.ts";
import { mssOf } from "./tcp-output.ts";
import { destroyTcp, performTcp } from "./tcp-run.ts";

export type { Flavour, TcpSocket } from "../tcp/socket.ts";

/*
 * What sockets do with TCP: those of tasks and of the kernel alike. What differs between Linux and illumos beyond the flavour
 * of a socket, errnos above all, is the layers' business.
 */

/** Makes a socket. Its layer gives the number, of the count that all layers share. */
export const createTcp = (state: StackState, sk: number, flavour: Flavour): TcpSocket =>
  state.tcp.add(newTcpSocket(sk, flavour, flavour === "linux" ? LINUX : ILLUMOS));

/**
 * Binds a socket. EADDRNOTAVAIL: not an address of this host. EINVAL: it is bound, or was connected. EADDRINUSE: somebody
 * has the port, or none is left.
 */
export function bindTcp(
  state: StackState,
  socket: TcpSocket,
  to: Endpoint,
): Result<Endpoint, "EADDRNOTAVAIL" | "EINVAL" | "EADDRINUSE"> {
  if (to.address !== INADDR_ANY && state.routes.typeOf(to.address) !== "local") return fail("EADDRNOTAVAIL");
  if (socket.t !== "closed") return fail("EINVAL");
  return state.tcp.bind(socket, to);
}

/** Takes the binding of a socket back that neither listens nor is connected. */
export function unbindTcp(state: StackState, socket: TcpSocket): void {
  state.tcp.unbind(socket);
}

/**
 * Makes a socket listen, on a port of the stack's choice if it has none; one that listens already gets another backlog.
 * EINVAL: it is, or was, connected. EADDRINUSE: another socket listens there by now, or no port is left.
 */
export function listenTcp(
  state: StackState,
  socket: TcpSocket,
  backlog: Backlog,
): Result<undefined, "EINVAL" | "EADDRINUSE"> {
  if (socket.listener !== undefined) {
    Object.assign(socket.listener, backlog);
    return ok(undefined);
  }
  if (socket.t === "connection" && socket.connection?.state.t !== "CLOSED") return fail("EINVAL");
  forget(state, socket);
  if (socket.local.port === 0) {
    const bound = state.tcp.bind(socket, { address: socket.local.address, port: 0 });
    if (!bound.ok) return fail("EADDRINUSE");
  } else if (!state.tcp.mayListen(socket)) return fail("EADDRINUSE");
  socket.t = "listen";
  socket.listener = new Listener(backlog);
  state.tcp.listens(socket);
  return ok(undefined);
}

/**
 * Takes the connection that was completed first; it belongs to the caller from now on. It may be over already: whoever
 * accepts it sees by its state. Undefined: none waits.
 */
export function acceptTcp(_state: StackState, socket: TcpSocket): TcpSocket | undefined {
  const child = socket.listener?.accept();
  if (child !== undefined) child.parent = undefined;
  return child;
}

/** Why a connection cannot even begin. */
type ConnectErrno = "EINVAL" | "ENETUNREACH" | "EHOSTUNREACH" | "EADDRNOTAVAIL" | "EADDRINUSE";

/**
 * Begins to connect (`tcp_v4_connect`): the SYN is sent, the notices `connected` or `closed` tell how it ended. That may have
 * happened before this returns, where the peer is on this host.
 *
 * EINVAL: it listens or is connected. ENETUNREACH, EHOSTUNREACH: no way there. EADDRNOTAVAIL: no port is left. The four
 * numbers are another connection's: EADDRNOTAVAIL (Linux), EADDRINUSE (illumos).
 */
export const connectTcp = (
  state: StackState,
  socket: TcpSocket,
  peer: Endpoint,
  nowNs: number,
): Outcome<Result<undefined, ConnectErrno>> => step(state, nowNs, (run) => connect(run, socket, peer));

function connect(run: Run, socket: TcpSocket, to: Endpoint): Result<undefined, ConnectErrno> {
  const { state, nowNs } = run;
  if (socket.t === "listen") return fail("EINVAL");
  if (socket.t === "connection" && socket.connection?.state.t !== "CLOSED") return fail("EINVAL");
  const path = pathOf(run, socket, to);
  if (!path.ok) return path;
  forget(state, socket);
  const { source, destination } = path.value;
  const peer = { address: destination, port: to.port };
  const taken = takePort(run, socket, source, peer);
  if (!taken.ok) return taken;
  const settings = { ...socket.settings, mss: mssOf(run, path.value, socket) };
  const iss = initialSeq(state.tcpKey, socket.local, peer, nowNs);
  const ends = {
    local: socket.local,
    remote: peer,
    timestampOffset: timestampOffset(state.tcpKey, socket.local, peer),
    pool: state.buffers,
  };
  const opened = openActive({ ...ends, iss, settings }, nowNs);
  socket.t = "connection";
  socket.peer = peer;
  socket.connection = opened.connection;
  socket.error = undefined;
  // On Linux a socket that was shut before it had a connection is shut in that, too; only `tcp_disconnect` opens it again.
  if (socket.flavour !== "linux") openDirections(socket);
  opened.connection.deaf = socket.rcvShutdown;
  socket.peerFinished = false;
  socket.urgent = undefined;
  state.tcp.connected(socket);
  state.tcpCounters.add("active_opens");
  tellRoute(run, path.value);
  const { sk, local } = socket;
  ask(run, { t: "tcp", sk, notice: { t: "open", to: "SYN-SENT", local, peer, listener: undefined } });
  performTcp(run, socket, opened.step);
  return ok(undefined);
}

/** The way to a peer. ENETUNREACH: there is none, or the peer would be many (RFC 9293 §3.9.2.3, MUST-46). */
function pathOf(
  { state }: Run,
  { local, ifindex }: TcpSocket,
  { address }: Endpoint,
): Result<Path, "ENETUNREACH" | "EHOSTUNREACH"> {
  const path = routeOutput(state, address, { source: local.address, ifindex });
  if (!path.ok) return path;
  const { kind } = path.value;
  return kind === "broadcast" || kind === "multicast" ? fail("ENETUNREACH") : path;
}

/** Gives a socket that connects a port and an address, if it has none; the four numbers must be nobody's. */
function takePort(
  run: Run,
  socket: TcpSocket,
  source: Endpoint["address"],
  peer: Endpoint,
): Result<undefined, "EADDRNOTAVAIL" | "EADDRINUSE"> {
  const { tcp } = run.state;
  const { port } = socket.local;
  if (port === 0) {
    const bound = tcp.bindForConnect(socket, source, peer);
    return bound.ok ? ok(undefined) : bound;
  }
  const other = tcp.connectionOf({ address: source, port }, peer);
  if (other !== undefined && !replaceable(other)) {
    return fail(socket.flavour === "linux" ? "EADDRNOTAVAIL" : "EADDRINUSE");
  }
  if (other !== undefined) destroyTcp(run, other);
  tcp.rename(socket, source);
  return ok(undefined);
}

/**
 * Whether a new connection may take the place of one in TIME-WAIT (RFC 6191 §2): timestamps tell old segments from new
 * ones (`tcp_twsk_unique`).
 */
const replaceable = ({ orphan, connection }: TcpSocket): boolean =>
  orphan && connection?.state.t === "TIME-WAIT" && connection.state.rcv.tsRecent !== undefined;

function openDirections(socket: TcpSocket): void {
  socket.rcvShutdown = false;
  socket.sndShutdown = false;
}

/** A connection that is over is forgotten, and the address with it that nobody had asked for. */
function forget(state: StackState, socket: TcpSocket): void {
  if (socket.t !== "connection") return;
  state.tcp.disconnected(socket);
  socket.t = "closed";
  socket.connection = undefined;
  socket.peer = undefined;
  socket.path = undefined;
  openDirections(socket);
  socket.peerFinished = false;
  socket.urgent = undefined;
  state.tcp.unlock(socket);
}

/** A connection that a call of its owner is for. */
function connectionOf(socket: TcpSocket): Connection {
  assert(socket.connection !== undefined, "the layer above asks for a connection only where there is one");
  return socket.connection;
}

/** Takes as many bytes as there is room for, and sends what may be sent. Answers how many; 0: no room, or no way. */
export const sendTcp = (
  state: StackState,
  socket: TcpSocket,
  bytes: Uint8Array,
  options: user.SendOptions,
  nowNs: number,
): Outcome<number> =>
  step(state, nowNs, (run) => {
    const sent = user.send(connectionOf(socket), bytes, options, nowNs);
    performTcp(run, socket, sent.step);
    return sent.taken;
  });

/** Sends what waits for a full segment: TCP_CORK was taken off, TCP_NODELAY put on. */
export const pushTcp = (state: StackState, socket: TcpSocket, nowNs: number): Outcome<undefined> =>
  step(state, nowNs, (run) => {
    performTcp(run, socket, user.push(connectionOf(socket), nowNs));
    return undefined;
  });

/** Takes, or with `peek` looks at, up to `max` bytes that have come; none: nothing waits. Of a connection that is over, too. */
export const receiveTcp = (
  state: StackState,
  socket: TcpSocket,
  max: number,
  options: { readonly peek?: boolean; readonly into?: Uint8Array },
  nowNs: number,
): Outcome<Uint8Array> =>
  step(state, nowNs, (run) => {
    if (socket.connection === undefined) return NO_BYTES;
    const received = user.receive(socket.connection, max, options, nowNs);
    performTcp(run, socket, received.step);
    return received.bytes;
  });

/** Says that no more will be sent (FIN). What is shut for receiving is the layer's business. */
export const shutdownTcp = (state: StackState, socket: TcpSocket, nowNs: number): Outcome<undefined> =>
  step(state, nowNs, (run) => {
    performTcp(run, socket, user.shutdownWrite(connectionOf(socket), nowNs));
    return undefined;
  });

/** Changes settings, of the connection too if there is one. */
export const setTcp = (
  state: StackState,
  socket: TcpSocket,
  changes: Partial<TcpSettings>,
  nowNs: number,
): Outcome<undefined> =>
  step(state, nowNs, (run) => {
    socket.settings = { ...socket.settings, ...changes };
    const { connection } = socket;
    if (connection !== undefined) performTcp(run, socket, user.setSettings(connection, changes, nowNs));
    return undefined;
  });

/**
 * Ends a connection at once (RST), or what listens, with all that waits there; the socket is its owner's still, and like new
 * but for what bind gave it (`tcp_disconnect`). On Linux the error of a reset stays for whoever asks or waits; the next attempt
 * forgets it.
 */
export const abortTcp = (state: StackState, socket: TcpSocket, nowNs: number): Outcome<undefined> =>
  step(state, nowNs, (run) => {
    const reset = socket.flavour === "linux" && RESET_BY_ABORT.has(socket.connection?.state.t);
    if (socket.t === "listen") stopListening(run, socket);
    const { connection } = socket;
    if (connection !== undefined && connection.state.t !== "CLOSED")
      performTcp(run, socket, user.abort(connection, nowNs));
    forget(state, socket);
    openDirections(socket);
    if (reset) socket.error = "ECONNRESET";
    return undefined;
  });

/** States that `tcp_disconnect` leaves with ECONNRESET: those that it resets (`tcp_need_reset`), and SYN-SENT. */
const RESET_BY_ABORT: ReadonlySet<TcpStateName | undefined> = new Set([
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "CLOSE-WAIT",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
] as const);

/**
 * Its owner gives a socket up (RFC 9293 §3.10.4): what was written is sent, then FIN; a connection with unread data is reset
 * where its settings say so, and with `abort` in any case (SO_LINGER of 0). Connections that wait to be accepted are reset.
 *
 * @returns whether the connection goes on without it; the notice `closed` tells when that ends.
 */
export const closeTcp = (
  state: StackState,
  socket: TcpSocket,
  { abort }: { readonly abort: boolean },
  nowNs: number,
): Outcome<boolean> =>
  step(state, nowNs, (run) => {
    if (socket.t === "listen") stopListening(run, socket);
    const { connection } = socket;
    if (connection === undefined || connection.state.t === "CLOSED") {
      destroyTcp(run, socket);
      return false;
    }
    state.tcp.orphan(socket);
    const crowded = state.tcp.orphans > ORPHANS_MAX;
    performTcp(run, socket, abort || crowded ? user.abort(connection, nowNs) : user.close(connection, nowNs));
    return state.tcp.find(socket.sk) === socket;
  });

/** So many connections may go on without an owner; the one too many is reset (Linux's `tcp_max_orphans`). */
const ORPHANS_MAX = 16_384;

/** All connections that nobody has accepted are reset; the port stays the socket's. */
function stopListening(run: Run, socket: TcpSocket): void {
  const { state, nowNs } = run;
  const waiting = socket.listener?.clear() ?? [];
  state.tcp.unlisten(socket);
  socket.listener = undefined;
  socket.t = "closed";
  for (const child of waiting) {
    child.parent = undefined;
    const { connection } = child;
    if (connection === undefined || connection.state.t === "CLOSED") {
      destroyTcp(run, child);
      continue;
    }
    state.tcp.orphan(child);
    performTcp(run, child, user.abort(connection, nowNs));
  }
}
