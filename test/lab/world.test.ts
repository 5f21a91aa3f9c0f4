import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { PAIR, SINGLE } from "../../services/abi/topology.ts";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { readExperiment } from "../../services/lab/load/load.ts";
import { loadWorld, readWorld, type LoadedWorld } from "../../services/lab/load/world.ts";
import { worldJsonSchema } from "../../services/lab/schema/json-schema.ts";
import { root } from "../tidy/sources.ts";
import { complaints, experimentOf, sample, textOf } from "./written.ts";

const HEAD = "apiVersion: tenon/v1alpha1\nkind: World\nspec:\n";
const complaintsOf = (loaded: LoadedWorld): string[] => (loaded.ok ? [] : loaded.errors.map(formatLoadError));
const of = (spec: string): string[] => complaintsOf(loadWorld(HEAD + spec, "w.yaml"));
const nic = (more: string): string => `  nodes: { a: { nics: [{ name: eth0, driver: stock, wire: none${more} }] } }\n`;

const SHIPPED = readdirSync(join(root, "experiments/worlds")).map((file) => `experiments/worlds/${file}`);

describe("the worlds that people start from", () => {
  test.each(SHIPPED)("%s is read, is accepted by the schema that it names, and has two nodes", (file) => {
    const loaded = loadWorld(textOf(file), file);
    expect(complaintsOf(loaded)).toEqual([]);
    expect(loaded.ok && loaded.topology.nodes.map(({ name }) => name)).toEqual(["alpha", "beta"]);
    expect(new Ajv({ strict: false }).compile(worldJsonSchema())(parse(textOf(file)))).toBe(true);
    expect(textOf(file).split("\n")[0]).toBe("# yaml-language-server: $schema=../world.schema.json");
  });

  test("pair.yaml is what pair means", () => {
    const file = "experiments/worlds/pair.yaml";
    expect(loadWorld(textOf(file), file)).toEqual({ ok: true, topology: PAIR });
  });

  test("the schema that is committed is the one that the format makes (node experiments/write-schema.mjs)", () => {
    expect(JSON.parse(textOf("experiments/world.schema.json"))).toEqual(worldJsonSchema());
  });
});

describe("the files of a world", () => {
  const files = (a: string, b: string): string[] =>
    of(`  nodes:
    a: { nics: [{ name: eth0, driver: stock, wire: none${a} }] }
    b: { nics: [{ name: eth0, driver: stock, wire: none${b} }] }
`);

  test("are written by one NIC each: whoever names one again is told who has it, in one line", () => {
    expect(files(", capture: out/a.pcapng", ", capture: out/b.pcapng")).toEqual([]);
    expect(files(", capture: /a.pcapng", ", capture: a.pcapng")).toEqual([]);
    for (const same of ["out/a.pcapng", "./out/a.pcapng", "out//a.pcapng", "out/./a.pcapng"]) {
      const [problem = "", ...more] = files(", capture: out/a.pcapng", `, capture: ${same}`);
      expect(more).toEqual([]);
      expect(problem).toContain(`found ${same}, which eth0 of a writes, allowed is a file that no other NIC writes`);
      expect(problem).not.toContain("\n");
    }
  });

  test("are not written while they are read", () => {
    expect(files(", capture: x.pcap, replay: x.pcap", "")).toHaveLength(1);
  });
});

describe("a world that is right", () => {
  test("gets link addresses by node and NIC, and what else it leaves out", () => {
    const loaded = loadWorld(
      `${HEAD}  nodes:
    a: { nics: [{ name: eth0, driver: stock, wire: loopback }, { name: eth1, driver: stock, wire: none, replay: in.pcap }] }
    b: { config: { NET_OOB: false }, ksock: { linuxCloseRst: true }, routes: [{ destination: default, gateway: 10.0.0.9, dev: lo }] }
`,
      "worlds/w.yaml",
    );
    expect(loaded).toMatchObject({
      topology: {
        nodes: [
          {
            netOob: true,
            nics: [
              { mac: "02:00:00:00:00:01", mtu: 1500, wire: "loopback", netem: "", capture: "", replay: "" },
              { mac: "02:00:00:00:01:01", wire: "", replay: "worlds/in.pcap" },
            ],
          },
          {
            netOob: false,
            ksock: { illumosQuirks: false, linuxCloseRst: true, linuxShutdownRead: false },
            nics: [],
            routes: [{ destination: "0.0.0.0/0", gateway: "10.0.0.9", dev: "lo", metric: 0 }],
          },
        ],
        switches: [],
      },
    });
  });
});

