/** What TCP counts over all connections, by the names of RFC 4022 and of Linux's `netstat -s`. */
export type TcpWord =
  | "active_opens"
  | "passive_opens"
  /** Handshakes that ended without a connection. */
  | "attempt_fails"
  /** Connections that a RST or an abort ended. */
  | "estab_resets"
  | "in_segs"
  | "in_errs"
  | "out_segs"
  | "out_rsts"
  | "retrans_segs"
  /** SYNs and last ACKs of handshakes for which the accept queue had no room. */
  | "listen_overflows"
  /** Handshakes that were given up for newer ones. */
  | "syn_queue_evictions"
  /** TIME-WAITs that ended early, since there were too many. */
  | "time_wait_overflows";
