import type {
  FaultReport,
  FaultRule,
  FileEntry,
  House,
  PointArgs,
  PointName,
  PointsFrom,
  PointValues,
  TaskEntry,
} from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Latencies } from "../abi/latencies.ts";
import type { Profile } from "../abi/profile.ts";
import type { Result } from "../abi/result.ts";
import type { Topology } from "../abi/topology.ts";
import type { Converted, ConvertRequest } from "./convert-request.ts";
import type { CertificatesOrder, PeerCertificate } from "./certificates.ts";
import type { BenchReport, BenchRequest } from "./bench-report.ts";
import type {
  CheckReport,
  CheckRequest,
  ExpectationReport,
  FaultSight,
  RuleReport,
  StepReport,
  Verdict,
} from "./judged.ts";

/** Where an experiment can run; the last two can also be left running by `tenon up`. */
export const RUNTIMES = ["simulated", "embedded", "distributed"] as const;

/** Where an experiment runs. */
export type RuntimeName = (typeof RUNTIMES)[number];

/** What processes can speak over: unix sockets in a private folder, or TCP on the loopback address. */
export const ROADS = ["unix", "tcp"] as const;

/** What processes speak over. */
export type Road = (typeof ROADS)[number];

/** How frames can travel between processes: the best way there is, or gRPC streams only. */
export const FRAME_ROADS = ["auto", "stream"] as const;

/** How frames travel between processes. */
export type FrameRoad = (typeof FRAME_ROADS)[number];

/** What the command line asked for, or why it cannot be had. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

/** Why something cannot be done, for people. */
export interface Trouble {
  /** `invalid`: what the user gave is wrong (exit code 3). `broke`: Tenon itself could not go on (exit code 4). */
  readonly kind: "invalid" | "broke";
  /** One line for each thing that is wrong: where, what was found, what is allowed. */
  readonly lines: readonly string[];
  /** The file that tells more, where one was written. */
  readonly details?: string;
}

/** A cell of the matrix of faults: whether an effect can be at a point, in a phase of the crossing, on one of its sides. */
export interface FaultCell {
  readonly point: string;
  readonly effect: string;
  readonly phase: string;
  readonly side: string;
  readonly runtime: RuntimeName;
  readonly state: "runs" | "impossible";
  readonly reason?: string;
}

/** The matrix of faults. */
interface FaultMatrix {
  cells(): readonly FaultCell[];
  /** The experiment that shows a cell, as a file; undefined for a cell that is impossible, or is none. */
  experiment(cell: Pick<FaultCell, "point" | "effect" | "phase" | "side">): string | undefined;
}

/** All that the command line can ask for. `runtimes` implements it; a test puts a fake in its place. */
export interface Backend {
  readonly version: string;
  /** Where a kernel's control service listens unless it is said. */
  readonly controlAddress: string;
  /** The house that serves each point; a point left out is answered by its weak definition. */
  readonly served: Readonly<Partial<Record<PointName, House>>>;
  readonly matrix: FaultMatrix;
  /** The JSON Schemas of the files that people write, by what they hold. */
  readonly schemas: { readonly experiment: object; readonly rules: object; readonly world: object };
  /** The benchmarks that there are, with what each measures. */
  readonly benches: readonly { readonly name: string; readonly measures: string }[];
  /** Reads and checks experiment files, all of them before any is run. A folder stands for the files in it. */
  load(files: readonly string[]): Promise<Outcome<readonly ExperimentInfo[]>>;
  /** Reads a world: `pair`, `single`, or the name of a file. */
  world(name: string): Promise<Outcome<Topology>>;
  /** Runs one experiment once, in a world of its own that is gone afterwards. */
  run(request: RunRequest): Promise<Outcome<RunReport>>;
  /** Opens a folder for reports, which is made where there is none. What it held of earlier reports is compared with. */
  reports(folder: string): Promise<Outcome<Reports>>;
  /** Boots a kernel that stays until it is stopped. */
  boot(request: BootRequest): Promise<Outcome<Kernel>>;
  /** Reaches the control service of a running kernel. The trouble's line says only why nobody answered there. */
  control(address: string, access?: Access): Promise<Outcome<Control>>;
  /** Serves a place of a world, or of many, one after the other, until it is stopped. */
  serve(request: ServeRequest): Promise<Outcome<undefined>>;
  /**
   * Hands over the events of a trace file, a batch at a time; `-` is the standard input. Answers how many there were.
   */
  readTrace(
    file: string,
    take: (events: readonly TraceEvent[]) => void | Promise<void>,
    stop: AbortSignal,
  ): Promise<Outcome<number>>;
  /** Reads a file of so many bytes at most. The trouble's line says what was found in its place: `prog.o: found no such file`. */
  readBytes(file: string, most: number): Promise<Outcome<Uint8Array>>;
  /** Judges a trace, in one file or in several of one run, by the rules. */
  check(request: CheckRequest): Promise<Outcome<CheckReport>>;
  /** Makes something else of a trace file. */
  convert(request: ConvertRequest): Promise<Outcome<Converted>>;
  /** An event as a line of a trace file, without its end. */
  lineOf(event: TraceEvent): string;
  /** Sees to it that each peer has a certificate of a CA for development. */
  certificates(order: CertificatesOrder): Promise<Outcome<readonly PeerCertificate[]>>;
  /** Measures; calls back with what it is doing. */
  bench(request: BenchRequest): Promise<Outcome<BenchReport>>;
  /** Writes down what is known of a failure of Tenon itself; answers the file. */
  keepDetails(error: unknown): Promise<string>;
}

