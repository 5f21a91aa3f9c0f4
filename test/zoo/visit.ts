import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Job, Sight } from "./job.ts";

/** The machine has two processors. */
const KEEPERS = 2;
/** A run takes milliseconds, and to load the houses a second; what takes so long on a busy machine goes round in circles. */
const PATIENCE_MS = 90_000;

const keeperFile = fileURLToPath(new URL("./keeper.js", import.meta.url));

const HUNG: Sight = { outcome: "", reasons: [], broken: [], doubtful: [], digest: "", trouble: "it hangs" };

/** Runs the jobs in two processes, and answers what came of each, in their order. */
export async function visit(jobs: readonly Job[]): Promise<readonly Sight[]> {
  const sights: Sight[] = [];
  const waiting = jobs.entries();
  await Promise.all(Array.from({ length: KEEPERS }, () => work(waiting, sights)));
  return sights;
}

async function work(waiting: Iterator<[number, Job]>, sights: Sight[]): Promise<void> {
  let keeper: ChildProcess | undefined;
  for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
    const [at, job] = next.value;
    keeper ??= fork(keeperFile, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const seen = await ask(keeper, job);
    sights[at] = seen ?? HUNG;
    if (seen !== undefined) continue;
    keeper.kill("SIGKILL");
    keeper = undefined;
  }
  keeper?.kill();
}

/** What the keeper saw; undefined: it hangs, or is gone. */
async function ask(keeper: ChildProcess, job: Job): Promise<Sight | undefined> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const gone = new AbortController();
  const signal = AbortSignal.any([patience, gone.signal]);
  const onExit = (): void => gone.abort();
  keeper.once("exit", onExit);
  keeper.send(job);
  try {
    const [sight] = (await once(keeper, "message", { signal })) as [Sight];
    return sight;
  } catch {
    return undefined;
  } finally {
    keeper.off("exit", onExit);
  }
}
