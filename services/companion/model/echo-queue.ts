import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";

/** A reader whose wait is over, with its bytes. */
interface Served<R> {
  readonly reader: R;
  readonly data: Uint8Array;
}

/** What became of a write: how much of it was taken, and which readers it woke, in their order. */
export interface Appended<R> {
  readonly taken: number;
  readonly served: readonly Served<R>[];
}

/**
 * The bytes that one open file of an echo device holds, and the readers that wait for some. `R` is a reader.
 *
 * Bytes are handed to a waiting reader by the write itself: between a wake-up and the reader's turn nobody can take them
 * away, so readers are served strictly in the order of arrival, and either bytes wait or readers do, never both.
 */
export class EchoQueue<R> {
  readonly #capacity: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #readers: { readonly reader: R; readonly count: number }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many bytes wait. */
  get size(): number {
    return this.#bytes.length;
  }

  get hasRoom(): boolean {
    return this.size < this.#capacity;
  }

  /** Takes up to `count` bytes, as many as there are. */
  take(count: number): Uint8Array {
    const data = this.#bytes.slice(0, count);
    this.#bytes = this.#bytes.subarray(data.length);
    return data;
  }

  /** Lets a reader wait for bytes, behind those who wait already. */
  wait(reader: R, count: number): void {
    assert(this.size === 0, "a reader waits only while there is nothing to read");
    assert(count > 0, "a reader waits for at least one byte");
    this.#readers.push({ reader, count });
  }

  /** A reader waits no longer; one that does not wait is left alone. */
  leave(reader: R): void {
    this.#readers = this.#readers.filter((waiting) => waiting.reader !== reader);
  }

  /** Appends as much as there is room for. EAGAIN when there is none, unless there is nothing to append. */
  append(data: Uint8Array): Result<Appended<R>, "EAGAIN"> {
    if (data.length > 0 && !this.hasRoom) return fail("EAGAIN");
    const taken = Math.min(data.length, this.#capacity - this.size);
    const bytes = new Uint8Array(this.size + taken);
    bytes.set(this.#bytes);
    bytes.set(data.subarray(0, taken), this.size);
    this.#bytes = bytes;

    const served: Served<R>[] = [];
    while (this.size > 0) {
      const next = this.#readers.shift();
      if (next === undefined) break;
      served.push({ reader: next.reader, data: this.take(next.count) });
    }
    return ok({ taken, served });
  }

  /** Throws the bytes away. */
  flush(): void {
    this.#bytes = new Uint8Array(0);
  }

  /** The device goes away: answers the readers that waited, who must be told. */
  remove(): readonly R[] {
    const readers = this.#readers.map(({ reader }) => reader);
    this.#readers = [];
    this.flush();
    return readers;
  }
}
