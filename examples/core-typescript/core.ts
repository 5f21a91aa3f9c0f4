/*
 * A small companion core: descriptors, threads, and the out-of-band half of /dev/oobecho. It knows no sockets: it leaves their
 * hooks out, and the empty weak definitions make plain in-band sockets of all.
 *
 *     node dist/examples/core-typescript/core.js unix:/tmp/core.sock     then: npx tenon up --core unix:/tmp/core.sock
 */
import { serve, Refused, type Answer, type Call, type Hooks, type Request, type Slice } from "./hooks.ts";

const OOBECHO = "/dev/oobecho";
const ECHO_BYTES_MAX = 65_536;
const ECHO_IOC_COUNT = 0x80046501;
const ECHO_IOC_FLUSH = 0x6502;
const [O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK] = [3, 0, 1, 2, 0o4000];
const [POLLIN, POLLOUT, POLLNVAL] = [0x1, 0x4, 0x20];

/** A thread asleep in the core. Whoever wakes it takes it out of every queue first. */
interface Sleep<T> {
  wake(waker: Call, value: T, told: Slice): void;
  refuse(waker: Call, errno: string): void;
}

interface Poller {
  readonly events: number;
  readonly sleep: Sleep<number>;
}

/** The out-of-band side of an open file (struct evl_file in EVL). */
interface Efile {
  readonly file: number;
  readonly oob_data: number;
  flags: number;
  /** Either bytes wait here, or readers do. */
  bytes: Buffer;
  readonly readers: Set<{ readonly count: number; readonly sleep: Sleep<Buffer> }>;
  readonly pollers: Set<Poller>;
  /** How many out-of-band calls are in it: no release ends before they have left. */
  inside: number;
  /** The release, once it has begun: nobody enters any more. */
  released: Promise<void> | undefined;
  empty: () => void;
}

/** What the index says of one descriptor. */
interface Entry {
  readonly files: number;
  readonly fd: number;
  efile: Efile;
  readonly pollers: Set<Poller>;
}

const sliceOf = ({ files, fd, efile }: Entry): Slice => ({ files, fd, file: efile.file });
const readiness = ({ bytes }: Efile): number =>
  (bytes.length > 0 ? POLLIN : 0) | (bytes.length < ECHO_BYTES_MAX ? POLLOUT : 0);

