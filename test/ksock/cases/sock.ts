import * as C from "../../../services/ksock/constants.ts";
import { errnoName } from "../../../services/ksock/errno.ts";
import {
  CRED,
  int,
  intOf,
  linger,
  timeval,
  type Answer,
  type Ksock,
  type KsockCallbacks,
  type ksocket_t,
  type KsocketCallbacks,
} from "../../../services/ksock/index.ts";
import { SO } from "./words.ts";
import { createJournal, type Journal } from "./journal.ts";
import type { World } from "../../../services/lab/world.ts";

/** 0, or the name of the errno. */
type Err = 0 | string;
const err = ([error]: Answer<unknown>): Err => (error === 0 ? 0 : errnoName(error));
const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === "string" ? new TextEncoder().encode(data) : data;
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const numbers: Readonly<Record<string, number>> = C;
/** `MSG_PEEK|MSG_DONTWAIT` as the number that it is. */
const bits = (names: string): number =>
  names === "" ? 0 : names.split("|").reduce((sum, name) => sum | (numbers[name] ?? NaN), 0);
const namesOf = (prefix: string, value: number): string =>
  Object.entries(numbers)
    .filter(([name, bit]) => name.startsWith(prefix) && (value & bit) !== 0)
    .map(([name]) => name)
    .join("|");

/** An error has no count: neither bytes that came, nor a number of those that went. */
function nothing<T extends number | Uint8Array>([error, value]: Answer<T>): string {
  const count = typeof value === "number" ? value : value.length;
  if (count !== 0) throw new Error(`${errnoName(error)} with a count of ${count}`);
  return errnoName(error);
}

/** A piece of ancillary data. */
interface Control {
  readonly level: number;
  readonly type: number;
  readonly data: readonly number[];
}

/** Reads cmsghdrs: a length that counts the header of 12 bytes, a level, a type; each begins at a multiple of 4. */
function controlsOf(bytes: Uint8Array): Control[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Control[] = [];
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = view.getUint32(at, true);
    if (length < 12) break;
    found.push({
      level: view.getInt32(at + 4, true),
      type: view.getInt32(at + 8, true),
      data: [...bytes.subarray(at + 12, at + length)],
    });
    at += (length + 3) & ~3;
  }
  return found;
}

/** What a socket lives in. */
export interface Surroundings {
  readonly world: World;
  readonly still: () => Promise<void>;
  readonly k: Ksock;
  /** Where events of all sockets stand in their order. */
  readonly log: string[];
  /** A new socket is to be closed at the end. */
  readonly keep: (socket: Sock) => void;
}

