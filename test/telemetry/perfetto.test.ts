import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import protobuf from "protobufjs";
import type { TraceEvent } from "../../services/abi/event.ts";
import { createPerfetto } from "../../services/telemetry/convert/perfetto.ts";
import { createRecorder } from "../cli/recorder.ts";
import { root } from "../tidy/sources.ts";
import { traceOf } from "./runs.ts";

const Trace = protobuf.loadSync(join(root, "test/telemetry/perfetto.proto")).lookupType("perfetto.protos.Trace");

/** A packet as far as tests look at it. */
interface Packet {
  readonly timestamp?: string;
  readonly trustedPacketSequenceId: number;
  readonly sequenceFlags: number;
  readonly firstPacketOnSequence?: boolean;
  readonly tracePacketDefaults?: { readonly timestampClockId: number };
  readonly internedData?: Record<string, readonly { readonly iid: string; readonly name: string }[]>;
  readonly trackDescriptor?: {
    readonly uuid: string;
    readonly parentUuid?: string;
    readonly name?: string;
    readonly process?: { readonly pid: number; readonly processName: string };
    readonly thread?: { readonly pid: number; readonly tid: string; readonly threadName: string };
  };
  readonly trackEvent?: {
    readonly type: string;
    readonly trackUuid: string;
    readonly nameIid?: string;
    readonly flowIds?: readonly string[];
    readonly debugAnnotations?: readonly Record<string, unknown>[];
  };
}

