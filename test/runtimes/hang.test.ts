import { execFile } from "node:child_process";
import { expect, test } from "@jest/globals";
import { root } from "../tidy/sources.ts";

/** A process that stands still again and again, for a shorter time than its helper needs to start. */
const SCRIPT = `
  const { hang } = await import("./dist/services/runtimes/fleet/hang.js");
  for (let n = 0; n < 5; n++) {
    const went = performance.now();
    await hang(1e6, () => undefined);
    process.stdout.write(performance.now() - went >= 1 ? "on " : "early ");
  }`;

test("who stands still for a millisecond goes on, every time", async () => {
  const said = await new Promise<string>((resolve) => {
    const child = execFile(process.execPath, ["--input-type=module", "-e", SCRIPT], { cwd: root }, (error, out) =>
      resolve(`${out}${error?.message ?? ""}`),
    );
    // One that stands still for ever heeds no other signal.
    setTimeout(() => child.kill("SIGKILL"), 30_000).unref();
  });
  expect(said).toBe("on on on on on ");
});
