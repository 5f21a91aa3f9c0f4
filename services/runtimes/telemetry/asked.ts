import type { World } from "../../lab/world.ts";
import { worked, type Attempt } from "../../transports/answers.ts";
import { packageVersion } from "../backend/files.ts";
import { createServiceLog } from "../service-log.ts";
import type { Telemetry } from "./index.ts";

/** What a user can ask for. */
export interface TelemetryRequest {
  readonly otlp?: string;
  readonly metrics?: string;
  readonly sample?: number;
}

const NOTHING: Telemetry = { stop: () => Promise.resolve() };

/** The telemetry that is asked for; nothing of it is loaded where nobody asks. */
export async function telemetryFor(
  world: World,
  { otlp: written, metrics, sample }: TelemetryRequest,
): Promise<Attempt<Telemetry>> {
  // A setting that is empty, as compose files have them, says as much as none.
  const otlp = written === "" ? undefined : written;
  if (otlp === undefined && metrics === undefined) return worked(NOTHING);
  const { startTelemetry } = await import("./index.ts");
  const started = await startTelemetry({
    world,
    otlp,
    metrics,
    sample,
    version: packageVersion(),
    log: createServiceLog("telemetry", "info"),
  });
  return started.ok ? started : { ok: false, reason: `telemetry: ${started.reason}` };
}
