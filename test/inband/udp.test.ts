import { describe, expect, test } from "@jest/globals";
import { INADDR_ANY } from "../../services/abi/packet/ipv4-address.ts";
import { ReceiveQueue } from "../../services/inband/model/receive-queue.ts";
import type { Flow } from "../../services/inband/model/udp/lookup.ts";
import { newUdpSocket, type UdpSocket } from "../../services/inband/model/udp/socket.ts";
import { UdpTable } from "../../services/inband/model/udp/table.ts";
import { ip } from "./stack-harness.ts";

const HERE = ip("192.0.2.1");
const PEER = { address: ip("192.0.2.2"), port: 4000 };
const flow = (more: Partial<Flow> = {}): Flow => ({ from: PEER, to: { address: HERE, port: 80 }, ifindex: 2, ...more });

/** A table and a way to make sockets in it. */
function sockets(choose = 0): { table: UdpTable; socket: (more?: Partial<UdpSocket>) => UdpSocket } {
  const table = new UdpTable(() => choose);
  let sk = 0;
  return { table, socket: (more = {}) => table.add({ ...newUdpSocket(++sk), ...more }) };
}

describe("bind", () => {
  const clash = (a: Partial<UdpSocket>, atA: string, b: Partial<UdpSocket>, atB: string): boolean => {
    const { table, socket } = sockets();
    expect(table.bind(socket(a), { address: ip(atA), port: 80 }).ok).toBe(true);
    const second = table.bind(socket(b), { address: ip(atB), port: 80 });
    if (!second.ok) expect(second.errno).toBe("EADDRINUSE");
    return !second.ok;
  };

  test("one port, one socket: unless addresses or devices differ, or both allow it", () => {
    expect(clash({}, "192.0.2.1", {}, "192.0.2.1")).toBe(true);
    expect(clash({}, "192.0.2.1", {}, "192.0.2.9")).toBe(false);
    expect(clash({}, "0.0.0.0", {}, "192.0.2.1")).toBe(true);
    expect(clash({}, "192.0.2.1", {}, "0.0.0.0")).toBe(true);
    expect(clash({ ifindex: 2 }, "0.0.0.0", { ifindex: 3 }, "0.0.0.0")).toBe(false);
    expect(clash({ ifindex: 2 }, "0.0.0.0", {}, "0.0.0.0")).toBe(true);
    expect(clash({ reuseAddress: true }, "0.0.0.0", { reuseAddress: true }, "0.0.0.0")).toBe(false);
    expect(clash({ reuseAddress: true }, "0.0.0.0", {}, "0.0.0.0")).toBe(true);
    expect(clash({ reusePort: true }, "0.0.0.0", { reusePort: true }, "0.0.0.0")).toBe(false);
    expect(clash({ reusePort: true }, "0.0.0.0", { reuseAddress: true }, "0.0.0.0")).toBe(true);
  });

  test("a second bind is EINVAL, a refused one leaves nothing behind, an undone one frees the port", () => {
    const { table, socket } = sockets();
    const [a, b] = [socket(), socket()];
    table.bind(a, { address: HERE, port: 80 });
    expect(table.bind(a, { address: HERE, port: 81 })).toEqual({ ok: false, errno: "EINVAL" });
    expect(table.bind(b, { address: HERE, port: 80 })).toEqual({ ok: false, errno: "EADDRINUSE" });
    expect(b.local).toEqual({ address: INADDR_ANY, port: 0 });
    table.unbind(a);
    expect(table.bind(b, { address: HERE, port: 80 }).ok).toBe(true);
    table.close(b.sk);
    expect(table.bind(a, { address: HERE, port: 80 }).ok).toBe(true);
  });

  test("an ephemeral port is the chosen one or the next free one, and wraps around", () => {
    const { table, socket } = sockets(28_231);
    const ports = [socket(), socket()].map((one) => table.bind(one, { address: INADDR_ANY, port: 0 }));
    expect(ports).toMatchObject([{ value: { port: 60_999 } }, { value: { port: 32_768 } }]);
  });

  test("when all are taken bind is EADDRINUSE, and a send EAGAIN", () => {
    const { table, socket } = sockets();
    for (let port = 32_768; port <= 60_999; port++) table.bind(socket(), { address: INADDR_ANY, port });
    expect(table.bind(socket(), { address: INADDR_ANY, port: 0 })).toEqual({ ok: false, errno: "EADDRINUSE" });
    expect(table.autobind(socket())).toEqual({ ok: false, errno: "EAGAIN" });
  });

  test("a disconnect takes back what connect chose, and leaves what bind asked for", () => {
    const { table, socket } = sockets();
    const [loose, port, both] = [socket(), socket(), socket()];
    table.autobind(loose);
    table.bind(port, { address: INADDR_ANY, port: 80 });
    table.bind(both, { address: HERE, port: 81 });
    for (const one of [loose, port, both]) {
      table.connect(one, PEER, HERE);
      expect(one.local.address).toBe(HERE);
      table.disconnect(one);
      expect(one.peer).toBeUndefined();
    }
    expect(loose.local).toEqual({ address: INADDR_ANY, port: 0 });
    expect(port.local).toEqual({ address: INADDR_ANY, port: 80 });
    expect(both.local).toEqual({ address: HERE, port: 81 });
    expect(table.lookup(flow())).toBe(port);
  });
});

