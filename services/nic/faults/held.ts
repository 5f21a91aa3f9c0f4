/** Frames that one stage holds at most, as with tc-netem(8)'s limit; what comes then is dropped. */
export const HELD_MAX = 1000;
