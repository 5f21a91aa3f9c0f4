import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { Backend } from "../../services/cli/backend.ts";
import type { ConvertRequest } from "../../services/cli/convert-request.ts";
import { fakeControl, tenon } from "./fake.ts";
import { sampleTrace } from "./sample.ts";

/** Files of traces, as the backend reads them. */
const files = (traces: Readonly<Record<string, readonly TraceEvent[]>>): Pick<Backend, "readTrace"> => ({
  readTrace: async (file, take) => {
    const events = traces[file];
    if (events === undefined)
      return { ok: false, trouble: { kind: "invalid", lines: [`${file}: found no such file`] } };
    await take(events);
    return { ok: true, value: events.length };
  },
});

const SAMPLE = sampleTrace();

/** The points that a kernel was asked for, and what it was shown of its events. */
async function followed(...argv: string[]) {
  let asked: readonly string[] | undefined;
  const control = fakeControl();
  const told = await tenon(["trace", ...argv], {
    control: async () => ({
      ok: true,
      value: {
        ...control,
        follow: (listener, stop, points) => {
          asked = points;
          return control.follow(listener, stop);
        },
      },
    }),
  });
  return { ...told, asked };
}

const jsonLines = (out: string): TraceEvent[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TraceEvent);

describe("tenon trace", () => {
  test("shows whole calls of which one end passes, and as JSON exactly what passes", async () => {
    const { code, out } = await followed("--filter", "ret == -ENOMEM && service == task");
    expect(code).toBe(0);
    expect(out).toContain('open("/dev/oobecho", O_RDWR) = -ENOMEM');
    expect(out).not.toContain("= -EIO");
    const json = await followed("--filter", "ret == -ENOMEM", "--json");
    const passing = SAMPLE.filter(({ ret }) => ret === -12);
    expect(jsonLines(json.out)).toEqual(passing);
  });

  test("asks the kernel only for points that can pass", async () => {
    expect((await followed("-e", "sys_dup*", "-e", "index_add:fd > 3")).asked).toEqual([
      "sys_dup",
      "sys_dup2",
      "sys_dup3",
      "index_add",
    ]);
    expect((await followed("--filter", "ret < 0")).asked).toBeUndefined();
    expect((await followed()).asked).toBeUndefined();
  });

  test("shows a file as it shows a kernel", async () => {
    const live = await followed();
    const { code, out } = await tenon(["trace", "--from", "t.jsonl"], files({ "t.jsonl": SAMPLE }));
    expect([code, out]).toEqual([0, live.out]);
  });

  test.each([
    [["--filter", "retr < 0"], /^tenon: --filter 'retr < 0', column 1: found retr, .*did you mean ret\?$/m],
    [["-e", "sys_opne"], /^tenon: -e 'sys_opne', column 1: found sys_opne, .*did you mean sys_open\?$/m],
    [["--from", "t", "--control", "unix:x"], /--from reads a file, --control a running kernel; found both/],
    [["--from", "none"], /none: found no such file/],
    [["--filter", "point == sys_open && point == sys_dup"], /no event can pass this filter/],
  ])("%j is answered in one line", async (argv, says) => {
    const { code, err } = await tenon(["trace", ...argv], files({}));
    expect(err).toMatch(says);
    expect([code, err.trimEnd().split("\n").length]).toEqual([3, 1]);
  });
});

