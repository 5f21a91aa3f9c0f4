import { describe, expect, test } from "@jest/globals";
import { Listener } from "../../services/inband/model/tcp/listener.ts";
import { LINUX } from "../../services/inband/model/tcp/settings.ts";
import { newTcpSocket, type Flavour, type TcpSocket } from "../../services/inband/model/tcp/socket.ts";
import { TcpTable } from "../../services/inband/model/tcp/table.ts";
import { ip } from "./stack-harness.ts";

const KEY = { k0Low: 1, k0High: 2, k1Low: 3, k1High: 4 };
const ANY = "0.0.0.0";
const [A, B] = ["192.0.2.1", "192.0.2.2"];

/** What binds one after the other at port 80, and what the last one is answered. */
interface Binder extends Partial<Pick<TcpSocket, "reuseAddress" | "reusePort" | "exclusiveBind" | "t" | "ifindex">> {
  readonly at: string;
}

function bindAll(flavour: Flavour, ...binders: readonly Binder[]): string {
  const table = new TcpTable(KEY);
  let last = "";
  for (const [i, { at, ...options }] of binders.entries()) {
    const socket = Object.assign(newTcpSocket(i + 1, flavour, LINUX), options, { t: "closed" });
    const bound = table.bind(table.add(socket), { address: ip(at), port: 80 });
    last = bound.ok ? "bound" : bound.errno;
    socket.t = options.t ?? "closed";
  }
  return last;
}

describe("who may bind a port that somebody has", () => {
  test("Linux: any address is everybody's address, another address is another place", () => {
    expect(bindAll("linux", { at: A }, { at: A })).toBe("EADDRINUSE");
    expect(bindAll("linux", { at: A }, { at: ANY })).toBe("EADDRINUSE");
    expect(bindAll("linux", { at: ANY }, { at: A })).toBe("EADDRINUSE");
    expect(bindAll("linux", { at: A }, { at: B })).toBe("bound");
    expect(bindAll("linux", { at: A, ifindex: 2 }, { at: A, ifindex: 3 })).toBe("bound");
  });

  test("Linux: SO_REUSEADDR on both helps, unless the other one listens", () => {
    const [mine, theirs] = [{ at: A, reuseAddress: true }, { at: A }];
    expect(bindAll("linux", theirs, mine)).toBe("EADDRINUSE");
    expect(bindAll("linux", mine, mine)).toBe("bound");
    expect(bindAll("linux", { ...mine, t: "connection" }, mine)).toBe("bound");
    expect(bindAll("linux", { ...mine, t: "listen" }, mine)).toBe("EADDRINUSE");
  });

  test("Linux: SO_REUSEPORT on both helps, also with one that listens", () => {
    const mine = { at: A, reusePort: true };
    expect(bindAll("linux", { ...mine, t: "listen" }, mine)).toBe("bound");
    expect(bindAll("linux", { at: A, t: "listen" }, mine)).toBe("EADDRINUSE");
  });

  test("illumos: with SO_REUSEADDR only the very same address of a bound or listening socket is in the way", () => {
    const mine = { at: A, reuseAddress: true };
    expect(bindAll("illumos", { at: A }, mine)).toBe("EADDRINUSE");
    expect(bindAll("illumos", { at: A, t: "listen" }, mine)).toBe("EADDRINUSE");
    expect(bindAll("illumos", { at: A, t: "connection" }, mine)).toBe("bound");
    expect(bindAll("illumos", { at: ANY, t: "listen" }, mine)).toBe("bound");
    expect(bindAll("illumos", { at: ANY }, { at: A })).toBe("EADDRINUSE");
    expect(bindAll("illumos", { at: A, t: "connection" }, { at: A })).toBe("EADDRINUSE");
  });

  test("illumos: SO_EXCLBIND of either side forbids every overlap", () => {
    expect(bindAll("illumos", { at: ANY, exclusiveBind: true }, { at: A, reuseAddress: true })).toBe("EADDRINUSE");
    expect(bindAll("illumos", { at: ANY }, { at: A, reuseAddress: true, exclusiveBind: true })).toBe("EADDRINUSE");
    expect(bindAll("illumos", { at: B, exclusiveBind: true }, { at: A, exclusiveBind: true })).toBe("bound");
  });

  test("a port of the table's choice is one that is free, out of the flavour's range", () => {
    const table = new TcpTable(KEY);
    const ports = new Set<number>();
    for (let sk = 1; sk <= 300; sk++) {
      const socket = table.add(newTcpSocket(sk, sk % 2 === 0 ? "linux" : "illumos", LINUX));
      const bound = table.bind(socket, { address: ip(ANY), port: 0 });
      if (bound.ok) ports.add(bound.value.port);
    }
    expect(ports.size).toBe(300);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(32_768);
    expect(Math.max(...ports)).toBeLessThanOrEqual(65_535);
  });

  test("what is unbound or removed leaves the port free, and what is bound is bound once", () => {
    const table = new TcpTable(KEY);
    const [one, two] = [table.add(newTcpSocket(1, "linux", LINUX)), table.add(newTcpSocket(2, "linux", LINUX))];
    const at = { address: ip(A), port: 80 };
    expect(table.bind(one, at).ok).toBe(true);
    expect(table.bind(one, at)).toMatchObject({ errno: "EINVAL" });
    expect(table.bind(two, at)).toMatchObject({ errno: "EADDRINUSE" });
    table.unbind(one);
    expect(table.bind(two, at).ok).toBe(true);
    table.remove(two);
    expect(table.bind(one, at).ok).toBe(true);
  });
});

