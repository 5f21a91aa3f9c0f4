import type { MessagePort } from "node:worker_threads";
import { CONTRACT } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import type { Answer, Invocation, Transport } from "../boundary/invocation.ts";
import { lineOf, lost, unserved } from "./answers.ts";
import { createGather } from "./gather.ts";
import { createInFlight, tableFull } from "./in-flight.ts";
import { sizeOf, tooLarge } from "./limit.ts";
import { ownBytes } from "./plain.ts";

/** What one end of a port needs. */
export interface PortOptions {
  /** Answers the calls of the other end; without it they are unserved. */
  readonly serve?: Transport;
  /** Lets a full table forget the calls that were abandoned long ago. */
  readonly clock?: Clock;
}

/** One end of a port. */
export interface PortConnection {
  /** Calls the other end. */
  readonly transport: Transport;
  /** Calls that wait for an answer. */
  inFlight(): number;
  /** Closes the port for both ends; what is in flight is lost. Idempotent. */
  close(): void;
}

/** What travels: a packet is an array of letters, all that was ready at once. */
type Letter = readonly ["call", number, Invocation] | readonly ["answer", number, Answer];

/** Notes stay with the caller; the clone that arrives is the receiver's own. */
const NO_NOTES: Invocation["notes"] = { parent: 0 };

const NOTHING = {};

const KINDS: ReadonlySet<unknown> = new Set(["returned", "refused", "lost", "unserved"]);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isInvocation = (value: unknown): value is Invocation =>
  isRecord(value) &&
  typeof value["point"] === "string" &&
  Object.hasOwn(CONTRACT, value["point"]) &&
  isRecord(value["args"]) &&
  Array.isArray(value["locks"]) &&
  Array.isArray(value["chain"]);

const isAnswer = (value: unknown): value is Answer =>
  isRecord(value) &&
  KINDS.has(value["kind"]) &&
  typeof value["lamport"] === "number" &&
  (value["kind"] !== "returned" || isRecord(value["value"]));

/** From so many bytes on, handing memory over is cheaper than cloning it. */
const LARGE_BYTES = 8192;

/**
 * The memory of the large bytes of a packet, which goes over to the other thread: they are copies already that nobody else has
 * (`ownBytes`). Cloned, each would be copied once more, and be twice as much work for the collectors of both threads.
 */
function largeBuffers(packet: readonly Letter[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const [kind, , content] of packet) {
    const record: object = kind === "call" ? content.args : content.kind === "returned" ? content.value : NOTHING;
    for (const value of Object.values(record) as unknown[]) {
      if (value instanceof Uint8Array && value.length >= LARGE_BYTES && value.buffer instanceof ArrayBuffer)
        buffers.push(value.buffer);
    }
  }
  return buffers;
}

/** An answer that may travel. */
function parcel({ point }: Invocation, answer: Answer): Answer {
  if (answer.kind !== "returned") return answer;
  const problem = tooLarge(`the answer to ${point}`, sizeOf(answer.value));
  return problem === undefined ? { ...answer, value: ownBytes(answer.value) } : lost("rejected", problem);
}

/**
 * The transport between two threads: both ends of it on one message port, each may call and each may serve.
 *
 * Calls and answers that are ready together travel as one message. Values are copied by structured clone.
 * When the port closes, because somebody closed it or because the thread behind it ended, everything in flight is lost.
 */
export function connectPort(port: MessagePort, { serve, clock }: PortOptions = {}): PortConnection {
  const inFlight = createInFlight(clock);
  let closed = false;
  const send = createGather<Letter>(post);

  function post(packet: Letter[]): void {
    if (closed) return;
    try {
      port.postMessage(packet, largeBuffers(packet));
    } catch (error) {
      // One letter that cannot be cloned must not take the others along.
      if (packet.length > 1) for (const letter of packet) post([letter]);
      else for (const letter of packet) refuseToSend(letter, `it cannot be copied to another thread: ${lineOf(error)}`);
    }
  }

  function refuseToSend([kind, correlation]: Letter, reason: string): void {
    if (kind === "answer") post([["answer", correlation, lost("rejected", `the answer: ${reason}`)]]);
    else inFlight.take(correlation)?.settle(lost("rejected", `the call: ${reason}`));
  }

  async function answer(correlation: number, invocation: unknown): Promise<void> {
    let result: Answer;
    if (!isInvocation(invocation)) result = lost("rejected", "what arrived is not a call of the contract");
    else result = serve === undefined ? unserved() : parcel(invocation, await serve(invocation));
    send(["answer", correlation, result]);
  }

  /** What is no letter is dropped: there is nobody to answer. A late answer to a forgotten call is dropped too. */
  function receive(letter: unknown): void {
    if (!Array.isArray(letter)) return;
    const [kind, correlation, content] = letter as unknown[];
    if (typeof correlation !== "number") return;
    if (kind === "call") void answer(correlation, content);
    else if (kind === "answer")
      inFlight
        .take(correlation)
        ?.settle(isAnswer(content) ? content : lost("garbled", "what arrived is not an answer of the contract"));
  }

  function loseAll(answered: Answer): void {
    for (const { settle } of inFlight.takeAll()) settle(answered);
  }

  port.on("message", (packet: unknown) => {
    if (Array.isArray(packet)) for (const letter of packet) receive(letter);
  });
  port.on("messageerror", (error) => loseAll(lost("garbled", `a message could not be read: ${lineOf(error)}`)));
  port.on("close", () => {
    closed = true;
    loseAll(lost("unreachable", "the port to the other thread closed"));
  });

  return {
    transport: (invocation) =>
      new Promise((settle) => {
        if (closed) {
          settle(lost("unreachable", "the port to the other thread is closed"));
          return;
        }
        const problem = tooLarge(`the call ${invocation.point}`, sizeOf(invocation.args));
        if (problem !== undefined) {
          settle(lost("rejected", problem));
          return;
        }
        const correlation = inFlight.add(invocation, settle);
        if (correlation === undefined) settle(tableFull());
        else send(["call", correlation, { ...invocation, args: ownBytes(invocation.args), notes: NO_NOTES }]);
      }),
    inFlight: () => inFlight.size,
    close() {
      if (closed) return;
      closed = true;
      port.close();
      loseAll(lost("unreachable", "the port was closed here"));
    },
  };
}
