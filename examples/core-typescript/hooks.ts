/*
 * What is between a core and gRPC: the contract, the header that every call carries, repeated calls, and the weak default.
 * @grpc/grpc-js and @grpc/proto-loader, and nothing of Tenon's own but its protos.
 */
import { readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Server, ServerCredentials, status, type handleUnaryCall, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync, type AnyDefinition } from "@grpc/proto-loader";
import { createRecorder, type Recorder, type Where } from "./events.ts";

/** Numbers and texts by name: what an event is about, or tells. */
export type Slice = Readonly<Record<string, number | string | boolean>>;

/** The header of every call (protos/tenon/boundary/v1/header.proto), as far as this core reads it. */
interface Header {
  readonly id: number;
  readonly settled: number;
  readonly caller: string;
  readonly stage: string;
  readonly locks: readonly string[];
  readonly trace: number;
  readonly span: number;
  readonly lamport: number;
  readonly task: string;
  readonly files: number;
  readonly origin: number;
}

/** The fields of the requests that this core reads; each message has some of them. */
export interface Request {
  readonly header: Header;
  readonly fd: number;
  readonly file: number;
  readonly files: number;
  readonly oob_data: number;
  readonly dev: string;
  readonly flags: number;
  readonly operation: string;
  readonly data: Buffer;
  readonly count: number;
  readonly cmd: number;
  readonly cap_sys_nice: boolean;
  readonly event: string;
  readonly subject: string;
  readonly events: number;
  readonly timeout_ns: number;
  readonly max: number;
  readonly wait_ns: number;
}

/** The fields of an answer; those that are left out are zero. */
export type Answer = Readonly<Record<string, unknown>>;

/** Who calls, and where it stands in the trace: what a hook is told beside its arguments. */
export interface Call extends Where {
  readonly task: string;
  readonly files: number;
  /** Tells of a change of state. `tenon hooks`' pages name the facts that rules know; others are shown in the trace. */
  fact(name: string, slice: Slice, args?: Slice): void;
}

/** The hooks that a core serves, by their names in the kernel. Each gives an Answer, or nothing, or a promise of that. */
export type Hooks = Readonly<Record<string, (args: Request, call: Call) => unknown>>;

/** The answer is an errno, such as EBADF. It travels in the reply: a refusal is no failed call. */
export class Refused extends Error {
  readonly errno: string;
  constructor(errno: string) {
    super(errno);
    this.errno = errno;
  }
}

/** The option on each rpc (protos/tenon/contract/v1/contract.proto), as proto-loader gives it. */
export interface Point {
  readonly name: string;
  readonly to: string;
  /** One key, or a list of them. */
  readonly slice?: string | readonly string[];
}

/** One life of one kernel: its core, what the core tells, and what it has answered, by caller and number of the call. */
interface Kernel {
  readonly hooks: Hooks;
  readonly recorder: Recorder;
  readonly answers: Map<string, Map<number, Promise<Answer>>>;
}

const PROTOS = join(process.cwd(), "protos");

const isService = (one: AnyDefinition): one is ServiceDefinition & AnyDefinition => !("format" in one);
const pointOf = (options: unknown): Point | undefined =>
  (options as Readonly<Record<string, Point | undefined>>)["(tenon.contract.v1.hook)"];

/** The rpcs of the protos, with the contract of each. */
function readContract(
  protos: string,
): { readonly service: ServiceDefinition; readonly method: string; readonly point: Point }[] {
  const files = readdirSync(protos, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".proto"));
  const loaded = loadSync(files, {
    includeDirs: [protos],
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  return Object.values(loaded)
    .filter(isService)
    .flatMap((service) =>
      Object.entries(service).flatMap(([method, definition]) => {
        const point = pointOf((definition as { options?: unknown }).options ?? {});
        return point === undefined ? [] : [{ service, method, point }];
      }),
    );
}

/** A core that was killed leaves its socket behind, on which nobody answers. */
async function removeStaleSocket(address: string): Promise<void> {
  if (!address.startsWith("unix:")) return;
  const path = address.slice("unix:".length);
  await new Promise<void>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve();
    });
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") rmSync(path);
      resolve();
    });
  });
}

/**
 * Serves a core. A point that it leaves out is not registered, so that gRPC says UNIMPLEMENTED: the weak default.
 *
 * @param create makes a core that knows nothing: once for each kernel, which a number tells from the one that ran before (`origin`).
 */
export async function serve(address: string, create: () => Hooks, protos = PROTOS): Promise<Server> {
  const begin = (): Kernel => ({ hooks: create(), recorder: createRecorder(), answers: new Map() });
  let [origin, kernel] = [0, begin()];
  const kernelOf = (header: Header): Kernel => {
    if (header.origin !== 0 && header.origin !== origin) [origin, kernel] = [header.origin, begin()];
    return kernel;
  };

  /** Lets the core act, once for each call: one that comes again is answered as before. */
  function once(point: Point, request: Request): Promise<Answer> {
    const { header } = request;
    const { hooks, recorder, answers } = kernelOf(header);
    recorder.merge(header.lamport);
    const known = answers.get(header.caller) ?? new Map<number, Promise<Answer>>();
    answers.set(header.caller, known);
    for (const id of known.keys()) if (id <= header.settled) known.delete(id);
    const former = header.id === 0 ? undefined : known.get(header.id);
    if (former !== undefined) {
      recorder.repeated(point, request);
      return former;
    }
    const answer = act(hooks[point.name], point, request, recorder);
    if (header.id !== 0) known.set(header.id, answer);
    return answer;
  }

  async function act(
    hook: Hooks[string] | undefined,
    point: Point,
    request: Request,
    recorder: Recorder,
  ): Promise<Answer> {
    const where = recorder.enter(point, request);
    const { task, files } = request.header;
    const call: Call = {
      ...where,
      task,
      files,
      fact: (name, slice, args = {}) => recorder.fact(where, name, slice, args),
    };
    let answer: Answer;
    let errno = "";
    try {
      answer = ((await hook?.(request, call)) ?? {}) as Answer;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      [answer, errno] = [{}, error.errno];
    }
    recorder.exit(where, point, request, answer, errno);
    return { ...answer, header: { lamport: recorder.stamp(), ...(errno !== "" && { errno: `ERRNO_${errno}` }) } };
  }

  async function takeEvents({ header, max, wait_ns }: Request): Promise<Answer> {
    const { recorder } = kernelOf(header);
    return { events: await recorder.take(max, wait_ns), dropped: recorder.dropped() };
  }

  const server = new Server();
  const services = new Map<ServiceDefinition, Record<string, handleUnaryCall<Request, Answer>>>();
  for (const { service, method, point } of readContract(protos)) {
    const answer = point.name === "ctl_take_events" ? takeEvents : (request: Request) => once(point, request);
    if (point.name !== "ctl_take_events" && !(point.to === "HOUSE_COMPANION" && point.name in kernel.hooks)) continue;
    const methods = services.get(service) ?? {};
    services.set(service, methods);
    methods[method] = ({ request }, respond) => {
      answer(request).then(
        (value) => respond(null, value),
        // A mistake of the core's own: the caller sees that its call was lost.
        (error: unknown) => respond({ code: status.INTERNAL, details: `${point.name}: ${String(error)}` }),
      );
    };
  }
  for (const [service, methods] of services) server.addService(service, methods);
  await removeStaleSocket(address);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return server;
}
