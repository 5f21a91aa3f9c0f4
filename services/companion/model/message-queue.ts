import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { IoTimes } from "./timestamps.ts";

/** A message that waits to be received. */
export interface Message {
  readonly data: Uint8Array;
  /** Who sent it, as a sockaddr; empty: nobody in particular. */
  readonly addr: Uint8Array;
  /** When it came, where it was stamped. */
  readonly times?: IoTimes | undefined;
  /** The trace and the span in which it was delivered. */
  readonly by?: { readonly trace: number; readonly span: number };
  /** To be called once, when it has been received or thrown away: what it came in is free. */
  readonly done?: ((context: Context) => void) | undefined;
}

/** What became of a message. */
type Pushed<R> = { readonly t: "served"; readonly reader: R } | { readonly t: "queued" } | { readonly t: "no_room" };

/** What a message costs beside its bytes, so that empty ones are bounded too. */
const OVERHEAD = 256;

/**
 * The messages that wait in one socket, and the readers that wait for one. `R` is a reader.
 *
 * A message is handed to a waiting reader by its arrival, so either messages wait or readers do, never both. Readers of a higher
 * priority are served first, and of equals the one that came first. There is room while less than the limit is charged: the
 * last message may overshoot (facts/dovetail 6.3).
 */
export class MessageQueue<R> {
  #limit: number;
  #messages: Message[] = [];
  readonly #readers = new PriorityQueue<R>();
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

  /** What may be charged; a new limit throws nothing away. */
  get limit(): number {
    return this.#limit;
  }

  set limit(bytes: number) {
    this.#limit = bytes;
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
    const reader = this.#readers.first;
    if (reader !== undefined) {
      this.#readers.leave(reader);
      return { t: "served", reader };
    }
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

  /** Lets a reader wait for a message, behind those of its priority and above. */
  wait(reader: R, priority: number): void {
    assert(!this.hasInput, "a reader waits only while there is nothing to receive");
    this.#readers.add(reader, priority);
  }

  /** A reader waits no longer; one that does not wait is left alone. */
  leave(reader: R): void {
    this.#readers.leave(reader);
  }

  /** The readers that wait, in the order in which they are served. */
  readers(): readonly R[] {
    return this.#readers.waiting();
  }

  /** Takes all messages away. Whoever asks says of each that it is done with. */
  purge(): readonly Message[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#charged = 0;
    return messages;
  }
}
