import { describe, expect, test } from "@jest/globals";
import { BOOK } from "../../services/rules/book/book.ts";
import { traceOf, verdictOf, type Case } from "./traces.ts";

const OOB = "thread_oob task=t";
const INBAND = "thread_inband task=t";
const CORE_DIES = "place_down house=companion";
const waits = (kind: string, key: string, priority: number): string => `${kind}_wait ${key} priority=${priority}`;
const wakes = (kind: string, key: string, priority: number): string =>
  `${kind}_wake ${key} priority=${priority} granted=true`;

/** Somebody below a step is served before, and after, somebody above it. */
const byPriority = (id: string, kind: string, key: string): Case[] =>
  [1, 50, 90].map((step, n): Case => [
    `${id}${"abc"[n] ?? ""}`,
    [waits(kind, key, step), wakes(kind, key, step - 1)],
    [waits(kind, key, step), wakes(kind, key, step), wakes(kind, key, step - 1)],
  ]);

const deliver = (what: string): string => `oob_deliver span=1 sk=1 ${what}`;
const LISTENS = "sk_bind sk=1 local=packet/0/ETH_P_ALL";
const ENDS = "frame_end fate=oob_udp span=1";
const SLEEPS = "oob_wait sk=1 task=t times=false priority=50";
const served = (priority: number): string => `oob_wake sk=1 task=u times=false bytes=4 priority=${priority}`;
const stax = (what: string, stage: string): string => `stax_${what} dev=d stage=${stage}`;
const LEAVES = "vfs:dovetail_leave_inband.exit task=t ret=0";
const CALLS = "vfs:sys_read.enter task=t";
const ENDED = "vfs:sys_read.exit task=t ret=0";

