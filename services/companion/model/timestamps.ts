import { EVL_SOF } from "../../abi/flags.ts";
import { PriorityQueue } from "./priority-queue.ts";

/**
 * When a message passed the stations of its way, nanoseconds of the world's clock (`struct evl_net_iotimes`): between device
 * and core, between the core's thread and its queue, between core and task. 0: not asked for.
 */
export interface IoTimes {
  readonly deviceNs: number;
  readonly queuingNs: number;
  readonly deliveryNs: number;
}

/** Bytes of one record as a task gets it: three numbers of 64 bits. */
export const IOTIMES_BYTES = 24;

/** Records that wait for a task at most: those after them are lost, and the next receive is told (`MSG_TRUNC`). */
export const TX_RECORDS_MAX = 64;

/** All that may be stamped. */
export const SOF_ALL = Object.values(EVL_SOF).reduce((bits, bit) => bits | bit, 0);

/** The times that such flags ask for. */
export const askedTimes = (flags: number, times: IoTimes): IoTimes => ({
  deviceNs: (flags & EVL_SOF.EVL_SOF_TIMESTAMP_DEVICE) === 0 ? 0 : times.deviceNs,
  queuingNs: (flags & EVL_SOF.EVL_SOF_TIMESTAMP_QUEUING) === 0 ? 0 : times.queuingNs,
  deliveryNs: times.deliveryNs,
});

/** Records as the array that a task receives. */
export function encodeTimes(records: readonly IoTimes[]): Uint8Array {
  const bytes = new Uint8Array(records.length * IOTIMES_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [at, { deviceNs, queuingNs, deliveryNs }] of records.entries()) {
    view.setBigUint64(at * IOTIMES_BYTES, BigInt(deviceNs), true);
    view.setBigUint64(at * IOTIMES_BYTES + 8, BigInt(queuingNs), true);
    view.setBigUint64(at * IOTIMES_BYTES + 16, BigInt(deliveryNs), true);
  }
  return bytes;
}

/**
 * What a socket wants to know of times, and the times of what it has sent, which wait to be received. `R` is somebody who waits
 * for some. To set the flags, even to what they were, throws away what waits (facts/dovetail 6.6).
 */
export class Timestamps<R> {
  #flags = 0;
  #records: IoTimes[] = [];
  #overflown = false;
  readonly #readers = new PriorityQueue<R>();

  /** Bits of EVL_SOF; 0: off. */
  get flags(): number {
    return this.#flags;
  }

  /** Whether what it receives is stamped. */
  get ofInput(): boolean {
    return (this.#flags & EVL_SOF.EVL_SOF_TIMESTAMP_RX) !== 0;
  }

  /** Whether what it sends is. */
  get ofOutput(): boolean {
    return (this.#flags & EVL_SOF.EVL_SOF_TIMESTAMP_TX) !== 0;
  }

  get hasRecords(): boolean {
    return this.#records.length > 0;
  }

  set(flags: number): void {
    this.#flags = flags;
    this.#records = [];
    this.#overflown = false;
  }

  /** Keeps the times of something sent. False: there is no room for more, and that will be told. */
  add(times: IoTimes): boolean {
    if (this.#records.length >= TX_RECORDS_MAX) {
      this.#overflown = true;
      return false;
    }
    this.#records.push(askedTimes(this.#flags, times));
    return true;
  }

  /** Takes the oldest records, and whether some were lost since that was last told. */
  take(count: number): { readonly records: readonly IoTimes[]; readonly overflown: boolean } {
    const taken = { records: this.#records.splice(0, count), overflown: this.#overflown };
    this.#overflown = false;
    return taken;
  }

  wait(reader: R, priority: number): void {
    this.#readers.add(reader, priority);
  }

  leave(reader: R): void {
    this.#readers.leave(reader);
  }

  /** Those who wait, in the order in which they are served. */
  readers(): readonly R[] {
    return this.#readers.waiting();
  }
}
