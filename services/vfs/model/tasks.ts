import { assert } from "../../abi/assert.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { FileTable, type FdRange } from "./file-table.ts";

/** A task, as far as the VFS knows it. Only Tasks changes it. */
export interface Task {
  readonly name: string;
  readonly pid: number;
  /** The parent's name; empty for a task that was spawned. */
  readonly parent: string;
  /** `current->files`; undefined for NULL, which it is from the middle of its exit on. */
  readonly files: FileTable | undefined;
  /** RLIMIT_NOFILE: its descriptors are below it. */
  readonly nofile: number;
  /** Its capabilities, as the bits of capset(2). */
  readonly capabilities: bigint;
  /** Its thread is on the out-of-band stage, as the core has told. */
  readonly oob: boolean;
  /** System calls of it that are under way: more than one where its threads, or who gave up on one, make others meanwhile. */
  readonly calls: number;
  /** Its exit has begun: it makes no call any more, and nobody finds it. */
  readonly exiting: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** CAP_LAST_CAP is 40 (CAP_CHECKPOINT_RESTORE). */
const ALL_CAPABILITIES = 2n ** 41n - 1n;

/** The tasks of the node and the file tables that they use. */
export class Tasks {
  readonly #tasks = new Map<string, Writable<Task>>();
  #lastPid = 0;
  #lastTable: number;

  /** No task yet. Tables are numbered from the next number on. */
  constructor(lastTable = 0) {
    this.#lastTable = lastTable;
  }

  /** A task that can make calls. */
  find(name: string): Task | undefined {
    const task = this.#tasks.get(name);
    return task?.exiting === true ? undefined : task;
  }

  /** Whether a name belongs to a task, be it one that is exiting. */
  isTaken(name: string): boolean {
    return this.#tasks.has(name);
  }

  /** A free name for a child, such as `alpha.2` for the second task of the node. */
  nameForChild(parent: string): string {
    let number = this.#lastPid + 1;
    while (this.isTaken(`${parent}.${number}`)) number++;
    return `${parent}.${number}`;
  }

  /** The number of a task's table: what a hook sees of `current->files`; 0 for NULL and for a task that is gone. */
  filesOf(name: string): number {
    return this.#tasks.get(name)?.files?.id ?? 0;
  }

  /** Every task, those that are exiting among them, oldest first. */
  all(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** The tasks whose table this is. */
  sharing(table: FileTable): readonly Task[] {
    return [...this.#tasks.values()].filter((task) => task.files === table);
  }

  /** Every table that a task uses, oldest first. */
  tables(): readonly FileTable[] {
    const tables = new Set([...this.#tasks.values()].flatMap(({ files }) => files ?? []));
    return [...tables].sort((a, b) => a.id - b.id);
  }

  /** A new, empty table, whose one user is the caller. */
  newTable(): FileTable {
    return new FileTable(++this.#lastTable);
  }

  /** A new table with what is open in another one. */
  copyTable(table: FileTable, hole?: FdRange): FileTable {
    return table.copy(++this.#lastTable, hole);
  }

  /** A new task, which takes over the caller's use of the table. */
  add(name: string, files: FileTable, parent?: Task): Task {
    assert(!this.isTaken(name), `the name ${name} is free when a task gets it`);
    const pid = ++this.#lastPid;
    const nofile = parent?.nofile ?? LIMITS.nofile;
    const capabilities = parent?.capabilities ?? ALL_CAPABILITIES;
    const task = {
      name,
      pid,
      parent: parent?.name ?? "",
      files,
      nofile,
      capabilities,
      oob: false,
      calls: 0,
      exiting: false,
    };
    this.#tasks.set(name, task);
    return task;
  }

  /** Gives a task another table, whose use it takes over. Its use of the old one goes to the caller. */
  adopt(task: Task, table: FileTable): void {
    this.#own(task).files = table;
  }

  /** Changes RLIMIT_NOFILE. Descriptors that are open above it stay. */
  limit(task: Task, nofile: number): void {
    this.#own(task).nofile = nofile;
  }

  /**
   * Takes capabilities from a task for good; its children to come will not have them either.
   *
   * @returns EINVAL for bits that are no capability; nothing is taken then.
   */
  dropCapabilities(task: Task, drop: bigint): Result<void, "EINVAL"> {
    if ((drop & ~ALL_CAPABILITIES) !== 0n) return fail("EINVAL");
    this.#own(task).capabilities &= ~drop;
    return ok(undefined);
  }

  /** Its thread left the in-band stage, or is there again. */
  goes(task: Task, stage: "inband" | "oob"): void {
    this.#own(task).oob = stage === "oob";
  }

  /** A system call of it begins. */
  enterCall(task: Task): void {
    this.#own(task).calls++;
  }

  /** A system call of it has ended, the task itself maybe before it. */
  leaveCall(task: Task): void {
    const counted = task as Writable<Task>;
    assert(counted.calls > 0, `each call of ${task.name} ends once`);
    counted.calls--;
  }

  /** A task's exit begins. */
  beginExit(task: Task): void {
    assert(!task.exiting, `task ${task.name} exits once`);
    this.#own(task).exiting = true;
  }

  /** `current->files` becomes NULL. The task's use of the table goes to the caller. */
  leaveFiles(task: Task): void {
    this.#own(task).files = undefined;
  }

  /** The task is gone; its name is free. */
  remove(task: Task): void {
    assert(task.files === undefined, `task ${task.name} has left its table before it goes`);
    this.#own(task);
    this.#tasks.delete(task.name);
  }

  #own(task: Task): Writable<Task> {
    const own = this.#tasks.get(task.name);
    assert(own === task, `task ${task.name} is one of this node`);
    return own;
  }
}
