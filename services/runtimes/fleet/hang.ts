import { spawn } from "node:child_process";
import { once } from "node:events";

/** What is on its way out of the process when it is told to stop gets so long. */
const OUT_WITHIN_MS = 5;

/**
 * Waits until this process stands still, then for so long, and lets it go on. Nothing but the stop itself says when that time
 * begins: a signal to go on that came before it would be lost, and the process would stand still for ever.
 */
const wakes = (pid: number, seconds: string): string => `
while kill -0 ${pid}; do
  while read -r key state rest; do [ "$key" = State: ] && break; done < /proc/${pid}/status
  [ "$state" = T ] && break
  sleep 0.001
done
sleep ${seconds}
kill -CONT ${pid}`;

/**
 * Stops this process with SIGSTOP for so long. It cannot wake itself, so a helper is started before that does. The process
 * must not be the first of its container: that one cannot be stopped from inside.
 *
 * @param before is called once the helper is there, before the process stops.
 */
export async function hang(forNs: number, before: () => void): Promise<void> {
  const script = wakes(process.pid, (forNs / 1e9).toFixed(3));
  const helper = spawn("/bin/sh", ["-c", script], { detached: true, stdio: "ignore" });
  helper.unref();
  const started = await Promise.race([once(helper, "spawn").then(() => true), once(helper, "error").then(() => false)]);
  before();
  if (!started) return;
  await new Promise((resolve) => setTimeout(resolve, OUT_WITHIN_MS));
  process.kill(process.pid, "SIGSTOP");
}
