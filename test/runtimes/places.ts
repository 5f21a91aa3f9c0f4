import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Topology } from "../../services/abi/topology.ts";
import { createFleet, type Fleet } from "../../services/runtimes/fleet/fleet.ts";
import type { PlaceAt } from "../../services/runtimes/fleet/places-file.ts";
import { servePlace, type ServedPlace } from "../../services/runtimes/fleet/serve-place.ts";
import { nameOf, placesOf } from "../../services/runtimes/links.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import type { TlsIdentity } from "../../services/transports/tls/identity.ts";

export const PROTOS = loadProtos();

/** Places that wait in this process, each with a unix socket and, where there is an identity, a TLS port of the loopback. */
export interface Places {
  readonly fleet: Fleet;
  readonly addresses: ReadonlyMap<string, PlaceAt>;
  /** Ends one place, as its machine would. */
  end(name: string): Promise<void>;
  /** Starts it again at the same addresses. */
  again(name: string): Promise<void>;
  close(): Promise<void>;
}

/** @param controller who attends to them; absent: whoever they are. */
export async function servePlaces(
  topology: Topology,
  tls?: TlsIdentity,
  controller: TlsIdentity | undefined = tls,
): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-places-"));
  const served = new Map<string, ServedPlace>();
  const listenAt = new Map<string, readonly string[]>();

  async function serve(name: string): Promise<void> {
    const place = await servePlace({
      addresses: listenAt.get(name) ?? [],
      tls,
      shm: join(folder, `shm-${name.split("/")[0] ?? ""}`),
      log: pino({ level: "silent" }),
      onBroken(error) {
        throw error;
      },
    });
    if (!place.ok) throw new Error(place.reason);
    served.set(name, place.value);
    listenAt.set(name, place.value.addresses);
  }

  const names = placesOf({ topology }).map(nameOf);
  names.forEach((name, i) => {
    const near = `unix:${join(folder, `${i}.sock`)}`;
    listenAt.set(name, tls === undefined ? [near] : [near, "tls:127.0.0.1:0"]);
  });
  await Promise.all(names.map(serve));
  const addresses = new Map(
    names.map((name): [string, PlaceAt] => {
      const [near = "", far = near] = listenAt.get(name) ?? [];
      return [name, { near, far }];
    }),
  );
  const fleet = createFleet(addresses, "places.yaml", controller, PROTOS);
  return {
    fleet,
    addresses,
    end: async (name) => served.get(name)?.close(),
    again: serve,
    async close() {
      fleet.close();
      await Promise.all([...served.values()].map((place) => place.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
