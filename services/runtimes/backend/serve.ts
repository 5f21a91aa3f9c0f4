import type { Outcome, ServeRequest } from "../../cli/backend.ts";
import { loadIdentity } from "../../transports/tls/identity.ts";
import { servePlace } from "../fleet/serve-place.ts";
import { aboutCall, createServiceLog } from "../service-log.ts";
import { invalid } from "./invalid.ts";

/** Serves a place until it is stopped. */
export async function serve(request: ServeRequest): Promise<Outcome<undefined>> {
  const { listen, tls, shm, stop } = request;
  const identity = tls === undefined ? undefined : loadIdentity(tls);
  if (identity?.ok === false) return invalid(identity.reason);
  const log = createServiceLog("place", "info");
  const served = await servePlace({
    addresses: listen,
    tls: identity?.value,
    shm,
    log,
    onBroken(error, during) {
      log.fatal({ err: error, ...aboutCall(during) }, "an invariant is broken; the service stops");
      process.exit(1);
    },
  });
  if (!served.ok) return invalid(served.reason);
  request.onListening(served.value.addresses);
  if (!stop.aborted)
    await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
  await served.value.close();
  return { ok: true, value: undefined };
}
