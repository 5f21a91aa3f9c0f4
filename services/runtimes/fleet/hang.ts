import { spawn } from "node:child_process";
import { once } from "node:events";

/** What is on its way out of the process when it is told to stop gets so long. */
const OUT_WITHIN_MS = 5;

/**
 * Stops this process with SIGSTOP for so long. It cannot wake itself, so a helper is started before that does. The process
 * must not be the first of its container: that one cannot be stopped from inside.
 *
 * @param before is called once the helper is there, before the process stops.
 */
export async function hang(forNs: number, before: () => void): Promise<void> {
  const seconds = (forNs / 1e9).toFixed(3);
  const helper = spawn("/bin/sh", ["-c", `sleep ${seconds}; kill -CONT ${process.pid}`], {
    detached: true,
    stdio: "ignore",
  });
  helper.unref();
  const started = await Promise.race([once(helper, "spawn").then(() => true), once(helper, "error").then(() => false)]);
  before();
  if (!started) return;
  await new Promise((resolve) => setTimeout(resolve, OUT_WITHIN_MS));
  process.kill(process.pid, "SIGSTOP");
}
