import type { Clock } from "../../abi/kit.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { measure, type Measured } from "./measure.ts";
import { openUdpEnd, type UdpCalls, type UdpEnd, type UdpPath } from "./udp-ends.ts";

/** Two nodes on one switch, `alpha` and `beta`, each with an out-of-band capable eth0 at 10.0.0.1 and 10.0.0.2. */
export interface UdpWorld {
  readonly clock: Pick<Clock, "nowNs" | "sleepNs">;
  readonly nodes: ReadonlyMap<string, { readonly calls: UdpCalls }>;
  drive<T>(program: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Bytes of a datagram that is measured. */
export const PAYLOAD_BYTES = 64;
/** What tells a server to end: no datagram that is measured is so short. */
const END = new Uint8Array(1);
/** Who was only heard of is asked whether he is there after five seconds, and the core sends to nobody before (facts 6.8). */
const WARM_TRIES = 40;
const WARM_TRY_NS = 250e6;
const PORTS: Readonly<Record<UdpPath, number>> = { "in-band": 7000, "out-of-band": 8000 };
/** The nodes of such a world, and their addresses. */
export const ADDRESSES = { alpha: 0x0a00_0001 as Ipv4Address, beta: 0x0a00_0002 as Ipv4Address } as const;

/** A client on alpha and its server on beta. */
export interface Pair {
  readonly client: UdpEnd;
  readonly server: UdpEnd;
  /** Filled with the number of the round trip, so that a late answer is told from that to the present one. */
  readonly payload: Uint8Array;
  /** No more will come: a server whose END got lost ends with its patience. */
  ending: boolean;
}

/** The calls that tasks of a node make. */
export function callsOf({ nodes }: UdpWorld, name: string): UdpCalls {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`the benchmark's world has no node ${name}`);
  return node.calls;
}

/** Opens so many pairs of tasks, each with one datagram on its way. */
export async function openPairs(world: UdpWorld, path: UdpPath, count: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let slot = 0; slot < count; slot++) {
    const port = PORTS[path] + slot;
    const open = (node: keyof typeof ADDRESSES): Promise<UdpEnd> =>
      openUdpEnd(callsOf(world, node), world.clock, path, { address: ADDRESSES[node], port });
    const payload = new Uint8Array(PAYLOAD_BYTES);
    pairs.push({ client: await open("alpha"), server: await open("beta"), payload, ending: false });
  }
  return pairs;
}

/** Sends everything back until it is told to end. */
async function serve(pair: Pair): Promise<void> {
  for (;;) {
    const came = await pair.server.receive();
    if (came === undefined ? pair.ending : came.data.length === END.length) return;
    if (came !== undefined) await pair.server.send(came.data, came.addr);
  }
}

/** Answers whether the datagram came back. */
async function roundTrip(pair: Pair | undefined): Promise<boolean> {
  if (pair === undefined) throw new Error("more datagrams are in flight than there are pairs");
  const { client, server, payload } = pair;
  const view = new DataView(payload.buffer);
  const number = (view.getUint32(0) + 1) >>> 0;
  view.setUint32(0, number);
  await client.send(payload, server.addr);
  for (;;) {
    const came = await client.receive();
    if (came === undefined) return false;
    const { data } = came;
    if (data.length !== PAYLOAD_BYTES) throw new Error(`an answer of ${data.length} bytes came back`);
    if (new DataView(data.buffer, data.byteOffset).getUint32(0) === number) return true;
  }
}

/** How many datagrams of these pairs went by the in-band stack. */
export const missedBy = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, { client, server }) => sum + client.missed() + server.missed(), 0);

/** One datagram each way, until none of the two is handed to the in-band stack any more. In real time this takes some seconds. */
export async function warmCaches({ clock }: UdpWorld, pairs: readonly Pair[]): Promise<void> {
  const [pair] = pairs;
  for (let attempt = 0; pair !== undefined && attempt < WARM_TRIES; attempt++) {
    const before = missedBy([pair]);
    await pair.client.send(pair.payload, pair.server.addr);
    const came = await pair.server.receive();
    if (came !== undefined) await pair.server.send(came.data, came.addr);
    await pair.client.receive();
    if (missedBy([pair]) === before) return;
    await clock.sleepNs(WARM_TRY_NS);
  }
}

/** Round trips of so many pairs at once, for a while. */
export function measurePairs(
  world: UdpWorld,
  pairs: readonly Pair[],
  into: Measured,
  seconds: number,
  stop: AbortSignal,
): Promise<unknown> {
  const client = async (): Promise<void> => {
    for (const pair of pairs) pair.ending = false;
    await measure(into, (slot) => roundTrip(pairs[slot]), pairs.length, seconds, stop);
    for (const pair of pairs) pair.ending = true;
    await Promise.all(pairs.map((pair) => pair.client.send(END, pair.server.addr)));
  };
  return world.drive(() => Promise.all([client(), ...pairs.map(serve)]));
}
