/** A frame of a capture. */
interface ReplayFrame {
  /** The device that it was captured on; empty where the file does not say. */
  readonly iface: string;
  /** What was kept of it: less than the frame when the capture was told to keep less. */
  readonly bytes: Uint8Array;
  /** Nanoseconds since the first frame of the file; negative for one that was captured earlier and written later. */
  readonly timeNs: number;
  readonly comment?: string;
  /** Which way it went, and its number, where the file says. */
  readonly direction?: "rx" | "tx";
  readonly frame?: number;
}

/** What a file holds, or why it cannot be read, in one line. */
export type CaptureRead =
  | {
      readonly ok: true;
      /** When the first frame was captured, nanoseconds since 1970: more than a number could hold. */
      readonly startNs: bigint;
      readonly frames: readonly ReplayFrame[];
    }
  | { readonly ok: false; readonly why: string };

/** A frame with the instant that the file gives it; undefined: the file gives none. */
export interface RecordedFrame {
  readonly iface: string;
  /** A view into the file. */
  readonly bytes: Uint8Array;
  readonly timeNs: bigint | undefined;
  readonly comment?: string;
  readonly direction?: "rx" | "tx";
  readonly frame?: number;
}

/** Why a file cannot be read. */
export const broken = (at: number, what: string): { readonly ok: false; readonly why: string } => ({
  ok: false,
  why: `byte ${at}: ${what}`,
});

/** The frames with their times from the first one on. One without a time comes together with the one before it. */
export function timeline(recorded: readonly RecordedFrame[]): CaptureRead {
  const startNs = recorded.find(({ timeNs }) => timeNs !== undefined)?.timeNs ?? 0n;
  let lastNs = startNs;
  const frames = recorded.map(({ bytes, timeNs = lastNs, ...rest }) => {
    lastNs = timeNs;
    // A copy, not a slice: of a Buffer, that would be a view into the file.
    const kept = new Uint8Array(bytes);
    return { ...rest, bytes: kept, timeNs: Number(timeNs - startNs) };
  });
  return { ok: true, startNs, frames };
}
