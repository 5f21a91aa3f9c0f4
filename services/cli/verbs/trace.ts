import type { TraceEvent } from "../../abi/event.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { createLiveTrace } from "../trace/live.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";
import { TICK_MS } from "./up.ts";

/** `tenon trace`: follows the events of a running kernel until Ctrl-C, or until the kernel ends. */
export const trace = (tools: Tools, options: KernelOptions): Promise<ExitCode> =>
  withKernel(tools, options, async (control) => {
    const { io, look, print } = tools;
    if (options.json !== undefined) {
      const write = (events: readonly TraceEvent[]): void => print(...events.map((event) => JSON.stringify(event)));
      return answered(tools, await control.follow(write, io.stop), () => EXIT.pass);
    }
    const live = createLiveTrace(look);
    const rest = io.every(TICK_MS, () => print(...live.tick()));
    try {
      const followed = await control.follow((events) => live.add(events), io.stop);
      print(...live.end());
      return answered(tools, followed, () => EXIT.pass);
    } finally {
      rest();
    }
  });
