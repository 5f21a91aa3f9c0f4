#!/usr/bin/env node
import { speaksUnicode, wantsColour, type Io } from "../cli/io.ts";
import { createProgram } from "../cli/program.ts";
import { keepDetails } from "./backend/files.ts";

/** A reader that has seen enough (`tenon run … | head`) is no failure. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 4));
}

/** What nobody caught: one line and a file, never a stack trace on the terminal. */
async function broke(error: unknown): Promise<never> {
  const said = error instanceof Error ? error.message : String(error);
  const file = await keepDetails(error).catch(() => undefined);
  process.stderr.write(
    `tenon: Tenon broke: ${said.split("\n")[0]}${file === undefined ? "" : ` (details: ${file})`}\n`,
  );
  process.exit(4);
}
process.on("uncaughtException", (error) => void broke(error));
process.on("unhandledRejection", (error) => void broke(error));

// A variable that is set to nothing, as compose files do it, says nothing.
for (const [name, value] of Object.entries(process.env))
  if (name.startsWith("TENON_") && value === "") Reflect.deleteProperty(process.env, name);

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Who asks twice does not want to wait for a clean end.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

/** Listens to the keyboard only while somebody wants to know. */
function onEnter(callback: () => void): () => void {
  process.stdin.on("data", callback).resume();
  return () => {
    process.stdin.off("data", callback).pause();
  };
}

const isTTY = process.stdout.isTTY && process.stderr.isTTY;
const io: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isTTY,
  columns: process.stdout.columns,
  colour: wantsColour(process.env, isTTY),
  unicode: speaksUnicode(process.env),
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
  ...(isTTY && process.stdin.isTTY && { onEnter }),
  stop: stop.signal,
};

/** The verbs that need no runtime of their own. */
const LIGHT = ["serve", "lsof", "netstat", "net", "ps", "fault", "trace"];

// Deadlines alone do not keep a process alive, and there are moments when all that is left is waiting for one.
setInterval(() => undefined, 2 ** 30);

const backend = LIGHT.includes(process.argv[2] ?? "")
  ? await (await import("./backend/serving.ts")).createServingBackend()
  : await (await import("./backend/backend.ts")).createBackend();
const code = await createProgram(backend, io).run(process.argv.slice(2));
// Everything that was opened is closed by now; a handle of a library that is left must not keep the user waiting.
process.exitCode = code;
const flushed = new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
await flushed;
process.exit(code);
