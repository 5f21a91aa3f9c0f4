import type { House, PointName } from "../../services/abi/contract.generated.ts";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { SEQS_PER_LIFE, type Ending, type TraceEvent } from "../../services/abi/event.ts";
import type { SpanWorld } from "../../services/telemetry/span.ts";

export const WORLD: SpanWorld = {
  origin: 5,
  bootUnixNs: 1_700_000_000_000_000_123n,
  profile: "documented",
  seed: 7n,
  runtime: "distributed",
  version: "1.2.3",
};

const NS = 1e9;
/** A moment of whoever feeds telemetry. */
export const seconds = (count: number): number => count * NS;

/** What a test says of an event; the rest is made up. */
interface Said {
  readonly node?: string;
  readonly span: number;
  readonly parent?: number;
  readonly trace?: number;
  readonly life?: number;
  readonly slice?: TraceEvent["slice"];
  readonly args?: TraceEvent["args"];
}

/** A pen whose houses count in their own lives. */
export function createPen() {
  const counts = new Map<string, number>();
  let stamp = 0;
  const write = (
    service: House,
    point: string,
    phase: TraceEvent["phase"],
    said: Said,
    ending: Ending = {},
  ): TraceEvent => {
    const { node = "alpha", span, parent = 0, trace = 1, life = 1, slice = {}, args = {} } = said;
    const line = `${node}/${service}#${life}`;
    const seq = (counts.get(line) ?? (life - 1) * SEQS_PER_LIFE) + 1;
    counts.set(line, seq);
    stamp++;
    const rest = { node, service, stage: "inband" as const, point, phase, span, parent, trace, slice, args, locks: [] };
    return { seq, lamport: stamp, timeNs: stamp * 1000, ...rest, ...ending };
  };
  return {
    fact: (service: House, point: string, said: Said) => write(service, point, "fact", said),
    enter: (service: House, point: PointName, said: Said) => write(service, point, "enter", said),
    exit: (service: House, point: PointName, said: Said, ending: Ending = { ret: 0 }) =>
      write(service, point, "exit", said, ending),
    /** A call that is answered: what is inside it, and both of its sides around that. */
    call(point: PointName, said: Said, inside: (server: number) => TraceEvent[] = () => []): TraceEvent[] {
      const { from, to } = CONTRACT[point];
      const server = { ...said, span: said.span + 1, parent: said.span };
      return [
        write(from, point, "enter", said),
        write(to, point, "enter", server),
        ...inside(server.span),
        write(to, point, "exit", server, { ret: 0 }),
        write(from, point, "exit", said, { ret: 0 }),
      ];
    },
  };
}

/** An open of a task, down to the core: three calls, six spans, four houses' events. */
export function openedFile(trace: number): TraceEvent[] {
  const { call, fact } = createPen();
  return call("sys_open", { trace, span: trace }, (vfs) => [
    fact("vfs", "fd_reserve", { trace, span: vfs, parent: trace, slice: { fd: 3 } }),
    ...call("oob_open_file", { trace, span: trace + 10, parent: vfs }),
    ...call("install_inband_fd", { trace, span: trace + 20, parent: vfs }, (core) => [
      fact("companion", "index_add", { trace, span: core, parent: trace + 20 }),
    ]),
  ]);
}
