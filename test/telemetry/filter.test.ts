import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Scalar, TraceEvent } from "../../services/abi/event.ts";
import { compileFilter, pointsOf } from "../../services/telemetry/filter/compile.ts";
import { createGlob } from "../../services/telemetry/filter/glob.ts";
import { createWholeCalls, readChoice } from "../../services/telemetry/filter/index.ts";
import { parseFilter } from "../../services/telemetry/filter/parse.ts";
import { filterText, type Filter } from "../../services/telemetry/filter/syntax.ts";
import { eventPen } from "../lab/events.ts";

const pen = eventPen();
const opened = pen("sys_open.exit", { service: "task", ret: 3, slice: { task: "app" }, span: 0x10 });
const refused = pen("oob_open_file.exit", {
  ret: -12,
  fault: "no-memory",
  slice: { file: 2 },
  args: { dev: "/dev/x" },
});
const silent = pen("sock_oob_bind.exit", { service: "inband", lost: "timeout", slice: { sk: 1 } });
const fact = pen("fd_publish", {
  slice: { files: 1, fd: 3, task: "app" },
  args: { close_on_exec: true, flags: 0o2000002 },
  locks: ["files.file_lock:1"],
});
const woken = pen("sock_wake", { service: "inband", node: "beta", slice: { sk: 7 }, args: { errno: "EAGAIN" } });
const big = pen("frame_send", { service: "nic", slice: { dev: "eth0", frame: 0x1010_0000_0006 }, args: { bytes: 42 } });
const ALL = [opened, refused, silent, fact, woken, big];

function chosen(source: string): TraceEvent[] {
  const parsed = parseFilter(source);
  if ("error" in parsed) throw new Error(`${parsed.column}: ${parsed.error}`);
  return ALL.filter(compileFilter(parsed.filter));
}

const problem = (source: string): string => {
  const parsed = parseFilter(source);
  return "error" in parsed ? `${parsed.column}: ${parsed.error}` : "fine";
};

describe("a filter chooses as ftrace's does", () => {
  test.each([
    ["ret < 0", [refused]],
    ["ret >= 0", [opened]],
    ["ret == -ENOMEM", [refused]],
    ["errno == ENOMEM || errno == EAGAIN", [refused, woken]],
    ["lost ~ *", [silent]],
    ["service == vfs && !(phase == fact)", [refused]],
    ["service == vfs && phase != fact", [refused]],
    ['point ~ "*oob_*"', [refused, silent]],
    ["point ~ [fs]*_[ob]*", [opened, silent]],
    ["flags & O_CLOEXEC", [fact]],
    ["flags & 0x4", []],
    ["frame & 0x101000000000", [big]],
    ["frame == 0x101000000006", [big]],
    ["close_on_exec == true", [fact]],
    ["close_on_exec == 1", [fact]],
    ["holds ~ files.*", [fact]],
    ["node == beta", [woken]],
    ["task == app", [opened, fact]],
    ["dev == /dev/x", [refused]],
    ["slice.dev == eth0", [big]],
    ["args.dev ~ *", [refused]],
    ["span == 0000000000000010", [opened]],
    ["span == 16 || span == 020 && ret > 1000", [opened]],
    ["(span == 16 || span == 020) && ret > 1000", []],
    ["fault ~ 'no-*'", [refused]],
  ])("%s", (source, events) => expect(chosen(source)).toEqual(events));

  test("a field that an event lacks makes every comparison with it false, and what negates it true", () => {
    expect(chosen("fd != 99")).toEqual([fact]);
    expect(chosen("!(fd != 99)")).toEqual(ALL.filter((event) => event !== fact));
  });

  test("&& binds closer than ||, and ! closest", () => {
    expect(chosen("fd == 3 || sk == 1 && lost == timeout")).toEqual([silent, fact]);
    expect(chosen("!(fd == 3 || sk == 1) && node == alpha")).toEqual([opened, refused, big]);
  });
});

