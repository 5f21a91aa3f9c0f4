import { joined, NO_BYTES } from "../abi/packet/bytes.ts";
import * as calls from "./calls.ts";
import type { AddressRoom } from "./calls.ts";
import { setSome, type KsocketCallbacks } from "./callbacks.ts";
import { KSOCKET_NOSLEEP } from "./constants.ts";
import { EINVAL } from "./errno.ts";
import type { ksocket_t } from "./handles.ts";
import { messageFlagsOf } from "./names.ts";
import type { Answer, Session } from "./session.ts";
import { NOTHING_CAME, receive, send } from "./transfer.ts";

/** `struct cred *`: who asks. What it may is not looked at: whoever has one is the kernel. */
export type cred_t = object | null;

/** `CRED()`: the cred of the current thread. */
export const CRED = (): cred_t => ({});

/** `struct nmsghdr` on its way out. */
export interface nmsghdr {
  readonly msg_name?: Uint8Array | null;
  readonly msg_namelen?: number;
  readonly msg_iov: readonly Uint8Array[];
  readonly msg_control?: Uint8Array;
}

/** `struct nmsghdr` that waits to be filled: how much room there is in each of its parts. */
export interface nmsghdrRoom {
  readonly msg_iov: readonly number[];
  readonly msg_namelen?: number;
  readonly msg_controllen?: number;
}

/** `struct nmsghdr` that was filled. */
export interface nmsghdrFilled {
  readonly recvd: number;
  readonly msg_iov: readonly Uint8Array[];
  readonly msg_name: Uint8Array;
  readonly msg_control: Uint8Array;
  readonly msg_flags: number;
}

/** The functions by the names of illumos: what they do is the same, the order of arguments is theirs, and the cred is last. */
export interface KsocketFunctions {
  /** @param flags KSOCKET_SLEEP or KSOCKET_NOSLEEP. */
  ksocket_socket(domain: number, type: number, protocol: number, flags: number, cr: cred_t): Promise<Answer<ksocket_t>>;
  ksocket_bind(ks: ksocket_t, addr: Uint8Array | null, addrlen: number, cr: cred_t): Promise<Answer>;
  ksocket_listen(ks: ksocket_t, backlog: number, cr: cred_t): Promise<Answer>;
  ksocket_accept(
    ks: ksocket_t,
    addr: AddressRoom | null,
    cr: cred_t,
  ): Promise<Answer<{ readonly addr: Uint8Array; readonly nks: ksocket_t }>>;
  ksocket_connect(ks: ksocket_t, addr: Uint8Array | null, addrlen: number, cr: cred_t): Promise<Answer>;
  ksocket_send(
    ks: ksocket_t,
    msg: Uint8Array | null,
    msglen: number,
    flags: number,
    cr: cred_t,
  ): Promise<Answer<number>>;
  ksocket_sendto(
    ks: ksocket_t,
    msg: Uint8Array | null,
    msglen: number,
    flags: number,
    name: Uint8Array | null,
    namelen: number,
    cr: cred_t,
  ): Promise<Answer<number>>;
  /** Resolves to how many bytes of the parts were taken: the kernel would move its caller's `msg_iov` on by as many. */
  ksocket_sendmsg(ks: ksocket_t, msg: nmsghdr, flags: number, cr: cred_t): Promise<Answer<number>>;
  ksocket_recv(ks: ksocket_t, msglen: number, flags: number, cr: cred_t): Promise<Answer<Uint8Array>>;
  /** @param namelen room for the sender's address, which is cut to it; null: NULL. `namelen` in the answer is its whole length. */
  ksocket_recvfrom(
    ks: ksocket_t,
    msglen: number,
    flags: number,
    namelen: number | null,
    cr: cred_t,
  ): Promise<Answer<{ readonly msg: Uint8Array; readonly name: Uint8Array; readonly namelen: number }>>;
  ksocket_recvmsg(ks: ksocket_t, msg: nmsghdrRoom, flags: number, cr: cred_t): Promise<Answer<nmsghdrFilled>>;
  ksocket_shutdown(ks: ksocket_t, how: number, cr: cred_t): Promise<Answer>;
  ksocket_close(ks: ksocket_t, cr: cred_t): Promise<Answer>;
  ksocket_setsockopt(
    ks: ksocket_t,
    level: number,
    optname: number,
    optval: Uint8Array | null,
    optlen: number,
    cr: cred_t,
  ): Promise<Answer>;
  ksocket_getsockopt(
    ks: ksocket_t,
    level: number,
    optname: number,
    optlen: number | null,
    cr: cred_t,
  ): Promise<Answer<Uint8Array>>;
  ksocket_getpeername(ks: ksocket_t, addr: AddressRoom | null, cr: cred_t): Promise<Answer<Uint8Array>>;
  ksocket_getsockname(ks: ksocket_t, addr: AddressRoom | null, cr: cred_t): Promise<Answer<Uint8Array>>;
  /** Resolves to what the pointer points to afterwards; `*rvalp` is always 0. */
  ksocket_ioctl(ks: ksocket_t, cmd: number, arg: number | null, cr: cred_t): Promise<Answer<number>>;
  /** @param timo milliseconds; 0: does not wait; -1: for ever. @param revents null: there is nowhere to put the answer. */
  ksocket_spoll(ks: ksocket_t, timo: number, events: number, cr: cred_t, revents?: null): Promise<Answer<number>>;
  ksocket_setcallbacks(ks: ksocket_t, cb: KsocketCallbacks | null, arg: unknown, cr: cred_t): Promise<Answer>;
  /** A close waits until it is released. Allowed inside a callback. */
  ksocket_hold(ks: ksocket_t): Promise<Answer>;
  ksocket_rele(ks: ksocket_t): Promise<Answer>;
}

