import { assert } from "../../abi/assert.ts";
import { checksum } from "../../abi/packet/checksum.ts";
import { CHUNK_BYTES, HEADER_BYTES, SEGMENT_BYTES, source, type Transfer } from "./tcp-transfer.ts";

/** Where the checksum of TCP begins, and where it stands. */
const TCP_AT = 34;
const CHECKSUM_AT = TCP_AT + 16;
/** A frame of acknowledgement for every other frame of data. */
const ACK_EVERY = 2;

/**
 * What no TCP in this language can do without, and nothing else: the data of each segment is copied into a send buffer, into a frame,
 * out of the frame, and to the program; its sum is made on one side and checked on the other.
 */
export function bareTransfer(): Transfer {
  const program = source();
  const sendBuffer = new Uint8Array(CHUNK_BYTES);
  const receiveBuffer = new Uint8Array(CHUNK_BYTES);
  const sink = new Uint8Array(CHUNK_BYTES);
  const data = new Uint8Array(HEADER_BYTES + SEGMENT_BYTES);
  const ack = new Uint8Array(HEADER_BYTES);

  function exchange(frame: Uint8Array): void {
    frame[CHECKSUM_AT] = frame[CHECKSUM_AT + 1] = 0;
    const sum = checksum(frame.subarray(TCP_AT));
    frame[CHECKSUM_AT] = sum >> 8;
    frame[CHECKSUM_AT + 1] = sum & 0xff;
    assert(checksum(frame.subarray(TCP_AT)) === 0, "a frame that nobody touched holds its own sum");
  }

  return {
    round(ms) {
      const endMs = performance.now() + ms;
      let bytes = 0;
      let acked = 0;
      do {
        sendBuffer.set(program);
        for (let at = 0; at + SEGMENT_BYTES <= CHUNK_BYTES; at += SEGMENT_BYTES) {
          data.set(sendBuffer.subarray(at, at + SEGMENT_BYTES), HEADER_BYTES);
          exchange(data);
          receiveBuffer.set(data.subarray(HEADER_BYTES), at);
          acked += 1;
          if (acked % ACK_EVERY === 0) exchange(ack);
          bytes += SEGMENT_BYTES;
        }
        sink.set(receiveBuffer);
      } while (performance.now() < endMs);
      return bytes;
    },
  };
}
