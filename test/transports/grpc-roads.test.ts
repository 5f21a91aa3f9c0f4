import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { PointName } from "../../services/abi/contract.generated.ts";
import type { Clock } from "../../services/abi/kit.ts";
import type { Transport } from "../../services/boundary/invocation.ts";
import { connectHouse, type HouseClient } from "../../services/transports/grpc/client.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse, type HouseServerOptions } from "../../services/transports/grpc/server.ts";
import { clock, latch, socketFolder, writeCall, wrote } from "./support.ts";

const protos = loadProtos();
const GRACE_NS = 5e9;

describe("the two roads over gRPC", () => {
  const folder = socketFolder();
  const closers: (() => unknown)[] = [];
  let sockets = 0;
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  afterAll(folder.remove);

  async function serve(answer: Transport, more: Partial<HouseServerOptions> = {}) {
    const address = folder.address(`s${(sockets += 1)}`);
    const points: PointName[] = ["sys_write"];
    const server = await serveHouse({ addresses: [address], points, serve: answer, clock, protos, ...more });
    if (!server.ok) throw new Error(server.reason);
    closers.push(() => server.value.close(0));
    return server.value;
  }

  function connect(address: string, exchange?: "auto" | "never"): HouseClient {
    const client = connectHouse({ address, clock, protos, ...(exchange !== undefined && { exchange }) });
    closers.push(client.close);
    return client;
  }

  test("a peer that knows Exchange is spoken to over it", async () => {
    const { address } = await serve(async () => wrote(1));
    const client = connect(address);
    expect(client.road()).toBe("none");
    await client.transport(writeCall());
    expect(client.road()).toBe("exchange");
  });

  test("a peer without Exchange is served by the unary methods for good, and sees each call once", async () => {
    const seen: number[] = [];
    const { address } = await serve(async ({ id }) => wrote(seen.push(id)), { exchange: "never" });
    const client = connect(address);
    // All ten are in flight on the stream when the peer turns it down.
    const answers = await Promise.all(Array.from({ length: 10 }, (_, id) => client.transport(writeCall({}, id + 1))));
    expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => "returned"));
    expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(client.road()).toBe("unary");
    await client.transport(writeCall({}, 11));
    expect(seen).toHaveLength(11);
  });

  test("a point that the house does not serve is unserved on both roads", async () => {
    const { address } = await serve(async () => wrote(1), { points: ["sys_read"] });
    for (const exchange of ["auto", "never"] as const)
      expect(await connect(address, exchange).transport(writeCall())).toEqual({ kind: "unserved", lamport: 0 });
  });

  test("20,000 calls at once are all answered, though neither end may buffer more than its stream takes", async () => {
    const { address } = await serve(async ({ id }) => wrote(id));
    const client = connect(address);
    const answers = await Promise.all(
      Array.from({ length: 20_000 }, (_, id) => client.transport(writeCall({ data: new Uint8Array(500) }, id))),
    );
    expect(
      answers.every((answer, id) => answer.kind === "returned" && (answer.value as { count: number }).count === id),
    ).toBe(true);
  }, 60_000);

  test("the 65,537th call in flight is rejected, and those before it are not touched", async () => {
    const release = latch();
    const { address } = await serve(async ({ id }) => {
      await release.promise;
      return wrote(id);
    });
    const client = connect(address);
    const accepted = Array.from({ length: 65_536 }, (_, id) => client.transport(writeCall({}, id)));
    expect(await client.transport(writeCall())).toEqual({
      kind: "lost",
      why: "rejected",
      reason: "65536 calls are in flight already",
      lamport: 0,
    });
    release.open();
    expect((await Promise.all(accepted)).every(({ kind }) => kind === "returned")).toBe(true);
  }, 240_000);

  test("after the house came back, the next call reaches it", async () => {
    const first = await serve(async () => wrote(1));
    const client = connect(first.address);
    expect(await client.transport(writeCall())).toEqual(wrote(1));
    await first.close(0);
    expect(await client.transport(writeCall())).toMatchObject({ kind: "lost", why: "unreachable" });
    expect(client.road()).toBe("none");
    const second = await serve(async () => wrote(2), { addresses: [first.address] });
    expect(await client.ready(GRACE_NS)).toBe(true);
    expect(await client.transport(writeCall())).toEqual(wrote(2));
    await second.close(0);
  });

  test("ready waits for a house that comes up late, and gives up when its time is over", async () => {
    const address = folder.address("late");
    const client = connect(address);
    expect(await client.ready(1e6)).toBe(false);
    const waiting = client.ready(GRACE_NS);
    await serve(async () => wrote(1), { addresses: [address] });
    expect(await waiting).toBe(true);
    client.close();
    expect(await client.ready(GRACE_NS)).toBe(false);
  });

  test("a house that closes in good order lets what is in progress end, on both roads, and then needs no grace", async () => {
    // Nobody is ever cut off by this clock: the house has to end by itself.
    const patient: Clock = { ...clock, after: () => ({ cancel: () => undefined }) };
    for (const exchange of ["auto", "never"] as const) {
      const arrived = latch();
      const held = latch();
      const server = await serve(
        async () => {
          arrived.open();
          await held.promise;
          return wrote(1);
        },
        { clock: patient },
      );
      const client = connect(server.address, exchange);
      const pending = client.transport(writeCall());
      await arrived.promise;
      const closed = server.close(GRACE_NS);
      held.open();
      expect(await pending).toEqual(wrote(1));
      await closed;
    }
  });

  test("a house with a call that never ends is closed when its grace is over, and closing it again waits for that", async () => {
    const arrived = latch();
    const server = await serve(() => {
      arrived.open();
      return new Promise(() => undefined);
    });
    const pending = connect(server.address).transport(writeCall());
    await arrived.promise;
    const closing = server.close(1e6);
    expect(server.close(GRACE_NS)).toBe(closing);
    await closing;
    expect(await pending).toMatchObject({ kind: "lost", why: "unreachable" });
  });

  test("where nobody listens, a call is lost at once and says where it tried", async () => {
    const address = folder.address("nobody");
    for (const exchange of ["auto", "never"] as const) {
      const answer = await connect(address, exchange).transport(writeCall());
      expect(answer).toMatchObject({ kind: "lost", why: "unreachable" });
      expect((answer as { reason: string }).reason).toBe(
        `UNAVAILABLE: no connection: connect ENOENT ${address.slice("unix:".length)}`,
      );
    }
  });

  test("an address that is none is told in one line by every call", async () => {
    const client = connect("nowhere");
    expect(await client.transport(writeCall())).toEqual({
      kind: "lost",
      why: "unreachable",
      reason: "nowhere is no address; write unix:/path/of/a/socket, or host:port such as 127.0.0.1:50051",
      lamport: 0,
    });
    expect(await client.ready(GRACE_NS)).toBe(false);
    expect(client.road()).toBe("none");
  });

  test("a value out of its field's range is rejected by name instead of wrapped around", async () => {
    const { address } = await serve(async () => wrote(2 ** 40));
    for (const exchange of ["auto", "never"] as const) {
      const { transport } = connect(address, exchange);
      expect(await transport(writeCall({ fd: -1 }))).toMatchObject({
        why: "rejected",
        reason: "the call sys_write: fd is -1, which is no uint32 from 0 to 4294967295",
      });
      expect(await transport(writeCall())).toMatchObject({
        why: "rejected",
        reason: "the answer to sys_write: count is 1099511627776, which is no uint32 from 0 to 4294967295",
      });
    }
  });
});
