import { assert } from "../../services/abi/assert.ts";
import { outermost, type Context } from "../../services/abi/context.ts";
import {
  CONTRACT,
  type Errno,
  type FileEntry,
  type PointArgs,
  type PointName,
  type PointValues,
  type PointsFrom,
} from "../../services/abi/contract.generated.ts";
import type { EventArgs, EventLog, Slice } from "../../services/abi/event.ts";
import { CLONE_FILES, F, SOL } from "../../services/abi/flags.ts";
import type { Kit } from "../../services/abi/kit.ts";
import { asImplemented, type Profile, type Switch } from "../../services/abi/profile.ts";
import { eventArgs, retOf } from "../../services/abi/values.ts";
import type { Handlers, Hooks } from "../../services/boundary/hooks.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import { parseSockaddrText, buildSockaddr } from "../../services/abi/sockaddr.ts";
import { createVfs, type Vfs } from "../../services/vfs/vfs.ts";
import { manualClock, type ManualClock } from "../kit.ts";

type HookName = PointsFrom["vfs"];
type CallName = keyof Handlers<"vfs">;

/** How the fake core, or the fake in-band stack, answers one of the points. */
type Answerer<P extends HookName> = (args: PointArgs[P], context: Context) => Reply<P> | Promise<Reply<P>>;

export const returned = <P extends PointName>(value: PointValues[P]): Reply<P> => ({ kind: "returned", value });
export const refused = (errno: Errno): Reply<never> => ({ kind: "refused", errno });
export const lost: Reply<never> = { kind: "lost", why: "timeout" };

/** Something that happened, in the order in which it did: a fact that the kernel recorded, or a call to the core. */
export interface Happening {
  readonly kind: "fact" | "hook";
  readonly point: string;
  readonly args: EventArgs;
  readonly context: Context;
}

/** A VFS with a fake core and a fake in-band stack behind its hooks, and a journal of what happened. */
export interface Node {
  readonly profile: Profile;
  readonly vfs: Vfs;
  /** What the VFS was built from. */
  readonly log: EventLog;
  readonly asHooks: Hooks<"vfs">;
  readonly journal: readonly Happening[];
  /** Stands still until the test moves it. */
  readonly clock: ManualClock;
  /** Answers a point from now on in place of the fakes' own way. */
  answer<P extends HookName>(point: P, answerer: Answerer<P>): void;
  /** Stops the next call of a point on its way, until `go` is called. */
  stop(point: HookName): { readonly arrived: Promise<void>; readonly go: () => void };
  /** A task's own calls. They answer as Linux would: a number, or the errno's name. */
  as(task: string): TaskCalls;
  /** A core says that it came up in the place of another one; by now that it was told of everything. */
  coreReady(incarnation?: number): Promise<void>;
  /** The whole outcome of a call. */
  call<P extends CallName>(context: Context, point: P, args: PointArgs[P]): Promise<Called<P>>;
  /** The lines of the journal since it was last read; of these points only, when any are named. */
  story(...points: readonly string[]): string[];
  /** As story, but the calls to other houses only. */
  hooks(): string[];
  files(): FileEntry[];
}

type Called<P extends PointName> = PointValues[P] | Errno;

export type TaskCalls = ReturnType<typeof tasksCalls>;

/** The bytes of an address; none for an empty text. */
function address(text: string): Uint8Array {
  if (text === "") return new Uint8Array(0);
  const parsed = parseSockaddrText(text);
  assert(parsed !== undefined, `${text} is an address`);
  return buildSockaddr(parsed);
}

/** A promise, and what resolves it. */
function gate(): readonly [opened: Promise<void>, open: () => void] {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, () => open()];
}

/** Checks what the boundary's receiver checks: the lock that the contract states, and that nobody waits under one. */
function checkContract(profile: Profile, point: HookName, context: Context, { files }: EventArgs): void {
  const { holds, holdsSwitch, maySleep } = CONTRACT[point];
  const free = holdsSwitch !== undefined && asImplemented(profile, holdsSwitch as Switch);
  const lock = `${holds ?? ""}:${String(files)}`;
  if (holds !== undefined && !free) assert(context.locks.includes(lock), `${point} is called under ${lock}`);
  if (maySleep) assert(context.locks.length === 0, `${point} may wait, so no lock is held`);
}

/** What a runtime would give the house. */
export const bootKit = (profile: Profile, events: EventLog, clock = manualClock()): Kit => ({
  node: "alpha",
  house: "vfs",
  profile,
  seed: 0n,
  clock,
  random: { fraction: () => 0 },
  events,
});

