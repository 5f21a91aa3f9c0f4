import { Client, credentials, status, type ServiceError } from "@grpc/grpc-js";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { PointName } from "../../services/abi/contract.generated.ts";
import type { Clock } from "../../services/abi/kit.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import type { Invocation, Transport } from "../../services/boundary/invocation.ts";
import { asBytes, pathOf } from "../../services/transports/grpc/channel.ts";
import { connectHouse, type HouseClient } from "../../services/transports/grpc/client.ts";
import { createConverter } from "../../services/transports/grpc/convert.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { clock, latch, socketFolder, writeCall, wrote } from "./support.ts";

const protos = loadProtos();
const converter = createConverter(protos);
const ROADS = ["auto", "never"] as const;
const folder = socketFolder();
let sockets = 0;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(folder.remove);

/** Nobody is ever cut off by this clock: what ends with it has ended by itself. */
const patient: Clock = { ...clock, after: () => ({ cancel: () => undefined }) };

async function house(serve: Transport, points: PointName[] = ["sys_write", "sys_read"]) {
  const address = folder.address(`e${(sockets += 1)}`);
  const server = await serveHouse({ addresses: [address], points, serve, clock: patient, protos });
  if (!server.ok) throw new Error(server.reason);
  closers.push(() => server.value.close(0));
  return server.value;
}

function connect(address: string, exchange: "auto" | "never" = "auto"): HouseClient {
  const client = connectHouse({ address, clock, protos, exchange });
  closers.push(client.close);
  return client;
}

function bare(address: string): Client {
  const client = new Client(address, credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
  closers.push(() => client.close());
  return client;
}

describe("calls that nobody waits for any more", () => {
  test.each(ROADS)(
    "a caller that goes away (%s) frees what it held: the house can end without cutting anybody off",
    async (exchange) => {
      const arrived = latch();
      const server = await house(() => {
        arrived.open();
        return new Promise(() => undefined);
      });
      const client = connect(server.address, exchange);
      const pending = client.transport(writeCall());
      await arrived.promise;
      client.close();
      expect(await pending).toMatchObject({ kind: "lost", why: "unreachable" });
      await server.close(1);
    },
  );

  test("a call ends on both sides when its deadline is over, and an answer that comes later does no harm", async () => {
    const held = latch();
    const answered = latch();
    const server = await house(async () => {
      await held.promise;
      answered.open();
      return wrote(1);
    });
    const message = converter.encodeCall(writeCall());
    if (!message.ok) throw new Error(message.reason);
    const client = bare(server.address);
    const error = await new Promise<ServiceError | null>((resolve) =>
      client.makeUnaryRequest(
        pathOf("sys_write"),
        asBytes,
        asBytes,
        message.value,
        { deadline: Date.now() + 100 },
        resolve,
      ),
    );
    expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
    client.close();
    await server.close(1);
    held.open();
    await answered.promise;
  });
});

describe("the largest message", () => {
  const read: Invocation = { ...writeCall(), point: "sys_read", args: { fd: 1, count: 1 } };

  test.each(ROADS)(
    "passes both ways (%s); one byte more is rejected by size and limit, both ways",
    async (exchange) => {
      let bytes = 0;
      const server = await house(async ({ point }) =>
        point === "sys_write" ? wrote(1) : { kind: "returned", value: { data: new Uint8Array(bytes) }, lamport: 1 },
      );
      const { transport } = connect(server.address, exchange);
      const sizeOfCall = (length: number): number => {
        const encoded = converter.encodeCall(writeCall({ data: new Uint8Array(length) }));
        return encoded.ok ? encoded.value.length : Infinity;
      };
      const most = LIMITS.messageBytesMax - (sizeOfCall(4_000_000) - 4_000_000);
      expect(sizeOfCall(most)).toBe(LIMITS.messageBytesMax);
      expect(await transport(writeCall({ data: new Uint8Array(most) }))).toEqual(wrote(1));
      expect(await transport(writeCall({ data: new Uint8Array(most + 1) }))).toMatchObject({
        why: "rejected",
        reason: "the call sys_write has 4194305 bytes, and a message has 4194304 at most",
      });

      const answer = (length: number) =>
        converter.encodeAnswer("sys_read", { kind: "returned", value: { data: new Uint8Array(length) }, lamport: 1 });
      const mostBack = LIMITS.messageBytesMax - (answer(4_000_000).message.length - 4_000_000);
      bytes = mostBack;
      expect(await transport(read)).toMatchObject({ kind: "returned" });
      bytes = mostBack + 1;
      expect(await transport(read)).toMatchObject({
        why: "rejected",
        reason: "the answer to sys_read has 4194305 bytes, and a message has 4194304 at most",
      });
    },
  );

  test("a caller that sends far more is turned away before anything of ours sees it", async () => {
    let served = 0;
    const server = await house(async () => wrote((served += 1)));
    const error = await new Promise<ServiceError | null>((resolve) =>
      bare(server.address).makeUnaryRequest(pathOf("sys_write"), asBytes, asBytes, Buffer.alloc(5 << 20), resolve),
    );
    expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(served).toBe(0);
  });
});
