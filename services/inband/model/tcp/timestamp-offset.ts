import type { Endpoint } from "../udp/socket.ts";
import { sipHash, type SipKey } from "./siphash.ts";

/** Beside the words of an initial sequence number, so that one says nothing of the other. */
const TIMESTAMPS = 0x54;

/**
 * What is added to the clock for the timestamps of all connections between two hosts (RFC 7323 §7.1): it hides how long this one
 * runs, and lets a later connection be told from an earlier one.
 */
export const timestampOffset = (key: SipKey, local: Endpoint, remote: Endpoint): number =>
  sipHash(key, [TIMESTAMPS, local.address, remote.address]).low >>> 0;
