import { describe, expect, test } from "@jest/globals";
import { loadExperiment, readExperiment } from "../../services/lab/load/load.ts";
import { complaints, complaintsOf, experimentOf, sample } from "./written.ts";

const OPEN = "{ task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR }, as: fd }";
const workload = (...steps: string[]): string =>
  ["  workload:", ...steps.map((step) => `    - ${step}`), ""].join("\n");
/** A fault after a workload of one step: the fault stands in line 4. */
const fault = (text: string): string => `${workload(OPEN)}  faults:\n    - ${text}\n`;
const events = (text: string): string => `${workload(OPEN)}  expect:\n    events:\n      - ${text}\n`;

describe("a file that is right", () => {
  test("says what it says, and has defaults for the rest", () => {
    const experiment = experimentOf(workload(OPEN, "{ task: app, call: close, with: { fd: $fd } }"));
    expect(experiment).toMatchObject({
      file: "x.yaml",
      name: "sample",
      title: "A sample",
      profiles: ["documented", "as-implemented"],
      seed: 1n,
      core: "reference",
      verdict: "pass",
      requireFaultFired: true,
      faults: [],
      expectations: [],
    });
    expect(experiment.steps).toMatchObject([
      {
        t: "call",
        task: "app",
        line: 7,
        args: { path: "/dev/oobecho", flags: 2 },
        as: [{ name: "fd", value: { name: "fd", kind: "number" } }],
        text: "open(path: /dev/oobecho, flags: O_RDWR) as fd",
      },
      { t: "call", args: { fd: { reference: "fd" } }, expect: { documented: { t: "success" } } },
    ]);
  });

  test("constants are looked up and or-ed, text becomes bytes, durations nanoseconds", () => {
    const { steps } = experimentOf(
      workload(
        "{ task: app, call: open, with: { path: /dev/null, flags: [O_RDWR, O_CLOEXEC] }, as: fd }",
        "{ task: app, call: write, with: { fd: $fd, data: hé }, expect: 3 }",
        "{ task: app, call: oob_poll, with: { fd: $fd, events: [POLLIN, POLLOUT], timeout_ns: 5ms }, expect: POLLNVAL }",
        "{ task: app, call: close_range, with: { first: 0, last: 0xffffffff } }",
        "{ sleep: 1.5ms }",
      ),
    );
    expect(steps).toMatchObject([
      { args: { flags: 0o2000002 } },
      { args: { data: new Uint8Array([0x68, 0xc3, 0xa9]) }, expect: { documented: { t: "value", value: 3 } } },
      { args: { events: 5, timeout_ns: 5e6 }, expect: { documented: { t: "value", value: 32 } } },
      { args: { last: 0xffffffff, flags: 0 } },
      { ns: 1.5e6 },
    ]);
  });

  test("an outcome may differ by profile", () => {
    const { steps } = experimentOf(
      workload(OPEN, "{ task: app, call: dup, with: { fd: $fd }, expect: { documented: 4, as-implemented: EBADF } }"),
    );
    expect(steps[1]).toMatchObject({
      expect: { documented: { t: "value", value: 4 }, "as-implemented": { t: "refused", errno: "EBADF" } },
    });
  });

  test("a fault becomes the rule that is armed", () => {
    const { faults } = experimentOf(
      fault(
        '{ id: f, point: install_inband_fd, match: { caller: vfs, task: app, slice: { fd: ">2" }, args: { oob_data: 1 }, callers: { require: [sys_open], reject: [sys_dup] } }, select: { nth: [1, "3..7", "9.."], probability: 0.5%, times: 2 }, effect: { delay: { fixed: 50ms } } }',
      ),
    );
    expect(faults[0]?.rule).toEqual({
      id: "f",
      point: "install_inband_fd",
      match: {
        caller: "vfs",
        node: "",
        task: "app",
        slice: [{ field: "fd", operator: ">", value: "2" }],
        args: [{ field: "oob_data", operator: "==", value: "1" }],
        require_callers: ["sys_open"],
        reject_callers: ["sys_dup"],
      },
      select: {
        nth: [
          { from: 1, to: 1 },
          { from: 3, to: 7 },
          { from: 9, to: 0 },
        ],
        every: 0,
        probability: { numerator: 5, denominator: 1000 },
        interval: 0,
        times: 2,
      },
      effect: { kind: "delay", delay_ns: 50e6 },
    });
  });

  test.each([
    ["{ abort: { errno: ENOMEM } }", { kind: "refuse", errno: "ENOMEM", delay_ns: 0 }],
    ["{ loseRequest: true }", { kind: "lose_request", delay_ns: 0 }],
    ["{ loseReply: true }", { kind: "lose_reply", delay_ns: 0 }],
    ["{ doubleCall: true }", { kind: "double_call", delay_ns: 0 }],
    ["{ duplicate: true }", { kind: "duplicate", delay_ns: 0 }],
    ["{ skip: true }", { kind: "skip", delay_ns: 0 }],
    ["{ crash: {} }", { kind: "crash", delay_ns: 0, blow: { place: "", peer: "", for_ns: 0 } }],
    [
      "{ crash: { place: nic, moment: before-reply } }",
      { kind: "crash", delay_ns: 0, blow: { place: "nic", peer: "", for_ns: 0, moment: "before_reply" } },
    ],
    ["{ hang: { for: 2s } }", { kind: "hang", delay_ns: 0, blow: { place: "", peer: "", for_ns: 2e9 } }],
    [
      "{ slow: { by: 50ms, for: 2s, moment: before } }",
      { kind: "slow", delay_ns: 50e6, blow: { place: "", peer: "", for_ns: 2e9 } },
    ],
    [
      "{ partition: { between: [vfs, companion], for: 3s } }",
      { kind: "partition", delay_ns: 0, blow: { place: "vfs", peer: "companion", for_ns: 3e9 } },
    ],
  ])("the effect %s", (text, effect) => {
    const { faults } = experimentOf(fault(`{ id: f, point: oob_open_file, select: { every: 2 }, effect: ${text} }`));
    expect(faults[0]?.rule.effect).toEqual(effect);
  });
});

