import type { TraceEvent } from "../../abi/event.ts";

/**
 * Events in the order in which a person wants to read them: by time, yet never an effect before its cause.
 *
 * Lamport stamps alone would do for cause and effect, but they put what a slow house did early behind what a busy one did
 * late. So each event gets the latest time among its own and its causes', and these are compared.
 */
export function inOrder(events: readonly TraceEvent[]): TraceEvent[] {
  const byCause = [...events].sort(
    (a, b) =>
      a.lamport - b.lamport ||
      a.timeNs - b.timeNs ||
      (a.service === b.service ? a.seq - b.seq : a.service < b.service ? -1 : 1),
  );
  const ofHouse = new Map<string, number>();
  const ofSpan = new Map<number, number>();
  /** When the last answer to a call was ready, by the caller's span. */
  const ofAnswer = new Map<number, number>();
  const timed = byCause.map((event) => {
    const house = `${event.node}/${event.service}`;
    const answered = event.phase === "exit" && event.lost === undefined ? ofAnswer.get(event.span) : undefined;
    const at = Math.max(
      event.timeNs,
      ofHouse.get(house) ?? 0,
      ofSpan.get(event.phase === "enter" || event.point === "frame_receive" ? event.parent : event.span) ?? 0,
      answered ?? 0,
    );
    ofHouse.set(house, at);
    if (event.phase === "enter" || event.point === "frame_send") ofSpan.set(event.span, at);
    // What ended inside a call comes before the call's own end, unless nobody was told: then the caller went on alone.
    if (event.phase === "exit") ofAnswer.set(event.parent, Math.max(at, ofAnswer.get(event.parent) ?? 0));
    return { event, at };
  });
  return timed.sort((a, b) => a.at - b.at || a.event.lamport - b.event.lamport).map(({ event }) => event);
}
