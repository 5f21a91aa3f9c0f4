import { afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { traceparentOf } from "../../services/abi/traceparent.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import type { Answer, Invocation, Transport } from "../../services/boundary/invocation.ts";
import { answerTo, invocation } from "./arbitrary.ts";
import { latch, wrote, writeCall } from "./support.ts";

/** Two ends of a transport. */
export interface Pair {
  /** The calling end. */
  readonly transport: Transport;
  /** Closes the calling end; undefined where there is nothing to close. */
  readonly close?: () => void;
  /** The receiving end dies without a word; undefined where it cannot. */
  readonly kill?: () => Promise<void>;
  /** Frees what the pair holds, however the test ended. */
  readonly dispose: () => Promise<void>;
}

/** Unary calls say their place in the trace a second time, for peers who know W3C's form only. */
function withoutTraceparent({ traceparent, ...call }: Invocation): Invocation {
  if (traceparent !== undefined) expect(traceparent).toBe(traceparentOf(call.origin, call.trace, call.span));
  return call;
}

/**
 * What every transport owes its callers; the same cases for all of them.
 *
 * @param makePair connects a caller to a receiver, which answers with `serve`.
 */
export function describeTransport(name: string, makePair: (serve: Transport) => Promise<Pair>): void {
  describe(`the ${name} transport`, () => {
    const pairs: Pair[] = [];
    async function pairWith(serve: Transport): Promise<Pair> {
      const pair = await makePair(serve);
      pairs.push(pair);
      return pair;
    }
    afterEach(async () => {
      await Promise.all(pairs.splice(0).map((pair) => pair.dispose()));
    });

    test("a value comes back with the receiver's Lamport stamp, and the call arrives with its whole context", async () => {
      const seen: Invocation[] = [];
      const { transport } = await pairWith(async (call) => {
        seen.push(call);
        return wrote(3, 41);
      });
      const call = writeCall();
      expect(await transport(call)).toEqual(wrote(3, 41));
      expect(seen.map(withoutTraceparent)).toEqual([call]);
    });

    test("a refusal comes back as the errno that the receiver chose, with its stamp", async () => {
      const { transport } = await pairWith(async () => ({ kind: "refused", errno: "EBADF", lamport: 9 }));
      expect(await transport(writeCall())).toEqual({ kind: "refused", errno: "EBADF", lamport: 9 });
    });

    test("a point that nobody serves is unserved, which is no loss", async () => {
      const { transport } = await pairWith(async () => ({ kind: "unserved", lamport: 0 }));
      expect(await transport(writeCall())).toEqual({ kind: "unserved", lamport: 0 });
    });

    test("a call that the receiver rejects is lost with the receiver's reason", async () => {
      const answer: Answer = { kind: "lost", why: "rejected", reason: "called from oob: ä %2F \n", lamport: 0 };
      const { transport } = await pairWith(async () => answer);
      expect(await transport(writeCall())).toEqual(answer);
    });

    test("every value of every field of every point survives both ways", async () => {
      let answer: Answer = wrote(0);
      let seen: Invocation | undefined;
      const { transport } = await pairWith(async (call) => {
        seen = call;
        return answer;
      });
      const crossing = invocation.chain((call) => answerTo(call.point).map((reply) => ({ call, reply })));
      await fc.assert(
        fc.asyncProperty(crossing, async ({ call, reply }) => {
          answer = reply;
          expect(await transport(call)).toEqual(reply);
          expect(seen && withoutTraceparent(seen)).toEqual(call);
        }),
        { numRuns: 250 },
      );
    });

    test("the two ends share nothing: what one changes afterwards the other does not see", async () => {
      const held = latch();
      const bytes = new Uint8Array([1, 2, 3]);
      const kept = new Uint8Array([7, 8, 9]);
      let seen: Uint8Array | undefined;
      const { transport } = await pairWith(async (call) => {
        if (call.point === "oob_write") seen = (call as Invocation<"oob_write">).args.data;
        await held.promise;
        return { kind: "returned", value: { data: kept }, lamport: 1 };
      });
      const pending = transport({ ...writeCall({ data: bytes }), point: "oob_write" });
      const other = transport({ ...writeCall(), point: "sys_read", args: { fd: 1, count: 3 } });
      bytes.fill(0);
      held.open();
      await pending;
      const got = await other;
      kept.fill(0);
      expect(got).toMatchObject({ value: { data: new Uint8Array([7, 8, 9]) } });
      // Changed in the very turn of the call, before anything can have left.
      expect(seen).toEqual(new Uint8Array([1, 2, 3]));
    });

    test("the notes of a call stay with its caller", async () => {
      const seen: Invocation["notes"][] = [];
      const { transport } = await pairWith(async ({ notes }) => {
        seen.push(notes);
        notes.fault = "theirs";
        return wrote(1);
      });
      const call: Invocation = { ...writeCall(), notes: { parent: 12, fault: "mine" } };
      await transport(call);
      expect(call.notes).toEqual({ parent: 12, fault: "mine" });
      expect(seen).toEqual([{ parent: 0, fault: "theirs" }]);
    });

    test("it never answers in the turn of the call", async () => {
      let answered = false;
      const { transport } = await pairWith(async () => wrote(1));
      const pending = transport(writeCall()).then(() => (answered = true));
      expect(answered).toBe(false);
      await pending;
    });

    test("each of 500 calls in flight gets its own answer, though the receiver answers the last one first", async () => {
      const calls: { readonly fd: number; readonly answer: (answer: Answer) => void }[] = [];
      const all = latch();
      const { transport } = await pairWith(
        (call) =>
          new Promise((answer) => {
            calls.push({ fd: (call as Invocation<"sys_write">).args.fd, answer });
            if (calls.length === 500) all.open();
          }),
      );
      const answers = Array.from({ length: 500 }, (_, fd) => transport(writeCall({ fd }, fd + 1)));
      await all.promise;
      expect(calls.map(({ fd }) => fd)).toEqual(Array.from({ length: 500 }, (_, fd) => fd));
      for (const { fd, answer } of calls.reverse()) answer(wrote(fd));
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 500 }, (_, fd) => wrote(fd)));
    });

    test("a slow call does not hold up those behind it", async () => {
      const slow = latch<Answer>();
      const { transport } = await pairWith((call) => (call.id === 1 ? slow.promise : Promise.resolve(wrote(call.id))));
      const first = transport(writeCall({}, 1));
      expect(await transport(writeCall({}, 2))).toEqual(wrote(2));
      slow.open(wrote(1));
      expect(await first).toEqual(wrote(1));
    });

    test("a megabyte goes there and another one comes back, both intact", async () => {
      const data = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7) & 255);
      const { transport } = await pairWith(async (call) => {
        const got = (call as Invocation<"sys_write">).args.data;
        return { kind: "returned", value: { data: got.map((byte) => byte ^ 255) }, lamport: 1 };
      });
      const answer = (await transport({ ...writeCall({ data }), point: "oob_driver_io", args: driverIo(data) })) as {
        readonly value: { readonly data: Uint8Array };
      };
      // Compared as buffers: Jest would describe a megabyte of differences.
      expect(
        Buffer.compare(
          answer.value.data,
          data.map((byte) => byte ^ 255),
        ),
      ).toBe(0);
    });

    test("a call that is too large is rejected before it is sent, by size and limit", async () => {
      let served = 0;
      const { transport } = await pairWith(async () => wrote((served += 1)));
      const answer = await transport(writeCall({ data: new Uint8Array(LIMITS.messageBytesMax + 1) }));
      expect(answer).toMatchObject({ kind: "lost", why: "rejected" });
      expect((answer as { reason: string }).reason).toMatch(
        /^the call sys_write has 41943\d\d bytes, .* 4194304 at most$/,
      );
      expect(served).toBe(0);
      expect(await transport(writeCall())).toEqual(wrote(1));
    });

    test("an answer that is too large is rejected by size and limit, and the next one arrives", async () => {
      let bytes = LIMITS.messageBytesMax + 1;
      const { transport } = await pairWith(async () => ({
        kind: "returned",
        value: { data: new Uint8Array(bytes) },
        lamport: 1,
      }));
      const read: Invocation = { ...writeCall(), point: "sys_read", args: { fd: 1, count: 1 } };
      const answer = await transport(read);
      expect(answer).toMatchObject({ kind: "lost", why: "rejected" });
      expect((answer as { reason: string }).reason).toMatch(/^the answer to sys_read has 41943\d\d bytes/);
      bytes = 2;
      expect(await transport(read)).toMatchObject({ kind: "returned", value: { data: new Uint8Array(2) } });
    });

    test("what is in flight when the receiver dies is lost, and so is what is called afterwards", async () => {
      const arrived = latch();
      const { transport, kill } = await pairWith(() => {
        arrived.open();
        return new Promise(() => undefined);
      });
      if (kill === undefined) return;
      const pending = [1, 2, 3].map((id) => transport(writeCall({}, id)));
      await arrived.promise;
      await kill();
      for (const answer of await Promise.all(pending)) {
        expect(answer).toMatchObject({ kind: "lost", why: "unreachable", lamport: 0 });
        expect((answer as { reason: string }).reason).toMatch(/^[^\n]+$/);
      }
      expect(await transport(writeCall())).toMatchObject({ kind: "lost", why: "unreachable" });
    });

    test("closing it loses what is in flight; to close it again or to call it then does no harm", async () => {
      const arrived = latch();
      const { transport, close } = await pairWith(() => {
        arrived.open();
        return new Promise(() => undefined);
      });
      if (close === undefined) return;
      const pending = transport(writeCall());
      await arrived.promise;
      close();
      close();
      expect(await pending).toMatchObject({ kind: "lost", why: "unreachable" });
      expect(await transport(writeCall())).toMatchObject({ kind: "lost", why: "unreachable" });
    });
  });
}

const driverIo = (data: Uint8Array) =>
  ({ file: 1, oob_data: 2, operation: "write", data, count: data.length, cmd: 0, arg: 0 }) as const;