/** Boots a VFS. Tasks are spawned by the test. */
export function bootVfs(profile: Profile = "documented", incarnation = 1): Node {
  const journal: Happening[] = [];
  let read = 0;
  let lastSock = 0;
  const clock = manualClock();
  const log: EventLog = {
    origin: 0,
    recording: true,
    newSpan: () => 0,
    stamp: () => 0,
    merge: () => {},
    record: () => {},
    fact: (context: Context, point: string, slice: Slice, args: EventArgs = {}) =>
      void journal.push({ kind: "fact", point, args: { ...slice, ...args }, context }),
  };

  const stops = new Map<HookName, { readonly arrive: () => void; readonly gone: Promise<void> }>();
  const answerers: { [P in HookName]: Answerer<P> } = {
    // The contexts of the fake core: file 3 gets 103.
    oob_open_file: ({ file }) => returned<"oob_open_file">({ oob_data: 100 + file }),
    handle_pipelined_syscall: () => returned<"handle_pipelined_syscall">({}),
    oob_file_flags: () => returned<"oob_file_flags">({}),
    oob_driver_io: () => refused("ENOIOCTLCMD"),
    oob_release_file: () => returned<"oob_release_file">({}),
    inband_event_notify: () => returned<"inband_event_notify">({}),
    install_inband_fd: () => returned<"install_inband_fd">({}),
    replace_inband_fd: () => returned<"replace_inband_fd">({}),
    uninstall_inband_fd: () => returned<"uninstall_inband_fd">({}),
    // The sockets of the fake in-band stack: 1, 2 …, whose INET sockets are 501, 502 …
    sock_create: () => returned<"sock_create">({ sock: ++lastSock, sk: 500 + lastSock }),
    // An attachment makes the context of file 3 number 103, as an open does.
    sock_map_file: ({ file, oob }) => returned<"sock_map_file">({ oob_data: oob ? 100 + file : 0 }),
    sock_close: () => returned<"sock_close">({}),
    sock_interrupt: () => returned<"sock_interrupt">({}),
    sock_vfs_ready: () => returned<"sock_vfs_ready">({}),
    oob_vfs_ready: () => returned<"oob_vfs_ready">({}),
    sock_bind: () => returned<"sock_bind">({}),
    sock_connect: () => returned<"sock_connect">({}),
    sock_listen: () => returned<"sock_listen">({}),
    sock_accept: () => returned<"sock_accept">({ newsock: ++lastSock, addr: address("10.0.0.9:9") }),
    sock_shutdown: () => returned<"sock_shutdown">({}),
    sock_sendmsg: ({ data }) => returned<"sock_sendmsg">({ count: data.length }),
    sock_recvmsg: () =>
      returned<"sock_recvmsg">({
        data: new TextEncoder().encode("ping"),
        addr: address("10.0.0.9:9"),
        flags: 0,
        length: 4,
      }),
    sock_getname: ({ peer }) => returned<"sock_getname">({ addr: address(peer ? "10.0.0.9:9" : "10.0.0.1:7000") }),
    sock_setsockopt: () => returned<"sock_setsockopt">({}),
    sock_getsockopt: ({ optname }) => returned<"sock_getsockopt">({ value: optname }),
    sock_ioctl: ({ cmd, data }) => returned<"sock_ioctl">({ value: cmd, data }),
    sock_poll: ({ events }) => returned<"sock_poll">({ revents: events }),
  };
  const hook =
    <P extends HookName>(point: P) =>
    async (context: Context, args: PointArgs[P]): Promise<Reply<P>> => {
      const shown = eventArgs(args);
      checkContract(profile, point, context, shown);
      journal.push({ kind: "hook", point, args: shown, context });
      const stop = stops.get(point);
      stops.delete(point);
      stop?.arrive();
      await stop?.gone;
      return answerers[point](args, context);
    };
  const points = Object.keys(answerers) as HookName[];
  const hooks = Object.fromEntries(points.map((point) => [point, hook(point)])) as unknown as Hooks<"vfs">;
  const vfs = createVfs(bootKit(profile, log, clock), hooks, incarnation);

  const take = (which: (happening: Happening) => boolean): string[] => {
    const fresh = journal.slice(read);
    read = journal.length;
    return fresh.filter(which).map(line);
  };
  const node: Node = {
    profile,
    vfs,
    log,
    asHooks: hooks,
    journal,
    clock,
    answer: (point, answerer) => {
      (answerers as Record<HookName, unknown>)[point] = answerer;
    },
    stop(point) {
      const [arrived, arrive] = gate();
      const [gone, go] = gate();
      stops.set(point, { arrive, gone });
      return { arrived, go };
    },
    as: (task) => tasksCalls(node, task),
    async coreReady(incarnation = 2) {
      await node.call(outermost(""), "file_core_ready", { incarnation });
    },
    async call(context, point, args) {
      const handler = vfs.handlers[point];
      assert(handler !== undefined, `${point} is served`);
      const outcome = await handler(args, context);
      return outcome.ok ? outcome.value : outcome.errno;
    },
    story: (...points) => take(({ point }) => points.length === 0 || points.includes(point)),
    hooks: () => take(({ kind }) => kind === "hook"),
    files: () => vfs.listFiles(),
  };
  return node;
}