/** What is known of an experiment before it runs. */
export interface ExperimentInfo {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  /** The profiles that it applies to, in the order in which they are run. */
  readonly profiles: readonly Profile[];
  /** Where it is meant to run, if the file says it; the command line goes before that. */
  readonly mode?: RuntimeName;
  /** The profiles in which it is a sweep (`nth: each`): a run for each crossing of its fault. */
  readonly sweeps?: readonly Profile[];
  /** The bad core that it is about; absent: the reference core, or whichever stands in its place. */
  readonly badCore?: string;
}

/** One run of a sweep, and what those before it have used of the budget that they share. */
export interface SweepTurn {
  readonly nth: number;
  readonly crossings: number;
  readonly ns: number;
}

/** What opens a door on the network. */
export interface Access {
  /** The folder of the TLS identity. */
  readonly tls?: string;
  /** The file with the token of the control service. */
  readonly tokenFile?: string;
}

/** A place that is to be served. */
export interface ServeRequest extends Pick<Access, "tls"> {
  readonly listen: readonly string[];
  /** The folder for memory that the places of one node share. */
  readonly shm?: string;
  /** Called once it listens, with where. */
  readonly onListening: (addresses: readonly string[]) => void;
  readonly stop: AbortSignal;
}

/** One run. */
export interface RunRequest extends Access {
  readonly file: string;
  readonly runtime: RuntimeName;
  readonly profile: Profile;
  /** Absent: the seed of the file. */
  readonly seed?: bigint;
  /** Companion cores that take the place of built-in ones: `ADDRESS` on the first node, or `NODE=ADDRESS`. */
  readonly core?: readonly string[];
  /** What the processes of a distributed kernel speak over; absent: unix sockets. */
  readonly over?: Road;
  /** How frames travel between its processes; absent: the best way there is. */
  readonly frames?: FrameRoad;
  /** Absent: the world of the file. */
  readonly world?: Topology;
  /** What the world was called on the command line. */
  readonly worldName?: string;
  /** The control service of the kernel that it runs on; absent: on one of its own. */
  readonly control?: string;
  /** Which run of its sweep, where the experiment is one; absent: the first. */
  readonly sweep?: SweepTurn;
  /** Where the trace is written, as JSON Lines. */
  readonly traceFile?: string;
  /** Whether the frames of every NIC are captured to files beside it. */
  readonly traceFrames?: boolean;
  /** Where a collector takes the traces of the run, over OTLP/HTTP. */
  readonly otlp?: string;
  /** The share of the traces without fault and error that is sent; absent: all. */
  readonly sample?: number;
  /** The events of the run; called before the report is there. */
  readonly onEvents?: (events: readonly TraceEvent[]) => void;
  /** Aborted when the user wants to stop. */
  readonly stop: AbortSignal;
}

/** What a measure came to: of all times, and of those before, during and after a freeze of an in-band stage. */
export interface MeasureReport {
  readonly name: string;
  readonly title?: string;
  /** How often it began and did not end. */
  readonly unfinished: number;
  readonly all?: Latencies;
  readonly before?: Latencies;
  readonly during?: Latencies;
  readonly after?: Latencies;
}