describe("a file that cannot be read", () => {
  test("a missing file is one line", async () => {
    const loaded = await readExperiment("no.yaml", () => Promise.resolve({ ok: false, reason: "no such file" }));
    expect(complaintsOf(loaded)).toEqual(["no.yaml: found no such file, allowed is a file with an experiment"]);
  });

  test("broken YAML is told with its place", () => {
    expect(complaintsOf(loadExperiment("a: [1, 2\nb: 3\n", "x.yaml"))[0]).toMatch(
      /^x\.yaml:2:1: found broken YAML \(.*\), allowed is well-formed YAML$/,
    );
    expect(complaintsOf(loadExperiment("a: 1\na: 2\n", "x.yaml"))).toEqual([
      "x.yaml:2:1: found broken YAML (Map keys must be unique), allowed is well-formed YAML",
    ]);
  });

  test("a glob that was not quoted is an alias to YAML, and is told so", () => {
    expect(complaintsOf(loadExperiment("a:\n  - *_inband_fd.enter\n", "x.yaml"))).toEqual([
      'x.yaml:2:5: found the YAML alias *_inband_fd.enter, allowed is "*_inband_fd.enter" in quotes: aliases are not read',
    ]);
  });

  test.each([
    ["", "x.yaml:1:1: found nothing, allowed is an experiment with apiVersion, kind, metadata, spec"],
    ["- 1\n", "x.yaml:1:1: found [1], allowed is an experiment with apiVersion, kind, metadata, spec"],
    [
      sample(workload(OPEN)).replace("Experiment", "Campaign"),
      "x.yaml:2:7: kind: found Campaign, allowed is Experiment (this version reads no other kind)",
    ],
    [
      sample(workload(OPEN)).replace("v1alpha1", "v1"),
      "x.yaml:1:13: apiVersion: found tenon/v1, allowed is tenon/v1alpha1; did you mean tenon/v1alpha1?",
    ],
    [
      sample(workload(OPEN)).replace("name: sample", "name: A B"),
      "x.yaml:3:19: metadata.name: found A B, allowed is a name: lower-case letters, digits and -",
    ],
  ])("%j", (text, complaint) => {
    expect(complaintsOf(loadExperiment(text, "x.yaml"))).toEqual([complaint]);
  });
});

