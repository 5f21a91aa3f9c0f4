import { Duplex } from "node:stream";
import { IPPROTO, MSG, POLL, SHUT, SO, SOL, TCP } from "../abi/flags.ts";
import type { Timer } from "../abi/kit.ts";
import { NO_BYTES } from "../abi/packet/bytes.ts";
import { CallError, resultOf, type Task } from "./task.ts";

/** What is asked for at a time, and what is given at a time: a call is a copy, and no message is larger than 4 MiB. */
const READ_BYTES = 128 * 1024;
const WRITE_BYTES = 256 * 1024;
/** How long a call waits for room at most, before it is asked again: well below what any road waits for an answer. */
export const PATIENCE_NS = 20_000_000_000;

/** Both ends of a connection. */
export interface Ends {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/**
 * A connected stream socket of a task as a Duplex of Node: whoever takes a `net.Socket` takes it, Node's HTTP server and client
 * among them. Each half ends by itself (`allowHalfOpen`): the peer's FIN is `end`, ours is sent by `end()`.
 *
 * Nothing is asked of the node while nobody reads, so a slow reader closes the window of its peer. An errno of a call becomes an
 * `error` event with `code` and `syscall`.
 */
export class TaskSocket extends Duplex {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly remoteFamily = "IPv4";
  bytesRead = 0;
  bytesWritten = 0;
  timeout = 0;
  readonly #task: Task;
  readonly #fd: number;
  /** Calls under way that only an event of the peer's, or a shutdown, ends. */
  #waiting = 0;
  #timer: Timer | undefined;

  constructor(task: Task, fd: number, ends: Ends) {
    super({ allowHalfOpen: true, readableHighWaterMark: READ_BYTES, writableHighWaterMark: WRITE_BYTES });
    this.#task = task;
    this.#fd = fd;
    this.localAddress = ends.localAddress;
    this.localPort = ends.localPort;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
  }

  override _read(): void {
    this.#receive().catch((error: unknown) => this.destroy(asError(error)));
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk).then(() => done(), done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    // What the peer has reset by now has no other half to close.
    this.#task.call("sys_shutdown", { fd: this.#fd, how: SHUT.SHUT_WR }).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    this.#close().then(
      () => done(error),
      () => done(error),
    );
  }

  /** Emits `timeout` when nothing was sent or received for so long, on the road's clock; 0 for never. Nothing is closed by itself. */
  readonly setTimeout = (ms: number, onTimeout?: () => void): this => {
    this.timeout = ms;
    if (onTimeout !== undefined) {
      if (ms === 0) this.off("timeout", onTimeout);
      else this.once("timeout", onTimeout);
    }
    this.#active();
    return this;
  };

  setNoDelay(on = true): this {
    this.#setOption(IPPROTO.IPPROTO_TCP, TCP.TCP_NODELAY, on ? 1 : 0);
    return this;
  }

  setKeepAlive(on = false): this {
    this.#setOption(SOL.SOL_SOCKET, SO.SO_KEEPALIVE, on ? 1 : 0);
    return this;
  }

  /** Ends once all that was written is sent. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  address(): { readonly address: string; readonly family: "IPv4"; readonly port: number } {
    return { address: this.localAddress, family: "IPv4", port: this.localPort };
  }

  /** The process lives as long as its world does: there is nothing to hold. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async #receive(): Promise<void> {
    for (;;) {
      const result = await this.#wait(async () =>
        resultOf(await this.#task.call("sys_recvfrom", { fd: this.#fd, count: READ_BYTES, flags: 0 })),
      );
      if (this.destroyed) return;
      if (!result.ok) {
        // Nothing came for a while, or the call was interrupted: nobody has waited too long yet.
        if (result.errno === "EAGAIN" || result.errno === "EINTR") continue;
        throw new CallError("sys_recvfrom", result.errno);
      }
      const { data } = result.value;
      this.#active();
      this.bytesRead += data.length;
      this.push(data.length === 0 ? null : Buffer.from(data.buffer, data.byteOffset, data.length));
      return;
    }
  }

  async #send(bytes: Buffer): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const data = bytes.subarray(at, at + WRITE_BYTES);
      const args = { fd: this.#fd, data, flags: MSG.MSG_DONTWAIT, addr: NO_BYTES };
      const result = resultOf(await this.#task.call("sys_sendto", args));
      if (result.ok) {
        this.#active();
        at += result.value.count;
        this.bytesWritten += result.value.count;
        if (at < bytes.length) await this.#room();
      } else if (result.errno === "EAGAIN") await this.#room();
      else if (result.errno !== "EINTR") throw new CallError("sys_sendto", result.errno);
    }
  }

  /** Waits until the send buffer has room, or the connection is over, which the next call tells. */
  async #room(): Promise<void> {
    await this.#wait(() =>
      this.#task.call("sys_poll", { fd: this.#fd, events: POLL.POLLOUT, timeout_ns: PATIENCE_NS }),
    );
    if (this.destroyed) throw new CallError("sys_sendto", "EBADF");
  }

  async #wait<T>(call: () => Promise<T>): Promise<T> {
    this.#waiting++;
    try {
      return await call();
    } finally {
      this.#waiting--;
    }
  }

  async #close(): Promise<void> {
    // A descriptor that is closed under a call does not wake the call; the end of the connection does.
    if (this.#waiting > 0) await this.#task.call("sys_shutdown", { fd: this.#fd, how: SHUT.SHUT_RDWR });
    await this.#task.call("sys_close", { fd: this.#fd });
  }

  #setOption(level: number, optname: number, value: number): void {
    // As with a socket of Node's: who sets an option of a connection that is over is not told.
    void this.#task.call("sys_setsockopt", { fd: this.#fd, level, optname, value }).catch(() => undefined);
  }

  #active(): void {
    this.#timer?.cancel();
    this.#timer =
      this.timeout === 0 || this.destroyed
        ? undefined
        : this.#task.clock.after(this.timeout * 1e6, () => {
            this.#timer = undefined;
            this.emit("timeout");
          });
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
