import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PointArgs } from "../../services/abi/contract.generated.ts";
import type { Clock } from "../../services/abi/kit.ts";
import type { Answer, Invocation } from "../../services/boundary/invocation.ts";

/** A real clock: grpc-js has real timers of its own, so a virtual one would not help. */
export const clock: Clock = {
  nowNs: () => Math.round(performance.now() * 1e6),
  sleepNs: (ns) => new Promise((resolve) => setTimeout(resolve, ns / 1e6)),
  after(ns, callback) {
    const timer = setTimeout(callback, ns / 1e6);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A call of sys_write, which carries bytes; whatever matters to the test is said by it. */
export const writeCall = (args: Partial<PointArgs["sys_write"]> = {}, id = 1): Invocation<"sys_write"> => ({
  point: "sys_write",
  args: { fd: 3, data: new Uint8Array([1, 2, 3]), ...args },
  id,
  settled: 0,
  caller: "alpha/task#1",
  from: "task",
  stage: "inband",
  locks: ["files.file_lock:1"],
  chain: ["sys_exec"],
  trace: 5,
  span: 6,
  origin: 8,
  lamport: 7,
  task: "init",
  files: 1,
  notes: { parent: 0 },
});

/** What sys_write returns. */
export const wrote = (count: number, lamport = 8): Answer<"sys_write"> => ({
  kind: "returned",
  value: { count },
  lamport,
});

/** A promise and the way to end it. */
export function latch<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** A folder of its own for sockets; the address in it, and the way to remove it. */
export function socketFolder(): { address(name: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "tenon-"));
  return {
    address: (name) => `unix:${join(folder, name)}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
