import { bytesText } from "./bytes-text.ts";
import { MESSAGES, type PointContract, type PointName, type PointValues } from "./contract.generated.ts";
import type { EventArgs, Scalar } from "./event.ts";
import { macAt, macText, MAC_BYTES } from "./packet/mac.ts";
import { sockaddrText } from "./sockaddr.ts";

/** Bytes shown in an event at most; longer data is told by its length. */
const TEXT_BYTES_MAX = 48;

/** Fields that hold an address of a socket, and such that hold one of a link. */
const SOCKADDR_FIELDS: ReadonlySet<string> = new Set(["addr", "bound"]);
const MAC_FIELDS: ReadonlySet<string> = new Set(["mac"]);
/**
 * Structures in bytes that only their two ends can read. Each call's is another one (there are deadlines in it), so that as
 * texts they would fill the dictionary of the event ring, which never forgets.
 */
const OPAQUE_FIELDS: ReadonlySet<string> = new Set(["arg"]);

/** Bytes as an event shows them. */
function shownBytes(field: string, bytes: Uint8Array): string {
  if (bytes.length > TEXT_BYTES_MAX || OPAQUE_FIELDS.has(field)) return `<${bytes.length} bytes>`;
  if (SOCKADDR_FIELDS.has(field)) return sockaddrText(bytes);
  if (MAC_FIELDS.has(field) && bytes.length === MAC_BYTES) return macText(macAt(bytes, 0));
  return bytesText(bytes);
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "number" || typeof value === "string" || typeof value === "boolean";

/** The fields of a message that an event can show: scalars as they are, addresses and bytes as text; lists and messages are left out. */
export function eventArgs(fields: object): EventArgs {
  const all = fields as Record<string, unknown>;
  let plain = true;
  for (const key in all) plain &&= isScalar(all[key]);
  // On the hot path next to every message is flat, and messages are never changed: no copy.
  if (plain) return all as EventArgs;
  const args: Record<string, Scalar> = {};
  for (const key in all) {
    const value = all[key];
    if (isScalar(value)) args[key] = value;
    else if (value instanceof Uint8Array) args[key] = shownBytes(key, value);
  }
  return args;
}

/** The field of a value that Linux would return from the call, first one found. */
const RETURNED = ["fd", "count", "value", "pid", "revents", "taken"] as const;

/**
 * What Linux would return for a value: the descriptor, the byte count, the verdict; 0 where there is none, and for what is below
 * zero, such as the argument of an event, which would be an errno.
 */
export function retOf(value: object): number {
  const fields = value as Record<string, unknown>;
  for (const name of RETURNED) {
    const field = fields[name];
    if (typeof field === "number") return Math.max(0, field);
    if (typeof field === "boolean") return field ? 1 : 0;
  }
  return fields["data"] instanceof Uint8Array ? fields["data"].length : 0;
}

const zeroOf = (kind: string): Scalar | Uint8Array =>
  kind === "string" ? "" : kind === "bool" ? false : kind === "bytes" ? new Uint8Array(0) : 0;

/** The value of an empty weak definition: zero, nothing, or false in every field. */
export function zeroValue(contract: PointContract): PointValues[PointName] {
  const value: Record<string, unknown> = {};
  for (const field of MESSAGES[contract.response] ?? []) {
    if (field.name === "header" || field.optional === true) continue;
    value[field.name] = field.repeated === true ? [] : zeroOf(field.kind);
  }
  return value as PointValues[PointName];
}
