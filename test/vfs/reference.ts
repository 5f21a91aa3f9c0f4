import type { FileEntry } from "../../services/abi/contract.generated.ts";
import type { Happening, TaskCalls } from "./harness.ts";

/** A call, made by the VFS and by the reference alike. */
export interface Op {
  readonly task: string;
  /** How it is written, for a counterexample. */
  readonly text: string;
  /** What the reference answers. */
  readonly expected: (reference: Reference) => number | string;
  readonly call: (task: TaskCalls) => Promise<number | string>;
}

interface Slot {
  readonly file: number;
  readonly closeOnExec: boolean;
}

type Table = Map<number, Slot>;

interface RefTask {
  files: number;
  nofile: number;
}

/**
 * Descriptors as the manual pages tell them, with nothing but sets: no lock, no reservation, no count of references. A file
 * is alive while some table names it.
 */
export class Reference {
  readonly tasks = new Map<string, RefTask>();
  readonly tables = new Map<number, Table>();
  #lastTable = 0;
  #lastFile = 0;

  /** Every file that was ever opened. */
  get files(): number {
    return this.#lastFile;
  }

  /** Every table that there ever was. */
  get tablesEver(): number {
    return this.#lastTable;
  }

  alive(): Set<number> {
    return new Set([...this.tables.values()].flatMap((table) => [...table.values()].map(({ file }) => file)));
  }

  /** Table, descriptor, file, close-on-exec of all that is open, in the order of listFiles. */
  list(): Pick<FileEntry, "files" | "fd" | "file" | "close_on_exec">[] {
    return [...this.tables].flatMap(([files, table]) =>
      [...table]
        .sort(([a], [b]) => a - b)
        .map(([fd, { file, closeOnExec }]) => ({ files, fd, file, close_on_exec: closeOnExec })),
    );
  }

  spawn(name: string): number | string {
    if (this.tasks.has(name)) return "EINVAL";
    this.tasks.set(name, { files: this.#addTable(new Map()), nofile: 1024 });
    return this.#pid();
  }

  open(name: string, closeOnExec: boolean): number | string {
    return this.#as(name, (task, table) => {
      const fd = lowest(table, 0, task.nofile);
      if (typeof fd === "number") table.set(fd, { file: ++this.#lastFile, closeOnExec });
      return fd;
    });
  }

  close(name: string, fd: number): number | string {
    return this.#as(name, (_task, table) => (table.delete(fd) ? 0 : "EBADF"));
  }

  duplicate(name: string, from: string, fd: number, least: number, closeOnExec: boolean): number | string {
    return this.#as(name, (task, table) => {
      const theirs = this.tasks.get(from);
      if (theirs === undefined) return "ESRCH";
      const slot = this.tables.get(theirs.files)?.get(fd);
      if (slot === undefined) return "EBADF";
      if (least >= task.nofile) return "EINVAL";
      const free = lowest(table, least, task.nofile);
      if (typeof free === "number") table.set(free, { file: slot.file, closeOnExec });
      return free;
    });
  }

  dup3(name: string, fd: number, newfd: number, closeOnExec: boolean): number | string {
    return this.#as(name, (task, table) => {
      if (fd === newfd) return "EINVAL";
      const slot = table.get(fd);
      if (slot === undefined || newfd >= task.nofile) return "EBADF";
      table.set(newfd, { file: slot.file, closeOnExec });
      return newfd;
    });
  }

  closeRange(name: string, first: number, last: number, unshare: boolean, mark: boolean): number | string {
    return this.#as(name, (task) => {
      if (first > last) return "EINVAL";
      if (unshare) this.#unshare(task);
      const table = this.tables.get(task.files) ?? new Map<number, Slot>();
      for (const [fd, slot] of [...table]) {
        if (fd < first || fd > last) continue;
        if (mark) table.set(fd, { ...slot, closeOnExec: true });
        else table.delete(fd);
      }
      return task.files;
    });
  }

  fork(name: string, child: string, share: boolean): number | string {
    return this.#as(name, (task, table) => {
      if (this.tasks.has(child)) return "EINVAL";
      const files = share ? task.files : this.#addTable(new Map(table));
      this.tasks.set(child, { ...task, files });
      this.#pid();
      return files;
    });
  }

  exec(name: string): number | string {
    return this.#as(name, (task) => {
      this.#unshare(task);
      const table = this.tables.get(task.files) ?? new Map<number, Slot>();
      for (const [fd, { closeOnExec }] of [...table]) if (closeOnExec) table.delete(fd);
      return task.files;
    });
  }

  exit(name: string, reaper: string): number | string {
    return this.#as(name, (task) => {
      if (reaper !== "" && !this.tasks.has(reaper)) return "ESRCH";
      this.tasks.delete(name);
      if (this.#users(task.files) === 0) this.tables.delete(task.files);
      return 0;
    });
  }

  prlimit(name: string, nofile: number): number | string {
    return this.#as(name, (task) => {
      task.nofile = nofile;
      return 0;
    });
  }

  #pids = 0;
  #pid = (): number => ++this.#pids;

  #as(name: string, act: (task: RefTask, table: Table) => number | string): number | string {
    const task = this.tasks.get(name);
    return task === undefined ? "ESRCH" : act(task, this.tables.get(task.files) ?? new Map<number, Slot>());
  }

  #addTable(table: Table): number {
    this.tables.set(++this.#lastTable, table);
    return this.#lastTable;
  }

  #users(files: number): number {
    return [...this.tasks.values()].filter((task) => task.files === files).length;
  }

  #unshare(task: RefTask): void {
    if (this.#users(task.files) > 1) task.files = this.#addTable(new Map(this.tables.get(task.files)));
  }
}

function lowest(table: Table, least: number, limit: number): number | string {
  let fd = least;
  while (table.has(fd)) fd++;
  return fd < limit ? fd : "EMFILE";
}

/**
 * What an observer knows who sees the hooks arrive, and the facts that tell of slots born with a table. Every table's
 * slots must open and close in turn, and each close must name the file that was last put there.
 */
export class Observer {
  readonly #slots = new Map<string, number>();
  readonly faults: string[] = [];

  observe({ point, args }: Pick<Happening, "point" | "args">): void {
    const key = `${String(args["files"])}/${String(args["fd"])}`;
    const file = Number(args["file"]);
    const known = this.#slots.get(key);
    switch (point) {
      case "install_inband_fd":
      case "fork_copy":
        if (known !== undefined) this.faults.push(`${point} ${key}: taken by file ${known}`);
        this.#slots.set(key, file);
        break;
      case "replace_inband_fd":
        this.#slots.set(key, file);
        break;
      case "uninstall_inband_fd":
        if (known !== file) this.faults.push(`${point} ${key}: file ${file}, where ${known ?? "nothing"} was`);
        this.#slots.delete(key);
        break;
    }
  }

  /** Slots that nobody closed. */
  get open(): readonly string[] {
    return [...this.#slots.keys()];
  }
}
