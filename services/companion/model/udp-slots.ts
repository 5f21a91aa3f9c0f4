import { INADDR_ANY, type Ipv4Address } from "../../abi/packet/ipv4-address.ts";

/** What a receive slot is for. */
export interface Endpoint {
  readonly address: Ipv4Address;
  readonly port: number;
}

/**
 * The receive slots of UDP: one for each port, shared by the sockets that are bound there, each to an address of its own or to
 * any. `S` is a socket. The in-band stack has judged each binding before it comes here, so nothing is refused
 * (facts/dovetail 2.5, 6.3).
 */
export class UdpSlots<S> {
  readonly #ports = new Map<number, Map<S, Ipv4Address>>();

  add({ address, port }: Endpoint, socket: S): void {
    const slot = this.#ports.get(port) ?? new Map<S, Ipv4Address>();
    this.#ports.set(port, slot.set(socket, address));
  }

  remove({ port }: Endpoint, socket: S): void {
    const slot = this.#ports.get(port);
    if (slot?.delete(socket) === true && slot.size === 0) this.#ports.delete(port);
  }

  /** Who is bound to this end, or to any address with its port, in the order in which they were bound. */
  candidates({ address, port }: Endpoint): readonly S[] {
    const slot = [...(this.#ports.get(port) ?? [])];
    return slot.filter(([, bound]) => bound === INADDR_ANY || bound === address).map(([socket]) => socket);
  }
}
