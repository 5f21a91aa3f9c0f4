import type { Client, ClientUnaryCall } from "@grpc/grpc-js";
import type { Transport } from "../../boundary/invocation.ts";
import { lost } from "../answers.ts";
import { IN_FLIGHT_MAX, tableFull } from "../in-flight.ts";
import { asBytes, pathOf } from "./channel.ts";
import { answered, type Converter } from "./convert.ts";
import { answerOfStatus } from "./status.ts";
import { traceMetadata } from "./trace-metadata.ts";

/** One of the two roads over a channel. */
export interface Road {
  readonly transport: Transport;
  /** Ends what is in flight; it is lost. */
  close(): void;
}

/** One rpc for each call: for peers that know nothing else, and for control. */
export function unaryRoad(client: Client, converter: Converter): Road {
  const inFlight = new Set<ClientUnaryCall>();
  let closed = false;
  return {
    transport: (invocation) =>
      new Promise((settle) => {
        const { point } = invocation;
        const request = converter.encodeCall(invocation);
        if (!request.ok) settle(lost("rejected", request.reason));
        else if (closed) settle(lost("unreachable", "the connection is closed"));
        else if (inFlight.size >= IN_FLIGHT_MAX) settle(tableFull());
        else {
          const metadata = traceMetadata(invocation);
          const path = pathOf(point);
          const call = client.makeUnaryRequest(path, asBytes, asBytes, request.value, metadata, (error, message) => {
            inFlight.delete(call);
            if (error !== null) settle(answerOfStatus(error));
            else if (message === undefined) settle(lost("garbled", `the answer to ${point} is empty`));
            else settle(converter.decodeAnswer(point, answered(message)));
          });
          inFlight.add(call);
        }
      }),
    close() {
      closed = true;
      for (const call of inFlight) call.cancel();
    },
  };
}
