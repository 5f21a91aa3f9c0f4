import type { Format } from "../../telemetry/convert/converter.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { choiceOf, type ChoiceOptions } from "./trace.ts";

/** What `tenon convert` was given. */
export interface ConvertOptions extends ChoiceOptions {
  readonly to: Format;
  readonly out?: string;
  readonly max?: number;
  readonly facts?: true;
  readonly capture?: readonly string[];
  readonly snaplen?: number;
}

/** The options that mean something for one format only. */
const ONLY = { max: "mermaid", facts: "mermaid", capture: "pcapng", snaplen: "pcapng" } as const;

const TEXTS: ReadonlySet<Format> = new Set(["mermaid", "otlp"]);

/** `tenon convert TRACE --to FORMAT`: makes something else of a trace file. */
export async function convert(tools: Tools, file: string, options: ConvertOptions): Promise<ExitCode> {
  const { backend, io, look, print, complain, invalid } = tools;
  const { to, out, max, facts, capture, snaplen } = options;
  for (const [option, format] of Object.entries(ONLY)) {
    if (options[option as keyof typeof ONLY] !== undefined && to !== format)
      return invalid(`--${option} is for --to ${format}; found --to ${to}`);
  }
  const read = choiceOf(tools, options);
  if ("code" in read) return read.code;
  const toScreen = out === "-";
  if (toScreen && !TEXTS.has(to)) return invalid(`--out -: ${to} is no text; allowed is the name of a file`);
  if (file === "-" && out === undefined)
    return invalid("the standard input has no name; say with --out where to write");
  const converted = await backend.convert({
    file,
    to,
    stop: io.stop,
    ...(toScreen ? { onText: (text: string) => io.stdout(text) } : out !== undefined && { out }),
    ...(read.choice !== undefined && { passes: read.choice.passes }),
    ...(max !== undefined && { max }),
    ...(facts !== undefined && { facts }),
    ...(capture !== undefined && { captures: capture }),
    ...(snaplen !== undefined && { snaplen }),
  });
  if (!converted.ok) return complain(converted.trouble);
  const { events, notes } = converted.value;
  // What is not the result goes beside it.
  const say = toScreen ? (line: string) => io.stderr(`${line}\n`) : print;
  for (const note of notes) say(look.odd(look.plain(note)));
  if (converted.value.file !== undefined) print(`${converted.value.file}: ${to} of ${events} events`);
  return EXIT.pass;
}
