import { describe, expect, test } from "@jest/globals";
import { eventPen } from "../lab/events.ts";
import { judged, ruleOf, simulated } from "./judge.ts";

const AFTER_BIND = ruleOf("sock_oob_bind.enter implies once inband_bind", ["sk"]);

describe("a rule over a trace", () => {
  test("is broken where the left side holds and the right one does not, for that socket only", () => {
    const event = eventPen();
    const bound = event("inband_bind", { service: "inband", slice: { sk: 1 } });
    const good = event("sock_oob_bind.enter", { service: "inband", slice: { sk: 1 } });
    const bad = event("sock_oob_bind.enter", { service: "inband", slice: { sk: 2 } });
    const [judgement] = judged([AFTER_BIND], [bound, good, bad]);
    expect(judgement).toMatchObject({ verdict: "certain-fail", slices: 2, triggered: 2, violated: 1 });
    expect(judgement?.violations).toEqual([{ slice: "alpha sk=2", certain: true, at: bad, witnesses: [] }]);
  });

  test("is vacuous when nothing triggers it, and passes when it is triggered and holds", async () => {
    const events = await simulated("experiments/sockets/bind-refused.yaml", "documented");
    const never = ruleOf("sys_fork.enter implies false", ["task"], { id: "T-2" });
    expect(judged([AFTER_BIND, never], events).map(({ verdict }) => verdict)).toEqual(["pass", "vacuous"]);
  });
});
