import { failed, worked, type Attempt } from "../answers.ts";

/* The primitives of protobuf's wire format: tags, varints, and what is prefixed with its length. */

const TWO_32 = 2 ** 32;
/** Strings up to here cannot need more than one byte for their length. */
const SHORT = 42;

/** Writes into one buffer that it keeps: nothing is allocated but what `finish` gives away. */
export class Writer {
  /** The first thing that was wrong with what was written. */
  problem: string | undefined;
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;

  #ensure(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  /** A safe integer; a negative one takes ten bytes, as protobuf has it. */
  varint(value: number): void {
    this.#ensure(10);
    const bytes = this.#bytes;
    let at = this.#at;
    let low = value >>> 0;
    if (value === low) {
      for (; low > 127; low >>>= 7) bytes[at++] = (low & 127) | 128;
    } else {
      let high = Math.floor(value / TWO_32) >>> 0;
      while (high > 0 || low > 127) {
        bytes[at++] = (low & 127) | 128;
        low = ((low >>> 7) | (high << 25)) >>> 0;
        high >>>= 7;
      }
    }
    bytes[at++] = low;
    this.#at = at;
  }

  double(value: number): void {
    this.#ensure(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  string(value: string): void {
    if (value.length > SHORT) {
      const length = Buffer.byteLength(value);
      this.varint(length);
      this.#ensure(length);
      this.#at += this.#bytes.write(value, this.#at, "utf8");
      return;
    }
    this.#ensure(1 + 3 * SHORT);
    const bytes = this.#bytes;
    const start = this.#at + 1;
    let at = start;
    // Names are short and ASCII: a loop beats the call into the runtime.
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        at = start + bytes.write(value, start, "utf8");
        break;
      }
      bytes[at++] = code;
    }
    bytes[this.#at] = at - start;
    this.#at = at;
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#ensure(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins something whose length is not known yet; its end is told to `close`. */
  open(): number {
    this.#ensure(1);
    this.#at += 1;
    return this.#at;
  }

  close(start: number): void {
    const length = this.#at - start;
    if (length > 127) {
      // One byte was left for the length, which is right for nearly everything; the rest moves up.
      const more = length < 2 ** 14 ? 1 : length < 2 ** 21 ? 2 : length < 2 ** 28 ? 3 : 4;
      this.#ensure(more);
      this.#bytes.copyWithin(start + more, start, this.#at);
      this.#at = start - 1;
      this.varint(length);
      this.#at += length;
    } else {
      this.#bytes[start - 1] = length;
    }
  }

  /** What was written, as a buffer of its own, or what was wrong. The writer is empty afterwards. */
  finish(): Attempt<Buffer> {
    const { problem } = this;
    const written = Buffer.allocUnsafe(problem === undefined ? this.#at : 0);
    this.#bytes.copy(written, 0, 0, written.length);
    this.#at = 0;
    this.problem = undefined;
    return problem === undefined ? worked(written) : failed(problem);
  }
}

/** Texts that are kept for the next time: names of points, fields, tasks, locks. A newer one takes the place of an older one. */
const TEXTS_KEPT = 1024;

/** What gives the same text for the same bytes again, where that is quicker than to make it anew: short ones in ASCII. */
export class Texts {
  readonly #kept = new Array<string>(TEXTS_KEPT).fill("");

  read(bytes: Buffer, start: number, end: number): string {
    if (end - start > SHORT) return bytes.toString("utf8", start, end);
    let hash = end - start;
    for (let at = start; at < end; at++) {
      const code = bytes[at] ?? 0;
      if (code > 127) return bytes.toString("utf8", start, end);
      hash = (hash * 31 + code) | 0;
    }
    const slot = (hash ^ (hash >>> 15)) & (TEXTS_KEPT - 1);
    const kept = this.#kept[slot] ?? "";
    if (isText(kept, bytes, start, end)) return kept;
    const text = bytes.toString("latin1", start, end);
    this.#kept[slot] = text;
    return text;
  }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

/** Reads bytes of somebody else. What is wrong is kept in `problem`, and reading is at its end then. */
export class Reader {
  problem: string | undefined;
  at = 0;
  end: number;
  readonly #bytes: Buffer;
  readonly #texts: Texts | undefined;
  #low = 0;
  #high = 0;

  /** @param texts kept from what was read before, where much is read. */
  constructor(bytes: Buffer, texts?: Texts) {
    this.#bytes = bytes;
    this.#texts = texts;
    this.end = bytes.length;
  }

  fail(problem: string): void {
    this.problem ??= problem;
    this.end = this.at = this.#bytes.length;
  }

  #varint(): void {
    this.#low = this.#high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) {
        this.fail("it ends in the middle of a number");
        return;
      }
      const byte = this.#bytes[this.at++] ?? 0;
      const bits = byte & 127;
      if (shift < 32) this.#low |= bits << shift;
      if (shift === 28) this.#high = bits >>> 4;
      else if (shift > 28) this.#high |= bits << (shift - 32);
      if (byte < 128) return;
    }
    this.fail("it has a number of more than ten bytes");
  }

  /** Not negative; beyond what a number holds exactly, it is no safe integer. */
  unsigned(): number {
    const byte = this.at < this.end ? (this.#bytes[this.at] ?? 128) : 128;
    if (byte < 128) {
      this.at += 1;
      return byte;
    }
    this.#varint();
    return (this.#high >>> 0) * TWO_32 + (this.#low >>> 0);
  }

  signed(): number {
    this.#varint();
    return this.#high * TWO_32 + (this.#low >>> 0);
  }

  double(): number {
    const start = this.#take(8);
    return start === undefined ? 0 : this.#bytes.readDoubleLE(start);
  }

  string(): string {
    const start = this.#take(this.unsigned());
    if (start === undefined) return "";
    return this.#texts?.read(this.#bytes, start, this.at) ?? this.#bytes.toString("utf8", start, this.at);
  }

  /** A window on what is read, not a copy. */
  window(): Buffer {
    const start = this.#take(this.unsigned());
    return this.#bytes.subarray(start ?? this.at, this.at);
  }

  /** Goes into something with a length: reading ends there. Gives what `leave` wants to have back. */
  enter(): number {
    const outer = this.end;
    const length = this.unsigned();
    if (this.at + length > outer) this.fail("it ends in the middle of a field");
    else this.end = this.at + length;
    return outer;
  }

  leave(outer: number): void {
    if (this.problem === undefined) this.end = outer;
  }

  /** Passes over a field that we do not know, as protobuf wants it: a newer peer may say more. */
  skip(wireType: number): void {
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.#take(this.unsigned());
    else if (wireType === 5) this.#take(4);
    else this.fail(`it has a field of the unknown wire type ${wireType}`);
  }

  #take(length: number): number | undefined {
    const start = this.at;
    if (start + length > this.end) {
      this.fail("it ends in the middle of a field");
      return undefined;
    }
    this.at = start + length;
    return start;
  }
}
