import { describe } from "@jest/globals";
import { testsIn } from "../cases/in-world.ts";
import { CALLBACKS } from "./callbacks.ts";
import { DATAGRAMS } from "./datagrams.ts";
import { ENDS } from "./ends.ts";
import { EVENTS } from "./events.ts";
import { IOCTLS_AND_URGENT } from "./ioctls-and-urgent.ts";
import { NAMES_AND_POLLS } from "./names-and-polls.ts";
import { OPTIONS } from "./options.ts";

describe("the sheets of kernel sockets, read once more", () => {
  testsIn("simulated", [
    ...NAMES_AND_POLLS,
    ...DATAGRAMS,
    ...OPTIONS,
    ...IOCTLS_AND_URGENT,
    ...CALLBACKS,
    ...EVENTS,
    ...ENDS,
  ]);
});
