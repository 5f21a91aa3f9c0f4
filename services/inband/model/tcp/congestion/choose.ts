import type { CongestionControl, CongestionName } from "./congestion.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./new-reno.ts";

/** Another algorithm in the middle of a connection: it begins where the one before it is (`tcp_reinit_congestion_control`). */
export function switchCongestion(before: CongestionControl, name: CongestionName, mss: number): CongestionControl {
  const control = congestionControl(name, mss, false);
  control.adopt(before.cwnd, before.ssthresh);
  return control;
}

/** The algorithm of a name, at the beginning of a connection. */
export function congestionControl(name: CongestionName, mss: number, synWasResent: boolean): CongestionControl {
  switch (name) {
    case "cubic":
      return new Cubic(mss, synWasResent);
    case "reno":
      return new NewReno(mss, synWasResent);
  }
}
