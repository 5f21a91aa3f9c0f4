import type { Backend, Trouble } from "./backend.ts";
import type { Io } from "./io.ts";
import type { Look } from "./look.ts";
import type { StatusLine } from "./status.ts";

/** The exit codes of every verb. */
export const EXIT = { pass: 0, fail: 1, inconclusive: 2, invalid: 3, broke: 4 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a verb works with. */
export interface Tools {
  readonly backend: Backend;
  readonly io: Io;
  readonly look: Look;
  readonly status: StatusLine;
  /** Writes lines to the standard output, clear of the status line. */
  readonly print: (...lines: readonly string[]) => void;
  /** Says why something cannot be done; answers the exit code for it. */
  readonly complain: (trouble: Trouble) => ExitCode;
  /** The same for what the user gave, in one line. */
  readonly invalid: (line: string) => ExitCode;
}

/** Hands a verb's work to the program, which keeps its exit code. */
export type Verb = (work: (tools: Tools) => ExitCode | Promise<ExitCode>) => Promise<void>;
