import { outermost } from "../../services/abi/context.ts";
import type { PointArgs, PointValues } from "../../services/abi/contract.generated.ts";
import { ok } from "../../services/abi/result.ts";
import { createKsockEvents, type EventsKernel } from "../../services/inband/ksock/event-streams.ts";
import { raise, watch } from "../../services/inband/ksock/events.ts";
import { ackEvent, nextEvent } from "../../services/inband/ksock/give-out.ts";
import { outsideCallbacks } from "../../services/inband/ksock/outside-callbacks.ts";
import {
  createKsock,
  type Ksock,
  type KsockOptions,
  type KsockPoint,
  type KsockReply,
  type Road,
} from "../../services/ksock/index.ts";
import { testKit, type TestKit } from "../kit.ts";

const WITHIN = outermost("kmod");

/** How the fake house answers a function. */
type Answerer<P extends KsockPoint> = (args: PointArgs[P]) => PointValues[P] | string;

/** A house whose events are real and whose functions do as the test says. */
export interface FakeHouse {
  readonly ksock: Ksock;
  /** How others reach it. */
  readonly road: Road;
  readonly kit: TestKit;
  readonly violations: () => number;
  /** Which points were called, with what. */
  readonly heard: { readonly point: KsockPoint; readonly args: Readonly<Record<string, unknown>> }[];
  /** Tells it how to answer a function from now on: a value, or an errno by its name. */
  when<P extends KsockPoint>(point: P, answerer: Answerer<P>): void;
  /** Loses the next answers of a point, so many; the house has acted. */
  lose(point: KsockPoint, count: number): void;
  happen(ks: number, slot: string, value: number): void;
}

/** @param between what is on the road between the client and the house, beside what `lose` loses. */
export function fakeHouse(options: KsockOptions = {}, between: (road: Road) => Road = (road) => road): FakeHouse {
  const kit = testKit("inband");
  const kernel: EventsKernel = {
    kit,
    events: kit.events,
    ksocks: { events: createKsockEvents(0), at: () => undefined },
  };
  const answerers = new Map<KsockPoint, unknown>();
  const losses = new Map<KsockPoint, number>();
  const heard: FakeHouse["heard"] = [];
  let sockets = 0;

  const when: FakeHouse["when"] = (point, answerer) => void answerers.set(point, answerer);
  when("ksock_socket", () => ({ ks: ++sockets }));
  when("ksock_close", () => ({ again: false }));
  when("ksock_callbacks", ({ ks, stream, slots }) => {
    watch(kernel, WITHIN, { ks, stream, slots: new Set(slots.split("|").filter((slot) => slot !== "")) });
    return {};
  });
  for (const point of ["ksocket_hold", "ksocket_rele", "ksock_bind", "ksock_listen", "ksock_shutdown"] as const)
    when(point, () => ({}));

  async function answer<P extends KsockPoint>(point: P, args: PointArgs[P]): Promise<KsockReply<P>> {
    const given = ((): unknown => {
      if (point === "ksock_next_event") return nextEvent(kernel, WITHIN, args as PointArgs["ksock_next_event"]);
      if (point === "ksock_ack_event") return ackEvent(kernel, WITHIN, args as PointArgs["ksock_ack_event"]);
      const answerer = answerers.get(point) as Answerer<P> | undefined;
      const work = (): unknown => {
        const value = answerer?.(args) ?? "ENOTSOCK";
        return typeof value === "string" ? { ok: false, errno: value } : ok(value);
      };
      if (point === "ksocket_hold" || point === "ksocket_rele") return work();
      return outsideCallbacks(kernel, point as "ksock_recv", work as never)(args as never, WITHIN);
    })();
    const result = (await given) as { ok: true; value: PointValues[P] } | { ok: false; errno: string };
    return result.ok ? { kind: "returned", value: result.value } : { kind: "refused", errno: result.errno };
  }

  const road: Road = {
    async call(point, args) {
      heard.push({ point, args: { ...args } });
      const reply = await answer(point, args);
      const left = losses.get(point) ?? 0;
      if (left > 0) losses.set(point, left - 1);
      return left > 0 ? { kind: "lost" } : reply;
    },
    sleepNs: (ns) => kit.clock.sleepNs(ns),
  };
  return {
    ksock: createKsock(between(road), options),
    road,
    kit,
    heard,
    violations: () => kernel.ksocks.events.counts.violations,
    when,
    lose: (point, count) => void losses.set(point, count),
    happen: (ks, slot, value) => raise(kernel, WITHIN, ks, slot, value),
  };
}
