import { describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { lanesOf } from "../../services/report/diagram/lanes.ts";
import { rowsOf } from "../../services/report/diagram/rows.ts";
import { stretchesOf } from "../../services/report/diagram/windows.ts";
import { renderRun } from "../../services/report/render.ts";
import { madeOf } from "./made.ts";

const made = await madeOf("experiments/sockets/bind-refused.yaml");
const crashed = await madeOf("experiments/faults/core-crashes-at-bind.yaml");
const bad = await madeOf("experiments/mutants/frees-at-release.yaml");

const pageOf = (run: typeof made): string => [...renderRun(run).files.values()][0] ?? "";

describe("lanes", () => {
  test("each service of each node has two, in-band before out-of-band, and nothing lies on anything", () => {
    const { services, width } = lanesOf(crashed.events);
    expect(services.map(({ node, place }) => `${node}/${place}`).slice(0, 4)).toEqual([
      "alpha/task app",
      "alpha/vfs",
      "alpha/inband",
      "alpha/companion",
    ]);
    expect(services.some(({ node }) => node === "beta")).toBe(true);
    const xs = services.flatMap(({ inband, oob }) => [inband.x, oob.x]);
    expect([...xs].sort((a, b) => a - b)).toEqual(xs);
    expect(Math.max(...xs)).toBeLessThan(width);
  });

  test("an event stands on the lane of its stage, and what became of a place on that place's", () => {
    const { services, xOf } = lanesOf(crashed.events);
    const core = services.find(({ node, place }) => node === "alpha" && place === "companion");
    const down = crashed.events.find(({ point }) => point === "place_down");
    expect(down?.service).toBe("task");
    expect(down && xOf(down)).toBe(core?.inband.x);
    const [event] = crashed.events.filter(({ service, node }) => service === "companion" && node === "alpha");
    expect(event && xOf({ ...event, stage: "oob" })).toBe(core?.oob.x);
  });
});

describe("rows", () => {
  test("every event stands on exactly one, in the order of the trace", () => {
    expect(rowsOf(made.events).flatMap(({ events }) => events)).toEqual(made.events);
  });

  test("a call and its arrival are one arrow where nothing came in between", () => {
    const [spawn] = rowsOf(made.events);
    expect(spawn?.events.map(({ service }) => service)).toEqual(["task", "vfs"]);
    expect(spawn).toMatchObject({ t: "call", label: "sys_spawn(name=app)" });
    expect(spawn?.to?.service).toBe("vfs");
  });

  test("a call that a fault answered is heard by nobody, and the answer bears the bolt", () => {
    const rows = rowsOf(made.events);
    const at = rows.findIndex(({ fault }) => fault === "no-memory");
    expect(rows[at]).toMatchObject({ t: "return", label: "sock_oob_bind = -ENOMEM", failed: true });
    expect(rows[at - 1]).toMatchObject({ t: "call", unheard: true });
  });

  test("a frame's way from NIC to NIC is an arrow", async () => {
    const { events } = await madeOf("experiments/net/udp-two-nodes.yaml");
    const arrows = rowsOf(events).filter(({ from, to }) => from?.point === "frame_send" && to !== undefined);
    expect(arrows.some(({ from, to }) => from?.node === "alpha" && to?.node === "beta")).toBe(true);
  });
});

describe("windows", () => {
  const long = Array.from({ length: 40 }, (_, nth) =>
    made.events.map((event): TraceEvent => ({
      ...event,
      span: event.span + nth * 1e6,
      parent: event.parent && event.parent + nth * 1e6,
    })),
  ).flat();
  const quiet = long.map(({ fault: _, ...event }): TraceEvent => event);

  test("a short run is shown whole", () => {
    expect(stretchesOf(rowsOf(made.events), new Set()).map(({ t }) => t)).toEqual(["shown"]);
  });

  test("of a long run what stands around faults and witnesses is shown, the rest is folded and none is lost", () => {
    const rows = rowsOf(quiet);
    const witness = rows[700]?.events[0];
    const stretches = stretchesOf(rows, new Set(witness === undefined ? [] : [witness]));
    expect(stretches.map(({ t }) => t)).toEqual(["folded", "shown", "folded"]);
    expect(stretches.flatMap((one) => one.rows)).toEqual(rows);
    expect(stretches[1]?.rows.length).toBeLessThan(20);
  });

  test("of one where nothing stands out the beginning and the end are shown; a rule that struck often has few windows", () => {
    expect(
      stretchesOf(rowsOf(quiet), new Set()).map(({ t, rows }) => `${t} ${rows.length > 50 ? "many" : "few"}`),
    ).toEqual(["shown few", "folded many", "shown few"]);
    const shown = stretchesOf(rowsOf(long), new Set()).filter(({ t }) => t === "shown");
    expect(shown.length).toBeLessThanOrEqual(12);
  });

  test("what is folded can be opened, and says how much it is", () => {
    const html = pageOf({ ...made, events: long, faultFree: { t: "none", why: "" } });
    const links = [...html.matchAll(/href="#(fold-\d+)"/g)].map(([, id]) => id ?? "");
    expect(links.length).toBeGreaterThan(1);
    for (const id of links) expect(html).toContain(`<summary id="${id}">`);
    expect(html).toMatch(/⋯ \d+ events folded; open them below/);
    expect(html.length).toBeLessThan(3e6);
  });
});

describe("the picture", () => {
  test("marks the fault with a bolt, the loss with a cross, and says the same as text", () => {
    const html = pageOf(crashed);
    expect(html).toContain('class="bolt"');
    expect(html).toContain("fault killed struck here");
    expect(html).toContain('class="cross"');
    expect(html).toContain("The same as text");
    expect(html).toMatch(/<svg class="lanes"[^>]*role="img" aria-label="[^"]+"/);
  });

  test("draws the broken order from its first event to its second", () => {
    const html = pageOf(bad);
    const drawn = /<g class="broken"><path d="M([\d.]+) ([\d.]+) C[^"]*? ([\d.]+) ([\d.]+)"/.exec(html);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = (drawn ?? []).slice(1).map(Number);
    expect(y2).toBeGreaterThan(y1);
    const dots = [...html.matchAll(/<circle class="dot" cx="([\d.]+)" cy="([\d.]+)"/g)].map(
      ([, x, y]) => `${x ?? ""} ${y ?? ""}`,
    );
    expect(dots).toContain(`${x1} ${y1}`);
    expect(dots).toContain(`${x2} ${y2}`);
    expect(html).toContain("this order is wrong");
  });
});
