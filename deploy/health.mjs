// Asks a place for its health, by the standard protocol of gRPC (grpc.health.v1.Health/Check), with nothing but HTTP/2:
// a dozen containers do this all day long, and the gRPC library alone takes longer to load than this takes to run.
//
//   node health.mjs [ADDRESS]     ADDRESS, or TENON_HEALTH: `unix:/path`, or `host:port` (mutual TLS if TENON_TLS names a folder)
//
// Exit code 0: it serves. 1: it does not, and one line says why.
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { createConnection } from "node:net";

const PATIENCE_MS = 3000;
/** A gRPC message: not compressed, four bytes of length, and here no bytes: the health of the whole server is asked for. */
const QUESTION = Buffer.alloc(5);
/** The field `status` of the answer, and its value SERVING. */
const SERVING = Buffer.from([0x08, 0x01]);

const own = `unix:/tmp/tenon-${process.getuid?.() ?? "user"}/control.sock`;
const address = process.argv[2] || process.env.TENON_HEALTH || own;

function finish(why) {
  if (why !== undefined) process.stderr.write(`${address}: ${why}\n`);
  process.exit(why === undefined ? 0 : 1);
}

function open() {
  if (address.startsWith("unix:")) {
    const path = address.slice("unix:".length);
    return connect("http://localhost", { createConnection: () => createConnection(path) });
  }
  const folder = process.env.TENON_TLS;
  if (!folder) return connect(`http://${address}`);
  const [ca, cert, key] = ["ca", "cert", "key"].map((name) => readFileSync(`${folder}/${name}.pem`));
  return connect(`https://${address}`, { ca, cert, key });
}

setTimeout(() => finish(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS);
try {
  const session = open().on("error", (error) => finish(error.message));
  const answer = [];
  session
    .request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    })
    .on("error", (error) => finish(error.message))
    .on("data", (bytes) => answer.push(bytes))
    .on("end", () => finish(Buffer.concat(answer).subarray(5).equals(SERVING) ? undefined : "it does not serve"))
    .end(QUESTION);
} catch (error) {
  finish(error.message);
}
