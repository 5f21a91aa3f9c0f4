import { POLL } from "../../abi/flags.ts";
import { asImplemented, type Profile } from "../../abi/profile.ts";
import { SHUTDOWN, type OobSocket } from "./socket.ts";

/** Each of the two words for a direction is cleared with the other, or stays, as implemented (Q6: an operator's precedence). */
const cleared = (profile: Profile, events: number, plain: number, normal: number): number =>
  events & ~(asImplemented(profile, "Q6") ? plain : plain | normal);

/**
 * What a socket is ready for. Input is a message, or the times of something it has sent. That it can be written to is said
 * beforehand: by the time somebody else may have taken the buffer. A socket that is shut both ways has hung up, and there is nothing else to say of it
 * (facts/dovetail 6.6).
 */
export function pollEvents(profile: Profile, { input, timestamps, room, shutdown, protocol }: OobSocket): number {
  const closed = SHUTDOWN.RCV_SHUTDOWN | SHUTDOWN.SEND_SHUTDOWN;
  if ((shutdown & closed) === closed) return POLL.POLLHUP | protocol.poll();
  let events = POLL.POLLIN | POLL.POLLRDNORM | POLL.POLLOUT | POLL.POLLWRNORM;
  if ((shutdown & SHUTDOWN.RCV_SHUTDOWN) !== 0) events |= POLL.POLLRDHUP;
  if ((shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0 || !room.hasRoom || !protocol.writable()) {
    events = cleared(profile, events, POLL.POLLOUT, POLL.POLLWRNORM);
  }
  if (!input.hasInput && !timestamps.hasRecords) events = cleared(profile, events, POLL.POLLIN, POLL.POLLRDNORM);
  return events | protocol.poll();
}
