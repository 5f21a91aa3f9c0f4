import * as calls from "./calls.ts";
import type { AddressRoom } from "./calls.ts";
import { setAll, type KsockCallbacks } from "./callbacks.ts";
import type { ksocket_t } from "./handles.ts";
import { ksocketFunctions, type KsocketFunctions } from "./ksocket.ts";
import type { Road } from "./road.ts";
import { createSession, type Answer, type KsockOptions, type Session } from "./session.ts";
import { receive, send } from "./transfer.ts";

/** The functions by the names of the prototype (seed 001). */
interface KsockFunctions {
  ksock_socket(domain: number, type: number, protocol: number): Promise<Answer<ksocket_t>>;
  /** @param addr null unbinds. @param addrlen left out: the length of `addr`. */
  ksock_bind(s: ksocket_t, addr: Uint8Array | null, addrlen?: number): Promise<Answer>;
  ksock_listen(s: ksocket_t, backlog: number): Promise<Answer>;
  /** @param addr null: NULL; `{}`: room enough. */
  ksock_accept(
    s: ksocket_t,
    addr: AddressRoom | null,
  ): Promise<Answer<{ readonly ns: ksocket_t; readonly addr: Uint8Array }>>;
  ksock_connect(s: ksocket_t, addr: Uint8Array | null, addrlen?: number): Promise<Answer>;
  /** @param msgsize how much of `msg` is sent: its length at most. */
  ksock_send(s: ksocket_t, msg: Uint8Array | null, msgsize: number, flags: number): Promise<Answer<number>>;
  /** @param msgsize how much room there is; `{ msgsize }` alone: that much, in no buffer. */
  ksock_recv(
    s: ksocket_t,
    msgsize: number | { readonly msg: null; readonly msgsize: number },
    flags: number,
  ): Promise<Answer<Uint8Array>>;
  ksock_shutdown(s: ksocket_t, how: number): Promise<Answer>;
  ksock_close(s: ksocket_t): Promise<Answer>;
  ksock_setsockopt(
    s: ksocket_t,
    level: number,
    optname: number,
    optval: Uint8Array | null,
    optlen?: number,
  ): Promise<Answer>;
  /** @param optlen how much room there is; null: NULL. */
  ksock_getsockopt(s: ksocket_t, level: number, optname: number, optlen: number | null): Promise<Answer<Uint8Array>>;
  ksock_getpeername(s: ksocket_t, addr: AddressRoom | null): Promise<Answer<Uint8Array>>;
  ksock_getsockname(s: ksocket_t, addr: AddressRoom | null): Promise<Answer<Uint8Array>>;
  /** @param arg what the pointer points to; null: NULL. Resolves to what it points to afterwards. */
  ksock_ioctl(s: ksocket_t, cmd: number, arg: number | null): Promise<Answer<number>>;
  /** @param cbs null: all off. @param arg is handed to each callback. */
  ksock_callbacks<A>(s: ksocket_t, cbs: KsockCallbacks<A> | null, arg: A): Promise<Answer>;
}

/** Kernel sockets of one kernel, for one user: by the names of the prototype, and by those of illumos. */
export interface Ksock extends KsockFunctions, KsocketFunctions {
  /**
   * Runs work as a thread of its own, which a callback dispatches to call what it may not call itself. It need not be awaited: a
   * callback that awaits a call on its own socket waits for itself.
   */
  dispatch<T>(work: () => T | Promise<T>): Promise<T>;
  /** Asks for no more events. Sockets stay as they are. */
  end(): void;
}

const primary = (session: Session): KsockFunctions => ({
  ksock_socket: (domain, type, protocol) => calls.socket(session, domain, type, protocol, false),
  ksock_bind: (s, addr, addrlen) => calls.bind(session, s, addr, addrlen),
  ksock_listen: (s, backlog) => calls.listen(session, s, backlog),
  ksock_accept: (s, addr) => calls.accept(session, s, addr),
  ksock_connect: (s, addr, addrlen) => calls.connect(session, s, addr, addrlen),
  ksock_send: (s, msg, msgsize, flags) => send(session, s, { msg, msgsize, flags }),
  async ksock_recv(s, room, flags) {
    const isNull = typeof room !== "number";
    const [error, { msg }] = await receive(session, s, { msgsize: isNull ? room.msgsize : room, isNull, flags });
    return [error, msg];
  },
  ksock_shutdown: (s, how) => calls.shutdown(session, s, how),
  ksock_close: (s) => calls.close(session, s),
  ksock_setsockopt: (s, level, optname, optval, optlen) =>
    calls.setsockopt(session, s, [level, optname], optval, optlen),
  ksock_getsockopt: (s, level, optname, optlen) => calls.getsockopt(session, s, [level, optname], optlen),
  ksock_getpeername: (s, addr) => calls.getname(session, "ksock_getpeername", s, addr),
  ksock_getsockname: (s, addr) => calls.getname(session, "ksock_getsockname", s, addr),
  ksock_ioctl: (s, cmd, arg) => calls.ioctl(session, s, cmd, arg),
  ksock_callbacks: (s, cbs, arg) => setAll(session, s, cbs, arg),
});

/** Kernel sockets over a road to their kernel. Each function resolves to `[error, value]`, and none ever rejects. */
export function createKsock(road: Road, options: KsockOptions = {}): Ksock {
  const session = createSession(road, options);
  return {
    ...primary(session),
    ...ksocketFunctions(session),
    dispatch: (work) => session.inside.dispatch(work),
    end: () => session.events.end(),
  };
}
