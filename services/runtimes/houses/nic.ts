import { createNic } from "../../nic/nic.ts";
import { filesOfNics } from "../captures.ts";
import type { Opener } from "./opener.ts";

/** Builds the NICs, with the files that they write and play. */
export const openNic: Opener<"nic"> = ({ kit, hooks, node, ports, epochMs, incarnation }) =>
  createNic(kit, hooks, node, { ...ports, ...filesOfNics(node, epochMs) }, incarnation);
