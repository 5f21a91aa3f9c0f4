import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { FaultRule } from "../../services/abi/contract.generated.ts";
import { blowText, BLOW_FORMS, type BlowWord } from "../../services/abi/blow-grammar.ts";
import { FAULT_EXAMPLE, parseFault } from "../../services/abi/fault-grammar.ts";

function rulesOf(text: string): readonly FaultRule[] {
  const parsed = parseFault(text);
  if ("error" in parsed) throw new Error(`${text}: ${parsed.error}`);
  return parsed.rules;
}

/** Which crossings, and what happens to them. */
const told = (text: string): unknown[] =>
  rulesOf(text).map(({ select, effect }) => [select?.nth[0]?.from, select?.nth[0]?.to, effect?.kind]);

const problem = (text: string): string => {
  const parsed = parseFault(text);
  return "error" in parsed ? `${parsed.column}: ${parsed.error}` : "it was accepted";
};

describe("a fault as people type it", () => {
  test("two pass, one is refused, every later one is delayed", () => {
    expect(rulesOf(FAULT_EXAMPLE)).toEqual([
      {
        id: "sock_oob_bind-refuse",
        point: "sock_oob_bind",
        select: { nth: [{ from: 3, to: 3 }], every: 0, interval: 0, times: 0 },
        effect: { kind: "refuse", errno: "ENOMEM", delay_ns: 0 },
      },
      {
        id: "sock_oob_bind-delay",
        point: "sock_oob_bind",
        select: { nth: [{ from: 4, to: 0 }], every: 0, interval: 0, times: 0 },
        effect: { kind: "delay", delay_ns: 50_000_000 },
      },
    ]);
  });

  test("an effect without a count strikes every crossing that matches", () => {
    expect(told("install_inband_fd: skip")).toEqual([[1, 0, "skip"]]);
  });

  test("counts add up along the sequence, and off takes part in the counting", () => {
    expect(told("oob_write: 3*lose-request -> 2*off -> 4*lose-reply -> double-call")).toEqual([
      [1, 3, "lose_request"],
      [6, 9, "lose_reply"],
      [10, 0, "double_call"],
    ]);
  });

  test("a sequence may end in off", () => {
    expect(told("oob_write: 1*duplicate -> off")).toEqual([[1, 1, "duplicate"]]);
  });

  test.each([
    ["sock_oob_bind: 10%*lose-request", { numerator: 10, denominator: 100 }, 1],
    ["sock_oob_bind: 0.5% * lose-request", { numerator: 5, denominator: 1000 }, 1],
    ["sock_oob_bind: 2*off -> 1/1000*lose-request", { numerator: 1, denominator: 1000 }, 3],
  ])("%s is a share of all that follow", (text, probability, from) => {
    const [rule] = rulesOf(text).slice(-1);
    expect(rule?.select?.probability).toEqual(probability);
    expect(rule?.select?.nth).toEqual([{ from, to: 0 }]);
  });

  test("a value may be an address, with its colons", () => {
    const [rule] = rulesOf("sock_bind[addr==10.0.0.1:7000, sock==2]: 1*refuse(EADDRINUSE)");
    expect(rule?.match).toMatchObject({
      args: [
        { field: "addr", operator: "==", value: "10.0.0.1:7000" },
        { field: "sock", operator: "==", value: "2" },
      ],
    });
  });

  test("conditions go to the task, the caller, the arguments or the slice, as the point has them", () => {
    const [rule] = rulesOf("install_inband_fd[fd>3, task==app,caller==vfs, files!=0x2]: 1*skip");
    expect(rule?.match).toEqual({
      caller: "vfs",
      node: "",
      task: "app",
      slice: [],
      args: [
        { field: "fd", operator: ">", value: "3" },
        { field: "files", operator: "!=", value: "2" },
      ],
      require_callers: [],
      reject_callers: [],
    });
    expect(rulesOf("oob_read[files==7, task!=init]: skip")[0]?.match?.slice).toEqual([
      { field: "files", operator: "==", value: "7" },
      { field: "task", operator: "!=", value: "init" },
    ]);
  });

  test("numbers may be written by the names that Linux gives them, and texts in quotes", () => {
    expect(rulesOf("sys_fcntl[cmd==F_DUPFD]: 1*delay(1ms)")[0]?.match?.args[0]?.value).toBe("0");
    expect(rulesOf('sys_open[path=="/dev/a, b"]: 1*delay(1ms)')[0]?.match?.args[0]?.value).toBe("/dev/a, b");
  });

  test("two terms of one kind get two names", () => {
    expect(rulesOf("oob_poll: 1*refuse(EBADF) -> 1*off -> refuse(EPERM)").map(({ id }) => id)).toEqual([
      "oob_poll-refuse",
      "oob_poll-refuse-2",
    ]);
  });

  test("blanks stand anywhere or nowhere", () => {
    expect(told("oob_write:1*lose-request->lose-reply")).toEqual(told(" oob_write : 1 * lose-request  ->lose-reply "));
  });
});

