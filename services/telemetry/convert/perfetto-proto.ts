import protobuf from "protobufjs";

const { Root } = protobuf;

/** So many fields as are written here, with the numbers that Perfetto publishes (protos/perfetto/trace, package perfetto.protos). */
const uint64 = (id: number) => ({ type: "uint64", id });
const uint32 = (id: number) => ({ type: "uint32", id });
const int32 = (id: number) => ({ type: "int32", id });
const int64 = (id: number) => ({ type: "int64", id });
const bool = (id: number) => ({ type: "bool", id });
const string = (id: number) => ({ type: "string", id });
const message = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });

const interned = { fields: { iid: uint64(1), name: string(2) } };

/** The messages of a trace, in the form that protobufjs reads. */
const MESSAGES = {
  Trace: { fields: { packet: repeated("TracePacket", 1) } },
  TracePacket: {
    fields: {
      timestamp: uint64(8),
      timestampClockId: uint32(58),
      trackEvent: message("TrackEvent", 11),
      trackDescriptor: message("TrackDescriptor", 60),
      trustedPacketSequenceId: uint32(10),
      internedData: message("InternedData", 12),
      sequenceFlags: uint32(13),
      tracePacketDefaults: message("TracePacketDefaults", 59),
      firstPacketOnSequence: bool(87),
    },
  },
  TracePacketDefaults: { fields: { timestampClockId: uint32(58) } },
  InternedData: {
    fields: {
      eventCategories: repeated("EventCategory", 1),
      eventNames: repeated("EventName", 2),
      debugAnnotationNames: repeated("DebugAnnotationName", 3),
    },
  },
  EventCategory: interned,
  EventName: interned,
  DebugAnnotationName: interned,
  TrackDescriptor: {
    fields: {
      uuid: uint64(1),
      parentUuid: uint64(5),
      name: string(2),
      process: message("ProcessDescriptor", 3),
      thread: message("ThreadDescriptor", 4),
    },
  },
  ProcessDescriptor: { fields: { pid: int32(1), processName: string(6) } },
  ThreadDescriptor: { fields: { pid: int32(1), tid: int32(2), threadName: string(5) } },
  TrackEvent: {
    fields: {
      categoryIids: { ...repeated("uint64", 3), options: { packed: false } },
      debugAnnotations: repeated("DebugAnnotation", 4),
      type: int32(9),
      nameIid: uint64(10),
      trackUuid: uint64(11),
      // proto2: repeated numbers are not packed.
      flowIds: { ...repeated("fixed64", 47), options: { packed: false } },
    },
  },
  DebugAnnotation: {
    fields: {
      nameIid: uint64(1),
      boolValue: bool(2),
      intValue: int64(4),
      doubleValue: { type: "double", id: 5 },
      stringValue: string(6),
      pointerValue: uint64(7),
    },
  },
};

/** One value beside an event. Exactly one of the values is there. */
export interface DebugAnnotation {
  readonly nameIid: number;
  readonly boolValue?: boolean;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly stringValue?: string;
  readonly pointerValue?: number;
}

/** TrackEvent.Type. */
export const TYPE = { SLICE_BEGIN: 1, SLICE_END: 2, INSTANT: 3 } as const;

/** TracePacket.SequenceFlags. */
export const SEQUENCE = { CLEARED: 1, NEEDS_STATE: 2 } as const;

/** ClockSnapshot.Clock.BOOTTIME: nanoseconds since the boot, which is what the times of a world are. */
export const BOOTTIME = 6;

interface Interned {
  readonly iid: number;
  readonly name: string;
}

/** Strings that this packet and later ones name by number. */
export interface InternedData {
  readonly eventCategories: Interned[];
  readonly eventNames: Interned[];
  readonly debugAnnotationNames: Interned[];
}

/** One packet of a trace. */
export interface TracePacket {
  readonly timestamp?: number;
  readonly trustedPacketSequenceId: number;
  readonly sequenceFlags: number;
  readonly firstPacketOnSequence?: boolean;
  readonly tracePacketDefaults?: { readonly timestampClockId: number };
  readonly internedData?: InternedData;
  readonly trackDescriptor?: {
    readonly uuid: number;
    readonly parentUuid?: number;
    readonly name?: string;
    readonly process?: { readonly pid: number; readonly processName: string };
    readonly thread?: { readonly pid: number; readonly tid: number; readonly threadName: string };
  };
  readonly trackEvent?: {
    readonly type: number;
    readonly trackUuid: number;
    readonly nameIid?: number;
    readonly categoryIids?: readonly number[];
    readonly flowIds?: readonly number[];
    readonly debugAnnotations?: readonly DebugAnnotation[];
  };
}

/** Makes packets into pieces of a file; the pieces one after the other are a Trace. */
export function createPacketEncoder(): (packet: TracePacket) => Uint8Array {
  const trace = Root.fromJSON({ nested: MESSAGES }).lookupType("Trace");
  return (packet) => trace.encode({ packet: [packet] }).finish();
}