describe("a world that is wrong is told in one line for each mistake, with its place", () => {
  test.each([
    ["  nodes: {}\n", "w.yaml:4:10: spec.nodes: found 0 nodes, allowed is from 1 to 255 of them"],
    ["  nodes: { 7up: {} }\n", /spec\.nodes\.7up: found the node 7up, allowed is a name of letters/],
    [nic(", mac: 03:00:00:00:00:01"), /mac: found 03:00:00:00:00:01, allowed is a link address of one station/],
    [nic(", mtu: 20"), /mtu: found 20, allowed is a whole number of bytes from 68/],
    [nic(", speed: 10"), /found the unknown key speed, allowed is a NIC with name, driver, wire/],
    [
      "  nodes: { a: { nics: [{ name: eth0, driver: oob, wire: none }] } }\n",
      /driver: found oob, allowed is one of oob-capable, stock/,
    ],
    [
      "  nodes: { a: { nics: [{ name: eth0, driver: stock, wire: lam }] } }\n  switches: [lan]\n",
      /w\.yaml:4:\d+: .*wire: found lam, allowed is one of lan, loopback, none; did you mean lan\?/,
    ],
    [
      "  nodes: { a: {} }\n  switches: [lan, lan]\n",
      /switches\[1\]: found lan, allowed is a name that no other wire has/,
    ],
    ["  nodes: { a: {} }\n  switches: [loopback]\n", /switches\[0\]: found loopback/],
    [
      "  nodes: { a: { vlans: [{ name: eth0.2, dev: eth0, id: 2 }] } }\n",
      /vlans\[0\]\.dev: found eth0, allowed is a NIC of the node: it has none/,
    ],
    [
      "  nodes: { a: { addresses: { eth0: [10.0.0.1/24] } } }\n",
      /addresses\.eth0: found eth0, allowed is a device of the node: lo/,
    ],
    ["  nodes: { a: { addresses: { lo: [10.0.0.256/24] } } }\n", /addresses\.lo\[0\]: found 10\.0\.0\.256\/24/],
    [
      "  nodes: { a: { addresses: { lo: [10.0.0.1] } } }\n",
      /found 10\.0\.0\.1, allowed is an address with the length of its network/,
    ],
    [
      "  nodes: { a: { addresses: { lo: [10.0.0.1/24, 10.0.0.1/8] } } }\n",
      /addresses\.lo\[1\]: found 10\.0\.0\.1\/8, allowed is an address that the node has once/,
    ],
    [
      "  nodes: { a: { routes: [{ destination: 10.0.0.0/33, dev: eth9 }] } }\n",
      /routes\[0\]\.destination: found 10\.0\.0\.0\/33/,
    ],
  ])("%j", (spec, says) => {
    expect(of(spec)[0]).toMatch(says);
  });

  test("two NICs with one link address, though on two nodes", () => {
    const one = `{ nics: [{ name: eth0, driver: stock, wire: none, mac: "02:00:00:00:00:09" }] }`;
    expect(of(`  nodes: { a: ${one}, b: ${one} }\n`)[0]).toMatch(/found 02:00:00:00:00:09, which eth0 of a has/);
  });

  test("another kind of file", () => {
    expect(complaintsOf(loadWorld(textOf("experiments/tour.yaml"), "t.yaml"))[0]).toMatch(
      /kind: found Experiment, allowed is World/,
    );
  });
});

