import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { Client, credentials, status, type ServiceError } from "@grpc/grpc-js";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { service as healthDefinition } from "grpc-health-check";
import { serveControl } from "../../services/transports/grpc/control-server.ts";
import type { Listening } from "../../services/transports/grpc/listen.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse, type HouseServerOptions } from "../../services/transports/grpc/server.ts";
import { clock, latch, socketFolder, wrote } from "./support.ts";

const protos = loadProtos();
const folder = socketFolder();
let sockets = 0;
const newAddress = (): string => folder.address(`h${(sockets += 1)}`);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(folder.remove);

async function house(more: Partial<HouseServerOptions> = {}): Promise<Listening> {
  const addresses = [newAddress()];
  const server = await serveHouse({
    addresses,
    points: ["sys_write"],
    serve: async () => wrote(1),
    clock,
    protos,
    ...more,
  });
  if (!server.ok) throw new Error(server.reason);
  closers.push(() => server.value.close(0));
  return server.value;
}

/** A client that knows nothing of Tenon. */
function stranger(address: string): Client {
  const client = new Client(address, credentials.createInsecure());
  closers.push(() => client.close());
  return client;
}

/** Of a service as some version of proto-loader made it. */
const methodOf = (definition: object, name: string): MethodDefinition<object, object> => {
  const method = (definition as Readonly<Record<string, MethodDefinition<object, object>>>)[name];
  if (method === undefined) throw new Error(`there is no ${name}`);
  return method;
};

/** What the library's own client of the health service is told; a status where that is not OK. */
function check(client: Client, service = ""): Promise<object> {
  const { path, requestSerialize, responseDeserialize } = methodOf(healthDefinition, "Check");
  return new Promise((resolve) =>
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) =>
      resolve(error === null ? (answer ?? {}) : { code: error.code }),
    ),
  );
}

function watch(client: Client, service = "") {
  const { path, requestSerialize, responseDeserialize } = methodOf(healthDefinition, "Watch");
  const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
  stream.on("error", () => undefined);
  return { told: stream[Symbol.asyncIterator]() as AsyncIterator<object>, stop: () => stream.cancel() };
}

const reflectionProto = join(
  dirname(createRequire(import.meta.url).resolve("@grpc/reflection")),
  "../proto/grpc/reflection/v1/reflection.proto",
);
const reflection =
  loadSync(reflectionProto, { keepCase: true, oneofs: true, longs: String, enums: String })[
    "grpc.reflection.v1.ServerReflection"
  ] ?? {};

interface Reflected {
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Buffer[] };
  readonly error_response?: { readonly error_code: number };
}

/** Asks a server by reflection, as grpcurl does. */
function reflect(client: Client, request: object, version = "v1"): Promise<Reflected> {
  const { path, requestSerialize, responseDeserialize } = methodOf(reflection, "ServerReflectionInfo");
  const at = path.replace(".v1.", `.${version}.`);
  const stream = client.makeBidiStreamRequest(at, requestSerialize, responseDeserialize);
  return new Promise((resolve, reject) => {
    stream.on("data", (answer: Reflected) => {
      resolve(answer);
      stream.end();
    });
    stream.on("error", (error: ServiceError) => reject(error));
    stream.write(request);
  });
}

describe("the standard health service", () => {
  test("a plain client hears that a house, and each service of it, is well; of any other it hears NOT_FOUND", async () => {
    const client = stranger((await house()).address);
    expect(await check(client)).toEqual({ status: "SERVING" });
    expect(await check(client, "tenon.vfs.v1.FileCalls")).toEqual({ status: "SERVING" });
    expect(await check(client, "tenon.exchange.v1.ExchangeService")).toEqual({ status: "SERVING" });
    expect(await check(client, "nobody.v1.Nothing")).toEqual({ code: status.NOT_FOUND });
  });

  test("a house says that it serves when its owner says so, and whoever watches is told at once", async () => {
    const server = await house({ serving: false });
    const client = stranger(server.address);
    const { told, stop } = watch(client);
    const unknown = watch(client, "nobody.v1.Nothing");
    expect(await told.next()).toMatchObject({ value: { status: "NOT_SERVING" } });
    expect(await unknown.told.next()).toMatchObject({ value: { status: "SERVICE_UNKNOWN" } });
    expect(await check(client)).toEqual({ status: "NOT_SERVING" });
    server.serving(true);
    expect(await told.next()).toMatchObject({ value: { status: "SERVING" } });
    expect(await check(client)).toEqual({ status: "SERVING" });
    stop();
    unknown.stop();
  });

  test("a house that drains says NOT_SERVING to those who watch, then ends their streams", async () => {
    const arrived = latch();
    const held = latch();
    const server = await house({
      serve: async () => {
        arrived.open();
        await held.promise;
        return wrote(1);
      },
    });
    const { told } = watch(stranger(server.address));
    expect(await told.next()).toMatchObject({ value: { status: "SERVING" } });
    const closed = server.close(5e9);
    expect(await told.next()).toMatchObject({ value: { status: "NOT_SERVING" } });
    expect(await told.next()).toMatchObject({ done: true });
    server.serving(true);
    held.open();
    await closed;
  });

  test("who controls a kernel by a token need not show it to ask for its health", async () => {
    const address = newAddress();
    const service = { calls: {}, onEvents: () => () => undefined };
    const server = await serveControl({ addresses: [address], token: "x".repeat(20), service, clock, protos });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    const client = stranger(address);
    expect(await check(client)).toEqual({ status: "SERVING" });
    await expect(reflect(client, { list_services: "" })).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  test("a request that is no message is told as such, and the server goes on", async () => {
    const client = stranger((await house()).address);
    const asIs = (bytes: Buffer): Buffer => bytes;
    const code = await new Promise((resolve) =>
      client.makeUnaryRequest("/grpc.health.v1.Health/Check", asIs, asIs, Buffer.from([0x0a, 0x99]), (error) =>
        resolve(error?.code),
      ),
    );
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(await check(client)).toEqual({ status: "SERVING" });
  });
});

describe("server reflection", () => {
  test.each(["v1", "v1alpha"])("a plain client is told what a house has, by %s", async (version) => {
    const client = stranger((await house()).address);
    const { list_services_response: list } = await reflect(client, { list_services: "" }, version);
    const names = (list?.service ?? []).map(({ name }) => name);
    expect(names.toSorted()).toEqual(["tenon.exchange.v1.ExchangeService", "tenon.vfs.v1.FileCalls"]);
  });

  test("it gets the protos of what it was told, and of what they stand on", async () => {
    const client = stranger((await house()).address);
    const { file_descriptor_response: files } = await reflect(client, {
      file_containing_symbol: "tenon.exchange.v1.ExchangeService",
    });
    const text = Buffer.concat([...(files?.file_descriptor_proto ?? [])]).toString("latin1");
    expect(text).toContain("ExchangeRequest");
    expect(await reflect(client, { file_containing_symbol: "tenon.Nothing" })).toMatchObject({
      error_response: { error_code: status.NOT_FOUND },
    });
  });
});
