import type { CongestionName } from "./congestion/congestion.ts";
import { ILLUMOS_RTO, LINUX_RTO, type RtoSettings } from "./rtt.ts";

/** Keep-alive of an idle connection (RFC 9293 §3.8.4, RFC 1122 §4.2.3.6). */
interface Keepalive {
  readonly on: boolean;
  /** Silence before the first probe. */
  readonly idleNs: number;
  readonly intervalNs: number;
  /** So many probes without an answer end the connection. */
  readonly count: number;
  /** In place of the count: so long a silence, with a probe in it, does (tcp(7), TCP_USER_TIMEOUT). */
  readonly silenceNs?: number | undefined;
}

/** What a connection is told by its socket's layer. Bytes of buffers are bytes of the stream. */
export interface TcpSettings extends RtoSettings {
  /** The largest payload we take, told in our SYN, and the largest that we ever send (device MTU - 40). */
  readonly mss: number;
  /** Bytes written and not acknowledged that `send` takes. */
  readonly sndbuf: number;
  /** Bytes received and not read: it decides the window. */
  readonly rcvbuf: number;
  /** TCP_NODELAY: no Nagle algorithm. */
  readonly nodelay: boolean;
  /** Whether a connection to oneself sends at once what is written, as it does in illumos, where such ends are fused. */
  readonly fusion: boolean;
  /** TCP_CORK: segments that are not full wait, for `corkNs` at most. */
  readonly cork: boolean;
  readonly corkNs: number;
  readonly keepalive: Keepalive;
  /** How often a SYN is sent again (Linux's tcp_syn_retries). */
  readonly synRetries: number;
  /** How often a SYN of our answer is sent again (tcp_synack_retries). */
  readonly synAckRetries: number;
  /** An active open ends after this time, whatever the retries; undefined: the retries alone decide. */
  readonly connectTimeoutNs: number | undefined;
  /** How often data is sent again before the connection ends, counted in time as Linux does (tcp_retries2). */
  readonly retries2: number;
  /** The same for a connection whose socket is closed (tcp_orphan_retries). */
  readonly orphanRetries: number;
  /** Data that is not acknowledged for so long ends the connection, whatever the retries (TCP_USER_TIMEOUT). */
  readonly userTimeoutNs: number | undefined;
  /**
   * So many timeouts in a row for segments above 536 bytes, and the path is taken for one that drops them and says nothing (RFC
   * 2923 §2.1). Undefined: never.
   */
  readonly blackHoleTimeouts: number | undefined;
  /** 2 MSL. */
  readonly timeWaitNs: number;
  /** How long FIN-WAIT-2 lasts once nobody has the socket. */
  readonly finWait2Ns: number;
  readonly delayedAckNs: number;
  /** So many acknowledgements at the start are not delayed, so that the peer's window opens fast. */
  readonly quickAcks: number;
  readonly congestion: CongestionName;
  /** Tail loss probes (RFC 8985 §7; Linux's tcp_early_retrans), which need SACK. */
  readonly tailProbes: boolean;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly windowScaling: boolean;
  /** What a close does to a connection with unread data: RST (Linux, RFC 2525 §2.17) or FIN (illumos, D9). */
  readonly closeUnread: "reset" | "finish";
  /** Whether a close in SYN-SENT tells the peer with RST (illumos), or nobody (Linux). */
  readonly closeConnecting: "reset" | "silent";
}

const SECOND_NS = 1_000_000_000;

/** Linux's defaults (`Documentation/networking/ip-sysctl.rst`, `include/net/tcp.h`). */
export const LINUX: TcpSettings = {
  ...LINUX_RTO,
  mss: 1460,
  // tcp_wmem's and tcp_rmem's greatest values are what buffers tune themselves to: 4 MiB, 6 MiB, the half of it payload.
  sndbuf: 4 * 1024 * 1024,
  rcvbuf: 3 * 1024 * 1024,
  nodelay: false,
  fusion: false,
  cork: false,
  corkNs: SECOND_NS / 5,
  keepalive: { on: false, idleNs: 7200 * SECOND_NS, intervalNs: 75 * SECOND_NS, count: 9 },
  synRetries: 6,
  synAckRetries: 5,
  connectTimeoutNs: undefined,
  retries2: 15,
  orphanRetries: 8,
  userTimeoutNs: undefined,
  // Linux has tcp_mtu_probing off. Three timeouts in a row come by chance, too, where 5 % of the frames get lost in each direction,
  // and segments would stay small for good, since nothing probes for larger ones again: a third of the rate, and many more timeouts.
  blackHoleTimeouts: undefined,
  timeWaitNs: 60 * SECOND_NS,
  finWait2Ns: 60 * SECOND_NS,
  delayedAckNs: SECOND_NS / 25,
  quickAcks: 16,
  congestion: "cubic",
  tailProbes: true,
  timestamps: true,
  sack: true,
  windowScaling: true,
  closeUnread: "reset",
  closeConnecting: "silent",
};

/** illumos' defaults (`tcp_tunables.c`; facts on kernel sockets, sections 6 and 9). */
export const ILLUMOS: TcpSettings = {
  ...LINUX,
  ...ILLUMOS_RTO,
  fusion: true,
  sndbuf: 128_000,
  rcvbuf: 1_048_576,
  // 2 h of silence, then probes in growing intervals for 8 min; the options of illumos make 8 times 60 s of it.
  keepalive: { on: false, idleNs: 7200 * SECOND_NS, intervalNs: 60 * SECOND_NS, count: 8 },
  connectTimeoutNs: 180 * SECOND_NS,
  userTimeoutNs: 300 * SECOND_NS,
  delayedAckNs: SECOND_NS / 10,
  quickAcks: 0,
  tailProbes: false,
  closeUnread: "finish",
  closeConnecting: "reset",
};
