import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { Topology } from "../../abi/topology.ts";
import type {
  Access,
  ExperimentInfo,
  FrameRoad,
  Outcome,
  Road,
  RunReport,
  RunRequest,
  RuntimeName,
  SweepTurn,
} from "../backend.ts";
import { measureLines } from "../measure-lines.ts";
import { codeOf, lineOf, reportData, reportLines, worst } from "../report.ts";
import { harmless } from "../look.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { drawTrace } from "../trace/view.ts";

/** What `tenon run` was given. */
export interface RunOptions extends Access {
  readonly runtime: RuntimeName;
  readonly seed?: bigint;
  readonly profile?: Profile;
  readonly trace?: string;
  readonly traceFrames?: true;
  readonly core?: readonly string[];
  readonly over?: Road;
  readonly frames?: FrameRoad;
  readonly world?: string;
  /** The kernel that runs already. */
  readonly control?: string;
  readonly otlp?: string;
  readonly sample?: number;
  /** The folder that the runs are told in. */
  readonly report?: string;
  /** Only this run of a sweep. */
  readonly nth?: number;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** One run that is to be made. */
interface Planned {
  readonly experiment: ExperimentInfo;
  readonly profile: Profile;
  /** Whether it is a sweep: as many runs as its fault has crossings, and one more. */
  readonly sweeps: boolean;
}

/** One run that was made. */
interface Done {
  readonly planned: Planned;
  readonly request: RunRequest;
  readonly report: RunReport;
  readonly events: readonly TraceEvent[];
}

/** More events than anybody reads on a terminal; the file that --trace writes has all of them. */
const EVENTS_SHOWN = 20_000;

/** Where the trace of one of several runs goes: `out.jsonl` becomes `out.NAME.PROFILE.jsonl`, in a sweep with `.nth-3`. */
function traceFileOf(
  file: string,
  { experiment, profile, sweeps }: Planned,
  runs: number,
  nth: number | undefined,
): string {
  if (runs === 1 && !sweeps) return file;
  const dot = file.lastIndexOf(".");
  const end = dot > file.lastIndexOf("/") + 1 ? dot : file.length;
  const which = sweeps ? `.nth-${nth ?? 1}` : "";
  return `${file.slice(0, end)}.${experiment.name}.${profile}${which}${file.slice(end)}`;
}

function requestOf(
  planned: Planned,
  options: RunOptions,
  world: Topology | undefined,
  runs: number,
  { io }: Tools,
  runtime: RuntimeName,
  sweep: SweepTurn | undefined,
): RunRequest {
  const { seed, core, over, frames, trace, traceFrames, control, tls, tokenFile, otlp, sample } = options;
  return {
    file: planned.experiment.file,
    runtime,
    profile: planned.profile,
    stop: io.stop,
    ...(seed === undefined ? {} : { seed }),
    ...(core === undefined ? {} : { core }),
    ...(over === undefined ? {} : { over }),
    ...(frames === undefined ? {} : { frames }),
    ...(world === undefined || options.world === undefined ? {} : { world, worldName: options.world }),
    ...(control === undefined ? {} : { control }),
    ...(tls === undefined ? {} : { tls }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(otlp === undefined ? {} : { otlp }),
    ...(sample === undefined ? {} : { sample }),
    ...(trace === undefined ? {} : { traceFile: traceFileOf(trace, planned, runs, sweep?.nth) }),
    ...(sweep === undefined ? {} : { sweep }),
    ...(traceFrames === undefined ? {} : { traceFrames }),
  };
}

/** How the runs are told while they are made. */
interface Teller {
  /** Whether the events of a run are wanted. */
  readonly watches: boolean;
  tell(done: Done): void;
}

/** One experiment: its trace, and all that is known of each run. */
function storyTeller({ look, print }: Tools, { quiet, verbose }: RunOptions): Teller {
  const watches = quiet === undefined;
  let runs = 0;
  return {
    watches,
    tell({ planned, request, report, events }) {
      const lines = reportLines(report, request, look, verbose !== undefined);
      if (watches) {
        const title = look.strong(look.plain(`${planned.experiment.title} (${report.profile})`));
        print(...(runs++ > 0 ? [""] : []), title, "", ...drawTrace(events.slice(0, EVENTS_SHOWN), look));
        const more = events.length - EVENTS_SHOWN;
        if (more > 0)
          print(look.odd(look.plain(`${look.glyphs.more} and ${more} events more; --trace FILE writes all of them`)));
        print("", ...lines);
      } else {
        const { measures = [], page, verdict } = report;
        const short = [...measureLines(measures, look), ...lines.slice(page === undefined ? -2 : -3)];
        print(...(verdict === "pass" ? short : lines));
      }
      if (request.traceFile !== undefined) print(look.faint(`trace ${request.traceFile}`));
    },
  };
}

/** Several experiments: a line for each run, and what is known of those that did not pass. */
function listTeller({ look, print }: Tools, { verbose }: RunOptions): Teller {
  const indent = "      ";
  return {
    watches: false,
    tell({ request, report }) {
      print(lineOf(report, look));
      if (report.verdict !== "pass" || verbose !== undefined) {
        print(...reportLines(report, request, look, verbose !== undefined).map((line) => indent + line));
      }
      if (request.traceFile !== undefined) print(look.faint(`${indent}trace ${request.traceFile}`));
    },
  };
}

/**
 * What is kept of one of several runs until the last one is made. Most of the book's rules have nothing to judge in a run; who
 * wants to see them asks for that run alone.
 */
const inShort = (report: RunReport): RunReport => ({
  ...report,
  rules: report.rules.filter(({ verdict }) => verdict !== "vacuous"),
});

const silentTeller: Teller = { watches: false, tell: () => undefined };

function summary(
  experiments: readonly ExperimentInfo[],
  done: readonly Done[],
  profile: Profile | undefined,
  about: number,
): string {
  const count = (wanted: RunReport["verdict"]): number => done.filter(({ report }) => report.verdict === wanted).length;
  const left = experiments.filter(({ profiles }) => profile !== undefined && !profiles.includes(profile)).length;
  return [
    `${experiments.length} experiments, ${done.length} runs: ${count("pass")} passed`,
    `${count("fail")} failed`,
    `${count("inconclusive")} inconclusive`,
    ...(about === 0 ? [] : [`${about} left out: about bad cores that ship, and --core puts another in their place`]),
    ...(left === 0 ? [] : [`${left} left out: not for ${profile ?? ""}`]),
  ].join(", ");
}

/** What a kernel that runs already has decided. */
const DECIDED = ["runtime", "core", "over", "frames", "otlp", "sample"] as const;

/**
 * `tenon run FILE…`: checks all files, then runs each in every profile that is asked for.
 *
 * @param said whether an option stands on the command line itself, and not in the environment or nowhere.
 */
export async function run(
  tools: Tools,
  files: readonly string[],
  asked: RunOptions,
  said: (option: string) => boolean = () => false,
): Promise<ExitCode> {
  const { backend, look, print, status, complain, invalid, io } = tools;
  if (asked.traceFrames !== undefined && asked.trace === undefined)
    return invalid("--trace-frames puts the frames beside the trace; say with --trace where that goes");
  const decided = DECIDED.filter(said);
  if (asked.control !== undefined && said("control") && decided.length > 0)
    return invalid(`--${decided.join(", --")} is for a kernel of its own; found --control ${asked.control} with it`);
  // Who says in what runtime wants a kernel of its own, wherever one runs.
  const { control, ...own } = asked;
  const options: RunOptions = decided.length > 0 || control === undefined ? own : asked;
  if (options.control !== undefined && options.traceFrames !== undefined)
    return invalid(`--trace-frames captures on this machine; found --control ${options.control} with it`);
  if (options.control !== undefined && options.report !== undefined)
    return invalid(`--report tells of runs on kernels of its own; found --control ${options.control} with it`);
  const loaded = await backend.load(files);
  if (!loaded.ok) return complain(loaded.trouble);
  const world = options.world === undefined ? undefined : await backend.world(options.world);
  if (world?.ok === false) return complain(world.trouble);
  const topology = world?.value;
  // What is about a bad core that ships says nothing of the one that takes its place; alone, it is told so.
  const meant = loaded.value.filter(({ badCore }) => options.core === undefined || badCore === undefined);
  const experiments = meant.length === 0 ? loaded.value : meant;
  const about = loaded.value.length - experiments.length;
  const [only] = experiments;
  if (only === undefined) return invalid(`no experiment in ${files.join(", ")}`);
  const plan = experiments.flatMap((experiment) =>
    experiment.profiles
      .filter((profile) => options.profile === undefined || options.profile === profile)
      .map((profile): Planned => ({ experiment, profile, sweeps: experiment.sweeps?.includes(profile) === true })),
  );
  if (plan.length === 0) {
    const which = experiments.length === 1 ? `${only.file} applies` : "these experiments apply";
    return invalid(`--profile ${options.profile ?? ""}: ${which} to ${only.profiles.join(" and ")} only`);
  }

  const sweeps = plan.some((planned) => planned.sweeps);
  if (options.nth !== undefined && !sweeps)
    return invalid(`--nth ${options.nth} is a run of a sweep; found no fault with nth: each in ${files.join(", ")}`);

  const opened = options.report === undefined ? undefined : await backend.reports(options.report);
  if (opened?.ok === false) return complain(opened.trouble);
  const reports = opened?.value;
  const alone = experiments.length === 1;
  const json = options.json !== undefined;
  // What the file wishes, unless the command line says where.
  const runtimeOf = ({ experiment: { mode } }: Planned): RuntimeName =>
    said("runtime") ? options.runtime : (mode ?? options.runtime);
  const teller = json
    ? silentTeller
    : alone && (!sweeps || options.nth !== undefined)
      ? storyTeller(tools, options)
      : listTeller(tools, options);
  const done: Done[] = [];
  /** Makes one run; answers which one of its sweep comes next, or why the run could not be made. */
  async function make(
    planned: Planned,
    place: number,
    turn: SweepTurn | undefined,
  ): Promise<Outcome<SweepTurn | undefined>> {
    const which = turn === undefined ? "" : ` nth=${turn.nth}`;
    const where = options.control ?? runtimeOf(planned);
    status.show(`${place} of ${plan.length}  ${planned.experiment.name}${which} (${planned.profile}, ${where})`);
    const events: TraceEvent[] = [];
    const request = requestOf(planned, options, topology, plan.length, tools, runtimeOf(planned), turn);
    const onEvents = (some: readonly TraceEvent[]): void => some.forEach((event) => events.push(event));
    const ran = await (reports ?? backend).run(teller.watches ? { ...request, onEvents } : request);
    if (!ran.ok) return { ok: false, trouble: ran.trouble };
    const one: Done = { planned, request, report: ran.value, events };
    teller.tell(one);
    done.push(plan.length === 1 && !planned.sweeps ? one : { ...one, report: inShort(one.report) });
    const { sweep } = ran.value;
    if (sweep === undefined || sweep.over || options.nth !== undefined) return { ok: true, value: undefined };
    return { ok: true, value: { nth: sweep.nth + 1, crossings: sweep.crossings, ns: sweep.ns } };
  }
  let finished = 0;
  for (const [i, planned] of plan.entries()) {
    let turn: SweepTurn | undefined = planned.sweeps ? { nth: options.nth ?? 1, crossings: 0, ns: 0 } : undefined;
    do {
      if (io.stop.aborted) break;
      const made = await make(planned, i + 1, turn);
      if (!made.ok) return complain(made.trouble);
      turn = made.value;
      if (turn === undefined) finished += 1;
    } while (turn !== undefined);
  }
  if (reports !== undefined) status.show(`writing the report over ${done.length} runs`);
  // What is left of a sweep counts as one run: nobody knows how many it would have been.
  const left = plan.length - finished;
  const written = await reports?.finish(done.length + left);
  if (written?.ok === false) return complain(written.trouble);
  status.clear();

  const stopped = left > 0;
  const verdict = stopped ? "inconclusive" : worst(done.map(({ report }) => report.verdict));
  if (json) {
    const runs = done.map(({ report, request }) => reportData(report, request));
    const page = written === undefined ? {} : { report: written.value };
    print(JSON.stringify({ verdict, exitCode: codeOf(verdict), ...page, runs }, undefined, 2));
  } else {
    if (!alone || done.length > plan.length) print(summary(experiments, done, options.profile, about));
    if (stopped) print(look.odd(`stopped after ${done.length} of ${done.length + left} runs`));
    if (written !== undefined) print(look.faint(look.plain(`report ${harmless(written.value)}`)));
  }
  return stopped ? EXIT.inconclusive : codeOf(verdict);
}
