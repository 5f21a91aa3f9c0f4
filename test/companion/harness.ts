import type { Context } from "../../services/abi/context.ts";
import { outermost } from "../../services/abi/context.ts";
import { CONTRACT, type FileEntry, type PointArgs, type PointsTo } from "../../services/abi/contract.generated.ts";
import type { EventArgs, EventLog, Slice } from "../../services/abi/event.ts";
import { O, pollText } from "../../services/abi/flags.ts";
import type { Clock, Kit } from "../../services/abi/kit.ts";
import type { Hooks, Outcome } from "../../services/boundary/hooks.ts";
import { createCompanion, type Companion } from "../../services/companion/companion.ts";
import type { Temper } from "../../services/companion/temper.ts";

type Point = PointsTo["companion"];

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  advance(ns: number): void;
  /** How many timers are set. */
  readonly pending: number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const clock: ManualClock = {
    nowNs: () => now,
    sleepNs: (ns) => new Promise((resolve) => clock.after(ns, resolve)),
    after(ns, callback) {
      const timer = { at: now + ns, callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance(ns) {
      now += ns;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at <= now && timers.delete(timer)) timer.callback();
      }
    },
    get pending() {
      return timers.size;
    },
  };
  return clock;
}

const fields = (values: Slice | EventArgs): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");

/** Writes each fact as a line, such as `index_add files=1 fd=3 file=7 oob_data=1`. */
export function lineLog(record: string[]): EventLog {
  let spans = 0;
  return {
    origin: 0,
    recording: true,
    newSpan: () => (spans += 1),
    stamp: () => 0,
    merge: () => undefined,
    record: () => undefined,
    fact: (_context, point, slice, args = {}) => void record.push(point + fields(slice) + fields(args)),
  };
}

/** What a core calls: itself, and houses that agree to everything. */
export function calls(companion: () => Companion): Hooks<"companion"> {
  return {
    async sock_oob_ioctl(context, args) {
      const answer = await companion().handlers.sock_oob_ioctl?.(args, context);
      if (answer === undefined) throw new Error("sock_oob_ioctl is not served");
      return answer.ok ? { kind: "returned", value: answer.value } : { kind: "refused", errno: answer.errno };
    },
    inband_offload_sendmsg: async (_context, { data }) => ({
      kind: "returned",
      value: { count: data.length, bound: bytes("") },
    }),
    dovetail_leave_inband: async () => ({ kind: "returned", value: {} }),
    async netif_receive_oob(context, args) {
      const answer = await companion().handlers.netif_receive_oob?.(args, { ...context, stage: "oob" });
      return answer?.ok === true ? { kind: "returned", value: answer.value } : { kind: "lost", why: "timeout" };
    },
    inband_solicit: async () => ({ kind: "returned", value: {} }),
    file_core_ready: async () => ({ kind: "returned", value: {} }),
    sock_core_ready: async () => ({ kind: "returned", value: {} }),
    netif_enable_oob_diversion: async () => ({ kind: "returned", value: {} }),
    netif_disable_oob_diversion: async () => ({ kind: "returned", value: {} }),
  };
}

