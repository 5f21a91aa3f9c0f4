import { Metadata, status, type ServerDuplexStream } from "@grpc/grpc-js";
import { IN_FLIGHT_MAX } from "../in-flight.ts";
import { withoutMessage, type Converter, type WireAnswer, type WireCall, type WireReply } from "./convert.ts";
import { createFrameWriter } from "./frame-writer.ts";
import { refusal } from "./status.ts";

/** Answers one call, however it arrived; the caller may have sent a `traceparent` with it alone. */
export type Replier = (point: string, message: Buffer, traceparent?: string) => Promise<WireReply>;

/** The answering end of the fast road, for all streams of a server. */
export interface ExchangeServer {
  readonly handle: (stream: ServerDuplexStream<Buffer, Buffer>) => void;
  /** Ends every stream as soon as what is in progress on it was answered. */
  readonly finish: () => void;
}

/** Serves Exchange: calls arrive many to a frame, answers leave in the order in which they are ready. */
export function serveExchange(converter: Converter, reply: Replier): ExchangeServer {
  const streams = new Set<() => void>();

  function handle(stream: ServerDuplexStream<Buffer, Buffer>): void {
    let inProgress = 0;
    let finishing = false;
    let gone = false;
    const writer = createFrameWriter<WireAnswer>((answers) => {
      const more = stream.write(converter.encodeAnswers(answers));
      // A caller that does not take its answers gets no more calls in, or the answers would pile up here.
      if (!more) stream.pause();
      return more;
    });

    function endIfDone(): void {
      if (finishing && !gone && inProgress === 0 && writer.waiting === 0) stream.end();
    }

    function finish(): void {
      finishing = true;
      endIfDone();
    }

    async function answer({ correlation, point, message: call }: WireCall): Promise<void> {
      inProgress += 1;
      const { road, message, reason } =
        inProgress > IN_FLIGHT_MAX
          ? withoutMessage("rejected", `${IN_FLIGHT_MAX} calls are in progress on this stream already`)
          : await reply(point, call);
      inProgress -= 1;
      if (gone) return;
      writer.push({ correlation, road, message, reason });
      if (finishing) queueMicrotask(endIfDone);
    }

    streams.add(finish);
    stream.on("data", (frame: Buffer) => {
      const calls = converter.decodeCalls(frame);
      if (calls.ok) for (const call of calls.value) void answer(call);
      else stream.emit("error", refusal(status.DATA_LOSS, calls.reason));
    });
    stream.on("drain", () => {
      stream.resume();
      writer.drained();
      endIfDone();
    });
    stream.on("end", finish);
    stream.on("close", () => {
      gone = true;
      writer.stop();
      streams.delete(finish);
    });
    // Tells the caller at once that this road exists.
    stream.sendMetadata(new Metadata());
  }

  return {
    handle,
    finish() {
      for (const finish of streams) finish();
    },
  };
}