/** A kernel socket as cases write it: errnos are names, data is text, and events are kept in words. */
export interface Sock extends Journal {
  readonly handle: ksocket_t;
  /** Who it is in the common log. */
  name: string;
  /** The port that a listener is bound to. */
  port: number;
  /** Whom it was accepted from. */
  from: Uint8Array;
  bind(address: Uint8Array | null): Promise<Err>;
  bindNull(length: number): Promise<Err>;
  listen(backlog: number): Promise<Err>;
  accept(addrlen?: number): Promise<Sock>;
  /** 0 where a connection was accepted, which is kept until the end. @param addrlen null: NULL. */
  tryAccept(addrlen?: number | null): Promise<Err>;
  connect(address: Uint8Array | null): Promise<Err>;
  connectNull(length: number): Promise<Err>;
  /** How many bytes were taken, or an errno. */
  send(data: string | Uint8Array, flags?: string): Promise<number | string>;
  sendNull(size: number): Promise<number | string>;
  sendto(data: string | Uint8Array, to: Uint8Array): Promise<number | string>;
  sendtoNull(data: string, addrlen: number): Promise<number | string>;
  /** What came, as text, or an errno. */
  recv(size: number, flags?: string): Promise<string>;
  /** What came; throws on an errno. */
  recvBytes(size: number, flags?: string): Promise<Uint8Array>;
  recvNull(size: number): Promise<string>;
  recvfrom(size: number, room?: number): Promise<{ data: string; addr: Uint8Array; addrlen: number }>;
  recvmsg(size: number, control?: number): Promise<{ data: string; flags: string; control: readonly Control[] }>;
  shutdown(how: number | "SHUT_RD" | "SHUT_WR" | "SHUT_RDWR"): Promise<Err>;
  close(): Promise<Err>;
  /** An option that is an int, or an errno. */
  get(level: number, name: number): Promise<number | string>;
  set(level: number, name: number, value: number): Promise<Err>;
  getRaw(level: number, name: number, length: number | null): Promise<Uint8Array | string>;
  setRaw(level: number, name: number, value: Uint8Array | null, length?: number): Promise<Err>;
  linger(): Promise<readonly [number, number]>;
  setLinger(onoff: number, seconds: number): Promise<Err>;
  timeout(name: number, seconds: number): Promise<void>;
  timeoutOf(name: number): Promise<number>;
  setTimeval(name: number, seconds: number, micros: number): Promise<Err>;
  sockname(): Promise<Uint8Array>;
  peername(): Promise<Uint8Array>;
  /** @param addrlen null: NULL. @param isNull the address is NULL. */
  trySockname(addrlen: number | null, isNull?: boolean): Promise<Err>;
  tryPeername(addrlen: number | null, isNull?: boolean): Promise<Err>;
  /** What the argument points to afterwards, or an errno. */
  ioctl(cmd: string | number, arg?: number | null): Promise<number | string>;
  nonblocking(): Promise<void>;
  blocking(): Promise<void>;
  poll(events: string, milliseconds: number): Promise<string>;
  tryHold(): Promise<Err>;
  tryRele(): Promise<Err>;
  /** Switches all callbacks of the seed on; their events come into the journal. */
  watch(argument?: unknown): Promise<void>;
  /** Only these; the others are NULL. */
  watchOnly(...slots: (keyof KsockCallbacks)[]): Promise<void>;
  unwatch(): Promise<Err>;
  /** Switches all slots of the later names on. */
  watchAlias(): Promise<void>;
  /** A call that changes this slot only. */
  watchAliasOnly(slot: "oobdata" | "newdata" | "cansend"): Promise<void>;
  aliasRecv(size: number): Promise<string>;
  aliasSend(data: string): Promise<number | string>;
  /** The argument that the last callback had, the room that the last xmit told, the event of the last exception. */
  lastArgument(): unknown;
  lastRoom(): number;
  lastException(): number;
}

const ALIAS_SLOTS = [
  "connected",
  "connectfailed",
  "disconnected",
  "newdata",
  "newconn",
  "cansend",
  "oobdata",
  "cantsendmore",
  "cantrecvmore",
] as const;
const WITH_ERRNO: readonly string[] = ["disconnected", "connectfailed"];

