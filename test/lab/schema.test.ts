import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { CALLS } from "../../services/lab/calls.ts";
import { experimentJsonSchema } from "../../services/lab/schema/json-schema.ts";
import { complaintsOf, sample, SHIPPED, textOf } from "./written.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";

const FILE = "experiments/experiment.schema.json";
const accepts = new Ajv({ strictRequired: false, allowUnionTypes: true }).compile(experimentJsonSchema());
const OPEN = "{ task: app, call: open, with: { path: /dev/null } }";
const fault = (text: string): string => `  workload:\n    - ${OPEN}\n  faults:\n    - ${text}\n`;

describe("the schema for editors", () => {
  test("that is committed is the one that the format makes (node experiments/write-schema.mjs)", () => {
    expect(JSON.parse(textOf(FILE))).toEqual(experimentJsonSchema());
  });

  test("is of draft 7, which the YAML language server understands", () => {
    expect(experimentJsonSchema()["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
  });

  test.each(SHIPPED)("accepts %s, which names it", (file) => {
    expect(accepts(parse(textOf(file)))).toBe(true);
    const relative = file.split("/").length === 2 ? "" : "../";
    expect(textOf(file).split("\n")[0]).toBe(`# yaml-language-server: $schema=${relative}experiment.schema.json`);
  });

  test.each([
    ["an unknown key", `  workload:\n    - ${OPEN}\n  metod: []\n`],
    ["an unknown call", "  workload:\n    - { task: app, call: opne, with: {} }\n"],
    ["an unknown argument", "  workload:\n    - { task: app, call: close, with: { fd: 3, x: 1 } }\n"],
    ["a missing argument", "  workload:\n    - { task: app, call: close, with: {} }\n"],
    ["an unknown constant", "  workload:\n    - { task: app, call: close, with: { fd: O_RDWRR } }\n"],
    ["two kinds of step in one", "  workload:\n    - { join: a, sleep: 1ms }\n"],
    [
      "a bare probability",
      fault("{ id: f, point: oob_open_file, select: { probability: 10 }, effect: { skip: true } }"),
    ],
    ["a rule that never fires", fault("{ id: f, point: oob_open_file, select: { times: 1 }, effect: { skip: true } }")],
    [
      "two effects",
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true, duplicate: true } }"),
    ],
    ["no workload", "  workload: []\n"],
  ])("refuses %s, as the loader does", (_, body) => {
    expect(accepts(parse(sample(body)))).toBe(false);
    expect(complaintsOf(loadExperiment(sample(body), "x.yaml"))).not.toEqual([]);
  });
});

describe("the calls of a workload", () => {
  test("are the contract's calls of a task, but the one that starts it", () => {
    const points = Object.values(CONTRACT)
      .filter(({ from }) => from === "task")
      .map(({ name }) => name);
    expect([...CALLS.values()].map(({ point }) => point).sort()).toEqual(
      points.filter((name) => name !== "sys_spawn").sort(),
    );
  });

  test("take the contract's arguments, and answer its first value", () => {
    expect(CALLS.get("oob_poll")).toMatchObject({
      point: "oob_poll",
      stage: "oob",
      args: [
        { name: "fd", kind: "number", fallback: undefined },
        { name: "events", kind: "number", fallback: undefined },
        { name: "timeout_ns", kind: "duration", fallback: 0 },
      ],
      value: { name: "revents", kind: "number" },
    });
    expect(CALLS.get("read")?.value).toEqual({ name: "data", kind: "bytes" });
    expect(CALLS.get("exec")).toMatchObject({ args: [], value: undefined });
    expect(CALLS.get("fork")?.value).toEqual({ name: "pid", kind: "number" });
  });
});
