import { describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROFILES, type Profile } from "../../services/abi/profile.ts";
import { root } from "../tidy/sources.ts";
import type { Hunt } from "./hunt.ts";

const RUNS = 10_000;
/** So many processes hunt at the same time. */
const PROCESSES = 2;

/** Hunts in a process of its own. */
function huntApart(from: number, count: number, profile: Profile): Promise<Hunt & { readonly rejected?: string }> {
  return new Promise((resolve, reject) => {
    const script = join(root, "dist/test/hunt/random-worker.js");
    const child = spawn(process.execPath, [script, String(from), String(count), profile], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(parts).toString()) as Hunt);
      else
        reject(
          new Error(`the hunt from seed ${from} ended with ${code ?? "a signal"}, which says that a run never ended`),
        );
    });
  });
}

describe.each(PROFILES)("random experiments with random faults, %s", (profile) => {
  test("break no rule in ten thousand runs", async () => {
    const startMs = Date.now();
    const share = RUNS / PROCESSES;
    const first = profile === "documented" ? 1 : 1 + RUNS;
    const hunts = await Promise.all(
      Array.from({ length: PROCESSES }, (_, i) => huntApart(first + i * share, share, profile)),
    );
    const finds = hunts.flatMap((one) => one.finds);
    const alarms = finds.filter(({ what }) => !["broken", "stuck", "not the same twice"].includes(what));
    const events = hunts.reduce((sum, one) => sum + one.events, 0);
    const triggered = new Set(hunts.flatMap((one) => Object.keys(one.triggered)));
    const runsPerSecond = Math.round((1000 * RUNS) / (Date.now() - startMs));
    // With no alarm in n runs, the share of runs with one is below 3/n with 95 % confidence.
    const bound = alarms.length === 0 ? `at most ${((100 * 3) / RUNS).toFixed(2)} % of runs (95 %)` : "";
    process.stdout.write(
      `${profile}: ${RUNS} runs, ${events} events, ${hunts[0]?.rules ?? 0} rules of which ${triggered.size} were triggered, ${alarms.length} alarms ${bound}, ${runsPerSecond} runs/s\n`,
    );
    for (const { seed, what, text, minimal } of finds)
      process.stdout.write(`${what}, seed ${seed}, ${profile}: ${text}\n${minimal ?? ""}\n`);
    expect(hunts.flatMap(({ rejected }) => rejected ?? [])).toEqual([]);
    expect(finds.map(({ seed, what }) => `seed ${seed}: ${what}`)).toEqual([]);
  }, 7_200_000);
});