describe("tenon convert", () => {
  async function converted(...argv: string[]) {
    let request: ConvertRequest | undefined;
    const told = await tenon(["convert", ...argv], {
      convert: async (one) => {
        request = one;
        one.onText?.("sequenceDiagram\n");
        const file = one.onText === undefined ? { file: one.out ?? "t.mmd" } : {};
        return { ok: true, value: { ...file, events: 7, notes: ["a note"] } };
      },
    });
    return { ...told, request };
  }

  test("says what it wrote, and what one should know of it", async () => {
    const { code, out, request } = await converted("t.jsonl", "--to", "mermaid", "--max", "9", "--facts");
    expect([code, out]).toEqual([0, "a note\nt.mmd: mermaid of 7 events\n"]);
    expect(request).toMatchObject({ file: "t.jsonl", to: "mermaid", max: 9, facts: true });
  });

  test("gives a text to the standard output, and nothing else there", async () => {
    const { out, err } = await converted("t.jsonl", "--to", "mermaid", "-o", "-");
    expect([out, err]).toEqual(["sequenceDiagram\n", "a note\n"]);
  });

  test("hands on a filter", async () => {
    const { request } = await converted("t.jsonl", "--to", "perfetto", "--filter", "ret < 0");
    expect(SAMPLE.filter((event) => request?.passes?.(event) === true)).toEqual(
      SAMPLE.filter(({ ret }) => ret !== undefined && ret < 0),
    );
  });

  test.each([
    [["t", "--to", "pdf"], /'pdf' is invalid: it is one of perfetto, otlp, mermaid, pcapng/],
    [["t"], /--to <format>' not specified/],
    [["t", "--to", "perfetto", "-o", "-"], /--out -: perfetto is no text/],
    [["-", "--to", "mermaid"], /standard input has no name/],
    [["t", "--to", "otlp", "--facts"], /--facts is for --to mermaid; found --to otlp/],
    [["t", "--to", "mermaid", "--capture", "x"], /--capture is for --to pcapng/],
    [["t", "--to", "mermaid", "--filter", "fd ="], /--filter 'fd =', column 4: found =/],
  ])("%j is answered in one line", async (argv, says) => {
    const { code, err } = await converted(...argv);
    expect(err).toMatch(says);
    expect([code, err.trimEnd().split("\n").length]).toEqual([3, 1]);
  });
});

test("frames that stand beside a trace need one", async () => {
  const { code, err } = await tenon(["run", "x.yaml", "--trace-frames"]);
  expect([code, err]).toEqual([3, expect.stringMatching(/^tenon: --trace-frames puts the frames beside the trace; /)]);
});

describe("tenon diff", () => {
  const refused = SAMPLE.findIndex(({ point, ret }) => point === "sys_open" && ret === -12);
  const other = SAMPLE.map((event, at) => (at === refused ? { ...event, ret: -13 } : event));
  const traces = files({ a: SAMPLE, b: other, short: SAMPLE.slice(0, -1) });
  const compared = (...argv: string[]) => tenon(["diff", ...argv], traces);

  test("ends with 0 where two traces are the same", async () => {
    const { code, out } = await compared("a", "a");
    expect([code, out]).toEqual([0, `the same, in the same order where causes decide it (${SAMPLE.length} events)\n`]);
  });

  test("names the first difference, with what stands around it, and ends with 1", async () => {
    const { code, out } = await compared("a", "b");
    expect(code).toBe(1);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("alpha/vfs, task app: open = -ENOMEM in A, open = -EACCES in B");
    expect(lines.filter((line) => line.startsWith("> "))).toEqual(["> open = -ENOMEM", "> open = -EACCES"]);
    expect(lines).toContain("A  a");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test("puts both side by side where the terminal is wide", async () => {
    const { out } = await tenon(["diff", "a", "b"], traces, { columns: 150 });
    expect(out).toMatch(/^> open = -ENOMEM +│ > open = -EACCES$/m);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(150);
  });

  test("counts what is left, and tells all as JSON", async () => {
    const json = await compared("a", "short", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      same: false,
      differences: 1,
      events: { a: SAMPLE.length, b: SAMPLE.length - 1 },
      first: { kind: "only-a", a: SAMPLE.at(-1) },
    });
  });

  test("leaves out what is to be ignored", async () => {
    expect((await compared("a", "b", "--ignore", "lost,ret")).code).toBe(0);
    expect((await compared("a", "b", "--ignore", "lost")).code).toBe(1);
    const later = files({ a: SAMPLE, b: SAMPLE.map((event) => ({ ...event, timeNs: event.timeNs + 1 })) });
    expect((await tenon(["diff", "a", "b"], later)).code).toBe(0);
    expect((await tenon(["diff", "a", "b", "--strict"], later)).code).toBe(1);
    expect((await tenon(["diff", "a", "b", "--strict", "--ignore", "time"], later)).code).toBe(0);
  });

  test.each([
    [["a", "none"], /none: found no such file/],
    [["a"], /missing required argument 'b.jsonl'/],
    [["a", "b", "--ignore", "lots"], /--ignore: found lots, which no event has; did you mean lost\?/],
  ])("%j is answered in one line", async (argv, says) => {
    const { code, err } = await compared(...argv);
    expect(err).toMatch(says);
    expect([code, err.trimEnd().split("\n").length]).toEqual([3, 1]);
  });
});
