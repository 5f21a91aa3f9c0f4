import { duration, mapping, whole } from "./words.ts";

const costs = (whose: string) =>
  mapping(`the costs of ${whose} work`, {
    call: duration
      .optional()
      .describe("Serving one call: a system call, a hook, a service of another house; without it, 0."),
    frame: duration.optional().describe("Handling one frame, in each house that handles it; without it, 0."),
  });

/** What work costs in virtual time, of an experiment and of a world. */
export const stages = mapping("the two stages", {
  processors: whole(1, 2, "1 or 2")
    .optional()
    .describe(
      "1 (without it): both stages of a node share a processor, and out-of-band work pre-empts in-band work. " +
        "2: the out-of-band stage has one of its own.",
    ),
  hop: duration
    .optional()
    .describe("How long every hop between houses takes; without it, 600 ns to 1.3 µs, drawn from the seed."),
  inband: costs("in-band").optional().describe("What work of the in-band stage costs: it queues for the processor."),
  oob: costs("out-of-band").optional().describe("What work of the out-of-band stage costs."),
}).meta({
  id: "stages",
  description:
    "What work costs in the virtual time of the simulated runtime; without it, nothing. In real time it costs what it costs.",
});
