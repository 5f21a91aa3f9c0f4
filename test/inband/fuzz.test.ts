import { expect, test } from "@jest/globals";
import { fuzz } from "./fuzz.ts";

test("50,000 mutated and random frames: nothing throws, everything stays bounded, each frame ends in one way", () => {
  const seed = 20_261_122;
  const { frames, fates, transmitted } = fuzz(seed, 50_000, 500);
  expect(frames).toBe(50_000);
  expect(transmitted).toBeGreaterThan(1000);
  // The mutations get deep: there are frames of nearly every end.
  const missing = ["delivered", "answered", "consumed", "udp_no_port", "socket_rcvbuf", "fragment_timeout"]
    .concat(["fragment_overlap", "fragment_duplicate", "martian_source", "not_local", "ip_protocol_unknown"])
    .concat(["other_host", "ipv4_truncated", "udp_checksum", "icmp_checksum", "arp_operation", "vlan_short"])
    .filter((word) => !fates.includes(word));
  expect(missing).toEqual([]);
});
