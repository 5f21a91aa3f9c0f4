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

/** An event on one line, for reports: `vfs:install_inband_fd.enter files=1 fd=3 file=1`. */
export function eventText(event: TraceEvent): string {
  const fields = Object.entries({ ...event.slice, ...event.args }).map(([name, value]) => ` ${name}=${value}`);
  const ending = endingText(event);
  const fault = event.fault === undefined ? "" : ` (fault ${event.fault})`;
  return `${event.service}:${nameOf(event)}${fields.join("")}${ending === "" ? "" : ` = ${ending}`}${fault}`;
}
