/** SO_LINGER. */
interface Linger {
  readonly on: boolean;
  readonly seconds: number;
}

/** What options set of a kernel socket itself; the rest is in its TCP or UDP socket. */
export interface KsockOptions {
  debug: boolean;
  reuseAddress: boolean;
  keepalive: boolean;
  dontRoute: boolean;
  broadcast: boolean;
  useLoopback: boolean;
  oobInline: boolean;
  dgramErrind: boolean;
  exclusiveBind: boolean;
  reusePort: boolean;
  linger: Linger;
  sndbuf: number;
  rcvbuf: number;
  /** In microseconds, a whole number of clock ticks; 0 and less: never. */
  sndtimeoUs: number;
  rcvtimeoUs: number;
  receiveTtl: boolean;
  receiveTos: boolean;
  packetInfo: boolean;
  v6only: boolean;
  sendToConnected: boolean;
  nodelay: boolean;
}

/** The buffers of TCP and of UDP: what they are, and what ENOBUFS begins above (facts 4.2, 6). */
export const BUFFERS = {
  tcp: { sndbuf: 128_000, rcvbuf: 1_048_576, max: 1_048_576 },
  udp: { sndbuf: 57_344, rcvbuf: 57_344, max: 2_097_152 },
} as const;

/** The options of a new socket. */
export const defaultOptions = (protocol: keyof typeof BUFFERS): KsockOptions => ({
  debug: false,
  reuseAddress: false,
  keepalive: false,
  dontRoute: false,
  broadcast: false,
  useLoopback: false,
  oobInline: false,
  dgramErrind: false,
  exclusiveBind: false,
  reusePort: false,
  linger: { on: false, seconds: 0 },
  sndbuf: BUFFERS[protocol].sndbuf,
  rcvbuf: BUFFERS[protocol].rcvbuf,
  sndtimeoUs: 0,
  rcvtimeoUs: 0,
  receiveTtl: false,
  receiveTos: false,
  packetInfo: false,
  v6only: false,
  sendToConnected: false,
  nodelay: false,
});
