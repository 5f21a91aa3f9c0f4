/*
 * What a core tells of itself. A core may leave all of this out: then it is judged by what its callers see. With it every rule
 * about the inside of a core is checked, and an experiment can wait for what happens there.
 */
import type { Answer, Point, Request, Slice } from "./hooks.ts";

const EVENTS_MAX = 32_768;
const ANSWER_MAX = 2_048;
/** What follows the first event so soon goes along. */
const GATHER_MS = 5;
const RETURNED = ["fd", "count", "value", "pid", "revents", "taken"];
/** The errnos that this core answers, as Linux numbers them. */
const ERRNO: Readonly<Record<string, number>> = {
  EPERM: 1,
  EINTR: 4,
  EBADF: 9,
  EAGAIN: 11,
  EBUSY: 16,
  EINVAL: 22,
  ENOTTY: 25,
  EIDRM: 43,
  ETIMEDOUT: 110,
  ENOIOCTLCMD: 515,
};

/** Where something is in the trace. */
export interface Where {
  readonly stage: string;
  readonly locks: readonly string[];
  readonly span: number;
  readonly parent: number;
  readonly trace: number;
}

/** An event as it travels (protos/tenon/events/v1/event.proto); `node`, `service` and `time_ns` are left to the lab. */
type Event = Readonly<Record<string, unknown>>;

export interface Recorder {
  enter(point: Point, request: Request): Where;
  exit(where: Where, point: Point, request: Request, answer: Answer, errno: string): void;
  fact(where: Where, name: string, slice: Slice, args: Slice): void;
  /** A call came once more, and is answered from memory. */
  repeated(point: Point, request: Request): void;
  /** The Lamport clock: counts on, and is never behind what callers say. */
  stamp(): number;
  merge(lamport: number): void;
  /** Takes events, once there are any. */
  take(max: number, waitNs: number): Promise<Event[]>;
  /** How many were overwritten before anybody took them. */
  dropped(): number;
}

const isScalar = (value: unknown): value is Slice[string] => ["number", "string", "boolean"].includes(typeof value);

const fieldsOf = (named: Slice): object[] =>
  Object.entries(named).map(([name, value]) => ({
    name,
    [typeof value === "number" ? "number" : typeof value === "string" ? "text" : "flag"]: value,
  }));

/** What of a message an event shows: numbers and texts, and bytes as text. */
function shown(message: object): Slice {
  const fields = Object.entries(message).map(
    ([name, value]) => [name, Buffer.isBuffer(value) ? value.toString() : (value as unknown)] as const,
  );
  return Object.fromEntries(fields.filter((field): field is [string, Slice[string]] => isScalar(field[1])));
}

/** The slice that the contract names, and the current task. */
function sliceOf({ slice = [] }: Point, request: Request): Slice {
  const { task, files } = request.header;
  // A message that has a table of its own means that one.
  const all = new Map<string, unknown>([["files", files], ...Object.entries(request)]);
  const keys = (typeof slice === "string" ? [slice] : slice).map((key) => [key, all.get(key)] as const);
  return {
    ...Object.fromEntries(keys.filter((one): one is [string, Slice[string]] => isScalar(one[1]))),
    ...(task !== "" && { task }),
  };
}

/** What Linux would return. */
function retOf(answer: Answer, errno: string): number {
  if (errno !== "") return -(ERRNO[errno] ?? 1);
  const value = RETURNED.map((name) => answer[name]).find((one) => one !== undefined);
  const { data } = answer;
  return Number(value ?? (Buffer.isBuffer(data) ? data.length : 0));
}

export function createRecorder(): Recorder {
  const events: Event[] = [];
  let [seq, lamport, spans, dropped] = [0, 0, 0, 0];
  let arrived = (): void => undefined;

  const stamp = (): number => ++lamport;
  function record(where: Where, point: string, phase: string, slice: Slice, args: Slice, ret?: number): void {
    const told = { ...where, slice: fieldsOf(slice), args: fieldsOf(args), ...(ret !== undefined && { ret }) };
    events.push({ seq: ++seq, lamport: stamp(), point, phase: `PHASE_${phase}`, ...told });
    if (events.length > EVENTS_MAX) {
      events.shift();
      dropped += 1;
    }
    arrived();
  }

  return {
    stamp,
    merge: (other) => (lamport = Math.max(lamport, other)),
    enter(point, request) {
      const { stage, locks, span: parent, trace } = request.header;
      // From 1 on: the lab puts these numbers beside those of the other houses.
      const span = ++spans;
      const where: Where = { stage, locks, span, parent, trace: trace === 0 ? span : trace };
      record(where, point.name, "ENTER", sliceOf(point, request), shown(request));
      return where;
    },
    exit(where, point, request, answer, errno) {
      record(where, point.name, "EXIT", sliceOf(point, request), shown(answer), retOf(answer, errno));
    },
    fact: (where, name, slice, args) => record(where, name, "FACT", slice, args),
    repeated(point, request) {
      const { stage, locks, span, trace, id } = request.header;
      const where: Where = { stage, locks, span, parent: 0, trace };
      record(where, "repeated", "FACT", sliceOf(point, request), { point: point.name, id });
    },
    async take(max, waitNs) {
      if (events.length === 0 && waitNs > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, waitNs / 1e6);
          arrived = () => void setTimeout(resolve, GATHER_MS);
        });
        clearTimeout(timer);
        arrived = () => undefined;
      }
      return events.splice(0, Math.min(max === 0 ? ANSWER_MAX : max, ANSWER_MAX));
    },
    dropped: () => dropped,
  };
}
