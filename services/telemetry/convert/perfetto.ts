import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { contractOf } from "../draft.ts";
import { answerText, factFields } from "../words.ts";
import type { Converter } from "./converter.ts";
import { createInterning } from "./perfetto-interning.ts";
import { BOOTTIME, createPacketEncoder, SEQUENCE, TYPE, type TracePacket } from "./perfetto-proto.ts";
import { createTracks } from "./perfetto-tracks.ts";

/** All packets are of one sequence: one writer. */
const SEQUENCE_ID = 1;

/** What stands beside the beginning of a call. */
const beginning = (event: TraceEvent): Record<string, Scalar> => ({
  ...prefixed("args.", event.args),
  // What a call is about is mostly among its arguments.
  ...prefixed("slice.", onlyIn(event.slice, event.args)),
  ...common(event),
});

const onlyIn = (fields: Readonly<Record<string, Scalar>>, others: Readonly<Record<string, Scalar>>) =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => others[name] !== value));

const prefixed = (prefix: string, fields: Readonly<Record<string, Scalar>>): Record<string, Scalar> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));

const common = ({ stage, locks, lamport, seq }: TraceEvent): Record<string, Scalar> => ({
  stage,
  ...(locks.length > 0 && { locks: locks.join(" ") }),
  seq,
  lamport,
});

/** What stands beside its end. */
const ending = (event: TraceEvent): Record<string, Scalar> => ({
  ...prefixed("answer.", event.args),
  ...(event.ret !== undefined && { ret: event.ret }),
  ...(event.ret !== undefined && event.ret < 0 && { errno: answerText(event).slice(1) }),
  ...(event.lost !== undefined && { lost: event.lost }),
  ...(event.fault !== undefined && { fault: event.fault }),
  end_lamport: event.lamport,
});

/**
 * Writes a trace for Perfetto: a process for each node, a thread for each house and task, a slice for each side of a call,
 * an instant for each state change; flows lead from a call to who received it, and from a frame that was sent to where it
 * arrived. Each event is written when it comes: the reader sorts by time.
 */
export function createPerfetto(write: (chunk: Uint8Array) => void): Converter {
  const encode = createPacketEncoder();
  const send = (packet: Omit<TracePacket, "trustedPacketSequenceId">): void =>
    write(encode({ trustedPacketSequenceId: SEQUENCE_ID, ...packet }));
  // What follows is read with the state that begins here: the clock, and the strings that have numbers.
  send({
    sequenceFlags: SEQUENCE.CLEARED,
    firstPacketOnSequence: true,
    tracePacketDefaults: { timestampClockId: BOOTTIME },
  });
  const tracks = createTracks((trackDescriptor) => send({ sequenceFlags: SEQUENCE.NEEDS_STATE, trackDescriptor }));
  const interning = createInterning();
  /** The names of open slices, for those that have to move to another lane. */
  const open = new Map<number, { readonly name: string; readonly category: string }>();

  function emit(
    timeNs: number,
    type: number,
    trackUuid: number,
    name?: { readonly name: string; readonly category: string },
    fields: Readonly<Record<string, Scalar>> = {},
    flows: readonly number[] = [],
    pointers: Readonly<Record<string, number>> = {},
  ): void {
    const trackEvent = {
      type,
      trackUuid,
      ...(name !== undefined && {
        nameIid: interning.name(name.name),
        categoryIids: [interning.category(name.category)],
      }),
      ...(flows.length > 0 && { flowIds: flows }),
      debugAnnotations: interning.annotations(fields, pointers),
    };
    const internedData = interning.fresh();
    send({
      timestamp: timeNs,
      sequenceFlags: SEQUENCE.NEEDS_STATE,
      trackEvent,
      ...(internedData !== undefined && { internedData }),
    });
  }

  function begins(event: TraceEvent): void {
    const { span, parent, point, timeNs, trace } = event;
    const contract = contractOf(point);
    const name = { name: point, category: contract?.kind ?? "call" };
    const place = tracks.placeOf(event);
    const lane = place.lanes.begin(span, parent);
    open.set(span, name);
    // The one who calls begins the flow, the one who receives ends it: by the span of the call, which both know.
    const flow = contract?.from === event.service && !place.received(event) ? span : parent;
    emit(timeNs, TYPE.SLICE_BEGIN, place.track(lane), name, beginning(event), [flow], {
      span,
      ...(parent !== 0 && { parent }),
      trace,
    });
  }

  function ends(event: TraceEvent): void {
    const { span, timeNs, point } = event;
    const place = tracks.placeOf(event);
    const ended = place.lanes.end(span);
    if (ended === undefined) {
      // Its beginning is not in the trace: it has no length.
      const name = { name: `${point} (end)`, category: contractOf(point)?.kind ?? "call" };
      emit(timeNs, TYPE.INSTANT, place.loose(), name, ending(event), [], { span });
      return;
    }
    const track = place.track(ended.lane);
    for (const _ of ended.above) emit(timeNs, TYPE.SLICE_END, track);
    emit(timeNs, TYPE.SLICE_END, track, undefined, ending(event));
    open.delete(span);
    // What stood on it goes on by itself.
    for (const other of ended.above) {
      const lane = place.lanes.begin(other, 0);
      emit(timeNs, TYPE.SLICE_BEGIN, place.track(lane), open.get(other), { continued: true }, [], { span: other });
    }
  }

  function happens(event: TraceEvent): void {
    const { span, parent, point, timeNs, trace } = event;
    const place = tracks.placeOf(event);
    const lane = place.lanes.laneOf(span) ?? place.lanes.laneOf(parent);
    const track = lane === undefined ? place.loose() : place.track(lane);
    const flows = point === "frame_send" ? [span] : point === "frame_receive" ? [parent] : [];
    const category = flows.length > 0 || point.startsWith("frame_") ? "frame" : "fact";
    const fault = event.fault === undefined ? {} : { fault: event.fault };
    const fields = { ...factFields(event), ...common(event), ...fault };
    emit(timeNs, TYPE.INSTANT, track, { name: point, category }, fields, flows, { span, trace });
  }

  return {
    add(event) {
      if (event.phase === "enter") begins(event);
      else if (event.phase === "exit") ends(event);
      else happens(event);
    },
    end: () =>
      open.size === 0 ? [] : [`${open.size} sides of calls have no end in the trace; Perfetto shows them so`],
  };
}
