import { Metadata, status, type ServerDuplexStream } from "@grpc/grpc-js";
import type { Converter, WireAnswer, WireCall, WireReply } from "./convert.ts";
import { createFrameWriter } from "./frame-writer.ts";
import { refusal } from "./status.ts";

/** Answers one call, however it arrived; the caller may have sent a `traceparent` with it alone. */
export type Replier = (point: string, message: Buffer, traceparent?: string) => Promise<WireReply>;

/** The answering end of the fast road, for all streams of a server. */
export interface ExchangeServer {
  readonly handle: (stream: ServerDuplexStream<Buffer, Buffer>) => void;
  /** Takes no new calls, and ends every stream as soon as what is in progress on it was answered. */
  readonly finish: () => void;
}

/**
 * Calls of one stream that may be in progress here. Calls that wait in the kernel (for a lock, for data) count too, so it is
 * far more than what keeps a stream busy; what a caller has beyond it waits at the caller.
 */
export const CREDIT_WINDOW = 4096;

/** How streams are served. */
export interface ExchangeServing {
  /** Resolves when what has arrived already had its turn: answers may wait so long for others. */
  readonly turn?: (() => Promise<unknown>) | undefined;
  readonly window?: number;
}

/** Serves Exchange: calls arrive many to a frame, answers leave in the order in which they are ready. */
export function serveExchange(
  converter: Converter,
  reply: Replier,
  { turn, window = CREDIT_WINDOW }: ExchangeServing = {},
): ExchangeServer {
  const streams = new Set<() => void>();

  function handle(stream: ServerDuplexStream<Buffer, Buffer>): void {
    let received = 0;
    let answered = 0;
    /** How many calls the caller was told that it may have made. */
    let granted = window;
    let closing = false;
    let hungUp = false;
    let gone = false;
    const writer = createFrameWriter<WireAnswer>(
      (answers) => {
        answered += answers.length;
        granted = answered + window;
        const more = stream.write(converter.encodeAnswers({ answers, credit: granted }));
        // A caller that does not take its answers gets no more calls in, or the answers would pile up here.
        if (!more) stream.pause();
        if (closing || hungUp) queueMicrotask(endIfDone);
        return more;
      },
      () => Infinity,
      turn,
    );

    function endIfDone(): void {
      if (!(closing || hungUp) || gone || answered < received || writer.waiting > 0) return;
      gone = true;
      // Calls that came too late to be taken have seen nothing of this house.
      if (closing && !hungUp) stream.emit("error", refusal(status.UNAVAILABLE, "the peer is closing"));
      else stream.end();
    }

    function close(): void {
      closing = true;
      endIfDone();
    }

    async function answer({ correlation, point, message: call }: WireCall): Promise<void> {
      const { road, message, reason } = await reply(point, call);
      if (gone) return;
      writer.push({ correlation, road, message, reason });
      if (closing || hungUp) queueMicrotask(endIfDone);
    }

    function take(frame: Buffer): void {
      if (closing || gone) return;
      const calls = converter.decodeCalls(frame);
      if (!calls.ok) {
        gone = true;
        stream.emit("error", refusal(status.DATA_LOSS, calls.reason));
      } else if (received + calls.value.length > granted) {
        const why = `${received + calls.value.length} calls came, and no more than ${granted} were granted`;
        gone = true;
        stream.emit("error", refusal(status.RESOURCE_EXHAUSTED, why));
      } else {
        received += calls.value.length;
        for (const call of calls.value) void answer(call);
      }
    }

    streams.add(close);
    stream.on("data", take);
    stream.on("drain", () => {
      stream.resume();
      writer.drained();
      endIfDone();
    });
    stream.on("end", () => {
      hungUp = true;
      endIfDone();
    });
    stream.on("close", () => {
      gone = true;
      writer.stop();
      streams.delete(close);
    });
    // Tells the caller at once that this road exists, and how far it may go.
    stream.sendMetadata(new Metadata());
    stream.write(converter.encodeAnswers({ answers: [], credit: granted }));
  }

  return {
    handle,
    finish() {
      for (const close of streams) close();
    },
  };
}