describe("a mistake in the shape has a line, what was found and what is allowed", () => {
  test.each([
    [
      workload("{ task: app, call: opne, with: {} }"),
      /^2:26: spec\.workload\[0\]\.call: found opne, allowed is a call: oob_net_filter, .*; did you mean open\?$/,
    ],
    [
      workload("{ jion: x }"),
      /^2:7: spec\.workload\[0\]: found a mapping with jion, allowed is a step: one of call, join, wait, loop, freeze, sleep, arm, disarm; did you mean join\?$/,
    ],
    [workload("{ task: app, call: spawn, with: { name: x } }"), /found spawn, allowed is a call/],
    [
      workload("{ task: app, call: close, with: { fdd: 3, fd: 3 } }"),
      /^2:41: spec\.workload\[0\]\.with\.fdd: found the unknown key fdd, allowed is arguments of close: fd; did you mean fd\?$/,
    ],
    [
      workload("{ task: app, call: close }"),
      /^2:7: spec\.workload\[0\]\.with: found nothing, allowed is arguments of close: fd$/,
    ],
    [
      workload("{ task: app, call: open, with: { path: /dev/null, flags: [O_RDWR, O_CLOEXE] } }"),
      /^2:73: spec\.workload\[0\]\.with\.flags\[1\]: found O_CLOEXE, .*; did you mean O_CLOEXEC\?$/,
    ],
    [
      workload("{ task: app, call: close, with: { fd: -1 } }"),
      /found -1, allowed is a whole number from 0 to 4294967295/,
    ],
    [workload("{ task: app, call: close, with: { fd: 3 }, as: x }"), /found the unknown key as/],
    [
      workload("{ task: app, call: close, with: { fd: 3 }, expect: 4 }"),
      /found 4, allowed is 0 for success, an errno such as EBADF/,
    ],
    [workload("{ task: app, call: dup, with: { fd: 3 }, expect: EBDAF }"), /found EBDAF, .* did you mean EBADF\?$/],
    [
      workload("{ task: app, call: dup, with: { fd: 3 }, expect: { lost: timeuot } }"),
      /\.expect\.lost: found timeuot, .*; did you mean timeout\?$/,
    ],
    [workload("{ sleep: 10 }"), /\.sleep: found 10, allowed is a number with ns, us, ms, s or m, such as 50ms$/],
    [workload(OPEN) + "  seed: 5\n", /^3:9: spec\.seed: found 5, allowed is a quoted number of at most 64 bits/],
    [workload(OPEN) + '  seed: "0x10000000000000000"\n', /spec\.seed: found 0x10000000000000000, allowed is/],
    [
      workload(OPEN) + "  profile: doc\n",
      /found doc, allowed is documented, as-implemented, or a list of them; did you mean documented\?$/,
    ],
    [
      workload(OPEN) + "  budget: { virtualTime: 5 }\n",
      /spec\.budget\.virtualTime: found 5, allowed is a number with ns/,
    ],
    [workload(OPEN) + "  wrkload: []\n", /spec\.wrkload: found the unknown key wrkload, .*; did you mean workload\?$/],
    [
      workload(OPEN) + "  expect: { verdict: passs }\n",
      /found passs, allowed is one of pass, fail, inconclusive, knownFailing, knownFlaky; did you mean pass\?$/,
    ],
    ["  workload: []\n", /^1:13: spec\.workload: found \[\], allowed is a list of at least one step$/],
    [
      fault("{ id: f, point: oob_open_file, select: { probability: 10 }, effect: { skip: true } }"),
      /^4:61: spec\.faults\[0\]\.select\.probability: found 10, allowed is a share such as 10% or 1\/1000 \(a bare number/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { times: 1 }, effect: { skip: true } }"),
      /\.select: found \{times: 1\}, allowed is at least one of nth, every, probability, interval/,
    ],
    [
      fault("{ id: f, point: oob_opn_*, select: { nth: 1 }, effect: { skip: true } }"),
      /\.point: found oob_opn_\*, allowed is the name of a point of the contract, or a glob that fits some/,
    ],
    [
      fault("{ id: f, point: instal_inband_fd, select: { nth: 1 }, effect: { skip: true } }"),
      /did you mean install_inband_fd\?$/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 0 }, effect: { skip: true } }"),
      /\.nth: found 0, allowed is an ordinal from 1/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: none }, effect: { skip: true } }"),
      /\.nth: found none, allowed is an ordinal from 1/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true, duplicate: true } }"),
      /\.effect: found .*, allowed is exactly one of abort, delay/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { abort: { errno: ENOMEMM } } }"),
      /errno: found ENOMEMM, allowed is an errno such as ENOMEM; did you mean ENOMEM\?$/,
    ],
    [
      events("{ nver: sys_open }"),
      /found a mapping with nver, allowed is an expectation: one of inOrder, exactly, never, count; did you mean never\?$/,
    ],
    [events("{ never: sys_open, inOrder: [sys_open] }"), /found the unknown key never/],
  ])("%s", (body, complaint) => {
    const found = complaints(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(complaint);
  });
});

