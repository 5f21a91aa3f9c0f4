import type {
  NetworkCounter,
  NetworkDevice,
  NetworkNeighbour,
  NetworkRoute,
  NetworkSocket,
  OobDevice,
} from "../../abi/contract.generated.ts";
import type { Network } from "../backend.ts";
import { harmless, type Look } from "../look.ts";
import type { Column } from "../table.ts";

/** What `tenon netstat` can be asked for. */
export const SECTIONS = ["sockets", "interfaces", "routes", "neighbours", "statistics"] as const;

/** One of them. */
export type SectionName = (typeof SECTIONS)[number];

/** A table of what is known; empty where there is nothing. */
export interface SectionTable {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const right = { align: "right" } as const;
/** Who knows it so. What is said of one thing by two houses need not agree, and that is worth seeing. */
const HOUSE: Column = { title: "house" };
const houseOf = ({ house }: { readonly house?: string }, look: Look): string => look.faint(house ?? "");
const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n");
const list = (words: readonly string[]): string => harmless(words.join(" "));

/** The things in the order in which each key comes first, so that all sights of one thing stand together. */
function together<T>(things: readonly T[], keyOf: (thing: T) => string | number): readonly T[] {
  const groups = new Map<string | number, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  return [...groups.values()].flat();
}

/** What a device is and stands on. That a NIC's house tells of a NIC goes without saying. */
const kindOf = ({ kind, driver, below, house }: NetworkDevice): string =>
  lines(
    harmless([...(kind === house && driver !== "" ? [] : [kind]), driver].join(" ").trim()),
    below === "" ? "" : `on ${harmless(below)}`,
  );

/** The houses tell of a ring as of a device. */
const isRing = ({ kind }: NetworkDevice): boolean => kind === "port";

function interfaces(devices: readonly NetworkDevice[], look: Look): SectionTable {
  const real = devices.filter((device) => !isRing(device));
  const rows = together(real, ({ dev }) => dev).map((device) => [
    `${device.ifindex === 0 ? "" : `${device.ifindex}: `}${harmless(device.dev)}`,
    houseOf(device, look),
    kindOf(device),
    device.mtu === 0 ? "" : String(device.mtu),
    lines(harmless(device.mac), ...device.addresses.map(harmless)),
    list(device.state),
  ]);
  const columns = [{ title: "interface" }, HOUSE, { title: "kind" }, { title: "mtu", ...right }, { title: "address" }];
  return { title: "interfaces", columns: [...columns, { title: "state", gives: true }], rows };
}

function sockets(all: readonly NetworkSocket[], look: Look): SectionTable {
  // Streams alone have something on its way; without one the column would be empty.
  const streams = all.some(({ sending }) => sending !== undefined);
  return {
    title: "sockets",
    columns: [
      { title: "sk", ...right },
      HOUSE,
      { title: "kind" },
      { title: "recv-q", ...right },
      ...(streams ? [{ title: "send-q", ...right }] : []),
      { title: "drops", ...right },
      { title: "local" },
      { title: "peer" },
      { title: "oob_data", ...right },
      { title: "state", gives: true },
    ],
    rows: together(all, ({ sk }) => sk).map((socket) => [
      String(socket.sk),
      houseOf(socket, look),
      harmless(socket.kind),
      String(socket.waiting),
      ...(streams ? [socket.sending === undefined ? "" : String(socket.sending)] : []),
      socket.drops === 0 ? "0" : look.odd(String(socket.drops)),
      harmless(socket.local),
      harmless(socket.peer),
      socket.oob_data === 0 ? "" : String(socket.oob_data),
      lines(
        list([...socket.state, ...(socket.timer === undefined ? [] : [`(${socket.timer})`])]),
        look.faint(harmless(socket.info ?? "")),
      ),
    ]),
  };
}

function routes(all: readonly NetworkRoute[], look: Look): SectionTable {
  return {
    title: "routes",
    columns: [
      { title: "destination" },
      HOUSE,
      { title: "gateway" },
      { title: "interface" },
      { title: "metric", ...right },
      { title: "kind" },
    ],
    rows: all.map((route) => [
      harmless(route.destination),
      houseOf(route, look),
      route.gateway === "" ? look.faint("on the link") : harmless(route.gateway),
      harmless(route.dev),
      String(route.metric),
      harmless(route.kind),
    ]),
  };
}

function neighbours(all: readonly NetworkNeighbour[], look: Look): SectionTable {
  const paint = (state: string): string => (state === "FAILED" ? look.bad(state) : harmless(state));
  return {
    title: "neighbours",
    columns: [{ title: "address" }, HOUSE, { title: "link address" }, { title: "interface" }, { title: "state" }],
    rows: all.map((neighbour) => [
      harmless(neighbour.address),
      houseOf(neighbour, look),
      harmless(neighbour.mac),
      harmless(neighbour.dev),
      paint(neighbour.state),
    ]),
  };
}

const isOf = (ring: NetworkDevice, { where, house }: NetworkCounter): boolean =>
  ring.dev === where && ring.house === house;

function rings(devices: readonly NetworkDevice[], counters: readonly NetworkCounter[], look: Look): SectionTable {
  const rows = devices.filter(isRing).map((ring) => {
    const counts = counters.filter((counter) => counter.count > 0 && isOf(ring, counter));
    return [
      harmless(ring.dev),
      houseOf(ring, look),
      harmless(ring.driver),
      harmless(ring.below),
      harmless(counts.map(({ name, count }) => `${name} ${count}`).join(", ")),
    ];
  });
  const columns = [{ title: "ring" }, HOUSE, { title: "medium" }, { title: "to" }];
  return { title: "rings", columns: [...columns, { title: "counts", gives: true }], rows };
}

/** The counters that are not a ring's: those stand beside the ring. */
function statistics({ devices, counters }: Network, look: Look): SectionTable {
  const rows = counters
    .filter((counter) => counter.count > 0 && !devices.some((device) => isRing(device) && isOf(device, counter)))
    .map((counter) => [
      houseOf(counter, look),
      harmless(counter.where),
      counter.count.toLocaleString("en-US"),
      harmless(counter.name),
    ]);
  const columns = [HOUSE, { title: "where" }, { title: "count", ...right }, { title: "what" }];
  return { title: "statistics", columns, rows };
}

/** What the cores count of the devices that they receive from (`evl net -Q`). A frame that found no buffer is odd, and so is a wrong sum. */
function oobDevices(all: readonly OobDevice[], look: Look): SectionTable {
  const plain = (count: number): string => count.toLocaleString("en-US");
  const odd = (count: number): string => (count === 0 ? "0" : look.odd(plain(count)));
  return {
    title: "out-of-band devices",
    columns: [
      { title: "interface" },
      { title: "capable" },
      { title: "rx", ...right },
      { title: "tx", ...right },
      { title: "rx-nomem", ...right },
      { title: "tx-nomem", ...right },
      { title: "csum", ...right },
      { title: "buffers", ...right },
      { title: "filter" },
    ],
    rows: all.map((one) => [
      harmless(one.dev),
      one.oob_capable ? "yes" : "no",
      plain(one.rx_packets),
      plain(one.tx_packets),
      odd(one.rx_nomem),
      odd(one.tx_nomem),
      odd(one.csum_errors),
      one.skb_total === 0 ? "" : `${one.skb_free}/${one.skb_total}`,
      harmless(one.filter),
    ]),
  };
}

/** The tables of a section for one node. */
export function tablesOf(section: SectionName, network: Network, look: Look): readonly SectionTable[] {
  switch (section) {
    case "sockets":
      return [sockets(network.sockets, look)];
    case "interfaces":
      return [interfaces(network.devices, look)];
    case "routes":
      return [routes(network.routes, look)];
    case "neighbours":
      return [neighbours(network.neighbours, look)];
    case "statistics":
      return [
        rings(network.devices, network.counters, look),
        oobDevices(network.oob_devices, look),
        statistics(network, look),
      ];
  }
}
