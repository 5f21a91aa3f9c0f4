import { logVerbosity, setLogVerbosity, type ChannelOptions } from "@grpc/grpc-js";
import { CONTRACT, type PointContract, type PointName } from "../../abi/contract.generated.ts";
import { LIMITS } from "../../abi/limits.ts";

/** The rpc of the fast road. */
export const EXCHANGE_PATH = "/tenon.exchange.v1.ExchangeService/Exchange";

/** The rpc that streams events; it belongs to no point. */
export const STREAM_EVENTS_PATH = "/tenon.control.v1.Control/StreamEvents";

/** The rpc of a point. */
export const pathOf = (point: PointName): string => `/${CONTRACT[point].service}/${CONTRACT[point].method}`;

/** Messages reach gRPC as bytes and leave it as bytes: convert.ts makes them, so that their errors are ours to word. */
export const asBytes = (bytes: Buffer): Buffer => bytes;

/**
 * Keeps grpc-js from writing lines of its own to the terminal: whatever it has to say reaches us as an error, and is told in
 * our words, once.
 */
export const silenceGrpc = (): void => setLogVerbosity(logVerbosity.NONE);

/** What a frame has beside its messages: correlations, names of points, reasons. */
const FRAME_OVERHEAD_BYTES = 256 * 1024;

const common: ChannelOptions = {
  "grpc.max_receive_message_length": LIMITS.messageBytesMax + FRAME_OVERHEAD_BYTES,
  "grpc.max_send_message_length": LIMITS.messageBytesMax + FRAME_OVERHEAD_BYTES,
  // A peer that vanished without closing its connection is noticed after 15 s.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.keepalive_permit_without_calls": 1,
};

/**
 * Of the server of a house. Channelz stays on here, though nobody reads it: without it grpc-js 1.14.7 keeps no list of its
 * sessions, and forceShutdown leaves every one of them open.
 */
export const SERVER_OPTIONS: ChannelOptions = common;

/**
 * Of a client. grpc-js takes deadlines as points in wall-clock time, which transports do not have, but also as durations
 * in a service config; so that is where the time stands after which a unary call is given up.
 *
 * @param timeoutMs that time, for each point.
 */
export const clientOptions = (timeoutMs: (contract: PointContract) => number): ChannelOptions => ({
  ...common,
  // Books of every call, for debugging tools that nobody has here.
  "grpc.enable_channelz": 0,
  // A repeated call is the boundary's decision; and on a stream that lives long, retry buffers only grow (grpc-node #2371).
  "grpc.enable_retries": 0,
  "grpc.enable_http_proxy": 0,
  // Channels to one address would share a connection otherwise, and wait for each other's bytes.
  "grpc.use_local_subchannel_pool": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  // A container that is started again may have another address; by default a name is looked up every 30 s at most.
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  "grpc.service_config_disable_resolution": 1,
  "grpc.service_config": JSON.stringify({
    methodConfig: Object.values(CONTRACT).map((contract) => ({
      name: [{ service: contract.service, method: contract.method }],
      timeout: `${timeoutMs(contract) / 1000}s`,
    })),
  }),
});
