import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { AF } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";

/** in-band, in socket(2). EAFNOSUPPORT: PF_OOB is the one family that a core adds (facts/dovetail 2.1). */
export const oobLoadFamily = (
  _core: Core,
  { family }: PointArgs["oob_load_family"],
): Result<PointValues["oob_load_family"], "EAFNOSUPPORT"> => (family === AF.PF_OOB ? ok({}) : fail("EAFNOSUPPORT"));
