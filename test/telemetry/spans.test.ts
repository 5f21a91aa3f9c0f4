import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { TraceEvent } from "../../services/abi/event.ts";
import { spanIdOf } from "../../services/abi/traceparent.ts";
import type { Span } from "../../services/telemetry/span.ts";
import { createSpanBuilder, SPAN_LIMITS, spansOf, type EndedTrace } from "../../services/telemetry/spans.ts";
import { createPen, openedFile, seconds, WORLD } from "./sketch.ts";

const written = (ended: readonly EndedTrace[]): Span[] => ended.flatMap((trace) => trace.spans());
const byId = (spans: readonly Span[]): Span[] => [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
const one = (spans: readonly Span[], span: number): Span | undefined =>
  spans.find(({ spanId }) => spanId === spanIdOf(span));

describe("a call is two spans", () => {
  test("the caller's around the receiver's, with the nanoseconds of the events on the wall clock", () => {
    const spans = spansOf(openedFile(100), WORLD);
    expect(spans.map(({ name, kind, instance }) => `${name} ${kind} ${instance}`)).toEqual([
      "sys_open client alpha/task#1",
      "sys_open server alpha/vfs#1",
      "oob_open_file client alpha/vfs#1",
      "oob_open_file server alpha/companion#1",
      "install_inband_fd client alpha/vfs#1",
      "install_inband_fd server alpha/companion#1",
    ]);
    const [root] = spans;
    expect(root?.startUnixNs).toBe(1_700_000_000_000_001_123n);
    expect(root?.parentSpanId).toBeUndefined();
    expect(one(spans, 101)?.parentSpanId).toBe(spanIdOf(100));
    expect(one(spans, 101)?.events.map(({ name }) => name)).toEqual(["fd_reserve"]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test("a refusal and a loss are errors; a verdict of false and a weak definition's errno are not", () => {
    const { enter, exit, fact } = createPen();
    const refused = { span: 1 };
    const lost = { span: 2, trace: 2 };
    const verdict = { span: 3, trace: 3 };
    const weak = { span: 4, trace: 4 };
    const breach = { span: 5, trace: 5 };
    const spans = spansOf(
      [
        enter("inband", "sock_oob_bind", refused),
        exit("inband", "sock_oob_bind", refused, { ret: -12, fault: "no-memory" }),
        enter("inband", "sock_oob_bind", lost),
        exit("inband", "sock_oob_bind", lost, { lost: "timeout" }),
        enter("nic", "netif_deliver_oob", verdict),
        exit("nic", "netif_deliver_oob", verdict, { ret: 0 }),
        enter("inband", "sock_inband_ioctl_redirect", weak),
        exit("inband", "sock_inband_ioctl_redirect", weak, { ret: -515 }),
        enter("inband", "sock_oob_bind", breach),
        fact("companion", "contract_breach", { ...breach, args: { breach: "sk.sk_lock is held on entry" } }),
        exit("inband", "sock_oob_bind", breach, { ret: 0 }),
      ],
      WORLD,
    );
    expect(spans.map(({ error }) => error)).toEqual([
      "ENOMEM",
      "lost: timeout",
      undefined,
      undefined,
      "contract_breach: sk.sk_lock is held on entry",
    ]);
    expect(spans[0]?.attributes).toMatchObject({
      "tenon.errno": "ENOMEM",
      "tenon.fault": "no-memory",
      "error.type": "ENOMEM",
      "rpc.response.status_code": "OK",
    });
    expect(spans[1]?.attributes).toMatchObject({
      "tenon.lost": "timeout",
      "rpc.response.status_code": "DEADLINE_EXCEEDED",
    });
    // Who noted it is not whose span it is.
    expect(spans[4]?.events[0]?.attributes).toMatchObject({ "tenon.service": "companion" });
  });

  test("a call of a house to itself has both sides, also inside another one of the same name", () => {
    const { enter, exit } = createPen();
    const outer = { span: 1 };
    const first = { span: 2, parent: 1 };
    const inner = { span: 3, parent: 2 };
    const second = { span: 4, parent: 3 };
    const kinds = spansOf(
      [
        enter("companion", "sock_oob_ioctl", outer),
        enter("companion", "sock_oob_ioctl", first),
        enter("companion", "sock_oob_ioctl", inner),
        enter("companion", "sock_oob_ioctl", second),
        ...[second, inner, first, outer].map((said) => exit("companion", "sock_oob_ioctl", said)),
      ],
      WORLD,
    ).map(({ kind, attributes }) => `${kind} ${String(attributes["rpc.system.name"])}`);
    // Nobody crosses a road for it.
    expect(kinds).toEqual(["client tenon", "server tenon", "client tenon", "server tenon"]);
  });

  test("a caller from elsewhere gives its ids, and the trace takes them", () => {
    const { enter, exit, fact } = createPen();
    const said = { span: 9, trace: 9 };
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const [span] = spansOf(
      [
        enter("inband", "inband_offload_sendmsg", said),
        fact("inband", "remote_parent", { ...said, args: { header: `traceparent: ${traceparent}` } }),
        exit("inband", "inband_offload_sendmsg", said),
      ],
      WORLD,
    );
    expect(span).toMatchObject({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      parentSpanId: "00f067aa0ba902b7",
      kind: "server",
    });
    expect(span?.attributes["tenon.parent_lost"]).toBeUndefined();
  });
});

describe("events come as they come", () => {
  /** The events of each house in their order; houses among each other in any. */
  const interleaved = (events: readonly TraceEvent[], choices: readonly number[]): TraceEvent[] => {
    const houses = new Map<string, TraceEvent[]>();
    for (const event of events) {
      const house = `${event.node}/${event.service}`;
      houses.set(house, [...(houses.get(house) ?? []), event]);
    }
    const lines = [...houses.values()];
    const order: TraceEvent[] = [];
    for (let i = 0; order.length < events.length; i++) {
      const open = lines.filter((line) => line.length > 0);
      const event = open[(choices[i % choices.length] ?? 0) % open.length]?.shift();
      if (event !== undefined) order.push(event);
    }
    return order;
  };
  const choices = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 40 });
  const events = [...openedFile(100), ...openedFile(200).map((event) => ({ ...event, node: "beta" }))];
  const expected = byId(spansOf(events, WORLD));

  test("whichever house tells first, in batches of whatever size, some twice: the spans are the same, and whole", () => {
    fc.assert(
      fc.property(
        choices,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.nat({ max: 5 }),
        (order, sizes, again) => {
          const builder = createSpanBuilder(WORLD);
          const told = interleaved(events, order);
          const spans: Span[] = [];
          for (let at = 0, i = 0; at < told.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            // A batch that is taken twice, as after an answer that was lost.
            builder.add(told.slice(Math.max(0, at - again), at + size), i);
            spans.push(...written(builder.take(i)));
            at += size;
          }
          expect(byId(spans)).toEqual(expected);
          expect(builder.waiting()).toBe(0);
          expect(builder.losses).toMatchObject({ events: 0, unfinished: 0, orphans: 0 });
        },
      ),
    );
  });

  test("whatever is lost, each span has its parent or says that it lost it, and what is lost is counted", () => {
    fc.assert(
      fc.property(choices, fc.uniqueArray(fc.nat({ max: events.length - 1 })), (order, lost) => {
        const builder = createSpanBuilder(WORLD);
        const told = interleaved(events, order);
        // What a house lost at its very end nobody can know.
        const missing = new Set(lost.map((i) => told[i]));
        const last = new Map(told.map((event) => [`${event.node}/${event.service}`, event]));
        const heard = told.filter(
          (event) => !missing.has(event) || last.get(`${event.node}/${event.service}`) === event,
        );
        builder.add(heard, 0);
        const spans = written([...builder.take(0), ...builder.flush()]);
        const ids = new Set(spans.map(({ spanId }) => spanId));
        for (const { parentSpanId, attributes } of spans)
          if (parentSpanId !== undefined) expect(ids.has(parentSpanId)).toBe(attributes["tenon.parent_lost"] !== true);
        expect(builder.losses.events).toBe(told.length - heard.length);
        expect(builder.waiting()).toBe(0);
        const endless = spans.filter(({ attributes }) => attributes["tenon.unfinished"] !== undefined);
        expect(endless.length).toBe(builder.losses.unfinished);
      }),
    );
  });
});

describe("what never ends is ended", () => {
  test("when the process that was in it has another life", () => {
    const { enter, exit } = createPen();
    const builder = createSpanBuilder(WORLD);
    builder.add(
      [enter("inband", "sock_oob_bind", { span: 1 }), enter("companion", "sock_oob_bind", { span: 2, parent: 1 })],
      0,
    );
    builder.add([exit("inband", "sock_oob_bind", { span: 1 }, { lost: "unreachable" })], 0);
    builder.add([enter("companion", "sock_oob_ioctl", { span: 9, trace: 9, life: 2 })], 0);
    const [trace] = builder.take(SPAN_LIMITS.quietNs);
    const spans = trace?.spans() ?? [];
    expect(trace?.alarm).toBe(true);
    expect(one(spans, 2)).toMatchObject({
      error: "its process ended before it did",
      instance: "alpha/companion#1",
      attributes: { "tenon.lost": "unfinished", "tenon.unfinished": "process_gone" },
    });
    expect(builder.losses).toMatchObject({ unfinished: 1, events: 0 });
  });

  test("when it is told that a place went down", () => {
    const { enter, fact } = createPen();
    const builder = createSpanBuilder(WORLD);
    builder.add(
      [
        enter("companion", "sock_oob_ioctl", { span: 1 }),
        fact("lab", "place_down", { span: 0, args: { place: "alpha/companion" } }),
      ],
      0,
    );
    expect(builder.losses.unfinished).toBe(1);
  });

  test("when nothing is heard of it for longer than any call may take", () => {
    const { enter } = createPen();
    const builder = createSpanBuilder(WORLD);
    builder.add([enter("task", "sys_open", { span: 1 })], 0);
    expect(builder.take(SPAN_LIMITS.openNs - 1)).toEqual([]);
    const spans = written(builder.take(SPAN_LIMITS.openNs + seconds(1)));
    expect(spans.map(({ attributes }) => attributes["tenon.unfinished"])).toEqual(["too_old"]);
  });

  test("when there is no more room, the oldest first; and a trace has room for so many spans", () => {
    const { enter, fact } = createPen();
    const builder = createSpanBuilder(WORLD, { ...SPAN_LIMITS, tracesMax: 2, spansMax: 2 });
    builder.add(
      [1, 2, 3].map((span) => enter("task", "sys_open", { span, trace: span })),
      0,
    );
    expect(builder.waiting()).toBe(2);
    expect(builder.take(0).map(({ trace }) => trace)).toEqual([1]);
    expect(builder.losses).toMatchObject({ early: 1, unfinished: 1 });
    builder.add(
      [10, 11, 12].map((span) => fact("vfs", "task_create", { span, trace: 3 })),
      0,
    );
    expect(builder.losses.tooMany).toBe(2);
    const crowd = Array.from({ length: 100 }, () => fact("vfs", "task_create", { span: 10, trace: 3 }));
    builder.add(crowd, 0);
    const span = written(builder.flush()).find(({ spanId }) => spanId === spanIdOf(10));
    expect(span?.droppedEvents).toBe(crowd.length + 1 - 64);
  });

  test("what is heard of a trace later is told as such, and its parent is not missed", () => {
    const { fact } = createPen();
    const builder = createSpanBuilder(WORLD);
    const events = openedFile(100);
    builder.add(events, 0);
    expect(builder.take(0).map(({ isLate }) => isLate)).toEqual([false]);
    builder.add([{ ...fact("nic", "frame_receive", { span: 500, parent: 101, trace: 100 }) }], 0);
    const [late] = builder.take(SPAN_LIMITS.quietNs);
    expect(late?.isLate).toBe(true);
    expect(late?.spans()[0]?.attributes["tenon.parent_lost"]).toBeUndefined();
  });
});

describe("when a trace is over", () => {
  test("at once, when both sides of every call in it have been told of", () => {
    const builder = createSpanBuilder(WORLD);
    const events = openedFile(100);
    const last = events.slice(-1);
    builder.add(events.slice(0, -1), 0);
    expect(builder.take(0)).toEqual([]);
    builder.add(last, 0);
    expect(builder.take(0).map(({ spanCount }) => spanCount)).toEqual([6]);
  });

  test("not before its receivers have been told of, however soon its root has ended", () => {
    const builder = createSpanBuilder(WORLD);
    const events = openedFile(100);
    builder.add(
      events.filter(({ service }) => service !== "companion"),
      0,
    );
    expect(builder.take(0)).toEqual([]);
    builder.add(
      events.filter(({ service }) => service === "companion"),
      0,
    );
    expect(builder.take(0)).toHaveLength(1);
  });

  test("when nothing is heard any more, where a frame has left it: nobody knows how far that goes", () => {
    const { fact } = createPen();
    const builder = createSpanBuilder(WORLD);
    builder.add([...openedFile(100), fact("inband", "frame_send", { span: 300, parent: 101, trace: 100 })], 0);
    expect(builder.take(0)).toEqual([]);
    builder.add([fact("nic", "frame_receive", { span: 400, parent: 300, trace: 100 })], seconds(1));
    expect(builder.take(SPAN_LIMITS.quietNs)).toEqual([]);
    expect(builder.take(SPAN_LIMITS.quietNs + seconds(1)).map(({ spanCount }) => spanCount)).toEqual([8]);
  });
});

describe("who sleeps and who wakes", () => {
  test("a reader has a link to the trace that woke it, or that had brought what it found", () => {
    const { enter, exit, fact } = createPen();
    const slice = { sk: 4, task: "rt" };
    const spans = spansOf(
      [
        enter("inband", "sock_recvmsg", { span: 1, trace: 1 }),
        fact("inband", "sock_wait", { span: 1, trace: 1, slice }),
        fact("inband", "frame_receive", { span: 50, parent: 40, trace: 7 }),
        fact("inband", "sock_wake", { span: 50, parent: 40, trace: 7, slice }),
        exit("inband", "sock_recvmsg", { span: 1, trace: 1 }),
        enter("inband", "sock_recvmsg", { span: 2, trace: 2 }),
        fact("inband", "sock_take", { span: 2, trace: 2, slice, args: { by_trace: 8, by_span: 60 } }),
        exit("inband", "sock_recvmsg", { span: 2, trace: 2 }),
      ],
      WORLD,
    );
    expect(one(spans, 1)?.links).toMatchObject([{ spanId: spanIdOf(50), attributes: { "tenon.link": "sock_wake" } }]);
    expect(one(spans, 2)?.links).toMatchObject([{ spanId: spanIdOf(60), attributes: { "tenon.link": "sock_take" } }]);
  });
});
