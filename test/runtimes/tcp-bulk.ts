import { createHash } from "node:crypto";
import { outermost } from "../../services/abi/context.ts";
import type { PointName, PointValues } from "../../services/abi/contract.generated.ts";
import { AF, SHUT, SO, SOCK, SOL } from "../../services/abi/flags.ts";
import type { Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { buildSockaddr } from "../../services/abi/sockaddr.ts";
import type { Hooks } from "../../services/boundary/hooks.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import type { World } from "../../services/lab/world.ts";
import { liveMb } from "../live-memory.ts";

/** What a transfer came to. */
export interface Transferred {
  readonly bytes: number;
  readonly seconds: number;
  readonly sentHash: string;
  readonly takenHash: string;
  /** Segments that were sent again, by both ends. */
  readonly retransmitted: number;
  /** Live memory of this thread before and after, in MB. */
  readonly liveMb: readonly [number, number];
  /** Memory of the process, all threads of the world among it: before, and at its greatest, in MB. */
  readonly rssMb: readonly [number, number];
}

type Calls = Hooks<"task">;

const SERVER = buildSockaddr({ family: "AF_INET", address: 0x0a00_0002 as Ipv4Address, port: 5000 });
const CHUNK_BYTES = 256 * 1024;
const LOOKS_EVERY_MS = 250;

function must<P extends PointName>(point: P, reply: Reply<P>): PointValues[P] {
  if (reply.kind === "returned") return reply.value;
  throw new Error(`${point} was ${reply.kind}: ${reply.kind === "refused" ? reply.errno : reply.why}`);
}

async function taskOn(world: World, node: string, name: string) {
  const calls: Calls | undefined = world.nodes.get(node)?.calls;
  if (calls === undefined) throw new Error(`the world has no node ${node}`);
  const { files } = must("sys_spawn", await calls.sys_spawn(outermost(name), { name }));
  const who = outermost(name, files);
  const args = { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol: 0 };
  const { fd } = must("sys_socket", await calls.sys_socket(who, args));
  return { calls, who, fd };
}

/** Pseudo-random bytes, so that no two stretches of the stream are alike (xorshift32, in words of the machine). */
function fillRandom(words: Uint32Array, state: number): number {
  let x = state;
  for (let i = 0; i < words.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[i] = x;
  }
  return x;
}

async function send(world: World, total: number): Promise<string> {
  const { calls, who, fd } = await taskOn(world, "alpha", "sender");
  must("sys_connect", await calls.sys_connect(who, { fd, addr: SERVER }));
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  let state = 1;
  for (let sent = 0; sent < total;) {
    state = fillRandom(new Uint32Array(chunk.buffer), state);
    const data = chunk.subarray(0, Math.min(CHUNK_BYTES, total - sent));
    hash.update(data);
    for (let at = 0; at < data.length;) {
      const args = { fd, data: data.subarray(at), flags: 0, addr: new Uint8Array(0) };
      const { count } = must("sys_sendto", await calls.sys_sendto(who, args));
      at += count;
      sent += count;
    }
  }
  must("sys_shutdown", await calls.sys_shutdown(who, { fd, how: SHUT.SHUT_WR }));
  // Our half is closed; the other side ends its own when it has all.
  must("sys_recvfrom", await calls.sys_recvfrom(who, { fd, count: 1, flags: 0 }));
  must("sys_close", await calls.sys_close(who, { fd }));
  must("sys_exit", await calls.sys_exit(who, { reaper: "" }));
  return hash.digest("hex");
}

async function take(world: World, listening: () => void): Promise<{ readonly hash: string; readonly bytes: number }> {
  const { calls, who, fd } = await taskOn(world, "beta", "taker");
  const reuse = { fd, level: SOL.SOL_SOCKET, optname: SO.SO_REUSEADDR, value: 1 };
  must("sys_setsockopt", await calls.sys_setsockopt(who, reuse));
  must("sys_bind", await calls.sys_bind(who, { fd, addr: SERVER }));
  must("sys_listen", await calls.sys_listen(who, { fd, backlog: 1 }));
  listening();
  const { fd: own } = must("sys_accept4", await calls.sys_accept4(who, { fd, flags: 0 }));
  const hash = createHash("sha256");
  let bytes = 0;
  for (;;) {
    const reply = await calls.sys_recvfrom(who, { fd: own, count: CHUNK_BYTES, flags: 0 });
    const { data } = must("sys_recvfrom", reply);
    if (data.length === 0) break;
    hash.update(data);
    bytes += data.length;
  }
  must("sys_close", await calls.sys_close(who, { fd: own }));
  must("sys_close", await calls.sys_close(who, { fd }));
  must("sys_exit", await calls.sys_exit(who, { reaper: "" }));
  return { hash: hash.digest("hex"), bytes };
}

/** How often segments were sent again on all nodes so far. */
async function retransmitted(world: World): Promise<number> {
  const networks = await world.network();
  return networks
    .flatMap(({ counters }) => counters)
    .filter(({ name }) => name === "retrans_segs" || name === "RetransSegs")
    .reduce((sum, { count }) => sum + count, 0);
}

/** Moves bytes from `alpha` to `beta` of a world through tasks' stream sockets, over a wire that goes wrong as `netem` says. */
export async function transfer(world: World, total: number, netem: string): Promise<Transferred> {
  const alpha = world.nodes.get("alpha")?.calls;
  if (alpha === undefined) throw new Error("the world has no node alpha");
  must("nic_netem", await alpha.nic_netem(outermost("wire"), { dev: "eth0", rules: netem }));
  const liveBefore = liveMb();
  const rssBefore = process.memoryUsage.rss() / 1e6;
  let rssMost = rssBefore;
  const looks = setInterval(() => (rssMost = Math.max(rssMost, process.memoryUsage.rss() / 1e6)), LOOKS_EVERY_MS);
  const startMs = performance.now();
  try {
    let listening = (): void => undefined;
    const ready = new Promise<void>((resolve) => (listening = resolve));
    const taking = take(world, listening);
    const sentHash = await Promise.race([
      ready.then(() => send(world, total)),
      taking.then(() => new Promise<never>(() => undefined)),
    ]);
    const { hash, bytes } = await taking;
    const seconds = (performance.now() - startMs) / 1000;
    return {
      bytes,
      seconds,
      sentHash,
      takenHash: hash,
      retransmitted: await retransmitted(world),
      liveMb: [liveBefore, liveMb()],
      rssMb: [rssBefore, rssMost],
    };
  } finally {
    clearInterval(looks);
  }
}
