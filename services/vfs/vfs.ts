import type { FileEntry, TaskEntry } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { Handlers, Hooks } from "../boundary/hooks.ts";
import { sysAccept4 } from "./calls/accept4.ts";
import { sysBind } from "./calls/bind.ts";
import { sysCapset } from "./calls/capset.ts";
import { sysClose } from "./calls/close.ts";
import { sysCloseRange } from "./calls/close-range.ts";
import { sysConnect } from "./calls/connect.ts";
import { sysDup } from "./calls/dup.ts";
import { sysDup2 } from "./calls/dup2.ts";
import { sysDup3 } from "./calls/dup3.ts";
import { sysExec } from "./calls/exec.ts";
import { sysExit } from "./calls/exit.ts";
import { sysFcntl } from "./calls/fcntl.ts";
import { sysFork } from "./calls/fork.ts";
import { sysGetpeername } from "./calls/getpeername.ts";
import { sysGetsockname } from "./calls/getsockname.ts";
import { sysGetsockopt } from "./calls/getsockopt.ts";
import { sysIoUringSocket } from "./calls/io-uring-socket.ts";
import { sysIoctl } from "./calls/ioctl.ts";
import { sysListen } from "./calls/listen.ts";
import { sysOpen } from "./calls/open.ts";
import { sysPidfdGetfd } from "./calls/pidfd-getfd.ts";
import { sysPoll } from "./calls/poll.ts";
import { sysPrlimit } from "./calls/prlimit.ts";
import { sysRead } from "./calls/read.ts";
import { sysRecvfrom } from "./calls/recvfrom.ts";
import { sysSendto } from "./calls/sendto.ts";
import { sysSetsockopt } from "./calls/setsockopt.ts";
import { sysShutdown } from "./calls/shutdown.ts";
import { sysSocket } from "./calls/socket.ts";
import { sysSocketpair } from "./calls/socketpair.ts";
import { sysSpawn } from "./calls/spawn.ts";
import { sysWrite } from "./calls/write.ts";
import { createKernel, type Kernel } from "./kernel.ts";
import { announce } from "./peers/announce.ts";
import { dovetailLeaveInband } from "./peers/dovetail-leave-inband.ts";
import { fileCoreReady } from "./peers/file-core-ready.ts";
import { asCurrent } from "./steps/current.ts";
import { pipelined } from "./steps/pipelined.ts";

/** The VFS: tasks, file tables, open files, devices and the descriptors of sockets of one node. */
export interface Vfs {
  /** The system calls that it answers, and what the core asks. */
  readonly handlers: Handlers<"vfs">;
  /** Every open descriptor, by table and number, for people. Tables that nobody can reach any more are left out. */
  listFiles(): FileEntry[];
  /** Every task, for people. */
  listTasks(): TaskEntry[];
  /** Tells the others that it is there, where it took the place of one that they knew. */
  start(): Promise<void>;
}

/**
 * Builds the house: it tells the core what happens to descriptors, and answers the system calls of tasks.
 *
 * @param incarnation which of the house's lives this is, from 1.
 */
export function createVfs(kit: Kit, hooks: Hooks<"vfs">, incarnation = 1): Vfs {
  const kernel = createKernel(kit, hooks, incarnation);
  return {
    handlers: pipelined(kernel, {
      sys_spawn: (args, context) => sysSpawn(kernel, args, context),
      sys_open: asCurrent(kernel, sysOpen),
      sys_close: asCurrent(kernel, sysClose),
      sys_close_range: asCurrent(kernel, sysCloseRange),
      sys_dup: asCurrent(kernel, sysDup),
      sys_dup2: asCurrent(kernel, sysDup2),
      sys_dup3: asCurrent(kernel, sysDup3),
      sys_fcntl: asCurrent(kernel, sysFcntl),
      sys_read: asCurrent(kernel, sysRead),
      sys_write: asCurrent(kernel, sysWrite),
      sys_ioctl: asCurrent(kernel, sysIoctl),
      sys_fork: asCurrent(kernel, sysFork),
      sys_exec: asCurrent(kernel, sysExec),
      sys_exit: (args, context) => sysExit(kernel, args, context),
      sys_pidfd_getfd: asCurrent(kernel, sysPidfdGetfd),
      sys_prlimit: asCurrent(kernel, sysPrlimit),
      sys_socket: asCurrent(kernel, sysSocket),
      sys_io_uring_socket: asCurrent(kernel, sysIoUringSocket),
      sys_socketpair: asCurrent(kernel, sysSocketpair),
      sys_bind: asCurrent(kernel, sysBind),
      sys_connect: asCurrent(kernel, sysConnect),
      sys_listen: asCurrent(kernel, sysListen),
      sys_accept4: asCurrent(kernel, sysAccept4),
      sys_shutdown: asCurrent(kernel, sysShutdown),
      sys_sendto: asCurrent(kernel, sysSendto),
      sys_recvfrom: asCurrent(kernel, sysRecvfrom),
      sys_getsockname: asCurrent(kernel, sysGetsockname),
      sys_getpeername: asCurrent(kernel, sysGetpeername),
      sys_setsockopt: asCurrent(kernel, sysSetsockopt),
      sys_getsockopt: asCurrent(kernel, sysGetsockopt),
      sys_poll: asCurrent(kernel, sysPoll),
      sys_capset: asCurrent(kernel, sysCapset),
      file_core_ready: (args, context) => fileCoreReady(kernel, args, context),
      dovetail_leave_inband: (args, context) => dovetailLeaveInband(kernel, args, context),
    }),
    listFiles: () => listFiles(kernel),
    listTasks: () => listTasks(kernel),
    start: () => announce(hooks, incarnation),
  };
}

const listFiles = ({ tasks }: Kernel): FileEntry[] =>
  tasks.tables().flatMap((table) => {
    const names = tasks.sharing(table).map(({ name }) => name);
    return [...table.entries()].map(([fd, { file, closeOnExec }]) => ({
      tasks: names,
      files: table.id,
      fd,
      file: file.file,
      dev: file.dev,
      flags: file.flags,
      close_on_exec: closeOnExec,
      oob_data: file.oob_data,
      references: file.references,
    }));
  });

/** What is the core's to know is left at nothing. */
const listTasks = ({ tasks }: Kernel): TaskEntry[] =>
  tasks.all().map(({ name, pid, files, exiting }) => ({
    task: name,
    pid,
    files: files?.id ?? 0,
    attached: false,
    own: false,
    priority: 0,
    oob: false,
    inband_switches: 0,
    oob_calls: 0,
    sleeps: [],
    exiting,
  }));