describe("what is wrong with a filter is told at its letter, with what is allowed", () => {
  test.each([
    ["", "1: found the end, allowed is a field such as point, ret or fd, ! or ("],
    ["ret <> 0", "6: found >, allowed is a value, in quotes where it is not one word"],
    ["ret < 0 &&", "11: found the end, allowed is a field"],
    ["ret < 0 fd", "9: found fd, allowed is &&, ||, or the end"],
    ["(ret < 0", "9: found the end, allowed is &&, || or )"],
    ["ret = 0", "5: found =, allowed is a field"],
    ["point ~ 'sys_", "9: found a text that never ends"],
    ["retr < 0", "did you mean ret?"],
    ["sys_open", "a point is chosen by point == sys_open"],
    ["node < alpha", "6: found <, allowed for the text node is ==, != or ~"],
    ["ret ~ 3*", "5: found ~, allowed for the number ret"],
    ["ret < nothing", "7: found nothing, allowed for ret < is a number"],
    ["stage == oobb", "10: found oobb, allowed for stage is inband, oob; did you mean oob?"],
    ["point == sys_opne", "did you mean sys_open?"],
    ["point ~ zz*", "9: found zz*"],
    ["!".repeat(200) + "ret == 0", "found more than 100 levels"],
  ])("%s", (source, says) => expect(problem(source)).toContain(says));

  test("whatever is written, it is read or refused, at a letter that there is", () => {
    const piece = fc.constantFrom(
      "ret",
      "fd",
      "==",
      "&",
      "&&",
      "||",
      "!",
      "(",
      ")",
      '"',
      "'",
      "\\",
      "~",
      "3",
      " ",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const source = pieces.join("");
        const parsed = parseFilter(source);
        if (!("error" in parsed)) return;
        expect(parsed.column).toBeGreaterThanOrEqual(1);
        expect(parsed.column).toBeLessThanOrEqual(source.length + 1);
      }),
    );
  });
});

