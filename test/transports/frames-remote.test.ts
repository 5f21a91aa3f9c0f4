import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { FramePort } from "../../services/abi/frame.ts";
import type { RingFaults } from "../../services/nic/ring/faults.ts";
import { createFrameLinks, type ConnectedLink, type FrameLinks } from "../../services/runtimes/frames/remote.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { openCarrier } from "../../services/transports/grpc/frame-streams.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { loadLibc } from "../../services/transports/memory/libc.ts";
import { createLinkMemory } from "../../services/transports/memory/link-memory.ts";
import { value } from "../nic/ends.ts";
import { bytesOf, describeFramePorts, meta, type LinkUnderTest } from "./frames-contract.ts";
import type { FramePeerJob } from "./frames-peer.ts";
import { socketFolder } from "./support.ts";

const LINK = "alpha/inband-nic/eth0";
const WAIT_NS = 5e9;
const clock = createRealClock(0);
const protos = loadProtos();
const sockets = socketFolder();
const libc = await loadLibc();
let addresses = 0;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => sockets.remove());

type Memory = "auto" | "stream";
const newAddress = (): string => sockets.address(`frames-${++addresses}.sock`);

async function linksOf(memory: Memory): Promise<FrameLinks> {
  const links = await createFrameLinks({ clock, protos, memory });
  closers.push(() => links.close());
  return links;
}

async function serve(address: string, memory: Memory) {
  const links = await linksOf(memory);
  const port = links.expect(LINK);
  const server = await serveHouse({
    addresses: [address],
    points: [],
    serve: () => Promise.reject(new Error()),
    clock,
    protos,
    also: links.serve,
  });
  if (!server.ok) throw new Error(server.reason);
  closers.push(() => server.value.close(0));
  return { links, port, server: server.value };
}

async function connect(address: string, memory: Memory): Promise<ConnectedLink> {
  const link = (await linksOf(memory)).connect({ address, link: LINK });
  closers.push(() => link.close());
  return link;
}

async function until(so: () => boolean): Promise<void> {
  for (const endNs = clock.nowNs() + WAIT_NS; clock.nowNs() < endNs && !so();) await clock.sleepNs(1e6);
  expect(so()).toBe(true);
}

async function pair(memory: Memory): Promise<LinkUnderTest> {
  const address = newAddress();
  let served = await serve(address, memory);
  const link = await connect(address, memory);
  expect(await link.ready(WAIT_NS)).toBe(true);
  return {
    ends: [link.port, served.port],
    until,
    rest: () => clock.sleepNs(30e6),
    async replaceSecond(how): Promise<FramePort> {
      if (how === "closes") served.links.close();
      await served.server.close(0);
      await until(() => link.port.medium.startsWith("down"));
      served = await serve(address, memory);
      await until(() => !link.port.medium.startsWith("down"));
      return served.port;
    },
    close: () => undefined,
  };
}

if (libc.ok) describeFramePorts("mapped memory between processes", () => pair("auto"));
else process.stderr.write(`links in mapped memory: skipped, ${libc.why}\n`);
describeFramePorts("a stream", () => pair("stream"));

