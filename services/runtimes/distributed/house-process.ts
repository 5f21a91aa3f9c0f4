import type { Server } from "@grpc/grpc-js";
import { serveCarriers } from "../../transports/grpc/frame-streams.ts";
import { listen } from "../../transports/grpc/listen.ts";
import { serveHouse } from "../../transports/grpc/server.ts";
import { obey } from "../fleet/obey.ts";
import type { PlaceWord } from "../fleet/orders.ts";
import { openPlaceLife, pointsTo } from "../fleet/place-life.ts";
import { identityIn } from "../identity-in.ts";
import { nameOf } from "../links.ts";
import { createRealClock } from "../real-clock.ts";
import { aboutCall, createServiceLog } from "../service-log.ts";
import type { HouseProcessData, HouseProcessOrder } from "./fork-host.ts";

/** How long calls in progress may take to end after SIGTERM. */
const GRACE_NS = 1e9;

/**
 * The main of a process for a house or a switch. It learns who it is and listens; learns where all others listen and
 * connects to those it needs; and starts. So nobody needs to know an address before there is one, and nobody is called
 * who is not there yet.
 */
async function main(data: HouseProcessData): Promise<void> {
  const { place, facts, listenAt, protos } = data;
  const log = createServiceLog(nameOf(place));
  const say = (word: PlaceWord): void => void process.send?.(word);
  const life = await openPlaceLife(data, {
    protos,
    log,
    tls: identityIn(data.tls),
    askBlow: (blow, effect, lamport) => say({ t: "blow", blow, effect, lamport }),
    onBroken(error, during) {
      log.fatal({ err: error, ...aboutCall(during) }, "an invariant is broken; the service stops");
      process.exit(1);
    },
  });
  // The server's own: that of the life stops with it.
  const clock = createRealClock(facts.epochMs);
  const frames = (grpc: Server): (() => void) => serveCarriers(grpc, protos, (carrier) => life.accept(carrier));
  const server =
    place.t === "switch"
      ? await listen({ addresses: [listenAt], clock }, frames)
      : await serveHouse({
          addresses: [listenAt],
          points: pointsTo(place.house),
          serve: life.serve,
          clock,
          protos,
          also: frames,
        });
  if (!server.ok) {
    log.fatal(server.reason);
    process.exit(1);
  }
  process.once("SIGTERM", () => {
    void server.value.close(GRACE_NS).then(() => {
      life.close();
      process.exit(0);
    });
  });

  process.on("message", (order: HouseProcessOrder) => void obey(life, order, say));
  say({ t: "serving", address: server.value.address });
}

// Ctrl-C reaches every process of the terminal; the supervisor decides who stops when.
process.on("SIGINT", () => undefined);
// The supervisor is gone, however that came about: nobody would ever stop this process.
process.once("disconnect", () => process.exit(0));
process.once("message", (data) => void main(data as HouseProcessData));
