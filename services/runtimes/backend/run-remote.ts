import { readFile, writeFile } from "node:fs/promises";
import type { NamedBytes, NamedText } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { parseSeed } from "../../abi/seed.ts";
import type { Outcome, RunReport, RunRequest } from "../../cli/backend.ts";
import { causality } from "../../rules/causality.ts";
import type { Experiment } from "../../lab/experiment.ts";
import { ruleFilesOf, variablesOf, worldFileOf } from "../../lab/load/load.ts";
import { programFilesOf } from "../../lab/load/programs.ts";
import { besideFile } from "../../lab/load/source.ts";
import { eventToLine } from "../../lab/trace-file.ts";
import { worldText } from "../fleet/world-text.ts";
import { connectTo } from "./control.ts";
import { invalid } from "./invalid.ts";

/** What arrived is what `reportData` made of a report. */
function reportFrom(text: string): RunReport {
  const { seed, ...report } = JSON.parse(text) as Omit<RunReport, "seed"> & { readonly seed: string };
  return { ...report, seed: parseSeed(seed) ?? 0n };
}

/** Runs an experiment on a kernel that runs elsewhere; what comes of it is as if it had been run here. */
export async function runRemotely(
  address: string,
  experiment: Experiment,
  request: RunRequest,
): Promise<Outcome<RunReport>> {
  const { file, profile, seed, stop, traceFile, sweep } = request;
  const connected = connectTo(address, request);
  if (!connected.ok) return connected;
  const client = connected.value;
  const text = await readFile(file, "utf8");
  const rule_files: NamedText[] = [];
  for (const name of ruleFilesOf(text, file))
    rule_files.push({ name, text: await readFile(besideFile(file, name), "utf8") });
  const program_files: NamedBytes[] = [];
  for (const name of programFilesOf(text, file)) {
    program_files.push({ name, content: new Uint8Array(await readFile(besideFile(file, name))) });
  }
  const variable = variablesOf(text, file).find((key) => process.env[key] !== undefined);
  if (variable !== undefined)
    return invalid(`${file}: the variable ${variable} is not sent to another kernel; allowed is a value in the file`);
  // A world file is here and not there; one that the user asks for goes before that of the experiment.
  const topology = request.world ?? (worldFileOf(text, file) === undefined ? undefined : experiment.topology);
  const world = topology === undefined ? "" : worldText(topology);
  const events: TraceEvent[] = [];
  const hear = (some: readonly TraceEvent[]): void => {
    if (traceFile !== undefined) for (const event of some) events.push(event);
    request.onEvents?.(some);
  };
  const turn = { nth: sweep?.nth ?? 0, sweep_crossings: sweep?.crossings ?? 0, sweep_ns: sweep?.ns ?? 0 };
  const asked = { file, text, world, seed: seed?.toString() ?? "", profile, ...turn, rule_files, program_files };
  const running = client.runExperiment(asked, hear);
  const onStop = (): void => running.stop();
  stop.addEventListener("abort", onStop, { once: true });
  try {
    const outcome = await running.outcome;
    if (stop.aborted) return { ok: false, trouble: { kind: "broke", lines: [`${file}: stopped before it ended`] } };
    if (!outcome.ok) return invalid(outcome.reason);
    if (outcome.value.t === "trouble") return invalid(...outcome.value.lines);
    if (traceFile !== undefined) {
      try {
        await writeFile(
          traceFile,
          causality(events)
            .order.map((event) => `${eventToLine(event)}\n`)
            .join(""),
        );
      } catch (error) {
        return invalid(`--trace ${traceFile}: ${(error as Error).message}`);
      }
    }
    return { ok: true, value: reportFrom(outcome.value.report) };
  } finally {
    stop.removeEventListener("abort", onStop);
    client.close();
  }
}