describe("what carries a link", () => {
  const media = async (connecting: Memory, serving: Memory) => {
    const address = newAddress();
    const { port } = await serve(address, serving);
    const link = await connect(address, connecting);
    expect(await link.ready(WAIT_NS)).toBe(true);
    return [link.port.medium, port.medium];
  };
  const UNWANTED = "stream (memory is not wanted here)";

  test("is memory where both can map it, else the stream, and both say the same reason", async () => {
    const mapped = libc.ok
      ? `mapped memory (${libc.value.futex === undefined ? "polling" : "futex"})`
      : `stream (${libc.why})`;
    expect(await media("auto", "auto")).toEqual([mapped, mapped]);
    expect(await media("stream", "auto")).toEqual([UNWANTED, UNWANTED]);
    const refused = libc.ok ? UNWANTED : `stream (${libc.why})`;
    expect(await media("auto", "stream")).toEqual([refused, refused]);
  });

  test("is nothing where nobody expects the link, and the port says so; frames are refused meanwhile", async () => {
    const address = newAddress();
    const { links } = await serve(address, "stream");
    const wrong = (await linksOf("stream")).connect({ address, link: "beta/wire/eth7" });
    closers.push(() => wrong.close());
    await until(() => wrong.port.medium === "down (nobody expects the link beta/wire/eth7 here)");
    expect(wrong.port.send(bytesOf(1), meta(1))).toBe(false);
    expect(wrong.port.counts).toMatchObject({ sent: 0, full: 1 });
    links.expect("beta/wire/eth7");
    expect(await wrong.ready(WAIT_NS)).toBe(true);
  });

  test("is nothing where nobody listens, or at an address that is none", async () => {
    const link = await connect(newAddress(), "stream");
    expect(await link.ready(50e6)).toBe(false);
    expect(link.port.medium).toMatch(/^down \(.+\)$/);
    expect((await connect("nowhere", "stream")).port.medium).toContain("nowhere is no address");
  });
});

describe("the ring faults of a link between processes", () => {
  const faultsOf = (port: FramePort & { readonly faults?: RingFaults | undefined }) => port.faults;

  (libc.ok ? test : test.skip)(
    "are those of its ring; none while it is down, and none of a former ring strikes or mends anything",
    async () => {
      const address = newAddress();
      const { port, server, links } = await serve(address, "auto");
      expect(faultsOf(port)).toBeUndefined();
      const link = await connect(address, "auto");
      expect(await link.ready(WAIT_NS)).toBe(true);
      const seen: number[] = [];
      port.receive(({ frame }) => void seen.push(frame));
      // Its reader has to sleep before, so that it is woken by what is wrong.
      link.port.send(bytesOf(1), meta(1));
      link.port.flush();
      await until(() => seen.length === 1);
      const faults = faultsOf(link.port);
      link.port.send(bytesOf(2), meta(2));
      const mend = faults?.writeTail(1 << 20);
      await until(() => port.counts.wrong === 1);
      mend?.();
      link.port.flush();
      await until(() => seen.length === 2);
      const giveBack = faultsOf(port)?.withholdRelease();
      links.close();
      await server.close(0);
      await until(() => link.port.medium.startsWith("down"));
      expect([faultsOf(port), faultsOf(link.port)]).toEqual([undefined, undefined]);
      // Their memory is gone by now.
      faults?.writeTail(1);
      mend?.();
      giveBack?.();
    },
  );

  test("are none where a stream carries it", async () => {
    const address = newAddress();
    const { port } = await serve(address, "stream");
    const link = await connect(address, "stream");
    expect(await link.ready(WAIT_NS)).toBe(true);
    expect([faultsOf(port), faultsOf(link.port)]).toEqual([undefined, undefined]);
  });
});