/** `install_inband_fd fd=0 file=1 oob_data=0 files=1 under files.file_lock:1 by a/1`: who was current, in which table. */
function line({ kind, point, args, context }: Happening): string {
  const words = Object.entries(args).map(([name, value]) => `${name}=${value}`);
  const locks = context.locks.length === 0 ? [] : ["under", ...context.locks];
  return [point, ...words, ...(kind === "hook" ? [...locks, "by", `${context.task}/${context.files}`] : [])].join(" ");
}

function tasksCalls(node: Node, task: string) {
  const call = async <P extends CallName>(point: P, args: PointArgs[P]): Promise<number | Errno> => {
    // The caller's idea of its table is a lie on purpose: the VFS knows better.
    const result = await node.call(outermost(task, 4711), point, args);
    return typeof result === "string" ? result : retOf(result);
  };
  const table = async (result: Promise<{ readonly files: number } | Errno>): Promise<number | Errno> => {
    const settled = await result;
    return typeof settled === "string" ? settled : settled.files;
  };
  const fcntl = (fd: number, cmd: number, arg = 0) => call("sys_fcntl", { fd, cmd, arg });
  return {
    spawn: () => call("sys_spawn", { name: task }),
    open: (path: string, flags: number) => call("sys_open", { path, flags }),
    close: (fd: number) => call("sys_close", { fd }),
    /** Answers the table that is current afterwards. */
    closeRange: (first: number, last: number, flags = 0) =>
      table(node.call(outermost(task), "sys_close_range", { first, last, flags })),
    dup: (fd: number) => call("sys_dup", { fd }),
    dup2: (fd: number, newfd: number) => call("sys_dup2", { fd, newfd }),
    dup3: (fd: number, newfd: number, flags: number) => call("sys_dup3", { fd, newfd, flags }),
    fcntl,
    dupfd: (fd: number, from: number) => fcntl(fd, F.F_DUPFD, from),
    getfd: (fd: number) => fcntl(fd, F.F_GETFD),
    read: (fd: number, count: number) => call("sys_read", { fd, count }),
    write: (fd: number, text: string) => call("sys_write", { fd, data: new TextEncoder().encode(text) }),
    ioctl: (fd: number, cmd: number) => call("sys_ioctl", { fd, cmd, arg: 0, data: new Uint8Array(0) }),
    poll: (fd: number, events: number, timeout_ns = 0) => call("sys_poll", { fd, events, timeout_ns }),
    socket: (family: number, type: number, protocol = 0) => call("sys_socket", { family, type, protocol }),
    ioUringSocket: (family: number, type: number) => call("sys_io_uring_socket", { family, type, protocol: 0 }),
    socketpair: (family: number, type: number) => call("sys_socketpair", { family, type, protocol: 0 }),
    bind: (fd: number, addr: string) => call("sys_bind", { fd, addr: address(addr) }),
    connect: (fd: number, addr: string) => call("sys_connect", { fd, addr: address(addr) }),
    listen: (fd: number) => call("sys_listen", { fd, backlog: 5 }),
    accept4: (fd: number, flags = 0) => call("sys_accept4", { fd, flags }),
    shutdown: (fd: number, how: number) => call("sys_shutdown", { fd, how }),
    sendto: (fd: number, text: string, flags = 0, addr = "") =>
      call("sys_sendto", { fd, data: new TextEncoder().encode(text), flags, addr: address(addr) }),
    recvfrom: (fd: number, count: number, flags = 0) => call("sys_recvfrom", { fd, count, flags }),
    getsockname: (fd: number) => call("sys_getsockname", { fd }),
    getpeername: (fd: number) => call("sys_getpeername", { fd }),
    setsockopt: (fd: number, optname: number, value: number) =>
      call("sys_setsockopt", { fd, level: SOL.SOL_SOCKET, optname, value }),
    getsockopt: (fd: number, optname: number) => call("sys_getsockopt", { fd, level: SOL.SOL_SOCKET, optname }),
    capset: (drop: number) => call("sys_capset", { drop }),
    /** Answers the child's table. */
    fork: (child: string) => table(node.call(outermost(task), "sys_fork", { child, flags: 0 })),
    /** A child that shares the table. */
    clone: (child: string) => table(node.call(outermost(task), "sys_fork", { child, flags: CLONE_FILES })),
    /** Answers the table that is current afterwards. */
    exec: () => table(node.call(outermost(task), "sys_exec", {})),
    exit: (reaper = "") => call("sys_exit", { reaper }),
    getfdOf: (from_task: string, target_fd: number) => call("sys_pidfd_getfd", { from_task, target_fd }),
    prlimit: (nofile: number) => call("sys_prlimit", { nofile }),
  };
}
