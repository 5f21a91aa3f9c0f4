import { assert } from "../../../services/abi/assert.ts";
import type { Effect, TcpNotice } from "../../../services/inband/model/stack/state.ts";
import {
  acceptTcp,
  bindTcp,
  connectTcp,
  createTcp,
  listenTcp,
  type TcpSocket,
} from "../../../services/inband/model/stack/tcp-calls.ts";
import type { Backlog } from "../../../services/inband/model/tcp/listener.ts";
import { host, ip, Wire, type Host } from "../stack-harness.ts";

/** Two hosts with TCP, on a wire. */
export class TcpHosts {
  readonly ends: readonly [Host, Host];
  readonly wire: Wire;
  #numbers = 0;

  constructor() {
    // Numbers are counted in the two hosts together, so that no socket of one is mistaken for one of the other.
    const numbers = { next: () => ++this.#numbers };
    this.ends = [host(1, { numbers }), host(2, { numbers })];
    this.wire = new Wire(...this.ends);
  }

  /** Does a call of a host, and what follows from it. */
  call<T>(which: 0 | 1, { result, effects }: { readonly result: T; readonly effects: readonly Effect[] }): T {
    this.wire.perform(this.ends[which], effects);
    return result;
  }

  socket(which: 0 | 1): TcpSocket {
    return createTcp(this.ends[which].stack, ++this.#numbers, "linux");
  }

  listening(port: number, backlog: Backlog): TcpSocket {
    const socket = this.socket(0);
    const { stack } = this.ends[0];
    assert(bindTcp(stack, socket, { address: ip("192.0.2.1"), port }).ok, "the port is free");
    assert(listenTcp(stack, socket, backlog).ok, "it listens");
    return socket;
  }

  /** The second host calls the first. */
  calling(port: number): TcpSocket {
    const socket = this.socket(1);
    const peer = { address: ip("192.0.2.1"), port };
    const begun = this.call(1, connectTcp(this.ends[1].stack, socket, peer, this.wire.nowNs));
    assert(begun.ok, "it begins to connect");
    return socket;
  }

  accept(listener: TcpSocket): TcpSocket | undefined {
    return acceptTcp(this.ends[0].stack, listener);
  }

  /** What a socket was told. */
  told({ sk }: TcpSocket): readonly TcpNotice[] {
    return this.ends.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.t === "tcp" && effect.sk === sk ? [effect.notice] : [])),
    );
  }
}