/** Lets everything run that can run without time passing. */
export async function drained(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

/** How a call ended, or that it has not. */
export async function outcomeOf<T>(call: Promise<T>): Promise<T | "asleep"> {
  await drained();
  return Promise.race([call, Promise.resolve("asleep" as const)]);
}

/** A thread that makes out-of-band calls: each answers what it got, or the errno. */
export interface Thread {
  attach(capSysNice?: boolean): Promise<string>;
  detach(): Promise<string>;
  read(fd: number, count?: number): Promise<string>;
  write(fd: number, text: string): Promise<number | string>;
  ioctl(fd: number, cmd: number): Promise<number | string>;
  /** The events in words. */
  poll(fd: number, events: number, timeoutNs?: number): Promise<string>;
}

/** A companion core alone, with a VFS and threads that do exactly what the test says. */
export interface Story {
  readonly clock: ManualClock;
  /** Every fact, and `exit POINT TASK OUTCOME` for every call that ended, in order. */
  readonly record: string[];
  /** The facts whose names begin so. */
  facts(...prefixes: string[]): string[];
  /** The points that the core answers. */
  readonly serves: readonly string[];
  listFiles(): FileEntry[];
  /** `files:fd -> file` for each entry. */
  index(): string[];

  open(file: number, flags?: number, dev?: string): Promise<string>;
  install(files: number, fd: number, file: number): Promise<string>;
  replace(files: number, fd: number, file: number): Promise<string>;
  /** The context is the one of the task that closes, which need not own the table. */
  uninstall(files: number, fd: number, file: number, context?: Context): Promise<string>;
  release(file: number, oob_data?: number): Promise<string>;
  inbandRead(file: number, count?: number): Promise<string>;
  inbandWrite(file: number, text: string): Promise<number | string>;
  inbandIoctl(file: number, cmd: number): Promise<number | string>;
  notify(event: "task_exit" | "process_cleanup", subject: string): Promise<string>;
  thread(task: string, files: number): Thread;
  /** Any point, with any arguments. */
  call<P extends Point>(point: P, args: PointArgs[P], context: Context): Promise<Outcome<P>>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const words = (data: Uint8Array): string => new TextDecoder().decode(data);
const OOBECHO = "/dev/oobecho";

export function createStory(temper?: Temper): Story {
  const record: string[] = [];
  const clock = manualClock();
  const kit: Kit = {
    node: "alpha",
    house: "companion",
    profile: "as-implemented",
    seed: 1n,
    clock,
    random: { fraction: () => 0 },
    events: lineLog(record),
  };
  const companion: Companion = createCompanion(
    kit,
    calls(() => companion),
    { nics: new Map(), relay: undefined },
    temper,
  );
  /** What the VFS keeps in `file->oob_data`. */
  const oobData = new Map<number, number>();
  const vfs = outermost("vfs-task", 1);

  async function call<P extends Point>(point: P, args: PointArgs[P], context: Context): Promise<Outcome<P>> {
    const handler = companion.handlers[point];
    if (handler === undefined) throw new Error(`${point} is not served`);
    const outcome = await handler(args, context);
    if (!outcome.ok && !CONTRACT[point].errnos.includes(outcome.errno)) {
      throw new Error(`${point} may not answer ${outcome.errno}: its contract does not list it`);
    }
    record.push(`exit ${point} ${context.task} ${outcome.ok ? "ok" : outcome.errno}`);
    return outcome;
  }
  const told = async <P extends Point>(point: P, args: PointArgs[P], context = vfs): Promise<string> => {
    const outcome = await call(point, args, context);
    return outcome.ok ? "ok" : outcome.errno;
  };
  const named = (files: number, fd: number, file: number) => ({ files, fd, file, oob_data: oobData.get(file) ?? 0 });
  const driver = (file: number) => ({
    file,
    oob_data: oobData.get(file) ?? 0,
    data: bytes(""),
    count: 0,
    cmd: 0,
    arg: 0,
  });

  return {
    clock,
    record,
    call,
    serves: Object.keys(companion.handlers),
    listFiles: () => companion.listFiles(),
    facts: (...prefixes) => record.filter((line) => prefixes.some((prefix) => line.startsWith(prefix))),
    index: () => companion.listFiles().map(({ files, fd, file }) => `${files}:${fd} -> ${file}`),
    async open(file, flags = O.O_RDWR, dev = OOBECHO) {
      const opened = await call("oob_open_file", { file, dev, flags }, vfs);
      if (opened.ok) oobData.set(file, opened.value.oob_data);
      return opened.ok ? `oob_data ${opened.value.oob_data}` : opened.errno;
    },
    install: (files, fd, file) => told("install_inband_fd", named(files, fd, file)),
    replace: (files, fd, file) => told("replace_inband_fd", named(files, fd, file)),
    uninstall: (files, fd, file, context) => told("uninstall_inband_fd", named(files, fd, file), context),
    release: (file, oob_data) => told("oob_release_file", { file, oob_data: oob_data ?? oobData.get(file) ?? 0 }),
    async inbandRead(file, count = 100) {
      const read = await call("oob_driver_io", { ...driver(file), operation: "read", count }, vfs);
      return read.ok ? words(read.value.data) : read.errno;
    },
    async inbandWrite(file, text) {
      const written = await call("oob_driver_io", { ...driver(file), operation: "write", data: bytes(text) }, vfs);
      return written.ok ? written.value.value : written.errno;
    },
    async inbandIoctl(file, cmd) {
      const answer = await call("oob_driver_io", { ...driver(file), operation: "ioctl", cmd }, vfs);
      return answer.ok ? answer.value.value : answer.errno;
    },
    notify: (event, subject) => told("inband_event_notify", { event, subject }),
    thread(task, files) {
      const inband = outermost(task, files);
      const oob = outermost(task, files, "oob");
      return {
        attach: (cap_sys_nice = true) => told("oob_attach_thread", { cap_sys_nice, priority: 0 }, inband),
        detach: () => told("oob_detach_thread", {}, inband),
        async read(fd, count = 100) {
          const read = await call("oob_read", { fd, count }, oob);
          return read.ok ? words(read.value.data) : read.errno;
        },
        async write(fd, text) {
          const written = await call("oob_write", { fd, data: bytes(text) }, oob);
          return written.ok ? written.value.count : written.errno;
        },
        async ioctl(fd, cmd) {
          const answer = await call("oob_ioctl", { fd, cmd, arg: 0 }, oob);
          return answer.ok ? answer.value.value : answer.errno;
        },
        async poll(fd, events, timeout_ns = 0) {
          const polled = await call("oob_poll", { fd, events, timeout_ns }, oob);
          return polled.ok ? pollText(polled.value.revents) : polled.errno;
        },
      };
    },
  };
}

/** A story in which task `rt`, attached, has file 7 of /dev/oobecho open as descriptor 3 of table 1. */
export async function openedStory(temper?: Temper, flags?: number): Promise<{ story: Story; rt: Thread }> {
  const story = createStory(temper);
  const rt = story.thread("rt", 1);
  await rt.attach();
  await story.open(7, flags);
  await story.install(1, 3, 7);
  story.record.length = 0;
  return { story, rt };
}