/** What came of a run. */
export interface RunReport {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly runtime: RuntimeName;
  readonly profile: Profile;
  readonly seed: bigint;
  readonly verdict: Verdict;
  /** Which run of a sweep it is, whether it is the last one, and what all so far used of the budget. */
  readonly sweep?: SweepTurn & { readonly fault: string; readonly over: boolean };
  /** One sentence: why it failed, or why nobody can tell; empty for a pass. */
  readonly why: string;
  readonly steps: readonly StepReport[];
  readonly faults: readonly FaultReport[];
  /** What shows that those faults happened which did. */
  readonly evidence: readonly FaultSight[];
  readonly expectations: readonly ExpectationReport[];
  /** What was measured, if anything was to be. */
  readonly measures?: readonly MeasureReport[];
  /** What the rules came to, of both profiles; those of the other one do not count. */
  readonly rules: readonly RuleReport[];
  /** How many events were recorded, and how many of them were overwritten before anybody took them. */
  readonly events: number;
  readonly dropped: number;
  /** How long it took in the world's own time, virtual or real. */
  readonly tookNs: number;
  /** The page that tells it, where one was written. */
  readonly page?: string;
}

/** A folder that the runs of an invocation are told in. */
export interface Reports {
  /** Runs an experiment as the backend does, and writes its page, with the run of the same seed without faults beside it. */
  run(request: RunRequest): Promise<Outcome<RunReport>>;
  /** Writes what speaks of all runs; answers the page to begin with. @param planned how many runs there were to be. */
  finish(planned: number): Promise<Outcome<string>>;
}

/** A kernel that is to be booted. */
export interface BootRequest extends Access {
  readonly runtime: Exclude<RuntimeName, "simulated">;
  readonly profile: Profile;
  readonly seed?: bigint;
  readonly core?: readonly string[];
  readonly over?: Road;
  readonly frames?: FrameRoad;
  /** Absent: the default world. */
  readonly world?: Topology;
  /** Where to listen; none: the usual address. */
  readonly control: readonly string[];
  /** The file that says where the places of the world are; absent: they are started here. */
  readonly places?: string;
  /** What is being waited for. */
  readonly onProgress: (line: string) => void;
  /** Where a collector takes its traces, over OTLP/HTTP; absent: nowhere. */
  readonly otlp?: string;
  /** Where its metrics are served, `host:port`; absent: nowhere. */
  readonly metrics?: string;
  /** The share of the traces without fault and error that is sent; absent: all. */
  readonly sample?: number;
  readonly stop: AbortSignal;
}

/** A kernel that runs; several of them, where the world has several nodes. */
export interface Kernel {
  /** The names of its nodes. */
  readonly nodes: readonly string[];
  readonly seed: bigint;
  /** The houses and where each runs, such as `worker 2`, `process 4711`, or an address; switches by name among them. */
  readonly houses: readonly { readonly node: string; readonly house: House | "switch"; readonly where: string }[];
  readonly control: string;
  /** Where its metrics are served, if they are. */
  readonly metrics?: string;
  /** Calls back with every batch of events; answers how to stop that. */
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  /** Runs the tour on it, as often as one likes. Resolves after the last of its events was handed to the listeners. */
  tour(stop: AbortSignal): Promise<Outcome<RunReport>>;
  /** Resolves when it cannot go on although nobody stopped it. */
  readonly failed: Promise<Trouble>;
  /** Stops every thread and process of it. */
  stop(): Promise<void>;
}

/** What all houses of all nodes know of the network; each thing says which node and house knows it so. */
export type Network = PointValues["ctl_list_network"];

/** The control service of a kernel that runs elsewhere. */
export interface Control {
  /** Arms a rule; answers why it was refused, or undefined. */
  arm(rule: FaultRule): Promise<Outcome<string | undefined>>;
  /** Disarms one rule, or all with `*`; false when there is none of that name. */
  disarm(id: string): Promise<Outcome<boolean>>;
  faults(): Promise<Outcome<readonly FaultReport[]>>;
  /** Each entry says its node. */
  files(): Promise<Outcome<{ readonly vfs: readonly FileEntry[]; readonly companion: readonly FileEntry[] }>>;
  /** The VFS's tasks and the core's threads; each entry says its node. */
  tasks(): Promise<Outcome<readonly TaskEntry[]>>;
  network(): Promise<Outcome<Network>>;
  /** Makes a call as a task of a node. @param files its file table; 0 for calls that need none. */
  call<P extends PointsFrom["task"]>(
    who: { readonly node: string; readonly task: string; readonly files: number },
    point: P,
    args: PointArgs[P],
  ): Promise<Outcome<Result<PointValues[P]>>>;
  /**
   * Calls back with every batch of events until it is stopped, or until the kernel ends.
   *
   * @param points only events of these; absent: of all.
   */
  follow(
    listener: (events: readonly TraceEvent[]) => void,
    stop: AbortSignal,
    points?: readonly string[],
  ): Promise<Outcome<undefined>>;
  close(): Promise<void>;
}
