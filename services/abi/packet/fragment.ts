import { fail, ok, type Result } from "../result.ts";
import { u8 } from "./bytes.ts";
import { headerBytes, totalBytes, type Ipv4Packet } from "./ipv4.ts";

const IPOPT_END = 0;
const IPOPT_NOOP = 1;
/** Set in the type of an option that every fragment carries (RFC 791 §3.1, Options). */
const COPIED = 0x80;

/** The options of a fragment that is not the first: those that are not copied become no-operations, as in Linux. */
function copiedOptions(options: Uint8Array): Uint8Array {
  const copied = options.slice();
  for (let at = 0; at < options.length;) {
    const type = u8(options, at);
    if (type === IPOPT_END) break;
    const length = type === IPOPT_NOOP ? 1 : u8(options, at + 1);
    // What does not parse is carried as it is.
    if (length < 1 || at + length > options.length) break;
    if ((type & COPIED) === 0) copied.fill(IPOPT_NOOP, at, at + length);
    at += length;
  }
  return copied;
}

/**
 * Cuts a datagram, or a fragment of one, into pieces that fit (RFC 791 §3.2, "An Example Fragmentation Procedure").
 *
 * EMSGSIZE: it does not fit and says "don't fragment", or the MTU has no room for 8 bytes behind the header.
 */
export function fragment(packet: Ipv4Packet, mtu: number): Result<readonly Ipv4Packet[], "EMSGSIZE"> {
  if (totalBytes(packet) <= mtu) return ok([packet]);
  const room = (mtu - headerBytes(packet)) & ~7;
  if (packet.dontFragment || room < 8) return fail("EMSGSIZE");
  const { payload } = packet;
  const laterOptions = copiedOptions(packet.options);
  const pieces: Ipv4Packet[] = [];
  for (let at = 0; at < payload.length; at += room) {
    pieces.push({
      ...packet,
      options: at === 0 ? packet.options : laterOptions,
      moreFragments: packet.moreFragments || at + room < payload.length,
      fragmentOffset: packet.fragmentOffset + at,
      payload: payload.subarray(at, at + room),
    });
  }
  return ok(pieces);
}
