import type { Context } from "../../services/abi/context.ts";
import type { PointArgs, PointsTo, Stage } from "../../services/abi/contract.generated.ts";
import { outermost } from "../../services/abi/context.ts";
import type { ArrivedFrame, FrameMeta, FramePort } from "../../services/abi/frame.ts";
import { loneNode, type DriverName, type NicSpec } from "../../services/abi/topology.ts";
import { createEventRing } from "../../services/boundary/events/ring.ts";
import type { Hooks, Outcome } from "../../services/boundary/hooks.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import { createNic, type Nic } from "../../services/nic/nic.ts";
import type { NicPorts } from "../../services/nic/card.ts";
import { manualClock, settled, testKit, type ManualClock, type TestKit } from "../kit.ts";

/** One end of a link that a test holds the other end of. */
export interface FakeLink {
  readonly port: FramePort;
  /** What the house sent and flushed, in order. */
  readonly out: { readonly bytes: Uint8Array; readonly meta: FrameMeta }[];
  /** Frames that came out, as the numbers that `frameOf` gave them. */
  numbers(): number[];
  /** Lets a burst arrive; resolves when the house has taken it. */
  arrive(...frames: readonly Uint8Array[]): Promise<void>;
  /** How many frames fit until `full` is answered. */
  room: number;
  flushes: number;
  /** The seam of a ring, if this link is one. */
  readonly seam: string[];
}

/** Frame numbers of the test: what another house would have given. */
let lastFrame = 1_000_000;

export function fakeLink(clock: Pick<ManualClock, "nowNs">, ring = false): FakeLink {
  const counts = { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 };
  const filled: FakeLink["out"] = [];
  let take: (frame: ArrivedFrame) => void | Promise<void> = () => undefined;
  let done: () => void = () => undefined;
  const seam: string[] = [];
  const link: FakeLink = {
    out: [],
    room: Infinity,
    flushes: 0,
    seam,
    numbers: () => link.out.map(({ bytes }) => numberOf(bytes)),
    port: {
      medium: "a test",
      counts,
      send(bytes, meta) {
        if (link.room <= 0) return false;
        link.room--;
        counts.sent++;
        filled.push({ bytes: bytes.slice(), meta: { ...meta } });
        return true;
      },
      flush() {
        link.flushes++;
        link.out.push(...filled.splice(0));
      },
      receive(taker, whenDone) {
        take = taker;
        done = whenDone ?? done;
      },
    },
    async arrive(...frames) {
      for (const bytes of frames) {
        const frame = ++lastFrame;
        const lent = bytes.slice();
        await take({ bytes: lent, flags: 0, frame, timeNs: clock.nowNs(), trace: frame, span: frame, lamport: 1 });
        // A medium gives the bytes to the next frame: whoever kept them without copying would see it.
        lent.fill(0xee);
      }
      done();
    },
  };
  if (ring) {
    const told = (what: string) => () => void seam.push(what);
    Object.assign(link.port, {
      faults: {
        loseNotifications: (count: number) => void seam.push(`lose ${count}`),
        stick: () => (seam.push("stick"), told("unstick")),
        withholdRelease: () => (seam.push("withhold"), told("give back")),
        writeTail: (ahead: number) => (seam.push(`tail ${ahead}`), told("mend")),
      },
    });
  }
  return link;
}

/** A frame whose number can be read back: from `02:00:00:00:00:01` to `02:00:00:00:00:02`, IPv4 by its type. */
export function frameOf(number: number, bytes = 60): Uint8Array {
  const frame = new Uint8Array(bytes).fill(number & 0xff);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00, number >> 8, number & 0xff]);
  return frame;
}

export const numberOf = (bytes: Uint8Array): number => ((bytes[14] ?? 0) << 8) | (bytes[15] ?? 0);

export const frames = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from + 1 }, (_, i) => frameOf(from + i));

type Call = PointsTo["nic"];

type Verdict = boolean | "lost" | Promise<boolean | "lost">;

/** A NIC between links that the test holds, and a core that the test plays. */
export interface Bench {
  readonly nic: Nic;
  readonly kit: TestKit;
  readonly clock: ManualClock;
  readonly host: FakeLink;
  readonly oob: FakeLink;
  readonly wire: FakeLink;
  /** What the core was offered, in order: the frame's number and the stage. */
  readonly offers: { readonly number: number; readonly stage: Stage }[];
  readonly carrier: string[];
  readonly captured: string[];
  /** What the core answers. */
  core: (number: number) => Verdict;
  call<P extends Call>(point: P, args: PointArgs[P]): Promise<string>;
  /** Facts since the last look, such as `oob_taken`, with the number of frame where there is one. */
  facts(): { readonly point: string; readonly args: Readonly<Record<string, unknown>> }[];
  counter(name: string): number;
  /** Frames that came in (and copies) minus frames that ended: those that are still held. */
  held(): number;
}

