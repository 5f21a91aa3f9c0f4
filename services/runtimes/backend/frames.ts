import { readFileSync } from "node:fs";
import type { Outcome } from "../../cli/backend.ts";
import type { ConvertRequest } from "../../cli/convert-request.ts";
import { createPcapngWriter } from "../../nic/capture/pcapng-writer.ts";
import { readCapture } from "../../nic/capture/read-capture.ts";
import type { Converter } from "../../telemetry/convert/converter.ts";
import { createFrameStories } from "../../telemetry/convert/frame-stories.ts";
import { capturesBeside } from "../captures.ts";
import { reasonOf } from "./files.ts";
import { invalid } from "./invalid.ts";

/** A frame of one of the captures, at its instant since 1970. */
interface Captured {
  readonly iface: string;
  readonly bytes: Uint8Array;
  readonly atNs: bigint;
  readonly direction: "rx" | "tx";
  readonly frame: number | undefined;
  readonly comment: string | undefined;
}

const WANTED =
  "allowed is a capture that tenon wrote: tenon run --trace FILE --trace-frames, or capture: in a world file";

function framesIn(file: string): Outcome<Captured[]> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return invalid(`${file}: found ${reasonOf(error)}; ${WANTED}`);
  }
  const read = readCapture(bytes);
  if (!read.ok) return invalid(`${file}: found ${read.why}; ${WANTED}`);
  const value = read.frames.map(({ iface, bytes: kept, timeNs, direction = "rx", frame, comment }) => ({
    iface: iface === "" ? file : iface,
    bytes: kept,
    atNs: read.startNs + BigInt(timeNs),
    direction,
    frame,
    comment,
  }));
  return { ok: true, value };
}

const filesFor = ({ file, captures }: ConvertRequest, out: string | undefined): readonly string[] =>
  captures ?? (file === "-" ? [] : capturesBeside(file).filter((one) => one !== out));

/**
 * Writes the frames of captures into one file, in order of time, each with what the trace tells of it. Frames are found by
 * their numbers: a capture has them as epb_packetid, a trace in its slices.
 */
export function createFrameConverter(
  request: ConvertRequest,
  out: string | undefined,
  write: (chunk: Uint8Array) => void,
): Outcome<Converter> {
  const { file, snaplen = 0 } = request;
  let files: readonly string[] = [];
  try {
    files = filesFor(request, out);
  } catch {
    // There is no such folder: then there is no trace either, which is told when it is read.
  }
  if (files.length === 0) return invalid(`${file}: found no capture beside it, and a trace has no frames; ${WANTED}`);
  const frames: Captured[] = [];
  for (const one of files) {
    const read = framesIn(one);
    if (!read.ok) return read;
    for (const frame of read.value) frames.push(frame);
  }
  const stories = createFrameStories();
  return {
    ok: true,
    value: {
      add: (event) => stories.add(event),
      end() {
        frames.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
        const epochNs = frames[0]?.atNs ?? 0n;
        const writer = createPcapngWriter(write, { application: "tenon convert", epochNs });
        const ifaces = new Map<string, number>();
        let strange = 0;
        for (const { iface } of frames) {
          if (!ifaces.has(iface)) ifaces.set(iface, writer.addInterface({ name: iface, snaplen }));
        }
        for (const { iface, bytes, atNs, direction, frame, comment } of frames) {
          const slash = iface.indexOf("/");
          const [node, dev] = [iface.slice(0, slash), iface.slice(slash + 1)];
          const story = frame === undefined ? undefined : stories.tell(node, dev, direction, frame);
          if (story === undefined) strange++;
          const said = [...(comment === undefined ? [] : [comment]), ...(story ?? [])];
          writer.packet(ifaces.get(iface) ?? 0, {
            bytes,
            timeNs: Number(atNs - epochNs),
            direction,
            ...(frame !== undefined && { frame }),
            comment: said,
          });
        }
        const found = `${frames.length} frames of ${files.join(", ")}`;
        return strange === 0 ? [found] : [found, `${strange} of them are not in the trace; is it of the same run?`];
      },
    },
  };
}
