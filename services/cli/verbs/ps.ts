import type { TaskEntry } from "../../abi/contract.generated.ts";
import { harmless } from "../look.ts";
import { drawTable } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";

/** A task with what the core knows of its thread; a thread without a task is the core's own, or that of a task that is gone. */
type Row = TaskEntry & { readonly gone: boolean };

const nameOf = ({ node = "", task }: TaskEntry): string => `${node}/${task}`;

/** Puts what both houses know of one task beside each other, node by node, tasks first. */
function joined(entries: readonly TaskEntry[]): Row[] {
  const tasks = entries.filter(({ attached }) => !attached);
  const threads = new Map(entries.filter(({ attached }) => attached).map((one) => [nameOf(one), one]));
  const known = new Set(tasks.map(nameOf));
  const rows = [
    ...tasks.map((task): Row => {
      const thread = threads.get(nameOf(task));
      const { pid, files, exiting } = task;
      return { ...task, ...thread, pid, files, exiting, gone: false };
    }),
    ...[...threads.values()]
      .filter((thread) => !known.has(nameOf(thread)))
      .map((thread): Row => ({ ...thread, gone: !thread.own })),
  ];
  const nodes = [...new Set(rows.map(({ node = "" }) => node))];
  return nodes.flatMap((name) => rows.filter(({ node = "" }) => node === name));
}

const policy = ({ attached, priority }: Row): string => (!attached ? "" : priority === 0 ? "WEAK" : `FIFO ${priority}`);

function stateOf({ gone, exiting, sleeps }: Row): string {
  if (gone) return "stale: no such task";
  if (exiting) return "exits";
  return sleeps.map(({ waits, on }) => (on === "" ? waits : `${waits} ${on}`)).join(", ");
}

function taskTable(rows: readonly Row[], { look }: Tools): string[] {
  const several = new Set(rows.map(({ node = "" }) => node)).size > 1;
  const right = { align: "right" } as const;
  return drawTable(
    [
      ...(several ? [{ title: "node" }] : []),
      { title: "task" },
      { title: "pid", ...right },
      { title: "files", ...right },
      { title: "class" },
      { title: "stage" },
      { title: "ISW", ...right },
      { title: "oob calls", ...right },
      { title: "state", gives: true },
    ],
    rows.map((row) => {
      const { node = "", task, pid, files, attached, own, oob } = row;
      const counted = (n: number): string => (attached && !own ? String(n) : "");
      return [
        ...(several ? [harmless(node)] : []),
        own ? look.faint(harmless(task)) : harmless(task),
        pid === 0 ? "" : String(pid),
        files === 0 ? "" : String(files),
        policy(row),
        oob ? look.good("oob") : attached ? look.odd("in-band") : "in-band",
        counted(row.inband_switches),
        counted(row.oob_calls),
        row.gone ? look.bad(stateOf(row)) : harmless(stateOf(row)),
      ].map(look.plain);
    }),
    look,
  );
}

/** `tenon ps`: the tasks of a running kernel, with what the core knows of their threads, and the core's own threads. */
export const ps = (tools: Tools, options: KernelOptions): Promise<ExitCode> =>
  withKernel(tools, options, async (control) =>
    answered(tools, await control.tasks(), (entries) => {
      const rows = joined(entries);
      if (options.json !== undefined) tools.print(JSON.stringify(rows, undefined, 2));
      else tools.print(...(rows.length === 0 ? ["no task runs"] : taskTable(rows, tools)));
      return EXIT.pass;
    }),
  );
