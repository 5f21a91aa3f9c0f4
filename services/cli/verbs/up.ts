import type { Profile } from "../../abi/profile.ts";
import type { Access, BootRequest, FrameRoad, Kernel, Outcome, Road, RunReport } from "../backend.ts";
import { codeOf, reportLines } from "../report.ts";
import { seedText } from "../../abi/seed.ts";
import type { Io } from "../io.ts";
import { pad, widthOf } from "../look.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { createLiveTrace } from "../trace/live.ts";

/** What `tenon up` was given. */
export interface UpOptions extends Access {
  readonly runtime: BootRequest["runtime"];
  readonly profile: Profile;
  readonly seed?: bigint;
  readonly core?: readonly string[];
  readonly over?: Road;
  readonly frames?: FrameRoad;
  readonly world?: string;
  readonly control?: readonly string[];
  readonly places?: string;
  readonly otlp?: string;
  readonly metrics?: string;
  readonly sample?: number;
  readonly tour?: true;
  readonly once?: true;
}

/** How often the live trace is looked at. */
export const TICK_MS = 100;

/** Resolves when the user wants to stop. */
const stopOf = (signal: AbortSignal): Promise<"stop"> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve("stop");
    else signal.addEventListener("abort", () => resolve("stop"), { once: true });
  });

/** Resolves when the user presses Enter; never where nobody can. */
const enterOf = ({ onEnter }: Io): Promise<"enter"> =>
  new Promise((resolve) => {
    const deafen = onEnter?.(() => {
      deafen?.();
      resolve("enter");
    });
  });

/** What one can do while the kernel stays up. */
function whatNow({ io, look }: Tools): string {
  const { dot } = look.glyphs;
  const again = io.onEnter === undefined ? "" : ` ${dot} Enter runs the tour again, with what is armed by then`;
  return `the kernel stays up; its trace goes on here${again} ${dot} Ctrl-C stops it`;
}

/** A fault that is worth trying first: the hook happens, yet the caller learns it only from the retry. */
const TRY = "npx tenon fault arm 'install_inband_fd: 1*lose-reply'";

const LABEL = 9;

/** Where everything runs: the houses of each node on a line, the switches on one. */
function placeLines({ nodes, houses }: Kernel, { look }: Tools): string[] {
  const { glyphs, faint } = look;
  const line = (label: string, of: Kernel["houses"], nameOf: (one: Kernel["houses"][number]) => string): string =>
    `  ${pad(label, Math.max(LABEL, widthOf(label) + 1))}${of.map((one) => `${nameOf(one)} ${faint(`(${one.where})`)}`).join(` ${glyphs.dot} `)}`;
  const switches = houses.filter(({ house }) => house === "switch");
  return [
    ...nodes.map((node) =>
      line(
        nodes.length === 1 ? "houses" : node,
        houses.filter((one) => one.house !== "switch" && one.node === node),
        ({ house }) => (house === "switch" ? house : look.lane(house)(house)),
      ),
    ),
    ...(switches.length === 0 ? [] : [line("switches", switches, ({ node }) => node)]),
  ];
}

