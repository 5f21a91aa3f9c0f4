import { createServer as createTcpServer, connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Transport } from "../../services/boundary/invocation.ts";
import { connectHouse, type HouseClient } from "../../services/transports/grpc/client.ts";
import type { Listening } from "../../services/transports/grpc/listen.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse, type HouseServerOptions } from "../../services/transports/grpc/server.ts";
import type { Refusal } from "../../services/transports/refusals.ts";
import type { Issued } from "../../services/runtimes/authority/ca.ts";
import type { TlsIdentity } from "../../services/transports/tls/identity.ts";
import { describeTransport } from "./contract.ts";
import { identityOf, newAuthority } from "./identities.ts";
import { clock, latch, socketFolder, writeCall, wrote } from "./support.ts";
import { CONTRACT, type PointName } from "../../services/abi/contract.generated.ts";

const protos = loadProtos();
const folder = socketFolder();
const SECURE = "tls:127.0.0.1:0";
let ours: Issued;
let theirs: Issued;
let house: TlsIdentity;
beforeAll(async () => {
  ours = await newAuthority();
  theirs = await newAuthority();
  house = await identityOf(ours, ["alpha-vfs", "127.0.0.1", "localhost"]);
});
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(folder.remove);

interface Served {
  readonly server: Listening;
  readonly refusals: readonly Refusal[];
  /** Resolves with the next refusal. */
  refused(): Promise<Refusal>;
}

async function serve(more: Partial<HouseServerOptions> = {}): Promise<Served> {
  const refusals: Refusal[] = [];
  let next = latch<Refusal>();
  const server = await serveHouse({
    addresses: [SECURE],
    tls: house,
    points: ["sys_write"],
    serve: async () => wrote(1),
    clock,
    protos,
    onRefused(refusal) {
      refusals.push(refusal);
      next.open(refusal);
    },
    ...more,
  });
  if (!server.ok) throw new Error(server.reason);
  closers.push(() => server.value.close(0));
  return {
    server: server.value,
    refusals,
    refused() {
      next = latch<Refusal>();
      return next.promise;
    },
  };
}

function connect(address: string, tls?: TlsIdentity): HouseClient {
  const client = connectHouse({ address, clock, protos, tls });
  closers.push(client.close);
  return client;
}

/** TLS tells a peer little, and after its handshake nothing: what is wrong with it, it must hear from the server's events. */
const TURNED_AWAY =
  "UNAVAILABLE: no connection: the peer hung up at once: it does not let us in with our certificate, or one of us speaks TLS and the other does not";

/** What a peer is told, and what is told of it. */
async function knock(
  { server, refused }: Served,
  tls?: TlsIdentity,
  address = server.address,
): Promise<[string, Refusal]> {
  const refusal = refused();
  const answer = await connect(address, tls).transport(writeCall());
  expect(answer).toMatchObject({ kind: "lost", why: "unreachable" });
  return [(answer as { reason: string }).reason, await refusal];
}

describeTransport("gRPC exchange, mutual TLS", async (answer) => {
  const points = Object.keys(CONTRACT) as PointName[];
  const options = { addresses: [SECURE], tls: house, points, serve: answer, clock, protos };
  const server = await serveHouse(options);
  if (!server.ok) throw new Error(server.reason);
  const client = connectHouse({ address: server.value.address, clock, protos, tls: await identityOf(ours, ["task"]) });
  return {
    transport: client.transport,
    close: client.close,
    kill: () => server.value.close(0),
    async dispose() {
      client.close();
      await server.value.close(0);
    },
  };
});

