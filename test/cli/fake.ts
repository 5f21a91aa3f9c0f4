import type { FaultReport, FaultRule, FileEntry, TaskEntry } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { PAIR } from "../../services/abi/topology.ts";
import type {
  Backend,
  BootRequest,
  Control,
  ExperimentInfo,
  Kernel,
  RunReport,
  RunRequest,
  Trouble,
} from "../../services/cli/backend.ts";
import type { Io } from "../../services/cli/io.ts";
import { createProgram } from "../../services/cli/program.ts";
import { sampleTrace } from "./sample.ts";

export const info = (file: string, more: Partial<ExperimentInfo> = {}): ExperimentInfo => ({
  file,
  name: file.replace(/^.*\/|\.yaml$/g, ""),
  title: `The story of ${file}`,
  profiles: ["documented", "as-implemented"],
  ...more,
});

const rule: FaultRule = {
  id: "lose-install",
  point: "install_inband_fd",
  select: { nth: [{ from: 2, to: 2 }], every: 0, interval: 0, times: 0 },
  effect: { kind: "lose_reply", delay_ns: 0 },
};

export const reportOf = (
  request: Pick<RunRequest, "file" | "runtime" | "profile" | "seed">,
  more: Partial<RunReport> = {},
): RunReport => ({
  file: request.file,
  name: info(request.file).name,
  title: info(request.file).title,
  runtime: request.runtime,
  profile: request.profile,
  seed: request.seed ?? 1n,
  verdict: "pass",
  why: "",
  steps: [{ task: "app", call: "open /dev/oobecho", result: "3", ok: true, where: `${request.file}:9` }],
  faults: [{ rule, crossings: 3, matched: 3, fired: 1 }],
  expectations: [{ says: "the hook fires under files.file_lock", holds: "yes", where: `${request.file}:20` }],
  evidence: [],
  rules: [],
  events: 40,
  dropped: 0,
  tookNs: 12_000,
  ...more,
});

export const FAILED: Partial<RunReport> = {
  verdict: "fail",
  why: "install_inband_fd was never seen after sys_open",
  steps: [{ task: "app", call: "dup2 1 4", result: "-EBADF", expected: "4", ok: false, where: "x.yaml:12" }],
  expectations: [{ says: "index_add follows install", holds: "no", found: "no index_add at all", where: "x.yaml:20" }],
};

const entry = (fd: number, more: Partial<FileEntry> = {}): FileEntry => ({
  tasks: ["app"],
  files: 1,
  fd,
  file: 1,
  dev: "/dev/oobecho",
  flags: 2,
  close_on_exec: false,
  oob_data: 1,
  references: 1,
  ...more,
});

const thread = (task: string, more: Partial<TaskEntry> = {}): TaskEntry => ({
  task,
  pid: 0,
  files: 0,
  attached: true,
  own: false,
  priority: 0,
  oob: false,
  inband_switches: 0,
  oob_calls: 0,
  sleeps: [],
  exiting: false,
  ...more,
});

/** A kernel that does what the test says. */
export interface FakeControl extends Control {
  readonly armed: FaultRule[];
  refuses: string | undefined;
}

export function fakeControl(events: readonly TraceEvent[] = sampleTrace()): FakeControl {
  const armed: FaultRule[] = [];
  const reports = (): FaultReport[] => armed.map((one) => ({ rule: one, crossings: 5, matched: 3, fired: 1 }));
  const control: FakeControl = {
    armed,
    refuses: undefined,
    arm: async (one) => {
      if (control.refuses === undefined || armed.length === 0) armed.push(one);
      else return { ok: true, value: control.refuses };
      return { ok: true, value: undefined };
    },
    disarm: async (id) => {
      const found = id === "*" || armed.some((one) => one.id === id);
      armed.splice(0, armed.length, ...armed.filter((one) => id !== "*" && one.id !== id));
      return { ok: true, value: found };
    },
    faults: async () => ({ ok: true, value: reports() }),
    files: async () => ({
      ok: true,
      value: {
        vfs: [entry(3), entry(4, { oob_data: 0, dev: "/dev/null", flags: 0, close_on_exec: true }), entry(5), entry(6)],
        companion: [entry(3, { tasks: [] }), entry(6, { tasks: [], file: 9 }), entry(7, { tasks: [], dev: "" })],
      },
    }),
    tasks: async () => ({
      ok: true,
      value: [
        thread("app", { pid: 1, files: 1, attached: false }),
        thread("rt", { pid: 2, files: 2, attached: false }),
        thread("going", { pid: 3, attached: false, exiting: true }),
        thread("rt", {
          priority: 50,
          oob: true,
          inband_switches: 2,
          oob_calls: 7,
          sleeps: [{ waits: "oob_wait", on: "fd=3 file=1" }],
        }),
        thread("weak"),
        thread("eth0.rx", { own: true, priority: 50, oob: true }),
      ],
    }),
    network: async () => ({
      ok: true,
      value: { devices: [], sockets: [], routes: [], neighbours: [], counters: [], oob_devices: [], vlan_maps: [] },
    }),
    call: async () => ({ ok: true, value: { ok: false, errno: "ENODEV" } }),
    follow: async (listener) => {
      listener(events);
      return { ok: true, value: undefined };
    },
    close: async () => undefined,
  };
  return control;
}

