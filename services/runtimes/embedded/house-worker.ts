import { isMainThread, workerData, type MessagePort } from "node:worker_threads";
import { assert } from "../../abi/assert.ts";
import type { House } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { connectPort } from "../../transports/worker.ts";
import { createHouse, type BuiltHouse } from "../house.ts";
import { createServiceLog } from "../service-log.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";

/** What the main thread gives a house's thread. */
export interface HouseWorkerData {
  readonly house: BuiltHouse;
  readonly facts: WorldFacts;
  readonly mutant: string | undefined;
  /** The port to the tasks and the lab. */
  readonly lab: MessagePort;
  /** Ports to houses that this one calls or that call it. */
  readonly peers: readonly { readonly house: House; readonly port: MessagePort }[];
  /** The address of a core that is not ours. */
  readonly core: string | undefined;
}

assert(!isMainThread, "a house's thread is not the main thread");
const data = workerData as HouseWorkerData;
const { kit, ring, signals } = createThreadKit(data.house, data.facts, 1);
const log = createServiceLog(data.house);
const eventsArrived = { wake: (): void => undefined };
signals.whenFirst = () => eventsArrived.wake();

const peers = new Map<House, Transport>();
const { serve } = createHouse(data.house, {
  kit,
  identity: `${kit.node}/${data.house}#1`,
  ring,
  eventsArrived,
  reach: (house) => peers.get(house),
  mutant: data.mutant,
  onBroken(error) {
    log.fatal({ err: error }, "an invariant is broken; the service stops");
    process.exit(1);
  },
});
connectPort(data.lab, { serve });
for (const { house, port } of data.peers) peers.set(house, connectPort(port, { serve }).transport);
if (data.core !== undefined) {
  peers.set("companion", connectHouse({ address: data.core, clock: kit.clock, exchange: "auto" }).transport);
}