/** What ends a frame in this house. */
const ENDS = [
  "taken",
  "up",
  "out",
  "no_link",
  "no_cable",
  "netem_drop",
  "not_oob_capable",
  "rx_backlog_full",
  "rx_ring_full",
  "wire_full",
  "too_long",
];

export async function bench(
  options: {
    readonly driver?: DriverName;
    readonly wire?: string;
    readonly netem?: string;
    readonly ring?: boolean;
    readonly seed?: bigint;
    readonly replay?: NicPorts["replays"] extends ReadonlyMap<string, infer F> ? F : never;
    readonly started?: false;
    readonly incarnation?: number;
  } = {},
): Promise<Bench> {
  const clock = manualClock();
  const kit = { ...testKit("nic", { clock, ring: createEventRing(65_536) }), seed: options.seed ?? 1n };
  const links = { host: fakeLink(clock, options.ring), oob: fakeLink(clock), wire: fakeLink(clock) };
  const spec: NicSpec = {
    name: "eth0",
    driver: options.driver ?? "oob-capable",
    mac: "02:00:00:00:00:02",
    mtu: 1500,
    wire: options.wire ?? "lan",
    netem: options.netem ?? "",
    capture: "",
    replay: "",
  };
  const node = { ...loneNode("alpha"), nics: [spec], vlans: [{ name: "office", dev: "eth0", id: 7 }] };
  const offers: Bench["offers"] = [];
  const carrier: string[] = [];
  const captured: string[] = [];
  const returned = <V>(value: V) => ({ kind: "returned", value }) as const;
  const hooks: Hooks<"nic"> = {
    async netif_deliver_oob(context: Context, { data }): Promise<Reply<"netif_deliver_oob">> {
      const number = numberOf(data);
      offers.push({ number, stage: context.stage });
      const verdict = await made.core(number);
      return verdict === "lost" ? { kind: "lost", why: "timeout" } : returned({ taken: verdict });
    },
    async netif_carrier(_context, { dev, on }): Promise<Reply<"netif_carrier">> {
      carrier.push(`${dev} ${on ? "on" : "off"}`);
      return returned({});
    },
    async oob_nic_ready(): Promise<Reply<"oob_nic_ready">> {
      carrier.push("the core is told");
      return returned({});
    },
  };
  const nicPorts: NicPorts = {
    host: new Map([["eth0", links.host.port]]),
    oob: new Map([["eth0", links.oob.port]]),
    wires: new Map(spec.wire === "lan" ? [["eth0", links.wire.port]] : []),
    captures: new Map([
      [
        "eth0",
        (bytes, direction, timeNs, comment = "") => {
          captured.push(`${timeNs} ${direction} ${numberOf(bytes)}${comment === "" ? "" : ` (${comment})`}`);
        },
      ],
    ]),
    replays: new Map(options.replay === undefined ? [] : [["eth0", options.replay]]),
  };
  const nic = createNic(kit, hooks, node, nicPorts, options.incarnation);
  const counter = (name: string): number =>
    nic.listNetwork().counters.find((one) => one.where === "eth0" && one.name === name)?.count ?? 0;
  const made: Bench = {
    nic,
    kit,
    clock,
    ...links,
    offers,
    carrier,
    captured,
    core: () => true,
    async call<P extends Call>(point: P, args: PointArgs[P]) {
      const handler = nic.handlers[point] as (args: object, context: Context) => Outcome<P> | Promise<Outcome<P>>;
      const outcome = await handler(args, outermost("tester"));
      return outcome.ok ? "ok" : outcome.errno;
    },
    facts: () =>
      kit
        .seen()
        .filter(({ phase }) => phase === "fact")
        .map(({ point, args, slice, stage }) => ({ point, args: { ...slice, ...args, stage } })),
    counter,
    held: () =>
      ["rx", "tx", "tx_oob", "fault_duplicate"].reduce((sum, name) => sum + counter(name), 0) -
      ENDS.reduce((sum, name) => sum + counter(name), 0),
  };
  if (options.started !== false) await nic.start();
  await settled();
  return made;
}