/** Filters over fields of which some events have some. */
const comparison = fc.oneof(
  fc.record({
    t: fc.constant("compare" as const),
    field: fc.constantFrom("ret", "fd", "sk", "bytes", "seq"),
    operator: fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "&"),
    value: fc.constantFrom("0", "3", "-12", "42", "0x2a"),
  }),
  fc.record({
    t: fc.constant("compare" as const),
    field: fc.constantFrom("dev", "path", "name", "task"),
    operator: fc.constantFrom("==", "!=", "~"),
    value: fc.oneof(fc.constantFrom("app", "eth0", "*", "e*", "/dev/?"), fc.string()),
  }),
);
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison as fc.Arbitrary<Filter>,
    fc.record({ t: fc.constant("not" as const), of: tie("filter") }),
    fc.record({
      t: fc.constantFrom("and" as const, "or" as const),
      all: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** The same by the book: texts compared as texts, numbers as numbers, and globs as regular expressions. */
function holds(filter: Filter, event: TraceEvent): boolean {
  if (filter.t === "not") return !holds(filter.of, event);
  if (filter.t !== "compare")
    return filter.t === "and"
      ? filter.all.every((part) => holds(part, event))
      : filter.all.some((part) => holds(part, event));
  const { field, operator, value } = filter;
  const everything: Record<string, Scalar | undefined> = {
    ...event.args,
    ...event.slice,
    ret: event.ret,
    seq: event.seq,
  };
  const found = everything[field];
  if (found === undefined) return false;
  if (operator === "~") {
    const source = Array.from(value).map((one) =>
      one === "*" ? ".*" : one === "?" ? "." : one.replace(/[^\w]/u, "\\$&"),
    );
    return new RegExp(`^${source.join("")}$`, "s").test(String(found));
  }
  const wanted = Number(value);
  switch (operator) {
    case "==":
      return typeof found === "number" ? found === wanted : found === value;
    case "!=":
      return typeof found === "number" ? found !== wanted : found !== value;
    case "<":
      return Number(found) < wanted;
    case "<=":
      return Number(found) <= wanted;
    case ">":
      return Number(found) > wanted;
    case ">=":
      return Number(found) >= wanted;
    case "&":
      return (Number(found) & wanted) !== 0;
  }
}

describe("for every filter", () => {
  test("what is printed is read again as the same", () => {
    fc.assert(fc.property(filters, (filter) => expect(parseFilter(filterText(filter))).toEqual({ filter })));
  });

  test("the compiled one passes what the naive one passes, and what implied points leave out it does not", () => {
    const plain = filters.filter((filter) => !filterText(filter).includes("["));
    fc.assert(
      fc.property(plain, (filter) => {
        const passes = compileFilter(filter);
        const points = pointsOf(filter);
        for (const event of ALL) {
          expect(passes(event)).toBe(holds(filter, event));
          if (passes(event) && points !== undefined) expect(points).toContain(event.point);
        }
      }),
    );
  });
});

test("a filter that asks for points says which, so that others need not be sent", () => {
  const pointsIn = (source: string): string[] | undefined => {
    const parsed = parseFilter(source);
    if ("error" in parsed) throw new Error(parsed.error);
    const points = pointsOf(parsed.filter);
    return points === undefined ? undefined : [...points];
  };
  expect(pointsIn("point == sys_open && ret < 0")).toEqual(["sys_open"]);
  expect(pointsIn("point == sys_open || point ~ sys_dup*")).toEqual(["sys_open", "sys_dup", "sys_dup2", "sys_dup3"]);
  expect(pointsIn("point == sys_open || ret < 0")).toBeUndefined();
  expect(pointsIn("!(point == sys_open)")).toBeUndefined();
  expect(pointsIn("point == sys_open && point == sys_dup")).toEqual([]);
});

test("a glob of many stars takes no longer than its length times that of the text", () => {
  expect(createGlob("*a".repeat(40) + "*b")("a".repeat(2000))).toBe(false);
  expect(createGlob("[!a-c]?[]x]")("zé]")).toBe(true);
  expect(createGlob("[ab")("[ab")).toBe(true);
});

describe("what -e and --filter choose together", () => {
  const choose = (filter: string | undefined, events: readonly string[]): TraceEvent[] | string => {
    const read = readChoice(filter, events);
    return read.ok ? ALL.filter(read.choice?.passes ?? (() => true)) : read.why;
  };

  test("an event that one of -e chooses, and the filter passes", () => {
    expect(choose(undefined, [])).toEqual(ALL);
    expect(choose(undefined, ["sys_*", "oob_open_file:ret < 0"])).toEqual([opened, refused]);
    expect(choose("ret < 0", ["sys_*", "oob_open_file"])).toEqual([refused]);
  });

  test("what is wrong is told with the column in the whole word", () => {
    expect(choose(undefined, ["sys_opne"])).toBe(
      "-e 'sys_opne', column 1: found sys_opne, allowed for point is a point of the contract or a state change; did you mean sys_open?",
    );
    expect(choose(undefined, ["sys_open:ret <"])).toContain("-e 'sys_open:ret <', column 15: found the end");
    expect(choose("ret", [])).toContain("--filter 'ret', column 4: found the end");
  });
});

test("people see whole calls: where one end passes, the other one is shown too", () => {
  const enter = pen("sys_dup.enter", { service: "task", span: 77 });
  const exit = pen("sys_dup.exit", { service: "task", span: 77, ret: -9 });
  const failed = createWholeCalls(({ ret = 0 }) => ret < 0);
  expect([failed([enter]), failed([exit]), failed([exit])]).toEqual([[], [enter, exit], [exit]]);
  const begins = createWholeCalls(({ phase }) => phase === "enter");
  expect([begins([enter]), begins([exit]), begins([exit])]).toEqual([[enter], [exit], []]);
});
