import { assert } from "../../abi/assert.ts";
import type { Kit } from "../../abi/kit.ts";
import { SINGLE } from "../../abi/topology.ts";
import type { EventRing } from "../../boundary/events/ring.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { controlRoad } from "../control.ts";
import { createEventPump } from "../pump.ts";
import { startTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createWorldOver } from "../world-over.ts";
import { startSink, type Callee } from "./children.ts";
import type { Way } from "./rig.ts";

/** Whose events are exported: those of the calling side here, and of a core in another process. */
export interface ExportParts {
  readonly kit: Kit;
  readonly ring: EventRing;
  readonly signals: { whenFirst(): void };
  readonly callee: Callee;
  readonly protos: Protos;
}

/** An export that is begun and ended with each round. */
export interface Export extends Required<Pick<Way, "begin" | "settle" | "lost">> {
  close(): Promise<void>;
}

/** What telemetry logs when it stops. */
interface Said {
  readonly spans?: Readonly<Record<string, number>>;
}

/**
 * Exports events as `tenon up --otlp` does: this process, which also makes the calls, takes them, makes spans of them and sends
 * them to a collector in a third process.
 */
export async function startExport({ kit, ring, signals, callee, protos }: ExportParts): Promise<Export> {
  const sink = await startSink();
  const link = connectHouse({ address: callee.addresses[0] ?? "", clock: kit.clock, protos });
  const controls = [{ node: kit.node, house: "companion" as const, transport: controlRoad(link.transport, kit.clock) }];
  const pump = createEventPump(controls, ring, kit.clock);
  signals.whenFirst = pump.arrived;
  const world = createWorldOver({
    runtime: "distributed",
    topology: SINGLE,
    kits: [kit],
    lab: kit,
    reach: () => undefined,
    controls,
    drive: (program) => program(),
    onEvents: pump.onEvents,
    settle: pump.settle,
    dropped: pump.dropped,
    stop: () => Promise.resolve(),
  });
  let telemetry: Telemetry | undefined;
  let lostSpans = 0;
  const log = {
    info: (said: Said) => {
      for (const [fate, count] of Object.entries(said.spans ?? {})) if (fate !== "exported") lostSpans += count;
    },
    warn: () => undefined,
  };
  return {
    async begin() {
      const started = await startTelemetry({ world, otlp: sink.addresses[0], version: "", log });
      assert(started.ok, "the collector of the benchmark has an address");
      telemetry = started.value;
    },
    settle: () => telemetry?.stop() ?? Promise.resolve(),
    lost: async () => ({ events: await pump.dropped(), spans: lostSpans }),
    async close() {
      pump.stop();
      link.close();
      await sink.close();
    },
  };
}
