import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import type { Journal } from "../../services/lab/run/journal.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { causality } from "../../services/rules/causality.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import { compileRules, type CompiledRules } from "../../services/rules/monitor/compile.ts";
import type { Broken, Sight } from "./job.ts";

/** Judges runs by the book: the rules of both profiles and those of the run's own. */
export function createJudge() {
  const compiled = new Map<Profile, CompiledRules>();
  function bookOf(profile: Profile): CompiledRules {
    const known = compiled.get(profile);
    if (known !== undefined) return known;
    const made = compileRules(BOOK.filter((rule) => rule.profile === "both" || rule.profile === profile));
    compiled.set(profile, made);
    return made;
  }
  return ({ profile, dropped }: Journal, events: readonly TraceEvent[]): Pick<Sight, "broken" | "doubtful"> => {
    const quiet = events.some(({ point, args }) => point === "run_end" && args["quiet"] === true);
    const ended = quiet ? "rest" : "cut";
    const broken: Broken[] = [];
    const doubtful: Broken[] = [];
    for (const { rule, verdict } of judgeTrace(bookOf(profile), causality(events), { ended, missing: dropped })) {
      const { id, title } = rule;
      if (verdict === "certain-fail") broken.push({ id, title });
      else if (verdict === "possible-fail" || verdict === "unknown") doubtful.push({ id, title });
    }
    return { broken, doubtful };
  };
}
