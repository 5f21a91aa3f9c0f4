import { describe } from "@jest/globals";
import { testsIn } from "../cases/in-world.ts";
import { ASKED_AGAIN } from "./asked-again.ts";
import { CALLS_CROSSED } from "./calls.ts";
import { DATAGRAM_STATES } from "./datagram-states.ts";
import { DATAGRAMS_CROSSED } from "./datagrams.ts";
import { EVENTS_CROSSED } from "./events.ts";
import { OPTIONS_CROSSED } from "./options.ts";
import { STATES_CROSSED } from "./states.ts";
import { URGENT_CROSSED } from "./urgent.ts";
import { WAITS_CROSSED } from "./waits.ts";
import { WRONGS_CROSSED } from "./wrongs.ts";

describe("kernel sockets, one sentence of the sheets crossed with another, in virtual time", () => {
  testsIn("simulated", [
    ...STATES_CROSSED,
    ...DATAGRAM_STATES,
    ...DATAGRAMS_CROSSED,
    ...WRONGS_CROSSED,
    ...CALLS_CROSSED,
    ...OPTIONS_CROSSED,
    ...URGENT_CROSSED,
    ...EVENTS_CROSSED,
    ...WAITS_CROSSED,
    ...ASKED_AGAIN,
  ]);
});
