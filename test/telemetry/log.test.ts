import { expect, test } from "@jest/globals";
import { assert } from "../../services/abi/assert.ts";
import { traceparentOf } from "../../services/abi/traceparent.ts";
import { createReceiver, type BrokenCall } from "../../services/boundary/receiver.ts";
import { aboutCall } from "../../services/runtimes/service-log.ts";
import { testKit } from "../kit.ts";
import { writeCall } from "../transports/support.ts";

test("a broken invariant is logged with the call in which it broke, under the ids that its trace has", async () => {
  const kit = testKit("vfs");
  const told: (BrokenCall | undefined)[] = [];
  const serve = createReceiver({
    kit,
    house: "vfs",
    handlers: { sys_write: () => assert(false, "the sum is right") } as never,
    control: {},
    onBroken: (_, during) => told.push(during),
  });
  const answer = await serve({ ...writeCall(), locks: [], chain: [] });
  expect(answer).toMatchObject({ kind: "lost", why: "unreachable" });
  const [entered] = kit.seen();
  const [, traceId, spanId] = traceparentOf(kit.events.origin, 5, entered?.span ?? 0).split("-");
  expect(told.map(aboutCall)).toEqual([{ trace_id: traceId, span_id: spanId, hook: "sys_write", task: "init" }]);
  expect(aboutCall(undefined)).toEqual({});
});
