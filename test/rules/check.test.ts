import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import type { RuleJudgement } from "../../services/rules/judgement.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import { eventPen } from "../lab/events.ts";
import { ruleOf } from "./judge.ts";

const rule = ruleOf("index_add implies once fd_publish", ["fd"]);

function judge(events: readonly TraceEvent[], missing = 0): RuleJudgement | undefined {
  return judgeTrace(compileRules([rule]), causality(events), { ended: "rest", missing })[0];
}

const slice = { files: 1, fd: 3 };

describe("verdicts over what surely happened before what", () => {
  test("two houses that exchange nothing break a rule possibly, whichever stamp is lower", () => {
    const event = eventPen();
    const publish = event("fd_publish", { service: "vfs", slice });
    const add = event("index_add", { service: "companion", slice });
    expect(judge([publish, add])?.verdict).toBe("possible-fail");
    expect(judge([{ ...publish, lamport: 9 }, add])?.verdict).toBe("possible-fail");
  });

  test("a call between them makes it certain, and no clock does", () => {
    const event = eventPen();
    const call = event("install_inband_fd.enter", { service: "vfs", span: 1 });
    const add = event("index_add", { service: "companion", slice, span: 2, parent: 1 });
    const late = event("fd_publish", { service: "vfs", slice });
    const back = event("install_inband_fd.exit", { service: "companion", span: 2, parent: 1, ret: 0 });
    const done = event("install_inband_fd.exit", { service: "vfs", span: 1, ret: 0 });
    const after = { ...late, seq: 3, lamport: 9, timeNs: -1 };
    const got = judge([call, add, back, { ...done, seq: 2 }, after]);
    expect(got).toMatchObject({ verdict: "certain-fail", violated: 1 });
    expect(got?.violations[0]?.broken).toEqual({ first: add, second: after });
    const before = { ...late, seq: 0, lamport: 0, timeNs: 1e9 };
    expect(judge([before, call, add])?.verdict).toBe("pass");
  });

  test("where events are missing that it may speak of, nothing is certain", () => {
    const event = eventPen();
    const add = event("index_add", { service: "companion", slice });
    expect(judge([add])?.verdict).toBe("certain-fail");
    expect(judge([add], 1)?.verdict).toBe("unknown");
    // A gap in a house of which the rule does not speak.
    const nic = [1, 3].map((seq) => ({ ...event("napi_complete", { service: "nic" }), seq }));
    expect(judge([add, ...nic], 1)?.verdict).toBe("certain-fail");
  });
});
