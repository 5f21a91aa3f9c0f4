import { workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { Invocation } from "../../services/boundary/invocation.ts";
import { connectPort } from "../../services/transports/worker.ts";
import { wrote } from "./support.ts";

/** The thread of worker.test.ts: fd 666 ends it in the middle of a call. */
connectPort((workerData as { readonly port: MessagePort }).port, {
  serve: async (call) => {
    const { fd, data } = (call as Invocation<"sys_write">).args;
    if (fd === 666) process.exit(0);
    return wrote(data.length);
  },
});
