import { describe, expect, test } from "@jest/globals";
import { ruleProblems } from "../../services/rules/language/check.ts";
import { parseFormula } from "../../services/rules/language/parse.ts";
import { printFormula } from "../../services/rules/language/print.ts";

/** A formula with all its brackets; or the first error as `offset found: hint or allowed`. */
function read(text: string): string {
  const parsed = parseFormula(text);
  if (parsed.ok) return printFormula(parsed.formula);
  const { offset, found, allowed, hint } = parsed.error;
  return `${offset} ${found}: ${hint ?? allowed}`;
}

const problem = (formula: string, forall: readonly string[] = []): string => {
  const [error] = ruleProblems({ formula, forall });
  return error === undefined ? "sound" : `${error.offset} ${error.found}: ${error.hint ?? error.allowed}`;
};

describe("the words of the language", () => {
  test("not binds tightest, then since, and, or, and implies at the last", () => {
    expect(read("not sys_bind since sys_fork and sys_exec or sys_read implies sys_dup")).toBe(
      "not sys_bind since sys_fork and sys_exec or sys_read implies sys_dup",
    );
    expect(read("(((not sys_bind) since sys_fork) and sys_exec) or sys_read")).toBe(
      "not sys_bind since sys_fork and sys_exec or sys_read",
    );
    expect(read("not (sys_bind since (sys_fork and sys_exec))")).toBe("not (sys_bind since (sys_fork and sys_exec))");
  });

  test("implies goes on to the right, since to the left", () => {
    expect(read("sys_dup implies (sys_fork implies sys_exec)")).toBe("sys_dup implies sys_fork implies sys_exec");
    expect(read("(sys_dup implies sys_fork) implies sys_exec")).toBe("(sys_dup implies sys_fork) implies sys_exec");
    expect(read("(sys_dup since sys_fork) since sys_exec")).toBe("sys_dup since sys_fork since sys_exec");
  });

  test("counts are added, taken away and compared", () => {
    expect(read("count(sys_dup.exit[ret >= 0]|sys_dup2.exit) - 1 <= count(once sys_close) + 2")).toBe(
      "count(sys_dup.exit[ret>=0]|sys_dup2.exit) - 1 <= count(once sys_close) + 2",
    );
  });

  test("an atom keeps what it is made of, whatever stands in it", () => {
    expect(read('companion:oob_*.exit[ret==-1,fd>2] or file_create[dev=="a b"]')).toBe(
      'companion:oob_*.exit[ret==-1, fd>2] or file_create[dev=="a b"]',
    );
  });
});

describe("what is no formula is refused with one line, its place and what to write", () => {
  test.each([
    ["sys_bind => sys_fork", "9 =>: write implies"],
    ["sys_bind -> sys_fork", "9 ->: write implies"],
    ["sys_bind && sys_fork", "9 &&: write and"],
    ["sys_bind || sys_fork", "9 ||: write or"],
    ["! sys_bind", "0 !: write not"],
    ["sys_bind AND sys_fork", "9 AND: write and"],
    ["forall sk", "0 forall: forall stands beside the formula, not in it"],
    [
      "always (sys_bind)",
      "0 always: write historically for all events so far; a rule is judged at each event without it",
    ],
    ["never sys_bind", "0 never: write not once"],
    ["sys_bind iff sys_fork", "9 iff: write it as two rules with implies"],
  ])("%s", (text, line) => {
    expect(read(text)).toBe(line);
  });

  test("the language speaks of the past only", () => {
    for (const word of ["eventually sys_bind", "sys_bind until sys_fork", "next (sys_bind)"])
      expect(read(word)).toContain("the language speaks of the past only");
  });

  test("what stands in the wrong place, and what is missing", () => {
    expect(read("sys_bind sys_fork")).toBe("9 sys_fork: and, or, since, implies, or the end");
    expect(read("(sys_bind")).toBe("9 the end: and, or, since, implies, or )");
    expect(read("count(sys_bind)")).toBe("15 the end: +, - or a comparison: == != <= >= < >");
    expect(read("count sys_bind > 1")).toBe("6 sys_bind: (");
    expect(read("once and")).toMatch(/^5 and: an event such as/);
    expect(read("sys_bind.exti")).toBe("9 exti: did you mean exit?");
    expect(read("sys_bind.exit[ret=0]")).toContain("17 =: ");
    expect(read("")).toMatch(/^0 the end: an event/);
  });

  test("a formula that nests too deep is refused, not read until the stack ends", () => {
    expect(read(`${"(".repeat(100_000)}sys_bind`)).toContain("a formula that nests less than 64 deep");
    expect(read(`${"not ".repeat(100_000)}sys_bind`)).toContain("a formula that nests less than 64 deep");
  });
});

describe("a rule that can never say anything is refused", () => {
  test("a name, a field or a word that nothing has, with the one that was meant", () => {
    expect(problem("sys_bnd.exit implies once sys_fork")).toBe("0 sys_bnd: did you mean sys_bind?");
    expect(problem("once sock_oob_bind.exit[rett==0]")).toBe("24 rett: did you mean ret?");
    expect(problem("once sock_oob_bind.exit[stage==inbnd]")).toBe("31 inbnd: did you mean inband?");
  });

  test("conditions that nothing fulfils together", () => {
    expect(problem("once sys_bind.exit[ret==0, ret<0]")).toBe("27 ret<0: something that can be together with ret==0");
    expect(problem("once sys_bind.exit[ret>3, ret<4]")).toBe("26 ret<4: something that can be together with ret>3");
    expect(problem("once sys_bind.exit[lost==timeout, ret==0]")).toContain("something that can be together with lost");
    expect(problem("once sys_bind.exit[ret>3, ret<5]")).toBe("sound");
  });

  test("a field that this phase does not have, a house that does not record it", () => {
    expect(problem("once sys_bind.enter[ret==0]")).toBe("20 ret: a field of enter: only an exit has ret");
    expect(problem("once sys_bind.enter[fault==f1]")).toContain("which fault struck is told at the exit");
    expect(problem("once sys_bind.enter[phase==exit]")).toContain("phase==exit: what sys_bind can have");
    expect(problem("once nic:sys_bind.enter")).toBe(
      "9 nic:sys_bind: what nic records: sys_bind is recorded by task and vfs",
    );
  });

  test("keys that no event here carries, so that no slice ever begins", () => {
    expect(problem("capset implies once place_down", ["frame"])).toBe(
      "0 capset: an event that carries frame: no event here does",
    );
    expect(problem("sock_oob_bind.enter implies once inband_bind", ["skk"])).toContain(
      "0 forall skk: did you mean sk?",
    );
    expect(problem("sock_oob_bind.enter implies not once place_down", ["sk"])).toBe("sound");
  });

  test("a left side that never holds: one event has one name and one phase", () => {
    expect(problem("sys_bind.enter and sys_bind.exit implies once sys_fork")).toBe(
      "15 sys_bind.enter and sys_bind.exit: something that can ever hold",
    );
    expect(problem("once (sys_bind.enter and end) implies once sys_fork")).toContain("something that can ever hold");
    expect(problem("sys_bind.enter and once sys_bind.exit implies once sys_fork")).toBe("sound");
  });

  test("a comparison of counts that comes out one way only", () => {
    expect(problem("count(sys_bind) < 0")).toBe(
      "0 count(sys_bind) < 0: a comparison that can come out both ways: this one is never true",
    );
    expect(problem("count(sys_bind) + 1 > 0")).toContain("always true");
    expect(problem("count(sys_bind) <= 0")).toBe("sound");
    expect(problem("count(sys_bind) >= count(sys_fork)")).toBe("sound");
  });
});
