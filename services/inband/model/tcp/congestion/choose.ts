import type { CongestionControl, CongestionName } from "./congestion.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./new-reno.ts";

/** The algorithm of a name, at the beginning of a connection. */
export function congestionControl(name: CongestionName, mss: number, synWasResent: boolean): CongestionControl {
  switch (name) {
    case "cubic":
      return new Cubic(mss, synWasResent);
    case "reno":
      return new NewReno(mss, synWasResent);
  }
}
