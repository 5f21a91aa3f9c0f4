import type { TlsIdentity } from "../../transports/tls/identity.ts";
import type { PlaceHost } from "../fleet/place-host.ts";
import type { Addresses } from "../fleet/place-life.ts";
import type { Supervised } from "../fleet/supervise.ts";
import type { Place } from "../links.ts";

/** Where all places of a world come to life. */
export interface Hosts {
  hostOf(place: Place): PlaceHost;
  /** Where the places of a world are, as one of them reaches them. */
  addressesFor(viewer: string, places: readonly Supervised[]): Addresses;
  /** Who the lab is to places on other machines. */
  readonly tls?: TlsIdentity | undefined;
  /** How long a place may take to be there when a world boots; 0: it is there, or the boot fails. */
  readonly patienceMs: number;
  /** The world is gone. */
  close(): Promise<void>;
}
