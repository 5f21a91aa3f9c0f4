import { DUP_THRESH } from "./scoreboard.ts";

/**
 * What NewReno adds to the congestion window during recovery, and takes from it, because it does not know what has left the
 * network (RFC 6582 §3.2). With SACK that is known, and nothing is added.
 */
export class Inflation {
  bytes = 0;

  /** Three duplicates have told of the loss, so three segments have left (step 2). */
  begin(mss: number): void {
    this.bytes = DUP_THRESH * mss;
  }

  /** A further duplicate: another has left. No more than there are, since duplicates can be made up (RFC 5681 §3.2 step 4). */
  duplicate(mss: number, outstanding: number): void {
    this.bytes = Math.min(this.bytes + mss, outstanding);
  }

  /** A partial acknowledgement deflates the window by what it acknowledges, and adds back a segment (step 3, option 2). */
  partial(acked: number, mss: number): void {
    this.bytes -= acked;
    if (acked >= mss) this.bytes += mss;
  }
}
