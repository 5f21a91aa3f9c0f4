import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { outermost } from "../../services/abi/context.ts";
import { AF, EVL_NEIGH, EVL_SOCKIOC, MSG, POLL, SOCK } from "../../services/abi/flags.ts";
import { BufferPool, poolSizes } from "../../services/companion/model/buffer-pool.ts";
import { PriorityQueue } from "../../services/companion/model/priority-queue.ts";
import { WriteRoom } from "../../services/companion/model/write-room.ts";
import { drained, outcomeOf } from "./harness.ts";
import { createNetStory, macBytes, sockaddr, THERE, utf8, type NetOptions, type NetStory } from "./net-harness.ts";

const SEED = 6;
const SECOND = 1_000_000_000;

describe("the sizes of a pool", () => {
  const of = (pool = 0, buffer_bytes = 0, mtu = 1500, loopback = false) =>
    poolSizes({ pool, buffer_bytes, mtu, loopback });

  test("are 2048 buffers of a page by default, more pages where the MTU needs them, and one on loopback", () => {
    expect(of()).toEqual({ ok: true, value: { buffers: 2048, bufferBytes: 4096 } });
    expect(of(0, 0, 9000)).toEqual({ ok: true, value: { buffers: 2048, bufferBytes: 12_288 } });
    expect(of(0, 0, 65_536, true)).toEqual({ ok: true, value: { buffers: 2048, bufferBytes: 4096 } });
  });

  test("are whole pages, four at most, and 32768 buffers at most", () => {
    expect(of(7, 4097)).toEqual({ ok: true, value: { buffers: 7, bufferBytes: 8192 } });
    expect(of(32_768, 16_384).ok).toBe(true);
    expect([of(32_769), of(1, 16_385), of(0, 0, 16_385)].map(({ ok }) => ok)).toEqual([false, false, false]);
  });
});

describe("whoever waits", () => {
  const waiters = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 20 });

  test("is served by priority, and among equals in the order of arrival", () => {
    fc.assert(
      fc.property(waiters, (priorities) => {
        const queue = new PriorityQueue<number>();
        for (const [n, priority] of priorities.entries()) queue.add(n, priority);
        const wanted = [...priorities.keys()].sort((a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0) || a - b);
        expect(queue.waiting()).toEqual(wanted);
      }),
      { seed: SEED },
    );
  });

  test("for a buffer gets it in the step that gives it back: none is free while somebody waits, and none is lost", () => {
    const steps = fc.array(fc.record({ take: fc.boolean(), priority: fc.integer({ min: 0, max: 3 }) }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), steps, (buffers, program) => {
        const pool = new BufferPool<{ readonly priority: number }>({ buffers, bufferBytes: 4096 });
        let held = 0;
        for (const { take, priority } of program) {
          const waiting = pool.waiting();
          if (take && pool.take()) held += 1;
          else if (take) pool.wait({ priority }, priority);
          else if (held > 0) {
            const served = pool.release();
            if (served === undefined) held -= 1;
            else expect(served.priority).toBe(Math.max(...waiting.map((one) => one.priority)));
          }
          expect(pool.taken).toBe(held);
          expect(pool.free === 0 || pool.waiting().length === 0).toBe(true);
        }
      }),
      { seed: SEED },
    );
  });

  test("for room is charged in the step that makes it; what is charged is what was not given back", () => {
    const steps = fc.array(fc.record({ send: fc.boolean(), bytes: fc.integer({ min: 1, max: 50 }) }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), steps, (limit, program) => {
        const room = new WriteRoom<{ readonly bytes: number }>(limit);
        const under: number[] = [];
        for (const { send, bytes } of program) {
          if (send && room.hasRoom) {
            room.charge(bytes);
            under.push(bytes);
          } else if (send) room.wait({ bytes }, bytes, bytes % 3);
          else {
            const gone = under.shift();
            if (gone !== undefined) for (const granted of room.uncharge(gone)) under.push(granted.bytes);
          }
          expect(room.charged).toBe(under.reduce((sum, one) => sum + one, 0));
          expect(room.hasRoom && room.waiting().length > 0).toBe(false);
          if (limit === 0) expect(room.hasRoom).toBe(true);
        }
      }),
      { seed: SEED },
    );
  });
});

/** A core whose one way leads over a port with few buffers, and whose link has room when it is told so. */
async function narrow(pool: number, options: NetOptions = {}): Promise<NetStory & { open: (is: boolean) => void }> {
  let room = false;
  const story = await createNetStory({ room: () => room, ...options });
  await story.port("eth0", { pool });
  await story.udp(5, "10.0.0.1:7000");
  const way = { source: "10.0.0.1", dev: "eth0", mtu: 1500, gateway: false, broadcast: false, forget: false };
  await story.call("oob_route_learn", { ...way, destination: "10.0.0.2", nexthop: "10.0.0.2" });
  await story.call("oob_neighbour_update", {
    dev: "eth0",
    address: "10.0.0.2",
    mac: macBytes(THERE),
    reachable: true,
  });
  return { ...story, open: (is) => (room = is) };
}

