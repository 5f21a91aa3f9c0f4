import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { outermost } from "../../abi/context.ts";
import { SINGLE } from "../../abi/topology.ts";
import { createCaller } from "../../boundary/caller.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import type { Invocation, Transport } from "../../boundary/invocation.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { createConverter } from "../../transports/grpc/convert.ts";
import { loadProtos, type Protos } from "../../transports/grpc/load.ts";
import { supervise } from "../distributed/supervisor.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";
import { createEchoQueue } from "./echo-queue.ts";
import { FLOOR_PATH } from "./floor-path.ts";
import { installAndUninstall, openBenchFile, type Rig } from "./rig.ts";

const asBytes = (bytes: Buffer): Buffer => bytes;

/** The bytes that one hook is on the stream: a frame with one call, as the exchange sends it. */
function frameOf(protos: Protos, seen: Invocation): Buffer {
  const converter = createConverter(protos);
  const message = converter.encodeCall(seen);
  if (!message.ok) throw new Error(message.reason);
  return converter.encodeCalls([{ correlation: 1000, point: seen.point, message: message.value }]);
}

/** The distributed runtime over a unix socket: the floor is a bare grpc-js stream that echoes the same bytes. */
export async function distributedRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-"));
  const protos = loadProtos();
  const facts: WorldFacts = { topology: SINGLE, seed: "1", profile: "documented", epochMs: bootEpochMs() };
  const { kit } = createThreadKit(facts, "alpha", "vfs", 1);
  const listenAt = `unix:${join(folder, "companion")}.sock`;
  const place = { t: "house", node: "alpha", house: "companion" } as const;
  const companion = await supervise(
    { place, facts, mutant: undefined, frames: "auto", listenAt, protos },
    { restart: false },
  );
  await companion.connect({});
  const link = connectHouse({ address: companion.address, clock: kit.clock, protos });
  let sample: Invocation | undefined;
  const road: Transport = (invocation) => {
    if (invocation.point === "install_inband_fd") sample ??= invocation;
    return link.transport(invocation);
  };
  const hooks = createCaller("vfs", { kit, identity: "alpha/vfs#1", engine: createFaultEngine(1n), reach: () => road });
  const oobData = await openBenchFile(hooks);
  // One real call of another table, whose bytes the floor carries.
  const context = { ...outermost("bench", 2), locks: ["files.file_lock:2"], chain: ["sys_open" as const] };
  await hooks.install_inband_fd(context, { fd: 1000, file: 1, oob_data: oobData, files: 2 });
  if (sample === undefined) throw new Error("no hook was called");
  const frame = frameOf(protos, sample);

  const bare = fork(fileURLToPath(new URL("./floor-process.js", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const floorAddress = `unix:${join(folder, "floor")}.sock`;
  bare.send(floorAddress);
  const [said] = (await once(bare, "message")) as [unknown];
  if (said !== "ready") throw new Error(String(said));
  const client = new Client(floorAddress, credentials.createInsecure());
  const stream = client.makeBidiStreamRequest(FLOOR_PATH, asBytes, asBytes);
  stream.on("error", () => undefined);
  const echo = createEchoQueue<Buffer>((bytes) => stream.write(bytes));
  stream.on("data", echo.arrived);
  await echo.send(frame);

  return {
    runtime: "distributed",
    floorName: "a bare grpc-js stream",
    hook: installAndUninstall(hooks, oobData),
    floor: () => echo.send(frame),
    drive: (program) => program(),
    async close() {
      link.close();
      stream.end();
      client.close();
      bare.disconnect();
      await companion.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
