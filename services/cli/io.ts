/** The terminal, or what stands in its place. Made by the main, which alone touches the process. */
export interface Io {
  /** Writes text as it is; the lines of a report end in a line feed. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether a person watches both. */
  readonly isTTY: boolean;
  /** The width now; undefined where there is no terminal. */
  readonly columns: number | undefined;
  readonly colour: boolean;
  /** Whether it can show more than ASCII. */
  readonly unicode: boolean;
  /** Calls back again and again; answers how to stop that. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** Calls back whenever the user presses Enter; answers how to stop that. Absent where nobody can. */
  readonly onEnter?: (callback: () => void) => () => void;
  /** Aborted when the user wants to stop (Ctrl-C). */
  readonly stop: AbortSignal;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether to use colours: never under NO_COLOR, always under FORCE_COLOR, else on a terminal that has them. */
export function wantsColour(env: Environment, isTTY: boolean): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTTY && env["TERM"] !== "dumb";
}

/** Whether the terminal shows box drawings: an old console and a C locale do not; where nothing is said, most do. */
export function speaksUnicode(env: Environment): boolean {
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return false;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/i.test(locale);
}
