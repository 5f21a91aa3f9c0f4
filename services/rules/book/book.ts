import type { Rule } from "../rule.ts";
import { FAMILIES } from "./families/families.ts";
import { CALLS } from "./written/calls.ts";
import { CONTEXTS } from "./written/contexts.ts";
import { DESCRIPTORS } from "./written/descriptors.ts";
import { HANDED } from "./written/handed.ts";
import { IN_BAND } from "./written/in-band.ts";
import { INDEX } from "./written/index-of-core.ts";
import { INSIDE } from "./written/inside.ts";
import { KERNEL_SOCKETS } from "./written/kernel-sockets.ts";
import { LOSS } from "./written/loss.ts";
import { NETWORK } from "./written/network.ts";
import { PROFILES_DIFFER } from "./written/profiles.ts";
import { RECEIVING } from "./written/receiving.ts";
import { RETURNS } from "./written/returns.ts";
import { TCP } from "./written/tcp.ts";
import { TRANSMITTING } from "./written/transmitting.ts";
import { WAITING } from "./written/waiting.ts";
import { WAYS } from "./written/ways.ts";

/** All rules that there are: those that the contract's options make, and those that were written by hand. */
export const BOOK: readonly Rule[] = [
  ...FAMILIES,
  ...CONTEXTS,
  ...IN_BAND,
  ...CALLS,
  ...PROFILES_DIFFER,
  ...INSIDE,
  ...INDEX,
  ...DESCRIPTORS,
  ...NETWORK,
  ...RETURNS,
  ...LOSS,
  ...WAITING,
  ...HANDED,
  ...WAYS,
  ...RECEIVING,
  ...TRANSMITTING,
  ...KERNEL_SOCKETS,
  ...TCP,
];
