import { describe, expect, test } from "@jest/globals";
import type { PointName } from "../../services/abi/contract.generated.ts";
import { eventArgs } from "../../services/abi/values.ts";
import { matches } from "../../services/rules/atoms/evaluate.ts";
import { parseAtom } from "../../services/rules/atoms/parse.ts";
import { strangersIn } from "../../services/rules/atoms/vocabulary.ts";
import { CALLS } from "../../services/lab/calls.ts";
import type { StepRecord } from "../../services/lab/run/journal.ts";
import { createRuleSet } from "../../services/lab/run/rules.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { eventPen } from "./events.ts";
import { fakeWorld, refused, returned, type FakeOptions } from "./fake-world.ts";
import { complaints, experimentOf } from "./written.ts";

const workload = (...steps: string[]): string =>
  ["  workload:", ...steps.map((step) => `    - ${step}`), ""].join("\n");
const call = (name: string, args: string, more = ""): string =>
  `{ task: app, call: ${name}, with: { ${args} }${more === "" ? "" : `, ${more}`} }`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const inet = (last: number, port: number): Uint8Array =>
  Uint8Array.from([2, 0, port >> 8, port & 255, 10, 0, 0, last, 0, 0, 0, 0, 0, 0, 0, 0]);

/** What the steps of a workload came to, and what was sent: the arguments of each call. */
async function run(
  body: string,
  answers: FakeOptions["answers"] = {},
): Promise<{ readonly steps: readonly StepRecord[]; readonly sent: readonly Readonly<Record<string, unknown>>[] }> {
  const sent: Readonly<Record<string, unknown>>[] = [];
  const listening = Object.fromEntries(
    Object.entries(answers).map(([point, answer]) => [
      point as PointName,
      (args, context) => {
        sent.push(args);
        return answer(args, context);
      },
    ]),
  ) as typeof answers;
  const { journal } = await runExperiment(experimentOf(body), fakeWorld({ answers: listening }), {
    rules: createRuleSet([]),
  });
  return { steps: journal.steps, sent };
}

const RECEIVED = { data: bytes("ping"), addr: inet(1, 7000), flags: 32, length: 9 };

