import {
  status,
  type Client,
  type ClientDuplexStream,
  type Server,
  type ServerDuplexStream,
  type StatusObject,
} from "@grpc/grpc-js";
import { assert } from "../../abi/assert.ts";
import type { CarryRequest, CarryResponse } from "../../abi/contract.generated.ts";
import { lineOf } from "../answers.ts";
import { asBytes } from "./channel.ts";
import { createCodec, type Codec } from "./codec.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";

/** The rpc that carries the frames of a link. */
const CARRY_PATH = "/tenon.frames.v1.FrameService/Carry";

/** Whom a stream tells what happens on it. */
interface CarrierListener<In> {
  message(message: In): void;
  /** Nothing comes any more; why, in one line. Called once. */
  ended(why: string): void;
}

/** One stream that carries a link, as one of its sides has it. */
export interface Carrier<Out, In> {
  write(message: Out): void;
  end(): void;
  listen(listener: CarrierListener<In>): void;
}

/** What both kinds of stream have. */
type AnyStream = ClientDuplexStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

/** Makes one side of a stream of messages: what is written is encoded, what comes is decoded or ends it. */
export function carrier<Out extends object, In>(
  stream: AnyStream,
  codec: Codec,
  names: { readonly out: string; readonly in: string },
  endNow: (why?: string) => void,
): Carrier<Out, In> {
  let ended = false;
  return {
    write(message) {
      const encoded = codec.encode(names.out, message);
      assert(encoded.ok, "a frame has numbers that travel, beside its bytes");
      if (!ended) stream.write(encoded.value);
    },
    end: () => endNow(),
    listen(listener) {
      const end = (why: string): void => {
        if (ended) return;
        ended = true;
        listener.ended(why);
      };
      stream.on("data", (bytes: Buffer) => {
        if (ended) return;
        const decoded = codec.decode(names.in, bytes);
        if (decoded.ok) {
          listener.message(decoded.value.value as In);
        } else {
          const why = `what came cannot be read: ${decoded.reason}`;
          end(why);
          endNow(why);
        }
      });
      stream.on("status", ({ code, details }: StatusObject) =>
        end(code === status.OK ? "the peer ended the link" : lineOf(details)),
      );
      stream.on("error", (error: Error) => end(lineOf(error)));
      stream.on("end", () => end("the peer ended the link"));
      stream.on("close", () => end("the connection broke"));
    },
  };
}

/** Opens a stream for a link. A peer that is not there is an end of it. */
export function openCarrier(client: Client, protos: Protos): Carrier<CarryRequest, CarryResponse> {
  const stream = client.makeBidiStreamRequest(CARRY_PATH, asBytes, asBytes);
  const names = { out: "CarryRequest", in: "CarryResponse" };
  return carrier(stream, createCodec(protos), names, () => stream.cancel());
}

/**
 * Adds the service that carries frames to a server.
 *
 * @param accept gets every stream that somebody opens.
 * @returns what ends all streams.
 */
export function serveCarriers(
  server: Server,
  protos: Protos,
  accept: (carrier: Carrier<CarryResponse, CarryRequest>) => void,
): () => void {
  const codec = createCodec(protos);
  const names = { out: "CarryResponse", in: "CarryRequest" };
  const streams = new Set<ServerDuplexStream<Buffer, Buffer>>();
  server.register(
    CARRY_PATH,
    (stream: ServerDuplexStream<Buffer, Buffer>) => {
      streams.add(stream);
      stream.on("close", () => streams.delete(stream));
      accept(
        carrier(stream, codec, names, (why) => {
          if (why === undefined) stream.end();
          else stream.emit("error", refusal(status.DATA_LOSS, why));
        }),
      );
    },
    asBytes,
    asBytes,
    "bidi",
  );
  return () => {
    for (const stream of streams) stream.end();
  };
}