describe("who gets a SYN", () => {
  const flow = (to: string, ifindex = 1): Parameters<TcpTable["listener"]>[0] => ({
    from: { address: ip("198.51.100.1"), port: 9 },
    to: { address: ip(to), port: 80 },
    ifindex,
  });

  test("the socket of that address before the one of any; one of the device before one of every device", () => {
    const table = new TcpTable(KEY);
    const listening = (sk: number, at: string, ifindex = 0): TcpSocket => {
      const socket = Object.assign(newTcpSocket(sk, "linux", LINUX), { ifindex, reusePort: true });
      table.bind(table.add(socket), { address: ip(at), port: 80 });
      socket.t = "listen";
      table.listens(socket);
      return socket;
    };
    const any = listening(1, ANY);
    const mine = listening(2, A);
    expect(table.listener(flow(A))).toBe(mine);
    expect(table.listener(flow(B))).toBe(any);
    const device = listening(3, ANY, 7);
    expect(table.listener(flow(B, 7))).toBe(device);
    expect(table.listener(flow(A, 7))).toBe(mine);
    table.unlisten(mine);
    expect(table.listener(flow(A))).toBe(any);
  });
});

describe("the queues of a listening socket", () => {
  test("what is complete is accepted in the order of completion, and no more than fit", () => {
    const listener = new Listener<string>({ queueMax: 2, synQueueMax: 8 });
    for (const socket of ["a", "b", "c"]) listener.begin(socket);
    listener.complete("b");
    expect(listener.full).toBe(false);
    listener.complete("a");
    expect(listener.full).toBe(true);
    expect([listener.accept(), listener.accept(), listener.accept()]).toEqual(["b", "a", undefined]);
    expect(listener.halfOpen).toBe(1);
  });

  test("a flood of SYNs costs the oldest handshakes, a bounded amount, and never what is complete", () => {
    const listener = new Listener<number>({ queueMax: 2, synQueueMax: 3 });
    listener.begin(0);
    listener.complete(0);
    const evicted = [1, 2, 3, 4, 5].map((socket) => listener.begin(socket));
    expect(evicted).toEqual([undefined, undefined, undefined, 1, 2]);
    expect(listener.halfOpen).toBe(3);
    expect(listener.accept()).toBe(0);
    expect(listener.drop(1)).toBe(false);
    expect(listener.drop(4)).toBe(true);
    expect(listener.clear()).toEqual([3, 5]);
  });
});
