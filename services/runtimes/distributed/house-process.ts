import type { House } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { serveHouse } from "../../transports/grpc/server.ts";
import { createHouse } from "../house.ts";
import { createServiceLog } from "../service-log.ts";
import { createThreadKit } from "../thread-kit.ts";
import type { HouseProcessData, HouseProcessReady } from "./supervisor.ts";

/** How long calls in progress may take to end after SIGTERM. */
const GRACE_NS = 1e9;

/** The main of a house's process: it learns from its supervisor who it is, serves, and says where. */
async function main(data: HouseProcessData): Promise<void> {
  const { house, facts, incarnation, mutant } = data;
  const log = createServiceLog(house);
  const { kit, ring, signals } = createThreadKit(house, facts, incarnation);
  const { clock } = kit;
  const eventsArrived = { wake: (): void => undefined };
  signals.whenFirst = () => eventsArrived.wake();
  const protos = loadProtos();
  const peers = new Map<House, Transport>(
    data.peers.map((peer) => {
      const { transport } = connectHouse({
        address: peer.address,
        clock,
        exchange: "auto",
        protos,
      });
      return [peer.house, transport];
    }),
  );

  const { serve, points } = createHouse(house, {
    kit,
    identity: `${kit.node}/${house}#${incarnation}`,
    ring,
    eventsArrived,
    reach: (to) => peers.get(to),
    mutant,
    onBroken(error) {
      log.fatal({ err: error }, "an invariant is broken; the service stops");
      process.exit(1);
    },
  });
  const server = await serveHouse({ address: data.listen, points, serve, clock, protos });
  if (!server.ok) {
    log.fatal(server.reason);
    process.exit(1);
  }
  process.once("SIGTERM", () => void server.value.close(GRACE_NS).then(() => process.exit(0)));
  const ready: HouseProcessReady = { address: server.value.address };
  process.send?.(ready);
}

// Ctrl-C reaches every process of the terminal; the supervisor decides who stops when.
process.on("SIGINT", () => undefined);
// The supervisor is gone, however that came about: nobody would ever stop this process.
process.once("disconnect", () => process.exit(0));
process.once("message", (data) => void main(data as HouseProcessData));
