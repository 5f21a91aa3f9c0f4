import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { sleep, wake, type Patience, type Woken } from "./sleep.ts";
import type { KernelSocket } from "./table.ts";

/** The read lock of a socket: one receive at a time, in the order of arrival (facts 2, concurrent receivers). */
export interface Reading {
  end(): void;
}

/** Takes the read lock, or waits for it. `ready` alone does not come: then there is no lock, and why. */
export async function beginReading(
  kernel: Kernel,
  context: Context,
  socket: KernelSocket,
  { dontwait, patience }: { readonly dontwait: boolean; readonly patience: Patience },
): Promise<Reading | Exclude<Woken, "ready">> {
  const { readers } = socket;
  if (dontwait && readers.length > 0) return "expired";
  const reading: Reading = {
    end: () => {
      readers.splice(readers.indexOf(reading), 1);
      wake(socket);
    },
  };
  readers.push(reading);
  if (readers[0] === reading) return reading;
  const woken = await sleep(kernel, context, socket, { ready: () => readers[0] === reading, patience, what: "recv" });
  if (woken === "ready") return reading;
  reading.end();
  return woken;
}
