import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashFraction } from "../../services/abi/hash.ts";
import { root } from "../tidy/sources.ts";
import { docker, findEngine } from "./engine.ts";
import { createStack, PLACES, type Stack } from "./stack.ts";

const engine = await findEngine(readFileSync(join(root, "docker-compose.yml"), "utf8"));
const SECONDS = Number(process.env["TENON_SOAK_SECONDS"] ?? 600);
/** Of what happens to whom, and when; how the machine answers is its own business. */
const SEED = process.env["TENON_SOAK_SEED"] ?? "1";
const SETTLED_WITHIN_S = 90;
const HOUSE_MAX_BYTES = 120e6;

const draw = (what: string, n: number): number => hashFraction(`${SEED} ${what} ${n}`);
const pick = <T>(of: readonly T[], what: string, n: number): T => {
  const one = of[Math.floor(draw(what, n) * of.length)];
  if (one === undefined) throw new Error(`nothing to pick from: ${what}`);
  return one;
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Two nodes and their network, one node, faults of hooks, a device that blocks. */
const EXPERIMENTS = [
  "experiments/tour.yaml",
  "experiments/net/two-drivers.yaml",
  "experiments/net/udp-two-nodes.yaml",
  "experiments/net/icmp-echo.yaml",
  "experiments/files/lost-reply.yaml",
  "experiments/files/close-with-reader.yaml",
  "experiments/sockets/attach.yaml",
];
/** The houses are hit twice as often as the control service, which takes its world along. */
const VICTIMS = [...PLACES, ...PLACES, "control"];

if (!engine.ok) {
  test.skip(`the soak of the stack in containers: skipped, ${engine.why}`, () => undefined);
} else {
  describe(`${SECONDS} s in which containers are killed and paused at random, seed ${SEED}`, () => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await createStack(engine, "tenon-test-soak");
      await stack.up();
    }, 900_000);
    afterAll(() => stack.down(), 120_000);

    /** Does something to a container; afterwards it runs, or the engine is about to start it. */
    async function hit(n: number): Promise<string> {
      const victim = pick(VICTIMS, "victim", n);
      const name = stack.container(victim);
      const what = pick(["crash", "kill", "pause"] as const, "what", n);
      if (what === "crash") {
        await stack.crash(victim);
      } else if (what === "kill") {
        await docker(["kill", name]);
        await sleep(200 + 2_000 * draw("down", n));
        await docker(["start", name]);
      } else {
        await docker(["pause", name]);
        await sleep(200 + 4_000 * draw("paused", n));
        await docker(["unpause", name]);
      }
      return `${what} ${victim}`;
    }

    test(
      "nothing hangs, and the stack is as it was when it is over",
      async () => {
        const untilMs = performance.now() + SECONDS * 1000;
        const hits: string[] = [];
        const ends = new Map<string, number>();
        const hung: string[] = [];
        const unclear: string[] = [];

        async function chaos(): Promise<void> {
          for (let n = 0; performance.now() < untilMs; n++) {
            await sleep(1_000 + 6_000 * draw("calm", n));
            hits.push(await hit(n));
          }
        }
        async function traffic(): Promise<void> {
          for (let n = 0; performance.now() < untilMs; n++) {
            const file = pick(EXPERIMENTS, "experiment", n);
            const ran = await stack.tenon(["run", file, "--quiet", "--profile", "documented"]);
            if (ran === undefined) {
              hung.push(`${file} during ${hits.slice(-2).join(", ")}`);
              continue;
            }
            const said = `${ran.out}${ran.err}`;
            const [, verdict = `exit code ${ran.code}`] = /^(PASS|FAIL|INCONCLUSIVE)\b/m.exec(said) ?? [];
            ends.set(verdict, (ends.get(verdict) ?? 0) + 1);
            if (!/PASS|FAIL|INCONCLUSIVE|tenon: /.test(said) || /^\s+at .*:\d+:\d+/m.test(said)) unclear.push(said);
          }
        }
        await Promise.all([chaos(), traffic()]);

        const settled = await stack.healthyWithin(SETTLED_WITHIN_S);
        const used = await stack.memory();
        process.stdout.write(
          `soak of ${SECONDS} s, seed ${SEED}: ${hits.length} hits, runs ended ${JSON.stringify(Object.fromEntries(ends))}, ` +
            `largest house ${Math.round(Math.max(...PLACES.map((place) => used.get(place) ?? 0)) / 1e6)} MB, ` +
            `control ${Math.round((used.get("control") ?? 0) / 1e6)} MB\n`,
        );
        expect(hung).toEqual([]);
        expect(unclear).toEqual([]);
        expect(settled).toBe(true);
        for (const place of PLACES)
          expect([place, (used.get(place) ?? Infinity) < HOUSE_MAX_BYTES]).toEqual([place, true]);
        const last = await stack.tenon(["run", "experiments/tour.yaml", "--quiet"]);
        expect(last?.code).toBe(0);
      },
      SECONDS * 1000 + 400_000,
    );
  });
}
