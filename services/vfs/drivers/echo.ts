import { assert } from "../../abi/assert.ts";
import { ECHO, POLL } from "../../abi/flags.ts";
import type { Clock } from "../../abi/kit.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok } from "../../abi/result.ts";
import { ByteQueue } from "../model/byte-queue.ts";
import type { OpenFile } from "../model/open-file.ts";
import type { Driver } from "./driver.ts";
import { WaitQueue } from "./wait-queue.ts";

/** Every operation that a driver without an out-of-band half can have. */
export type FullDriver = Required<Omit<Driver, "renew">>;

/** What Linux would keep in `file->private_data`. */
interface Echo {
  readonly queue: ByteQueue;
  readonly pollers: WaitQueue;
}

const NO_BYTES = new Uint8Array(0);

/**
 * `/dev/echo`: what is written to an open file can be read from it, by everybody who shares the file.
 *
 * Only poll waits: a read of nothing and a write without room are refused with EAGAIN, whatever O_NONBLOCK says. A write
 * that fits in part is a short write.
 */
export function echoDriver(clock: Clock): FullDriver {
  /** By number of file. */
  const echoes = new Map<number, Echo>();
  const echoOf = ({ file }: OpenFile): Echo => {
    const echo = echoes.get(file);
    assert(echo !== undefined, `file ${file} has its queue from open to release`);
    return echo;
  };
  return {
    async open(_context, { file }) {
      echoes.set(file, { queue: new ByteQueue(LIMITS.echoBytesMax), pollers: new WaitQueue(clock) });
      return ok(0);
    },
    async release(_context, { file }) {
      echoes.delete(file);
    },
    async read(_context, file, count) {
      const { queue, pollers } = echoOf(file);
      const data = queue.read(count);
      pollers.wakeAll();
      return data.length === 0 && count > 0 ? fail("EAGAIN") : ok(data);
    },
    async write(_context, file, data) {
      const { queue, pollers } = echoOf(file);
      const count = queue.write(data);
      pollers.wakeAll();
      return count === 0 && data.length > 0 ? fail("EAGAIN") : ok(count);
    },
    async ioctl(_context, file, { cmd }) {
      const { queue, pollers } = echoOf(file);
      switch (cmd) {
        case ECHO.ECHO_IOC_COUNT:
          return ok({ value: queue.length, data: NO_BYTES });
        case ECHO.ECHO_IOC_FLUSH:
          queue.flush();
          pollers.wakeAll();
          return ok({ value: 0, data: NO_BYTES });
        default:
          return fail("ENOTTY");
      }
    },
    async poll(_context, file, events, timeoutNs) {
      const { queue, pollers } = echoOf(file);
      const ready = (): number =>
        (queue.length > 0 ? POLL.POLLIN : 0) | (queue.length < LIMITS.echoBytesMax ? POLL.POLLOUT : 0);
      return ok(await pollers.until(() => ready() & events, timeoutNs));
    },
  };
}