describe("lookup", () => {
  test("the exact address beats any, a peer beats a device, a device beats neither, and the youngest wins a draw", () => {
    const { table, socket } = sockets();
    const shared = { reuseAddress: true };
    const bind = (more: Partial<UdpSocket>, address = INADDR_ANY): UdpSocket => {
      const one = socket({ ...shared, ...more });
      table.bind(one, { address, port: 80 });
      return one;
    };
    bind({});
    const younger = bind({});
    expect(table.lookup(flow())).toBe(younger);
    const onDevice = bind({ ifindex: 2 });
    bind({});
    expect(table.lookup(flow())).toBe(onDevice);
    expect(table.lookup(flow({ ifindex: 3 }))).not.toBe(onDevice);
    const connected = bind({ peer: PEER });
    expect(table.lookup(flow())).toBe(connected);
    expect(table.lookup(flow({ from: { ...PEER, port: 1 } }))).toBe(onDevice);
    const exact = bind({}, HERE);
    expect(table.lookup(flow())).toBe(exact);
    expect(table.lookup(flow({ to: { address: HERE, port: 81 } }))).toBeUndefined();
    expect(table.lookupAll(flow())).toHaveLength(6);
    expect(table.lookupAll(flow({ ifindex: 3 }))).toHaveLength(5);
  });

  test("a SO_REUSEPORT group shares flows out, and each flow keeps its socket", () => {
    const { table, socket } = sockets();
    for (let made = 0; made < 4; made++) table.bind(socket({ reusePort: true }), { address: INADDR_ANY, port: 80 });
    const got = Array.from({ length: 200 }, (_, port) => table.lookup(flow({ from: { ...PEER, port } })));
    expect(new Set(got).size).toBe(4);
    expect(table.lookup(flow({ from: { ...PEER, port: 7 } }))).toBe(got[7]);
  });
});

test("a receive queue takes one beyond its bytes, counts what it drops, and has room again when it is read", () => {
  const queue = new ReceiveQueue<string>(1000);
  expect([queue.push("a", 700), queue.push("b", 700), queue.push("c", 1)]).toEqual([true, true, false]);
  expect([queue.length, queue.drops, queue.bytes]).toEqual([2, 1, 1912]);
  expect([queue.peek(), queue.shift()]).toEqual(["a", "a"]);
  expect(queue.push("d", 1)).toBe(true);
  expect([queue.shift(), queue.shift(), queue.shift(), queue.bytes]).toEqual(["b", "d", undefined, 0]);
});
