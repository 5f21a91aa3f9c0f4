import type { Topology } from "../../abi/topology.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import type { Hosts } from "../distributed/hosts.ts";
import { nameOf, placesOf, type Cores } from "../links.ts";
import type { PlacesFile } from "./places-file.ts";
import { createRemoteHost, type RemoteHost } from "./remote-host.ts";

/** Places that somebody else has started, on which worlds come and go. */
export interface Fleet {
  /** Why a world cannot be made of it, in one line; undefined when it can. */
  problem(plan: { readonly topology: Topology; readonly cores?: Cores | undefined }): string | undefined;
  /** Its places as hosts of one world; the connections to them stay when that is gone. @param patienceMs how long to wait for them. */
  hosts(patienceMs: number): Hosts;
  /** Where a place is, for people. */
  whereIs(place: string): string;
  close(): void;
}

/** A node's name, or the switch's. */
const ownerOf = (place: string): string => place.split("/")[0] ?? "";
const isOfNode = (place: string): boolean => !place.endsWith("/switch");

/** @param file what the places file says, which is read from `name`. */
export function createFleet(file: PlacesFile, name: string, tls: TlsIdentity | undefined, protos: Protos): Fleet {
  const hosts = new Map<string, RemoteHost>();
  const hostAt = (place: string): RemoteHost => {
    const known = hosts.get(place);
    if (known !== undefined) return known;
    const made = createRemoteHost({ address: file.get(place)?.far ?? "", tls, protos });
    hosts.set(place, made);
    return made;
  };
  /** Within a node places reach each other by their near addresses. */
  function seenBy(viewer: string, place: string): string {
    const at = file.get(place);
    const isNear = isOfNode(viewer) && isOfNode(place) && ownerOf(viewer) === ownerOf(place);
    return (isNear ? at?.near : undefined) ?? at?.far ?? "";
  }
  return {
    problem(plan) {
      const missing = placesOf(plan)
        .map(nameOf)
        .filter((place) => !file.has(place));
      return missing.length === 0
        ? undefined
        : `${name} does not say where ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"}, which the world has`;
    },
    hosts: (patienceMs) => ({
      hostOf: (place) => hostAt(nameOf(place)),
      addressesFor: (viewer, places) =>
        Object.fromEntries(places.map((place) => [place.name, seenBy(viewer, place.name)])),
      tls,
      patienceMs,
      close: () => Promise.resolve(),
    }),
    whereIs: (place) => file.get(place)?.far ?? "",
    close() {
      for (const host of hosts.values()) host.close();
    },
  };
}