describe("between machines", () => {
  test("two peers of one CA speak, by mutual TLS, over the fast road", async () => {
    const { server, refusals } = await serve();
    const client = connect(server.address, await identityOf(ours, ["alpha-inband"]));
    expect(await client.ready(5e9)).toBe(true);
    expect(await client.transport(writeCall())).toEqual(wrote(1));
    expect(client.road()).toBe("exchange");
    expect(refusals).toEqual([]);
  });

  test("a server listens in the clear on its socket and by TLS to others, all at once", async () => {
    const near = folder.address("near.sock");
    const { server } = await serve({ addresses: [near, SECURE, "127.0.0.1:0"] });
    expect(server.addresses).toHaveLength(3);
    expect(server.address).toBe(near);
    const stranger = await identityOf(ours, ["alpha-inband"]);
    for (const address of server.addresses)
      expect(await connect(address, stranger).transport(writeCall())).toEqual(wrote(1));
  });

  const cases: readonly (readonly [string, () => Promise<TlsIdentity>, RegExp])[] = [
    [
      "of another CA",
      async () => ({ ...(await identityOf(theirs, ["eve"])), ca: house.ca }),
      /^its certificate \(eve\) is of another CA$/,
    ],
    [
      "that has expired",
      () => identityOf(ours, ["old"], [-3, -1]),
      /^its certificate \(old\) has expired: it was valid until .+ GMT$/,
    ],
    [
      "that is not valid yet",
      () => identityOf(ours, ["young"], [1, 3]),
      /^its certificate \(young\) is not valid yet: it will be from .+ GMT$/,
    ],
  ];
  test.each(cases)("a peer with a certificate %s gets nothing, and is told of", async (_, identity, why) => {
    let served = 0;
    const house = await serve({ serve: async () => wrote((served += 1)) });
    const [said, refusal] = await knock(house, await identity());
    expect(said).toBe(TURNED_AWAY);
    expect(refusal.address).toBe(house.server.address);
    expect(refusal.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(refusal.why).toMatch(why);
    expect(served).toBe(0);
  });

  test("a peer without a certificate gets nothing, and is told of", async () => {
    const house = await serve();
    const refusal = house.refused();
    const port = Number(/\d+$/.exec(house.server.address)?.[0]);
    const ended = latch();
    const socket = connectTls({ port, host: "127.0.0.1", ca: ours.cert, ALPNProtocols: ["h2"] });
    socket.on("error", () => undefined).on("close", ended.open);
    expect((await refusal).why).toBe("it showed no certificate");
    await ended.promise;
  });

  test("a peer that speaks plain text to the TLS port gets nothing, and is told of", async () => {
    const house = await serve();
    const [said, refusal] = await knock(house, undefined, house.server.address.replace("tls:", ""));
    expect(said).toBe(TURNED_AWAY);
    expect(refusal.why).toBe("it speaks plain text where TLS is spoken");
  });

  test("a peer that speaks an older TLS, or no HTTP/2 in it, gets nothing, and is told of", async () => {
    const house = await serve();
    const port = Number(/\d+$/.exec(house.server.address)?.[0]);
    const { cert, key } = await identityOf(ours, ["old-fashioned"]);
    const base = { port, host: "127.0.0.1", ca: ours.cert, cert, key };
    for (const [more, why] of [
      [{ maxVersion: "TLSv1.2", ALPNProtocols: ["h2"] }, "it does not speak TLS 1.3"],
      [{ ALPNProtocols: [] }, "it speaks TLS, but no HTTP/2 in it"],
    ] as const) {
      const refusal = house.refused();
      const ended = latch();
      connectTls({ ...base, ...more, ALPNProtocols: [...more.ALPNProtocols] })
        .on("error", () => undefined)
        .on("close", ended.open);
      expect((await refusal).why).toBe(why);
      await ended.promise;
    }
  });

  test("a probe that connects and hangs up is nobody's refusal, and those after it are served", async () => {
    const { server, refusals } = await serve();
    const ended = latch();
    const probe = connectTcp(Number(/\d+$/.exec(server.address)?.[0]), "127.0.0.1", () => probe.destroy());
    probe.on("close", ended.open);
    await ended.promise;
    expect(await connect(server.address, house).transport(writeCall())).toEqual(wrote(1));
    expect(refusals).toEqual([]);
  });

  test("a server of another CA, of another name, or in the clear gets no call from us", async () => {
    const me = await identityOf(ours, ["alpha-inband"]);
    const calls: number[] = [];
    const answer: Transport = async ({ id }) => wrote(calls.push(id));
    const eve = { ...(await identityOf(theirs, ["127.0.0.1"])) };
    const misnamed = await identityOf(ours, ["beta-vfs", "10.9.8.7"]);
    for (const [tls, why] of [
      [eve, /self.signed|unable to (get|verify)/],
      [misnamed, /127\.0\.0\.1 is not in the cert's list: .*10\.9\.8\.7/],
    ] as const) {
      const { server } = await serve({ tls, serve: answer });
      const said = await connect(server.address, me).transport(writeCall());
      expect(said).toMatchObject({ kind: "lost", why: "unreachable" });
      expect((said as { reason: string }).reason).toMatch(why);
    }
    const { server } = await serve({ addresses: ["127.0.0.1:0"], serve: answer });
    const said = await connect(`tls:${server.address}`, me).transport(writeCall());
    expect(said).toMatchObject({ kind: "lost", why: "unreachable" });
    expect(calls).toEqual([]);
  });

  test("nobody speaks or listens on the network without an identity: one line says what is missing", async () => {
    const line = (address: string) =>
      `${address} is on the network, where only TLS is spoken: say with --tls DIR where the certificates are`;
    const options = { points: [], serve: async () => wrote(1), clock, protos };
    const near = folder.address("never.sock");
    expect(await serveHouse({ ...options, addresses: [near, "0.0.0.0:0"] })).toEqual({
      ok: false,
      reason: line("0.0.0.0:0"),
    });
    const client = connect("alpha-vfs:7400");
    expect(await client.transport(writeCall())).toMatchObject({ why: "unreachable", reason: line("alpha-vfs:7400") });
  });

  test("an identity that is broken is told in one line on both sides", async () => {
    const broken = { ...house, key: Buffer.from("no key") };
    const served = await serveHouse({
      addresses: [SECURE],
      tls: broken,
      points: [],
      serve: async () => wrote(1),
      clock,
      protos,
    });
    expect(served).toMatchObject({ ok: false });
    expect((served as { reason: string }).reason).toMatch(
      /^cannot listen on tls:127\.0\.0\.1:0: the TLS identity cannot be used: [^\n]+$/,
    );
    const said = await connect("tls:127.0.0.1:1", broken).transport(writeCall());
    expect((said as { reason: string }).reason).toMatch(
      /^the TLS identity for tls:127\.0\.0\.1:1 cannot be used: [^\n]+$/,
    );
  });

  test("a port that is taken is told in one line", async () => {
    const blocker = createTcpServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as { port: number };
    const served = await serveHouse({
      addresses: [`tls:127.0.0.1:${port}`],
      tls: house,
      points: [],
      serve: async () => wrote(1),
      clock,
      protos,
    });
    expect((served as { reason: string }).reason).toMatch(
      new RegExp(`^cannot listen on tls:127.0.0.1:${port}: listen EADDRINUSE`),
    );
    await new Promise((resolve) => blocker.close(resolve));
  });

  test("what is in progress over TLS ends in good order when the server closes, and what never ends is cut off", async () => {
    const arrived = latch();
    const held = latch();
    const patient = await serve({
      clock: { ...clock, after: () => ({ cancel: () => undefined }) },
      serve: async () => {
        arrived.open();
        await held.promise;
        return wrote(7);
      },
    });
    const me = await identityOf(ours, ["task"]);
    const client = connect(patient.server.address, me);
    const pending = client.transport(writeCall());
    await arrived.promise;
    const closed = patient.server.close(5e9);
    held.open();
    expect(await pending).toEqual(wrote(7));
    await closed;
    expect(await client.transport(writeCall())).toMatchObject({ kind: "lost", why: "unreachable" });

    const started = latch();
    const stuck = await serve({
      serve: () => {
        started.open();
        return new Promise(() => undefined);
      },
    });
    const never = connect(stuck.server.address, me).transport(writeCall());
    await started.promise;
    await stuck.server.close(1e6);
    expect(await never).toMatchObject({ kind: "lost", why: "unreachable" });
  });
});
