import { LINKTYPE_ETHERNET } from "./format.ts";
import type { Numbers } from "./numbers.ts";
import { broken, timeline, type CaptureRead, type RecordedFrame } from "./timeline.ts";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/**
 * Reads a pcap file; its magic number has told the byte order and what a fraction of a second is.
 *
 * @param fractionNs nanoseconds in the smallest part of a second: 1000 or 1.
 */
export function readPcap(bytes: Uint8Array, numbers: Numbers, fractionNs: bigint): CaptureRead {
  if (bytes.length < FILE_HEADER_BYTES) return broken(bytes.length, "the file ends inside the head of a pcap file");
  const [major, minor] = [numbers.u16(4), numbers.u16(6)];
  if (major !== 2) return broken(4, `pcap of version ${major}.${minor}, and only version 2 can be read`);
  const linkType = numbers.u32(20);
  if (linkType !== LINKTYPE_ETHERNET)
    return broken(20, `frames of link type ${linkType}, and only Ethernet (1) can be read`);

  const frames: RecordedFrame[] = [];
  let at = FILE_HEADER_BYTES;
  while (at < bytes.length) {
    if (at + RECORD_HEADER_BYTES > bytes.length) return broken(at, "the file ends inside the head of a frame");
    const length = numbers.u32(at + 8);
    const start = at + RECORD_HEADER_BYTES;
    if (length > bytes.length - start)
      return broken(at + 8, `a frame of ${length} bytes, and only ${bytes.length - start} are left`);
    const timeNs = BigInt(numbers.u32(at)) * 1_000_000_000n + BigInt(numbers.u32(at + 4)) * fractionNs;
    frames.push({ iface: "", bytes: bytes.subarray(start, start + length), timeNs });
    at = start + length;
  }
  return timeline(frames);
}
