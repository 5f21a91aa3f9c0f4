import { describe, expect, test } from "@jest/globals";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import { createMonitor } from "../../services/rules/monitor/monitor.ts";
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

describe("a run of any length", () => {
  const bracket = ruleOf("sys_dup.exit implies previously once sys_dup.enter", ["span"]);
  const duty = ruleOf("end implies not (not sys_dup.exit since sys_dup.enter)", ["span"], { id: "T-2" });

  test("forgets slices at rest, and keeps those in which a duty is open", () => {
    const event = eventPen();
    const monitor = createMonitor(compileRules([bracket, duty]));
    const open = event("sys_dup.enter", { service: "task", span: 1 });
    monitor.take(open);
    for (let span = 2; span < 50_000; span++) {
      monitor.take(event("sys_dup.enter", { service: "task", span }));
      monitor.take(event("sys_dup.exit", { service: "task", span, ret: 0 }));
    }
    // Its begin was forgotten with it: nobody can be certain that there was none.
    monitor.take(event("sys_dup.exit", { service: "task", span: 2, ret: 0 }));
    monitor.end("rest");
    const [first, second] = monitor.judgements();
    expect(first).toMatchObject({ verdict: "unknown", triggered: 49_999, violated: 1 });
    expect(second).toMatchObject({ verdict: "certain-fail", violated: 1, triggered: 50_000 });
    expect(second?.violations[0]?.witnesses).toEqual([{ event: open, atom: "sys_dup.enter" }]);
  });
});
