import { createVfs } from "../../vfs/vfs.ts";
import type { Opener } from "./opener.ts";

/** Builds the VFS. */
export const openVfs: Opener<"vfs"> = ({ kit, hooks, incarnation }) => {
  const vfs = createVfs(kit, hooks, incarnation);
  // Nobody's start waits for what others make of it.
  return { ...vfs, start: () => void vfs.start() };
};
