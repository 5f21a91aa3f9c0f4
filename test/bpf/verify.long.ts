import { expect, test } from "@jest/globals";
import { verify } from "../../services/bpf/verify/verify.ts";
import { assemble, MAPS } from "./lines.ts";
import { HOSTILE } from "./hostile.ts";

test.each(HOSTILE.filter(({ why }) => why === "there is no end"))(
  "$name is given up after a million instructions",
  ({ refused, insn }) => {
    expect(verify(assemble(refused, MAPS))).toMatchObject({ ok: false, insn });
  },
);