/** A socket that there is. */
export function sockOf(around: Surroundings, s: ksocket_t): Sock {
  const { k } = around;
  const cr = CRED();
  const journal = createJournal(around, (text) => around.log.push(`${sock.name} ${text}`));
  let argument: unknown;
  let room = 0;
  let exception = 0;

  const reason = (errno: number): string => (errno > 0 ? errnoName(errno) : String(errno));
  const told =
    (text: (value: number) => string) =>
    (_s: unknown, arg: unknown, value = 0): Promise<void> => {
      argument = arg;
      return journal.told(text(value));
    };
  const callbacks: KsockCallbacks = {
    connected: told(() => "connected"),
    disconnected: told((errno) => `disconnected(${reason(errno)})`),
    newconn: told(() => "newconn"),
    recv: told((count) => `recv(${count})`),
    xmit: told((free) => {
      if (free > 0) room = free;
      return free > 0 ? "xmit(>0)" : `xmit(${free})`;
    }),
    exception: told((event) => {
      exception = event;
      return "exception";
    }),
  };
  const aliasCallback = (slot: string) => (_ks: unknown, _event: number, arg: unknown, info: number) => {
    argument = arg;
    return journal.told(`${slot}(${WITH_ERRNO.includes(slot) ? reason(info) : info})`);
  };
  const aliasOf = (slots: readonly (typeof ALIAS_SLOTS)[number][]): KsocketCallbacks => {
    const flag = (slot: string): number => numbers[`KSOCKET_CB_${slot.toUpperCase()}`] ?? NaN;
    return Object.assign(
      { ksock_cb_flags: slots.reduce((sum, slot) => sum | flag(slot), 0) },
      Object.fromEntries(slots.map((slot) => [`ksock_cb_${slot}`, aliasCallback(slot)])),
    );
  };
  const must = (what: string, error: Err): void => {
    if (error !== 0) throw new Error(`${what} of ${sock.name} is ${error}`);
  };
  const whole = <T>(what: string, [error, value]: Answer<T>): T => {
    must(what, err([error, undefined]));
    return value;
  };
  const roomFor = (addrlen: number | null, isNull: boolean) => ({ addrlen, ...(isNull ? { addr: null } : {}) });
  const sent = ([error, count]: Answer<number>): number | string => (error === 0 ? count : nothing([error, count]));
  const received = ([error, data]: Answer<Uint8Array>): string => (error === 0 ? textOf(data) : nothing([error, data]));

  const sock: Sock = {
    ...journal,
    handle: s,
    name: "S",
    port: 0,
    from: new Uint8Array(0),
    bind: async (address) => err(await k.ksock_bind(s, address)),
    bindNull: async (length) => err(await k.ksock_bind(s, null, length)),
    listen: async (backlog) => err(await k.ksock_listen(s, backlog)),
    async accept(addrlen) {
      const { ns, addr } = whole("accept", await k.ksock_accept(s, addrlen === undefined ? {} : { addrlen }));
      const accepted = sockOf(around, ns);
      accepted.name = "A";
      accepted.from = addr;
      around.keep(accepted);
      return accepted;
    },
    async tryAccept(addrlen) {
      const [error, { ns }] = await k.ksock_accept(s, addrlen === undefined ? {} : { addrlen });
      if ((error === 0) === (ns === null)) throw new Error("accept: a socket and an errno");
      if (ns !== null) around.keep(sockOf(around, ns));
      return err([error, undefined]);
    },
    connect: async (address) => err(await k.ksock_connect(s, address)),
    connectNull: async (length) => err(await k.ksock_connect(s, null, length)),
    async send(data, flags = "") {
      const bytes = bytesOf(data);
      return sent(await k.ksock_send(s, bytes, bytes.length, bits(flags)));
    },
    sendNull: async (size) => sent(await k.ksock_send(s, null, size, 0)),
    async sendto(data, to) {
      const bytes = bytesOf(data);
      return sent(await k.ksocket_sendto(s, bytes, bytes.length, 0, to, to.length, cr));
    },
    sendtoNull: async (data, addrlen) =>
      sent(await k.ksocket_sendto(s, bytesOf(data), data.length, 0, null, addrlen, cr)),
    recv: async (size, flags = "") => received(await k.ksock_recv(s, size, bits(flags))),
    recvBytes: async (size, flags = "") => whole("recv", await k.ksock_recv(s, size, bits(flags))),
    recvNull: async (size) => received(await k.ksock_recv(s, { msg: null, msgsize: size }, 0)),
    async recvfrom(size, namelen = 32) {
      const got = whole("recvfrom", await k.ksocket_recvfrom(s, size, 0, namelen, cr));
      return { data: textOf(got.msg), addr: got.name, addrlen: got.namelen };
    },
    async recvmsg(size, msg_controllen = 0) {
      const got = whole("recvmsg", await k.ksocket_recvmsg(s, { msg_iov: [size], msg_controllen }, 0, cr));
      const data = textOf(got.msg_iov[0] ?? new Uint8Array(0));
      return { data, flags: namesOf("MSG_", got.msg_flags), control: controlsOf(got.msg_control) };
    },
    shutdown: async (how) => err(await k.ksock_shutdown(s, typeof how === "number" ? how : (numbers[how] ?? NaN))),
    close: async () => err(await k.ksock_close(s)),
    async get(level, name) {
      const [error, value] = await k.ksock_getsockopt(s, level, name, 4);
      return error === 0 ? intOf(value) : errnoName(error);
    },
    set: async (level, name, value) => err(await k.ksock_setsockopt(s, level, name, int(value))),
    async getRaw(level, name, length) {
      const [error, value] = await k.ksock_getsockopt(s, level, name, length);
      return error === 0 ? new Uint8Array(value) : errnoName(error);
    },
    setRaw: async (level, name, value, length) => err(await k.ksock_setsockopt(s, level, name, value, length)),
    async linger() {
      const value = whole("SO_LINGER", await k.ksock_getsockopt(s, SO.LEVEL, SO.LINGER, 8));
      return [intOf(value), intOf(value.subarray(4))];
    },
    setLinger: async (onoff, seconds) => err(await k.ksock_setsockopt(s, SO.LEVEL, SO.LINGER, linger(onoff, seconds))),
    async timeout(name, seconds) {
      const [full, micros] = [Math.floor(seconds), Math.round((seconds % 1) * 1e6)];
      must("a timeout", await sock.setTimeval(name, full, micros));
    },
    async timeoutOf(name) {
      const value = whole("a timeout", await k.ksock_getsockopt(s, SO.LEVEL, name, 16));
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
      return Number(view.getBigInt64(0, true)) + Number(view.getBigInt64(8, true)) / 1e6;
    },
    setTimeval: async (name, seconds, micros) =>
      err(await k.ksock_setsockopt(s, SO.LEVEL, name, timeval(seconds, micros))),
    sockname: async () => new Uint8Array(whole("getsockname", await k.ksock_getsockname(s, {}))),
    peername: async () => new Uint8Array(whole("getpeername", await k.ksock_getpeername(s, {}))),
    trySockname: async (addrlen, isNull = false) => err(await k.ksock_getsockname(s, roomFor(addrlen, isNull))),
    tryPeername: async (addrlen, isNull = false) => err(await k.ksock_getpeername(s, roomFor(addrlen, isNull))),
    async ioctl(cmd, arg = 0) {
      const [error, value] = await k.ksock_ioctl(s, typeof cmd === "number" ? cmd : (numbers[cmd] ?? NaN), arg);
      return error === 0 ? value : errnoName(error);
    },
    nonblocking: async () => must("FIONBIO", err(await k.ksock_ioctl(s, C.FIONBIO, 1))),
    blocking: async () => must("FIONBIO", err(await k.ksock_ioctl(s, C.FIONBIO, 0))),
    async poll(events, milliseconds) {
      const [error, revents] = await k.ksocket_spoll(s, milliseconds, bits(events), cr);
      return error === 0 ? namesOf("POLL", revents) : errnoName(error);
    },
    tryHold: async () => err(await k.ksocket_hold(s)),
    tryRele: async () => err(await k.ksocket_rele(s)),
    watch: async (arg = sock) => must("callbacks", err(await k.ksock_callbacks(s, callbacks, arg))),
    async watchOnly(...slots) {
      const some = Object.fromEntries(
        Object.entries(callbacks).map(([slot, callback]) => [
          slot,
          slots.some((one) => one === slot) ? callback : null,
        ]),
      );
      must("callbacks", err(await k.ksock_callbacks(s, some, sock)));
    },
    unwatch: async () => err(await k.ksock_callbacks(s, null, null)),
    watchAlias: async () => must("setcallbacks", err(await k.ksocket_setcallbacks(s, aliasOf(ALIAS_SLOTS), sock, cr))),
    watchAliasOnly: async (slot) =>
      must("setcallbacks", err(await k.ksocket_setcallbacks(s, aliasOf([slot]), sock, cr))),
    aliasRecv: async (size) => received(await k.ksocket_recv(s, size, 0, cr)),
    aliasSend: async (data) => sent(await k.ksocket_send(s, bytesOf(data), data.length, 0, cr)),
    lastArgument: () => argument,
    lastRoom: () => room,
    lastException: () => exception,
  };
  return sock;
}

/** Sends until a call does not take anything any more: the errno of that one. */
export async function fill(s: Sock, flags = ""): Promise<number | string> {
  const chunk = new Uint8Array(65_536);
  for (let i = 0; i < 128; i++) {
    const sent = await s.send(chunk, flags);
    if (typeof sent === "string") return sent;
  }
  return "more than 8 MiB were taken";
}
