import { describe, expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import type { OobDevice } from "../../services/abi/contract.generated.ts";
import type { Backend, Control, Network } from "../../services/cli/backend.ts";
import { fakeControl, tenon } from "./fake.ts";

const device = (node: string, dev: string, below = ""): Network["devices"][number] => ({
  ...{ dev, ifindex: 2, kind: "ethernet", mac: "", mtu: 1500, state: [], addresses: [], below, driver: "" },
  ...{ node, house: "inband" as const },
});

const counts: OobDevice = {
  ...{ dev: "eth0", oob_capable: true, rx_packets: 7, rx_bytes: 700, tx_packets: 5, tx_bytes: 500 },
  ...{ rx_nomem: 1, tx_nomem: 2, csum_errors: 3, skb_size: 2048, skb_free: 60, skb_total: 64, node: "alpha" },
  filter: "verdicts",
  house: "companion",
};

/** A kernel of two nodes, of which alpha has a VLAN device and a port, and that remembers the calls that are made. */
function kernel(refused?: string): { readonly backend: Partial<Backend>; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const network: Network = {
    ...{ sockets: [], routes: [], neighbours: [], counters: [], oob_devices: [counts] },
    devices: [device("alpha", "eth0"), device("alpha", "eth0.42", "eth0"), device("beta", "eth0")],
    vlan_maps: [
      { vlans: "42-45", node: "alpha" },
      { vlans: "", node: "beta" },
    ],
  };
  const values: Readonly<Record<string, object>> = { sys_spawn: { files: 9 }, sys_socket: { fd: 3 } };
  const call = async (who: object, point: string, args: object): Promise<unknown> => {
    calls.push([who, point, args]);
    return {
      ok: true,
      value: point === refused ? { ok: false, errno: "ENETDOWN" } : { ok: true, value: values[point] },
    };
  };
  const control: Control = {
    ...fakeControl(),
    network: async () => ({ ok: true, value: network }),
    call: call as Control["call"],
  };
  const readBytes: Backend["readBytes"] = async (file) => ({ ok: true, value: new Uint8Array(await readFile(file)) });
  return { backend: { control: async () => ({ ok: true, value: control }), readBytes }, calls };
}

/** The programs of the experiments. */
const FILTERS = "experiments/net/filters";

const who = (node: string, files = 0) => ({ node, task: "tenon-net", files });

describe("tenon net", () => {
  test("makes a device a port, with letters that combine", async () => {
    const { backend, calls } = kernel();
    expect(await tenon(["net", "-ei", "eth0", "-p64", "-b", "2048"], backend)).toMatchObject({ code: 0, out: "" });
    expect(calls).toEqual([
      [who("alpha"), "net_oob_port", { dev: "eth0", enabled: true, pool: 64, buffer_bytes: 2048 }],
    ]);
  });

  test("takes its steps in evl net's order: first a port is none any more, then it is one again, with other buffers", async () => {
    const { backend, calls } = kernel();
    expect((await tenon(["net", "-e", "-d", "-i", "eth0", "--node", "beta"], backend)).code).toBe(0);
    expect(calls.map((one) => (one as [object, string, { enabled: boolean }])[2].enabled)).toEqual([false, true]);
    expect(calls.map((one) => (one as [object])[0])).toEqual([who("beta"), who("beta")]);
  });

  test("what the kernel refuses is one line and exit code 1", async () => {
    const { backend } = kernel("net_oob_port");
    const { code, err } = await tenon(["net", "-e", "-i", "eth0"], backend);
    expect(code).toBe(1);
    expect(err).toBe("tenon: alpha: eth0 cannot become an out-of-band port: ENETDOWN\n");
  });

  test("tells what is counted: all of it, what letters ask for in their order, or JSON", async () => {
    const { backend } = kernel();
    expect((await tenon(["net", "-Q", "-i", "eth0"], backend)).out).toMatch(
      / {6}skb free: 60 \/ 64\n(.*\n)* {8}filter: verdicts\n/,
    );
    expect((await tenon(["net", "-QxRo", "-i", "eth0.42"], backend)).out).toBe("1 2 7 yes\n");
    const json = (await tenon(["net", "-Q", "-i", "eth0", "--json"], backend)).out;
    expect(JSON.parse(json)).toMatchObject({ dev: "eth0", rx_packets: 7, skb_total: 64 });
  });

  test("writes the VLAN map as a whole, and shows it", async () => {
    const { backend, calls } = kernel();
    expect((await tenon(["net", "-n"], backend)).out).toBe("42-45\n");
    expect((await tenon(["net", "-N42,100", "-n"], backend)).out).toBe("42,100\n");
    expect((await tenon(["net", "-N"], backend)).code).toBe(0);
    expect(calls).toEqual([
      [who("alpha"), "oob_net_vlans", { vlans: "42,100" }],
      [who("alpha"), "oob_net_vlans", { vlans: "" }],
    ]);
  });

  test("solicits from a socket of a task of its own, which is gone afterwards, also when nobody answers", async () => {
    const { backend, calls } = kernel("sys_ioctl");
    const { code, err } = await tenon(["net", "-S", "10.0.0.2", "-g", "-i", "eth0"], backend);
    expect([code, err]).toEqual([1, "tenon: alpha: 10.0.0.2 did not respond: ENETDOWN\n"]);
    expect(calls.map((one) => (one as [object, string])[1])).toEqual([
      ...["sys_spawn", "sys_socket", "sys_setsockopt", "sys_ioctl", "sys_exit"],
    ]);
    const data = Uint8Array.of(3, 0, 0, 0, 2, 0, 0, 0, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(calls[3]).toEqual([who("alpha", 9), "sys_ioctl", { fd: 3, cmd: 0xee05, arg: 0, data }]);
  });

  test("sets a program once the device is a port, and takes it away when none is named", async () => {
    const { backend, calls } = kernel();
    const file = `${FILTERS}/udp-7001.txt`;
    expect(await tenon(["net", "-F", file, "-ei", "eth0"], backend)).toMatchObject({ code: 0, out: "", err: "" });
    expect((await tenon(["net", "-i", "eth0", "-F"], backend)).code).toBe(0);
    const program = new Uint8Array(await readFile(file));
    expect(calls).toEqual([
      [who("alpha"), "net_oob_port", { dev: "eth0", enabled: true, pool: 0, buffer_bytes: 0 }],
      [who("alpha"), "oob_net_filter", { dev: "eth0", program, section: "" }],
      [who("alpha"), "oob_net_filter", { dev: "eth0", program: new Uint8Array(0), section: "" }],
    ]);
  });

  test.each(["socket/drop", "drop_all"])(
    "an object of several programs is sent with the one that is chosen: %s",
    async (section) => {
      const { backend, calls } = kernel();
      const file = `${FILTERS}/verdicts.o`;
      expect((await tenon(["net", "-F", file, "--section", section, "-i", "eth0"], backend)).code).toBe(0);
      expect(calls).toMatchObject([[who("alpha"), "oob_net_filter", { dev: "eth0", section }]]);
    },
  );

  test("the core's refusal of a filter says which device could have one", async () => {
    const { backend } = kernel("oob_net_filter");
    const filter = (dev: string) => tenon(["net", "-F", `${FILTERS}/udp-7001.txt`, "-i", dev], backend);
    expect(await filter("eth0.42")).toMatchObject({
      code: 1,
      err: "tenon: alpha: the filter of eth0.42 cannot be set (the input is that of -i eth0): ENETDOWN\n",
    });
    expect((await filter("eth0")).err).toContain("(a real device can have one, while it is an out-of-band port)");
  });

  test("a file that cannot be read is told with what it may be, and no kernel is asked", async () => {
    const readBytes: Backend["readBytes"] = async (file) => ({
      ok: false,
      trouble: { kind: "invalid", lines: [`${file}: found a folder`] },
    });
    expect(await tenon(["net", "-F", "filters", "-i", "eth0"], { readBytes })).toMatchObject({
      code: 3,
      err: "tenon: filters: found a folder, allowed is an object of clang -target bpf, or what tcpdump -dd writes\n",
    });
  });

  test.each([
    [[], /nothing is asked for.*-e, -d/],
    [["-e"], /-e is about a network device.*-i eth0/],
    [["-e", "-i", "eth1"], /alpha: no device eth1; did you mean eth0\? \(devices: eth0, eth0\.42\)/],
    [["-n", "--node", "alhpa"], /no node alhpa; did you mean alpha\?/],
    [["-Qz", "-i", "eth0"], /-Q: found z, allowed is any of RrTtosfacx/],
    [["-s", "router"], /-s: found router, allowed is an IPv4 address/],
    [["-p", "64", "-n"], /-p and -b go with -e/],
    [["-g", "-n"], /-g goes with -s or -S/],
    [["-F", "prog.o"], /-F is about a network device.*-i eth0/],
    [["-F", "", "-i", "eth0"], /-F: found an empty name/],
    [["-F", "-i", "eth0", "--section", "socket"], /--section goes with -F and a file/],
    [["-F", "/dev/null", "-i", "eth0"], /\/dev\/null: found an empty file, .*-F alone removes/],
    [["-F", "README.md", "-i", "eth0"], /README.md: it is neither an object of clang -target bpf nor/],
    [
      ["-F", `${FILTERS}/forgets-null.o`, "-i", "eth0"],
      /forgets-null\.o: instruction 7, \(79\) r0 = \*\(u64 \*\)\(r0 \+0\): r0 may be null/,
    ],
    [
      ["-F", `${FILTERS}/verdicts.o`, "-i", "eth0"],
      /found 3 programs, .*--section.*: socket \(verdict\), socket\/accept \(accept_all\), socket\/drop \(drop_all\)/,
    ],
    [["-F", `${FILTERS}/verdicts.o`, "--section", "x", "-i", "eth0"], /it has no program x; it has socket \(verdict\)/],
    [["-F", `${FILTERS}/udp-7001.txt`, "--section", "x", "-i", "eth0"], /a classic program has no sections/],
    [["-e", "-i", "eth0", "-p", "many"], /-p.*whole number/],
  ])("%j is told in one line", async (words, says) => {
    const { backend, calls } = kernel();
    const { code, err } = await tenon(["net", ...words], backend);
    expect(code).toBe(3);
    expect(err).toMatch(says);
    expect(err.trimEnd()).not.toContain("\n");
    expect(calls).toEqual([]);
  });
});
