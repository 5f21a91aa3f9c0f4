import * as K from "../../services/ksock/index.ts";

const ROOM = 65_536;
const NOTHING = new Uint8Array(0);

/** An echo server that listens. */
export interface EchoServer {
  /** Closes the listening socket and all connections. */
  stop(): Promise<void>;
  /** How many connections are open. */
  readonly connections: () => number;
}

/** Throws what a function must not return here: an errno, by its name. */
export function must<T>(what: string, [error, value]: K.Answer<T>): T {
  if (error !== 0) throw new Error(`${what}: ${K.errnoName(error)}`);
  return value;
}

/**
 * One connection, echoed. Nothing here waits inside a callback: each of them dispatches `turn`, and `turn` does what can be done
 * without waiting. What comes is received only when all that came before is sent, so a peer that does not read is not read from.
 */
function serve(ksock: K.Ksock, s: K.ksocket_t, onEnd: () => void): { start(): Promise<void>; close(): Promise<void> } {
  let rest: Uint8Array = NOTHING;
  let ended = false;
  let closed = false;
  let turning = false;
  let again = false;

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await ksock.ksock_close(s);
    onEnd();
  }

  /** Sends what waits, then receives what is there, until one of the two would have to wait: the next event goes on. */
  async function step(): Promise<void> {
    for (;;) {
      while (rest.length > 0) {
        const [error, sent] = await ksock.ksock_send(s, rest, rest.length, 0);
        if (error === K.EWOULDBLOCK) return; // xmit says when
        if (error !== 0) return close();
        rest = rest.subarray(sent);
      }
      if (ended) return close(); // the peer will send no more, and has all: our FIN
      const [error, bytes] = await ksock.ksock_recv(s, ROOM, 0);
      if (error === K.EWOULDBLOCK) return; // recv says when
      if (error !== 0) return close();
      if (bytes.length === 0) ended = true;
      rest = bytes;
    }
  }

  /** One turn at a time: an event that comes while one runs makes another one. */
  async function turn(): Promise<void> {
    again = true;
    if (turning) return;
    turning = true;
    while (again && !closed) {
      again = false;
      await step();
    }
    turning = false;
  }

  return {
    async start() {
      await ksock.ksock_ioctl(s, K.FIONBIO, 1);
      const onward = (): void => void ksock.dispatch(turn);
      await ksock.ksock_callbacks(
        s,
        {
          recv: onward,
          xmit: (_s, _arg, freebuf) => {
            if (freebuf > 0) onward();
          },
          disconnected: () => void ksock.dispatch(close),
        },
        null,
      );
      await turn(); // what came before the callbacks were there is told by none of them
    },
    close,
  };
}

/** Listens on a port, and echoes whatever comes on whatever connection. */
export async function startEchoServer(ksock: K.Ksock, address: string, port: number): Promise<EchoServer> {
  const listener = must("ksock_socket", await ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0));
  const connections = new Set<{ close(): Promise<void> }>();
  must("SO_REUSEADDR", await ksock.ksock_setsockopt(listener, K.SOL_SOCKET, K.SO_REUSEADDR, K.int(1)));
  must("ksock_bind", await ksock.ksock_bind(listener, K.sockaddr_in(address, port)));
  must("FIONBIO", await ksock.ksock_ioctl(listener, K.FIONBIO, 1));

  /** Takes every connection that waits: an event may stand for one that another turn has taken. */
  async function acceptAll(): Promise<void> {
    for (;;) {
      const [error, { ns }] = await ksock.ksock_accept(listener, null);
      if (error === K.ECONNABORTED) continue; // it was reset while it waited
      if (error !== 0) return; // EWOULDBLOCK, or the server stops
      const connection = serve(ksock, ns, () => connections.delete(connection));
      connections.add(connection);
      await connection.start();
    }
  }

  await ksock.ksock_callbacks(listener, { newconn: () => void ksock.dispatch(acceptAll) }, null);
  must("ksock_listen", await ksock.ksock_listen(listener, 16));
  return {
    connections: () => connections.size,
    async stop() {
      await ksock.ksock_close(listener);
      await Promise.all([...connections].map((connection) => connection.close()));
    },
  };
}
