import { geometryFor, type Geometry } from "../../nic/ring/layout.ts";

/**
 * The rings of a link, if nothing else is said: 256 frames may be on their way in one direction, each an Ethernet frame with
 * tags, and room to spare.
 */
export const LINK_GEOMETRY: Geometry = geometryFor(256, 2048);
