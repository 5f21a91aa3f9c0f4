import type { Profile } from "../abi/profile.ts";
import { durationText } from "../abi/units.ts";

/** `1 run`, `3 runs`. */
export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** An instant, counted from when the world was booted. */
export const timeText = (ns: number): string => (ns === 0 ? "0" : durationText(ns));

/** What a run's time is: a person must never take it for that of a real-time system. */
export const clockText = (clock: "virtual" | "real"): string =>
  clock === "virtual" ? "virtual time" : "wall time of the emulator";

/** The two readings of the interface, as short as a column's head. */
export const PROFILE_WORDS: Readonly<Record<Profile, string>> = {
  documented: "DOC",
  "as-implemented": "CODE",
};
