import type { TraceEvent } from "../../abi/event.ts";
import { contractOf } from "../draft.ts";
import { placeOf } from "../words.ts";
import { createLanes } from "./lanes.ts";
import type { TracePacket } from "./perfetto-proto.ts";

type TrackDescriptor = NonNullable<TracePacket["trackDescriptor"]>;

/** Process ids of nodes are so far apart: the threads of a node are numbered in between. */
const PIDS_APART = 1000;

/** What a process, a house of a node or a task, is drawn on. */
interface Place {
  readonly lanes: ReturnType<typeof createLanes>;
  /** Whether an event is the receiving end of a call that the same house made. */
  received(event: TraceEvent): boolean;
  /** The track of a lane: the thread itself, or one beside it. */
  track(lane: number): number;
  /** The track of what lies in no call. */
  loose(): number;
}

/** Announces tracks as they are needed: a process for each node, a thread for each house and task, and lanes of threads. */
export function createTracks(announce: (track: TrackDescriptor) => void) {
  const nodes = new Map<string, { readonly uuid: number; readonly pid: number; readonly places: Map<string, Place> }>();
  let uuids = 0;

  const add = (track: Omit<TrackDescriptor, "uuid">): number => {
    const uuid = ++uuids;
    announce({ uuid, ...track });
    return uuid;
  };

  function nodeOf(name: string) {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    const pid = (nodes.size + 1) * PIDS_APART;
    const node = { uuid: add({ process: { pid, processName: name } }), pid, places: new Map<string, Place>() };
    nodes.set(name, node);
    return node;
  }

  function createPlace(name: string, pid: number, tid: number): Place {
    const thread = add({ thread: { pid, tid, threadName: name } });
    const tracks = [thread];
    const lanes = createLanes();
    let loose: number | undefined;
    return {
      lanes,
      received: ({ parent, point }) =>
        lanes.laneOf(parent) !== undefined && contractOf(point)?.to === contractOf(point)?.from,
      track: (lane) => (tracks[lane] ??= add({ parentUuid: thread, name: `${name} (${lane + 1})` })),
      loose: () => (loose ??= add({ parentUuid: thread, name: `${name}: outside of calls` })),
    };
  }

  return {
    placeOf(event: TraceEvent): Place {
      const node = nodeOf(event.node);
      const name = placeOf(event);
      const known = node.places.get(name);
      if (known !== undefined) return known;
      const place = createPlace(name, node.pid, node.pid + node.places.size + 1);
      node.places.set(name, place);
      return place;
    },
  };
}
