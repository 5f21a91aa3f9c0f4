import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const SCRIPT = fileURLToPath(new URL("../../../../test/inband/linux/linux-kernel.py", import.meta.url));
/** Ports below those that Linux chooses from. */
const FIRST_PORT = 10_000;
const PORTS = 22_000;
const PER_SEQUENCE = 3;
/** So many sequences at the same time: they mostly sleep. */
const AT_ONCE = 16;

/** Why the kernel that runs cannot be asked; empty: it can. */
export function whyNoLinux(): string {
  if (process.platform !== "linux") return "this is no Linux";
  return spawnSync("python3", ["--version"]).status === 0 ? "" : "there is no python3";
}

/** A running kernel that sequences are made on. */
export interface LinuxKernel {
  /** Answers what each call of a sequence was told, which is made with so long a pause after each call. */
  play(sequence: readonly string[], settleMs: number): Promise<string[]>;
  stop(): void;
}

/** Starts the program that makes the calls. */
export function onLinux(): LinuxKernel {
  const peer = spawn("python3", [SCRIPT, String(AT_ONCE)], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map<number, (answers: string[]) => void>();
  let count = 0;
  createInterface({ input: peer.stdout }).on("line", (line) => {
    const { id, answers, error } = JSON.parse(line) as { id: number; answers: string[]; error?: string };
    if (error !== undefined) throw new Error(error);
    waiting.get(id)?.(answers);
    waiting.delete(id);
  });
  return {
    play: (calls, settleMs) =>
      new Promise((resolve) => {
        const id = count++;
        waiting.set(id, resolve);
        const base = FIRST_PORT + ((id * PER_SEQUENCE) % PORTS);
        peer.stdin.write(`${JSON.stringify({ id, calls, settleMs, base })}\n`);
      }),
    stop: () => void peer.stdin.end(),
  };
}
