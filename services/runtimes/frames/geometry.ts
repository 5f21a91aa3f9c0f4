import { geometryFor, type Geometry } from "../../nic/ring/layout.ts";

/** What a frame may have at most, if nothing else is said: an Ethernet frame with tags, and room to spare. */
export const FRAME_BYTES_MAX = 2048;

/** Frames that may be on their way in one direction of a link. */
export const LINK_FRAMES = 256;

/** The rings of a link, if nothing else is said. */
export const LINK_GEOMETRY: Geometry = geometryFor(LINK_FRAMES, FRAME_BYTES_MAX);
