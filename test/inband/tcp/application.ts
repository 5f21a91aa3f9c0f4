import { assert } from "../../../services/abi/assert.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import {
  abort,
  byteAt,
  close,
  push,
  readable,
  readOffset,
  receive,
  send,
  sendRoom,
  setSettings,
  shutdownWrite,
} from "../../../services/inband/model/tcp/user-calls.ts";
import type { Agenda } from "./agenda.ts";
import type { End } from "./end.ts";
import type { Stream } from "./stream.ts";

/** What an application does, one after the other. */
export type Act =
  | { readonly t: "send"; readonly bytes: number; readonly urgent: boolean; readonly more: boolean }
  | { readonly t: "pause"; readonly ns: number }
  | { readonly t: "set"; readonly changes: Partial<TcpSettings> }
  | { readonly t: "shutdown" }
  | { readonly t: "close" }
  | { readonly t: "abort" };

/**
 * What an application does. When it has done all its acts it says that nothing follows, reads to the end, and closes: that
 * is polite. One that closes or aborts on the way is not.
 */
export interface AppPlan {
  readonly acts: readonly Act[];
  /** Bytes that it reads at most at once; how long it then rests; when it begins. */
  readonly readMax: number;
  readonly readPauseNs: number;
  readonly readAfterNs: number;
}

/** Bytes that an application hands over at once at most. */
const SEND_MAX = 60_000;

/** The application of one end. */
export class Application {
  readonly #end: End;
  readonly #plan: AppPlan;
  readonly #agenda: Agenda;
  readonly #says: Stream;
  readonly #hears: Stream;
  readonly #scratch = new Uint8Array(SEND_MAX);
  #at = 0;
  #left: number | undefined;
  #rests = false;
  #readerRests = true;
  #planned = false;
  #shut = false;
  /** It has called close or abort: it does nothing more. */
  closed = false;
  aborted = false;
  /** Bytes that it has read. */
  readBytes = 0;
  /** Places of the bytes that it sent as urgent. */
  readonly urgentSent: number[] = [];

  constructor(end: End, plan: AppPlan, agenda: Agenda, says: Stream, hears: Stream) {
    this.#end = end;
    this.#plan = plan;
    this.#agenda = agenda;
    this.#says = says;
    this.#hears = hears;
    agenda.at(plan.readAfterNs, () => {
      this.#readerRests = false;
      this.wake();
    });
  }

  /** Whether it reads to the end and closes only then. */
  get isPolite(): boolean {
    return !this.#plan.acts.some(({ t }) => t === "close" || t === "abort");
  }

  /** Something changed: it goes on in this very moment, but not inside of what made it change. */
  wake(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#agenda.at(this.#agenda.nowNs, () => {
      this.#planned = false;
      this.#goesOn();
    });
  }

  #goesOn(): void {
    const { connection } = this.#end;
    if (connection === undefined || this.closed) return;
    this.#reads(connection);
    while (!this.#isClosed() && !this.#rests && this.#end.closed === undefined) {
      const act = this.#plan.acts[this.#at];
      if (act === undefined) break;
      if (!this.#does(connection, act)) return;
      this.#at++;
      this.#left = undefined;
    }
    if (!this.#isClosed() && !this.#rests && this.#at === this.#plan.acts.length) this.#finishes(connection);
  }

  /** After its acts: nothing follows; and once the peer says so too and all is read, nobody is there any more. */
  #finishes(connection: Connection): void {
    if (this.#end.closed === undefined) this.#shuts(connection);
    const isOver = this.#end.finCame || this.#end.closed !== undefined;
    if (isOver && readable(connection) === 0) this.#closes(connection);
  }

  /** A method, since a step changes what the compiler believes to know. */
  #isClosed(): boolean {
    return this.closed;
  }

  /** Does an act; false: it is not done yet. */
  #does(connection: Connection, act: Act): boolean {
    const { nowNs } = this.#agenda;
    switch (act.t) {
      case "send":
        return this.#sends(connection, act);
      case "pause":
        this.#rests = true;
        this.#agenda.at(nowNs + act.ns, () => {
          this.#rests = false;
          this.wake();
        });
        return true;
      case "set":
        this.#end.call(setSettings(connection, act.changes, nowNs));
        if (act.changes.rcvbuf !== undefined) this.#end.watch.mayShrink = true;
        if (act.changes.nodelay === true || act.changes.cork === false) this.#end.call(push(connection, nowNs));
        return true;
      case "shutdown":
        this.#shuts(connection);
        return true;
      case "close":
        this.#closes(connection);
        return true;
      case "abort":
        this.closed = true;
        this.aborted = true;
        this.#end.call(abort(connection, nowNs));
        return true;
    }
  }

  /** Writes what there is room for; false: some of it waits. */
  #sends(connection: Connection, act: Extract<Act, { t: "send" }>): boolean {
    // A connection that is not made yet has no room to speak of, or takes bytes early: both are fine.
    this.#left ??= this.#shut ? 0 : act.bytes;
    while (this.#left > 0 && this.#end.closed === undefined) {
      const room = sendRoom(connection);
      if (room === 0) return false;
      const { watch } = this.#end;
      const size = Math.min(this.#left, SEND_MAX);
      this.#scratch.set(this.#says.bytes(watch.written, size));
      const bytes = this.#scratch.subarray(0, size);
      const urgent = act.urgent && size === this.#left;
      const { taken, step } = send(
        connection,
        bytes,
        { urgent: urgent && room >= size, more: act.more },
        this.#agenda.nowNs,
      );
      watch.written += taken;
      this.#scratch.fill(0xdd, 0, size);
      assert(taken === Math.min(size, room), `a send takes what there is room for: ${taken} of ${size} with ${room}`);
      if (urgent && taken === size) this.urgentSent.push(watch.written - 1);
      this.#left -= taken;
      this.#end.call(step);
      if (taken < size) return false;
    }
    return true;
  }

  #shuts(connection: Connection): void {
    if (this.#shut) return;
    this.#shut = true;
    this.#end.watch.ended = true;
    this.#end.call(shutdownWrite(connection, this.#agenda.nowNs));
  }

  #closes(connection: Connection): void {
    this.closed = true;
    this.#end.watch.ended = true;
    this.#end.call(close(connection, this.#agenda.nowNs));
  }

  #reads(connection: Connection): void {
    const { readMax, readPauseNs } = this.#plan;
    while (!this.#readerRests && !this.closed && readable(connection) > 0) {
      const { nowNs } = this.#agenda;
      const before = readable(connection);
      assert(readOffset(connection) === this.readBytes, "the reader is where it has read to");
      const first = byteAt(connection, this.readBytes);
      const peeked = receive(connection, readMax, { peek: true }, nowNs).bytes.slice();
      const { bytes, step } = receive(connection, readMax, {}, nowNs);
      assert(bytes.length === Math.min(before, readMax), "a read gives what is there, up to what is wanted");
      assert(bytes[0] === first && Buffer.compare(peeked, bytes) === 0, "a peek gives what the read then gives");
      assert(this.#hears.holds(this.readBytes, bytes), "what is read is what the peer wrote, in its order, once");
      this.readBytes += bytes.length;
      this.#end.call(step);
      if (readPauseNs === 0) continue;
      this.#readerRests = true;
      this.#agenda.at(nowNs + readPauseNs, () => {
        this.#readerRests = false;
        this.wake();
      });
    }
  }
}
