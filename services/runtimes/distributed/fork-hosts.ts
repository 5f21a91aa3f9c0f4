import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Protos } from "../../transports/grpc/load.ts";
import { createForkHost } from "./fork-host.ts";
import type { Hosts } from "./hosts.ts";

/** Hosts that start a process of this machine for each place of one world. @param tls the folder with the certificate that they show to cores on other machines. */
export async function createForkHosts(over: "unix" | "tcp", protos: Protos, tls?: string): Promise<Hosts> {
  // Made with mode 0700: whoever may not enter the folder cannot reach the sockets.
  const folder = await mkdtemp(join(tmpdir(), "tenon-"));
  let count = 0;
  return {
    hostOf() {
      // A number for a file name: names of nodes may be longer than what a socket's path holds.
      const listenAt = over === "unix" ? `unix:${join(folder, `${count++}.sock`)}` : "127.0.0.1:0";
      return createForkHost({ listenAt, protos, tls });
    },
    addressesFor: (_viewer, places) => Object.fromEntries(places.map(({ name, address }) => [name, address])),
    patienceMs: 0,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
