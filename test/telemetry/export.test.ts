import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CONTRACT, type PointName } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { traceparentOf } from "../../services/abi/traceparent.ts";
import { causality } from "../../services/rules/causality.ts";
import type { Runtime } from "../../services/lab/world.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { run } from "../../services/runtimes/backend/run.ts";
import { originOf } from "../../services/runtimes/thread-kit.ts";
import { createOtlpSend } from "../../services/runtimes/telemetry/otlp.ts";
import { spansOf } from "../../services/telemetry/spans.ts";
import { settled } from "../kit.ts";
import { startCollector, type Collector, type ReceivedSpan } from "./collector.ts";
import { openedFile, WORLD } from "./sketch.ts";

// What telemetry says when it stops is for operators.
process.env["TENON_LOG_LEVEL"] = "silent";

let collector: Collector;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

interface Exported {
  readonly events: readonly TraceEvent[];
  readonly spans: readonly ReceivedSpan[];
  readonly byId: ReadonlyMap<string, ReceivedSpan>;
}

/** Runs an experiment with a collector beside it, as `tenon run --otlp` does. */
async function exported(file: string, runtime: Runtime = "simulated", sample?: number): Promise<Exported> {
  const loaded = await loadOne(file);
  if (!loaded.ok) throw new Error(loaded.trouble.lines.join("\n"));
  const events: TraceEvent[] = [];
  const ran = await run(loaded.value, {
    file,
    runtime,
    profile: "documented",
    otlp: collector.url,
    ...(sample !== undefined && { sample }),
    stop: new AbortController().signal,
    onEvents: (some) => some.forEach((event) => events.push(event)),
  });
  if (!ran.ok) throw new Error(ran.trouble.lines.join("\n"));
  expect(ran.value.verdict).toBe("pass");
  const { spans } = collector;
  return { events, spans, byId: new Map(spans.map((span) => [span.spanId, span])) };
}

const ofTrace = (spans: readonly ReceivedSpan[], one: ReceivedSpan | undefined): ReceivedSpan[] =>
  spans.filter(({ traceId }) => traceId === one?.traceId);

const lamport = (span: ReceivedSpan, name = "tenon.lamport"): number => Number(span.attributes[name]);

const isBeta = (resource: ReceivedSpan["resource"]): boolean => resource["tenon.node"] === "beta";
const wakes = (events: ReceivedSpan["events"]): boolean => events.some(({ name }) => name === "sock_wake");

/** How a trace reads: each span under its parent, in the order of their Lamport stamps. */
function outline(spans: readonly ReceivedSpan[]): string[] {
  const below = (parent: string, depth: number): string[] =>
    spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .sort((a, b) => lamport(a) - lamport(b))
      .flatMap((span) => [
        `${"  ".repeat(depth)}${span.name} ${span.kind} ${String(span.resource["service.instance.id"])}`,
        ...below(span.spanId, depth + 1),
      ]);
  return below("", 0);
}

