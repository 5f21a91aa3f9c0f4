import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { loneNode, PAIR, type KsockSpec } from "../../../services/abi/topology.ts";
import { createSimulatedWorld } from "../../../services/runtimes/simulated/world.ts";
import { createStage, type Rig } from "./rig.ts";
import { lo } from "./sock.ts";
import { IDS, TABLE } from "./table.ts";

const OFF: KsockSpec = { illumosQuirks: false, linuxCloseRst: false, linuxShutdownRead: false };

/** What each switch changes, seen from outside, on the node that has it. */
const PROBES: Readonly<Record<keyof KsockSpec, { probe: (rig: Rig) => Promise<unknown>; off: unknown; on: unknown }>> =
  {
    illumosQuirks: {
      probe: async (rig) => {
        const s = await rig.oddTcp();
        await s.watchAlias();
        await s.connect(lo(rig.port()));
        await rig.still();
        return s.took();
      },
      off: ["connectfailed(ECONNREFUSED)"],
      on: ["disconnected(ECONNREFUSED)"],
    },
    linuxCloseRst: {
      probe: async (rig) => {
        const { c, a } = await rig.oddConnected();
        await a.send("unread");
        await c.until("recv(6)");
        await c.close();
        await rig.still();
        return a.took();
      },
      off: ["recv(0)"],
      on: ["disconnected(ECONNRESET)"],
    },
    linuxShutdownRead: {
      probe: async (rig) => {
        const { c, a } = await rig.oddConnected();
        await a.send("queued");
        await c.until("recv(6)");
        await c.shutdown("SHUT_RD");
        return c.recv(64);
      },
      off: "",
      on: "queued",
    },
  };

async function seenWith(ksock: KsockSpec, { probe }: { probe: (rig: Rig) => Promise<unknown> }): Promise<unknown> {
  const topology = { ...PAIR, nodes: [...PAIR.nodes, { ...loneNode("gamma"), ksock }] };
  const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology });
  let seen: unknown;
  await world.drive(async () => {
    const stage = await createStage(world);
    await stage.run(async (rig) => {
      seen = await probe(rig);
    });
  });
  return seen;
}

const text = readFileSync(new URL("../../../../COMPATIBILITY.md", import.meta.url), "utf8");
const rows = (text.split("# Kernel sockets")[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
const firsts = rows.map((cells) => cells[1] ?? "");
const switches = Object.keys(OFF) as (keyof KsockSpec)[];

describe("COMPATIBILITY.md, on kernel sockets", () => {
  test("lists every switch that a node of a world can have, and no other", () => {
    const schema = readFileSync(new URL("../../../../experiments/world.schema.json", import.meta.url), "utf8");
    for (const name of switches) expect(schema).toContain(`"${name}"`);
    expect(firsts.filter((cell) => cell.startsWith("`"))).toEqual(switches.map((name) => `\`${name}\``));
  });

  test.each(switches)("%s makes the difference that is written there, and it alone", async (name) => {
    const { off, on } = PROBES[name];
    expect(await seenWith(OFF, PROBES[name])).toEqual(off);
    expect(await seenWith({ ...OFF, [name]: true }, PROBES[name])).toEqual(on);
    const others = { illumosQuirks: true, linuxCloseRst: true, linuxShutdownRead: true, [name]: false };
    expect(await seenWith(others, PROBES[name])).toEqual(off);
  });

  test("lists every policy, ruling and difference, once, and no other", () => {
    const listed = firsts.filter((cell) => /^[PQD]\d+$/.test(cell));
    expect(listed.sort()).toEqual(IDS.filter((id) => /^[PQD]/.test(id)).sort());
  });

  test("names for each difference cases that show it", () => {
    for (const cells of rows.filter((row) => /^D\d+$/.test(row[1] ?? ""))) {
      const [, difference = ""] = cells;
      const named = (cells.at(-2) ?? "").split(" ");
      for (const id of named) expect(IDS).toContain(id);
      const showing = TABLE.filter(({ ids }) => ids.includes(difference)).flatMap(({ ids }) => ids);
      expect([difference, named.some((id) => showing.includes(id))]).toEqual([difference, true]);
    }
  });
});
