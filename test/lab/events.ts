import type { House, Stage } from "../../services/abi/contract.generated.ts";
import type { EventArgs, EventPhase, Lost, Slice, TraceEvent } from "../../services/abi/event.ts";

/** What a test says of an event; the rest is made up. */
export interface EventSketch {
  readonly node?: string;
  readonly service?: House;
  readonly stage?: Stage;
  readonly span?: number;
  readonly parent?: number;
  readonly lamport?: number;
  readonly slice?: Slice;
  readonly args?: EventArgs;
  readonly ret?: number;
  readonly lost?: Lost;
  readonly locks?: readonly string[];
  readonly fault?: string;
}

/** A pen for events: each house counts its own, as in life. */
export function eventPen(): (name: string, sketch?: EventSketch) => TraceEvent {
  const seqs = new Map<string, number>();
  let lamport = 0;
  return (name, sketch = {}) => {
    const [point = "", phase = "fact"] = name.split(".");
    const service = sketch.service ?? "vfs";
    const node = sketch.node ?? "alpha";
    const seq = (seqs.get(`${node}/${service}`) ?? 0) + 1;
    seqs.set(`${node}/${service}`, seq);
    lamport = sketch.lamport ?? lamport + 1;
    const { ret, lost, fault } = sketch;
    return {
      seq,
      lamport,
      timeNs: lamport * 100,
      node,
      service,
      stage: sketch.stage ?? "inband",
      point,
      phase: phase as EventPhase,
      span: sketch.span ?? 0,
      parent: sketch.parent ?? 0,
      trace: 1,
      slice: sketch.slice ?? {},
      args: sketch.args ?? {},
      ...(ret !== undefined && { ret }),
      ...(lost !== undefined && { lost }),
      locks: sketch.locks ?? [],
      ...(fault !== undefined && { fault }),
    };
  };
}
