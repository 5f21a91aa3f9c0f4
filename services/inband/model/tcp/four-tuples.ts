import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import type { TcpSocket } from "./socket.ts";

/** The least number of chains. */
const CHAINS_MIN = 256;

/**
 * The connections of a node by their four numbers, in constant time however many there are: chains through the sockets
 * themselves, twice as many whenever there are more sockets than chains. The key of the hash is a secret, so that nobody
 * can choose ports that all fall into one chain (`inet_ehash_secret`).
 */
export class FourTuples {
  readonly #secret: number;
  #chains: (TcpSocket | undefined)[] = new Array<TcpSocket | undefined>(CHAINS_MIN).fill(undefined);
  #size = 0;

  constructor(secret: number) {
    this.#secret = secret;
  }

  get size(): number {
    return this.#size;
  }

  /** The socket whose connection this is. */
  find(local: Ipv4Address, localPort: number, peer: Ipv4Address, peerPort: number): TcpSocket | undefined {
    let socket = this.#chains[this.#chainOf(local, localPort, peer, peerPort)];
    while (socket !== undefined) {
      const { connection } = socket;
      if (
        connection !== undefined &&
        connection.remote.port === peerPort &&
        connection.remote.address === peer &&
        connection.local.port === localPort &&
        connection.local.address === local
      )
        return socket;
      socket = socket.chain;
    }
    return undefined;
  }

  /** Adds a socket with a connection that nobody else has. */
  add(socket: TcpSocket): void {
    if (this.#size >= this.#chains.length) this.#grow();
    this.#link(socket);
    this.#size++;
  }

  /** Takes a socket away; false: it was not there. */
  remove(socket: TcpSocket): boolean {
    const { connection } = socket;
    if (connection === undefined) return false;
    const { local, remote } = connection;
    const chain = this.#chainOf(local.address, local.port, remote.address, remote.port);
    let before: TcpSocket | undefined;
    for (let there = this.#chains[chain]; there !== undefined; there = there.chain) {
      if (there === socket) {
        if (before === undefined) this.#chains[chain] = socket.chain;
        else before.chain = socket.chain;
        socket.chain = undefined;
        this.#size--;
        return true;
      }
      before = there;
    }
    return false;
  }

  #link(socket: TcpSocket): void {
    const { connection } = socket;
    if (connection === undefined) return;
    const { local, remote } = connection;
    const chain = this.#chainOf(local.address, local.port, remote.address, remote.port);
    socket.chain = this.#chains[chain];
    this.#chains[chain] = socket;
  }

  #grow(): void {
    const old = this.#chains;
    this.#chains = new Array<TcpSocket | undefined>(2 * old.length).fill(undefined);
    for (const first of old) {
      for (let socket = first; socket !== undefined;) {
        const next: TcpSocket | undefined = socket.chain;
        this.#link(socket);
        socket = next;
      }
    }
  }

  #chainOf(local: Ipv4Address, localPort: number, peer: Ipv4Address, peerPort: number): number {
    let hash = this.#secret ^ local;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b) ^ peer;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35) ^ ((localPort << 16) | peerPort);
    hash = Math.imul(hash ^ (hash >>> 16), 0x9e37_79b1);
    return ((hash ^ (hash >>> 15)) >>> 0) & (this.#chains.length - 1);
  }
}
