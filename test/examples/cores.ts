import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunReport } from "../../services/cli/backend.ts";
import { run } from "../../services/runtimes/backend/run.ts";
import { shipped } from "../lab/written.ts";

/** Debian's python3-grpcio is for Debian's own python3. */
export const PYTHON = ["/usr/bin/python3", "python3"].find(
  (python) => spawnSync(python, ["-c", "import grpc, google.protobuf"]).status === 0,
);

/** Why the Python core cannot be tested here; undefined when it can. */
export const whyNoPython =
  PYTHON === undefined
    ? "skipped: there is no grpcio for python3 here (Debian: apt install python3-grpcio)"
    : undefined;

/** A core that ships as an example, in a process of its own. */
export interface ExampleCore {
  readonly address: string;
  /** Runs an experiment that ships, in the embedded runtime, with the core on its node. */
  run(file: string, profile: "documented" | "as-implemented"): Promise<RunReport>;
  /** Kills it. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const COMMANDS = {
  python: [PYTHON ?? "python3", "examples/core-python/core.py"],
  typescript: [process.execPath, "dist/examples/core-typescript/core.js"],
} as const;

/** Starts a core as its README says. @param at where; absent: a socket of its own. */
export async function startCore(language: keyof typeof COMMANDS, at?: string): Promise<ExampleCore> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-example-"));
  const address = at ?? `unix:${join(folder, "core.sock")}`;
  const [command, ...args] = COMMANDS[language];
  const child = spawn(command, [...args, address], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) =>
      reject(new Error(`the ${language} core ended with ${String(code)} before it listened`)),
    );
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    address,
    async run(file, profile) {
      const stop = new AbortController().signal;
      const ran = await run(shipped(file), { file, runtime: "embedded", profile, core: [address], stop });
      if (!ran.ok) throw new Error(ran.trouble.lines.join("\n"));
      return ran.value;
    },
    kill,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a report says, in short: the verdict, and why. */
export const verdictOf = ({ name, verdict, why }: RunReport): string =>
  verdict === "pass" ? `${name} passes` : `${name}: ${verdict}: ${why}`;
