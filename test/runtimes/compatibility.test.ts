import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { CONTRACT, type PointName } from "../../services/abi/contract.generated.ts";
import { errnoOf } from "../../services/abi/errno.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { parseFault } from "../../services/abi/fault-grammar.ts";
import { AF, MSG, OOBPROTO, POLL, SHUT, SOCK } from "../../services/abi/flags.ts";
import { SWITCHES, type Profile, type Switch } from "../../services/abi/profile.ts";
import { buildSockaddr, parseSockaddrText } from "../../services/abi/sockaddr.ts";
import type { World } from "../../services/lab/world.ts";
import { offences, sourcesUnder } from "../tidy/sources.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { record, spawn, value, type Task } from "../contract/tasks.ts";

/** What each switch changes, seen from outside. */
const PROBES: Readonly<
  Record<
    Switch,
    {
      program: (world: World) => Promise<void>;
      seen: (events: readonly TraceEvent[]) => unknown;
      documented: unknown;
      implemented: unknown;
    }
  >
> = {
  D1: {
    program: async (world) => {
      const app = await spawn(world, "app");
      await refuseFirst(world, "sock_oob_bind");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      const addr = inet("127.0.0.1:7000");
      expect((await world.calls.sys_bind(app.inband, { fd, addr })).kind).toBe("refused");
      await world.calls.sys_bind(app.inband, { fd, addr });
    },
    seen: (events) => ends(events, "sys_bind"),
    documented: ["ENOMEM", 0],
    implemented: ["ENOMEM", "EINVAL"],
  },
  D2: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.AF_PACKET, SOCK.SOCK_RAW);
      await world.calls.sys_bind(app.inband, { fd, addr: inet("packet/99/ETH_P_ALL") });
    },
    seen: (events) => ends(events, "sys_bind"),
    documented: ["ENODEV"],
    implemented: ["EINVAL"],
  },
  D3: {
    program: async (world) => {
      const app = await spawn(world, "app");
      await refuseFirst(world, "sock_oob_connect");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      await world.calls.sys_connect(app.inband, { fd, addr: inet("127.0.0.1:7000") });
      await world.calls.sys_getpeername(app.inband, { fd });
    },
    seen: (events) => ends(events, "sys_connect", "sys_getpeername"),
    documented: ["ENOMEM", "ENOTCONN"],
    implemented: ["ENOMEM", 0],
  },
  D4: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      value(await world.calls.sys_connect(app.inband, { fd, addr: inet("127.0.0.1:7000") }));
      value(await world.calls.sys_shutdown(app.inband, { fd, how: SHUT.SHUT_RDWR }));
    },
    seen: (events) => hooks(events, "sock_oob_shutdown").map(({ args }) => args["how"]),
    documented: [2],
    implemented: [3],
  },
  D5: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      await world.calls.sys_shutdown(app.inband, { fd, how: SHUT.SHUT_RDWR });
    },
    seen: (events) => hooks(events, "sock_oob_shutdown").length,
    documented: 1,
    implemented: 0,
  },
  D6: {
    program: async (world) => {
      await (await spawn(world, "app")).open("/dev/oobecho");
    },
    seen: (events) => hooks(events, "install_inband_fd").map(({ locks }) => locks),
    documented: [["files.file_lock:1"]],
    implemented: [[]],
  },
  D7: {
    program: async (world) => {
      const app = await spawn(world, "app");
      await app.open("/dev/oobecho");
      value(await world.calls.sys_exit(app.inband, { reaper: "" }));
    },
    seen: (events) => hooks(events, "uninstall_inband_fd").map(({ locks }) => locks),
    documented: [["files.file_lock:1"]],
    implemented: [[]],
  },
  D8: {
    program: async (world) => {
      const app = await spawn(world, "app");
      await app.open("/dev/oobecho");
      const { fd } = value(await app.open("/dev/null"));
      value(await world.calls.sys_dup2(app.inband, { fd, newfd: 0 }));
    },
    seen: (events) =>
      hooks(events, "uninstall_inband_fd", "replace_inband_fd").map(({ point, args }) => `${point}(${args["file"]})`),
    documented: ["uninstall_inband_fd(1)", "replace_inband_fd(2)"],
    implemented: ["replace_inband_fd(2)"],
  },
  D10: {
    program: async (world) => {
      const app = await spawn(world, "app");
      value(await app.close(await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM)));
    },
    seen: (events) => hooks(events, "sock_oob_release").map(({ slice }) => slice["sk"]),
    documented: [0],
    implemented: [2],
  },
  D12: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.PF_OOB, SOCK.SOCK_DGRAM, OOBPROTO.OOBPROTO_ECHO);
      value(await world.calls.sys_connect(app.inband, { fd, addr: inet("oob/1") }));
    },
    seen: (events) => hooks(events, "sock_oob_connect").length,
    documented: 0,
    implemented: 1,
  },
  D13: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      value(await world.calls.oob_attach_thread(app.inband, { cap_sys_nice: true, priority: 0 }));
      const message = { fd, data: new Uint8Array([1]), addr: inet("127.0.0.1:7000"), timeout_ns: 0 };
      await world.calls.oob_sendmsg(app.oob, { ...message, flags: 0 });
      await world.calls.oob_sendmsg(app.oob, { ...message, flags: MSG.MSG_DONTWAIT });
    },
    seen: (events) => ends(events, "oob_sendmsg"),
    documented: ["EINPROGRESS", "EINPROGRESS"],
    implemented: [0, "EINPROGRESS"],
  },
  Q6: {
    program: async (world) => {
      const app = await spawn(world, "app");
      const fd = await oobSocket(world, app, AF.AF_INET, SOCK.SOCK_DGRAM);
      value(await world.calls.oob_attach_thread(app.inband, { cap_sys_nice: true, priority: 0 }));
      await world.calls.oob_poll(app.oob, { fd, events: POLL.POLLIN | POLL.POLLRDNORM, timeout_ns: 1000 });
    },
    seen: (events) =>
      events.filter(({ point, phase }) => point === "oob_poll" && phase === "exit").map(({ args }) => args["revents"]),
    documented: [undefined, undefined],
    implemented: [POLL.POLLRDNORM, POLL.POLLRDNORM],
  },
};

