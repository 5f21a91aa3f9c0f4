import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { judgeMeasures, measureEvents } from "../../services/lab/run/measures.ts";

const file = (workload: string, measure: string, expectations = ""): string => `
apiVersion: tenon/v1alpha1
kind: Experiment
metadata: { name: measured }
spec:
  title: measured
  workload:
    ${workload}
  measure:
    ${measure}
  expect:
    measures: { ${expectations} }
`;
const SLEEP = "- { sleep: 1ms }";
const OPENS = '- { name: opens, from: "task:sys_open.enter", to: "task:sys_open.exit", per: [task] }';

function loaded(...text: Parameters<typeof file>): Experiment {
  const read = loadExperiment(file(...text), "measured.yaml");
  if (!read.ok) throw new Error(read.errors.map(formatLoadError).join("\n"));
  return read.experiment;
}

function mistakes(...text: Parameters<typeof file>): readonly string[] {
  const read = loadExperiment(file(...text), "measured.yaml");
  return read.ok ? [] : read.errors.map(formatLoadError);
}

let spans = 0;
const event = (timeNs: number, point: string, phase: TraceEvent["phase"], task = "app", args = {}): TraceEvent => ({
  seq: ++spans,
  lamport: spans,
  timeNs,
  node: "alpha",
  service: "task",
  stage: "inband",
  point,
  phase,
  span: spans,
  parent: 0,
  trace: spans,
  slice: { task },
  args,
  locks: [],
});
const opened = (fromNs: number, toNs: number, task?: string): TraceEvent[] => [
  event(fromNs, "sys_open", "enter", task),
  event(toNs, "sys_open", "exit", task),
];
const inTime = (events: readonly TraceEvent[]): TraceEvent[] => [...events].sort((a, b) => a.timeNs - b.timeNs);

describe("measures", () => {
  test("a sample goes from one event to the next one of the other kind, for each task by itself", () => {
    const { measures } = loaded(SLEEP, OPENS);
    const events = inTime([...opened(0, 10), ...opened(100, 130, "other"), ...opened(105, 110)]);
    const [record] = measureEvents(measures, events);
    expect(record).toMatchObject({ unfinished: 0, all: { count: 3, min: 5, max: 30, avg: 15 } });
    expect(record?.during).toBeUndefined();
  });

  test("one that begins again before it ended counts as unfinished", () => {
    const { measures } = loaded(SLEEP, OPENS);
    const events = [event(0, "sys_open", "enter"), ...opened(50, 60), event(90, "sys_open", "enter")];
    expect(measureEvents(measures, events)).toMatchObject([{ unfinished: 2, all: { count: 1, max: 10 } }]);
  });

  test("samples are before, during or after a freeze; one that any of it was in is during", () => {
    const { measures } = loaded(SLEEP, OPENS);
    const stage = (timeNs: number, point: string): TraceEvent =>
      event(timeNs, point, "fact", "", { place: "alpha/inband" });
    const events = inTime([
      ...opened(0, 10),
      ...opened(90, 250, "b"),
      ...opened(120, 130, "c"),
      ...opened(199, 201, "d"),
      ...opened(300, 310),
      stage(100, "stage_freeze"),
      stage(200, "stage_thaw"),
    ]);
    const [record] = measureEvents(measures, events);
    expect([record?.before?.count, record?.during?.count, record?.after?.count]).toEqual([1, 3, 1]);
  });

  test("bounds compare with durations, with other phases, and with other measures, each runtime its own", () => {
    const second = OPENS.replace("name: opens", "name: others").replaceAll("sys_open", "sys_close");
    const expectations = `opens: { count: "== 2", max: ["<= 30ns", "> 20ns"], p50: { simulated: "<= 2 x others + 5ns", embedded: "< 1ns" } }`;
    const { measures, measured } = loaded(SLEEP, `${OPENS}\n    ${second}`, expectations);
    const closed = [event(500, "sys_close", "enter"), event(507, "sys_close", "exit")];
    const records = measureEvents(measures, [...opened(0, 20), ...opened(100, 130), ...closed]);
    const verdicts = (runtime: "simulated" | "embedded" | "distributed"): string[] =>
      judgeMeasures(measured, records, runtime).map(({ verdict }) => verdict);
    expect(verdicts("simulated")).toEqual(["pass", "pass", "pass", "fail"]);
    expect(judgeMeasures(measured, records, "simulated").at(-1)?.why).toBe(
      "it is 20 ns (20), where <= 19 ns (19) should be",
    );
    expect(verdicts("embedded")).toEqual(["pass", "pass", "pass", "fail"]);
    expect(verdicts("distributed")).toEqual(["pass", "pass", "pass"]);
  });

  test("nothing is green where nothing was measured", () => {
    const { measures, measured } = loaded(SLEEP, OPENS, 'opens: { max: "< 1s" }');
    const [judged] = judgeMeasures(measured, measureEvents(measures, []), "simulated");
    expect(judged).toMatchObject({ verdict: "fail", why: "nothing of it was measured" });
  });
});

describe("what is wrong with measures, loops and freezes is told in one line each", () => {
  const loop = (rest: string): string =>
    `- { loop: l, ${rest}, steps: [{ task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR } }] }`;
  test.each([
    [[SLEEP, OPENS.replace("sys_open.enter", "sys_opem.enter")], "did you mean sys_open?"],
    [[SLEEP, OPENS.replace("[task]", "[taks]")], "did you mean task?"],
    [[SLEEP, `${OPENS}\n    ${OPENS}`], "found opens once more, allowed is a name that no other measure has"],
    [[SLEEP, OPENS, 'openz: { max: "< 1s" }'], "did you mean opens?"],
    [[SLEEP, OPENS, "opens: { max: 5 }"], "allowed is a bound such as"],
    [[SLEEP, OPENS, 'opens: { max: "< 5" }'], "allowed is a duration with its unit"],
    [[SLEEP, OPENS, 'opens: { count: "< 5ms" }'], "allowed is a whole number"],
    [[SLEEP, OPENS, 'opens: { max: "< 2 x others" }'], "allowed is before, during, after, or the name of a measure"],
    [[SLEEP, OPENS, "opens: { mux: 5 }"], "did you mean max?"],
    [[loop("every: 1ms"), OPENS], "found l, which has no end, allowed is times, until, or leave: true"],
    [[loop("until: k"), OPENS], "allowed is an earlier loop (there is none)"],
    [[loop("times: 0"), OPENS], "allowed is how many times, from 1"],
    [["- { freeze: { node: gamma, for: 1s } }", OPENS], "found gamma, allowed is a node of the experiment's world"],
    [["- { freeze: { stage: oob, for: 1s } }", OPENS], "found oob, allowed is a stage: inband"],
    [["- { freeze: { node: alpha } }", OPENS], "allowed is"],
  ] as const)("%#", (text, said) => {
    const lines = mistakes(...(text as readonly string[] as Parameters<typeof file>));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(said);
    expect(lines[0]).toMatch(/^measured\.yaml:\d+:\d+/);
  });
});
