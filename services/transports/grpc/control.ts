import { Metadata, status, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { assert } from "../../abi/assert.ts";
import {
  CONTRACT,
  type FaultRule,
  type PointArgs,
  type PointsFrom,
  type PointsTo,
  type RunExperimentRequest,
} from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { controlInvocation, type Answer, type Reply } from "../../boundary/invocation.ts";
import { lost, type Attempt } from "../answers.ts";
import { eventFromWire, isLost } from "../event-wire.ts";
import type { TlsIdentity } from "../tls/identity.ts";
import { bearer } from "../tls/token.ts";
import { asBytes, clientOptions, pathOf, STREAM_EVENTS_PATH } from "./channel.ts";
import { answered, createConverter } from "./convert.ts";
import { dial } from "./dial.ts";
import { holdTaskOn, type HeldTask, type TaskOfNode } from "./hold-task.ts";
import { loadProtos, type Protos } from "./load.ts";
import { runExperimentOn, type RunningExperiment } from "./run-experiment.ts";
import { answerOfStatus, endingInWords } from "./status.ts";
import { AUTHORIZATION } from "./token-guard.ts";

/** Events that are coming in. */
interface EventStream {
  /** Why it ended, in one line; undefined when it was stopped here or the kernel ended it in good order. Never rejects. */
  readonly ended: Promise<string | undefined>;
  stop(): void;
}

/** What a control client may need, beside the address. */
export interface ControlClientOptions {
  readonly protos?: Protos;
  /** Who we are to a kernel on another host. */
  readonly tls?: TlsIdentity | undefined;
  /** What we show there. */
  readonly token?: string | undefined;
}

/** The control of a running kernel. A call that is lost says in one line why, for people. */
export interface ControlClient {
  armFault(rule: FaultRule): Promise<Reply<"ctl_arm_fault">>;
  disarmFault(id: string): Promise<Reply<"ctl_disarm_fault">>;
  listFaults(): Promise<Reply<"ctl_list_faults">>;
  listFiles(): Promise<Reply<"ctl_list_files">>;
  listTasks(): Promise<Reply<"ctl_list_tasks">>;
  listNetwork(): Promise<Reply<"ctl_list_network">>;
  /** Makes a call as a task there. @param files its file table; 0 for calls that need none. */
  callTask<P extends PointsFrom["task"]>(
    who: { readonly node: string; readonly task: string; readonly files: number },
    point: P,
    args: PointArgs[P],
  ): Promise<Reply<P>>;
  /** Holds a task there: it exits when it is let go, and when this program is gone. One line says why it cannot be held. */
  holdTask(which: TaskOfNode): Promise<Attempt<HeldTask>>;
  takeEvents(max: number, waitNs: number): Promise<Reply<"ctl_take_events">>;
  /** Calls back with every batch of events; `points` leaves out all others, an empty list nothing. */
  streamEvents(onEvents: (events: readonly TraceEvent[]) => void, points?: readonly string[]): EventStream;
  /** Runs an experiment there, and calls back with every batch of its events. */
  runExperiment(request: RunExperimentRequest, onEvents: (events: readonly TraceEvent[]) => void): RunningExperiment;
  close(): void;
}

/**
 * Connects to a kernel's control service. Nobody is asked before the first call, which says if nothing runs there.
 * Every call ends after its point's deadline at the latest.
 */
export function connectControl(address: string, options: ControlClientOptions = {}): ControlClient {
  const { protos = loadProtos(), tls, token } = options;
  const converter = createConverter(protos);
  const dialled = dial(
    address,
    tls,
    clientOptions(({ deadlineMs }) => deadlineMs),
  );

  // To another machine it goes by TLS or not at all: dial sees to that.
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(AUTHORIZATION, bearer(token));

  const wordsFor = (ending: Pick<StatusObject, "code" | "details">, heard: boolean): string =>
    endingInWords({ address, hasToken: token !== undefined, heard }, ending);

  function inWords(error: ServiceError): Answer {
    const answer = answerOfStatus(error);
    return lost(answer.kind === "lost" ? answer.why : "unreachable", wordsFor(error, false));
  }

  function call<P extends PointsTo["any"]>(point: P, args: PointArgs[P]): Promise<Reply<P>> {
    return new Promise<Answer>((settle) => {
      const request = converter.encodeCall(controlInvocation(point, args, "control"));
      if (!dialled.ok) settle(lost("unreachable", dialled.reason));
      else if (!request.ok) settle(lost("rejected", request.reason));
      else
        dialled.value.makeUnaryRequest(pathOf(point), asBytes, asBytes, request.value, metadata, (error, message) => {
          if (error !== null) settle(inWords(error));
          else if (message === undefined) settle(lost("garbled", `${address}: the answer is empty`));
          else settle(converter.decodeAnswer(point, answered(message)));
        });
    }) as Promise<Reply<P>>;
  }

  return {
    armFault: (rule) => call("ctl_arm_fault", { rule }),
    disarmFault: (id) => call("ctl_disarm_fault", { id }),
    listFaults: () => call("ctl_list_faults", {}),
    listFiles: () => call("ctl_list_files", {}),
    listTasks: () => call("ctl_list_tasks", {}),
    listNetwork: () => call("ctl_list_network", {}),
    async callTask<P extends PointsFrom["task"]>(
      who: { readonly node: string; readonly task: string; readonly files: number },
      point: P,
      args: PointArgs[P],
    ): Promise<Reply<P>> {
      const message = converter.encodeCall(controlInvocation(point, args, "control"));
      if (!message.ok) return { kind: "lost", why: "rejected", reason: message.reason };
      const reply = await call("ctl_call", { ...who, point, message: message.value });
      if (reply.kind !== "returned") return reply;
      const { value } = reply;
      if (value.lost !== "") {
        const why = isLost(value.lost) ? value.lost : "garbled";
        return { kind: "lost", why, reason: `${address}: ${point} was lost: ${why}` };
      }
      const answer = converter.decodeAnswer(point, answered(Buffer.from(value.message)));
      assert(answer.kind !== "unserved", "a message is an answer");
      return answer as Reply<P>;
    },
    holdTask: (which) =>
      dialled.ok ? holdTaskOn(dialled.value, protos, metadata, wordsFor, which) : Promise.resolve(dialled),
    takeEvents: (max, waitNs) => call("ctl_take_events", { max, wait_ns: waitNs }),

    streamEvents(onEvents, points = []) {
      const request = converter.encodeSubscription(points);
      if (!dialled.ok) return { ended: Promise.resolve(dialled.reason), stop: () => undefined };
      if (!request.ok) return { ended: Promise.resolve(request.reason), stop: () => undefined };
      const stream = dialled.value.makeServerStreamRequest(
        STREAM_EVENTS_PATH,
        asBytes,
        asBytes,
        request.value,
        metadata,
      );
      let stopped = false;
      let heard = false;
      let garbled: string | undefined;
      stream.on("metadata", () => (heard = true));
      stream.on("data", (message: Buffer) => {
        const events = converter.decodeEvents(message);
        if (events.ok) {
          onEvents(events.value.map(eventFromWire).filter((event) => event !== undefined));
          return;
        }
        garbled = events.reason;
        stream.cancel();
      });
      stream.on("error", () => undefined);
      return {
        ended: new Promise((resolve) => {
          stream.on("status", (ending: StatusObject) => {
            if (stopped || (ending.code === status.OK && garbled === undefined)) resolve(undefined);
            else resolve(garbled ?? wordsFor(ending, heard));
          });
        }),
        stop() {
          stopped = true;
          stream.cancel();
        },
      };
    },

    runExperiment: (request, onEvents) =>
      dialled.ok
        ? runExperimentOn(dialled.value, protos, metadata, (ending) => wordsFor(ending, true), request, onEvents)
        : { outcome: Promise.resolve(dialled), stop: () => undefined },

    close() {
      if (dialled.ok) dialled.value.close();
    },
  };
}

/** The points of the control service. */
export const CONTROL_POINTS: readonly PointsTo["any"][] = Object.values(CONTRACT)
  .map(({ name }) => name)
  .filter((name): name is PointsTo["any"] => CONTRACT[name].to === "any");
