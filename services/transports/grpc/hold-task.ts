import {
  status,
  type Client,
  type Metadata,
  type Server,
  type ServerWritableStream,
  type StatusObject,
} from "@grpc/grpc-js";
import type { HoldTaskRequest } from "../../abi/contract.generated.ts";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";
import { asBytes } from "./channel.ts";
import { createCodec } from "./codec.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";

const HOLD_TASK_PATH = "/tenon.control.v1.Control/HoldTask";

/** Why a task cannot be held. */
type NotHeld = "no node" | "no task" | "held";

/** Which task of which node; empty: the first node. */
export type TaskOfNode = Readonly<Pick<HoldTaskRequest, "node" | "task">>;

/** Holds a task for somebody. Answers what lets it go, which ends the task, or why it cannot. */
export type HoldTask = (
  which: TaskOfNode,
) => Promise<Attempt<() => void> | { readonly ok: false; readonly why: NotHeld }>;

const refused = (why: NotHeld, { node, task }: TaskOfNode): ReturnType<typeof refusal> => {
  switch (why) {
    case "no node":
      return refusal(status.NOT_FOUND, `there is no node ${node}`);
    case "no task":
      return refusal(status.NOT_FOUND, `there is no task ${task} on ${node === "" ? "the first node" : node}`);
    case "held":
      return refusal(status.ALREADY_EXISTS, `another program holds the task ${task}`);
  }
};

/**
 * Adds the method by which programs hold the tasks as which they act: a stream that ends when the program does, however that happens.
 *
 * @returns what ends the streams; the tasks stay then, since nobody is gone but the service.
 */
export function serveHolds(server: Server, protos: Protos, hold: HoldTask): () => void {
  const codec = createCodec(protos);
  const streams = new Set<ServerWritableStream<Buffer, Buffer>>();
  let stopped = false;

  async function begin(stream: ServerWritableStream<Buffer, Buffer>, isOver: () => boolean): Promise<() => void> {
    const nothing = (): void => undefined;
    const request = codec.decode("HoldTaskRequest", stream.request);
    if (!request.ok) {
      stream.emit("error", refusal(status.INVALID_ARGUMENT, request.reason));
      return nothing;
    }
    const which = request.value.value as Partial<HoldTaskRequest> as HoldTaskRequest;
    const held = await hold(which);
    if (!held.ok) {
      stream.emit("error", "why" in held ? refused(held.why, which) : refusal(status.UNAVAILABLE, held.reason));
      return nothing;
    }
    const encoded = codec.encode("HoldTaskResponse", {});
    if (!isOver() && encoded.ok) stream.write(encoded.value);
    return held.value;
  }

  server.register(
    HOLD_TASK_PATH,
    (stream: ServerWritableStream<Buffer, Buffer>) => {
      streams.add(stream);
      let over = false;
      const ended = new Promise<void>((resolve) => {
        const end = (): void => {
          over = true;
          streams.delete(stream);
          resolve();
        };
        stream.on("cancelled", end);
        stream.on("close", end);
        stream.on("error", end);
      });
      begin(stream, () => over).then(
        (letGo) =>
          ended.then(() => {
            if (!stopped) letGo();
          }),
        (error: unknown) => stream.emit("error", refusal(status.UNAVAILABLE, lineOf(error))),
      );
    },
    asBytes,
    asBytes,
    "serverStream",
  );
  return () => {
    stopped = true;
    for (const stream of streams) stream.end();
  };
}

/** A task that is held elsewhere. */
export interface HeldTask {
  /** The service has let it go: why, in one line, or undefined where we did. Never rejects. */
  readonly ended: Promise<string | undefined>;
  /** Lets it go, which ends it. */
  stop(): void;
}

/** Holds a task of the kernel that a client is connected to. @param wordsFor says what a status means, for people. */
export function holdTaskOn(
  client: Client,
  protos: Protos,
  metadata: Metadata,
  wordsFor: (ending: StatusObject, heard: boolean) => string,
  which: TaskOfNode,
): Promise<Attempt<HeldTask>> {
  const encoded = createCodec(protos).encode("HoldTaskRequest", which);
  if (!encoded.ok) return Promise.resolve(failed(encoded.reason));
  const stream = client.makeServerStreamRequest(HOLD_TASK_PATH, asBytes, asBytes, encoded.value, metadata);
  let heard = false;
  let stopped = false;
  stream.on("error", () => undefined);
  const ended = new Promise<string | undefined>((resolve) => {
    stream.on("status", (ending: StatusObject) => resolve(stopped ? undefined : wordsFor(ending, heard)));
  });
  return new Promise((resolve) => {
    void ended.then((why) => resolve(failed(why ?? "")));
    stream.on("data", () => {
      heard = true;
      resolve(
        worked({
          ended,
          stop() {
            stopped = true;
            stream.cancel();
          },
        }),
      );
    });
  });
}
