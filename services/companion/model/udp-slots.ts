import { INADDR_ANY, type Ipv4Address } from "../../abi/packet/ipv4-address.ts";

/** What a receive slot is for. */
export interface Endpoint {
  readonly address: Ipv4Address;
  readonly port: number;
}

/**
 * The receive slots of UDP, by port and address, each shared by the sockets that are bound there (SO_REUSEPORT). `S` is a
 * socket. The in-band stack has judged each binding before it comes here, so nothing is refused (facts/dovetail 2.5).
 */
export class UdpSlots<S> {
  readonly #ports = new Map<number, Map<Ipv4Address, Set<S>>>();

  add({ address, port }: Endpoint, socket: S): void {
    const slots = this.#ports.get(port) ?? new Map<Ipv4Address, Set<S>>();
    this.#ports.set(port, slots);
    slots.set(address, (slots.get(address) ?? new Set<S>()).add(socket));
  }

  remove({ address, port }: Endpoint, socket: S): void {
    const slots = this.#ports.get(port);
    const slot = slots?.get(address);
    if (slots === undefined || slot?.delete(socket) !== true) return;
    if (slot.size === 0) slots.delete(address);
    if (slots.size === 0) this.#ports.delete(port);
  }

  /** Who is bound to this end: those bound to the very address first, then those bound to any. */
  candidates({ address, port }: Endpoint): readonly S[] {
    const slots = this.#ports.get(port);
    return [...(slots?.get(address) ?? []), ...(slots?.get(INADDR_ANY) ?? [])];
  }
}