export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function fakeKernel(request: BootRequest, more: Partial<Kernel> = {}): Kernel {
  const listeners = new Set<(events: readonly TraceEvent[]) => void>();
  return {
    nodes: ["alpha"],
    seed: request.seed ?? 1n,
    houses: [
      { node: "alpha", house: "vfs", where: "worker 1" },
      { node: "alpha", house: "companion", where: "worker 2" },
    ],
    control: request.control[0] ?? "unix:.tenon/control.sock",
    onEvents: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tour: async () => {
      const events = sampleTrace();
      for (const listener of listeners) listener(events);
      return {
        ok: true,
        value: reportOf({ file: "experiments/tour.yaml", runtime: request.runtime, profile: request.profile }),
      };
    },
    failed: never<Trouble>(),
    stop: async () => undefined,
    ...more,
  };
}

const outOfOrder = async (): Promise<never> => {
  throw new Error("the test did not expect this call");
};

export const fakeBackend = (more: Partial<Backend> = {}): Backend => ({
  version: "0.1.0",
  controlAddress: "unix:.tenon/control.sock",
  served: { install_inband_fd: "companion", sys_open: "vfs" },
  matrix: {
    cells: () => [
      { point: "sock_oob_bind", effect: "skip", phase: "instead", side: "client", runtime: "simulated", state: "runs" },
    ],
    experiment: () => "kind: Experiment",
  },
  schemas: {
    experiment: { $id: "tenon/v1alpha1" },
    rules: { $id: "tenon/v1alpha1/rules" },
    world: { $id: "tenon/v1alpha1/world" },
  },
  benches: [{ name: "hooks", measures: "one hook call over each transport" }],
  load: async (files) => ({ ok: true, value: files.map((file) => info(file)) }),
  world: async (name) =>
    name === "pair"
      ? { ok: true, value: PAIR }
      : { ok: false, trouble: { kind: "invalid", lines: [`${name}: found no such file`] } },
  run: outOfOrder,
  reports: outOfOrder,
  boot: outOfOrder,
  control: outOfOrder,
  readTrace: outOfOrder,
  readBytes: outOfOrder,
  check: outOfOrder,
  convert: outOfOrder,
  lineOf: (event) => JSON.stringify(event),
  serve: outOfOrder,
  certificates: outOfOrder,
  bench: outOfOrder,
  keepDetails: async () => ".tenon/broke.txt",
  ...more,
});

/** What came of one command line. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal of plain text that remembers; ticks and Ctrl-C come by hand. */
export function fakeIo(more: Partial<Io> = {}) {
  const ctrlC = new AbortController();
  const ticks = new Set<() => void>();
  const said = { out: "", err: "" };
  let waiting: { readonly text: string; readonly act: () => void } | undefined;
  const io: Io = {
    stdout: (text) => {
      said.out += text;
      if (waiting === undefined || !said.out.includes(waiting.text)) return;
      const { act } = waiting;
      waiting = undefined;
      act();
    },
    stderr: (text) => void (said.err += text),
    isTTY: false,
    columns: 120,
    colour: false,
    unicode: true,
    every: (_ms, callback) => {
      ticks.add(callback);
      return () => void ticks.delete(callback);
    },
    stop: ctrlC.signal,
    ...more,
  };
  return {
    io,
    said,
    tick: () => ticks.forEach((callback) => callback()),
    ctrlC: () => ctrlC.abort(),
    /** Does something as soon as a text was written. */
    when: (text: string, act: () => void) => void (waiting = { text, act }),
  };
}

/** Runs one command line against a backend. */
export async function tenon(
  argv: readonly string[],
  backend: Partial<Backend> = {},
  screen: Partial<Io> = {},
): Promise<Told> {
  const { io, said } = fakeIo(screen);
  const code = await createProgram(fakeBackend(backend), io).run(argv);
  return { code, ...said };
}

/** A run that shows the sample and passes. */
export const passing: Backend["run"] = async (request) => {
  request.onEvents?.(sampleTrace());
  return { ok: true, value: reportOf(request) };
};
