/** What a core counts of a real device, under the names of EVL's `struct evl_net_devstat` (facts/dovetail 6.9). */
export interface DeviceStats {
  rx_packets: number;
  rx_bytes: number;
  tx_packets: number;
  tx_bytes: number;
  /** Frames that came when the pool had no buffer for them. */
  rx_nomem: number;
  /** Times a sender found the pool empty. */
  tx_nomem: number;
  csum_errors: number;
}

/** A device of which nothing was counted yet. */
export const createDeviceStats = (): DeviceStats => ({
  rx_packets: 0,
  rx_bytes: 0,
  tx_packets: 0,
  tx_bytes: 0,
  rx_nomem: 0,
  tx_nomem: 0,
  csum_errors: 0,
});
