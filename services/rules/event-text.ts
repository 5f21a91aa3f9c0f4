import { errnoOf } from "../abi/errno.ts";
import type { TraceEvent } from "../abi/event.ts";

/** A result as people read it: `0`, `3`, `-12 ENOMEM`, `lost timeout`; empty where there is none. */
export function endingText({ ret, lost }: Pick<TraceEvent, "ret" | "lost">): string {
  if (lost !== undefined) return `lost ${lost}`;
  if (ret === undefined) return "";
  const errno = ret < 0 ? errnoOf(ret) : undefined;
  return errno === undefined ? String(ret) : `${ret} ${errno}`;
}

/** `install_inband_fd.enter`, or a fact's bare name. */
export const nameOf = ({ point, phase }: TraceEvent): string => (phase === "fact" ? point : `${point}.${phase}`);

/** The node that goes without saying: the first one of every world that nobody gave other names. */
const HOME = "alpha";

/** `beta/` before what is of another node than the one that goes without saying. */
export const nodePrefix = ({ node }: Pick<TraceEvent, "node">): string => (node === HOME ? "" : `${node}/`);

/** An event on one line, for reports: `vfs:install_inband_fd.enter files=1 fd=3 file=1`, `beta/nic:frame_send …`. */
export function eventText(event: TraceEvent): string {
  const fields = Object.entries({ ...event.slice, ...event.args }).map(([name, value]) => ` ${name}=${value}`);
  const ending = endingText(event);
  const fault = event.fault === undefined ? "" : ` (fault ${event.fault})`;
  return `${nodePrefix(event)}${event.service}:${nameOf(event)}${fields.join("")}${ending === "" ? "" : ` = ${ending}`}${fault}`;
}