/** All that must be true of what a collector gets of a run in which nothing was lost. */
function expectSound({ events, spans, byId }: Exported): void {
  expect(spans.length).toBeGreaterThan(0);
  expect(byId.size).toBe(spans.length);
  for (const span of spans) {
    const { traceId, spanId, parentSpanId, attributes } = span;
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(attributes["tenon.parent_lost"]).toBeUndefined();
    expect(attributes["tenon.unfinished"]).toBeUndefined();
    expect(span.endNs >= span.startNs).toBe(true);
    expect(lamport(span, "tenon.lamport_end")).toBeGreaterThanOrEqual(lamport(span));
    // A root, or a child of a span that is there, of the same trace, and that began before.
    const parent = byId.get(parentSpanId);
    if (parentSpanId === "") expect(traceId.slice(16)).toBe(spanId);
    else expect(parent?.traceId).toBe(traceId);
    if (parent === undefined) continue;
    expect(lamport(span)).toBeGreaterThan(lamport(parent));
    if (span.kind !== "server" || attributes["tenon.lost"] !== undefined) continue;
    expect(parent.kind).toBe("client");
    expect(parent.name).toBe(span.name);
    if (parent.attributes["tenon.lost"] === undefined && parent.attributes["tenon.fault"] === undefined)
      expect(lamport(parent, "tenon.lamport_end")).toBeGreaterThan(lamport(span, "tenon.lamport_end"));
  }
  // Nothing is missing: each call's both sides, each leg of a frame's way.
  const told = new Set(events.filter(({ span }) => span !== 0).map(({ span }) => span));
  expect(spans.length).toBe(told.size);
  // The order of causes is the order of the stamps.
  const { order, before } = causality(events);
  const stamps = order.map((event) => event.lamport);
  expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  for (const a of events)
    for (const b of events) if (before(a, b) && !(a.lamport < b.lamport)) expect([a, b]).toBe("in order");
}

const EVERYWHERE = [
  "tenon.node",
  "tenon.service",
  "tenon.hook",
  "tenon.kind",
  "tenon.stage",
  "tenon.seq",
  "tenon.lamport",
  "tenon.lamport_end",
];
const RPC = ["rpc.system.name", "rpc.service", "rpc.method", "server.address"];

/** Each attribute that a span must have is there, and says what the events say. */
function expectComplete({ events, spans }: Exported, system: "grpc" | "tenon"): void {
  const enters = new Map(
    events.filter(({ phase }) => phase === "enter").map((event) => [event.span.toString(16).padStart(16, "0"), event]),
  );
  const exits = new Map(
    events.filter(({ phase }) => phase === "exit").map((event) => [event.span.toString(16).padStart(16, "0"), event]),
  );
  for (const { spanId, kind, attributes, resource, name, status } of spans) {
    for (const key of EVERYWHERE) expect(Object.keys(attributes)).toContain(key);
    expect(resource).toMatchObject({
      "service.name": `tenon.${String(attributes["tenon.service"])}`,
      "host.name": attributes["tenon.node"],
      "tenon.profile": "documented",
    });
    expect(resource["tenon.seed"]).toMatch(/^0x[0-9a-f]+$/);
    if (kind !== "client" && kind !== "server") continue;
    for (const key of RPC) expect(Object.keys(attributes)).toContain(key);
    const contract = CONTRACT[name as PointName];
    expect(attributes["rpc.method"]).toBe(`${contract.service}/${contract.method}`);
    expect(attributes["rpc.system.name"]).toBe(contract.from === contract.to ? "tenon" : system);
    const enter = enters.get(spanId);
    const exit = exits.get(spanId);
    for (const [key, value] of Object.entries(enter?.slice ?? {})) expect(attributes[`tenon.slice.${key}`]).toBe(value);
    for (const key of Object.keys(enter?.args ?? {})) expect(Object.keys(attributes)).toContain(`tenon.args.${key}`);
    expect(attributes["tenon.ret"]).toBe(exit?.ret);
    expect(attributes["tenon.fault"]).toBe(exit?.fault);
    expect(attributes["tenon.locks"]).toEqual(enter?.locks.length === 0 ? undefined : enter?.locks);
    expect(status.code).toBe((exit?.ret ?? 0) < 0 ? "STATUS_CODE_ERROR" : "STATUS_CODE_UNSET");
  }
}

