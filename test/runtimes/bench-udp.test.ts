import { expect, test } from "@jest/globals";
import type { Context } from "../../services/abi/context.ts";
import { SOCK } from "../../services/abi/flags.ts";
import { sockaddrText } from "../../services/abi/sockaddr.ts";
import type { PointName, PointValues } from "../../services/abi/contract.generated.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import type { UdpCalls } from "../../services/runtimes/bench/udp-ends.ts";
import { benchUdp } from "../../services/runtimes/bench/udp.ts";
import type { UdpWorld } from "../../services/runtimes/bench/udp-pairs.ts";

interface Datagram {
  readonly data: Uint8Array;
  readonly addr: Uint8Array;
}

/** A bound socket: what waits in it, and who waits for it. */
interface Mailbox {
  readonly addr: Uint8Array;
  readonly oob: boolean;
  readonly waiting: Datagram[];
}

const yes = <P extends PointName>(value: PointValues[P]): Reply<P> => ({ kind: "returned", value });
const never = new Promise<never>(() => undefined);
/** Turns that somebody waits for a datagram. */
const PATIENCE = 50;

/** Two nodes on a wire without a stack: what the benchmark asks of them, and how often it asked. */
function fakeWorld(loses: (carried: number) => boolean = () => false) {
  const boxes = new Map<string, Mailbox>();
  const asked = new Map<string, number>();
  const stages = new Set<string>();
  const ports = new Set<string>();
  let firstOut = true;
  let stopped = 0;
  let carried = 0;

  function callsOf(node: string): UdpCalls {
    const types = new Map<string, number>();
    const mine = new Map<string, Mailbox>();
    const count = (point: string, { stage }: Context): void => {
      asked.set(point, (asked.get(point) ?? 0) + 1);
      stages.add(`${point} ${stage}`);
    };
    const send = (task: string, data: Uint8Array, to: Uint8Array): void => {
      const from = mine.get(task);
      const box = boxes.get(sockaddrText(to));
      if (from === undefined || box === undefined || from.oob !== box.oob) throw new Error("a wrong address");
      carried++;
      if (loses(carried)) return;
      box.waiting.push({ data: Uint8Array.from(data), addr: from.addr });
    };
    const receive = async (task: string): Promise<Datagram | undefined> => {
      const box = mine.get(task);
      if (box === undefined) throw new Error("no such socket");
      // As over any road: never in the same turn.
      let turns = 0;
      do await new Promise((resolve) => setImmediate(resolve));
      while (box.waiting.length === 0 && ++turns < PATIENCE);
      return box.waiting.shift();
    };
    return {
      async sys_spawn(context) {
        count("sys_spawn", context);
        return yes<"sys_spawn">({ pid: 1, files: 1 });
      },
      async sys_socket(context, { type }) {
        count((type & SOCK.SOCK_OOB) === 0 ? "sys_socket" : "sys_socket with SOCK_OOB", context);
        types.set(context.task, type);
        return yes<"sys_socket">({ fd: 3 });
      },
      async sys_bind({ task }, { addr }) {
        const oob = ((types.get(task) ?? 0) & SOCK.SOCK_OOB) !== 0;
        const box: Mailbox = { addr, oob, waiting: [] };
        boxes.set(sockaddrText(addr), box);
        mine.set(task, box);
        return yes<"sys_bind">({});
      },
      sys_setsockopt: async () => yes<"sys_setsockopt">({}),
      async sys_sendto(context, { data, addr }) {
        count("sys_sendto", context);
        send(context.task, data, addr);
        return yes<"sys_sendto">({ count: data.length });
      },
      async sys_recvfrom(context) {
        count("sys_recvfrom", context);
        const came = await receive(context.task);
        if (came === undefined) return { kind: "refused", errno: "EAGAIN" };
        return yes<"sys_recvfrom">({ ...came, flags: 0, length: came.data.length });
      },
      async net_oob_port(context, { dev, enabled }) {
        count("net_oob_port", context);
        if (enabled) ports.add(`${node}/${dev}`);
        return yes<"net_oob_port">({});
      },
      async oob_attach_thread(context) {
        count("oob_attach_thread", context);
        return yes<"oob_attach_thread">({});
      },
      async oob_sendmsg(context, { data, addr }) {
        count("oob_sendmsg", context);
        send(context.task, data, addr);
        if (!firstOut) return yes<"oob_sendmsg">({ count: data.length });
        firstOut = false;
        return { kind: "refused", errno: "EINPROGRESS" };
      },
      async oob_recvmsg(context) {
        count("oob_recvmsg", context);
        const came = await receive(context.task);
        if (came === undefined) return { kind: "refused", errno: "ETIMEDOUT" };
        return yes<"oob_recvmsg">({
          ...{ ...came, flags: 0, length: came.data.length },
          ...{ controllen: 0, device_time_ns: 0, queuing_time_ns: 0, delivery_time_ns: 0 },
        });
      },
    };
  }

  const world: UdpWorld = {
    clock: { nowNs: () => 0, sleepNs: async () => undefined },
    nodes: new Map(["alpha", "beta"].map((name) => [name, { calls: callsOf(name) }])),
    drive: (program) => program(),
    stop: async () => {
      stopped++;
    },
  };
  return { world, asked, stages, ports, stopped: () => stopped };
}

