import * as C from "./constants.ts";
import type { KernelSocket, ksocket_t } from "./handles.ts";
import type { Answer, KsocketCallback, Registration, Session } from "./session.ts";

type Returned = void | Promise<void>;

/**
 * The callbacks of a socket, in the order of the struct of the prototype; null, or left out: that event is off. They may be async: an
 * event is over when its callback has returned.
 */
export interface KsockCallbacks<A = unknown> {
  /** The socket has reached a connected state. */
  readonly connected?: ((s: KernelSocket, arg: A) => Returned) | null;
  /** It was disconnected. @param reason 0: normal shutdown sequence; more: an errno. */
  readonly disconnected?: ((s: KernelSocket, arg: A, reason: number) => Returned) | null;
  /** A new connection was added to the accept queue. */
  readonly newconn?: ((s: KernelSocket, arg: A) => Returned) | null;
  /** @param msglen 0: end of file; more: so many bytes arrived; less: look yourself. */
  readonly recv?: ((s: KernelSocket, arg: A, msglen: number) => Returned) | null;
  /** @param freebuf 0: no more data can be sent; more: so many bytes can be sent without waiting. */
  readonly xmit?: ((s: KernelSocket, arg: A, freebuf: number) => Returned) | null;
  /** Something of the transport's own, such as urgent data. */
  readonly exception?: ((s: KernelSocket, arg: A, event: number) => Returned) | null;
}

/** `ksocket_callbacks_t`: of the slots, those whose bits are in the flags are set, and the others stay. */
export interface KsocketCallbacks {
  readonly ksock_cb_flags: number;
  readonly ksock_cb_connected?: KsocketCallback | null;
  readonly ksock_cb_connectfailed?: KsocketCallback | null;
  readonly ksock_cb_disconnected?: KsocketCallback | null;
  readonly ksock_cb_newdata?: KsocketCallback | null;
  readonly ksock_cb_newconn?: KsocketCallback | null;
  readonly ksock_cb_cansend?: KsocketCallback | null;
  readonly ksock_cb_oobdata?: KsocketCallback | null;
  readonly ksock_cb_cantsendmore?: KsocketCallback | null;
  readonly ksock_cb_cantrecvmore?: KsocketCallback | null;
  readonly ksock_cb_error?: KsocketCallback | null;
}

/** The slots that a call can set. `error` is none: it is in the struct, and illumos never installs it (facts 8.1). */
const SLOTS = [
  ["connected", C.KSOCKET_CB_CONNECTED, C.KSOCKET_EV_CONNECTED],
  ["connectfailed", C.KSOCKET_CB_CONNECTFAILED, C.KSOCKET_EV_CONNECTFAILED],
  ["disconnected", C.KSOCKET_CB_DISCONNECTED, C.KSOCKET_EV_DISCONNECTED],
  ["newdata", C.KSOCKET_CB_NEWDATA, C.KSOCKET_EV_NEWDATA],
  ["newconn", C.KSOCKET_CB_NEWCONN, C.KSOCKET_EV_NEWCONN],
  ["cansend", C.KSOCKET_CB_CANSEND, C.KSOCKET_EV_CANSEND],
  ["oobdata", C.KSOCKET_CB_OOBDATA, C.KSOCKET_EV_OOBDATA],
  ["cantsendmore", C.KSOCKET_CB_CANTSENDMORE, C.KSOCKET_EV_CANTSENDMORE],
  ["cantrecvmore", C.KSOCKET_CB_CANTRECVMORE, C.KSOCKET_EV_CANTRECVMORE],
] as const;

type Slots = Map<string, (s: KernelSocket, value: number) => unknown>;

/** Tells the kernel which callbacks are on. They are there before it answers, for the first event may be here before its answer. */
async function install(
  { call, handles, registrations, events, stream }: Session,
  s: unknown,
  registration: Registration,
  asked: { readonly off: boolean; readonly arg: boolean; readonly update: string },
): Promise<Answer> {
  const ks = handles.number(s);
  const { binding, slots } = registration;
  const former = registrations.get(ks);
  if (slots.size > 0 && ks !== 0) {
    registrations.set(ks, registration);
    events.start();
  }
  const [error] = await call("ksock_callbacks", {
    ks,
    binding,
    ...asked,
    slots: [...slots.keys()].join("|"),
    stream,
  });
  if (error === 0 && slots.size === 0) registrations.delete(ks);
  if (error !== 0 && former === undefined) registrations.delete(ks);
  if (error !== 0 && former !== undefined) registrations.set(ks, former);
  return [error, undefined];
}

/** ksock_callbacks: all six at once. */
export function setAll<A>(session: Session, s: ksocket_t, cbs: KsockCallbacks<A> | null, arg: A): Promise<Answer> {
  const slots: Slots = new Map();
  const { connected, disconnected, newconn, recv, xmit, exception } = cbs ?? {};
  if (connected) slots.set("connected", (socket) => connected(socket, arg));
  if (disconnected) slots.set("disconnected", (socket, reason) => disconnected(socket, arg, reason));
  if (newconn) slots.set("newconn", (socket) => newconn(socket, arg));
  if (recv) slots.set("recv", (socket, msglen) => recv(socket, arg, msglen));
  if (xmit) slots.set("xmit", (socket, freebuf) => xmit(socket, arg, freebuf));
  if (exception) slots.set("exception", (socket, event) => exception(socket, arg, event));
  return install(session, s, { binding: "ksock", slots }, { off: cbs === null, arg: false, update: "" });
}

/** ksocket_setcallbacks: the slots that the flags name; the argument is another one for all. */
export function setSome(session: Session, s: ksocket_t, cbs: KsocketCallbacks | null, arg: unknown): Promise<Answer> {
  const former = session.registrations.get(session.handles.number(s));
  const kept = former?.binding === "ksocket" && cbs !== null ? former.functions : undefined;
  const functions = new Map(kept);
  const update: string[] = [];
  for (const [slot, bit] of SLOTS) {
    if (cbs === null || (cbs.ksock_cb_flags & bit) === 0) continue;
    update.push(slot);
    const given = cbs[`ksock_cb_${slot}`];
    if (given) functions.set(slot, given);
    else functions.delete(slot);
  }
  const slots: Slots = new Map();
  for (const [slot, , event] of SLOTS) {
    const callback = functions.get(slot);
    if (callback !== undefined) slots.set(slot, (ks, info) => callback(ks, event, arg, info));
  }
  const asked = { off: cbs === null, arg: arg !== null && arg !== undefined, update: update.join("|") };
  return install(session, s, { binding: "ksocket", slots, functions }, asked);
}