describe("the world of an experiment", () => {
  const EXEC = "  workload: [{ task: app, call: exec }]\n";

  test("is one node without it, pair by name, or written out", () => {
    expect(experimentOf(EXEC).topology).toBe(SINGLE);
    expect(experimentOf(`  world: pair\n${EXEC}`).topology).toBe(PAIR);
    const inline = experimentOf(`  world: { nodes: { x: {}, y: {} } }\n${EXEC}`);
    expect(inline.topology.nodes.map(({ name }) => name)).toEqual(["x", "y"]);
  });

  test("written out with a mistake is told where it stands in the experiment", () => {
    expect(
      complaints(`  world: { nodes: { x: { nics: [{ name: lo, driver: stock, wire: none }] } } }\n${EXEC}`),
    ).toEqual([
      "1:41: spec.world.nodes.x.nics[0].name: found lo, allowed is a name that no other device of the node has",
    ]);
  });

  const files: Readonly<Record<string, string>> = {
    "net/x.yaml": sample(`  world: ../worlds/w.yaml\n${EXEC}`),
    "net/typo.yaml": sample(`  world: pai\n${EXEC}`),
    "net/../worlds/w.yaml": `${HEAD}  nodes: { a: {}, b: {} }\n`,
    "bad.yaml": sample(`  world: broken.yaml\n${EXEC}`),
    "broken.yaml": `${HEAD}  nodes: { a: { nic: [] } }\n`,
  };
  const read = async (file: string) =>
    files[file] === undefined
      ? ({ ok: false, reason: "no such file" } as const)
      : ({ ok: true, text: files[file] } as const);

  test("may be a file, found from where the experiment stands", async () => {
    const loaded = await readExperiment("net/x.yaml", read);
    expect(loaded.ok && loaded.experiment.topology.nodes.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("that is no file and no name is told with what may be meant", async () => {
    const loaded = await readExperiment("net/typo.yaml", read);
    expect(loaded.ok ? [] : loaded.errors.map(formatLoadError)).toEqual([
      "net/typo.yaml:6:10: spec.world: found pai, which is no such file, allowed is pair, single, or the path of a world file; did you mean pair?",
    ]);
    expect(await readWorld("nowhere.yaml", read)).toMatchObject({ ok: false });
  });

  test("in a file that is broken is told where it is broken", async () => {
    const loaded = await readExperiment("bad.yaml", read);
    expect(loaded.ok ? [] : loaded.errors.map(formatLoadError)).toEqual([
      expect.stringMatching(
        /^broken\.yaml:4:\d+: spec\.nodes\.a\.nic: found the unknown key nic, .*did you mean nics\?$/,
      ),
    ]);
  });
});

describe("tasks on nodes", () => {
  const inPair = (...steps: string[]): string =>
    `  world: pair\n  workload:\n${steps.map((step) => `    - ${step}\n`).join("")}`;

  test("a task of the first node is the same one with its node and without", () => {
    const { steps } = experimentOf(
      inPair("{ task: app@alpha, call: exec }", "{ task: app, call: exec }", "{ task: app@beta, call: exec }"),
    );
    expect(steps.map((step) => step.t === "call" && step.task)).toEqual(["app", "app", "app@beta"]);
  });

  test("a node that is not in the world is told, as is one of a fault", () => {
    expect(complaints(inPair("{ task: app@bata, call: exec }"))).toEqual([
      "3:15: spec.workload[0].task: found app@bata, allowed is a node of the experiment's world (alpha, beta); did you mean beta?",
    ]);
    const fault =
      "  faults: [{ id: f, point: sys_exec, match: { node: gamma }, select: { nth: 1 }, effect: { duplicate: true } }]\n";
    expect(complaints(inPair("{ task: app, call: exec }") + fault)).toEqual([
      expect.stringMatching(/spec\.faults\[0\]\.match\.node: found gamma, allowed is a node of the experiment's world/),
    ]);
    expect(complaints("  workload: [{ task: app@beta, call: exec }]\n")[0]).toMatch(/found app@beta, .*\(alpha\)/);
    expect(complaints("  workload: [{ task: app@, call: exec }]\n")[0]).toMatch(
      /allowed is the name of a task, such as app, or with its node/,
    );
  });

  test("a child lives where its parent does, and its name is free on other nodes", () => {
    const fork = (task: string): string => `{ task: ${task}, call: fork, with: { child: kid, flags: 0 } }`;
    expect(complaints(inPair(fork("app@beta"), "{ task: kid@beta, call: exec }", fork("app")))).toEqual([]);
    expect(complaints(inPair(fork("app@beta"), fork("other@beta")))[0]).toMatch(
      /found kid, allowed is a name that no task has yet/,
    );
  });
});
