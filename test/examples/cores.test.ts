import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { O } from "../../services/abi/flags.ts";
import { createEmbeddedWorld } from "../../services/runtimes/embedded/world.ts";
import { startCore, verdictOf, whyNoPython, type ExampleCore } from "./cores.ts";

/** Of each part of a core one experiment; all of them are in cores.long.ts. */
const SOME = ["close-with-reader", "dup2-moves", "exec-cloexec", "hook-duplicated", "refusals", "open-called-twice"];
/** These need what the TypeScript core leaves out. */
const MORE = ["refusals", "open-called-twice"];

describe.each(["python", "typescript"] as const)("the core in %s that ships as an example", (language) => {
  const skipped = language === "python" ? whyNoPython : undefined;
  if (skipped !== undefined) {
    test.skip(skipped, () => undefined);
    return;
  }
  let core: ExampleCore;
  beforeAll(async () => {
    core = await startCore(language);
  });
  afterAll(() => core.stop());

  test.each(SOME.filter((name) => language === "python" || !MORE.includes(name)))(
    "boots a node and passes %s, judged by what it tells of itself",
    async (name) => {
      const report = await core.run(`experiments/files/${name}.yaml`, "documented");
      expect(verdictOf(report)).toBe(`${name} passes`);
      expect(report.rules.filter(({ untold }) => untold !== undefined)).toEqual([]);
      expect(report.rules.filter(({ verdict }) => verdict === "pass").length).toBeGreaterThan(100);
    },
    60_000,
  );
});

test("a core that dies is lost to its callers, who go on; when it is there again, it serves what is opened then", async () => {
  const first = await startCore("typescript");
  const world = await createEmbeddedWorld({ seed: 1n, profile: "documented", cores: { alpha: first.address } });
  const open = () => world.calls.sys_open(outermost("app", 1), { path: "/dev/oobecho", flags: O.O_RDWR });
  try {
    await world.calls.sys_spawn(outermost("app"), { name: "app" });
    expect(await open()).toMatchObject({ kind: "returned", value: { fd: 0 } });
    await first.kill();
    expect(await open()).toMatchObject({ kind: "refused", errno: "EIO" });
    const second = await startCore("typescript", first.address);
    try {
      let answer = await open();
      // grpc-js waits up to two seconds before it tries again.
      for (let i = 0; i < 100 && answer.kind !== "returned"; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        answer = await open();
      }
      expect(answer).toMatchObject({ kind: "returned", value: { fd: 1 } });
      const [files] = await world.listFiles();
      expect(files?.vfs.map(({ fd, oob_data }) => [fd, oob_data])).toEqual([
        [0, 1],
        [1, 1],
      ]);
    } finally {
      await second.stop();
    }
  } finally {
    await world.stop();
    await first.stop();
  }
}, 60_000);

test("the cores that ship know nothing of Tenon but its protos", () => {
  const sources = ["core", "hooks", "events"].map((name) =>
    readFileSync(`examples/core-typescript/${name}.ts`, "utf8"),
  );
  const imported = sources.flatMap((text) => [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from));
  expect([...new Set(imported)].sort()).toEqual([
    "./events.ts",
    "./hooks.ts",
    "@grpc/grpc-js",
    "@grpc/proto-loader",
    "node:fs",
    "node:net",
    "node:path",
  ]);
});
