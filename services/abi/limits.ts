/** Bounds that are decided once. Every one of them is a wall that somebody can run into, with a stated outcome. */
export const LIMITS = {
  /** Descriptors per table unless prlimit says otherwise (RLIMIT_NOFILE's usual soft limit); beyond: EMFILE. */
  nofile: 1024,
  /** The most that prlimit accepts. */
  nofileMax: 1_048_576,
  /** Bytes that an echo device holds for one file; beyond: EAGAIN. */
  echoBytesMax: 65_536,
  /** Bytes of one message between houses; beyond: the call is rejected before it is sent. */
  messageBytesMax: 4 * 1024 * 1024,
  /** Answers that a receiver remembers for each caller beyond those that the caller has settled; older ids are rejected. */
  rememberedAnswers: 65_536,
  /** Records that a house's event ring holds; beyond: the oldest are overwritten and counted. */
  eventRing: 32_768,
  /** How long an access to /dev/staxed works on the datum under the lock, and how long its two commands do. */
  staxedHoldNs: 1_000_000,
  staxedLingerNs: 1_000_000_000,
  staxedLingerLongNs: 5_000_000_000,
  /** Bytes of the datum of /dev/staxed; what is beyond is not taken. */
  staxedBytesMax: 4096,
} as const;
