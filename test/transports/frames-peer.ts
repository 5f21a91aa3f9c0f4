import { createFrameLinks } from "../../services/runtimes/frames/remote.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";

/** What a process of these tests serves: a link that sends everything back. */
export interface FramePeerJob {
  readonly address: string;
  readonly link: string;
  readonly memory: "auto" | "stream";
}

async function work({ address, link, memory }: FramePeerJob): Promise<void> {
  const clock = createRealClock(0);
  const protos = loadProtos();
  const links = await createFrameLinks({ clock, protos, memory });
  const port = links.expect(link);
  port.receive(
    (frame) => void port.send(frame.bytes, frame),
    () => port.flush(),
  );
  const nobody = () => Promise.reject(new Error("nothing is served here"));
  const server = await serveHouse({
    addresses: [address],
    points: [],
    serve: nobody,
    clock,
    protos,
    also: links.serve,
  });
  process.send?.(server.ok ? "ready" : server.reason);
}

process.once("disconnect", () => process.exit(0));
process.once("message", (job) => void work(job as FramePeerJob));
