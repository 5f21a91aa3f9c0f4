import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials } from "@grpc/grpc-js";
import { assert } from "../../abi/assert.ts";
import type { Tracing } from "../../abi/event.ts";
import { SINGLE } from "../../abi/topology.ts";
import { createCaller } from "../../boundary/caller.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { createConverter } from "../../transports/grpc/convert.ts";
import { loadProtos, type Protos } from "../../transports/grpc/load.ts";
import { createAuthority, issueCertificate } from "../authority/ca.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";
import { startCallee, startFloor, type Callee } from "./children.ts";
import { createEchoQueue } from "./echo-queue.ts";
import { startExport } from "./export.ts";
import { FLOOR_PATH } from "./floor-path.ts";
import { installAndUninstall, openBenchFile, type Rig, type Rigs, type TracingMode, type Way } from "./rig.ts";

/** The roads between processes, and where a process listens on each: a folder's socket, any free port. */
const ROADS: readonly { readonly road: string; readonly listenAt: (folder: string, name: string) => string }[] = [
  { road: "unix", listenAt: (folder, name) => `unix:${join(folder, name)}.sock` },
  { road: "tcp", listenAt: () => "127.0.0.1:0" },
  { road: "mutual tls", listenAt: () => "tls:127.0.0.1:0" },
];
const MODES: readonly TracingMode[] = ["off", "on", "exporting"];
const DAY_MS = 86_400_000;

const asBytes = (bytes: Buffer): Buffer => bytes;

const factsOf = (tracing: Tracing): WorldFacts => ({
  topology: SINGLE,
  seed: "1",
  profile: "documented",
  epochMs: bootEpochMs(),
  tracing,
});

/** An identity for all processes of the benchmark, good for a day. */
async function oneForAll(): Promise<TlsIdentity> {
  const validity = { from: new Date(Date.now() - DAY_MS), until: new Date(Date.now() + DAY_MS) };
  const authority = await createAuthority(validity);
  const { cert, key } = await issueCertificate(authority, ["localhost", "127.0.0.1"], validity);
  return { ca: Buffer.from(authority.cert), cert: Buffer.from(cert), key: Buffer.from(key) };
}

/** The bytes that one hook is on the stream: a frame with one call, as the exchange sends it. */
async function frameOfOneCall(protos: Protos): Promise<Buffer> {
  const { kit } = createThreadKit(factsOf("off"), "alpha", "vfs", 1);
  const converter = createConverter(protos);
  let frame: Buffer | undefined;
  const paper: Transport = (seen) => {
    const message = converter.encodeCall(seen);
    assert(message.ok, "a hook of the benchmark can travel");
    frame = converter.encodeCalls([{ correlation: 1000, point: seen.point, message: message.value }]);
    return Promise.resolve({ kind: "returned", value: {}, lamport: 1 });
  };
  const hooks = createCaller("vfs", {
    kit,
    identity: "alpha/vfs#1",
    engine: createFaultEngine(1n),
    reach: () => paper,
  });
  await installAndUninstall(hooks, 1)(1000);
  assert(frame !== undefined, "one hook was called");
  return frame;
}

/** What all roads and modes have in common, and what is closed at the end. */
interface Common {
  readonly protos: Protos;
  readonly tls: TlsIdentity;
  readonly folder: string;
  readonly closers: (() => unknown)[];
}

/** The ways to call a core with so much tracing, one for each road. */
async function waysWith(mode: TracingMode, { protos, tls, folder, closers }: Common): Promise<readonly Way[]> {
  const facts = factsOf(mode === "off" ? "off" : "on");
  const { kit, ring, signals } = createThreadKit(facts, "alpha", "vfs", 1);
  const addresses = ROADS.map(({ listenAt }) => listenAt(folder, mode));
  const callee = await startCallee({ facts, addresses, tls, protos });
  closers.push(() => callee.close());
  const exported = mode === "exporting" ? await startExport({ kit, ring, signals, callee, protos }) : undefined;
  if (exported !== undefined) closers.push(() => exported.close());
  return Promise.all(
    callee.addresses.map(async (address, index): Promise<Way> => {
      const link = connectHouse({ address, clock: kit.clock, tls, protos });
      closers.push(() => link.close());
      // A caller and a file of its own on each road: the core tells repeated calls by who calls, and a later life of a caller from an earlier one.
      const file = index + 1;
      const identity = `alpha-${file}/vfs#1`;
      const hooks = createCaller("vfs", { kit, identity, engine: createFaultEngine(1n), reach: () => link.transport });
      return {
        tracing: mode,
        call: installAndUninstall(hooks, await openBenchFile(hooks, file), file),
        calleeCpuNs: callee.cpuNs,
        ...(exported !== undefined && { begin: exported.begin, settle: exported.settle, lost: exported.lost }),
      };
    }),
  );
}

/** The bare stream on one road. */
async function floorOn(address: string, isSecure: boolean, frame: Buffer, floor: Callee, common: Common): Promise<Way> {
  const { ca, cert, key } = common.tls;
  const client = new Client(address, isSecure ? credentials.createSsl(ca, key, cert) : credentials.createInsecure(), {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.use_local_subchannel_pool": 1,
  });
  const stream = client.makeBidiStreamRequest(FLOOR_PATH, asBytes, asBytes);
  stream.on("error", () => undefined);
  common.closers.push(() => {
    stream.end();
    client.close();
  });
  const echo = createEchoQueue<Buffer>((bytes) => stream.write(bytes));
  stream.on("data", echo.arrived);
  await echo.send(frame);
  return { tracing: undefined, call: () => echo.send(frame), calleeCpuNs: floor.cpuNs };
}

/**
 * The distributed runtime: each of its roads, with each mode of tracing in a process of its own. The floor is a bare grpc-js
 * stream that echoes the same bytes on the same road.
 */
export async function distributedRigs(): Promise<Rigs> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-"));
  const common: Common = { protos: loadProtos(), tls: await oneForAll(), folder, closers: [] };
  const { closers, tls, protos } = common;
  async function close(): Promise<void> {
    for (const closer of closers.reverse()) await closer();
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const ways: (readonly Way[])[] = [];
    for (const mode of MODES) ways.push(await waysWith(mode, common));
    const frame = await frameOfOneCall(protos);
    const floor = await startFloor({ addresses: ROADS.map(({ listenAt }) => listenAt(folder, "floor")), tls });
    closers.push(() => floor.close());
    const rigs: Rig[] = [];
    for (const [index, { road }] of ROADS.entries()) {
      const bare = await floorOn(floor.addresses[index] ?? "", road === "mutual tls", frame, floor, common);
      rigs.push({
        runtime: "distributed",
        road,
        floorName: "a bare grpc-js stream",
        ways: [bare, ...ways.flatMap((byRoad) => byRoad[index] ?? [])],
        drive: (_way, program) => program(),
      });
    }
    return { rigs, close };
  } catch (error) {
    await close();
    throw error;
  }
}
