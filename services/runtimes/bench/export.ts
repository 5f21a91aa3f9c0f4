import type { Kit } from "../../abi/kit.ts";
import type { EventRing } from "../../boundary/events/ring.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { controlRoad } from "../control.ts";
import { createEventPump } from "../pump.ts";
import type { Callee } from "./children.ts";

/** Whose events are exported. */
export interface ExportParts {
  readonly kit: Kit;
  readonly ring: EventRing;
  readonly signals: { whenFirst(): void };
  readonly callee: Callee;
  readonly protos: Protos;
}

/** An export that goes on. */
export interface Export {
  /** Resolves when all events so far are exported. */
  settle(): Promise<void>;
  dropped(): Promise<number>;
  close(): Promise<void>;
}

export async function startExport({ kit, ring, signals, callee, protos }: ExportParts): Promise<Export> {
  const link = connectHouse({ address: callee.addresses[0] ?? "", clock: kit.clock, protos });
  const controls = [{ node: kit.node, house: "companion" as const, transport: controlRoad(link.transport, kit.clock) }];
  const pump = createEventPump(controls, ring, kit.clock);
  signals.whenFirst = pump.arrived;
  pump.onEvents(() => undefined);
  return {
    settle: () => pump.settle(),
    dropped: () => pump.dropped(),
    async close() {
      pump.stop();
      link.close();
    },
  };
}
