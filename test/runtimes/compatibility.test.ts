import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { SWITCHES, type Profile, type Switch } from "../../services/abi/profile.ts";
import type { World } from "../../services/lab/world.ts";
import { offences, sourcesUnder } from "../tidy/sources.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { record, spawn, value } from "../contract/tasks.ts";

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
};

const hooks = (events: readonly TraceEvent[], ...points: string[]): TraceEvent[] =>
  events.filter(({ point, phase, service }) => points.includes(point) && phase === "enter" && service === "vfs");

async function seenIn(profile: Profile, name: Switch): Promise<unknown> {
  const world = createSimulatedWorld({ seed: 1n, profile });
  const events = record(world);
  await world.drive(() => PROBES[name].program(world));
  await world.settle();
  return PROBES[name].seen(events);
}

const text = readFileSync(new URL("../../../COMPATIBILITY.md", import.meta.url), "utf8");
const rows = text
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => /^D\d+$/.test(cells[1] ?? ""))
  .map((cells) => ({ name: cells[1], state: cells.at(-2) }));

describe("COMPATIBILITY.md", () => {
  test("lists every switch that is built as built, and none that is not", () => {
    expect(rows.filter(({ state }) => state === "built").map(({ name }) => name)).toEqual(Object.keys(SWITCHES));
    expect(rows.length).toBeGreaterThan(Object.keys(SWITCHES).length);
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