function written(events: readonly TraceEvent[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const converter = createPerfetto((chunk) => void chunks.push(chunk));
  for (const event of events) converter.add(event);
  converter.end();
  return Buffer.concat(chunks);
}

function packetsOf(bytes: Uint8Array): readonly Packet[] {
  const object: { readonly packet?: unknown } = Trace.toObject(Trace.decode(bytes), { longs: String, enums: String });
  return object.packet as readonly Packet[];
}

/** A slice or an instant, with its strings in the place of numbers. */
interface Drawn {
  readonly track: string;
  readonly name: string;
  readonly at: number;
  end?: number;
  readonly instant: boolean;
  readonly flows: readonly string[];
  readonly says: Record<string, unknown>;
}

/** What a viewer would draw: interned strings resolved, slices closed in the order of each track's stack. */
function drawn(packets: readonly Packet[]) {
  const strings = new Map<string, string>();
  const tracks = new Map<string, string>();
  const stacks = new Map<string, Drawn[]>();
  const all: Drawn[] = [];
  for (const { internedData, trackDescriptor, trackEvent, timestamp } of packets) {
    for (const [kind, entries] of Object.entries(internedData ?? {}))
      for (const { iid, name } of entries) strings.set(`${kind} ${iid}`, name);
    if (trackDescriptor !== undefined) {
      const { uuid, process, thread, name, parentUuid } = trackDescriptor;
      const above = parentUuid === undefined ? "" : tracks.get(parentUuid);
      if (above === undefined) throw new Error("a track's parent is announced before it");
      const own = process?.processName ?? thread?.threadName ?? name ?? "";
      const beside = above === "" ? own : `${above}, ${own}`;
      tracks.set(uuid, thread === undefined ? beside : `${thread.pid / 1000}/${own}`);
    }
    if (trackEvent === undefined) continue;
    const { type, trackUuid, nameIid, flowIds = [], debugAnnotations = [] } = trackEvent;
    const track = tracks.get(trackUuid);
    if (track === undefined) throw new Error("a track is announced before it is used");
    const says = Object.fromEntries(
      debugAnnotations.map(({ nameIid: iid, ...value }) => [
        strings.get(`debugAnnotationNames ${String(iid)}`) ?? "?",
        Object.values(value)[0],
      ]),
    );
    const stack = stacks.get(trackUuid) ?? [];
    stacks.set(trackUuid, stack);
    if (type === "TYPE_SLICE_END") {
      const slice = stack.pop();
      if (slice === undefined) throw new Error("a slice ends that never began");
      slice.end = Number(timestamp);
      Object.assign(slice.says, says);
      continue;
    }
    const name = strings.get(`eventNames ${nameIid ?? ""}`) ?? "?";
    const instant = type === "TYPE_INSTANT";
    const one: Drawn = { track, name, at: Number(timestamp), instant, flows: flowIds, says };
    all.push(one);
    if (!instant) stack.push(one);
  }
  return { all, left: [...stacks.values()].flat(), tracks: [...tracks.values()] };
}

let net: readonly TraceEvent[] = [];
beforeAll(async () => {
  net = await traceOf("experiments/net/udp-two-nodes.yaml");
});

describe("a trace for Perfetto, read with the published numbers", () => {
  test("is the same when it is written again by what has read it: every field is one of the format", () => {
    const bytes = written(net);
    expect(Buffer.compare(Trace.encode(Trace.decode(bytes)).finish(), bytes)).toBe(0);
  });

  test("is one sequence, on the clock of the boot, whose strings are known before they are used", () => {
    const [first, ...others] = packetsOf(written(net));
    expect(first).toEqual({
      trustedPacketSequenceId: 1,
      sequenceFlags: 1,
      firstPacketOnSequence: true,
      tracePacketDefaults: { timestampClockId: 6 },
    });
    expect(new Set(others.map((packet) => `${packet.trustedPacketSequenceId} ${packet.sequenceFlags}`))).toEqual(
      new Set(["1 2"]),
    );
    const { all } = drawn(packetsOf(written(net)));
    expect(all.map(({ name }) => name)).not.toContain("?");
    expect(all.flatMap(({ says }) => Object.keys(says))).not.toContain("?");
  });

  test("has a process for each node, and a thread for each house and task of it", () => {
    const { tracks } = drawn(packetsOf(written(net)));
    const threads = ["task server", "vfs", "inband", "nic", "companion"];
    for (const name of ["alpha", "beta", ...threads.map((one) => `2/${one}`)]) expect(tracks).toContain(name);
    expect(tracks).toContain("1/task client");
  });

  test("has a slice for both sides of every call, from its beginning to its end, with arguments and answer", () => {
    const { all, left } = drawn(packetsOf(written(net)));
    expect(left).toEqual([]);
    const slices = all.filter(({ instant }) => !instant);
    const enters = net.filter(({ phase }) => phase === "enter");
    expect(slices).toHaveLength(enters.length);
    const ends = new Map(net.filter(({ phase }) => phase === "exit").map((event) => [event.span, event]));
    for (const enter of enters) {
      const slice = slices.find(({ says }) => says["span"] === String(enter.span));
      expect(slice).toMatchObject({ name: enter.point, at: enter.timeNs, end: ends.get(enter.span)?.timeNs });
    }
    expect(slices.find(({ name, track }) => name === "sys_sendto" && track === "1/task client")?.says).toMatchObject({
      "args.data": "ping",
      "args.addr": "10.0.0.2:7000",
      ret: "4",
      stage: "inband",
    });
  });

  test("leads a flow from each call to its receiver, and from each frame that was sent to where it arrived", () => {
    const { all } = drawn(packetsOf(written(net)));
    const byFlow = new Map<string, Drawn[]>();
    for (const one of all) for (const flow of one.flows) byFlow.set(flow, [...(byFlow.get(flow) ?? []), one]);
    for (const [, ends] of byFlow) {
      expect(ends).toHaveLength(2);
      expect(ends[0]?.track).not.toBe(ends[1]?.track);
      expect(ends[0]?.at).toBeLessThanOrEqual(ends[1]?.at ?? 0);
    }
    const names = [...byFlow.values()].map(([from, to]) => `${from?.name ?? ""}>${to?.name ?? ""}`);
    expect(names).toContain("sys_sendto>sys_sendto");
    // Each of the frames goes over three legs: to the device, over the wire, and out of the other device.
    const sent = net.filter(({ point, service }) => point === "frame_send" && service === "inband");
    expect(sent.length).toBeGreaterThanOrEqual(4);
    expect(names.filter((name) => name === "frame_send>frame_receive")).toHaveLength(3 * sent.length);
  });
});

describe("what overlaps", () => {
  test("calls that a house has under way at a time stand on lanes of their own, each slice inside the one below", () => {
    const r = createRecorder();
    const side = (phase: "enter" | "exit", span: number, parent: number): void =>
      r.side("companion", "oob_read", phase, { span, parent, stage: "oob" }, {}, phase === "exit" ? { ret: 0 } : {});
    side("enter", 11, 1);
    side("enter", 12, 2);
    side("enter", 13, 11);
    // The outer one ends first: what stood on it goes on elsewhere.
    side("exit", 11, 1);
    side("exit", 12, 2);
    side("exit", 13, 11);
    side("exit", 99, 3);
    const { all, left, tracks } = drawn(packetsOf(written(r.events)));
    expect(left).toEqual([]);
    expect(tracks).toEqual([
      "alpha",
      "1/companion",
      "1/companion, companion (2)",
      "1/companion, companion: outside of calls",
    ]);
    expect(all.map(({ name, track, says, instant }) => [name, track, says["span"], instant])).toEqual([
      ["oob_read", "1/companion", "11", false],
      ["oob_read", "1/companion, companion (2)", "12", false],
      ["oob_read", "1/companion", "13", false],
      ["oob_read", "1/companion", "13", false],
      ["oob_read (end)", "1/companion, companion: outside of calls", "99", true],
    ]);
    expect(all[3]?.says).toMatchObject({ continued: true });
  });
});
