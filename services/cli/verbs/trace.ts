import type { TraceEvent } from "../../abi/event.ts";
import { createWholeCalls, readChoice, type Choice } from "../../telemetry/filter/index.ts";
import type { Outcome } from "../backend.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { createLiveTrace } from "../trace/live.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";
import { TICK_MS } from "./up.ts";

/** What chooses events, on every verb that reads a trace. */
export interface ChoiceOptions {
  readonly filter?: string;
  readonly event?: readonly string[];
}

/** What `tenon trace` was given. */
export interface TraceOptions extends KernelOptions, ChoiceOptions {
  readonly from?: string;
}

/** What the options choose, or the exit code after what is wrong with them was told. */
export function choiceOf(
  { invalid }: Tools,
  { filter, event = [] }: ChoiceOptions,
): { readonly choice: Choice | undefined } | { readonly code: ExitCode } {
  const read = readChoice(filter, event);
  return read.ok ? { choice: read.choice } : { code: invalid(read.why) };
}

/** Hands events over until there are no more. */
type Source = (take: (events: readonly TraceEvent[]) => void) => Promise<Outcome<unknown>>;

/** Shows what a source gives: as JSON Lines exactly what passes, for people whole calls. */
async function show(tools: Tools, json: boolean, choice: Choice | undefined, source: Source, live: boolean) {
  const { backend, io, look, print } = tools;
  if (json) {
    const passes = choice?.passes ?? (() => true);
    return source((events) => print(...events.filter(passes).map((event) => backend.lineOf(event))));
  }
  const picture = createLiveTrace(look);
  const chosen = choice === undefined ? (events: readonly TraceEvent[]) => events : createWholeCalls(choice.passes);
  const rest = live ? io.every(TICK_MS, () => print(...picture.tick())) : undefined;
  try {
    const followed = await source((events) => {
      picture.add(chosen(events));
      // A file has no time of its own: each batch is a tick.
      if (!live) print(...picture.tick());
    });
    print(...picture.end());
    return followed;
  } finally {
    rest?.();
  }
}

/**
 * `tenon trace`: follows the events of a running kernel until Ctrl-C, or until the kernel ends; or shows those of a file.
 */
export async function trace(tools: Tools, options: TraceOptions): Promise<ExitCode> {
  const { backend, io, invalid } = tools;
  const read = choiceOf(tools, options);
  if ("code" in read) return read.code;
  const { choice } = read;
  const json = options.json !== undefined;
  const { from } = options;
  if (from !== undefined) {
    if (options.control !== undefined) return invalid("--from reads a file, --control a running kernel; found both");
    const shown = await show(tools, json, choice, (take) => backend.readTrace(from, take, io.stop), false);
    return answered(tools, shown, () => EXIT.pass);
  }
  const points = choice?.points === undefined ? undefined : [...choice.points];
  // No event can pass, and to name no point would mean all of them.
  if (points?.length === 0) return invalid("no event can pass this filter: it asks for two points at once");
  return withKernel(tools, options, async (control) => {
    const shown = await show(tools, json, choice, (take) => control.follow(take, io.stop, points), true);
    return answered(tools, shown, () => EXIT.pass);
  });
}
