import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { running, tenon, tenonAlone, tenonWith } from "./tenon.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(["embedded", "distributed"])("tenon up --runtime %s", (runtime) => {
  test("--once runs the tour and exits with its verdict", async () => {
    const ran = await tenonAlone(
      "up",
      "--runtime",
      runtime,
      "--control",
      `unix:${join(folder, `${runtime}-once.sock`)}`,
      "--once",
    );
    expect(ran.stderr).toBe("");
    for (const sign of ["install_inband_fd", "files.file_lock", "slow-core", "-ENOMEM", "fd_unreserve", "PASS"])
      expect(ran.stdout).toContain(sign);
    expect(ran.code).toBe(0);
  }, 120_000);

  test("a running kernel can be looked at and broken from a second terminal, and stops on Ctrl-C", async () => {
    const control = `unix:${join(folder, `${runtime}.sock`)}`;
    const kernel = running("up", "--runtime", runtime, "--control", control, "--tour");
    await kernel.says("PASS");

    const follower = running("trace", "--control", control, "--json");
    const files = await tenon("lsof", "--control", control, "--json");
    expect(files).toMatchObject({ code: 0, stderr: "" });
    const tasks = await tenon("ps", "--control", control, "--json");
    expect(tasks).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(tasks.stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ task: "app", node: "alpha", own: false, gone: false })]),
    );
    const armed = await tenon("fault", "arm", "sys_spawn: delay(1ms)", "--control", control, "--id", "slow");
    expect(armed).toMatchObject({ code: 0, stderr: "" });
    expect((await tenon("fault", "list", "--control", control)).stdout).toContain("slow");

    const refused = await tenon("fault", "arm", "install_inband_fd: refuse(ENOMEM)", "--control", control);
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stderr).toMatch(/cannot refuse/);
    expect(await tenon("fault", "disarm", "slow", "--control", control)).toMatchObject({ code: 0 });
    expect(await tenon("fault", "disarm", "slow", "--control", control)).toMatchObject({ code: 3 });

    const taken = await tenon("up", "--control", control);
    expect(taken.code).toBe(3);
    expect(taken.stderr).toMatch(/another kernel/);
    expect(taken.stderr.trimEnd().split("\n")).toHaveLength(1);

    expect((await follower.stop()).code).toBe(0);
    const ended = await kernel.stop();
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect((await tenon("lsof", "--control", control)).stderr).toMatch(/nothing runs at/);
  }, 240_000);
});

test("the usual control socket is not put into a folder that others may enter", async () => {
  const theirs = join(folder, `tenon-${process.getuid?.() ?? "user"}`);
  await mkdir(theirs);
  await chmod(theirs, 0o777);
  const ran = await tenonWith({ TMPDIR: folder }, "up", "--once");
  expect(ran).toMatchObject({ code: 3, stdout: "" });
  expect(ran.stderr).toMatch(/is not this user's alone; .*--control/);
  await chmod(theirs, 0o700);
  expect(await tenonWith({ TMPDIR: folder }, "up", "--once")).toMatchObject({ code: 0, stderr: "" });
}, 120_000);

test("a benchmark that is stopped says so, and is no failure of Tenon", async () => {
  const bench = running("bench", "hooks", "--seconds", "30");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const ran = await bench.stop();
  expect(ran).toMatchObject({ code: 2, stderr: "" });
  expect(ran.stdout).toContain("stopped before");
}, 240_000);
