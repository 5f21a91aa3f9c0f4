import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { ok } from "../../services/abi/result.ts";
import { connectControl, type ControlClientOptions } from "../../services/transports/grpc/control.ts";
import { serveControl, type ControlServerOptions } from "../../services/transports/grpc/control-server.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import type { Refusal } from "../../services/transports/refusals.ts";
import type { Issued } from "../../services/runtimes/authority/ca.ts";
import type { TlsIdentity } from "../../services/transports/tls/identity.ts";
import { loadToken } from "../../services/transports/tls/token.ts";
import { identityOf, newAuthority } from "./identities.ts";
import { clock, socketFolder } from "./support.ts";

const protos = loadProtos();
const TOKEN = "a-token-that-nobody-guesses";
const folder = socketFolder();
const closers: (() => unknown)[] = [];
let authority: Issued;
let tls: TlsIdentity;
beforeAll(async () => {
  authority = await newAuthority();
  tls = await identityOf(authority, ["tenon", "127.0.0.1"]);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(folder.remove);

/** A kernel without faults, and how often it was asked for them. */
async function kernel(more: Partial<ControlServerOptions>) {
  const seen = { asked: 0, followed: 0, refusals: [] as Refusal[] };
  const server = await serveControl({
    addresses: ["tls:127.0.0.1:0"],
    tls,
    token: TOKEN,
    clock,
    protos,
    service: {
      calls: {
        ctl_list_faults: async () => {
          seen.asked += 1;
          return ok({ reports: [] });
        },
      },
      onEvents: () => {
        seen.followed += 1;
        return () => undefined;
      },
    },
    onRefused: (refusal) => seen.refusals.push(refusal),
    ...more,
  });
  if (!server.ok) throw new Error(server.reason);
  closers.push(() => server.value.close(0));
  return { address: server.value.address, seen };
}

function connect(address: string, options: ControlClientOptions) {
  const client = connectControl(address, { protos, ...options });
  closers.push(client.close);
  return client;
}

describe("who may control a kernel", () => {
  test("who shows the token may, by calls and by following its events", async () => {
    const { address, seen } = await kernel({});
    const client = connect(address, { tls, token: TOKEN });
    expect(await client.listFaults()).toMatchObject({ kind: "returned", value: { reports: [] } });
    const stream = client.streamEvents(() => undefined);
    while (seen.followed === 0) await clock.sleepNs(1e6);
    stream.stop();
    expect(await stream.ended).toBeUndefined();
    expect(seen.refusals).toEqual([]);
  });

  test.each([
    ["no token", undefined, "wants a token", "it showed no token"],
    ["a wrong token", `${TOKEN}!`, "wants another token than this one", "it showed a wrong token"],
  ])("who shows %s gets nothing, and is told of", async (_, token, said, why) => {
    const { address, seen } = await kernel({});
    const client = connect(address, { tls, token });
    const line = `the control service at ${address} ${said}: --token-file FILE`;
    expect(await client.listFaults()).toMatchObject({ kind: "lost", why: "rejected", reason: line });
    expect(await client.streamEvents(() => undefined).ended).toBe(line);
    expect(seen).toMatchObject({ asked: 0, followed: 0 });
    expect(seen.refusals).toHaveLength(2);
    expect(seen.refusals[0]).toMatchObject({ why, peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
  });

  test("the right token without a certificate of the CA gets nothing", async () => {
    const { address, seen } = await kernel({});
    const stranger = await identityOf(await newAuthority(), ["eve"]);
    const client = connect(address, { tls: { ...stranger, ca: tls.ca }, token: TOKEN });
    expect(await client.listFaults()).toMatchObject({
      kind: "lost",
      reason: expect.stringMatching(/: the peer hung up at once: it does not let us in with our certificate/),
    });
    expect(seen).toMatchObject({ asked: 0, refusals: [{ why: "its certificate (eve) is of another CA" }] });
  });

  test("a token is asked for on this host too, where one is set; without one, nobody is asked", async () => {
    const guarded = await kernel({ addresses: [folder.address("guarded")] });
    expect(await connect(guarded.address, {}).listFaults()).toMatchObject({ why: "rejected" });
    expect(await connect(guarded.address, { token: TOKEN }).listFaults()).toMatchObject({ kind: "returned" });
    const open = await kernel({ addresses: [folder.address("open")], token: undefined });
    expect(await connect(open.address, {}).listFaults()).toMatchObject({ kind: "returned" });
  });

  test("control is not served to other machines without a token, nor without TLS", async () => {
    const options = { clock, protos, service: { calls: {}, onEvents: () => () => undefined } };
    const addresses = [folder.address("both"), "0.0.0.0:0"];
    expect(await serveControl({ ...options, addresses, tls })).toEqual({
      ok: false,
      reason:
        "0.0.0.0:0: who controls a kernel from another machine must show a token: say with --token-file FILE where it is",
    });
    expect(await serveControl({ ...options, addresses, token: TOKEN })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^0\.0\.0\.0:0 is on the network, where only TLS is spoken/),
    });
  });

  test("the token never leaves in the clear to another machine: without TLS nobody is even connected to", async () => {
    let connections = 0;
    const listener = createServer(() => (connections += 1));
    await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
    closers.push(() => new Promise((resolve) => listener.close(resolve)));
    const { port } = listener.address() as { port: number };
    // It is this machine, but nobody who reads the address can know that.
    const address = `[::ffff:127.0.0.1]:${port}`;
    const client = connect(address, { token: TOKEN });
    const line = `${address} is on the network, where only TLS is spoken: say with --tls DIR where the certificates are`;
    expect(await client.listFaults()).toMatchObject({ kind: "lost", reason: line });
    expect(await client.streamEvents(() => undefined).ended).toBe(line);
    expect(connections).toBe(0);
  });

  test("a token is read from its file, and what is none is told without its text", () => {
    const files = mkdtempSync(join(tmpdir(), "tenon-"));
    closers.push(() => rmSync(files, { recursive: true }));
    const file = join(files, "token");
    const read = (text: string) => {
      writeFileSync(file, text);
      return loadToken(file);
    };
    expect(read(`${TOKEN}\n`)).toEqual({ ok: true, value: TOKEN });
    expect(read("short")).toEqual({ ok: false, reason: `${file}: a token has 16 to 512 characters, this one has 5` });
    expect(read("two words of some length")).toMatchObject({ ok: false, reason: expect.not.stringMatching(/two/) });
    expect(loadToken(join(files, "none"))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^the token cannot be read: ENOENT/),
    });
  });
});
