import { parentPort } from "node:worker_threads";

// The floor under the embedded runtime: what a message port costs with nothing around it.
parentPort?.on("message", (message: unknown) => parentPort?.postMessage(message));
