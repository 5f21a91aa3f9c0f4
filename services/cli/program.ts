import { CommanderError } from "commander";
import type { Backend, Trouble } from "./backend.ts";
import { BadUsage, OneLineCommand } from "./command.ts";
import { addVerbs, EXIT_CODES } from "./command-tree.ts";
import type { Io } from "./io.ts";
import { harmless, lookOf } from "./look.ts";
import { createStatusLine } from "./status.ts";
import { EXIT, type ExitCode, type Tools } from "./tools.ts";

/** The command line. */
export interface Program {
  /** Does what the words after `tenon` say. Never throws; whatever happens is told in lines and in the exit code. */
  run(argv: readonly string[]): Promise<ExitCode>;
}

/** Verbs of the design that are not built yet. */
const LATER = ["explore", "replay", "conformance"];

/** What the verbs work with on this terminal. */
function toolsOf(backend: Backend, io: Io, ascii: boolean): Tools {
  const look = lookOf({ columns: io.columns, colour: io.colour, unicode: io.unicode && !ascii });
  const status = createStatusLine(io, look);
  const complain = ({ kind, lines, details }: Trouble): ExitCode => {
    status.clear();
    const more = details === undefined ? "" : ` (details: ${details})`;
    for (const line of lines)
      io.stderr(look.plain(`${look.bad("tenon:")} ${harmless(line.replace(/\s*\n\s*/g, " "))}${more}\n`));
    return kind === "invalid" ? EXIT.invalid : EXIT.broke;
  };
  return {
    backend,
    io,
    look,
    status,
    complain,
    invalid: (line) => complain({ kind: "invalid", lines: [line] }),
    print: (...lines) => {
      if (lines.length === 0) return;
      status.clear();
      io.stdout(lines.map((line) => `${line}\n`).join(""));
    },
  };
}

/** Tenon itself failed: one line, and the rest in a file. */
async function brokeBy(error: unknown, { backend, complain }: Tools): Promise<ExitCode> {
  const [said = "no message"] = (error instanceof Error ? error.message : String(error)).split("\n");
  const lines = [`Tenon broke: ${said}`];
  try {
    return complain({ kind: "broke", lines, details: await backend.keepDetails(error) });
  } catch {
    return complain({ kind: "broke", lines });
  }
}

/** The command line over a backend. Everything that it does to the world goes through the two arguments. */
export function createProgram(backend: Backend, io: Io): Program {
  return {
    async run(argv) {
      const tools = toolsOf(backend, io, argv.includes("--ascii"));
      const later = argv.find((word) => !word.startsWith("-"));
      if (later !== undefined && LATER.includes(later))
        return tools.invalid(`${later} comes with a later version of tenon`);

      let code: ExitCode = EXIT.pass;
      const program = new OneLineCommand("tenon");
      program
        .description("Emulates the hooks between a Linux kernel and a real-time companion core.")
        .version(backend.version, "--version", "print the version")
        .option("--ascii", "draw with ASCII only")
        .helpOption("-h, --help", "print this")
        .helpCommand(false)
        .exitOverride()
        .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
        .configureOutput({
          writeOut: (text) => io.stdout(tools.look.plain(text)),
          writeErr: (text) => io.stdout(tools.look.plain(text)),
          getOutHelpWidth: () => tools.look.columns,
          getErrHelpWidth: () => tools.look.columns,
          getOutHasColors: () => false,
          getErrHasColors: () => false,
        })
        .addHelpText("after", `\n${EXIT_CODES}\nBegin with: npx tenon up --tour`);
      addVerbs(program, backend, async (work) => void (code = await work(tools)));
      try {
        await program.parseAsync([...argv], { from: "user" });
        return code;
      } catch (error) {
        if (error instanceof BadUsage) return tools.invalid(error.message);
        if (error instanceof CommanderError) return EXIT.pass;
        return await brokeBy(error, tools);
      } finally {
        tools.status.clear();
      }
    },
  };
}
