import * as K from "../../services/ksock/index.ts";
import { must } from "./server.ts";

/** Something that callbacks tell, and that somebody waits for: each of them once. */
function bell(): { ring(): void; rung(): Promise<void> } {
  let ring: () => void = () => undefined;
  let rung = new Promise<void>((resolve) => (ring = resolve));
  return {
    ring: () => ring(),
    async rung() {
      await rung;
      rung = new Promise<void>((resolve) => (ring = resolve));
    },
  };
}

/** What a visit to an echo server came to. */
export interface Echoed {
  readonly bytes: Uint8Array;
  /** The callbacks that ran, in order, such as `connected` and `disconnected 0`. */
  readonly events: readonly string[];
}

/** Connects, sends some bytes, says that these are all, and receives until the server has said so too. No call waits. */
export async function echo(ksock: K.Ksock, address: string, port: number, bytes: Uint8Array): Promise<Echoed> {
  const s = must("ksock_socket", await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0));
  const events: string[] = [];
  const [connecting, sending, receiving, ending] = [bell(), bell(), bell(), bell()];
  must("FIONBIO", await ksock.ksock_ioctl(s, K.FIONBIO, 1));
  await ksock.ksock_callbacks(
    s,
    {
      connected: () => {
        events.push("connected");
        connecting.ring();
      },
      disconnected: (_s, _arg, reason) => {
        events.push(`disconnected ${K.errnoName(reason)}`);
        for (const each of [connecting, sending, receiving, ending]) each.ring();
      },
      recv: (_s, _arg, msglen) => {
        if (msglen === 0) events.push("recv 0");
        receiving.ring();
      },
      xmit: (_s, _arg, freebuf) => {
        if (freebuf === 0) events.push("xmit 0");
        sending.ring();
      },
    },
    null,
  );

  /** An attempt goes on in the background; when it has ended, connect says how. */
  async function connect(): Promise<void> {
    const to = K.sockaddr_in(address, port);
    const [error] = await ksock.ksock_connect(s, to);
    if (error === 0) return;
    if (error !== K.EINPROGRESS) must("ksock_connect", [error, undefined]);
    await connecting.rung();
    const [outcome] = await ksock.ksock_connect(s, to);
    if (outcome !== K.EISCONN) must("ksock_connect", [outcome, undefined]);
  }

  async function sendAll(): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      const [error, sent] = await ksock.ksock_send(s, rest, rest.length, 0);
      if (error === K.EWOULDBLOCK) await sending.rung();
      else rest = rest.subarray(must("ksock_send", [error, sent]));
    }
    must("ksock_shutdown", await ksock.ksock_shutdown(s, K.SHUT_WR));
  }

  async function receiveAll(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const [error, part] = await ksock.ksock_recv(s, 65_536, 0);
      if (error === K.EWOULDBLOCK) await receiving.rung();
      else if (must("ksock_recv", [error, part]).length > 0) parts.push(part);
      else return Buffer.concat(parts);
    }
  }

  try {
    await connect();
    const [, echoed] = await Promise.all([sendAll(), receiveAll()]);
    // Both directions have ended: that is told last.
    if (!events.includes("disconnected 0")) await ending.rung();
    return { bytes: new Uint8Array(echoed), events };
  } finally {
    await ksock.ksock_close(s);
  }
}
