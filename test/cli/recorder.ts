import { CONTRACT, type House, type PointName, type Stage } from "../../services/abi/contract.generated.ts";
import type { Ending, EventArgs, EventPhase, Slice, TraceEvent } from "../../services/abi/event.ts";

/** How a call ends, and what of it is recorded where. */
export interface CallScript {
  readonly task?: string;
  readonly stage?: Stage;
  readonly locks?: readonly string[];
  /** What it gave back, as the events carry it. */
  readonly gives?: EventArgs;
  readonly ending?: Ending;
  /** How often the answering house acts: 0 when it never arrives. */
  readonly acts?: number;
  /** The caller's end is not there yet. */
  readonly open?: boolean;
  /** What happens inside, on the answering side; it gets the span. */
  readonly inside?: (span: number) => void;
  /** What happens on the caller's side before the end. */
  readonly beside?: (span: number) => void;
}

/** Writes a trace by hand: what the boundary would record, on both sides, with stamps that fit. */
export function createRecorder(stepNs = 1_000) {
  const events: TraceEvent[] = [];
  const seqs = new Map<House, number>();
  let nowNs = 12_000;
  let lamport = 0;
  let spans = 0;
  let trace = 0;

  function record(
    service: House,
    point: string,
    phase: EventPhase,
    where: { span: number; parent: number; stage?: Stage; locks?: readonly string[]; slice?: Slice },
    args: EventArgs,
    ending: Ending = {},
  ): void {
    const seq = (seqs.get(service) ?? 0) + 1;
    seqs.set(service, seq);
    events.push({
      seq,
      lamport: ++lamport,
      timeNs: (nowNs += stepNs),
      node: "alpha",
      service,
      stage: where.stage ?? "inband",
      point,
      phase,
      span: where.span,
      parent: where.parent,
      trace,
      slice: where.slice ?? {},
      args,
      locks: where.locks ?? [],
      ...ending,
    });
  }

  return {
    events,
    /** Lets time pass. */
    wait: (ns: number) => void (nowNs += ns),
    /** A call with all that its two sides record. */
    call(point: PointName, parent: number, args: EventArgs, script: CallScript = {}): void {
      const { from, to } = CONTRACT[point];
      const span = ++spans;
      if (parent === 0) trace = span;
      const mine = trace;
      const { stage = "inband", locks = [], gives = {}, ending = { ret: 0 }, acts = 1 } = script;
      const slice = { task: script.task ?? "app" };
      record(from, point, "enter", { span, parent, stage, locks, slice }, args);
      for (let act = 0; act < acts; act++) {
        const inner = ++spans;
        record(to, point, "enter", { span: inner, parent: span, stage, locks, slice }, args);
        if (act === 0) script.inside?.(inner);
        trace = mine;
        if (script.open !== true) {
          const { fault: _fault, lost, ...own } = ending;
          record(
            to,
            point,
            "exit",
            { span: inner, parent: span, stage, locks, slice },
            gives,
            lost === undefined ? own : { ret: 0 },
          );
        }
      }
      script.beside?.(span);
      if (ending.lost === "timeout") nowNs += 1e9;
      if (script.open !== true) {
        record(
          from,
          point,
          "exit",
          { span, parent, stage, locks, slice },
          ending.ret === undefined || ending.ret < 0 ? {} : gives,
          ending,
        );
      }
    },
    /** A state change. */
    fact(
      service: House,
      point: string,
      span: number,
      slice: Slice,
      args: EventArgs = {},
      locks: readonly string[] = [],
      task = "app",
    ): void {
      record(service, point, "fact", { span, parent: 0, locks, slice: { ...slice, task } }, args);
    },
    /** One side of a call alone, for what is interleaved by hand. */
    side: record,
    span: () => ++spans,
    begin: (span: number) => void (trace = span),
  };
}
