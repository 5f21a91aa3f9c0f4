import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, type Fail } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";

/** accept(2). EBADF; EOPNOTSUPP, since no socket here is a stream's. */
export const sockAccept = ({ sockets }: Kernel, { sock }: PointArgs["sock_accept"]): Fail<"EBADF" | "EOPNOTSUPP"> =>
  fail(sockets.at(sock) === undefined ? "EBADF" : "EOPNOTSUPP");
