import type { Causality } from "./causality.ts";
import type { RuleJudgement } from "./judgement.ts";
import type { CompiledRules } from "./monitor/compile.ts";
import { createMonitor, type Ended } from "./monitor/monitor.ts";

/** Judges a whole trace. @param missing how many events are known to be missing. */
export function judgeTrace(
  compiled: CompiledRules,
  causality: Causality,
  { ended, missing }: { readonly ended: Ended; readonly missing: number },
): readonly RuleJudgement[] {
  const monitor = createMonitor(compiled);
  for (const event of causality.order) monitor.take(event);
  monitor.end(missing > 0 ? "cut" : ended);
  return monitor.judgements();
}