describe("an offer", () => {
  /** Opens a stream and says this on it first; answers what the server says, or why it ended. */
  async function say(first: object, memory: Memory = "auto"): Promise<string> {
    const address = newAddress();
    await serve(address, memory);
    const client = new Client(address, credentials.createInsecure());
    closers.push(() => client.close());
    const carrier = openCarrier(client, protos);
    return new Promise((resolve) => {
      carrier.listen({
        message: ({ answer }) => resolve(`${answer?.medium ?? "nothing"}: ${answer?.reason ?? ""}`),
        ended: resolve,
      });
      carrier.write({ frames: [], ...first });
    });
  }
  const offering = (memory: object): object => ({ offer: { link: LINK, why_stream: "", memory } });
  const NONE = { path: "no/such/file", token: 1, ring_bytes: 4096, bell: "" };

  (libc.ok ? test : test.skip)(
    "of memory that is not what it says is answered with the stream, and the reason",
    async () => {
      const calls = value(libc);
      expect(await say(offering(NONE))).toMatch(/^stream: the memory cannot be opened: (Error: )?ENOENT/);
      expect(await say(offering({ ...NONE, ring_bytes: 2 ** 31 }))).toMatch(
        /^stream: a ring of 2147483648 bytes is more/,
      );
      const memory = value(createLinkMemory(calls, 4096, 77));
      closers.push(() => memory.forget());
      const { path } = memory;
      const offered = { path, token: 77, ring_bytes: 4096, bell: "" };
      expect(await say(offering({ ...offered, token: 78 }))).toContain("its token differs");
      expect(await say(offering({ ...offered, ring_bytes: 8192 }))).toContain("a link of this size has 20480");
      expect(await say(offering({ ...offered, bell: "no/bell" }))).toMatch(/^stream: the bell cannot be opened/);
      // Everything is right but for the rings, which nobody has made in it.
      expect(await say(offering(offered))).toBe("stream: there is no ring here, or one of another byte order");
    },
  );

  test("that names no link, or cannot be read, is refused", async () => {
    expect(await say({})).toBe("refused: the first message offers no link");
    expect(await say({ offer: { link: "x", why_stream: "" } })).toBe("refused: nobody expects the link x here");
    const address = newAddress();
    await serve(address, "stream");
    const client = new Client(address, credentials.createInsecure());
    closers.push(() => client.close());
    const raw = client.makeBidiStreamRequest(
      "/tenon.frames.v1.FrameService/Carry",
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
    );
    const ended = new Promise<string>((resolve) => raw.on("error", (error: Error) => resolve(error.message)));
    raw.resume();
    raw.write(Buffer.from([0x0a, 0x7f, 1]));
    expect(await ended).toContain("what came cannot be read: it ends in the middle of a field");
  });

  test("of a new connection takes the place of the old one, whose end is then nothing to this link", async () => {
    const address = newAddress();
    const { port } = await serve(address, "stream");
    const first = await connect(address, "stream");
    expect(await first.ready(WAIT_NS)).toBe(true);
    const client = new Client(address, credentials.createInsecure());
    closers.push(() => client.close());
    const second = openCarrier(client, protos);
    const answer = new Promise((resolve) => second.listen({ message: resolve, ended: resolve }));
    second.write({ frames: [], offer: { link: LINK, origin: 0, why_stream: "I am new" } });
    await answer;
    expect(port.medium).toBe("stream (I am new)");
  });
});

describe("a peer in a process of its own", () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

  function start(job: FramePeerJob): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL("./frames-peer.js", import.meta.url)), {
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    children.push(child);
    child.send(job);
    return new Promise((resolve) => child.once("message", () => resolve(child)));
  }

  test.each(["auto", "stream"] as const)(
    "sends back what it gets; killed, its link goes down; started anew, it goes on (%s)",
    async (memory) => {
      const address = newAddress();
      const job = { address, link: LINK, memory };
      const first = await start(job);
      const link = await connect(address, memory);
      const seen: number[] = [];
      link.port.receive(({ frame }) => void seen.push(frame));
      expect(await link.ready(WAIT_NS)).toBe(true);
      for (let n = 0; n < 100; n++) link.port.send(bytesOf(n), meta(n));
      link.port.flush();
      await until(() => seen.length === 100);
      expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
      first.kill("SIGKILL");
      await until(() => link.port.medium.startsWith("down"));
      expect(link.port.send(bytesOf(1), meta(1))).toBe(false);
      await start(job);
      await until(() => !link.port.medium.startsWith("down"));
      expect(link.port.send(bytesOf(1), meta(500))).toBe(true);
      link.port.flush();
      await until(() => seen.includes(500));
      expect(link.port.counts).toMatchObject({ sent: 101, received: 101, wrong: 0 });
    },
    20_000,
  );
});
