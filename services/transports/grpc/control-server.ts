import { Metadata, status, type Server, type ServerWritableStream } from "@grpc/grpc-js";
import type { Event, PointArgs, PointName, PointsTo } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { LIMITS } from "../../abi/limits.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { failed, unserved, type Attempt } from "../answers.ts";
import { eventToWire } from "../event-wire.ts";
import { reachesFar } from "./address.ts";
import { asBytes, STREAM_EVENTS_PATH } from "./channel.ts";
import { CONTROL_POINTS } from "./control.ts";
import { createConverter, type Converter } from "./convert.ts";
import { serveHolds, type HoldTask } from "./hold-task.ts";
import { serveKsock, type KsockService } from "./ksock-server.ts";
import { listen, type Listening, type ListenOptions } from "./listen.ts";
import { loadProtos, type Protos } from "./load.ts";
import { serveExperiments, type ExperimentService } from "./run-experiment.ts";
import { refusal } from "./status.ts";
import { createReplier, registerUnary } from "./server.ts";
import { tokenGuard } from "./token-guard.ts";

/** What a kernel does when it is controlled. */
export interface ControlService {
  /** A call that is left out answers UNIMPLEMENTED. */
  readonly calls: { readonly [P in PointsTo["any"]]?: (args: PointArgs[P]) => Promise<Outcome<P>> };
  /** Calls back with every batch of events, until the function that it returns is called. */
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  /** Runs experiments; a kernel without it answers UNIMPLEMENTED. */
  readonly experiments?: ExperimentService;
  /** Holds tasks for programs; a kernel without it answers UNIMPLEMENTED. */
  readonly holdTask?: HoldTask;
  /** Its kernel sockets, for programs in any language; a kernel without them answers UNIMPLEMENTED. */
  readonly ksock?: KsockService;
}

/** Where it is served. */
export interface ControlServerOptions extends ListenOptions {
  readonly service: ControlService;
  /** What every caller must show, wherever it calls from; needed where other hosts reach the service. */
  readonly token?: string | undefined;
  readonly protos?: Protos;
}

type Act = (args: object) => Promise<Outcome<PointName>>;

/** A batch as messages that fit, each half the size until they do. An event that fits no message is left out: its number is missing. */
const messagesOf = (converter: Converter, events: readonly Event[]): readonly Buffer[] => {
  const message = converter.encodeEvents(events);
  if (message.ok) return [message.value];
  if (events.length <= 1) return [];
  const middle = events.length >> 1;
  return [...messagesOf(converter, events.slice(0, middle)), ...messagesOf(converter, events.slice(middle))];
};

/** Sends events to one who listens. A listener that is too slow misses the oldest; the gap in `seq` tells it. */
function streamTo(
  stream: ServerWritableStream<Buffer, Buffer>,
  service: ControlService,
  converter: Converter,
): () => void {
  const subscription = converter.decodeSubscription(stream.request);
  if (!subscription.ok) {
    stream.emit("error", refusal(status.INVALID_ARGUMENT, subscription.reason));
    return () => undefined;
  }
  const points = new Set(subscription.value);
  let waiting: Event[] = [];
  let blocked = false;

  function flush(): void {
    if (blocked || waiting.length === 0) return;
    const messages = messagesOf(converter, waiting);
    waiting = [];
    for (const message of messages) blocked = !stream.write(message);
  }

  const stop = service.onEvents((events) => {
    const wanted = points.size === 0 ? events : events.filter(({ point }) => points.has(point));
    waiting = [...waiting, ...wanted.map(eventToWire)].slice(-LIMITS.eventRing);
    flush();
  });
  stream.on("drain", () => {
    blocked = false;
    flush();
  });
  stream.on("close", stop);
  // Tells the listener at once that somebody is here.
  stream.sendMetadata(new Metadata());
  return () => stream.end();
}

/**
 * Serves the control of a kernel, for the command line and for tools.
 *
 * @returns the server, or one line that says why it cannot listen there.
 */
export function serveControl(options: ControlServerOptions): Promise<Attempt<Listening>> {
  const { service, token, addresses, onRefused, protos = loadProtos() } = options;
  const far = addresses.find((address) => reachesFar(address));
  if (far !== undefined && token === undefined)
    return Promise.resolve(
      failed(
        `${far}: who controls a kernel from another machine must show a token: say with --token-file FILE where it is`,
      ),
    );
  const converter = createConverter(protos);
  const streams = new Set<() => void>();

  const serve: Transport = async ({ point, args }) => {
    const act = (service.calls as Readonly<Partial<Record<PointName, Act>>>)[point];
    if (act === undefined) return unserved();
    const outcome = await act(args);
    return outcome.ok
      ? { kind: "returned", value: outcome.value, lamport: 0 }
      : { kind: "refused", errno: outcome.errno, lamport: 0 };
  };

  let where = addresses.join(", ");
  const guards =
    token === undefined ? [] : [tokenGuard(token, (peer, why) => onRefused?.({ address: where, peer, why }))];

  const register = (server: Server): (() => void) => {
    registerUnary(server, CONTROL_POINTS, createReplier(converter, CONTROL_POINTS, serve));
    const handle = (stream: ServerWritableStream<Buffer, Buffer>): void => {
      const end = streamTo(stream, service, converter);
      streams.add(end);
      stream.on("close", () => streams.delete(end));
    };
    server.register(STREAM_EVENTS_PATH, handle, asBytes, asBytes, "serverStream");
    const stopExperiments = service.experiments && serveExperiments(server, protos, service.experiments);
    const stopHolds = service.holdTask && serveHolds(server, protos, service.holdTask);
    const stopKsock = service.ksock && serveKsock(server, protos, service.ksock);
    return () => {
      stopExperiments?.();
      stopHolds?.();
      stopKsock?.();
      for (const end of streams) end();
    };
  };
  return listen(options, register, guards).then((listening) => {
    if (listening.ok) where = listening.value.addresses.join(", ");
    return listening;
  });
}