function introduction(kernel: Kernel, options: UpOptions, tools: Tools): string[] {
  const { backend, look } = tools;
  const { glyphs, faint, strong, plain } = look;
  const { nodes } = kernel;
  const about = `${options.runtime}, ${options.profile}, seed ${seedText(kernel.seed)}`;
  const core = options.core === undefined ? "" : `, companion core at ${options.core.join(", ")}`;
  const [whose, are] =
    nodes.length === 1
      ? [`the kernel of node ${nodes.join("")}`, "is"]
      : [`the kernels of nodes ${nodes.slice(0, -1).join(", ")} and ${nodes.at(-1) ?? ""}`, "are"];
  const lines = [
    `${strong(`tenon ${backend.version}`)}: ${whose} ${are} up (${about}${core})`,
    ...placeLines(kernel, tools),
  ];
  if (options.once !== undefined) return [...lines, ""].map(plain);
  const where = kernel.control === backend.controlAddress ? "" : ` --control ${kernel.control}`;
  return [
    ...lines,
    `  control  ${kernel.control} ${faint(`(Ctrl-C stops ${nodes.length === 1 ? "the kernel" : "them"})`)}`,
    ...((options.otlp ?? "") === "" ? [] : [`  traces   to ${options.otlp}`]),
    ...(kernel.metrics === undefined ? [] : [`  metrics  http://${kernel.metrics}/metrics`]),
    `  try      ${TRY}${where} ${faint("(in a second terminal)")}`,
    `           ${["lsof", "netstat", "trace"].map((verb) => `npx tenon ${verb}${where}`).join(` ${glyphs.dot} `)} ${glyphs.dot} npx tenon hooks`,
    "",
  ].map(plain);
}

/** Shows the live trace around something that takes its time; what is left of it is shown at the end. */
async function watched<T>(kernel: Kernel, { io, look, print }: Tools, meanwhile: () => Promise<T>): Promise<T> {
  const live = createLiveTrace(look);
  const deafen = kernel.onEvents((events) => live.add(events));
  const rest = io.every(TICK_MS, () => print(...live.tick()));
  try {
    return await meanwhile();
  } finally {
    rest();
    deafen();
    print(...live.end());
  }
}

function tellTour(outcome: Outcome<RunReport>, { look, print, complain }: Tools): ExitCode {
  if (!outcome.ok) return complain(outcome.trouble);
  print("", ...reportLines(outcome.value, {}, look, false));
  return codeOf(outcome.value.verdict);
}

/** `tenon up`: boots a kernel, shows what happens on it, and stops it. */
export async function up(tools: Tools, options: UpOptions): Promise<ExitCode> {
  const { backend, io, look, print, status, complain } = tools;
  const { runtime, profile, seed, core, over, frames, control, places, tls, tokenFile, otlp, metrics, sample } =
    options;
  const once = options.once !== undefined;
  const world = options.world === undefined ? undefined : await backend.world(options.world);
  if (world?.ok === false) return complain(world.trouble);
  status.show(`booting (${runtime})`);
  const booted = await backend.boot({
    runtime,
    profile,
    stop: io.stop,
    ...(seed === undefined ? {} : { seed }),
    ...(core === undefined ? {} : { core }),
    ...(over === undefined ? {} : { over }),
    ...(frames === undefined ? {} : { frames }),
    ...(world === undefined ? {} : { world: world.value }),
    control: control ?? [],
    ...(places === undefined ? {} : { places }),
    ...(tls === undefined ? {} : { tls }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    onProgress: (line) => (io.isTTY ? status.show(line) : print(line)),
    ...(otlp === undefined ? {} : { otlp }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(sample === undefined ? {} : { sample }),
  });
  if (!booted.ok) return complain(booted.trouble);
  const kernel = booted.value;
  const stopped = stopOf(io.stop);
  try {
    print(...introduction(kernel, options, tools));
    const tours = once || options.tour !== undefined;
    while (tours) {
      const tour = await watched(kernel, tools, () => Promise.race([kernel.tour(io.stop), kernel.failed, stopped]));
      if (tour === "stop") return once ? EXIT.inconclusive : EXIT.pass;
      if ("lines" in tour) return complain(tour);
      const code = tellTour(tour, tools);
      if (once) return code;
      print("", look.faint(look.plain(whatNow(tools))), "");
      const next = await watched(kernel, tools, () => Promise.race([kernel.failed, stopped, enterOf(io)]));
      if (next !== "enter") return next === "stop" ? EXIT.pass : complain(next);
    }
    const end = await watched(kernel, tools, () => Promise.race([kernel.failed, stopped]));
    return end === "stop" ? EXIT.pass : complain(end);
  } finally {
    status.clear();
    await kernel.stop();
  }
}
