import type { Io } from "../../services/cli/io.ts";
import { createProgram } from "../../services/cli/program.ts";
import { createBackend } from "../../services/runtimes/backend/backend.ts";
import type { Asked, Answered } from "./tenon.ts";

/**
 * A process that does what one line after the other asks of `tenon`, with everything there is behind the command line. To load
 * that takes most of the time of a short verb, and here it is loaded once.
 */
process.on("message", ({ id, argv }: Asked) => {
  let stdout = "";
  let stderr = "";
  const io: Io = {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    isTTY: false,
    columns: undefined,
    colour: false,
    unicode: true,
    every: () => () => undefined,
    stop: new AbortController().signal,
  };
  void createBackend()
    .then((backend) => createProgram(backend, io).run(argv))
    .then((code) => process.send?.({ id, ran: { code, stdout, stderr } } satisfies Answered));
});
process.on("disconnect", () => process.exit());
