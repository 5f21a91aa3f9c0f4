import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { buildEthernet } from "../../services/abi/packet/ethernet.ts";
import { parseIpv4Address, type Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { buildIpv4 } from "../../services/abi/packet/ipv4.ts";
import { parseMac, type Mac } from "../../services/abi/packet/mac.ts";
import { buildUdp } from "../../services/abi/packet/udp.ts";
import { pushTag } from "../../services/abi/packet/vlan.ts";
import { written } from "./capture-bytes.ts";

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
const withTshark = hasTshark ? test : test.skip;
const why = hasTshark ? "" : " (skipped: tshark is not installed; on Debian: apt-get install tshark)";

const folder = mkdtempSync(join(tmpdir(), "tenon-capture-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What tshark reads of a file: these fields of each frame. */
function decoded(file: string, fields: readonly string[]): readonly string[][] {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const options = ["-n", "-r", file, "-T", "fields", "-E", "separator=|", "-o", "udp.check_checksum:TRUE"];
  const out = execFileSync("tshark", [...options, ...wanted], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return out
    .trimEnd()
    .split("\n")
    .map((line) => line.split("|"));
}

/** A datagram from 10.0.0.1:7000 to 10.0.0.2:7001 in a frame of VLAN 42. */
function taggedDatagram(payload: Uint8Array): Uint8Array {
  const ends = {
    source: parseIpv4Address("10.0.0.1") as Ipv4Address,
    destination: parseIpv4Address("10.0.0.2") as Ipv4Address,
  };
  const datagram = {
    ...ends,
    tos: 0,
    identification: 7,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    ttl: 64,
    protocol: 17,
    options: new Uint8Array(0),
    payload: buildUdp({ sourcePort: 7000, destinationPort: 7001, payload }, ends),
  };
  const frame = {
    source: parseMac("02:00:00:00:00:01") as Mac,
    destination: parseMac("02:00:00:00:00:02") as Mac,
    ethertype: 0x0800,
    payload: buildIpv4(datagram),
  };
  return buildEthernet(pushTag(frame, { protocol: 0x8100, priority: 3, dropEligible: false, vid: 42 }));
}

withTshark(`tshark reads devices, comments, times and frames as they were captured${why}`, () => {
  const frame = taggedDatagram(new TextEncoder().encode("frohes Fest"));
  const file = join(folder, "two-devices.pcapng");
  const bytes = written(
    (writer) => {
      const eth0 = writer.addInterface({ name: "eth0", description: "alpha, oob-capable" });
      const eth1 = writer.addInterface({ name: "eth1", snaplen: 40 });
      writer.packet(eth0, { bytes: frame, timeNs: 5, direction: "tx", comment: "netem: delay – 2 ms" });
      writer.packet(eth1, { bytes: frame, timeNs: 1_000_000_007, direction: "rx" });
    },
    { hardware: "alpha", epochNs: 1_700_000_000_000_000_000n },
  );
  writeFileSync(file, bytes);
  const [first, second] = decoded(file, [
    ...["frame.interface_name", "frame.interface_description", "frame.comment", "frame.time_epoch"],
    ...["frame.packet_flags_direction", "frame.len", "frame.cap_len"],
    ...["eth.src", "eth.dst", "vlan.id", "vlan.priority", "ip.src", "ip.dst", "ip.checksum.status"],
    ...["udp.srcport", "udp.port", "udp.checksum.status", "data.data"],
  ]);
  const length = String(frame.length);
  expect(first).toEqual([
    ...["eth0", "alpha, oob-capable", "netem: delay – 2 ms", "1700000000.000000005", "0x00000002", length, length],
    ...["02:00:00:00:00:01", "02:00:00:00:00:02", "42", "3", "10.0.0.1", "10.0.0.2", "2"],
    ...["7000", "7000,7001", "1", Buffer.from("frohes Fest").toString("hex")],
  ]);
  expect(second?.slice(0, 7)).toEqual(["eth1", "", "", "1700000001.000000007", "0x00000001", length, "40"]);
});

withTshark(`tshark finds nothing wrong with a file of virtual time, and knows who wrote it${why}`, () => {
  const file = join(folder, "virtual.pcapng");
  const bytes = written((writer) => {
    const eth0 = writer.addInterface({ name: "eth0" });
    for (let timeNs = 0; timeNs < 3; timeNs++)
      writer.packet(eth0, { bytes: taggedDatagram(new Uint8Array(timeNs)), timeNs, direction: "rx" });
  });
  writeFileSync(file, bytes);
  expect(decoded(file, ["frame.number", "frame.time_epoch", "_ws.malformed"])).toEqual([
    ["1", "0.000000000", ""],
    ["2", "0.000000001", ""],
    ["3", "0.000000002", ""],
  ]);
  // capinfos is in a package that tshark needs.
  expect(execFileSync("capinfos", [file], { encoding: "utf8" })).toMatch(/Capture application: +tenon/);
});