const measuring = (stop = new AbortController().signal) => ({ seconds: 0.02, onProgress: () => undefined, stop });

test("each path is measured beside the floor, with one and with many datagrams in flight", async () => {
  const fake = fakeWorld();
  const { rows, notes } = await benchUdp([{ name: "embedded", boot: async () => fake.world }], measuring());
  expect(rows.map(({ what, inFlight, floor }) => [what, inFlight, floor])).toEqual([
    ["in-band path", 1, false],
    ["in-band path", 16, false],
    ["out-of-band path", 1, false],
    ["out-of-band path", 16, false],
    ["floor: a bare socket and a process", 1, true],
    ["floor: a bare socket and a process", 16, true],
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ bench: "udp", runtime: "embedded", bytes: 64 });
    expect(row.perSecond).toBeGreaterThan(0);
    expect(row.p50Ns).toBeLessThanOrEqual(row.p99Ns);
    // The histogram rounds to its buckets.
    expect(row.p99Ns).toBeLessThanOrEqual(1.01 * row.maxNs);
  }
  expect(notes).toHaveLength(2);
  // Out of band the ports are on, the threads attached, and the messages made from that stage.
  expect([...fake.ports]).toEqual(["alpha/eth0", "beta/eth0"]);
  expect(fake.asked.get("oob_attach_thread")).toBe(32);
  expect(fake.asked.get("sys_socket")).toBe(32);
  expect(fake.asked.get("sys_socket with SOCK_OOB")).toBe(32);
  expect([...fake.stages]).toEqual(expect.arrayContaining(["sys_sendto inband", "oob_sendmsg oob", "oob_recvmsg oob"]));
  expect(fake.stopped()).toBe(1);
});

test("a datagram that is lost is counted, and the benchmark goes on", async () => {
  const fake = fakeWorld((carried) => carried % 100 === 40);
  const { rows, notes } = await benchUdp([{ name: "simulated", boot: async () => fake.world }], measuring());
  expect(rows.filter(({ floor }) => !floor).reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
  expect(notes.filter((note) => /^simulated, .* path, \d+ in flight: \d+ round trips lost$/.test(note))).not.toEqual(
    [],
  );
  expect(fake.stopped()).toBe(1);
});

test("a world that loses every datagram ends the benchmark, and is stopped", async () => {
  const fake = fakeWorld(() => true);
  await expect(benchUdp([{ name: "simulated", boot: async () => fake.world }], measuring())).rejects.toThrow(
    /^simulated, in-band path: of \d+ datagrams none came back$/,
  );
  expect(fake.stopped()).toBe(1);
});

test("who stops it stops it before the next world is booted", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(benchUdp([{ name: "simulated", boot: () => never }], measuring(stop.signal))).rejects.toThrow(/abort/);
});
