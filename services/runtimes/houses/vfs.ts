import { createVfs } from "../../vfs/vfs.ts";
import type { Opener } from "./opener.ts";

/** Builds the VFS. */
export const openVfs: Opener<"vfs"> = ({ kit, hooks }) => createVfs(kit, hooks);