describe("a collector gets the traces of a simulated run", () => {
  test("the tour: every span has its parent, causes go before effects, attributes are complete", async () => {
    const all = await exported("experiments/tour.yaml");
    expectSound(all);
    expectComplete(all, "tenon");
    const slow = all.spans.filter(({ attributes }) => attributes["tenon.fault"] === "slow-core");
    expect(slow.map(({ name, kind }) => `${name} ${kind}`)).toEqual(["install_inband_fd client"]);
    expect(slow.map(({ endNs, startNs }) => endNs - startNs > 300_000_000n)).toEqual([true]);
    const refused = all.spans.find(({ attributes }) => attributes["tenon.fault"] === "no-memory");
    expect(refused).toMatchObject({
      name: "oob_open_file",
      kind: "client",
      status: { code: "STATUS_CODE_ERROR", message: "ENOMEM" },
      attributes: { "tenon.errno": "ENOMEM", "tenon.ret": -12, "error.type": "ENOMEM" },
    });
    // Who sleeps in a trace of its own has a link to the one in which it was woken.
    const woken = all.spans.find(({ name, links }) => name === "oob_read" && links.length > 0);
    const waker = all.byId.get(woken?.links[0]?.spanId ?? "");
    expect(waker?.name).toBe("oob_release_file");
    expect(waker?.traceId).toBe(woken?.links[0]?.traceId);
    expect(waker?.traceId).not.toBe(woken?.traceId);
  });

  test("one bind is one trace, from the task through vfs and in-band to the companion, with the fault that struck", async () => {
    const all = await exported("experiments/sockets/bind-refused.yaml");
    expectSound(all);
    expectComplete(all, "tenon");
    const struck = all.spans.find(
      ({ name, attributes }) => name === "sock_oob_bind" && attributes["tenon.fault"] !== undefined,
    );
    expect(outline(ofTrace(all.spans, struck))).toEqual([
      "sys_bind client alpha/task#1",
      "  sys_bind server alpha/vfs#1",
      "    sock_bind client alpha/vfs#1",
      "      sock_bind server alpha/inband#1",
      "        sock_oob_bind client alpha/inband#1",
    ]);
    const whole = all.spans.find(({ name, kind }) => name === "sock_oob_bind" && kind === "server");
    if (whole !== undefined)
      expect(outline(ofTrace(all.spans, whole)).at(-1)).toMatch(/sock_oob_bind server alpha\/companion#1/);
  });

  test("a frame from a task of alpha to one of beta is one trace, and the receiver's call has a link to it", async () => {
    const all = await exported("experiments/net/udp-two-nodes.yaml");
    expectSound(all);
    expectComplete(all, "tenon");
    const delivered = all.spans.find(({ resource, events }) => isBeta(resource) && wakes(events));
    const trace = ofTrace(all.spans, delivered);
    const [first] = outline(trace);
    expect(first).toBe("sys_sendto client alpha/task#1");
    expect(delivered?.resource["service.instance.id"]).toBe("beta/inband#1");
    const receiver = all.spans.find(({ links }) => links.some(({ spanId }) => spanId === delivered?.spanId));
    expect(receiver).toMatchObject({ name: "sock_recvmsg", kind: "server" });
    expect(outline(ofTrace(all.spans, receiver))[0]).toBe("sys_recvfrom client beta/task#1");
  });

  test("the ids are those of traceparent", async () => {
    const { events, spans, byId } = await exported("experiments/tour.yaml");
    const origin = originOf({ seed: 1n });
    for (const { phase, trace, span } of events) {
      if (phase !== "enter") continue;
      const [, traceId = "", spanId = ""] = traceparentOf(origin, trace, span).split("-");
      expect(byId.get(spanId)?.traceId).toBe(traceId);
    }
    expect(spans.length).toBeGreaterThan(0);
  });

  test("of a share of nothing, the traces with a fault or an error are left, whole", async () => {
    const all = await exported("experiments/tour.yaml", "simulated", 0);
    const roots = all.spans.filter(({ parentSpanId }) => parentSpanId === "").map(({ name }) => name);
    // The delayed open, the refused open, and the read that ended with EIDRM.
    expect(roots.sort()).toEqual(["oob_read", "sys_open", "sys_open"]);
    for (const { parentSpanId } of all.spans) if (parentSpanId !== "") expect(all.byId.has(parentSpanId)).toBe(true);
  });

  test("a core that is killed under a reader: the blow, the loss and what never ended stand in one trace, which is kept", async () => {
    const { events, spans, byId } = await exported(
      "experiments/faults/core-crashes-under-a-reader.yaml",
      "simulated",
      0,
    );
    expect(events.map(({ point }) => point)).toContain("place_down");
    const lost = spans.find(
      ({ name, kind, attributes }) => name === "oob_read" && kind === "client" && attributes["tenon.lost"],
    );
    expect(lost?.attributes["tenon.lost"]).toBe("unreachable");
    const dead = spans.find(({ parentSpanId }) => parentSpanId === lost?.spanId);
    expect(dead).toMatchObject({
      kind: "server",
      attributes: { "tenon.unfinished": "process_gone", "error.type": "unfinished" },
      resource: { "service.instance.id": "alpha/companion#1" },
    });
    expect(spans.some((span) => span.events.some(({ name }) => name === "blow"))).toBe(true);
    for (const { parentSpanId } of spans) if (parentSpanId !== "") expect(byId.has(parentSpanId)).toBe(true);
  });
});

describe("a collector gets the traces of processes", () => {
  test("a frame's trace goes through all of them, and every span has its parent", async () => {
    const all = await exported("experiments/net/udp-two-nodes.yaml", "distributed");
    expectSound(all);
    expectComplete(all, "grpc");
    const delivered = all.spans.find(({ resource, events }) => isBeta(resource) && wakes(events));
    expect(outline(ofTrace(all.spans, delivered))[0]).toBe("sys_sendto client alpha/task#1");
  }, 60_000);

  test("a fault between processes is in the trace where it struck, and the request that was lost has no receiver", async () => {
    const all = await exported("experiments/files/lost-request.yaml", "distributed");
    const struck = all.spans.filter(({ attributes }) => attributes["tenon.fault"] !== undefined);
    expect(struck.map(({ kind }) => kind)).toContain("client");
    for (const { parentSpanId } of all.spans) if (parentSpanId !== "") expect(all.byId.has(parentSpanId)).toBe(true);
    expectComplete(all, "grpc");
  }, 60_000);
});

describe("a collector that does not do its part", () => {
  const verdictWith = async (otlp: string): Promise<string> => {
    const loaded = await loadOne("experiments/tour.yaml");
    if (!loaded.ok) throw new Error(loaded.trouble.lines.join("\n"));
    const { signal } = new AbortController();
    const ran = await run(loaded.value, {
      file: "tour",
      runtime: "simulated",
      profile: "documented",
      otlp,
      stop: signal,
    });
    return ran.ok ? ran.value.verdict : ran.trouble.lines.join("\n");
  };

  test("is not there: the run ends as it would", async () => {
    const { url } = collector;
    await collector.close();
    expect(await verdictWith(url)).toBe("pass");
  });

  test("never answers: the same", async () => {
    collector.behave("silent");
    expect(await verdictWith(collector.url)).toBe("pass");
    expect(collector.requests()).toBeGreaterThan(0);
    expect(collector.spans).toEqual([]);
  });

  test("is busy once: it is asked again, and gets everything", async () => {
    const send = await createOtlpSend(`${collector.url}/v1/traces`, WORLD);
    collector.behave("unavailable");
    const sent = send(spansOf(openedFile(100), WORLD));
    while (collector.requests() === 0) await settled();
    collector.behave("takes");
    expect(await sent).toBeUndefined();
    expect(collector.requests()).toBe(2);
    expect(collector.spans).toHaveLength(6);
  });

  test("refuses: why is told, and nothing is tried again", async () => {
    const send = await createOtlpSend(`${collector.url}/elsewhere`, WORLD);
    expect(await send(spansOf(openedFile(100), WORLD))).toMatch(/Bad Request/);
    expect(collector.requests()).toBe(1);
  });
});