describe("what the format reserves is refused, never skipped", () => {
  const cases: readonly (readonly [body: string, key: string])[] = [
    [`${workload(OPEN)}  schedule: {}\n`, "schedule"],
    [fault("{ id: f, point: oob_open_file, callers: [], select: { nth: 1 }, effect: { skip: true } }"), "callers"],
    [fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { clock: {} } }"), "clock"],
  ];
  test.each(cases)("%s", (body, key) => {
    const found = complaints(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(
        `found ${key}, allowed is nothing yet: ${key} is reserved for .*, which this version does not evaluate$`,
      ),
    );
  });
});

describe("what the words mean is checked before anything runs", () => {
  test.each([
    [
      workload("{ task: app, call: close, with: { fd: $fd } }"),
      /^2:45: spec\.workload\[0\]\.with\.fd: found \$fd, allowed is the result of an earlier step \(there is none\)$/,
    ],
    [workload(OPEN, "{ task: app, call: close, with: { fd: $fdd } }"), /found \$fdd, .* \(\$fd\); did you mean fd\?$/],
    [workload(OPEN, OPEN), /^3:81: .*\.as: found fd once more/],
    [
      workload(
        "{ task: app, call: open, with: { path: /dev/null }, as: fd, expect: ENOMEM }",
        "{ task: app, call: close, with: { fd: $fd } }",
      ),
      /found \$fd, allowed is the result of an earlier step/,
    ],
    [
      workload(
        OPEN,
        "{ task: app, call: read, with: { fd: $fd, count: 1 }, as: text }",
        "{ task: app, call: close, with: { fd: $text } }",
      ),
      /found \$text, which is a text, allowed is a number$/,
    ],
    [
      workload(OPEN, "{ task: app, call: read, with: { fd: $fd, count: 1 }, expect: 5 }"),
      /found 5, allowed is the data as text, in quotes$|found 5, allowed is the data as text/,
    ],
    [workload("{ join: b }"), /found b, allowed is a background call that was not joined yet \(there is none\)$/],
    [workload("{ task: app, call: exec, background: b }", "{ join: b }", "{ join: b }"), /^4:15: .* found b once more/],
    [
      workload("{ task: app, call: exec, background: b }", "{ task: app, call: exec }"),
      /found app, which is still in its background call b/,
    ],
    [
      workload("{ task: app, call: exec, background: b, expect: 0 }", "{ join: b }"),
      /found expect on a background call, allowed is expect on the join that waits for it$/,
    ],
    [workload("{ task: app, call: exec, leave: true }"), /found leave without background/],
    [
      workload("{ task: app, call: exec, background: b }", "{ join: b, as: x }"),
      /found as: x, allowed is no name here: the call answers no value$/,
    ],
    [
      workload("{ task: app, call: exec, background: b }", "{ join: b, expect: 4 }"),
      /found 4, allowed is 0 for success/,
    ],
    [
      workload("{ task: kid, call: exec }", "{ task: app, call: fork, with: { child: kid } }"),
      /found kid, allowed is a name that no task has yet$/,
    ],
    [workload("{ arm: f }"), /found f, allowed is the id of a fault \(there is none\)$/],
    [
      workload('{ wait: "oob_waits[fd==3]" }'),
      /^2:16: spec\.workload\[0\]\.wait: found oob_waits, .*; did you mean oob_wait\?$/,
    ],
    [workload('{ wait: "oob_wait[fdd==3]" }'), /^2:25: .* found fdd, allowed is a field of oob_wait/],
    [
      workload("{ wait: sys_open.exit[ret=0] }").replace(
        "{ wait: sys_open.exit[ret=0] }",
        "wait: sys_open.exit[ret=0]",
      ),
      /^2:30: .* found =, allowed is a comparison/,
    ],
    [
      fault("{ id: f, point: uninstall_inband_fd, select: { nth: 1 }, effect: { abort: { errno: ENOMEM } } }"),
      /^4:72: spec\.faults\[0\]\.effect: found \{abort: \{errno: ENOMEM\}\}, allowed is one of delay, .*; uninstall_inband_fd returns nothing, so it cannot refuse \(seed 002/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { abort: { errno: EPERM } } }"),
      /allowed is one of abort, .* \(abort with ENOMEM, ENODEV, EBUSY\); oob_open_file cannot answer EPERM/,
    ],
    [
      fault("{ id: f, point: sys_open, select: { nth: 1 }, effect: { skip: true } }"),
      /sys_open is a system call: it has no weak definition/,
    ],
    [
      fault('{ id: f, point: oob_open_file, select: { nth: "7..3" }, effect: { skip: true } }'),
      /\.select: found \{nth: 7\.\.3\}/,
    ],
    [
      fault("{ id: f, point: oob_open_file, match: { args: { fd: 3 } }, select: { nth: 1 }, effect: { skip: true } }"),
      /\.match: found .*; oob_open_file has no args field fd/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true }, armed: false }"),
      /\.armed: found false, and no step that arms it, allowed is a step \{arm: f\}/,
    ],
    [
      fault("{ id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true } }") +
        "    - { id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true } }\n",
      /^5:13: spec\.faults\[1\]\.id: found f once more, allowed is an id that no other fault has$/,
    ],
    [events("{ never: instal_inband_fd }"), /^5:18: spec\.expect\.events\[0\]\.never: found instal_inband_fd/],
    [
      events("{ inOrder: [sys_open, vf:sys_open] }"),
      /^5:31: spec\.expect\.events\[0\]\.inOrder\[1\]: found vf, allowed is a service/,
    ],
    [events("{ never: sys_open, where: { fdd: 3 } }"), /^5:37: spec\.expect\.events\[0\]\.where: found fdd/],
    [events("{ count: { sys_opne: 1 } }"), /^5:20: spec\.expect\.events\[0\]\.count: found sys_opne/],
  ])("%s", (body, complaint) => {
    const found = complaints(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(complaint);
  });

  test("all mistakes are told at once, in the order of the file, and the same one for two profiles once", () => {
    const found = complaints(workload("{ task: app, call: close, with: { fd: $a } }", "{ arm: f }", "{ join: b }"));
    expect(found.map((line) => line.split(":")[0])).toEqual(["2", "3", "4"]);
  });

  test("what only one profile defines is missing under the other", () => {
    const body = workload(
      OPEN.replace("as: fd", "as: fd, profile: documented"),
      "{ task: app, call: close, with: { fd: $fd } }",
    );
    expect(complaints(body)).toHaveLength(1);
    expect(complaints(`${body}  profile: documented\n`)).toEqual([]);
  });
});

