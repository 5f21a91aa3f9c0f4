import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../services/runtimes/main.js", import.meta.url));
const PLACES = [
  ...["alpha", "beta"].flatMap((node) => ["vfs", "inband", "companion", "nic"].map((house) => `${node}/${house}`)),
  "lan/switch",
];

/** Processes of `tenon serve` that are kept running, as an engine keeps containers. */
export interface FleetProcesses {
  readonly folder: string;
  /** The places file. */
  readonly file: string;
  /** Kills a place; it is started again. Resolves when the new one waits. */
  kill(place: string): Promise<void>;
  /** Ends one in good order, for good. Resolves with its exit code. */
  terminate(place: string): Promise<number | null>;
  close(): Promise<void>;
}

/** Starts the places of the default world on this machine; resolves when all of them wait. */
export async function startFleet(): Promise<FleetProcesses> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-fleet-"));
  const children = new Map<string, ChildProcess>();
  const waits = new Map<string, () => void>();
  let closing = false;
  const addressOf = (place: string): string => `unix:${join(folder, `${PLACES.indexOf(place)}.sock`)}`;

  function start(place: string): void {
    const shm = join(folder, place.split("/")[0] ?? "");
    const child = spawn(process.execPath, [MAIN, "serve", "--listen", addressOf(place), "--shm", shm], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] },
    });
    children.set(place, child);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("waits at")) waits.get(place)?.();
    });
    child.once("exit", (_code, signal) => {
      if (signal === "SIGKILL" && !closing) start(place);
    });
  }

  const waiting = (place: string): Promise<void> => new Promise((resolve) => waits.set(place, resolve));
  const all = Promise.all(PLACES.map(waiting));
  for (const place of PLACES) start(place);
  await all;
  const file = join(folder, "places.yaml");
  await writeFile(file, `places:\n${PLACES.map((place) => `  ${place}: { far: "${addressOf(place)}" }\n`).join("")}`);
  const gone = (child: ChildProcess | undefined): Promise<number | null> =>
    child === undefined || child.exitCode !== null
      ? Promise.resolve(child?.exitCode ?? null)
      : new Promise((resolve) => child.once("exit", resolve));
  return {
    folder,
    file,
    async kill(place) {
      const again = waiting(place);
      children.get(place)?.kill("SIGKILL");
      await again;
    },
    terminate(place) {
      const child = children.get(place);
      child?.kill("SIGTERM");
      return gone(child);
    },
    async close() {
      closing = true;
      for (const child of children.values()) child.kill("SIGKILL");
      await Promise.all([...children.values()].map(gone));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
