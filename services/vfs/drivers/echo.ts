import { assert } from "../../abi/assert.ts";
import { ECHO } from "../../abi/flags.ts";
import { LIMITS } from "../../abi/limits.ts";
import { fail, ok } from "../../abi/result.ts";
import { ByteQueue } from "../model/byte-queue.ts";
import type { OpenFile } from "../model/open-file.ts";
import type { Driver } from "./driver.ts";

/** Every operation that a driver can have. */
export type FullDriver = Required<Driver>;

/**
 * `/dev/echo`: what is written to an open file can be read from it, by everybody who shares the file.
 *
 * It never waits: a read of nothing and a write without room are refused with EAGAIN, whatever O_NONBLOCK says. A write
 * that fits in part is a short write.
 */
export function echoDriver(): FullDriver {
  /** By number of file: what Linux would keep in `file->private_data`. */
  const queues = new Map<number, ByteQueue>();
  const queueOf = ({ file }: OpenFile): ByteQueue => {
    const queue = queues.get(file);
    assert(queue !== undefined, `file ${file} has its queue from open to release`);
    return queue;
  };
  return {
    async open(_context, { file }) {
      queues.set(file, new ByteQueue(LIMITS.echoBytesMax));
      return ok(0);
    },
    async release(_context, { file }) {
      queues.delete(file);
    },
    async read(_context, file, count) {
      const data = queueOf(file).read(count);
      return data.length === 0 && count > 0 ? fail("EAGAIN") : ok(data);
    },
    async write(_context, file, data) {
      const count = queueOf(file).write(data);
      return count === 0 && data.length > 0 ? fail("EAGAIN") : ok(count);
    },
    async ioctl(_context, file, cmd) {
      const queue = queueOf(file);
      switch (cmd) {
        case ECHO.ECHO_IOC_COUNT:
          return ok(queue.length);
        case ECHO.ECHO_IOC_FLUSH:
          queue.flush();
          return ok(0);
        default:
          return fail("ENOTTY");
      }
    },
  };
}
