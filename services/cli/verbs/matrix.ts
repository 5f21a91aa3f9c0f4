import { didYouMean } from "../../abi/closest.ts";
import type { FaultCell } from "../backend.ts";
import { drawTable } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** What `tenon hooks --matrix` takes. */
export interface MatrixOptions {
  readonly json?: true;
  /** `EFFECT.PHASE.SIDE`: the experiment that shows it. */
  readonly cell?: string;
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** What can be in one runtime can be in all: the words of a table are those of one. */
const once = (cells: readonly FaultCell[]): FaultCell[] => cells.filter(({ runtime }) => runtime === "simulated");

/** How many cells of each point run, and the effects that it cannot have at all. */
function overview(cells: readonly FaultCell[], { look }: Tools): string[] {
  const rows = distinct(cells.map(({ point }) => point)).map((point) => {
    const here = once(cells).filter((cell) => cell.point === point);
    const running = here.filter(({ state }) => state === "runs");
    const never = distinct(here.map(({ effect }) => effect)).filter(
      (effect) => !running.some((cell) => cell.effect === effect),
    );
    return [look.strong(point), String(running.length), look.faint(never.join(", "))];
  });
  const run = cells.filter(({ state }) => state === "runs").length;
  return [
    ...drawTable([{ title: "point" }, { title: "cells", align: "right" }, { title: "never", gives: true }], rows, look),
    "",
    `${cells.length} cells (point, effect, phase, side, runtime): ${run} run, ${cells.length - run} are impossible by the contract`,
    look.faint("npx tenon hooks NAME --matrix says why; --cell EFFECT.PHASE.SIDE prints the experiment of a cell"),
  ];
}

/** The effects of one point: the phases at which each can strike, on either side, or why it cannot. */
function page(cells: readonly FaultCell[], { look }: Tools): string[] {
  const rows = distinct(cells.map(({ effect }) => effect)).map((effect) => {
    const here = once(cells).filter((cell) => cell.effect === effect);
    const at = (side: string): string =>
      here
        .filter((cell) => cell.side === side && cell.state === "runs")
        .map(({ phase }) => phase)
        .join(" ");
    const whyNot = at("client") === "" || at("server") === "";
    const reasons = distinct(
      here.filter((cell) => at(cell.side) === "" && cell.reason !== undefined).map(({ reason }) => reason ?? ""),
    );
    return [look.strong(effect), at("client"), at("server"), whyNot ? look.faint(reasons[0] ?? "") : ""];
  });
  return drawTable(
    [{ title: "effect" }, { title: "client" }, { title: "server" }, { title: "why not", gives: true }],
    rows,
    look,
  );
}

/** `tenon hooks [NAME] --matrix`: which faults can be where, and why others cannot. */
export function matrix(tools: Tools, name: string | undefined, { json, cell }: MatrixOptions): ExitCode {
  const all = tools.backend.matrix.cells();
  const cells = name === undefined ? all : all.filter(({ point }) => point === name);
  if (cells.length === 0) {
    const points = distinct(all.map(({ point }) => point));
    return tools.invalid(`${name ?? ""} is no point where a fault can be${didYouMean(name ?? "", points)}`);
  }
  if (cell !== undefined) {
    const [effect = "", phase = "", side = ""] = cell.split(".");
    const text = name === undefined ? undefined : tools.backend.matrix.experiment({ point: name, effect, phase, side });
    if (text === undefined) {
      const reason = cells.find((one) => one.effect === effect && one.phase === phase && one.side === side)?.reason;
      const example = once(cells).find(({ state }) => state === "runs");
      const allowed = `such as ${example?.effect ?? ""}.${example?.phase ?? ""}.${example?.side ?? ""}`;
      return tools.invalid(
        `--cell ${cell}: ${reason ?? `no cell of ${name ?? "a point that is named"}; allowed is EFFECT.PHASE.SIDE, ${allowed}`}`,
      );
    }
    tools.print(text.trimEnd());
  } else if (json !== undefined) {
    tools.print(JSON.stringify(cells, undefined, 2));
  } else {
    tools.print(...(name === undefined ? overview(all, tools) : page(cells, tools)).map(tools.look.plain));
  }
  return EXIT.pass;
}
