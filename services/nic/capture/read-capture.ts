import { createNumbers } from "./numbers.ts";
import { readPcap } from "./pcap-reader.ts";
import { readPcapng } from "./pcapng-reader.ts";
import { broken, type CaptureRead } from "./timeline.ts";
import { BLOCK, PCAP_MAGIC } from "./format.ts";

/**
 * Reads a pcap or pcapng file of Ethernet frames, of either byte order. Never throws, whatever the bytes are: what is
 * wrong is told in one line with the place, and then there are no frames at all, since a replay of half a file would
 * look like a replay.
 */
export function readCapture(bytes: Uint8Array): CaptureRead {
  if (bytes.length === 0) return broken(0, "the file is empty");
  // The type of pcapng's first block reads the same in both byte orders.
  if (createNumbers(bytes, true).u32(0) === BLOCK.SECTION_HEADER) return readPcapng(bytes);
  for (const littleEndian of [true, false]) {
    const numbers = createNumbers(bytes, littleEndian);
    const magic = numbers.u32(0);
    if (magic === PCAP_MAGIC.MICROSECONDS) return readPcap(bytes, numbers, 1000n);
    if (magic === PCAP_MAGIC.NANOSECONDS) return readPcap(bytes, numbers, 1n);
  }
  return broken(0, "neither pcap nor pcapng begins like this");
}
