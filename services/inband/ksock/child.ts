import type { Kernel } from "../kernel.ts";
import { newKernelSocket, type KernelSocket } from "./table.ts";

/**
 * A handshake for a listening socket is complete. The new socket hears of its connection from now on, though no call can name it
 * before accept; nothing of what comes earlier is lost but events, which nobody gets (facts 3.4).
 *
 * It inherits the options, and neither FIONBIO nor callbacks nor a pending error (facts 4.3).
 */
export function bear(kernel: Kernel, listener: KernelSocket, sk: number): void {
  const { ksocks, stack } = kernel;
  const tcp = stack.tcp.find(sk);
  if (tcp === undefined || ksocks.ofSk(sk) !== undefined) return;
  const { domain, options } = listener;
  const child = newKernelSocket(stack.numbers.next(), sk, domain, { t: "tcp", tcp }, { ...options });
  child.connected = true;
  child.peer = tcp.peer;
  ksocks.hearFor(child);
  listener.children.set(sk, child);
}
