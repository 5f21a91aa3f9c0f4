import { describe } from "@jest/globals";
import { testsIn } from "../cases/in-world.ts";
import { ACCEPT } from "./accept.ts";
import { BIND } from "./bind.ts";
import { CLOSE } from "./close.ts";
import { CONNECT } from "./connect.ts";
import { ERRORS } from "./errors.ts";
import { LISTEN } from "./listen.ts";
import { RECEIVE } from "./receive.ts";
import { SEND } from "./send.ts";
import { SHUTDOWN } from "./shutdown.ts";
import { WAITING } from "./waiting.ts";

describe("the sheets of kernel sockets, sentence by sentence, in virtual time", () => {
  testsIn("simulated", [
    ...ERRORS,
    ...WAITING,
    ...BIND,
    ...LISTEN,
    ...ACCEPT,
    ...CONNECT,
    ...SEND,
    ...RECEIVE,
    ...SHUTDOWN,
    ...CLOSE,
  ]);
});