const CASES: readonly Case[] = [
  ["TX-01", ["tx_queue sk=1", "sk_release sk=1"], ["tx_queue sk=1", "tx_done sk=1", "sk_release sk=1"]],
  ["TX-01", ["tx_queue sk=1", "sk_release sk=1"], ["tx_queue sk=1", CORE_DIES, "sk_release sk=1"]],
  [
    "TX-02",
    ["tx_start dev=d", "netif_disable_oob_diversion.enter dev=d"],
    ["tx_start dev=d", "tx_stop dev=d", "netif_disable_oob_diversion.enter dev=d"],
  ],
  ["TX-03", ["frame_send dev=d to=nic"], ["tx_start dev=d", "frame_send dev=d to=nic"]],
  ["TX-03", ["tx_start dev=d", "tx_stop dev=d", "frame_send dev=d to=nic"], ["frame_send dev=d to=inband"]],
  ["TX-04", ["port_enable dev=d", "pool_purge dev=d"], ["port_enable dev=d", "port_disable dev=d", "pool_purge dev=d"]],
  ...byPriority("TX-05", "pool", "dev=d"),
  ...byPriority("TX-06", "room", "sk=1"),

  [
    "RX-01",
    [deliver("how=exclusive"), deliver("how=exclusive")],
    [deliver("how=exclusive"), deliver("how=exclusive").replace("span=1", "span=2")],
  ],
  ["RX-02", [deliver("by=unicast"), deliver("by=unicast")], [deliver("by=multicast"), deliver("by=multicast")]],
  ["RX-02", [deliver("by=multicast"), deliver("by=unicast")], [deliver("by=all"), deliver("by=unicast")]],
  ["RX-03", [deliver("by=ip"), deliver("by=unicast")], [deliver("by=ip"), deliver("by=all")]],
  ["RX-03", [deliver("by=ip"), deliver("by=multicast")], [deliver("by=multicast"), deliver("by=ip")]],
  ["RX-04", [deliver("how=exclusive"), deliver("by=all")], [deliver("by=all"), deliver("how=exclusive")]],
  ["RX-05", [LISTENS, ENDS], [LISTENS, deliver("by=all"), ENDS]],
  ["RX-05", [LISTENS, deliver("by=all"), ENDS, ENDS], [LISTENS, "oob_deny span=1 sk=1 by=all", ENDS]],
  ["RX-05", [LISTENS, ENDS], [LISTENS, "sk_bind sk=1 local=packet/1/ETH_P_IP", ENDS]],
  ["RX-06", [SLEEPS, served(49)], [SLEEPS, served(50)]],
  ["RX-06", [SLEEPS.replace("50", "1"), served(0)], [SLEEPS.replace("50", "1"), served(1)]],
  ["RX-06", [SLEEPS.replace("50", "99"), served(98)], [SLEEPS.replace("50", "99"), CORE_DIES, served(98)]],
  ["RX-07", ["oob_deny span=1 sk=1 by=all", deliver("by=all")], ["oob_deny span=1 sk=2 by=all", deliver("by=all")]],
  [
    "RX-08",
    ["oob_accept dev=d", "rx_thread_stop dev=d"],
    ["oob_accept dev=d", "frame_end dev=d fate=oob_udp", "rx_thread_stop dev=d"],
  ],
  [
    "RX-08",
    ["oob_accept dev=d", "rx_thread_stop dev=d"],
    ["oob_accept dev=d", "oob_hold dev=d", "rx_thread_stop dev=d"],
  ],

  [
    "STG-01",
    [OOB, "handle_pipelined_syscall.exit task=t ret=0"],
    [OOB, INBAND, "handle_pipelined_syscall.exit task=t"],
  ],
  [
    "STG-01",
    [OOB, "handle_pipelined_syscall.exit task=t ret=0"],
    [OOB, "handle_pipelined_syscall.exit task=t ret=0 fault=f"],
  ],
  ["STG-02", [LEAVES, CALLS, ENDED], [LEAVES, CALLS, "vfs:handle_pipelined_syscall.enter task=t", ENDED]],
  ["STG-02", [LEAVES, CALLS, ENDED], [CALLS, ENDED]],
  // A call that a fault ended before the house had it.
  ["STG-02", [LEAVES, CALLS, ENDED], [LEAVES, CALLS, "vfs:sys_read.exit task=t lost=unreachable fault=f"]],
  ["STG-03", [OOB, "oob_net_vlans.exit task=t ret=0"], [OOB, INBAND, "oob_net_vlans.exit task=t ret=0"]],
  ["STG-03", [OOB, "oob_net_divert.exit task=t ret=0"], [OOB, CORE_DIES, "oob_net_divert.exit task=t ret=0"]],
  ["STG-03", [OOB, "oob_detach_thread.exit task=t ret=0"], [OOB, "oob_detach_thread.exit task=t ret=0 fault=f"]],
  ["STG-04", [OOB, "thread_detach task=t"], [OOB, INBAND, "thread_detach task=t"]],
  ["STG-05", ["oob_enter task=t file=1"], [OOB, "oob_enter task=t file=1"]],
  ["STG-05", [OOB, INBAND, "oob_enter task=t file=1"], [OOB, INBAND, OOB, "oob_enter task=t file=1"]],

  ["STAX-01", [stax("lock", "inband"), stax("lock", "oob")], [stax("lock", "oob"), stax("lock", "oob")]],
  [
    "STAX-01",
    [stax("lock", "inband"), stax("lock", "oob")],
    [stax("lock", "inband"), stax("unlock", "inband"), stax("lock", "oob")],
  ],
  ["STAX-02", [stax("lock", "oob"), stax("lock", "inband")], [stax("lock", "inband"), stax("lock", "inband")]],
  [
    "STAX-02",
    [stax("lock", "oob"), stax("lock", "inband")],
    [stax("lock", "oob"), stax("unlock", "oob"), stax("lock", "inband")],
  ],
];

/** A regular command of a socket reaches the core, which answers it. */
const answered = (how: string): string[] => [
  "sock_inband_ioctl_redirect.enter span=1 cmd=35123",
  `sock_inband_ioctl_redirect.exit span=1 ${how}`,
];

describe("a core that answers a regular command of a socket", () => {
  test("breaks a rule, unless a fault has answered in its place", () => {
    const verdict = (how: string): string | undefined => verdictOf("CORE-02", traceOf(answered(how), "companion"));
    expect(verdict("ret=0")).toBe("certain-fail");
    expect(verdict("ret=-515")).toBe("pass");
    expect(["pass", "vacuous"]).toContain(verdict("ret=-22 fault=f"));
    expect(["pass", "vacuous"]).toContain(verdict("lost=unreachable fault=f"));
  });
});

describe("rules of sending, receiving, stages and stage exclusion", () => {
  test.each(CASES.map(([rule, breaks, keeps], i) => ({ rule, breaks, keeps, i })))(
    "$rule is broken by what it speaks of, and not by what is beside it ($i)",
    ({ rule, breaks, keeps }) => {
      expect(verdictOf(rule, traceOf(breaks, "companion"))).toBe("certain-fail");
      expect(["pass", "vacuous"]).toContain(verdictOf(rule, traceOf(keeps, "companion")));
    },
  );

  test("have each a trace here that breaks them", () => {
    const written = BOOK.map(({ id }) => id).filter((id) => /^(?:TX|RX|STG|STAX)-/.test(id));
    expect(new Set(CASES.map(([rule]) => rule))).toEqual(new Set(written));
  });
});
