import { MessageChannel } from "node:worker_threads";
import type { PointName } from "../../services/abi/contract.generated.ts";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import type { Transport } from "../../services/boundary/invocation.ts";
import { connectHouse } from "../../services/transports/grpc/client.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { serveHouse } from "../../services/transports/grpc/server.ts";
import { localTransport } from "../../services/transports/local.ts";
import { connectPort } from "../../services/transports/worker.ts";
import { describeTransport, type Pair } from "./contract.ts";
import { clock, socketFolder } from "./support.ts";

const protos = loadProtos();
const points = Object.keys(CONTRACT) as PointName[];

describeTransport("local", async (serve) => ({
  transport: localTransport(serve, { hop: () => Promise.resolve() }),
  dispose: () => Promise.resolve(),
}));

describeTransport("message port", async (serve) => {
  const { port1, port2 } = new MessageChannel();
  const near = connectPort(port1);
  const far = connectPort(port2, { serve });
  return {
    transport: near.transport,
    close: near.close,
    kill: async () => far.close(),
    dispose: async () => near.close(),
  };
});

async function overGrpc(serve: Transport, address: string, exchange: "auto" | "never"): Promise<Pair> {
  const server = await serveHouse({ addresses: [address], points, serve, clock, protos });
  if (!server.ok) throw new Error(server.reason);
  const client = connectHouse({ address: server.value.address, clock, exchange, protos });
  return {
    transport: client.transport,
    close: client.close,
    kill: () => server.value.close(0),
    async dispose() {
      client.close();
      await server.value.close(0);
    },
  };
}

async function overSocket(serve: Transport, exchange: "auto" | "never"): Promise<Pair> {
  const folder = socketFolder();
  const pair = await overGrpc(serve, folder.address("house.sock"), exchange);
  return { ...pair, dispose: () => pair.dispose().then(folder.remove) };
}

describeTransport("gRPC exchange, unix socket", (serve) => overSocket(serve, "auto"));
describeTransport("gRPC unary, unix socket", (serve) => overSocket(serve, "never"));
describeTransport("gRPC exchange, TCP", (serve) => overGrpc(serve, "127.0.0.1:0", "auto"));
