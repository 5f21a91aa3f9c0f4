import type { Connection } from "./connection.ts";
import type { Receiving } from "./receiving.ts";

/** The greatest shift (RFC 7323 §2.3). */
const SCALE_MAX = 14;

/** The shift with which a window of the whole buffer can be told. */
export function scaleFor(rcvbuf: number): number {
  let scale = 0;
  while (scale < SCALE_MAX && rcvbuf >>> scale > 0xffff) scale++;
  return scale;
}

/** The shift that a peer's option means: one that is too great is taken for 14 (RFC 7323 §2.3). */
export const scaleOf = (option: number): number => Math.min(option, SCALE_MAX);

/** The window of a SYN, which is never shifted (RFC 7323 §2.2). */
export const synWindow = (c: Connection): number => Math.min(c.incoming.room, 0xffff);

/** By how much the right edge has to move before it moves at all (RFC 9293 §3.8.6.2.2, SHLD-14/MUST-39, Fr = 1/2). */
const worthTelling = (c: Connection): number => Math.min(c.settings.rcvbuf / 2, c.settings.mss);

/**
 * The window field of a segment that is sent now.
 *
 * The edge that was told stays where it is until it can move by a good deal, so that the peer sends no small segments into
 * small windows, and never goes back. Shifting cuts bits off: the peer may see a window that is smaller by these than one
 * it was told before, as RFC 7323 §2.4 says, and we take what it sends into the one from before.
 */
export function tellWindow(c: Connection, rcv: Receiving): number {
  const told = Math.max(0, rcv.edge - rcv.nxt);
  const room = c.incoming.room;
  const window = room - told >= worthTelling(c) ? room : told;
  const field = Math.min(window >>> rcv.scale, 0xffff);
  const edge = rcv.nxt + field * (1 << rcv.scale);
  if (edge > rcv.edge) rcv.edge = edge;
  return field;
}

/**
 * Whether reading has made so much room that the peer should be told of it at once: the window that it knows is not half of
 * what there is, and the edge may move. While it has more than that, it is told with what we send or acknowledge anyway.
 */
export function windowUpdateDue(c: Connection, rcv: Receiving): boolean {
  const told = Math.max(0, rcv.edge - rcv.nxt);
  const room = Math.min(c.incoming.room, 0xffff * (1 << rcv.scale));
  return 2 * told <= room && room - told >= worthTelling(c);
}
