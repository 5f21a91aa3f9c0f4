import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ConvertRequest } from "../../services/cli/convert-request.ts";
import { convert } from "../../services/runtimes/backend/convert.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { run } from "../../services/runtimes/backend/run.ts";
import { readTrace } from "../../services/runtimes/backend/trace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-convert-"));
afterAll(() => rmSync(folder, { recursive: true }));
const stop = new AbortController().signal;
const file = (name: string): string => join(folder, name);

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
const withTshark = hasTshark ? test : test.skip;
const why = hasTshark ? "" : " (skipped: tshark is not installed; on Debian: apt-get install tshark)";

const converted = (request: Omit<ConvertRequest, "stop">) => convert({ ...request, stop });

/** In one line, why something could not be done. */
async function complaint(request: Omit<ConvertRequest, "stop">): Promise<string> {
  const outcome = await converted(request);
  if (outcome.ok) return "fine";
  expect(outcome.trouble.kind).toBe("invalid");
  expect(outcome.trouble.lines).toHaveLength(1);
  return (outcome.trouble.lines[0] ?? "").replaceAll(`${folder}/`, "");
}

const trace = file("net.jsonl");
beforeAll(async () => {
  const experiment = await loadOne("experiments/net/udp-two-nodes.yaml");
  if (!experiment.ok) throw new Error("the experiment is there");
  const request = { file: "x", runtime: "simulated", profile: "documented", stop } as const;
  await run(experiment.value, { ...request, traceFile: trace, traceFrames: true });
  await run(experiment.value, { ...request, traceFile: file("plain.jsonl") });
});

