import type { NetworkCounter } from "../../abi/contract.generated.ts";
import type { ArrivedFrame, FramePort } from "../../abi/frame.ts";
import type { Clock } from "../../abi/kit.ts";
import { ETH_HLEN } from "../../abi/packet/ethernet.ts";
import { isGroupMac, MAC_BYTES, macAt, type Mac } from "../../abi/packet/mac.ts";
import { Counters } from "../model/counters.ts";
import { MacTable } from "../model/mac-table.ts";

/** A switch that learns. */
export interface Switch {
  /** What happened at each port, and in all. */
  counters(): NetworkCounter[];
}

/** How long an address is remembered, and how many of them. */
export interface SwitchLimits {
  readonly ageingNs: number;
  readonly entriesMax: number;
}

/** 300 s is the default of IEEE 802.1Q §8.8.3, table 8-6. */
const LIMITS: SwitchLimits = { ageingNs: 300e9, entriesMax: 4096 };

/** 01:80:c2:00:00:00 to 0f: for the neighbour on the link alone; a bridge never forwards them (IEEE 802.1Q §8.6.3). */
const isLinkLocalGroup = (mac: Mac): boolean => Math.floor(mac / 16) === 0x0180_c200_000;

/**
 * Joins the NICs of any number of nodes: learns behind which port an address is, forwards a frame there alone, and floods
 * it where it does not know, or where many are addressed; never back to the port it came from.
 *
 * A frame keeps what travels beside it, so the trace leads from the NIC that sent it to those that got it, and the switch
 * itself records nothing. A port without room loses the frame, which is counted, as in a switch of metal; nobody waits.
 */
export function createSwitch(
  clock: Pick<Clock, "nowNs">,
  ports: ReadonlyMap<string, FramePort>,
  limits: SwitchLimits = LIMITS,
): Switch {
  const table = new MacTable(limits.ageingNs, limits.entriesMax);
  const counts = new Map([...ports.keys()].map((name) => [name, new Counters()]));
  const touched = new Set<FramePort>();

  function forward(name: string, frame: ArrivedFrame): void {
    const port = ports.get(name);
    if (port === undefined) return;
    const sent = port.send(frame.bytes, frame);
    counts.get(name)?.add(sent ? "tx" : "tx_full");
    if (sent) touched.add(port);
  }

  /** The ports that a frame goes to, or why it goes nowhere. */
  function route(from: string, count: Counters, { bytes }: ArrivedFrame): readonly string[] | string {
    if (bytes.length < ETH_HLEN) return "short";
    const nowNs = clock.nowNs();
    const destination = macAt(bytes, 0);
    const source = macAt(bytes, MAC_BYTES);
    // Nobody can have a group for its address: such a frame is a mistake or an attack.
    if (isGroupMac(source)) return "source_group";
    if (!table.learn(source, from, nowNs)) count.add("table_full");
    if (isLinkLocalGroup(destination)) return "link_local";
    const known = isGroupMac(destination) ? undefined : table.find(destination, nowNs);
    if (known === from) return "same_port";
    if (known !== undefined) return [known];
    count.add("flooded");
    return [...ports.keys()].filter((name) => name !== from);
  }

  function take(from: string, count: Counters, frame: ArrivedFrame): void {
    count.add("rx");
    const to = route(from, count, frame);
    if (typeof to === "string") count.add(to);
    else for (const name of to) forward(name, frame);
  }

  function flush(): void {
    for (const port of touched) port.flush();
    touched.clear();
  }

  for (const [name, port] of ports) {
    const count = counts.get(name) ?? new Counters();
    port.receive((frame) => take(name, count, frame), flush);
  }
  return {
    counters: () => [
      ...[...counts].flatMap(([where, count]) => count.entries().map(([name, n]) => ({ where, name, count: n }))),
      { where: "", name: "addresses", count: table.size },
    ],
  };
}