describe("a fault that makes no sense says where and what is allowed", () => {
  test.each([
    ["", /^1: found the end where a point stands; write POINT/],
    [": skip", /^1: found ":" where a point stands/],
    ["sock_oob_bnd: skip", /^1: sock_oob_bnd is no point .*did you mean sock_oob_bind\?/],
    ["sock_oob_bind", /^14: found the end after sock_oob_bind; write ":"/],
    ["sock_oob_bind skip", /^15: found "skip" after sock_oob_bind/],
    [
      "sock_oob_bind: refsue(ENOMEM)",
      /^16: refsue is no effect; did you mean refuse\? \(effects: refuse\(ERRNO\), answer/,
    ],
    ["sock_oob_bind: refuse", /^22: refuse needs its argument: refuse\(ERRNO\)/],
    ["sock_oob_bind: refuse(ENOMEN)", /^23: ENOMEN is no errno; did you mean ENOMEM\?/],
    ["sock_oob_bind: refuse(ENOMEM", /^29: found the end where refuse\(… is closed/],
    ["sock_oob_bind: refuse()", /^23: found "\)" where an argument stands in refuse\(…\)/],
    ["sock_oob_bind: delay(50)", /^22: 50 is no duration; write a number with ns, us, ms, s or m/],
    ["sock_oob_bind: delay(0ms)", /^22: 0ms is no duration/],
    ["sock_oob_bind: skip(3)", /^20: skip takes no argument/],
    ["sock_oob_bind: skip -> off", /^23: skip has no end, so nothing can follow it; .* 1\*skip/],
    ["sock_oob_bind: 0.5*skip", /^16: 0.5 is neither a count nor a share such as 10%/],
    ["sock_oob_bind: 200%*skip", /^16: 200% is neither/],
    ["sock_oob_bind: 0*skip", /^16: 0 is no count of crossings/],
    ["sock_oob_bind: 2 skip", /^16: 2 is followed by "skip"; write 2\*EFFECT/],
    ["sock_oob_bind: 2*", /^18: the end is no effect/],
    ["sock_oob_bind: off", /^16: only off: no crossing would be struck/],
    ["sock_oob_bind: skip and run", /^21: found "and"; a sequence goes on with ->/],
    ["install_inband_fd[fx>3]: skip", /^19: fx is no field of install_inband_fd; did you mean fd\? \(it has fd, file/],
    ["install_inband_fd[fd=3]: skip", /^21: found "=" after fd; allowed are == != < <= > >=/],
    ["install_inband_fd[fd>x]: skip", /^22: x is no number, and fd is one/],
    ["install_inband_fd[fd>]: skip", /^22: found "]" where the value for fd stands/],
    ["install_inband_fd[fd>3: skip", /^23: found ":" among the conditions; close them with \]/],
    ["install_inband_fd[caller!=vfs]: skip", /^19: != does not go with caller/],
    ["install_inband_fd[fd>3] skip", /^25: found "skip" after the conditions; write ":"/],
  ])("%j", (text, message) => {
    expect(problem(text)).toMatch(message);
  });

  test("it is always one line", () => {
    expect(problem("sock_oob_bind\n\n: skip\nx")).not.toContain("\n");
  });
});

describe("a blow as people type it", () => {
  const blow = { place: "", peer: "", for_ns: 0 };

  test.each([
    ["1*crash", { kind: "crash", delay_ns: 0, blow }],
    ["crash(inband)", { kind: "crash", delay_ns: 0, blow: { ...blow, place: "inband" } }],
    ["crash(after)", { kind: "crash", delay_ns: 0, blow: { ...blow, moment: "before_reply" } }],
    ["hang(2s)", { kind: "hang", delay_ns: 0, blow: { ...blow, for_ns: 2e9 } }],
    ["hang( companion , 2s )", { kind: "hang", delay_ns: 0, blow: { ...blow, place: "companion", for_ns: 2e9 } }],
    ["slow(companion, 50ms, 2s)", { kind: "slow", delay_ns: 50e6, blow: { ...blow, place: "companion", for_ns: 2e9 } }],
    ["partition(3s)", { kind: "partition", delay_ns: 0, blow: { ...blow, for_ns: 3e9 } }],
    [
      "partition(nic, lan/switch, 1250us, after)",
      {
        kind: "partition",
        delay_ns: 0,
        blow: { place: "nic", peer: "lan/switch", for_ns: 1_250_000, moment: "before_reply" },
      },
    ],
  ] as const)("%s, which is written as it is read", (text, effect) => {
    const read = (written: string) => rulesOf(`sock_oob_bind: ${written}`)[0]?.effect;
    expect(read(text)).toEqual(effect);
    expect(read(blowText(effect.kind, effect))).toEqual(effect);
  });

  test("every length that can be said is written to the nanosecond", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(BLOW_FORMS) as BlowWord[])),
        fc.integer({ min: 1, max: 1e15 }),
        fc.integer({ min: 1, max: 1e15 }),
        fc.boolean(),
        (kind, byNs, forNs, after) => {
          const effect = {
            kind,
            delay_ns: kind === "slow" ? byNs : 0,
            blow: {
              place: "beta/nic",
              peer: kind === "partition" ? "lan/switch" : "",
              for_ns: kind === "crash" ? 0 : forNs,
              ...(after && { moment: "before_reply" as const }),
            },
          };
          expect(rulesOf(`sock_oob_bind: ${blowText(kind, effect)}`)[0]?.effect).toEqual(effect);
        },
      ),
    );
  });

  test.each([
    ["hang", /^20: hang needs a duration; write hang\(\[PLACE, \]DURATION\[, after\]\)/],
    ["hang(2)", /^21: 2 is no duration/],
    ["hang(after)", /hang needs a duration/],
    ["slow(2s)", /slow needs two durations/],
    ["crash(3s)", /^22: 3s is no place such as companion/],
    ["crash(nic, vfs)", /^27: vfs is one place too many/],
    ["crash()", /^22: found "\)" where an argument stands in crash\(…\)/],
    ["hang(nic 2s)", /found "2s" where hang\(… is closed with \)/],
    ["hnag(2s)", /hnag is no effect; did you mean hang\?/],
  ])("%s is told with its column", (text, complaint) => {
    expect(problem(`sock_oob_bind: ${text}`)).toMatch(complaint);
  });
});

