import { describe, expect, test } from "@jest/globals";
import { controlInvocation, type Answer } from "../../services/boundary/invocation.ts";
import { createRoad } from "../../services/runtimes/distributed/road.ts";
import { lost } from "../../services/transports/answers.ts";
import type { HouseClient } from "../../services/transports/grpc/client.ts";

const ANSWER: Answer = { kind: "returned", value: {}, lamport: 1 };
const CALL = controlInvocation("ctl_list_files", {}, "alpha/vfs#1");

/** A connection whose calls wait until they are answered, or it is closed. */
function connection() {
  const waiting: ((answer: Answer) => void)[] = [];
  const state = { closed: false };
  const client: HouseClient = {
    transport: () => new Promise((resolve) => void waiting.push(resolve)),
    road: () => "unary",
    ready: () => Promise.resolve(true),
    close() {
      state.closed = true;
      for (const answer of waiting.splice(0)) answer(lost("unreachable", "the connection is closed"));
    },
  };
  return { client, state, answer: () => waiting.shift()?.(ANSWER) };
}

describe("the road to a place that comes back", () => {
  test("does not lose what was on its way to the new life before anybody was told of it", async () => {
    const [old, later] = [connection(), connection()];
    const connections = [old.client, later.client];
    const road = createRoad(() => connections.shift() ?? later.client);
    await road.up(0);
    const asked = road.transport(CALL);
    await road.up(0);
    expect(old.state.closed).toBe(false);
    const next = road.transport(CALL);
    old.answer();
    expect(await asked).toEqual(ANSWER);
    expect(old.state.closed).toBe(true);
    later.answer();
    expect(await next).toEqual(ANSWER);
  });

  test("loses everything on its way when the place is down, and nobody waits", async () => {
    const [old, later] = [connection(), connection()];
    const connections = [old.client, later.client];
    const road = createRoad(() => connections.shift() ?? later.client);
    await road.up(0);
    const asked = [road.transport(CALL)];
    await road.up(0);
    asked.push(road.transport(CALL));
    road.down("alpha/vfs is down");
    asked.push(road.transport(CALL));
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ kind: "lost", why: "unreachable" });
    expect([old.state.closed, later.state.closed]).toEqual([true, true]);
  });
});
