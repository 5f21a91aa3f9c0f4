import { loadFilter } from "../../bpf/load-filter.ts";
import { CALLS } from "../calls.ts";
import type { ArgValue } from "../answers.ts";
import type { Errors } from "./atoms.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import type { WrittenStep } from "./written.ts";

/** The arguments of calls that name files, by call. */
const FILE_ARGS: ReadonlyMap<string, readonly string[]> = new Map(
  [...CALLS].map(([call, { args }]) => [call, args.filter(({ kind }) => kind === "file").map(({ name }) => name)]),
);

/** The files of programs that an experiment names in its calls, wherever these stand, as it names them. */
export function programFilesOf(text: string, file: string): readonly string[] {
  const read = readDocument(text, file);
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { call, with: args } = value as { readonly call?: unknown; readonly with?: unknown };
    if (typeof call === "string" && typeof args === "object" && args !== null) {
      for (const name of FILE_ARGS.get(call) ?? []) {
        const written = (args as Readonly<Record<string, unknown>>)[name];
        if (typeof written === "string" && written !== "") found.add(written);
      }
    }
    for (const one of Object.values(value)) look(one);
  };
  if (read.ok) look(read.document.data);
  return [...found];
}

/**
 * Loads and verifies the filter that a step attaches, so that a bad one is known before the run, with the instruction and the reason. A
 * step that says how its call ends in another way may attach a bad one on purpose, and the core refuses it.
 */
export function checkProgram(
  document: SourceDocument,
  path: readonly PropertyKey[],
  { call, expect }: Pick<WrittenStep, "call" | "expect">,
  args: Readonly<Record<string, ArgValue>>,
  errors: Errors,
): void {
  const { program, section = "" } = args;
  if (call !== "oob_net_filter" || expect !== undefined) return;
  if (!(program instanceof Uint8Array) || program.length === 0 || typeof section !== "string") return;
  const loaded = loadFilter(program, section);
  if (loaded.ok) return;
  const allowed = "a program that the verifier lets run, or a step that expects EINVAL";
  errors.push(document.error([...path, "program"], { found: loaded.why, allowed }));
}
