import { expect, test } from "@jest/globals";
import { INADDR_ANY } from "../../services/abi/packet/ipv4-address.ts";
import { addAddress, setMtu } from "../../services/inband/model/stack/admin.ts";
import { receive } from "../../services/inband/model/stack/stack.ts";
import { bindUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { capture } from "./captures.ts";
import { SECOND, host, ip, udpSocket, withVlan } from "./stack-harness.ts";

const US = "020000000001";
const hex = (frame: Uint8Array): string => Buffer.from(frame).toString("hex");
const isOurs = (frame: Uint8Array): boolean => hex(frame.subarray(6, 12)) === US;

/** Where the header behind Ethernet and the tag begins. */
const behindLink = (frame: Uint8Array): number => (frame[12] === 0x81 ? 18 : 14);
const isArpReply = (frame: Uint8Array): boolean =>
  frame[behindLink(frame) - 1] === 6 && frame[behindLink(frame) + 7] === 2;
const isIcmp = (frame: Uint8Array): boolean => frame[behindLink(frame) - 1] === 0 && frame[behindLink(frame) + 9] === 1;

/** What both kernels must say alike: all but the identification of a datagram, and the header's checksum over it. */
function comparable(frame: Uint8Array): string {
  const bytes = Uint8Array.from(frame);
  const at = behindLink(frame);
  if (isIcmp(frame)) bytes.fill(0, at + 4, at + 6).fill(0, at + 10, at + 12);
  return hex(bytes);
}

/** The identifier of an echo: each ping has its own. */
function echoOf(frame: Uint8Array): string {
  const at = behindLink(frame);
  const icmp = at + 4 * ((frame[at] ?? 0) & 0xf);
  return isIcmp(frame) ? hex(frame.subarray(icmp + 4, icmp + 6)) : "";
}

/**
 * The ping to everybody, which Linux answers when it is told to, and the one with the record route option, which this stack
 * does not fill in.
 */
const LEFT_OUT = ["7499", "749a"];

test.each(["arp-icmp", "udp-dns", "fragments", "vlan"] as const)(
  "%s: real frames are answered as Linux answered",
  (name) => {
    const h = host(1);
    addAddress(h.stack, h.eth.ifindex, { address: ip("10.9.0.1"), bits: 24 });
    withVlan(h, 5, "10.0.0.1");
    if (name === "fragments") setMtu(h.stack, h.eth.ifindex, 576);
    const server = udpSocket(h);
    expect(bindUdp(h.stack, server, { address: INADDR_ANY, port: 80 }).ok).toBe(true);
    const frames = capture(name).filter((frame) => !LEFT_OUT.includes(echoOf(frame)));
    const answers: string[] = [];
    for (const frame of frames.filter((one) => !isOurs(one)))
      for (const effect of receive(h.stack, h.eth.ifindex, frame, SECOND))
        if (effect.t === "transmit" && (isArpReply(effect.frame) || isIcmp(effect.frame)))
          answers.push(comparable(effect.frame));
    const linux = frames.filter((one) => isOurs(one) && (isArpReply(one) || isIcmp(one)));
    expect(answers).toEqual(linux.map(comparable));
  },
);
