import type { PointArgs } from "../../abi/contract.generated.ts";
import type { Slice } from "../../abi/event.ts";
import type { FileTable } from "../model/file-table.ts";
import type { OpenFile } from "../model/open-file.ts";

/** What a fact about a descriptor is about. */
export const fdSlice = (table: FileTable, fd: number, { file }: OpenFile): Slice => ({ files: table.id, fd, file });

/** What each of the three fd hooks is told, in the order of its signature. */
export const fdArgs = (table: FileTable, fd: number, { file, oob_data }: OpenFile): PointArgs["install_inband_fd"] => ({
  fd,
  file,
  oob_data,
  files: table.id,
});
