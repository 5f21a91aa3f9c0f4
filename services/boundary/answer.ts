import type { PointName, PointValues } from "../abi/contract.generated.ts";
import { fail, ok, type Result } from "../abi/result.ts";
import type { Reply } from "./invocation.ts";

/** What a task is told of a house's answer. A call that was lost is EIO: whether anything happened is not known. */
export function answerOf<P extends PointName>(reply: Reply<P>): Result<PointValues[P]> {
  switch (reply.kind) {
    case "returned":
      return ok(reply.value);
    case "refused":
      return fail(reply.errno);
    case "lost":
      return fail("EIO");
  }
}
