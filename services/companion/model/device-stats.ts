/** What a core counts of what it receives on a real device, under the names of EVL's `struct evl_net_devstat` (facts/dovetail 6.9). */
export interface DeviceStats {
  rx_packets: number;
  rx_bytes: number;
  /** Frames that came when there was no buffer for them. */
  rx_nomem: number;
  csum_errors: number;
}

/** A device of which nothing was counted yet. */
export const createDeviceStats = (): DeviceStats => ({ rx_packets: 0, rx_bytes: 0, rx_nomem: 0, csum_errors: 0 });
