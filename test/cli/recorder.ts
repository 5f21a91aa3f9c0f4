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

const LOCK = ["files.file_lock:1"];

/** What a newcomer sees: an open, a lost reply and what the retry found, an oob read that blocks, a refusal, an exit. */
export function sampleTrace(): TraceEvent[] {
  const r = createRecorder();
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 0o2000002 },
    {
      gives: { fd: 3 },
      ending: { ret: 3 },
      inside: (span) => {
        r.fact("vfs", "fd_reserve", span, { fd: 3, files: 1 });
        r.call(
          "oob_open_file",
          span,
          { file: 1, dev: "/dev/oobecho", flags: 0o2000002 },
          {
            gives: { oob_data: 1 },
            inside: (inner) => r.fact("companion", "crossing_open", inner, { file: 1 }),
          },
        );
        r.call(
          "install_inband_fd",
          span,
          { fd: 3, file: 1, oob_data: 1, files: 1 },
          {
            locks: LOCK,
            inside: (inner) =>
              r.fact("companion", "index_add", inner, { fd: 3, files: 1, file: 1 }, { oob_data: 1 }, LOCK),
          },
        );
        r.fact("vfs", "fd_publish", span, { fd: 3, files: 1 }, {}, LOCK);
      },
    },
  );
  r.call(
    "sys_dup",
    0,
    { fd: 3 },
    {
      gives: { fd: 4 },
      ending: { ret: 4 },
      inside: (span) =>
        r.call(
          "install_inband_fd",
          span,
          { fd: 4, file: 1, oob_data: 1, files: 1 },
          {
            locks: LOCK,
            ending: { ret: 0, fault: "lose-install" },
            inside: (inner) =>
              r.fact("companion", "index_add", inner, { fd: 4, files: 1, file: 1 }, { oob_data: 1 }, LOCK),
            beside: (own) => {
              r.wait(1e9);
              r.fact("vfs", "retry", own, { fd: 4, files: 1 }, { point: "install_inband_fd", after: "timeout" }, LOCK);
              r.fact("companion", "repeated", own, { fd: 4, files: 1 }, { point: "install_inband_fd", id: 2 }, LOCK);
            },
          },
        ),
    },
  );
  r.call("oob_attach_thread", 0, { cap_sys_nice: true });
  r.call(
    "oob_write",
    0,
    { fd: 4, data: "hello, out there" },
    {
      stage: "oob",
      gives: { count: 16 },
      ending: { ret: 16 },
      inside: (span) => r.fact("companion", "echo_put", span, { file: 1 }, { bytes: 16, held: 16 }),
    },
  );
  r.call(
    "oob_read",
    0,
    { fd: 4, count: 64 },
    { stage: "oob", gives: { data: "hello, out there" }, ending: { ret: 16 } },
  );
  blockedRead(r);
  r.call(
    "sys_dup2",
    0,
    { fd: 1, newfd: 4 },
    {
      gives: { fd: 4 },
      ending: { ret: 4 },
      inside: (span) => {
        r.call(
          "uninstall_inband_fd",
          span,
          { fd: 4, file: 1, oob_data: 1, files: 1 },
          { locks: LOCK, acts: 2, ending: { ret: 0, fault: "twice" } },
        );
        r.call("replace_inband_fd", span, { fd: 4, file: 9, oob_data: 0, files: 1 }, { locks: LOCK });
      },
    },
  );
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 2 },
    {
      ending: { ret: -12 },
      inside: (span) =>
        r.call(
          "oob_open_file",
          span,
          { file: 2, dev: "/dev/oobecho", flags: 2 },
          { acts: 0, ending: { ret: -12, fault: "no-memory" } },
        ),
    },
  );
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 2 },
    {
      ending: { ret: -5 },
      inside: (span) =>
        r.call(
          "oob_open_file",
          span,
          { file: 3, dev: "/dev/oobecho", flags: 2 },
          { ending: { lost: "timeout", fault: "silence" } },
        ),
    },
  );
  r.call(
    "sys_exit",
    0,
    { reaper: "init" },
    {
      inside: (span) => {
        r.call(
          "inband_event_notify",
          span,
          { event: "task_exit", subject: "app" },
          {
            acts: 0,
            ending: { lost: "timeout", fault: "deaf" },
          },
        );
        r.call(
          "uninstall_inband_fd",
          span,
          { fd: 3, file: 1, oob_data: 1, files: 1 },
          {
            task: "init",
            inside: (inner) => r.fact("companion", "index_remove", inner, { fd: 3, files: 1, file: 1 }, {}, [], "init"),
          },
        );
        r.call("oob_release_file", span, { file: 1, oob_data: 1 }, { task: "init", acts: 0, open: true });
      },
      open: true,
    },
  );
  return r.events;
}

/** A read that waits while another task writes, by hand: the events of the two lie between each other. */
function blockedRead(r: ReturnType<typeof createRecorder>): void {
  const args = { fd: 3, count: 64 };
  const outer = r.span();
  const inner = r.span();
  const oob = { stage: "oob" as const, slice: { task: "reader" } };
  r.begin(outer);
  r.side("task", "oob_read", "enter", { span: outer, parent: 0, ...oob }, args);
  r.side("companion", "oob_read", "enter", { span: inner, parent: outer, ...oob }, args);
  r.fact("companion", "oob_sleep", inner, { file: 1 }, { for: "data" }, [], "reader");
  r.wait(250_000);
  r.call(
    "sys_write",
    0,
    { fd: 3, data: "wake up" },
    {
      gives: { count: 7 },
      ending: { ret: 7 },
      inside: (span) =>
        r.call(
          "oob_driver_io",
          span,
          { file: 1, oob_data: 1, operation: "write", data: "wake up", count: 0, cmd: 0, arg: 0 },
          {
            gives: { data: "", value: 7 },
            ending: { ret: 7 },
            inside: (deep) => r.fact("companion", "oob_wake", deep, { file: 1 }, { task: "reader" }),
          },
        ),
    },
  );
  r.begin(outer);
  r.side("companion", "oob_read", "exit", { span: inner, parent: outer, ...oob }, { data: "wake up" }, { ret: 7 });
  r.side("task", "oob_read", "exit", { span: outer, parent: 0, ...oob }, { data: "wake up" }, { ret: 7 });
}
