/** How much may wait at a listening socket. */
export interface Backlog {
  /** Completed connections that nobody has accepted. */
  readonly queueMax: number;
  /** Handshakes that are not complete. */
  readonly synQueueMax: number;
}

/** The two queues of a listening socket (`request_sock_queue`, and illumos' q0 and q). */
export class Listener<S> {
  queueMax: number;
  synQueueMax: number;
  /** SYNs and last ACKs that came when the accept queue was full. */
  overflows = 0;
  /** Handshakes that were given up for newer ones. */
  evictions = 0;
  /** In the order of their SYNs. */
  readonly #halfOpen = new Set<S>();
  /** In the order in which their handshakes were completed. */
  readonly #completed = new Set<S>();

  constructor({ queueMax, synQueueMax }: Backlog) {
    this.queueMax = queueMax;
    this.synQueueMax = synQueueMax;
  }

  /** Completed connections that wait. */
  get waiting(): number {
    return this.#completed.size;
  }

  get halfOpen(): number {
    return this.#halfOpen.size;
  }

  /**
   * Whether nothing more may complete. A SYN is dropped then, and the ACK that would complete a handshake is ignored: the
   * peer sends again what it has to send, and gets through when a connection is accepted.
   */
  get full(): boolean {
    return this.#completed.size >= this.queueMax;
  }

  /**
   * A SYN came. Answers the handshake that has to be given up for it: the oldest, since an honest peer needs one round
   * trip only. So a flood of SYNs fills this queue with its own and never the other one, and costs a bounded amount.
   */
  begin(socket: S): S | undefined {
    this.#halfOpen.add(socket);
    if (this.#halfOpen.size <= this.synQueueMax) return undefined;
    this.evictions++;
    for (const oldest of this.#halfOpen) {
      this.#halfOpen.delete(oldest);
      return oldest;
    }
    return undefined;
  }

  /** A handshake was completed. */
  complete(socket: S): void {
    this.#halfOpen.delete(socket);
    this.#completed.add(socket);
  }

  /** A connection ended. True: its handshake was not complete, and nobody ever heard of it. */
  drop(socket: S): boolean {
    return this.#halfOpen.delete(socket);
  }

  /** Takes the connection that was completed first. */
  accept(): S | undefined {
    for (const first of this.#completed) {
      this.#completed.delete(first);
      return first;
    }
    return undefined;
  }

  /** The connection that accept would take. */
  first(): S | undefined {
    for (const first of this.#completed) return first;
    return undefined;
  }

  /** Takes all of both queues: the socket listens no more. */
  clear(): readonly S[] {
    const all = [...this.#halfOpen, ...this.#completed];
    this.#halfOpen.clear();
    this.#completed.clear();
    return all;
  }
}
