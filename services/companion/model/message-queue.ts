import { assert } from "../../abi/assert.ts";

/** A message that waits to be received. */
export interface Message {
  readonly data: Uint8Array;
  /** Who sent it, as a sockaddr; empty: nobody in particular. */
  readonly addr: Uint8Array;
  /** The trace and the span in which it was delivered. */
  readonly by?: { readonly trace: number; readonly span: number };
}

/** What became of a message. */
type Pushed<R> = { readonly t: "served"; readonly reader: R } | { readonly t: "queued" } | { readonly t: "no_room" };

/** What a message costs beside its bytes, so that empty ones are bounded too. */
const OVERHEAD = 256;

/**
 * The messages that wait in one socket, and the readers that wait for one. `R` is a reader.
 *
 * A message is handed to a waiting reader by its arrival, so either messages wait or readers do, never both, and readers are
 * served in the order in which they came. There is room while less than the limit is charged: the last message may overshoot
 * (facts/dovetail 6.3).
 */
export class MessageQueue<R> {
  readonly #limit: number;
  #messages: Message[] = [];
  #readers: R[] = [];
  #charged = 0;
  #drops = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a message waits. */
  get hasInput(): boolean {
    return this.#messages.length > 0;
  }

  get hasRoom(): boolean {
    return this.#charged < this.#limit;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#messages.reduce((sum, { data }) => sum + data.length, 0);
  }

  /** Messages that found no room. */
  get drops(): number {
    return this.#drops;
  }

  push(message: Message): Pushed<R> {
    const reader = this.#readers.shift();
    if (reader !== undefined) return { t: "served", reader };
    if (!this.hasRoom) {
      this.#drops += 1;
      return { t: "no_room" };
    }
    this.#messages.push(message);
    this.#charged += message.data.length + OVERHEAD;
    return { t: "queued" };
  }

  /** Takes the oldest message. */
  take(): Message | undefined {
    const message = this.#messages.shift();
    if (message !== undefined) this.#charged -= message.data.length + OVERHEAD;
    return message;
  }

  /** Lets a reader wait for a message, behind those who wait already. */
  wait(reader: R): void {
    assert(!this.hasInput, "a reader waits only while there is nothing to receive");
    this.#readers.push(reader);
  }

  /** A reader waits no longer; one that does not wait is left alone. */
  leave(reader: R): void {
    this.#readers = this.#readers.filter((waiting) => waiting !== reader);
  }

  /** Throws the messages away, and answers the readers that waited, who must be told. */
  remove(): readonly R[] {
    const readers = this.#readers;
    this.#readers = [];
    this.#messages = [];
    this.#charged = 0;
    return readers;
  }
}
