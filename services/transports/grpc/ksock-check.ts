import { didYouMean } from "../../abi/closest.ts";
import { ILLUMOS_MSG, ILLUMOS_POLL, illumosNumber } from "../../abi/illumos.ts";
import { LIMITS } from "../../abi/limits.ts";
import type { KsockPoint } from "../../ksock/road.ts";

/** So many bytes of data fit a message, whatever else is in it. */
const DATA_BYTES_MAX = LIMITS.messageBytesMax - 65_536;

/** What is looked at, of whichever request. */
interface Checked {
  readonly binding?: string;
  readonly stream?: string;
  readonly off?: boolean;
  readonly flags?: string;
  readonly events?: string;
  readonly slots?: string;
  readonly update?: string;
  readonly msg?: Uint8Array;
  readonly msgsize?: number;
}

/** The callbacks of the two interfaces. */
const SLOTS = {
  ksock: ["connected", "disconnected", "newconn", "recv", "xmit", "exception"],
  ksocket: [
    "connected",
    "connectfailed",
    "disconnected",
    "newdata",
    "newconn",
    "cansend",
    "oobdata",
    "cantsendmore",
    "cantrecvmore",
    // Stands in the struct, and is never installed.
    "error",
  ],
} as const;

const partsOf = (text: string): readonly string[] => (text === "" ? [] : text.split("|").map((word) => word.trim()));

/** The first word that is neither a name nor a number, with what is allowed. */
function wrongFlag(field: string, text: string, names: Readonly<Record<string, number>>): string | undefined {
  const wrong = partsOf(text).find((word) => illumosNumber(names, word) === undefined);
  if (wrong === undefined) return undefined;
  const all = Object.keys(names);
  return `${field}: ${JSON.stringify(wrong)} is none${didYouMean(wrong, all)} (allowed: ${all.join(", ")}, with | between, or a number of illumos)`;
}

function wrongSlots({ binding = "", slots = "", update = "", stream = "", off }: Checked): string | undefined {
  if (binding !== "" && binding !== "ksock" && binding !== "ksocket")
    return `binding: found ${JSON.stringify(binding)}, allowed are ksock and ksocket`;
  const known: readonly string[] = SLOTS[binding === "ksocket" ? "ksocket" : "ksock"];
  for (const [field, text] of Object.entries({ slots, update: binding === "ksocket" ? update : "" })) {
    const wrong = partsOf(text).find((word) => !known.includes(word));
    if (wrong !== undefined)
      return `${field}: ${JSON.stringify(wrong)} is no callback; allowed are ${known.join(", ")}, with | between`;
  }
  if (slots !== "" && stream === "" && off !== true)
    return "stream: found none, allowed is the name of the stream of events to which these callbacks go";
  return undefined;
}

const tooMany = (field: string, bytes: number, instead: string): string | undefined =>
  bytes <= DATA_BYTES_MAX
    ? undefined
    : `${field}: found ${bytes} bytes, at most ${DATA_BYTES_MAX} fit a message: ${instead}`;

/**
 * What is wrong with a request that the kernel would not see as its caller means it: a name with a typing mistake would be none there,
 * and a call that must not wait would wait. One line; undefined: nothing is.
 */
export function problemOf(point: KsockPoint, request: Checked): string | undefined {
  const { flags = "", events = "", msg, msgsize = 0 } = request;
  switch (point) {
    case "ksock_send":
      return (
        wrongFlag("flags", flags, ILLUMOS_MSG) ?? tooMany("msg", msg?.length ?? 0, "send the rest with a further call")
      );
    case "ksock_recv": {
      const wrong = wrongFlag("flags", flags, ILLUMOS_MSG);
      if (wrong !== undefined) return wrong;
      const all = partsOf(flags).some(
        (word) => ((illumosNumber(ILLUMOS_MSG, word) ?? 0) & ILLUMOS_MSG.MSG_WAITALL) !== 0,
      );
      return all ? tooMany("msgsize", msgsize, "ask for the rest with a further call") : undefined;
    }
    case "ksocket_spoll":
      return wrongFlag("events", events, ILLUMOS_POLL);
    case "ksock_callbacks":
      return wrongSlots(request);
    default:
      return undefined;
  }
}
