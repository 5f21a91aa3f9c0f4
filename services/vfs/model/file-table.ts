import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { OpenFile } from "./open-file.ts";

/** A descriptor that nobody uses. */
interface Empty {
  readonly t: "empty";
}

/** Taken by an open that has not ended: not free any more, and not there yet. */
interface Reserved {
  readonly t: "reserved";
  readonly closeOnExec: boolean;
}

/** Refers to a file, and holds a reference to it. */
export interface Open {
  readonly t: "open";
  readonly file: OpenFile;
  readonly closeOnExec: boolean;
}

type Slot = Empty | Reserved | Open;

const EMPTY: Empty = { t: "empty" };

/** The kernel's bitmaps of descriptors come in words of so many: a copy ends at a multiple of it. */
const FDS_PER_WORD = 64;

/** Some of a table's descriptors, both ends included. */
export interface FdRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A file table (`struct files_struct`). All that changes a slot is done under `files->file_lock`, which the calls take.
 *
 *       empty --reserve--> reserved --publish--> open --clear--> empty
 *         |                    '---unreserve---> empty  |
 *         '--------------------place------------> open <'  (dup2: not over a reserved one)
 */
export class FileTable {
  /** The table's number: what the fd hooks call `files`. */
  readonly id: number;
  readonly #slots: Slot[] = [];
  /** No descriptor below this one is free. */
  #lowestFree = 0;
  #users = 1;

  /** The first user is whoever makes the table. */
  constructor(id: number) {
    this.id = id;
  }

  /** One more user: a task, or a call in progress. */
  hold(): void {
    assert(this.#users > 0, `table ${this.id} has a user when another one joins`);
    this.#users++;
  }

  /** One user less. True for the last one: the caller closes what is open. */
  drop(): boolean {
    assert(this.#users > 0, `table ${this.id} has a user to lose`);
    return --this.#users === 0;
  }

  /** The slot of an open descriptor. A reserved one is not open. */
  at(fd: number): Open | undefined {
    const slot = this.#slots[fd];
    return slot?.t === "open" ? slot : undefined;
  }

  /** Takes the lowest free descriptor from `from` on, below the limit, for a file to come. */
  reserve(from: number, limit: number, closeOnExec: boolean): Result<number, "EMFILE"> {
    let fd = Math.max(from, this.#lowestFree);
    while (this.#taken(fd)) fd++;
    if (fd >= limit) return fail("EMFILE");
    this.#set(fd, { t: "reserved", closeOnExec });
    if (from <= this.#lowestFree) this.#lowestFree = fd + 1;
    return ok(fd);
  }

  /** Gives a reserved descriptor back. */
  unreserve(fd: number): void {
    assert(this.#slots[fd]?.t === "reserved", `descriptor ${fd} of table ${this.id} is reserved when it is given back`);
    this.#free(fd);
  }

  /** Lets a reserved descriptor refer to the file, whose reference it takes over. */
  publish(fd: number, file: OpenFile): Open {
    const slot = this.#slots[fd];
    assert(slot?.t === "reserved", `descriptor ${fd} of table ${this.id} is reserved when it is published`);
    return this.#set(fd, { t: "open", file, closeOnExec: slot.closeOnExec });
  }

  /** Lets any descriptor but a reserved one refer to the file, whose reference it takes over; answers the displaced file. */
  place(fd: number, file: OpenFile, closeOnExec: boolean): Result<OpenFile | undefined, "EBUSY"> {
    const slot = this.#slots[fd];
    if (slot?.t === "reserved") return fail("EBUSY");
    this.#set(fd, { t: "open", file, closeOnExec });
    return ok(slot?.t === "open" ? slot.file : undefined);
  }

  /** Frees an open descriptor; its reference to the file goes to the caller. */
  clear(fd: number): OpenFile {
    const slot = this.#slots[fd];
    assert(slot?.t === "open", `descriptor ${fd} of table ${this.id} is open when it is cleared`);
    this.#free(fd);
    return slot.file;
  }

  /** Sets or clears close-on-exec of an open or a reserved descriptor; false when there was nothing to change. */
  markCloseOnExec(fd: number, closeOnExec: boolean): boolean {
    const slot = this.#slots[fd] ?? EMPTY;
    if (slot.t === "empty" || slot.closeOnExec === closeOnExec) return false;
    this.#set(fd, { ...slot, closeOnExec });
    return true;
  }

  /**
   * Marks what is taken in a range close-on-exec; answers the descriptors that were not so before. A reserved one is
   * marked like an open one, and is close-on-exec when its open ends, whatever that open asked for.
   */
  markRange({ first, last }: FdRange): readonly number[] {
    const marked: number[] = [];
    for (let fd = first; fd <= last && fd < this.#slots.length; fd++)
      if (this.markCloseOnExec(fd, true)) marked.push(fd);
    return marked;
  }

  /** The first open descriptor of the range of which `which` holds. */
  nextOpen({ first, last }: FdRange, which: (slot: Open) => boolean = () => true): number | undefined {
    for (let fd = first; fd <= last && fd < this.#slots.length; fd++) {
      const slot = this.#slots[fd];
      if (slot?.t === "open" && which(slot)) return fd;
    }
    return undefined;
  }

  /** The open descriptors, lowest first. */
  *entries(): Generator<readonly [fd: number, slot: Open]> {
    for (const [fd, slot] of this.#slots.entries()) if (slot.t === "open") yield [fd, slot];
  }

  /**
   * A table of its own with the same open descriptors, each with one more reference to its file (`dup_fd`). Reserved
   * ones stay behind: they belong to calls that will publish them here.
   *
   * @param hole what the caller would close at once; where nothing lies above it, it is left out, up to a whole word.
   */
  copy(id: number, hole?: FdRange): FileTable {
    const copy = new FileTable(id);
    const end = this.#wordsEnd(hole);
    for (const [fd, slot] of this.entries()) {
      if (fd >= end) break;
      slot.file.get();
      copy.#set(fd, slot);
    }
    return copy;
  }

  /** Where a copy ends (`sane_fdtable_size`). */
  #wordsEnd(hole: FdRange | undefined): number {
    const highest = this.#highestBelow(this.#slots.length);
    const punched = hole !== undefined && hole.last >= highest && hole.first <= highest;
    const copied = punched ? this.#highestBelow(hole.first) : highest;
    return Math.max(1, Math.ceil((copied + 1) / FDS_PER_WORD)) * FDS_PER_WORD;
  }

  #highestBelow(end: number): number {
    let fd = end - 1;
    while (fd >= 0 && !this.#taken(fd)) fd--;
    return fd;
  }

  #taken(fd: number): boolean {
    return (this.#slots[fd] ?? EMPTY).t !== "empty";
  }

  #set<S extends Slot>(fd: number, slot: S): S {
    while (this.#slots.length <= fd) this.#slots.push(EMPTY);
    this.#slots[fd] = slot;
    return slot;
  }

  #free(fd: number): void {
    this.#slots[fd] = EMPTY;
    if (fd < this.#lowestFree) this.#lowestFree = fd;
  }
}
