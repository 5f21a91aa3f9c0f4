import type { PointName } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Reply } from "../../boundary/invocation.ts";

/** What a task learns of a hook's answer: its errno, or EIO when there is none. */
export function outcomeOf<P extends PointName>(
  reply: Reply<P>,
): Result<Extract<Reply<P>, { kind: "returned" }>["value"]> {
  switch (reply.kind) {
    case "returned":
      return ok(reply.value);
    case "refused":
      return fail(reply.errno);
    case "lost":
      return fail("EIO");
  }
}
