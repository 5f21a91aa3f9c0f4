/** What a connection counts, for netstat and TCP_INFO. */
export interface TcpCounters {
  segmentsIn: number;
  segmentsOut: number;
  dataSegmentsIn: number;
  dataSegmentsOut: number;
  /** Bytes that arrived in order, each once. */
  bytesReceived: number;
  /** Bytes that the peer acknowledged. */
  bytesAcked: number;
  /** Segments sent again, and the bytes in them. */
  retransmits: number;
  retransmittedBytes: number;
  /** Retransmission timers that ran out. */
  timeouts: number;
  /** Times that nothing was heard for two round trips (RFC 8985 §7). */
  tailProbes: number;
  fastRecoveries: number;
  dupAcksIn: number;
  outOfOrderIn: number;
  /** Segments all of which had come before. */
  duplicatesIn: number;
  /** Segments outside the window. */
  unacceptableIn: number;
  pawsDrops: number;
  /** Challenge acknowledgements, and those that their limit held back (RFC 5961 §7). */
  challengeAcksOut: number;
  challengeAcksHeld: number;
  delayedAcks: number;
  zeroWindowProbesOut: number;
  keepalivesOut: number;
}

/** Nothing has happened yet. */
export const newCounters = (): TcpCounters => ({
  segmentsIn: 0,
  segmentsOut: 0,
  dataSegmentsIn: 0,
  dataSegmentsOut: 0,
  bytesReceived: 0,
  bytesAcked: 0,
  retransmits: 0,
  retransmittedBytes: 0,
  timeouts: 0,
  tailProbes: 0,
  fastRecoveries: 0,
  dupAcksIn: 0,
  outOfOrderIn: 0,
  duplicatesIn: 0,
  unacceptableIn: 0,
  pawsDrops: 0,
  challengeAcksOut: 0,
  challengeAcksHeld: 0,
  delayedAcks: 0,
  zeroWindowProbesOut: 0,
  keepalivesOut: 0,
});
