import { createInband } from "../../inband/inband.ts";
import type { Opener } from "./opener.ts";

/** Builds the in-band stack. */
export const openInband: Opener<"inband"> = ({ kit, hooks, node, ports: { host: nics, relay }, incarnation }) => {
  const inband = createInband(kit, hooks, node, { nics, relay }, incarnation);
  // Nobody's start waits for what others make of it.
  return { ...inband, start: () => void inband.start() };
};