/** A core that has just been loaded: it knows nothing. Each method is the hook of its name (`tenon hooks` lists them). */
function createCore(): Hooks {
  /** By table and descriptor; never by the current task: seed 002 says why. */
  const index = new Map<string, Entry>();
  const efiles = new Map<number, Efile>();
  /** The attached threads, and what ends their sleeps. */
  const threads = new Map<string, Set<(waker: Call) => void>>();
  /** The threads that are out-of-band now, and how often each came back. */
  const oob = new Set<string>();
  const switches = new Map<string, number>();
  /** Files that were released before they were opened here: an open that was late. */
  const givenUp = new Set<number>();
  let contexts = 0;

  const keyOf = ({ files, fd }: Pick<Entry, "files" | "fd">): string => `${files}/${fd}`;
  const known = ({ file, oob_data }: Request): Efile | undefined => {
    const efile = efiles.get(file);
    return efile?.oob_data === oob_data && efile.released === undefined ? efile : undefined;
  };

  function fallAsleep<T>(
    call: Call,
    fact: "oob" | "poll",
    of: Slice,
    awaits: Slice,
    leave: () => void,
  ): { readonly sleep: Sleep<T>; readonly over: Promise<T> } {
    const slice = { ...of, task: call.task };
    const sleeps = threads.get(call.task);
    let end: { resolve(value: T): void; reject(error: Error): void } | undefined;
    const over = new Promise<T>((resolve, reject) => (end = { resolve, reject }));
    const finish = (waker: Call, told: Slice): void => {
      sleeps?.delete(interrupt);
      leave();
      waker.fact(`${fact}_wake`, slice, told);
    };
    const sleep: Sleep<T> = {
      wake(waker, value, told) {
        finish(waker, told);
        end?.resolve(value);
      },
      refuse(waker, errno) {
        finish(waker, { errno });
        end?.reject(new Refused(errno));
      },
    };
    const interrupt = (waker: Call): void => sleep.refuse(waker, "EINTR");
    sleeps?.add(interrupt);
    call.fact(`${fact}_wait`, slice, awaits);
    return { sleep, over };
  }

  function dropPollers({ pollers }: Entry, call: Call): void {
    for (const { sleep } of [...pollers]) sleep.wake(call, POLLNVAL, { revents: POLLNVAL });
  }

  function forget(entry: Entry, call: Call): void {
    dropPollers(entry, call);
    index.delete(keyOf(entry));
    call.fact("index_remove", sliceOf(entry));
  }

  function wakeReady(efile: Efile, call: Call): void {
    for (const { events, sleep } of [...efile.pollers]) {
      const revents = readiness(efile) & events;
      if (revents !== 0) sleep.wake(call, revents, { revents });
    }
  }

  // The device, from either stage. None of these waits.

  const cut = (efile: Efile, count: number): Buffer => {
    const data = efile.bytes.subarray(0, count);
    efile.bytes = efile.bytes.subarray(data.length);
    return data;
  };

  function take(efile: Efile, count: number, call: Call): Buffer {
    if (count > 0 && efile.bytes.length === 0) throw new Refused("EAGAIN");
    const data = cut(efile, count);
    wakeReady(efile, call);
    return data;
  }

  function append(efile: Efile, data: Buffer, call: Call): number {
    const room = ECHO_BYTES_MAX - efile.bytes.length;
    if (data.length > 0 && room === 0) throw new Refused("EAGAIN");
    efile.bytes = Buffer.concat([efile.bytes, data.subarray(0, room)]);
    for (const { count, sleep } of [...efile.readers]) {
      if (efile.bytes.length === 0) break;
      const taken = cut(efile, count);
      sleep.wake(call, taken, { bytes: taken.length });
    }
    wakeReady(efile, call);
    return Math.min(data.length, room);
  }

  function command(efile: Efile, cmd: number, call: Call): number {
    if (cmd === ECHO_IOC_COUNT) return efile.bytes.length;
    if (cmd !== ECHO_IOC_FLUSH) throw new Refused("ENOTTY");
    efile.bytes = Buffer.alloc(0);
    wakeReady(efile, call);
    return 0;
  }

  /** Waits until nobody is inside the file. */
  async function release(efile: Efile, call: Call): Promise<void> {
    const { file } = efile;
    for (const entry of index.values()) {
      if (entry.efile !== efile) continue;
      call.fact("index_stale", sliceOf(entry)); // its uninstall was lost
      dropPollers(entry, call);
    }
    for (const { sleep } of [...efile.readers]) sleep.refuse(call, "EIDRM");
    if (efile.inside > 0) {
      call.fact("crossing_wait", { file }, { inside: efile.inside });
      await new Promise<void>((resolve) => (efile.empty = resolve));
    }
    call.fact("crossing_pass", { file });
    efiles.delete(file);
    call.fact("efile_free", { file }, { inside: 0 });
  }

  function detach(task: string, why: string, call: Call): boolean {
    const sleeps = threads.get(task);
    if (sleeps === undefined) return false;
    threads.delete(task);
    leaveOob(task, "detach", call);
    call.fact("thread_detach", { task }, { why });
    for (const interrupt of [...sleeps]) interrupt(call);
    return true;
  }

  function lookUp(fd: number, call: Call): Entry {
    if (!threads.has(call.task)) throw new Refused("EPERM");
    const entry = index.get(keyOf({ files: call.files, fd }));
    if (entry === undefined || entry.efile.released !== undefined) throw new Refused("EBADF");
    return entry;
  }

  function leaveOob(task: string, why: string, call: Call): void {
    if (!oob.delete(task)) return;
    const isw = (switches.get(task) ?? 0) + 1;
    switches.set(task, isw);
    call.fact("thread_inband", { task }, { why, isw });
  }

  /**
   * Runs an out-of-band operation inside a file, if that was opened in this mode. Every thread is SCHED_WEAK here: out-of-band
   * for as long as such a call takes.
   */
  async function inside<T>(
    fd: number,
    mode: number | undefined,
    call: Call,
    operation: (efile: Efile, slice: Slice) => T | Promise<T>,
  ): Promise<T> {
    const entry = lookUp(fd, call);
    const { efile } = entry;
    const slice = sliceOf(entry);
    const { task } = call;
    if (!oob.has(task)) {
      oob.add(task);
      call.fact("thread_oob", { task });
    }
    efile.inside += 1;
    call.fact("oob_enter", { ...slice, task: call.task }, { inside: efile.inside });
    try {
      if (mode !== undefined && ![mode, O_RDWR].includes(efile.flags & O_ACCMODE)) throw new Refused("EBADF");
      return await operation(efile, slice);
    } finally {
      efile.inside -= 1;
      if (efile.inside === 0) efile.empty();
      leaveOob(task, "weak", call);
    }
  }

  const core = {
    // Descriptors: the hooks of seed 002, none of which can refuse.

    install_inband_fd(args: Request, call: Call): void {
      const { files, fd, file, oob_data } = args;
      if (oob_data === 0) return;
      const [efile, first] = [known(args), index.get(keyOf(args))];
      if (efile === undefined) call.fact("index_unknown", { files, fd, file }, { oob_data });
      else if (first !== undefined) call.fact("index_duplicate", { files, fd, file }, { first: first.efile.file });
      else {
        index.set(keyOf(args), { files, fd, efile, pollers: new Set() });
        call.fact("index_add", { files, fd, file }, { oob_data });
      }
    },
    replace_inband_fd(args: Request, call: Call): void {
      const [entry, efile] = [index.get(keyOf(args)), known(args)];
      if (entry !== undefined && efile !== undefined) {
        const displaced = entry.efile.file;
        dropPollers(entry, call);
        entry.efile = efile;
        call.fact("index_repoint", sliceOf(entry), { displaced });
        return;
      }
      if (entry !== undefined) forget(entry, call);
      core.install_inband_fd(args, call);
    },
    uninstall_inband_fd(args: Request, call: Call): void {
      const entry = index.get(keyOf(args));
      if (entry !== undefined) forget(entry, call); // a forked child's descriptors were never told of
    },

    // Files: what a driver asks when it opens and releases one.

    oob_open_file({ file, dev, flags }: Request, call: Call): Answer {
      if (dev !== OOBECHO) return { oob_data: 0 }; // a plain file
      const former = efiles.get(file);
      if (former !== undefined && former.released === undefined) return { oob_data: former.oob_data }; // called twice
      if (former !== undefined || givenUp.delete(file)) throw new Refused("EBUSY");
      const oob_data = ++contexts;
      const [readers, pollers] = [new Set<never>(), new Set<never>()];
      const empty = (): void => undefined;
      const bytes = Buffer.alloc(0);
      efiles.set(file, { file, oob_data, flags, bytes, readers, pollers, inside: 0, released: undefined, empty });
      call.fact("efile_open", { file, dev }, { oob_data });
      return { oob_data };
    },
    oob_file_flags(args: Request, call: Call): void {
      const [efile, { file, oob_data, flags }] = [known(args), args];
      if (efile === undefined) {
        call.fact("efile_unknown", { file }, { oob_data });
        return;
      }
      efile.flags = flags;
      call.fact("efile_flags", { file }, { flags: `0${flags.toString(8)}` });
    },
    async oob_release_file({ file, oob_data }: Request, call: Call): Promise<void> {
      const efile = efiles.get(file);
      if (efile === undefined) {
        call.fact("efile_unknown", { file }, { oob_data });
        givenUp.add(file);
        return;
      }
      efile.released ??= release(efile, call);
      await efile.released;
    },
    /** The in-band half of the driver reaches the bytes that the out-of-band half keeps. Never waits. */
    oob_driver_io({ file, oob_data, operation, count, data, cmd }: Request, call: Call): Answer {
      const efile = efiles.get(file);
      if (efile?.oob_data !== oob_data) throw new Refused("ENOIOCTLCMD");
      if (efile.released !== undefined) throw new Refused("EIDRM");
      switch (operation) {
        case "DRIVER_OPERATION_READ":
          return { data: take(efile, count, call) };
        case "DRIVER_OPERATION_WRITE":
          return { value: append(efile, data, call) };
        case "DRIVER_OPERATION_IOCTL":
          return { value: command(efile, cmd, call) };
        default:
          throw new Refused("EINVAL");
      }
    },

    // Threads.

    oob_attach_thread({ cap_sys_nice }: Request, call: Call): void {
      if (!cap_sys_nice) throw new Refused("EPERM");
      if (threads.has(call.task)) throw new Refused("EBUSY");
      threads.set(call.task, new Set());
      call.fact("thread_attach", { task: call.task });
    },
    oob_detach_thread(_args: Request, call: Call): void {
      if (!detach(call.task, "oob_detach_thread", call)) throw new Refused("EPERM");
    },
    inband_event_notify({ event, subject }: Request, call: Call): void {
      detach(subject, event === "INBAND_EVENT_PROCESS_CLEANUP" ? "process_cleanup" : "task_exit", call);
    },
    /** The VFS died, and came up again with nothing open: what it had told is so no more. */
    async oob_vfs_ready({ file, files }: Request, call: Call): Promise<void> {
      for (const task of [...threads.keys()]) detach(task, "oob_vfs_ready", call);
      for (const entry of [...index.values()]) if (entry.files < files) forget(entry, call);
      const orphans = [...efiles.values()].filter((one) => one.file < file);
      await Promise.all(orphans.map((efile) => (efile.released ??= release(efile, call))));
    },

    // Out-of-band calls.

    oob_read: async ({ fd, count }: Request, call: Call): Promise<Answer> => ({
      data: await inside(fd, O_RDONLY, call, async (efile, slice) => {
        if (count === 0 || efile.bytes.length > 0 || (efile.flags & O_NONBLOCK) !== 0) return take(efile, count, call);
        const { sleep, over } = fallAsleep<Buffer>(call, "oob", slice, { count }, () => efile.readers.delete(reader));
        const reader = { count, sleep };
        efile.readers.add(reader);
        return over;
      }),
    }),
    oob_write: async ({ fd, data }: Request, call: Call): Promise<Answer> => ({
      count: await inside(fd, O_WRONLY, call, (efile) => append(efile, data, call)),
    }),
    oob_ioctl: async ({ fd, cmd }: Request, call: Call): Promise<Answer> => ({
      value: await inside(fd, undefined, call, (efile) => command(efile, cmd, call)),
    }),
    /** A poller is not inside the file: the uninstall that comes before every release wakes it. */
    async oob_poll({ fd, events, timeout_ns }: Request, call: Call): Promise<Answer> {
      const entry = lookUp(fd, call);
      const { efile } = entry;
      const ready = readiness(efile) & events;
      if (ready !== 0) return { revents: ready };
      const { sleep, over } = fallAsleep<number>(call, "poll", sliceOf(entry), { events }, () => {
        clearTimeout(timer);
        entry.pollers.delete(poller);
        efile.pollers.delete(poller);
      });
      const poller = { events, sleep };
      entry.pollers.add(poller);
      efile.pollers.add(poller);
      const timer = timeout_ns > 0 ? setTimeout(() => sleep.refuse(call, "ETIMEDOUT"), timeout_ns / 1e6) : undefined;
      return { revents: await over };
    },
  };
  return core;
}

const [address] = process.argv.slice(2);
if (address === undefined) {
  process.stderr.write("usage: core.js unix:/path/of/a/socket, or 127.0.0.1:port\n");
  process.exitCode = 3;
} else {
  try {
    await serve(address, createCore);
    process.stdout.write(`a companion core listens on ${address}\n`);
  } catch (error) {
    process.stderr.write(`${address}: ${(error as Error).message}\n`);
    process.exitCode = 3;
  }
}