async function sendAs(story: NetStory, task: string, timeout_ns = 0, flags = 0): Promise<number | string> {
  const args = { fd: 5, data: utf8(task), flags, addr: sockaddr("10.0.0.2:9000"), timeout_ns };
  const sent = await story.call("oob_sendmsg", args, outermost(task, 1, "oob"));
  return sent.ok ? sent.value.count : sent.errno;
}

const attach = (story: NetStory, task: string, priority: number): Promise<unknown> =>
  story.call("oob_attach_thread", { cap_sys_nice: true, priority }, outermost(task, 1));

describe("a pool that is empty", () => {
  test("keeps senders waiting; a buffer goes to the highest priority, however late it came", async () => {
    const story = await narrow(1);
    for (const [task, priority] of [
      ["low", 1],
      ["high", 90],
      ["mid", 50],
    ] as const)
      await attach(story, task, priority);
    expect(await sendAs(story, "rt")).toBe(2);
    const all = ["low", "high", "mid"].map((task) => sendAs(story, task));
    await drained();
    expect(story.facts("pool_wait")).toHaveLength(3);
    story.open(true);
    story.clock.advance(SECOND);
    expect(await Promise.all(all)).toEqual([3, 4, 3]);
    expect(story.facts("pool_wake").map((line) => /task=(\w+)/.exec(line)?.[1])).toEqual(["high", "mid", "low"]);
  });

  test("is EAGAIN for who must not wait, and ETIMEDOUT at its date for who may", async () => {
    const story = await narrow(1);
    await sendAs(story, "rt");
    expect(await sendAs(story, "rt", 0, MSG.MSG_DONTWAIT)).toBe("EAGAIN");
    expect(story.facts("pool_empty")).toHaveLength(1);
    const late = sendAs(story, "rt", 500);
    expect(await outcomeOf(late)).toBe("asleep");
    story.clock.advance(500);
    expect(await late).toBe("ETIMEDOUT");
    expect(story.companion.listNetwork().oob_devices[0]).toMatchObject({ tx_nomem: 1, skb_free: 0, skb_total: 1 });
  });

  test("a buffer that comes back wakes who polls for it", async () => {
    const story = await narrow(1);
    await story.connect(5, "10.0.0.2:9000", "10.0.0.1:7000");
    await sendAs(story, "rt");
    const polled = story.poll(5, POLL.POLLOUT);
    expect(await outcomeOf(polled)).toBe("asleep");
    story.open(true);
    story.clock.advance(SECOND);
    expect(await polled).toBe(POLL.POLLOUT);
  });

  test("the end of the last port wakes who waits, drops what is queued, and then alone ends the diversion", async () => {
    const off: number[] = [];
    const story: NetStory = await narrow(1, {
      hooks: {
        netif_disable_oob_diversion: async () => {
          off.push(story.facts("tx_stop").length);
          return { kind: "returned", value: {} };
        },
      },
    });
    await sendAs(story, "rt");
    const waits = sendAs(story, "rt");
    await drained();
    expect(await story.port("eth0", { enabled: false })).toBe("ok");
    expect(await waits).toBe("EPIPE");
    expect(off).toEqual([1]);
    const order = story.facts("port_disable", "pool_wake", "tx_done", "tx_stop", "pool_purge");
    expect(order.map((line) => line.split(" ")[0])).toEqual([
      "port_disable",
      "pool_wake",
      "tx_done",
      "tx_stop",
      "pool_purge",
    ]);
    expect(order.at(-1)).toBe("pool_purge dev=eth0 buffers=1 taken=0");
  });

  test("a device that takes nothing for five seconds loses what waits for it", async () => {
    const story = await narrow(4);
    await sendAs(story, "rt");
    await drained();
    for (let ms = 0; ms < 6000; ms += 1) {
      story.clock.advance(1_000_000);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(story.facts("tx_done")).toEqual([expect.stringContaining("fate=tx_timeout")]);
    expect(story.companion.listNetwork().oob_devices[0]).toMatchObject({ tx_packets: 0, skb_free: 4 });
  });
});

describe("what is charged to a socket", () => {
  test("keeps its release waiting until the device has it", async () => {
    const story = await narrow(4);
    await sendAs(story, "rt");
    const released = story.release(5);
    expect(await outcomeOf(released)).toBe("asleep");
    expect(story.facts("drain_wait")).toHaveLength(1);
    story.open(true);
    story.clock.advance(SECOND);
    expect(await released).toBe("ok");
    expect(story.facts("tx_done", "sk_release").map((line) => line.split(" ")[0])).toEqual(["tx_done", "sk_release"]);
  });

  test("is bounded by SO_SNDBUF: the next one waits, and goes first by its priority", async () => {
    const story = await narrow(8);
    const options = { broadcast: false, bound_ifindex: 0, rcvbuf: 0, pmtudisc: 1, reuse_port: false };
    await story.call("oob_sock_options", { sk: 5, oob_data: story.oobData(5), ...options, sndbuf: 200 });
    await attach(story, "low", 1);
    await attach(story, "high", 90);
    await sendAs(story, "rt");
    const all = [sendAs(story, "low"), sendAs(story, "high")];
    await drained();
    expect(await sendAs(story, "rt", 0, MSG.MSG_DONTWAIT)).toBe("EAGAIN");
    story.open(true);
    story.clock.advance(SECOND);
    expect(await Promise.all(all)).toEqual([3, 4]);
    expect(story.facts("room_wake").map((line) => /task=(\w+)/.exec(line)?.[1])).toEqual(["high", "low"]);
    expect(story.facts("tx_queue")).toHaveLength(3);
    expect(story.companion.listNetwork().oob_devices[0]).toMatchObject({ tx_packets: 3, skb_free: 8 });
  });
});

describe("a datagram in pieces", () => {
  test("takes a buffer for each, so that a pool of one is enough if it may wait", async () => {
    const story = await narrow(1);
    story.open(true);
    const data = new Uint8Array(4000);
    expect(await story.send(5, data, "10.0.0.2:9000", { flags: MSG.MSG_DONTWAIT })).toBe("EAGAIN");
    expect(story.sent).toEqual([]);
    expect(await story.send(5, data, "10.0.0.2:9000")).toBe(4000);
    await drained();
    expect(story.sent).toHaveLength(3);
  });
});

describe("the loopback port", () => {
  test("what is sent there is offered to the core itself, which receives it", async () => {
    const story = await createNetStory();
    const lo = { dev: "lo", ifindex: 1, real: "lo", mac: new Uint8Array(6), mtu: 65_536 };
    expect(await story.port("lo", lo)).toBe("ok");
    await story.udp(5, "127.0.0.1:7000");
    const way = { source: "127.0.0.1", dev: "lo", mtu: 65_536, gateway: false, broadcast: false, forget: false };
    await story.call("oob_route_learn", { ...way, destination: "127.0.0.1", nexthop: "127.0.0.1" });
    expect(await story.send(5, "ping", "127.0.0.1:7000")).toBe(4);
    expect(await story.receive(5)).toBe("ping from 127.0.0.1:7000");
    expect(story.facts("oob_xmit")).toEqual([expect.stringContaining("path=loopback")]);
    expect(await story.port("lo", { ...lo, enabled: false })).toBe("ok");
  });

  test("what the core does not take there goes on in-band", async () => {
    const story = await createNetStory();
    await story.port("lo", { dev: "lo", ifindex: 1, real: "lo", mac: new Uint8Array(6), mtu: 65_536 });
    await story.attach(5, { family: AF.AF_PACKET, type: SOCK.SOCK_RAW });
    const arp = new Uint8Array(60);
    arp.set([0x08, 0x06], 12);
    expect(await story.send(5, arp, "packet/1/ETH_P_ARP")).toBe(60);
    await drained();
    expect(story.sent.map(({ link, meta }) => [link, meta.flags])).toEqual([["relay", 1]]);
  });
});

describe("EVL_SOCKIOC_SOLICIT", () => {
  const argument = (flags: number, addr: string): Uint8Array => Uint8Array.from([flags, 0, 0, 0, ...sockaddr(addr)]);

  test.each([
    ["a peer", EVL_NEIGH.EVL_NEIGH_PERMANENT, "10.0.0.2:9", "ok"],
    ["a flag that there is not", 4, "10.0.0.2:9", "EINVAL"],
    ["an address of another family", 0, "packet/1/ETH_P_IP", "EAFNOSUPPORT"],
    ["nobody that there is a way to", 0, "10.9.9.9:9", "ENETUNREACH"],
  ])("%s", async (_what, flags, addr, errno) => {
    const asked: string[] = [];
    const story = await createNetStory({
      hooks: {
        inband_solicit: async (_context, { address, permanent, may_route }) => {
          asked.push(`${address} ${permanent} ${may_route}`);
          return address === "10.0.0.2" ? { kind: "returned", value: {} } : { kind: "refused", errno: "ENETUNREACH" };
        },
      },
    });
    await story.udp(5, "10.0.0.1:7000");
    const cmd = EVL_SOCKIOC.EVL_SOCKIOC_SOLICIT;
    const redirect = { sk: 5, oob_data: story.oobData(5), cmd, arg: argument(flags, addr) };
    expect(await story.told("sock_inband_ioctl_redirect", redirect)).toBe(errno);
    if (errno === "ok") expect(asked).toEqual(["10.0.0.2 true false"]);
  });
});
