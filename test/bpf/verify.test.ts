import { describe, expect, test } from "@jest/globals";
import { verify } from "../../services/bpf/verify/verify.ts";
import { assemble, MAPS } from "./lines.ts";
import { HOSTILE } from "./hostile.ts";

/** Instructions on all paths: a hundredth of the kernel's limit, which would take a second for each loop. */
const FEW = 10_000;

describe("hostile programs are refused, at the instruction and with the reason", () => {
  test.each(HOSTILE)("$name", ({ refused, insn, why, accepted }) => {
    const verdict = verify(assemble(refused, MAPS), FEW);
    expect(verdict).toMatchObject({ ok: false, insn });
    expect(verdict.ok ? "" : verdict.why).toContain(why);
    expect(verify(assemble(accepted, MAPS))).toMatchObject({ ok: true });
  });
});
