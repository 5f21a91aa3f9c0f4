/** A field of `struct tcp_info` (`include/uapi/linux/tcp.h`), without its tcpi_: where it is, and how many bytes it has. */
interface Field {
  readonly name: keyof TcpInfo;
  readonly at: number;
  readonly size: 1 | 4 | 8;
}

/** Bytes of the struct up to and with tcpi_snd_wnd, which Linux 5.4 brought. */
export const TCP_INFO_BYTES = 232;

const AT = {
  state: [0, 1],
  ca_state: [1, 1],
  retransmits: [2, 1],
  probes: [3, 1],
  backoff: [4, 1],
  options: [5, 1],
  /** tcpi_snd_wscale in the low four bits, tcpi_rcv_wscale in the high. */
  wscale: [6, 1],
  rto: [8, 4],
  ato: [12, 4],
  snd_mss: [16, 4],
  rcv_mss: [20, 4],
  unacked: [24, 4],
  sacked: [28, 4],
  lost: [32, 4],
  retrans: [36, 4],
  pmtu: [60, 4],
  rcv_ssthresh: [64, 4],
  rtt: [68, 4],
  rttvar: [72, 4],
  snd_ssthresh: [76, 4],
  snd_cwnd: [80, 4],
  advmss: [84, 4],
  reordering: [88, 4],
  rcv_space: [96, 4],
  total_retrans: [100, 4],
  bytes_acked: [120, 8],
  bytes_received: [128, 8],
  segs_out: [136, 4],
  segs_in: [140, 4],
  notsent_bytes: [144, 4],
  min_rtt: [148, 4],
  data_segs_in: [152, 4],
  data_segs_out: [156, 4],
  bytes_retrans: [208, 8],
  rcv_ooopack: [224, 4],
  snd_wnd: [228, 4],
} as const satisfies Readonly<Record<string, readonly [number, 1 | 4 | 8]>>;

/** What a connection tells of itself. */
export type TcpInfo = Record<keyof typeof AT, number>;

/** The fields, in their order. */
export const SIZES: readonly Field[] = Object.entries(AT).map(([name, [at, size]]) => ({
  name: name as keyof TcpInfo,
  at,
  size,
}));
