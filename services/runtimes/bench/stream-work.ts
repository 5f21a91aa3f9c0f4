import type { ByteStream, StreamPair } from "./ksock-streams.ts";

/** What one call of a transfer carries, and what is said for every so many bytes that arrived. */
export const PIECE_BYTES = 65_536;
export const SAID_BYTES = 4 * PIECE_BYTES;
export const ECHO_BYTES = 64;

/** What is measured on connections of one kind. */
export interface StreamWork {
  /** Sends `ECHO_BYTES` and gets them back. */
  roundTrip(): Promise<void>;
  /** Moves a multiple of `SAID_BYTES` to the other side; resolves when all of it was received there. */
  transfer(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** Receives so many bytes; throws when there are fewer. */
async function receiveAll(stream: ByteStream, bytes: number): Promise<void> {
  for (let got = 0; got < bytes;) {
    const data = await stream.receive(bytes - got);
    if (data.length === 0) throw new Error("a connection of the benchmark ended early");
    got += data.length;
  }
}

/** Sends back what comes, until the end. */
async function echo(stream: ByteStream): Promise<void> {
  for (;;) {
    const data = await stream.receive(PIECE_BYTES);
    if (data.length === 0) return stream.close();
    await stream.send(data);
  }
}

/** Takes what comes, and says a byte for every `SAID_BYTES`, until the end. */
async function sink(stream: ByteStream): Promise<void> {
  let unsaid = 0;
  for (;;) {
    const data = await stream.receive(PIECE_BYTES);
    if (data.length === 0) return stream.close();
    unsaid += data.length;
    for (; unsaid >= SAID_BYTES; unsaid -= SAID_BYTES) await stream.send(SAID);
  }
}

const SAID = new Uint8Array(1);

/** The work of a client, whoever is at the other end. */
export function clientWork(echoing: ByteStream, taking: ByteStream): StreamWork {
  const small = new Uint8Array(ECHO_BYTES).fill(1);
  const piece = new Uint8Array(PIECE_BYTES).fill(2);
  return {
    async roundTrip() {
      await echoing.send(small);
      await receiveAll(echoing, ECHO_BYTES);
    },
    async transfer(bytes) {
      for (let sent = 0; sent < bytes; sent += PIECE_BYTES) await taking.send(piece);
      await receiveAll(taking, bytes / SAID_BYTES);
    },
    async close() {
      await echoing.close();
      await taking.close();
    },
  };
}

/** Lets the servers of two connections run. What breaks there breaks the work that waits for it. */
export function streamWork(echoed: StreamPair, taken: StreamPair): StreamWork {
  const servers = Promise.all([echo(echoed.server), sink(taken.server)]);
  const work = clientWork(echoed.client, taken.client);
  let fail: (error: unknown) => void = () => undefined;
  servers.catch((error: unknown) => fail(error));
  // No race with the servers, which would remember each of its runners for as long as they run.
  const orFail = (doing: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      fail = reject;
      doing.then(resolve, reject);
    });
  return {
    roundTrip: () => orFail(work.roundTrip()),
    transfer: (bytes) => orFail(work.transfer(bytes)),
    async close() {
      await work.close();
      await servers;
      await echoed.end();
      await taken.end();
    },
  };
}
