import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, type Fail } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";

/** listen(2). EBADF; EOPNOTSUPP, since no socket here is a stream's. */
export const sockListen = ({ sockets }: Kernel, { sock }: PointArgs["sock_listen"]): Fail<"EBADF" | "EOPNOTSUPP"> =>
  fail(sockets.at(sock) === undefined ? "EBADF" : "EOPNOTSUPP");
