import { describe, expect, test } from "@jest/globals";
import { parseFormula } from "../../services/rules/language/parse.ts";
import { createWhen, whenProblems, type When } from "../../services/rules/when.ts";
import { eventPen } from "../lab/events.ts";

function when(text: string, keys: readonly string[] = ["sk"]): When {
  const parsed = parseFormula(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return createWhen(parsed.formula, keys);
}

const at = (sk: number) => ({ node: "alpha", service: "inband", slice: { sk } }) as const;

describe("when a fault strikes", () => {
  test("after the attach of that socket, and not after its release", () => {
    const event = eventPen();
    const asks = when("once sock_oob_attach.exit[ret>=0] and not once sock_oob_release.enter");
    expect(asks.holds(at(1))).toBe(false);
    asks.take(event("sock_oob_attach.exit", { service: "inband", slice: { sk: 1 }, ret: 0 }));
    expect([asks.holds(at(1)), asks.holds(at(2))]).toEqual([true, false]);
    asks.take(event("sock_oob_release.enter", { service: "inband", slice: { sk: 1 } }));
    expect(asks.holds(at(1))).toBe(false);
  });

  test("an event without the key counts for every slice, those too that begin later", () => {
    const event = eventPen();
    const asks = when("count(inband:sys_socket.enter) >= 2 and not once inband_bind");
    asks.take(event("sys_socket.enter", { service: "inband" }));
    asks.take(event("inband_bind", { service: "inband", slice: { sk: 1 } }));
    asks.take(event("sys_socket.enter", { service: "inband" }));
    expect([asks.holds(at(1)), asks.holds(at(2))]).toEqual([false, true]);
  });

  test("previously asks for the last event of the slice", () => {
    const event = eventPen();
    const asks = when("previously sock_oob_bind.exit and not once inband_unbind");
    asks.take(event("sock_oob_bind.exit", { service: "inband", slice: { sk: 1 }, ret: 0 }));
    expect(asks.holds(at(1))).toBe(true);
    asks.take(event("inband_unbind", { service: "inband", slice: { sk: 1 } }));
    expect(asks.holds(at(1))).toBe(false);
  });
});

describe("a when is refused", () => {
  const problem = (text: string) => whenProblems(text, "inband", ["sk"])[0];

  test("when it speaks of what another house records, with the name of that house", () => {
    expect(problem("once sk_attach")).toMatchObject({
      offset: 5,
      found: "sk_attach",
      allowed: "an event that inband records, where the fault strikes: sk_attach is recorded by companion",
    });
  });

  test("when it means the caller's side of a call that this house receives, with what to write", () => {
    expect(whenProblems("once sock_oob_bind.exit", "companion", ["sk"])[0]).toMatchObject({
      hint: "write companion:sock_oob_bind for the side that receives it",
    });
    expect(whenProblems("once companion:sock_oob_bind.exit", "companion", ["sk"])).toEqual([]);
  });

  test("when it asks for an event of this very moment, or for the end", () => {
    expect(problem("sock_oob_bind.exit")).toMatchObject({
      hint: "write once sock_oob_bind.exit, or previously for the last event",
    });
    expect(problem("not end")?.allowed).toContain("no fault strikes after the end");
  });
});
