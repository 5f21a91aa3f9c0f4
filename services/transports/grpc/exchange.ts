import { status, type Client, type ClientDuplexStream, type StatusObject } from "@grpc/grpc-js";
import type { Clock } from "../../abi/kit.ts";
import type { Answer, Invocation, Transport } from "../../boundary/invocation.ts";
import { lost } from "../answers.ts";
import { createInFlight, tableFull, type InFlight } from "../in-flight.ts";
import { asBytes, EXCHANGE_PATH } from "./channel.ts";
import type { Converter, WireCall } from "./convert.ts";
import { createFrameWriter, type FrameWriter } from "./frame-writer.ts";
import { answerOfStatus } from "./status.ts";
import { traceMetadata } from "./trace-metadata.ts";
import type { Road } from "./unary.ts";

/** What the fast road needs. */
export interface ExchangeOptions {
  readonly client: Client;
  readonly converter: Converter;
  readonly clock: Clock;
  /** Carries the calls when the peer does not know Exchange. */
  readonly unary: Transport;
}

/** The fast road, and how far it got. */
export interface ExchangeRoad extends Road {
  /** `unary` once the peer said that it does not know Exchange; that is for good. */
  state(): "none" | "exchange" | "unary";
}

/** One life of the stream. What arrives for one that ended is ignored. */
interface Stream {
  readonly call: ClientDuplexStream<Buffer, Buffer>;
  readonly inFlight: InFlight;
  readonly writer: FrameWriter<WireCall>;
  /** The peer took the stream. */
  accepted: boolean;
  /** It answered something on it, or granted something. */
  answered: boolean;
  /** How many calls it lets us have made on it, in all. */
  credit: number;
  /** How many we have made on it. */
  sent: number;
  ended: boolean;
}

/**
 * What may be sent before the first word of the peer: enough for a caller in a hurry, and not more than any peer takes. One
 * that has said something, and nothing of credits, knows none: then our own table is the only bound.
 */
const FIRST_CALLS = 256;

/**
 * The calling end of the fast road: one long-lived stream, opened by the first call and again by the next one after it
 * broke. What was in flight when it broke is lost, since nobody knows what the peer did of it; only a peer that turned
 * the stream down at once has seen nothing, so those calls go on over the unary methods.
 */
export function exchangeRoad({ client, converter, clock, unary }: ExchangeOptions): ExchangeRoad {
  let stream: Stream | undefined;
  let unknownToPeer = false;
  let closed = false;

  function open(first: Invocation): Stream {
    const call = client.makeBidiStreamRequest(EXCHANGE_PATH, asBytes, asBytes, traceMetadata(first));
    const opened: Stream = {
      call,
      inFlight: createInFlight(clock),
      writer: createFrameWriter(
        (calls) => {
          opened.sent += calls.length;
          return call.write(converter.encodeCalls(calls));
        },
        () => opened.credit - opened.sent,
        clock.turn?.bind(clock),
      ),
      accepted: false,
      answered: false,
      credit: FIRST_CALLS,
      sent: 0,
      ended: false,
    };
    call.on("metadata", () => (opened.accepted = true));
    call.on("data", (frame: Buffer) => receive(opened, frame));
    call.on("drain", () => opened.writer.drained());
    // The same again, but for every end; an "error" without a listener would be thrown.
    call.on("status", (ending: StatusObject) => onStatus(opened, ending));
    call.on("error", () => undefined);
    return opened;
  }

  function end(ending: Stream, each: (waiting: ReturnType<InFlight["takeAll"]>[number]) => void): void {
    if (ending.ended) return;
    ending.ended = true;
    ending.writer.stop();
    if (stream === ending) stream = undefined;
    for (const waiting of ending.inFlight.takeAll()) each(waiting);
  }

  function reset(ending: Stream, answer: Answer): void {
    end(ending, ({ settle }) => settle(answer));
    ending.call.cancel();
  }

  function onStatus(ending: Stream, { code, details }: StatusObject): void {
    const answer =
      code === status.OK ? lost("unreachable", "the peer ended the stream") : answerOfStatus({ code, details });
    if (answer.kind !== "unserved") {
      end(ending, ({ settle }) => settle(answer));
    } else if (ending.answered) {
      end(ending, ({ settle }) => settle(lost("unreachable", `the peer gave the stream up: ${details}`)));
    } else {
      unknownToPeer = true;
      end(ending, ({ invocation, settle }) => void unary(invocation).then(settle));
    }
  }

  function receive(from: Stream, frame: Buffer): void {
    if (from.ended) return;
    const decoded = converter.decodeAnswers(frame);
    if (!decoded.ok) {
      reset(from, lost("garbled", decoded.reason));
      return;
    }
    const { answers, credit } = decoded.value;
    if (credit > 0) from.credit = Math.max(from.credit, credit);
    else if (!from.answered) from.credit = Infinity;
    from.accepted = from.answered = true;
    from.writer.allowed();
    for (const answer of answers) {
      const waiting = from.inFlight.take(answer.correlation);
      if (waiting !== undefined) {
        waiting.settle(converter.decodeAnswer(waiting.invocation.point, answer));
      } else if (!from.inFlight.issued(answer.correlation)) {
        // Whose answer it was meant to be cannot be known, so none of the others can be trusted either.
        reset(from, lost("garbled", `the peer answered call ${answer.correlation}, which was never made`));
        return;
      }
    }
  }

  return {
    transport: (invocation) =>
      new Promise((settle) => {
        if (unknownToPeer) {
          void unary(invocation).then(settle);
          return;
        }
        const message = converter.encodeCall(invocation);
        if (!message.ok) {
          settle(lost("rejected", message.reason));
          return;
        }
        if (closed) {
          settle(lost("unreachable", "the connection is closed"));
          return;
        }
        stream ??= open(invocation);
        const correlation = stream.inFlight.add(invocation, settle);
        if (correlation === undefined) settle(tableFull());
        else stream.writer.push({ correlation, point: invocation.point, message: message.value });
      }),
    state: () => (unknownToPeer ? "unary" : stream?.accepted === true ? "exchange" : "none"),
    close() {
      closed = true;
      if (stream !== undefined) reset(stream, lost("unreachable", "the connection was closed here"));
    },
  };
}