function scattered(msg: Uint8Array, rooms: readonly number[]): Uint8Array[] {
  let at = 0;
  return rooms.map((room) => msg.subarray(at, (at += room)));
}

const NOBODY_CAME = { addr: NO_BYTES, nks: null } as const;

export function ksocketFunctions(session: Session): KsocketFunctions {
  /** A missing cred: illumos' DEBUG kernels die of it, others do not look. */
  const checked = <T>(cr: cred_t, nothing: T, work: () => Promise<Answer<T>>): Promise<Answer<T>> =>
    session.strict && cr === null ? Promise.resolve([EINVAL, nothing]) : work();
  return {
    ksocket_socket: (domain, type, protocol, flags, cr) =>
      checked(cr, null, () => calls.socket(session, domain, type, protocol, (flags & KSOCKET_NOSLEEP) !== 0)),
    ksocket_bind: (ks, addr, addrlen, cr) => checked(cr, undefined, () => calls.bind(session, ks, addr, addrlen)),
    ksocket_listen: (ks, backlog, cr) => checked(cr, undefined, () => calls.listen(session, ks, backlog)),
    ksocket_accept: (ks, room, cr) =>
      checked<{ addr: Uint8Array; nks: ksocket_t }>(cr, NOBODY_CAME, async () => {
        const [error, { ns, addr }] = await calls.accept(session, ks, room);
        return [error, { addr, nks: ns }];
      }),
    ksocket_connect: (ks, addr, addrlen, cr) => checked(cr, undefined, () => calls.connect(session, ks, addr, addrlen)),
    ksocket_send: (ks, msg, msglen, flags, cr) =>
      checked(cr, 0, () => send(session, ks, { msg, msgsize: msglen, flags })),
    ksocket_sendto: (ks, msg, msglen, flags, name, namelen, cr) =>
      checked(cr, 0, () => send(session, ks, { msg, msgsize: msglen, flags, addr: name, addrlen: namelen })),
    ksocket_sendmsg: (ks, { msg_iov, msg_name = null, msg_namelen, msg_control }, flags, cr) =>
      checked(cr, 0, () => {
        const msg = joined(msg_iov);
        return send(session, ks, {
          msg,
          msgsize: msg.length,
          flags,
          addr: msg_name,
          addrlen: msg_namelen ?? msg_name?.length ?? 0,
          ...(msg_control === undefined ? {} : { control: msg_control }),
        });
      }),
    ksocket_recv: (ks, msglen, flags, cr) =>
      checked(cr, NO_BYTES, async () => {
        const [error, { msg }] = await receive(session, ks, { msgsize: msglen, flags });
        return [error, msg];
      }),
    ksocket_recvfrom: (ks, msglen, flags, namelen, cr) =>
      checked(cr, { msg: NO_BYTES, name: NO_BYTES, namelen: 0 }, async () => {
        const [error, { msg, addr }] = await receive(session, ks, { msgsize: msglen, flags });
        const name = addr.subarray(0, namelen ?? 0);
        return [error, { msg, name, namelen: namelen === null || namelen === 0 ? 0 : addr.length }];
      }),
    ksocket_recvmsg: (ks, { msg_iov, msg_namelen = 32, msg_controllen = 0 }, flags, cr) =>
      checked(cr, filled(NOTHING_CAME, [], 0), async () => {
        const msgsize = msg_iov.reduce((sum, room) => sum + room, 0);
        const [error, came] = await receive(session, ks, { msgsize, flags, controllen: msg_controllen });
        return [error, filled(came, msg_iov, msg_namelen)];
      }),
    ksocket_shutdown: (ks, how, cr) => checked(cr, undefined, () => calls.shutdown(session, ks, how)),
    ksocket_close: (ks, cr) => checked(cr, undefined, () => calls.close(session, ks)),
    ksocket_setsockopt: (ks, level, optname, optval, optlen, cr) =>
      checked(cr, undefined, () => calls.setsockopt(session, ks, [level, optname], optval, optlen)),
    ksocket_getsockopt: (ks, level, optname, optlen, cr) =>
      checked(cr, NO_BYTES, () => calls.getsockopt(session, ks, [level, optname], optlen)),
    ksocket_getpeername: (ks, room, cr) =>
      checked(cr, NO_BYTES, () => calls.getname(session, "ksock_getpeername", ks, room)),
    ksocket_getsockname: (ks, room, cr) =>
      checked(cr, NO_BYTES, () => calls.getname(session, "ksock_getsockname", ks, room)),
    ksocket_ioctl: (ks, cmd, arg, cr) => checked(cr, 0, () => calls.ioctl(session, ks, cmd, arg)),
    ksocket_spoll: (ks, timo, events, cr, revents) =>
      checked(cr, 0, () => calls.spoll(session, ks, timo, events, revents === null)),
    ksocket_setcallbacks: (ks, cb, arg, cr) => checked(cr, undefined, () => setSome(session, ks, cb, arg)),
    ksocket_hold: (ks) => calls.hold(session, ks),
    ksocket_rele: (ks) => calls.rele(session, ks),
  };
}

const filled = (
  { msg, addr, control, flags }: typeof NOTHING_CAME,
  rooms: readonly number[],
  namelen: number,
): nmsghdrFilled => ({
  recvd: msg.length,
  msg_iov: scattered(msg, rooms),
  msg_name: addr.subarray(0, namelen),
  msg_control: control,
  msg_flags: messageFlagsOf(flags),
});
