import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startFleet } from "./fleet.ts";
import { running, tenon } from "./tenon.ts";

test("places that run already bear one world after the other: experiments from every folder, and a place that is killed comes back", async () => {
  const fleet = await startFleet();
  const control = `unix:${join(fleet.folder, "control.sock")}`;
  const run = (...argv: readonly string[]) => tenon("run", ...argv, "--control", control);
  const kernel = running("up", "--runtime", "distributed", "--places", fleet.file, "--control", control);
  try {
    await kernel.says("control  ");
    const follower = running("trace", "--control", control);

    const toured = await run("experiments/tour.yaml", "--trace", join(fleet.folder, "tour.jsonl"));
    expect(toured).toMatchObject({ code: 0, stderr: "" });
    for (const sign of ["install_inband_fd", "files.file_lock", "slow-core", "PASS", "(documented, distributed, seed"])
      expect(toured.stdout).toContain(sign);
    expect(toured.stdout).toContain(`--control ${control}`);
    expect((await readFile(join(fleet.folder, "tour.jsonl"), "utf8")).split("\n").length).toBeGreaterThan(50);

    const several = [
      "experiments/files/install-lock.yaml",
      "experiments/sockets/no-net-oob.yaml",
      "experiments/net/two-drivers.yaml",
      "experiments/faults/core-crashes-at-bind.yaml",
    ];
    const ran = await run(...several, "--profile", "documented", "--json");
    expect(ran.stderr).toBe("");
    const told = JSON.parse(ran.stdout) as { verdict: string; runs: { name: string; why: string; runtime: string }[] };
    expect(told.runs.map(({ why, runtime }) => [why, runtime])).toEqual(several.map(() => ["", "distributed"]));
    expect(told.verdict).toBe("pass");

    // The default world is there in between, and what breaks in it comes back.
    expect(await tenon("fault", "arm", "sys_spawn: delay(1ms)", "--control", control, "--id", "slow")).toMatchObject({
      code: 0,
      stderr: "",
    });
    await fleet.kill("alpha/nic");
    await follower.says("place_up place=alpha/nic house=nic incarnation=2");
    expect((await tenon("fault", "list", "--control", control)).stdout).toContain("slow");

    const elsewhere = ["--world", "experiments/worlds/pair.yaml", "--profile", "documented", "--quiet"];
    expect(await run("experiments/files/install-lock.yaml", ...elsewhere)).toMatchObject({ code: 0, stderr: "" });
    expect((await follower.stop()).code).toBe(0);
    expect((await kernel.stop()).code).toBe(0);
    expect(await fleet.terminate("beta/vfs")).toBe(0);
  } finally {
    await kernel.stop().catch(() => undefined);
    await fleet.close();
  }
}, 240_000);

test("experiments run on a kernel of this process too, one at a time, and what is wrong with one is told in one line", async () => {
  const fleetless = `unix:/tmp/tenon-fleetless-${process.pid}.sock`;
  const kernel = running("up", "--control", fleetless);
  try {
    await kernel.says("control  ");
    const passed = await tenon("run", "experiments/tour.yaml", "--control", fleetless, "--quiet");
    expect(passed).toMatchObject({ code: 0, stderr: "" });
    expect(passed.stdout).toContain("embedded");
    const judged = await tenon("run", "experiments/steady/nothing-leaks.yaml", "--control", fleetless, "--json");
    expect(judged).toMatchObject({ code: 0, stderr: "" });
    expect(judged.stdout).toContain('"MINE-01"');

    const missing = await tenon(
      "run",
      "experiments/net/loopback-plug.yaml",
      "--world",
      "nowhere.yaml",
      "--control",
      fleetless,
    );
    expect(missing.code).toBe(3);
    const both = await tenon("run", "experiments/tour.yaml", "--control", fleetless, "--runtime", "embedded");
    expect(both.code).toBe(3);
    expect(both.stderr).toMatch(/--runtime is for a kernel of its own/);
    const nobody = await tenon("run", "experiments/tour.yaml", "--control", "unix:/no/such.sock");
    expect(nobody.code).toBe(3);
    expect(nobody.stderr.trimEnd().split("\n")).toHaveLength(1);
  } finally {
    await kernel.stop().catch(() => undefined);
  }
}, 120_000);
