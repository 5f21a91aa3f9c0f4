import type { ServeRequest } from "../backend.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** What `tenon serve` was given. */
export interface ServeOptions extends Pick<ServeRequest, "tls" | "shm"> {
  readonly listen: readonly string[];
}

/** `tenon serve`: a place that waits to be told which house or switch of a world it is, until it is stopped. */
export async function serve({ backend, io, print, complain }: Tools, options: ServeOptions): Promise<ExitCode> {
  const { listen, tls, shm } = options;
  const served = await backend.serve({
    listen,
    stop: io.stop,
    onListening: (addresses) => print(`waits at ${addresses.join(", ")}`),
    ...(tls === undefined ? {} : { tls }),
    ...(shm === undefined ? {} : { shm }),
  });
  return served.ok ? EXIT.pass : complain(served.trouble);
}