describe("arguments", () => {
  test("an address is written as text, and sent as the kernel's bytes", () => {
    const { steps } = experimentOf(
      workload(
        call("bind", "fd: 3, addr: 10.0.0.1:7000"),
        call("bind", "fd: 3, addr: packet/2/ETH_P_IP"),
        call("connect", "fd: 3, addr: unspec"),
        call("bind", "fd: 3, addr: hex:02"),
        call("bind", 'fd: 3, addr: "hex:"'),
      ),
    );
    expect(steps.map((step) => step.t === "call" && step.args["addr"])).toEqual([
      inet(1, 7000),
      Uint8Array.from([17, 0, 8, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      Uint8Array.from([0, 0]),
      Uint8Array.from([2]),
      new Uint8Array(0),
    ]);
  });

  test("bytes are text, or hex", () => {
    const { steps } = experimentOf(
      workload(
        call("write", "fd: 3, data: ping"),
        call("write", "fd: 3, data: hex:0001ff"),
        call("ioctl", "fd: 3, cmd: SIOCGIFINDEX, data: eth0"),
      ),
    );
    expect(steps.map((step) => step.t === "call" && step.args["data"])).toEqual([
      bytes("ping"),
      Uint8Array.from([0, 1, 255]),
      bytes("eth0"),
    ]);
  });

  test("what has a natural zero may be left out", () => {
    const { steps } = experimentOf(
      workload(
        call("socket", "family: AF_INET, type: [SOCK_DGRAM, SOCK_OOB]"),
        call("sendto", "fd: 3, data: x"),
        call("oob_sendmsg", "fd: 3, data: x"),
        call("ioctl", "fd: 3, cmd: FIONREAD"),
        call("poll", "fd: 3, events: POLLIN"),
        call("net_oob_port", "dev: eth0, enabled: true"),
        call("net_route_add", "dev: eth0, destination: 10.0.0.0/8"),
        "{ task: app, call: oob_net_vlans }",
        call("capset", "drop: [CAP_NET_RAW, CAP_SYS_NICE]"),
      ),
    );
    const none = new Uint8Array(0);
    expect(steps.map((step) => step.t === "call" && step.args)).toEqual([
      { family: 2, type: 2 + 2 ** 30, protocol: 0 },
      { fd: 3, data: bytes("x"), flags: 0, addr: none },
      { fd: 3, data: bytes("x"), flags: 0, addr: none, timeout_ns: 0 },
      { fd: 3, cmd: 0x541b, arg: 0, data: none },
      { fd: 3, events: 1, timeout_ns: 0 },
      { dev: "eth0", enabled: true, pool: 0, buffer_bytes: 0 },
      { dev: "eth0", destination: "10.0.0.0/8", gateway: "", metric: 0 },
      { vlans: "" },
      { drop: 2 ** 13 + 2 ** 23 },
    ]);
  });

  test.each([
    [
      call("bind", "fd: 3, addr: 10.0.0.1"),
      /^2:\d+: spec\.workload\[0\]\.with\.addr: found 10\.0\.0\.1, allowed is an address such as 10\.0\.0\.1:7000/,
    ],
    [call("bind", 'fd: 3, addr: ""'), /\.addr: found "", allowed is an address/],
    [call("sendto", "fd: 3, data: x, addr: nowhere"), /\.addr: found nowhere, allowed is an address/],
    [call("bind", "fd: 3, addr: 7"), /\.addr: found 7, allowed is an address such as .*, or \$name/],
    [call("bind", "fd: 3"), /\.addr: found nothing, allowed is an address/],
    [
      call("write", "fd: 3, data: hex:1"),
      /\.data: found hex:1, allowed is text, which is sent as UTF-8, or bytes such as hex:0001ff$/,
    ],
    [call("write", "fd: 3"), /\.data: found nothing, allowed is text/],
    [call("net_oob_port", "dev: eth0, enabled: 1"), /\.enabled: found 1, allowed is true or false$/],
    [call("capset", "drop: -1"), /\.drop: found -1, allowed is a whole number from 0 to 9007199254740991/],
  ])("%s is refused", (step, complaint) => {
    const all = complaints(workload(step));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(complaint);
  });

  test("a result can be sent back: an address as an address, bytes as the same bytes", async () => {
    const odd = Uint8Array.from([0, 255]);
    const { sent, steps } = await run(
      workload(
        call("recvfrom", "fd: 3, count: 99", "as: { data: text, addr: peer, length: long }"),
        call("sendto", "fd: 3, data: $text, addr: $peer, flags: $long"),
        call("bind", "fd: 3, addr: $text"),
      ),
      {
        sys_recvfrom: () => returned({ ...RECEIVED, data: odd }),
        sys_sendto: () => returned({ count: 2 }),
        sys_bind: () => returned({}),
      },
    );
    expect(sent[1]).toEqual({ fd: 3, data: odd, addr: inet(1, 7000), flags: 9 });
    expect(steps.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  });

  test("a result that is no address is not sent: the step is skipped, and says why", async () => {
    const { steps } = await run(
      workload(call("read", "fd: 3, count: 9", "as: text"), call("bind", "fd: 3, addr: $text")),
      { sys_read: () => returned({ data: bytes("ping") }) },
    );
    expect(steps[1]).toMatchObject({ status: "skipped", note: '$text is "ping", which cannot be sent as addr' });
  });
});

describe("outcomes", () => {
  const received = { sys_recvfrom: () => returned(RECEIVED) };

  test("the fields that are named are compared, each in its own way, and others may be anything", async () => {
    const { steps } = await run(
      workload(
        call("recvfrom", "fd: 3, count: 4", "expect: { fields: { data: ping, addr: 10.0.0.1:7000 } }"),
        call("recvfrom", "fd: 3, count: 4", "expect: { fields: { data: hex:70696e67, flags: MSG_TRUNC, length: 9 } }"),
        call(
          "recvfrom",
          "fd: 3, count: 4",
          "expect: { fields: { flags: [MSG_TRUNC], addr: hex:02001b580a0000010000000000000000 } }",
        ),
        call("recvfrom", "fd: 3, count: 4", "expect: ping"),
      ),
      received,
    );
    expect(steps.map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test("one field that is different is a mismatch, told with all the fields that were named", async () => {
    const { steps } = await run(
      workload(
        call("recvfrom", "fd: 3, count: 4", "expect: { fields: { data: ping, addr: 10.0.0.2:7000, length: 9 } }"),
        call("recvfrom", "fd: 3, count: 4", "expect: { fields: { length: 4 } }"),
      ),
      received,
    );
    expect(steps[0]).toMatchObject({
      status: "mismatch",
      expected: 'data: "ping", addr: "10.0.0.2:7000", length: 9',
      actual: 'data: "ping", addr: "10.0.0.1:7000", length: 9',
    });
    expect(steps[1]).toMatchObject({ status: "mismatch", expected: "length: 4", actual: "length: 9" });
  });

  test("a refusal fulfils no fields", async () => {
    const { steps } = await run(workload(call("recvfrom", "fd: 3, count: 4", "expect: { fields: {} }")), {
      sys_recvfrom: () => refused("EBADF"),
    });
    expect(steps[0]).toMatchObject({ status: "mismatch", actual: "EBADF" });
  });

  test("an address is the main value of getsockname; bytes that are no text are told as hex", async () => {
    const { steps } = await run(
      workload(
        call("getsockname", "fd: 3", "expect: 10.0.0.1:7000, as: name"),
        call("getsockname", "fd: 3", "expect: $name"),
        call("getsockname", "fd: 3", "expect: 10.0.0.2:7000"),
        call("read", "fd: 3, count: 9", "expect: hex:00FF"),
        call("read", "fd: 3, count: 9", "expect: ping"),
      ),
      {
        sys_getsockname: () => returned({ addr: inet(1, 7000) }),
        sys_read: () => returned({ data: Uint8Array.from([0, 255]) }),
      },
    );
    expect(steps.map(({ status }) => status)).toEqual(["ok", "ok", "mismatch", "ok", "mismatch"]);
    expect(steps[2]?.actual).toBe('"10.0.0.1:7000"');
    expect(steps[4]).toMatchObject({ expected: '"ping"', actual: '"hex:00ff"' });
  });

  test("fields may refer to earlier results, differ by profile, and be named by a join", async () => {
    const { steps } = await run(
      workload(
        call("recvfrom", "fd: 3, count: 4", "as: { addr: peer }"),
        call("recvfrom", "fd: 3, count: 4", "background: later"),
        "{ join: later, as: { length: long }, expect: { documented: { fields: { addr: $peer } }, as-implemented: { fields: { length: 1 } } } }",
        call("recvfrom", "fd: $long, count: 4", "expect: { fields: { addr: $peer, length: $long } }"),
      ),
      received,
    );
    expect(steps.map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test.each([
    [
      "expect: { fields: { datta: ping } }",
      /^2:\d+: .*\.expect\.fields\.datta: found datta, allowed is a field that recvfrom answers: data, addr, flags, length; did you mean data\?$/,
    ],
    ["expect: { fields: { addr: 10.0.0.1 } }", /\.fields\.addr: found 10\.0\.0\.1, allowed is an address such as/],
    ["expect: { fields: { data: 5 } }", /\.fields\.data: found 5, allowed is the data as text, in quotes$/],
    [
      "expect: { fields: { data: hex:5 } }",
      /\.fields\.data: found hex:5, allowed is text, .* or bytes such as hex:0001ff$/,
    ],
    [
      "expect: { fields: { length: EIO } }",
      /\.fields\.length: found EIO, allowed is a number, true or false, a constant, or \$name$/,
    ],
    ["expect: { fields: { length: $x } }", /\.fields\.length: found \$x, allowed is the result of an earlier step/],
    ["expect: { feilds: { length: 3 } }", /found a mapping with feilds, .*; did you mean fields\?$/],
    ["as: { leng: x }", /\.as\.leng: found leng, allowed is a field that recvfrom answers/],
    ["as: { data: 9x }", /\.as: found a mapping with data, allowed is a name for the result, or names for fields/],
    ["as: { data: x, addr: x }", /\.as\.addr: found x once more/],
  ])("%s is refused", (more, complaint) => {
    const all = complaints(workload(call("recvfrom", "fd: 3, count: 4", more)));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(complaint);
  });

  test("an address that must come out is checked, and an errno may stand in its place", () => {
    expect(complaints(workload(call("getsockname", "fd: 3", "expect: 10.0.0.1")))).toEqual([
      expect.stringMatching(/\.expect: found 10\.0\.0\.1, allowed is an address such as/),
    ]);
    expect(complaints(workload(call("getpeername", "fd: 3", "expect: ENOTCONN")))).toEqual([]);
    expect(complaints(workload(call("getpeername", "fd: 3", "expect: ENOTCON")))).toEqual([
      expect.stringMatching(/found ENOTCON, .*; did you mean ENOTCONN\?$/),
    ]);
    expect(complaints(workload(call("dup", "fd: 3", "background: x"), "{ join: x, expect: toString }"))).toEqual([
      expect.stringMatching(/found toString, allowed is a number/),
    ]);
  });

  test("a join is told what may stand there like the call itself", () => {
    const joined = (expected: string): readonly string[] =>
      complaints(workload(call("recvfrom", "fd: 3, count: 4", "background: x"), `{ join: x, expect: ${expected} }`));
    expect(joined("{ fields: { length: [1] } }")).toEqual([
      expect.stringMatching(/\.expect\.fields\.length\[0\]: found 1, allowed is a constant/),
    ]);
    expect(joined("{ length: 1 }")).toEqual([
      expect.stringMatching(/\.expect: found a mapping with length, allowed is a number, .*\{fields: \{…\}\}/),
    ]);
  });

  test("what is true or false is expected as it is, and is told as a number", async () => {
    const source = workload(
      call("ksock_recv", "ks: 1, msgsize: 4", "expect: { fields: { again: true } }"),
      call("ksock_recv", "ks: 1, msgsize: 4", "expect: { fields: { again: false } }, as: { again: a }"),
      call("ksock_recv", "ks: $a, msgsize: 4"),
    );
    const { steps } = await run(source, { ksock_recv: () => returned({ again: true }) });
    expect(steps.map(({ status }) => status)).toEqual(["ok", "mismatch", "ok"]);
    expect(steps[1]).toMatchObject({ expected: "again: 0", actual: "again: 1" });
  });

  test("the calls answer what the contract says", () => {
    expect(CALLS.get("recvfrom")?.answers).toEqual([
      { name: "data", kind: "bytes" },
      { name: "addr", kind: "address" },
      { name: "flags", kind: "number" },
      { name: "length", kind: "number" },
    ]);
    expect(CALLS.get("socketpair")?.answers.map(({ name }) => name)).toEqual(["fd", "other"]);
    expect(CALLS.get("fork")?.answers.map(({ name }) => name)).toEqual(["pid"]);
  });
});

describe("atoms about addresses", () => {
  const event = eventPen();
  const bound = event("sock_bind.enter", { args: eventArgs({ sock: 1, addr: inet(1, 7000) }) });
  const packet = event("sock_oob_bind.enter", {
    service: "inband",
    args: { addr: "packet/2/ETH_P_IP/02:00:00:00:00:01", bound: "" },
  });
  const file = event("file_create", { args: { dev: "socket:[1]" } });

  test.each([
    ["sock_bind.enter[addr==10.0.0.1:7000]", bound],
    ['sock_bind.enter[addr=="10.0.0.1:7000", sock==1]', bound],
    ["sock_bind.enter[addr!=10.0.0.1:7001]", bound],
    ["sock_oob_bind.enter[addr==packet/2/ETH_P_IP/02:00:00:00:00:01]", packet],
    ['sock_oob_bind.enter[bound==""]', packet],
    ['file_create[dev=="socket:[1]"]', file],
  ])("%s fits", (text, described) => {
    const parsed = parseAtom(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(strangersIn(parsed.atom)).toEqual([]);
    expect(matches(described, parsed.atom)).toBe(true);
  });

  test("another port does not fit", () => {
    const parsed = parseAtom("sock_bind.enter[addr==10.0.0.1:70]");
    expect(parsed.ok && matches(bound, parsed.atom)).toBe(false);
  });
});
