import type { Trouble } from "../../cli/backend.ts";

/** What the user gave is wrong. */
export const invalid = (...lines: readonly string[]): { readonly ok: false; readonly trouble: Trouble } => ({
  ok: false,
  trouble: { kind: "invalid", lines },
});
