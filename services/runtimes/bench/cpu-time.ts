import { readdirSync, readFileSync } from "node:fs";

/** CPU time of this process and all of its threads so far. */
export function ownCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** CPU time of another process and all of its threads so far; undefined where the system does not say it to the nanosecond. */
export function cpuNsOf(pid: number): number | undefined {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).reduce(
      (sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ", 1)[0]),
      0,
    );
  } catch {
    return undefined;
  }
}
