import { fork, spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll } from "@jest/globals";

/** What a run of the command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the process of verbs-process.ts is asked, and what it answers. */
export interface Asked {
  readonly id: number;
  readonly argv: readonly string[];
}
export interface Answered {
  readonly id: number;
  readonly ran: Ran;
}

const MAIN = fileURLToPath(new URL("../../services/runtimes/main.js", import.meta.url));
const VERBS = fileURLToPath(new URL("./verbs-process.js", import.meta.url));

let verbs: ChildProcess | undefined;
let asked = 0;
afterAll(() => verbs?.disconnect());

/**
 * Has `tenon` do something, as the main of its process does, in a process that all such requests of a test file share: half a
 * dozen short verbs need no half a dozen processes.
 */
export function tenon(...argv: readonly string[]): Promise<Ran> {
  const child = (verbs ??= fork(VERBS, { env: { PATH: process.env["PATH"], NO_COLOR: "1" } }));
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const heard = (answer: Answered): void => {
      if (answer.id !== id) return;
      child.off("message", heard).off("exit", ended);
      resolve(answer.ran);
    };
    const ended = (code: number | null): void => reject(new Error(`it ended with ${code} during ${argv.join(" ")}`));
    child.on("message", heard).on("exit", ended);
    child.send({ id, argv } satisfies Asked);
  });
}

/** A run that goes on until it is stopped. */
export interface Running {
  /** Resolves with what it has said so far, once that contains the text. */
  says(text: string): Promise<string>;
  /** Stops it as Ctrl-C does; resolves when it has ended. */
  stop(): Promise<Ran>;
}

/** Starts `tenon` and lets it run. */
export function running(...argv: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
  });
  let stdout = "";
  let stderr = "";
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const one of looks) one();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        const one = (): void => {
          if (!stdout.includes(text)) return;
          looks.delete(one);
          resolve(stdout);
        };
        looks.add(one);
        one();
        void closed.then((code) => reject(new Error(`ended with ${code} before it said ${text}: ${stdout}${stderr}`)));
      }),
    async stop() {
      child.kill("SIGINT");
      return { code: await closed, stdout, stderr };
    },
  };
}

/** Runs `tenon` as a user does, in a process of its own without a terminal. */
export const tenonAlone = (...argv: readonly string[]): Promise<Ran> => tenonWith({}, ...argv);

/** The same, with more in its environment. */
export function tenonWith(more: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], NO_COLOR: "1", ...more },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