/** The calls of hooks, on the caller's side. */
const hooks = (events: readonly TraceEvent[], ...points: string[]): TraceEvent[] =>
  events.filter(
    ({ point, phase, service }) =>
      points.includes(point) && phase === "enter" && CONTRACT[point as PointName].from === service,
  );

/** How system calls ended: an errno, or 0. */
const ends = (events: readonly TraceEvent[], ...points: string[]): (string | number)[] =>
  events
    .filter(({ point, phase, service }) => points.includes(point) && phase === "exit" && service === "task")
    .map(({ ret = 0 }) => (ret < 0 ? (errnoOf(ret) ?? ret) : 0));

const inet = (text: string): Uint8Array => {
  const address = parseSockaddrText(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return buildSockaddr(address);
};

const oobSocket = async (world: World, app: Task, family: number, type: number, protocol = 0): Promise<number> =>
  value(await world.calls.sys_socket(app.inband, { family, type: type | SOCK.SOCK_OOB, protocol })).fd;

async function refuseFirst(world: World, point: PointName): Promise<void> {
  const parsed = parseFault(`${point}: 1*refuse(ENOMEM)`);
  if (!("rules" in parsed)) throw new Error("the rule is one");
  for (const rule of parsed.rules) expect(await world.arm(rule)).toBeUndefined();
}

async function seenIn(profile: Profile, name: Switch): Promise<unknown> {
  const world = createSimulatedWorld({ seed: 1n, profile });
  const events = record(world);
  await world.drive(() => PROBES[name].program(world));
  await world.settle();
  return PROBES[name].seen(events);
}

const text = readFileSync(new URL("../../../COMPATIBILITY.md", import.meta.url), "utf8");
// What kernel sockets have of their own has a test of its own.
const rows = (text.split("\n# Kernel sockets")[0] ?? "")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => /^[DQ]\d+$/.test(cells[1] ?? ""))
  .map((cells) => ({ name: cells[1], state: cells.at(-2) }));

describe("COMPATIBILITY.md", () => {
  test("lists every switch that is built as built, and none that is not", () => {
    expect(rows.filter(({ state }) => state === "built").map(({ name }) => name)).toEqual(Object.keys(SWITCHES));
    expect(rows).toHaveLength(Object.keys(SWITCHES).length);
  });

  test.each(Object.keys(SWITCHES) as Switch[])(
    "%s makes the difference that is written there, both ways",
    async (name) => {
      const documented = await seenIn("documented", name);
      const implemented = await seenIn("as-implemented", name);
      expect(documented).toEqual(PROBES[name].documented);
      expect(implemented).toEqual(PROBES[name].implemented);
      expect(documented).not.toEqual(implemented);
    },
  );

  test("has every difference there is: no house asks for the profile but by a switch that is listed", () => {
    const houses = ["vfs", "inband", "companion", "nic", "boundary"].flatMap((room) =>
      sourcesUnder(`services/${room}`),
    );
    const code = houses.filter(({ path }) => path.endsWith(".ts"));
    const byHand = {
      '"as-implemented"': "asImplemented",
      '"documented"': "asImplemented",
      "profile ===": "asImplemented",
      "profile !==": "asImplemented",
    };
    expect(offences(code, byHand)).toEqual([]);
    // Each switch is asked for by a house, or stands in a contract.
    const text = [...code, ...sourcesUnder("protos/tenon")].map((source) => source.text).join("\n");
    for (const name of Object.keys(SWITCHES)) expect(text).toContain(`"${name}"`);
  });
});
