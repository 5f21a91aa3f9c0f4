import type { Transport } from "../../boundary/invocation.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { serveHouse } from "../../transports/grpc/server.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { loadHouse } from "../houses/load.ts";
import { createThreadKit, nodeSpecOf, type WorldFacts } from "../thread-kit.ts";

/** What the process of a callee is told. Plain data. */
export interface CalleeData {
  readonly facts: WorldFacts;
  /** Where it is reached: one address for each road. */
  readonly addresses: readonly string[];
  readonly tls: TlsIdentity;
  readonly protos: Protos;
}

/** What it says: where it listens, or why it does not. */
export type CalleeWord = { readonly addresses: readonly string[] } | { readonly failed: string };

const NODE = "alpha";

/** A core in a process of its own, as the distributed runtime has it, yet reached by several roads at once. */
async function main({ facts, addresses, tls, protos }: CalleeData): Promise<void> {
  const say = (word: CalleeWord): void => void process.send?.(word);
  const { kit, ring, signals } = createThreadKit(facts, NODE, "companion", 1);
  const eventsArrived = { wake: (): void => undefined };
  signals.whenFirst = () => eventsArrived.wake();
  const nobody: Transport = () => Promise.resolve({ kind: "unserved", lamport: 0 });
  const build = await loadHouse("companion");
  const { serve, points } = build({
    kit,
    node: nodeSpecOf(facts.topology, NODE),
    ports: { host: new Map(), oob: new Map(), wires: new Map(), relay: undefined },
    identity: `${NODE}/companion#1`,
    epochMs: facts.epochMs,
    ring,
    eventsArrived,
    reach: () => nobody,
    mutant: undefined,
    onBroken: () => process.exit(1),
  });
  const server = await serveHouse({ addresses, tls, points, serve, clock: kit.clock, protos });
  say(server.ok ? { addresses: server.value.addresses } : { failed: server.reason });
}

process.once("disconnect", () => process.exit(0));
// Ctrl-C goes to the whole group; the benchmark ends it.
process.on("SIGINT", () => undefined);
process.once("message", (data) => void main(data as CalleeData));
