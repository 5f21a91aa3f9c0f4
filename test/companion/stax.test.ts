import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Stax, type Side } from "../../services/companion/model/stax.ts";

/** What somebody may do next; a number says which of those who can. */
type Deed = readonly ["lock", Side] | readonly ["try", Side] | readonly ["unlock", number] | readonly ["leave", number];

const side = fc.constantFrom<Side>("inband", "oob");
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(fc.constant("lock" as const), side),
  fc.tuple(fc.constant("try" as const), side),
  fc.tuple(fc.constant("unlock" as const), fc.nat()),
  fc.tuple(fc.constant("leave" as const), fc.nat()),
);

interface One {
  readonly id: number;
  readonly side: Side;
}

/** A lock, those inside, and those in line. */
class Crowd {
  readonly stax = new Stax<One>();
  readonly inside: One[] = [];
  readonly line: One[] = [];
  /** How many batches of the other stage each waiter has seen enter. */
  readonly #batches = new Map<One, number>();
  #last = 0;

  does([what, which]: Deed): void {
    if (what === "lock" || what === "try") this.#comes({ id: ++this.#last, side: which }, what);
    else if (what === "unlock") this.#leaves(which);
    else this.#givesUp(which);
  }

  #comes(one: One, how: "lock" | "try"): void {
    const taken = this.stax.tryLock(one.side);
    if (taken) this.#enter([one]);
    else if (how === "lock") {
      this.stax.wait(one.side, one);
      this.line.push(one);
    }
  }

  #leaves(which: number): void {
    if (this.inside.length === 0) return;
    const [one] = this.inside.splice(which % this.inside.length, 1);
    if (one !== undefined) this.#admitted(this.stax.unlock(one.side));
  }

  #givesUp(which: number): void {
    if (this.line.length === 0) return;
    const [one] = this.line.splice(which % this.line.length, 1);
    if (one !== undefined) this.#admitted(this.stax.leave(one));
  }

  #admitted(all: readonly One[]): void {
    for (const one of all) {
      expect(this.line).toContain(one);
      this.line.splice(this.line.indexOf(one), 1);
    }
    this.#enter(all);
  }

  #enter(all: readonly One[]): void {
    const [first] = all;
    if (first === undefined) return;
    for (const waiter of this.line.filter(({ side }) => side !== first.side)) {
      const batches = (this.#batches.get(waiter) ?? 0) + 1;
      this.#batches.set(waiter, batches);
      expect(batches).toBe(1);
    }
    this.inside.push(...all);
  }
}

const deeds = fc.array(deed, { maxLength: 60 });

describe("a stage-exclusion lock, whatever comes in whatever order", () => {
  test("never has holders of both stages", () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const crowd = new Crowd();
        for (const one of all) {
          crowd.does(one);
          expect(new Set(crowd.inside.map(({ side }) => side)).size).toBeLessThan(2);
          expect(crowd.stax.holders).toBe(crowd.inside.length);
        }
      }),
    );
  });

  test("loses no wake-up: nobody waits for a lock that is free, and when all leave everybody was inside", () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const crowd = new Crowd();
        for (const one of all) {
          crowd.does(one);
          if (crowd.inside.length === 0) expect(crowd.line).toEqual([]);
          // Who waits has somebody of the other stage before it: inside, or in line.
          for (const { side } of crowd.line)
            expect([...crowd.inside, ...crowd.line].some((other) => other.side !== side)).toBe(true);
        }
        for (let left = crowd.inside.length + crowd.line.length; left > 0; left--) crowd.does(["unlock", 0]);
        expect([crowd.inside, crowd.line]).toEqual([[], []]);
      }),
    );
  });

  test("starves nobody: who waits sees one batch of the other stage enter at most", () => {
    fc.assert(
      fc.property(deeds, (all) => {
        const crowd = new Crowd();
        // The crowd looks at it whenever somebody enters.
        for (const one of all) crowd.does(one);
      }),
    );
  });
});

test("those of one stage enter together, and the last of them lets in the others", () => {
  const stax = new Stax<string>();
  expect([stax.tryLock("oob"), stax.tryLock("oob"), stax.tryLock("inband")]).toEqual([true, true, false]);
  stax.wait("inband", "app");
  expect(stax.tryLock("oob")).toBe(false);
  stax.wait("oob", "rt");
  expect(stax.unlock("oob")).toEqual([]);
  expect(stax.unlock("oob")).toEqual(["app"]);
  expect(stax.unlock("inband")).toEqual(["rt"]);
  expect([stax.unlock("oob"), stax.holders]).toEqual([[], 0]);
});

test("a waiter that gives up lets in those who stood behind it alone", () => {
  const stax = new Stax<string>();
  stax.tryLock("oob");
  stax.wait("inband", "app");
  stax.wait("oob", "rt");
  expect(stax.leave("app")).toEqual(["rt"]);
  expect(stax.holders).toBe(2);
});
