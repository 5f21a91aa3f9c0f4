import type { TcpSocket } from "../tcp/socket.ts";

/** When each connection wants to be called next. */
export class TcpTimers {
  readonly #at = new Map<TcpSocket, number>();

  /** A connection wants to be called then, and at no other time. */
  set(socket: TcpSocket, atNs: number | undefined): void {
    if (atNs === undefined || atNs === Infinity) this.#at.delete(socket);
    else this.#at.set(socket, atNs);
  }

  /** Takes the first connection that is due. */
  due(nowNs: number): TcpSocket | undefined {
    for (const [socket, at] of this.#at) {
      if (at > nowNs) continue;
      this.#at.delete(socket);
      return socket;
    }
    return undefined;
  }

  /** When the first one is due. */
  pollAtNs(): number | undefined {
    return this.#at.size === 0 ? undefined : Math.min(...this.#at.values());
  }
}
