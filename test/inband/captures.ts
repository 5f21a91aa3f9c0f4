import { readFileSync } from "node:fs";
import { assert } from "../../services/abi/assert.ts";
import { readCapture } from "../../services/nic/capture/read-capture.ts";

/** The captures of real kernels, by name; README.md beside them says what was done. */
const CAPTURES = ["arp-icmp", "udp-dns", "fragments", "vlan", "loopback"] as const;

/** The frames of one. */
export function capture(name: (typeof CAPTURES)[number]): readonly Uint8Array[] {
  // From the compiled test back to where the sources are.
  const read = readCapture(readFileSync(new URL(`../../../test/inband/captures/${name}.pcap`, import.meta.url)));
  assert(read.ok, `the capture ${name} can be read`);
  return read.frames.map(({ bytes }) => bytes);
}

/** The frames of all. */
export const capturedFrames = (): readonly Uint8Array[] => CAPTURES.flatMap(capture);
