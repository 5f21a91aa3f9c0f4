import { status, type Client, type Server, type ServerDuplexStream } from "@grpc/grpc-js";
import type { AttendRequest, AttendResponse } from "../../abi/contract.generated.ts";
import { asBytes } from "./channel.ts";
import { createCodec } from "./codec.ts";
import { carrier, type Carrier } from "./frame-streams.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";

/** The rpc of a place that waits to be told who it is. */
const ATTEND_PATH = "/tenon.fleet.v1.PlaceService/Attend";
/** What a second attendant is told. */
const ATTENDED = "somebody else attends to this place";

/** The side of the one who boots a world: gives orders, hears words. */
export interface Attendance extends Carrier<AttendRequest, AttendResponse> {
  /** No more orders: the place ends its life, and then the stream. `end` cuts the stream off. */
  finish(): void;
}

/** Attends to a place. A place that is not there, or that somebody else attends to, is an end of the stream. */
export function openAttendance(client: Client, protos: Protos): Attendance {
  const stream = client.makeBidiStreamRequest(ATTEND_PATH, asBytes, asBytes);
  const names = { out: "AttendRequest", in: "AttendResponse" };
  const attendance = carrier<AttendRequest, AttendResponse>(stream, createCodec(protos), names, () => stream.cancel());
  return { ...attendance, finish: () => stream.end() };
}

/**
 * Adds the service of a place to a server. One attendant at a time: another one is refused until the first one's stream has
 * ended.
 *
 * @param attended gets the stream of every attendant; it ends it when the life is over.
 * @returns what ends the stream that is open.
 */
export function serveAttendance(
  server: Server,
  protos: Protos,
  attended: (attendance: Carrier<AttendResponse, AttendRequest>) => void,
): () => void {
  const codec = createCodec(protos);
  const names = { out: "AttendResponse", in: "AttendRequest" };
  let current: ServerDuplexStream<Buffer, Buffer> | undefined;
  server.register(
    ATTEND_PATH,
    (stream: ServerDuplexStream<Buffer, Buffer>) => {
      if (current !== undefined) {
        stream.on("error", () => undefined);
        stream.emit("error", refusal(status.ALREADY_EXISTS, ATTENDED));
        return;
      }
      current = stream;
      const free = (): void => {
        if (current === stream) current = undefined;
      };
      stream.on("close", free);
      stream.on("finish", free);
      attended(
        carrier(stream, codec, names, (why) => {
          free();
          if (why === undefined) stream.end();
          else stream.emit("error", refusal(status.DATA_LOSS, why));
        }),
      );
    },
    asBytes,
    asBytes,
    "bidi",
  );
  return () => current?.end();
}