describe("every other effect as people type it", () => {
  const only = (text: string): unknown => {
    const parsed = parseFault(text);
    return "rules" in parsed ? parsed.rules[0] : parsed.error;
  };
  test.each([
    ["sock_oob_attach: 1*answer(0, after)", { phase: "after", effect: { kind: "answer" } }],
    ["sock_oob_bind: 1*road(UNAVAILABLE)", { effect: { kind: "road", grpc_status: "UNAVAILABLE" } }],
    ["sock_oob_bind@server: 1*delay(5ms, around)", { side: "server", phase: "around", effect: { delay_ns: 5e6 } }],
    ["sock_oob_*: 1*drop", { point: "sock_oob_*", id: "sock_oob_any-lose-request" }],
    ["frame_send[dev==eth0, to==wire]: 1*drop", { effect: { kind: "drop" }, match: { args: [{ field: "dev" }, {}] } }],
    ["frame_send: 1*reorder(2)", { effect: { kind: "reorder", gap: 2 } }],
    ["frame_send: 10%*duplicate(3)", { effect: { kind: "duplicate", times: 3 } }],
    ["oob_write: 1*corrupt(2)", { effect: { kind: "corrupt", data: { bytes: 2 } } }],
    ["oob_write: 1*bandwidth(10mbit)", { effect: { kind: "bandwidth", rate_bps: 1e7 } }],
    [
      "install_inband_fd: 1*mistake(fd=7, file)",
      { effect: { data: { fields: ["file"], values: [{ field: "fd", value: "7" }] } } },
    ],
    ["oob_read[stage==oob]: 1*wrong-stage", { match: { stage: "oob" }, effect: { kind: "wrong_stage" } }],
    ['sock_oob_bind: 1*stall("once sk_bind")', { effect: { kind: "stall", until: "once sk_bind" } }],
    ['sock_oob_bind when "once inband_bind": 1*pause(2s)', { when: "once inband_bind", effect: { kind: "hang" } }],
    ["netif_oob_switch_port: 1*resource(kthread)", { effect: { kind: "resource", resource: "kthread" } }],
    ["oob_write: 1*half", { effect: { kind: "lose_reply" } }],
  ])("%s", (text, expected) => {
    expect(only(text)).toMatchObject(expected);
  });

  test.each([
    ["oob_write: 1*skip(after)", /^skip takes no argument/],
    ["oob_write: 1*resource(threads)", /threads is no resource; did you mean kthread\?|threads is no resource/],
    ["oob_write@servr: 1*skip", /found "servr" after @; the sides are client and server/],
    ["oob_wrt*: 1*skip", /oob_wrt\* is no point of the contract/],
    ["frame_send: 1*bandwidth(fast)", /fast is no rate; write a rate/],
    ["frame_send: 1*reorder(0)", /0 is no number from 1 to 1000; write reorder\(GAP\)/],
  ])("%s is told", (text, complaint) => {
    expect(only(text)).toMatch(complaint);
  });
});
