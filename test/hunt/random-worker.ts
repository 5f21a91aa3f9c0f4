import type { Profile } from "../../services/abi/profile.ts";
import { hunt } from "./hunt.ts";

/** A process that hunts: told what by its arguments, it prints what it saw as one line of JSON. */
const [from = "1", count = "10", profile = "documented"] = process.argv.slice(2);
let rejected: string | undefined;
process.on("unhandledRejection", (reason) => {
  rejected ??= reason instanceof Error ? (reason.stack ?? reason.message) : JSON.stringify(reason);
});
const seen = await hunt({
  from: Number(from),
  count: Number(count),
  profile: profile as Profile,
  shrinks: true,
  liveEvery: 10,
  twiceEvery: 100,
});
process.stdout.write(`${JSON.stringify({ ...seen, ...(rejected !== undefined && { rejected }) })}\n`);
