import {
  CONTRACT,
  type CallHeader,
  type Event,
  type PointName,
  type ReplyHeader,
  type Road,
} from "../../abi/contract.generated.ts";
import { assert } from "../../abi/assert.ts";
import type { Answer, Invocation } from "../../boundary/invocation.ts";
import { failed, lost, unserved, worked, type Attempt } from "../answers.ts";
import { tooLarge } from "../limit.ts";
import { createCodec } from "./codec.ts";
import type { Protos } from "./load.ts";

/** A call in a frame of the fast road. */
export interface WireCall {
  readonly correlation: number;
  readonly point: string;
  readonly message: Buffer;
}

/** What a receiver says to a call: the response message, or what happened on the road instead. */
export interface WireReply {
  /** undefined: the receiver answered, and `message` says what. */
  readonly road: Road | undefined;
  readonly message: Buffer;
  readonly reason: string;
}

/** A frame of the fast road, as the caller gets it. */
interface AnswerFrame {
  readonly answers: readonly WireAnswer[];
  /** How many calls the caller may have made on the stream so far; 0: nothing is said. */
  readonly credit: number;
}

/** An answer in a frame of the fast road. */
export interface WireAnswer extends WireReply {
  readonly correlation: number;
}

/**
 * Between what Tenon speaks of and the messages that travel: the one place that knows both. Nothing here throws; what
 * cannot be converted is answered with one line that names the field.
 */
export interface Converter {
  encodeCall(invocation: Invocation): Attempt<Buffer>;
  decodeCall(point: PointName, message: Buffer): Attempt<Invocation>;
  /** The arguments alone, whoever calls. */
  decodeArgs(point: PointName, message: Uint8Array): Attempt<object>;
  encodeAnswer(point: PointName, answer: Answer): WireReply;
  decodeAnswer(point: PointName, reply: WireReply): Answer;
  encodeCalls(calls: readonly WireCall[]): Buffer;
  decodeCalls(frame: Buffer): Attempt<readonly WireCall[]>;
  encodeAnswers(frame: AnswerFrame): Buffer;
  decodeAnswers(frame: Buffer): Attempt<AnswerFrame>;
  encodeSubscription(points: readonly string[]): Attempt<Buffer>;
  decodeSubscription(message: Buffer): Attempt<readonly string[]>;
  encodeEvents(events: readonly Event[]): Attempt<Buffer>;
  decodeEvents(message: Buffer): Attempt<readonly Event[]>;
}

const EMPTY = Buffer.alloc(0);

/** The reply of a receiver that answered. */
export const answered = (message: Buffer): WireReply => ({ road: undefined, message, reason: "" });

/** The reply that carries no message. */
export const withoutMessage = (road: Road, reason: string): WireReply => ({ road, message: EMPTY, reason });

/** Whether a word names a point of the contract. */
export const isPoint = (name: string): name is PointName => Object.hasOwn(CONTRACT, name);

/** The converter of a process. */
export function createConverter(protos: Protos): Converter {
  const codec = createCodec(protos);

  /** Encodes what fits into one message. */
  function encode(what: string, message: string, value: object, header?: object): Attempt<Buffer> {
    const encoded = codec.encode(message, value, header);
    if (!encoded.ok) return failed(`${what}: ${encoded.reason}`);
    const problem = tooLarge(what, encoded.value.length);
    return problem === undefined ? encoded : failed(problem);
  }

  /** One of our own frames: only its parts can be too large or out of range, and they were encoded before. */
  function frame(message: string, value: object): Buffer {
    const encoded = codec.encode(message, value);
    assert(encoded.ok, "the parts of a frame were encoded, or read, before");
    return encoded.value;
  }

  /** The only field of a message that has but one, a list. */
  function listIn<T>(what: string, message: string, field: string, bytes: Buffer): Attempt<readonly T[]> {
    const decoded = codec.decode(message, bytes);
    return decoded.ok ? worked(decoded.value.value[field] as T[]) : failed(`${what} cannot be read: ${decoded.reason}`);
  }

  return {
    encodeCall: (invocation) =>
      encode(`the call ${invocation.point}`, CONTRACT[invocation.point].request, invocation.args, invocation),

    decodeCall(point, message) {
      const decoded = codec.decode(CONTRACT[point].request, message);
      if (!decoded.ok) return failed(`the call ${point} cannot be read: ${decoded.reason}`);
      const header = decoded.value.header as CallHeader | undefined;
      if (header?.from === undefined) return failed(`the call ${point}: its header names no calling house`);
      if (header.stage === undefined) return failed(`the call ${point}: its header names no stage`);
      const { chain } = header;
      if (!chain.every(isPoint))
        return failed(`the call ${point}: its chain names an unknown point (${chain.join(", ")})`);
      return worked({
        point,
        args: decoded.value.value,
        id: header.id,
        settled: header.settled,
        caller: header.caller,
        from: header.from,
        stage: header.stage,
        locks: header.locks,
        chain,
        trace: header.trace,
        origin: header.origin,
        span: header.span,
        lamport: header.lamport,
        task: header.task,
        files: header.files,
        notes: { parent: 0 },
      });
    },

    decodeArgs(point, message) {
      const decoded = codec.decode(CONTRACT[point].request, Buffer.from(message));
      return decoded.ok ? worked(decoded.value.value) : failed(`the call ${point} cannot be read: ${decoded.reason}`);
    },

    encodeAnswer(point, answer) {
      if (answer.kind === "unserved") return withoutMessage("unimplemented", `nobody serves ${point}`);
      if (answer.kind === "lost") {
        const road = answer.why === "unreachable" ? "unreachable" : "rejected";
        return withoutMessage(road, answer.reason ?? answer.why);
      }
      const value = answer.kind === "returned" ? answer.value : {};
      const message = encode(`the answer to ${point}`, CONTRACT[point].response, value, answer);
      return message.ok ? answered(message.value) : withoutMessage("rejected", message.reason);
    },

    decodeAnswer(point, { road, message, reason }) {
      if (road === "unimplemented") return unserved();
      if (road !== undefined) return lost(road, reason);
      const decoded = codec.decode(CONTRACT[point].response, message);
      if (!decoded.ok) return lost("garbled", `the answer to ${point} cannot be read: ${decoded.reason}`);
      // A core that leaves the header out says: no error, and that it keeps no Lamport clock.
      const { errno, lamport = 0 } = (decoded.value.header ?? {}) as Partial<ReplyHeader>;
      if (errno !== undefined) return { kind: "refused", errno, lamport };
      return {
        kind: "returned",
        value: decoded.value.value as Extract<Answer, { kind: "returned" }>["value"],
        lamport,
      };
    },

    encodeCalls: (calls) => frame("ExchangeRequest", { calls }),
    decodeCalls: (bytes) => listIn("a frame of calls", "ExchangeRequest", "calls", bytes),
    encodeAnswers: (answers) => frame("ExchangeResponse", answers),
    decodeAnswers(bytes) {
      const decoded = codec.decode("ExchangeResponse", bytes);
      return decoded.ok
        ? worked(decoded.value.value as Readonly<Record<string, unknown>> & AnswerFrame)
        : failed(`a frame of answers cannot be read: ${decoded.reason}`);
    },
    encodeSubscription: (points) => encode("the subscription", "StreamEventsRequest", { points }),
    decodeSubscription: (bytes) => listIn("the subscription", "StreamEventsRequest", "points", bytes),
    encodeEvents: (events) => encode("a batch of events", "StreamEventsResponse", { events }),
    decodeEvents: (bytes) => listIn("a batch of events", "StreamEventsResponse", "events", bytes),
  };
}
