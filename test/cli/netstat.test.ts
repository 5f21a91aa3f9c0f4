import { describe, expect, test } from "@jest/globals";
import type { House } from "../../services/abi/contract.generated.ts";
import type { Backend, Network } from "../../services/cli/backend.ts";
import { fakeControl, tenon } from "./fake.ts";

/** A device as one house of one node knows it, over what it has when nothing is said. */
const device = (
  at: readonly [node: string, house: House],
  dev: string,
  more: Partial<Network["devices"][number]>,
): Network["devices"][number] => ({
  dev,
  ifindex: 0,
  kind: "ethernet",
  mac: "",
  mtu: 0,
  state: [],
  addresses: [],
  below: "",
  driver: "",
  node: at[0],
  house: at[1],
  ...more,
});

const counter = (node: string, house: House, where: string, name: string, count: number) => ({
  where,
  name,
  count,
  node,
  house,
});

/** Two nodes; alpha has a VLAN over its eth0, and a socket that both the stack and the core know. */
const network: Network = {
  devices: [
    device(["alpha", "inband"], "lo", {
      ...{ ifindex: 1, kind: "loopback", mtu: 65_536, addresses: ["127.0.0.1/8"], state: ["UP", "LOWER_UP"] },
    }),
    device(["alpha", "inband"], "eth0", {
      ...{ ifindex: 2, mac: "02:00:00:00:00:01", mtu: 1500, addresses: ["10.0.0.1/24", "10.9.0.1/24"] },
      state: ["UP", "LOWER_UP"],
    }),
    device(["alpha", "inband"], "eth0.42", {
      ...{ ifindex: 3, kind: "vlan", mac: "02:00:00:00:00:01", mtu: 1500, below: "eth0" },
      state: ["UP", "LOWER_UP", "OOB_PORT"],
    }),
    device(["alpha", "nic"], "eth0", {
      ...{ kind: "nic", mac: "02:00:00:00:00:01", mtu: 1500, driver: "oob-capable", below: "lan" },
      state: ["UP", "DIVERSION"],
    }),
    device(["alpha", "nic"], "eth0>inband", { kind: "port", driver: "mapped memory (futex)", below: "inband" }),
    device(["beta", "inband"], "eth0", { ifindex: 2, mtu: 1500, addresses: ["10.0.0.2/24"], state: ["UP"] }),
  ],
  sockets: [
    {
      ...{ sk: 4, kind: "udp", local: "0.0.0.0:7000", peer: "", waiting: 640, drops: 2, oob_data: 9, state: [] },
      ...{ node: "alpha", house: "inband" },
    },
    {
      ...{
        sk: 4,
        kind: "udp",
        local: "0.0.0.0:7000",
        peer: "",
        waiting: 0,
        drops: 0,
        oob_data: 9,
        state: ["RELEASED"],
      },
      ...{ node: "alpha", house: "companion" },
    },
  ],
  routes: [
    {
      destination: "10.0.0.0/24",
      gateway: "",
      dev: "eth0",
      metric: 0,
      kind: "unicast",
      node: "alpha",
      house: "inband",
    },
    {
      ...{ destination: "0.0.0.0/0", gateway: "10.0.0.254", dev: "eth0", metric: 100, kind: "unicast" },
      ...{ node: "alpha", house: "inband" },
    },
  ],
  neighbours: [
    { address: "10.0.0.2", mac: "02:00:00:00:00:02", dev: "eth0", state: "REACHABLE", node: "alpha", house: "inband" },
    { address: "10.0.0.9", mac: "", dev: "eth0", state: "FAILED", node: "alpha", house: "inband" },
  ],
  counters: [
    counter("alpha", "inband", "", "delivered", 12_345),
    counter("alpha", "inband", "", "udp_no_port", 3),
    counter("alpha", "inband", "eth0", "tx_ring_full", 0),
    counter("alpha", "inband", "eth0>inband", "missed_signals", 1),
    counter("alpha", "nic", "eth0>inband", "sent", 20),
    counter("alpha", "nic", "eth0>inband", "full", 1),
    counter("alpha", "nic", "eth0>inband", "wrong", 0),
    counter("alpha", "nic", "eth0", "netem_drop", 7),
    counter("beta", "inband", "", "delivered", 4),
  ],
  oob_devices: [
    {
      ...{ dev: "eth0", oob_capable: true, rx_packets: 12_345, rx_bytes: 99_000, tx_packets: 7, tx_bytes: 280 },
      ...{ rx_nomem: 0, tx_nomem: 3, csum_errors: 1, skb_size: 4096, skb_free: 2047, skb_total: 2048 },
      filter: "verdicts",
      ...{ node: "alpha", house: "companion" },
    },
  ],
  vlan_maps: [],
};

const over = (value: Network): Partial<Backend> => ({
  control: async () => ({ ok: true, value: { ...fakeControl(), network: async () => ({ ok: true, value }) } }),
});

/** The lines, with runs of blanks as one: what stands there, not how wide. */
const told = async (argv: readonly string[], value = network): Promise<readonly string[]> =>
  (await tenon(["netstat", ...argv], over(value))).out
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().replace(/ {2,}/g, "  "));

