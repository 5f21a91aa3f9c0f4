import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome, Reports, RunReport, RunRequest } from "../../cli/backend.ts";
import { effectText, matchText, selectText } from "../../cli/fault-words.ts";
import type { Verdict } from "../../cli/judged.ts";
import { againText, worst } from "../../cli/report.ts";
import type { Experiment } from "../../lab/experiment.ts";
import type { Outcome as Ran } from "../../lab/run/journal.ts";
import type { FaultFree } from "../../report/input.ts";
import { MEMORY_FILE, memoryIn, renderOverview, renderRun } from "../../report/render.ts";
import type { RunSummary } from "../../report/summary.ts";
import { packageVersion } from "./files.ts";
import { filesBeside } from "./files-beside.ts";
import { loadOne } from "./load.ts";
import { folderFor, writeAll } from "./report-folder.ts";
import { run } from "./run.ts";

/** What is written unless an experiment says it. */
const USUAL: ReadonlySet<string> = new Set(["html", "journal", "junit"]);

/** A crossing that no run comes to. */
const NEVER = 2 ** 31;

/** The same experiment with faults that are armed and never strike, so that its steps can arm and disarm them all the same. */
const withoutFaults = (experiment: Experiment): Experiment => ({
  ...experiment,
  faults: experiment.faults.map((fault) => ({
    ...fault,
    sweep: false,
    rule: { ...fault.rule, select: { nth: [{ from: NEVER, to: NEVER }], every: 0, interval: 0, times: 0 } },
  })),
});

/** The run of the same seed with its faults off; in simulation only, since elsewhere two runs differ by themselves. */
async function faultFreeOf(experiment: Experiment, request: RunRequest): Promise<FaultFree> {
  if (experiment.faults.length === 0)
    return { t: "none", why: "This experiment injects no fault: there is nothing to compare it with." };
  if (request.runtime !== "simulated")
    return {
      t: "none",
      why: "Only a simulated run has a twin without faults: in real time two runs differ by themselves.",
    };
  const { traceFile: _, onEvents: __, traceFrames: ___, otlp: ____, ...plain } = request;
  let ran: Ran | undefined;
  const twin = await run(withoutFaults(experiment), plain, (one) => (ran = one));
  if (ran === undefined)
    return {
      t: "none",
      why: `The run without faults could not be made: ${twin.ok ? "" : twin.trouble.lines.join("; ")}`,
    };
  return { t: "events", events: ran.events };
}

/** Opens a folder for reports. */
export async function openReports(folder: string): Promise<Outcome<Reports>> {
  const made = await folderFor(folder);
  if (!made.ok) return made;
  const memory = memoryIn(await readFile(join(folder, MEMORY_FILE), "utf8").catch(() => ""));
  const runs: RunSummary[] = [];

  async function tell(
    experiment: Experiment,
    request: RunRequest,
    report: RunReport,
    ran: Ran,
  ): Promise<Outcome<RunReport>> {
    const { journal, events, judgements } = ran;
    const outputs = experiment.outputs === undefined ? USUAL : new Set<string>(experiment.outputs);
    const made = { journal, events, again: againText(report, request), file: experiment.file };
    const { files, summary } = renderRun({
      file: experiment.file,
      journal: {
        ...journal,
        subject: { core: request.core?.join(", ") ?? journal.subject.core },
        repro: { cmd: made.again },
      },
      events,
      judgements,
      faultFree: await faultFreeOf(experiment, request),
      describeFault: (rule) => `${effectText(rule)} on ${selectText(rule)}${matchText(rule)}`,
      outputs,
    });
    const written = await writeAll(folder, new Map([...files, ...(await filesBeside(made, summary.base, outputs))]));
    if (!written.ok) return written;
    runs.push(summary);
    return { ok: true, value: { ...report, ...(summary.hasPage && { page: join(folder, `${summary.base}.html`) }) } };
  }

  return {
    ok: true,
    value: {
      async run(request) {
        const loaded = await loadOne(request.file);
        if (!loaded.ok) return loaded;
        let ran: Ran | undefined;
        const outcome = await run(loaded.value, request, (one) => (ran = one));
        return outcome.ok && ran !== undefined ? tell(loaded.value, request, outcome.value, ran) : outcome;
      },
      async finish(planned) {
        const verdict: Verdict = runs.length < planned ? "inconclusive" : worst(runs.map((one) => one.verdict));
        const written = await writeAll(
          folder,
          renderOverview({ runs, verdict, planned, version: packageVersion() }, memory),
        );
        return written.ok ? { ok: true, value: join(folder, "index.html") } : written;
      },
    },
  };
}
