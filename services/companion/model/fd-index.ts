import { assert } from "../../abi/assert.ts";

/** What the core knows of one descriptor. `W` is who watches it. */
export interface FdEntry<W> {
  readonly files: number;
  readonly fd: number;
  readonly file: number;
  readonly oob_data: number;
  /** Those who poll this descriptor: the descriptor, not the file, which is why a close of it ends their wait. */
  readonly watchers: Set<W>;
}

interface Mutable<W> extends FdEntry<W> {
  file: number;
  oob_data: number;
}

/**
 * The core's own index of descriptors, system-wide, because the VFS's tables are out of reach from the out-of-band stage.
 *
 *     files ──▶ fd ──▶ entry { file, oob_data, watchers }        the key is (files, fd), never a task
 *     file ──▶ the entries that say so                           several after dup(2), none after a fork's closes
 *
 * EVL keeps one red-black tree with the same key (facts/dovetail 3.3).
 */
export class FdIndex<W> {
  readonly #tables = new Map<number, Map<number, Mutable<W>>>();
  readonly #files = new Map<number, Set<Mutable<W>>>();

  find(files: number, fd: number): FdEntry<W> | undefined {
    return this.#tables.get(files)?.get(fd);
  }

  /** Adds an entry under a key that is free. */
  add(files: number, fd: number, file: number, oob_data: number): void {
    assert(oob_data !== 0, "only files with an out-of-band context are indexed");
    assert(this.find(files, fd) === undefined, "a key is indexed once");
    const entry: Mutable<W> = { files, fd, file, oob_data, watchers: new Set() };
    const table = this.#tables.get(files) ?? new Map<number, Mutable<W>>();
    this.#tables.set(files, table.set(fd, entry));
    this.#link(entry);
  }

  /** Makes an entry say another file. Nobody may watch the old one any more. */
  repoint(files: number, fd: number, file: number, oob_data: number): void {
    const entry = this.#unwatched(files, fd);
    assert(oob_data !== 0, "only files with an out-of-band context are indexed");
    this.#unlink(entry);
    entry.file = file;
    entry.oob_data = oob_data;
    this.#link(entry);
  }

  /** Removes an entry. Nobody may watch it any more. */
  remove(files: number, fd: number): void {
    const entry = this.#unwatched(files, fd);
    const table = this.#tables.get(files);
    table?.delete(fd);
    if (table?.size === 0) this.#tables.delete(files);
    this.#unlink(entry);
  }

  /** The entries that say this file, oldest first. */
  ofFile(file: number): readonly FdEntry<W>[] {
    return [...(this.#files.get(file) ?? [])];
  }

  /** All entries, by table and descriptor, as a walk of EVL's tree would find them. */
  entries(): readonly FdEntry<W>[] {
    return [...this.#tables.values()]
      .flatMap((table) => [...table.values()])
      .sort((a, b) => a.files - b.files || a.fd - b.fd);
  }

  #unwatched(files: number, fd: number): Mutable<W> {
    const entry = this.#tables.get(files)?.get(fd);
    assert(entry !== undefined, "what changes is indexed");
    assert(entry.watchers.size === 0, "watchers are woken before their entry changes");
    return entry;
  }

  #link(entry: Mutable<W>): void {
    const same = this.#files.get(entry.file) ?? new Set<Mutable<W>>();
    this.#files.set(entry.file, same.add(entry));
  }

  #unlink(entry: Mutable<W>): void {
    const same = this.#files.get(entry.file);
    assert(same?.delete(entry) === true, "every entry is found by its file");
    if (same.size === 0) this.#files.delete(entry.file);
  }
}