describe("frames beside a trace", () => {
  test("are captured to a file for each device, and the trace is the same as without", () => {
    expect(readdirSync(folder).sort()).toEqual([
      "net.alpha.eth0.pcapng",
      "net.beta.eth0.pcapng",
      "net.jsonl",
      "plain.jsonl",
    ]);
    expect(readFileSync(trace, "utf8")).toBe(readFileSync(file("plain.jsonl"), "utf8"));
  });

  withTshark(`open in tshark in order of time, with the hooks around each as comments${why}`, async () => {
    expect(await converted({ file: trace, to: "pcapng" })).toMatchObject({
      ok: true,
      value: { file: file("net.pcapng") },
    });
    const fields = [
      "frame.number",
      "frame.interface_name",
      "frame.packet_flags_direction",
      "frame.packet_id",
      "udp.dstport",
    ];
    const options = ["-n", "-r", file("net.pcapng"), "-T", "fields", "-E", "separator=|"];
    const tshark = (...words: string[]): string =>
      execFileSync("tshark", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const rows = tshark(...options, ...fields.flatMap((field) => ["-e", field]))
      .trimEnd()
      .split("\n")
      // Behind these, when everything is long done, neighbours are asked again.
      .slice(0, 8)
      .map((line) => line.split("|"));
    expect(rows.map(([number, iface, direction]) => [number, iface, direction])).toEqual([
      ["1", "alpha/eth0", "0x00000002"],
      ["2", "beta/eth0", "0x00000001"],
      ["3", "beta/eth0", "0x00000002"],
      ["4", "alpha/eth0", "0x00000001"],
      ["5", "alpha/eth0", "0x00000002"],
      ["6", "beta/eth0", "0x00000001"],
      ["7", "beta/eth0", "0x00000002"],
      ["8", "alpha/eth0", "0x00000001"],
    ]);
    expect(rows.map((row) => row[4])).toEqual(["", "", "", "", "7000", "7000", "6000", "6000"]);
    // One frame has one number on both ends.
    for (const [one, other] of [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ] as const)
      expect(rows[one]?.[3]).toBe(rows[other]?.[3]);
    expect(new Set(rows.map((row) => row[3])).size).toBe(4);

    const shown = tshark("-n", "-r", file("net.pcapng"), "-V", "-Y", "frame.number in {1,6}");
    const comments = shown.split("\n").flatMap((line) => /^ {4}(\S.*| {2}\S.*)$/.exec(line)?.[1] ?? []);
    const told = comments.join("\n");
    expect(told).toMatch(/^frame 0x[0-9a-f]+ leaves alpha\/eth0\ncaused by:\n/m);
    expect(told).toMatch(/^calls on alpha since the frame before:\n {2}0\.\d{9} alpha\/nic -> inband: netif_carrier/m);
    expect(told).toMatch(
      /^caused by:\n {2}0\.\d{9} alpha\/task client -> vfs: sys_sendto\(fd=0, data=ping, .*\) = 4$/m,
    );
    expect(told).toMatch(/^frame 0x[0-9a-f]+ reaches beta\/eth0\ncaused by:\n/m);
    expect(told).toMatch(/^its way:\n {2}0\.\d{9} alpha\/inband: frame_send to=nic bytes=46\n/m);
    expect(told).toMatch(/beta\/inband: frame_end fate=delivered/);
    expect(shown).not.toMatch(/^\s*\[ ?\[truncated\]/m);
  });

  test("can be kept shorter, and taken from captures that are named", async () => {
    const captures = [file("net.beta.eth0.pcapng")];
    const outcome = await converted({ file: trace, to: "pcapng", out: file("short.pcapng"), captures, snaplen: 20 });
    expect(outcome).toMatchObject({
      ok: true,
      value: { notes: [expect.stringMatching(/^6 frames of .*net\.beta\.eth0/)] },
    });
  });

  test("of another run are told to be strangers", async () => {
    const captures = [file("net.beta.eth0.pcapng")];
    writeFileSync(file("other.jsonl"), `${readFileSync(trace, "utf8").split("\n")[0] ?? ""}\n`);
    const outcome = await converted({ file: file("other.jsonl"), to: "pcapng", captures });
    expect(outcome).toMatchObject({
      value: { notes: [expect.anything(), "6 of them are not in the trace; is it of the same run?"] },
    });
  });

  test("that are not there, or none, are told in one line", async () => {
    expect(await complaint({ file: file("plain.jsonl"), to: "pcapng" })).toMatch(
      /^plain\.jsonl: found no capture beside it, and a trace has no frames; allowed is .*--trace-frames/,
    );
    expect(await complaint({ file: trace, to: "pcapng", captures: [file("no")] })).toMatch(/^no: found no such file; /);
    expect(await complaint({ file: trace, to: "pcapng", captures: [trace] })).toMatch(
      /^net\.jsonl: found byte 0: neither pcap nor pcapng begins like this; /,
    );
  });
});

describe("a trace that becomes something else", () => {
  test.each([
    ["perfetto", "net.pftrace"],
    ["otlp", "net.otlp.jsonl"],
    ["mermaid", "net.mmd"],
  ] as const)("as %s stands beside it, with nothing left over", async (to, name) => {
    expect(await converted({ file: trace, to })).toMatchObject({ ok: true, value: { file: file(name) } });
    expect(existsSync(file(name))).toBe(true);
    expect(readdirSync(folder).filter((one) => one.endsWith(".part"))).toEqual([]);
  });

  test("may go to whoever asked, and with a filter calls stay whole", async () => {
    let text = "";
    const outcome = await converted({
      file: trace,
      to: "mermaid",
      onText: (more) => void (text += more),
      passes: ({ point, phase, ret }) => point === "sys_sendto" && phase === "exit" && ret === 4,
    });
    expect(outcome).toMatchObject({ ok: true, value: { events: 8 } });
    expect(text.match(/->>/g)).toHaveLength(4);
    expect(text).toContain("alpha_client->>alpha_vfs: sys_sendto(fd=0, data=ping");
  });

  test("of which nothing is left is told, and so is what cannot be written", async () => {
    expect(await complaint({ file: trace, to: "mermaid", passes: () => false })).toMatch(
      /^net\.jsonl: none of its \d+ events passes the filter$/,
    );
    expect(await complaint({ file: trace, to: "mermaid", out: file("no/such/x") })).toMatch(
      /^--out no\/such\/x: found no such/,
    );
    expect(await complaint({ file: trace, to: "mermaid", out: trace })).toMatch(/it is the trace itself/);
    expect(await complaint({ file: "-", to: "mermaid", out: file("x"), passes: () => true })).toMatch(/twice/);
  });
});

describe("a file that is no trace is told in one line, and leaves nothing", () => {
  test.each([
    ["empty", () => "", /^bad\.jsonl: found no event in it; allowed is a trace/],
    ["blank lines only", () => "\n\n", /^bad\.jsonl: found no event in it/],
    ["something else", () => "# a title\n", /^bad\.jsonl:1: it is no JSON; allowed is a trace/],
    ["other JSON", () => '{"seq":1}\n{"seq":2}\n', /^bad\.jsonl:1: lamport: /],
    [
      "a last line that is cut off",
      (good: string) => good.slice(0, -40),
      /^bad\.jsonl:\d+: the file ends inside a line; /,
    ],
    [
      "a point that nobody knows",
      (good: string) => good.replace('"sys_socket"', '"sys_sokcet"'),
      /^bad\.jsonl:\d+: point: found sys_sokcet, which is no point of the contract; /,
    ],
  ])("%s", async (_name, textOf, says) => {
    writeFileSync(file("bad.jsonl"), textOf(readFileSync(trace, "utf8")));
    for (const to of ["perfetto", "otlp", "mermaid"] as const) {
      expect(await complaint({ file: file("bad.jsonl"), to })).toMatch(says);
    }
    const left = readdirSync(folder).filter((one) => one.startsWith("bad."));
    expect(left).toEqual([basename(file("bad.jsonl"))]);
  });

  test("a last line without its end is a line all the same", async () => {
    const text = readFileSync(trace, "utf8").trimEnd();
    writeFileSync(file("whole.jsonl"), text);
    const read = await readTrace(file("whole.jsonl"), () => undefined);
    expect(read).toEqual({ ok: true, value: text.split("\n").length });
  });
});
