import type { AttendResponse } from "../../abi/contract.generated.ts";
import { openAttendance } from "../../transports/grpc/attend.ts";
import { clientOptions } from "../../transports/grpc/channel.ts";
import { dial } from "../../transports/grpc/dial.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { connectionTrouble } from "../../transports/grpc/status.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { nameOf } from "../links.ts";
import { bootOrder, orderToWire, wordFromWire } from "./orders.ts";
import type { PlaceHost } from "./place-host.ts";

/** How grpc-js begins the message of an error. */
const STATUS = /^\d+ [A-Z_]+: /;
const SERVES_WITHIN_MS = 10_000;
const STOPPED_WITHIN_MS = 2_000;

/** A host whose connection to the place stays while worlds come and go. */
export interface RemoteHost extends PlaceHost {
  close(): void;
}

/** A host for a place that somebody else has started, with `tenon serve`, and that waits to be told who it is. */
export function createRemoteHost(at: {
  readonly address: string;
  readonly tls: TlsIdentity | undefined;
  readonly protos: Protos;
}): RemoteHost {
  const { address, protos } = at;
  const client = dial(
    address,
    at.tls,
    clientOptions(() => 0),
  );
  return {
    async boot(life, hear) {
      if (!client.ok) throw new Error(client.reason);
      const name = nameOf(life.place);
      const attendance = openAttendance(client.value, protos);
      let serves: () => void = () => undefined;
      const serving = new Promise<void>((resolve) => (serves = resolve));
      let trouble: string | undefined;
      const ended = new Promise<string>((resolve) => {
        attendance.listen({
          message(said: AttendResponse) {
            const word = wordFromWire(said, address);
            if (word?.t === "serving") serves();
            else if (word?.t === "trouble") trouble = word.reason;
            else if (word !== undefined) hear(word);
          },
          ended(why) {
            const plain = why.replace(STATUS, "");
            resolve(trouble ?? connectionTrouble(plain) ?? plain);
          },
        });
      });
      attendance.write({ boot: bootOrder(life) });
      let late: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        late = setTimeout(() => {
          attendance.end();
          reject(new Error(`it does not answer within ${SERVES_WITHIN_MS / 1000} s`));
        }, SERVES_WITHIN_MS);
      });
      const gone = ended.then((how) => {
        throw new Error(how);
      });
      gone.catch(() => undefined);
      try {
        await Promise.race([serving, gone, tooLate]);
      } catch (error) {
        throw new Error(`${name} at ${address}: ${(error as Error).message}`);
      } finally {
        clearTimeout(late);
      }
      return {
        address,
        pid: 0,
        order: (order) => attendance.write(orderToWire(order)),
        strike: (order) => attendance.write(orderToWire(order)),
        ended,
        async stop() {
          const timer = setTimeout(() => attendance.end(), STOPPED_WITHIN_MS);
          attendance.finish();
          await ended;
          clearTimeout(timer);
        },
      };
    },
    close: () => client.ok && client.value.close(),
  };
}