describe("a fault that cannot be has one line, with its place", () => {
  test.each([
    [
      "{ id: f, point: frame_recieve, select: { nth: 1 }, effect: { drop: true } }",
      /^4:23: spec\.faults\[0\]\.point: found frame_recieve, allowed is the name of a point of the contract/,
    ],
    [
      "{ id: f, point: ctl_arm_fault, select: { nth: 1 }, effect: { skip: true } }",
      /ctl_arm_fault is control, and control is never a fault point$/,
    ],
    [
      "{ id: f, point: sock_oob_bind, phase: around, select: { nth: 1 }, effect: { skip: true } }",
      /\.phase: found around, allowed is a phase at which the point can have it: instead; a call that is not made strikes instead/,
    ],
    [
      "{ id: f, point: sock_oob_bind, side: server, select: { nth: 1 }, effect: { wrongStage: true } }",
      /\.side: found server, allowed is a side at which the point can have it: client; it is the house that calls/,
    ],
    [
      "{ id: f, point: sock_oob_bind, stream: upstream, select: { nth: 1 }, effect: { skip: true } }",
      /\.stream: found upstream, .*; skip has no direction$/,
    ],
    [
      "{ id: f, point: frame_send, select: { nth: 1 }, effect: { abort: { errno: EIO } } }",
      /\.effect: found .*, allowed is one of delay, drop, duplicate, reorder, corrupt, bandwidth; a frame is never answered$/,
    ],
    [
      '{ id: f, point: sock_oob_bind, when: "once sk_bind", select: { nth: 1 }, effect: { skip: true } }',
      /^4:50: spec\.faults\[0\]\.when: found sk_bind, allowed is an event that inband records, .* recorded by companion/,
    ],
    [
      '{ id: f, point: sock_oob_bind, when: "once once", select: { nth: 1 }, effect: { skip: true } }',
      /\.when: found /,
    ],
    [
      "{ id: f, point: sock_oob_bind, select: { nth: 1 }, effect: { stall: { until: once nothing_such } } }",
      /\.effect\.stall\.until: found nothing_such/,
    ],
    [
      "{ id: f, point: install_inband_fd, select: { nth: 1 }, effect: { mistake: { fields: [sk] } } }",
      /\.effect: .*; the arguments of install_inband_fd has no field sk|\.effect: .* no field sk/,
    ],
    [
      "{ id: f, point: sock_oob_bind, select: { nth: 1 }, effect: { resource: { kind: fd } } }",
      /companion takes nothing that could run out to answer sock_oob_bind$/,
    ],
    [
      "{ id: f, point: sock_oob_bind, match: { process: vfs }, select: { nth: 1 }, effect: { skip: true } }",
      /\.match: .*; vfs is not where the rule strikes: it is inband that calls sock_oob_bind$/,
    ],
    [
      "{ id: f, point: [sock_oob_bind, '!sock_*'], select: { nth: 1 }, effect: { skip: true } }",
      /leaves no point: all are taken out again/,
    ],
    [
      "{ id: f, point: sock_oob_bind, selekt: { nth: 1 }, select: { nth: 1 }, effect: { skip: true } }",
      /the unknown key selekt/,
    ],
  ])("%s", (text, complaint) => {
    const found = complaints(fault(text));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(complaint);
  });
});
