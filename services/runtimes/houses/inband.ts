import { createInband } from "../../inband/inband.ts";
import type { Opener } from "./opener.ts";

/** Builds the in-band stack. */
export const openInband: Opener<"inband"> = ({ kit, hooks, node, ports: { host: nics, relay } }) =>
  createInband(kit, hooks, node, { nics, relay });
