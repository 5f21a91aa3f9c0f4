import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { PriorityQueue } from "./priority-queue.ts";

/** EVL's limits: buffers of a pool, and pages of a buffer; and what it takes by itself (facts/dovetail 6.1). */
const BUFFERS_MAX = 32_768;
const BUFFERS_DEFAULT = 2048;
const PAGE = 4096;
const BUFFER_BYTES_MAX = 4 * PAGE;

/** How large a pool is. */
export interface PoolSizes {
  readonly buffers: number;
  readonly bufferBytes: number;
}

/** What a pool is asked to be; 0: the default. */
interface WantedSizes {
  readonly pool: number;
  readonly buffer_bytes: number;
  readonly mtu: number;
  readonly loopback: boolean;
}

/**
 * The sizes of a real device's pool. A buffer is a whole number of pages; by default one, or as many as the MTU needs, except on
 * the loopback device, whose MTU is for those who have no pages. EINVAL: too many buffers, or too large ones.
 */
export function poolSizes({ pool, buffer_bytes, mtu, loopback }: WantedSizes): Result<PoolSizes, "EINVAL"> {
  const wanted = buffer_bytes !== 0 ? buffer_bytes : loopback ? PAGE : Math.max(PAGE, mtu);
  const bufferBytes = Math.ceil(wanted / PAGE) * PAGE;
  const buffers = pool === 0 ? BUFFERS_DEFAULT : pool;
  return buffers > BUFFERS_MAX || bufferBytes > BUFFER_BYTES_MAX ? fail("EINVAL") : ok({ buffers, bufferBytes });
}

/**
 * The buffers that a real device transmits from, and the threads that wait for one (facts/dovetail 6.7). `W` is a thread.
 *
 * A buffer that is given back goes to the first who waits, in the same step: so while somebody waits none is free, and nobody
 * who comes later gets ahead of a thread of the same priority or a higher one.
 */
export class BufferPool<W> {
  readonly sizes: PoolSizes;
  readonly #waiters = new PriorityQueue<W>();
  #taken = 0;

  constructor(sizes: PoolSizes) {
    this.sizes = sizes;
  }

  get free(): number {
    return this.sizes.buffers - this.#taken;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Takes a buffer. False: none is free. */
  take(): boolean {
    if (this.free === 0) return false;
    this.#taken += 1;
    return true;
  }

  /** A buffer is given back. Answers the thread that it belongs to from now on, who must be woken. */
  release(): W | undefined {
    assert(this.#taken > 0, "only a buffer that was taken is given back");
    const next = this.#waiters.first;
    if (next === undefined) this.#taken -= 1;
    else this.#waiters.leave(next);
    return next;
  }

  wait(thread: W, priority: number): void {
    assert(this.free === 0, "nobody waits while a buffer is free");
    this.#waiters.add(thread, priority);
  }

  leave(thread: W): void {
    this.#waiters.leave(thread);
  }

  waiting(): readonly W[] {
    return this.#waiters.waiting();
  }
}