describe("tenon netstat", () => {
  test("interfaces look like those of ip: what each house knows of them stands in lines of its own", async () => {
    expect(await told(["-i", "--node", "alpha"])).toEqual([
      "alpha: interfaces",
      "interface  house  kind  mtu  address  state",
      "1: lo  inband  loopback  65536  127.0.0.1/8  UP LOWER_UP",
      "2: eth0  inband  ethernet  1500  02:00:00:00:00:01  UP LOWER_UP",
      "10.0.0.1/24",
      "10.9.0.1/24",
      "eth0  nic  oob-capable  1500  02:00:00:00:00:01  UP DIVERSION",
      "on lan",
      "3: eth0.42  inband  vlan  1500  02:00:00:00:00:01  UP LOWER_UP OOB_PORT",
      "on eth0",
    ]);
  });

  test("a socket that the stack and the core see differently shows both sights", async () => {
    expect(await told(["-an"])).toEqual([
      "alpha: sockets",
      "sk  house  kind  recv-q  drops  local  peer  oob_data  state",
      "4  inband  udp  640  2  0.0.0.0:7000  9",
      "4  companion  udp  0  0  0.0.0.0:7000  9  RELEASED",
    ]);
  });

  test("a connection has a line of its own about its way, as with ss -i", async () => {
    const [socket] = network.sockets;
    if (socket === undefined) throw new Error("no socket");
    const connection = {
      ...socket,
      ...{ kind: "tcp", peer: "10.0.0.2:80", waiting: 0, sending: 20, drops: 0, oob_data: 0, state: ["ESTABLISHED"] },
      ...{ timer: "on 0.2 s", info: "cubic rto:210 rtt:10/5 mss:1448 cwnd:10" },
    };
    expect(await told(["-an"], { ...network, sockets: [connection] })).toEqual([
      "alpha: sockets",
      "sk  house  kind  recv-q  send-q  drops  local  peer  oob_data  state",
      "4  inband  tcp  0  20  0  0.0.0.0:7000  10.0.0.2:80  ESTABLISHED (on 0.2 s)",
      "cubic rto:210 rtt:10/5 mss:1448 cwnd:10",
    ]);
  });

  test("routes and neighbours together", async () => {
    expect(await told(["-rN"])).toEqual([
      "alpha: routes",
      "destination  house  gateway  interface  metric  kind",
      "10.0.0.0/24  inband  on the link  eth0  0  unicast",
      "0.0.0.0/0  inband  10.0.0.254  eth0  100  unicast",
      "",
      "alpha: neighbours",
      "address  house  link address  interface  state",
      "10.0.0.2  inband  02:00:00:00:00:02  eth0  REACHABLE",
      "10.0.0.9  inband  eth0  FAILED",
    ]);
  });

  test("statistics leave out what never happened, and the rings have theirs beside them", async () => {
    expect(await told(["-s"])).toEqual([
      "alpha: rings",
      "ring  house  medium  to  counts",
      "eth0>inband  nic  mapped memory (futex)  inband  sent 20, full 1",
      "",
      "alpha: out-of-band devices",
      "interface  capable  rx  tx  rx-nomem  tx-nomem  csum  buffers  filter",
      "eth0  yes  12,345  7  0  3  1  2047/2048  verdicts",
      "",
      "alpha: statistics",
      "house  where  count  what",
      "inband  12,345  delivered",
      "inband  3  udp_no_port",
      "inband  eth0>inband  1  missed_signals",
      "nic  eth0  7  netem_drop",
      "",
      "beta: statistics",
      "house  where  count  what",
      "inband  4  delivered",
    ]);
  });

  test("without a word all is shown, node by node, and what is empty is left out", async () => {
    const titles = (await told([])).filter((line) => /^\w+: [a-z -]+$/.test(line));
    expect(titles).toEqual([
      ...["sockets", "interfaces", "routes", "neighbours", "rings", "out-of-band devices", "statistics"].map(
        (title) => `alpha: ${title}`,
      ),
      ...["beta: interfaces", "beta: statistics"],
    ]);
    expect(await told(["-a", "--node", "beta"])).toEqual(["no sockets"]);
    expect(await told(["-rN", "--node", "beta"])).toEqual(["no routes, no neighbours"]);
  });

  test("a terminal of 80 columns is wide enough", async () => {
    const { out } = await tenon(["netstat"], over(network), { columns: 80 });
    expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("--json has what the kernel said, of the node and the sections that were asked for", async () => {
    const json = async (...argv: readonly string[]): Promise<unknown> =>
      JSON.parse((await tenon(["netstat", "--json", ...argv], over(network))).out);
    expect(await json()).toEqual(network);
    expect(await json("-r", "-a", "--node", "beta")).toEqual({ sockets: [], routes: [] });
    expect(await json("-s", "--node", "beta")).toEqual({
      devices: network.devices.slice(5),
      counters: [counter("beta", "inband", "", "delivered", 4)],
      oob_devices: [],
    });
  });

  test("a node that is not there is told with those that are", async () => {
    const { code, err, out } = await tenon(["netstat", "--node", "alhpa"], over(network));
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toBe("tenon: no node alhpa; did you mean alpha? (nodes: alpha, beta)\n");
  });

  test("a kernel without a network says that there is none; names cannot steer the terminal", async () => {
    const empty: Network = {
      devices: [],
      sockets: [],
      routes: [],
      neighbours: [],
      counters: [],
      oob_devices: [],
      vlan_maps: [],
    };
    expect(await told([], empty)).toEqual(["no sockets, no interfaces, no routes, no neighbours, no statistics"]);
    expect((await tenon(["netstat", "--node", "alpha"], over(empty))).err).toBe(
      "tenon: no node alpha (none tells of a network)\n",
    );
    const evil = device(["alpha", "nic"], "e\u001b[2Jth0", { kind: "nic" });
    expect((await tenon(["netstat"], over({ ...empty, devices: [evil] }))).out).not.toContain("\u001b");
  });
});
