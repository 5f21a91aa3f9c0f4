import type { FileEntry } from "../../abi/contract.generated.ts";
import { openFlagsText } from "../../abi/flags.ts";
import { harmless } from "../look.ts";
import { drawTable } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";

const slot = ({ node = "", files, fd }: FileEntry): string => `${node}/${files}/${fd}`;

/** How the core's index stands to a descriptor: the two are told of it at different times, and by different means. */
function indexed(entry: FileEntry, index: ReadonlyMap<string, FileEntry>, { look }: Tools): string {
  const found = index.get(slot(entry));
  if (found === undefined) return entry.oob_data === 0 ? look.faint("not oob") : look.odd("missing");
  return found.file === entry.file ? look.good("yes") : look.bad(`stale: file ${found.file}`);
}

function fileTable(vfs: readonly FileEntry[], companion: readonly FileEntry[], tools: Tools): string[] {
  const { look } = tools;
  const index = new Map(companion.map((entry) => [slot(entry), entry]));
  const known = new Set(vfs.map(slot));
  const several = new Set([...vfs, ...companion].map(({ node = "" }) => node)).size > 1;
  const rowOf = (entry: FileEntry, state: string): string[] => [
    ...(several ? [harmless(entry.node ?? "")] : []),
    harmless(entry.tasks.join(" ")),
    String(entry.files),
    String(entry.fd),
    String(entry.file),
    harmless(entry.dev),
    openFlagsText(entry.flags) + (entry.close_on_exec ? " (cloexec)" : ""),
    entry.oob_data === 0 ? "" : String(entry.oob_data),
    String(entry.references),
    state,
  ];
  const right = { align: "right" } as const;
  const stale = companion.filter((entry) => !known.has(slot(entry)));
  const nodes = [...new Set([...vfs, ...stale].map(({ node = "" }) => node))];
  const rows = nodes.flatMap((name) => [
    ...vfs.filter(({ node = "" }) => node === name).map((entry) => rowOf(entry, indexed(entry, index, tools))),
    ...stale.filter(({ node = "" }) => node === name).map((entry) => rowOf(entry, look.bad("stale: not open"))),
  ]);
  return drawTable(
    [
      ...(several ? [{ title: "node" }] : []),
      { title: "tasks" },
      { title: "files", ...right },
      { title: "fd", ...right },
      { title: "file", ...right },
      { title: "device" },
      { title: "flags", gives: true },
      { title: "oob_data", ...right },
      { title: "refs", ...right },
      { title: "core's index" },
    ],
    rows.map((row) => row.map(look.plain)),
    look,
  );
}

/** `tenon lsof`: what the VFS has open, beside what the core has indexed. */
export const lsof = (tools: Tools, options: KernelOptions): Promise<ExitCode> =>
  withKernel(tools, options, async (control) =>
    answered(tools, await control.files(), ({ vfs, companion }) => {
      const none = vfs.length === 0 && companion.length === 0;
      if (options.json !== undefined) tools.print(JSON.stringify({ vfs, companion }, undefined, 2));
      else tools.print(...(none ? ["no file is open"] : fileTable(vfs, companion, tools)));
      return EXIT.pass;
    }),
  );
