import { assert } from "../../abi/assert.ts";
import { O_ACCMODE, O } from "../../abi/flags.ts";

/** What fcntl(F_SETFL) may change; the access mode and the rest stay as open(2) set them. */
const CHANGEABLE = O.O_APPEND | O.O_NONBLOCK;

/**
 * An open file (`struct file`): what descriptors refer to. Several descriptors, in several tables, may share it.
 *
 * Its number is never given to another file, so that a late message about a file that is gone cannot mean a new one.
 */
export class OpenFile {
  readonly file: number;
  /** The device, by the path of its node; `socket:[5]` for a socket. */
  readonly dev: string;
  /** The socket behind it, by its number in the in-band stack; 0: it is none. */
  readonly sock: number;
  #oob_data: number;
  /** Whether a core that comes up in the place of another one is asked for a context. */
  #oobCapable: boolean;
  #flags: number;
  #flagsChanged = false;
  #references = 1;

  /** The first reference belongs to whoever opens it, and goes to the descriptor when that is published. */
  constructor(file: number, dev: string, flags: number, oob_data: number, sock = 0) {
    this.file = file;
    this.dev = dev;
    this.#oob_data = oob_data;
    this.#oobCapable = oob_data !== 0;
    this.sock = sock;
    // Close-on-exec belongs to the descriptor: F_GETFL does not show it.
    this.#flags = flags & ~O.O_CLOEXEC;
  }

  /** What the driver's open, or the socket's attachment, left for the out-of-band side; 0 for NULL: there is none. */
  get oob_data(): number {
    return this.#oob_data;
  }

  /** Whether it had an out-of-band context, and no core refused it one since. */
  get oobCapable(): boolean {
    return this.#oobCapable;
  }

  /** The core that gave the context is gone, and the context with it. */
  dropContext(): void {
    this.#oob_data = 0;
  }

  /** The core that took its place gave another one. */
  renewContext(oob_data: number): void {
    assert(this.#oob_data === 0, `file ${this.file} has one context at a time`);
    this.#oob_data = oob_data;
  }

  /** A core refused to give another one: the file is a plain one from now on. */
  becomePlain(): void {
    this.#oobCapable = false;
  }

  /** The flags of open(2), as fcntl(F_GETFL) tells them. */
  get flags(): number {
    return this.#flags;
  }

  /** How many descriptors and calls hold it. */
  get references(): number {
    return this.#references;
  }

  /** FMODE_READ. */
  get readable(): boolean {
    return (this.#flags & O_ACCMODE) !== O.O_WRONLY;
  }

  /** FMODE_WRITE. */
  get writable(): boolean {
    return (this.#flags & O_ACCMODE) !== O.O_RDONLY;
  }

  /** Changes what F_SETFL may change. Answers whether that made a difference. */
  setFlags(flags: number): boolean {
    const next = (this.#flags & ~CHANGEABLE) | (flags & CHANGEABLE);
    const changed = next !== this.#flags;
    this.#flags = next;
    this.#flagsChanged ||= changed;
    return changed;
  }

  /** Whether F_SETFL ever made a difference: then the flags may not be those of the open. */
  get flagsChanged(): boolean {
    return this.#flagsChanged;
  }

  /** Takes one more reference. */
  get(): this {
    assert(this.#references > 0, `file ${this.file} is not taken again after its release`);
    this.#references++;
    return this;
  }

  /** Gives one reference back. True for the last one: the caller releases the file. */
  put(): boolean {
    assert(this.#references > 0, `file ${this.file} has a reference to give back`);
    return --this.#references === 0;
  }
}
