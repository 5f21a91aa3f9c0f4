import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AF } from "../../services/abi/flags.ts";
import {
  buildSockaddr,
  parseSockaddr,
  parseSockaddrBytes,
  parseSockaddrText,
  sockaddrText,
} from "../../services/abi/sockaddr.ts";

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

describe("an address of a socket", () => {
  test.each([
    ["10.0.0.1:7000", "02001b580a0000010000000000000000"],
    ["0.0.0.0:0", "02000000000000000000000000000000"],
    ["255.255.255.255:65535", "0200ffffffffffff0000000000000000"],
    ["packet/2/ETH_P_ALL", "110000030200000001000000" + "0000000000000000"],
    ["packet/2/0x88a4/02:00:00:00:00:01", "110088a40200000001000006" + "0200000000010000"],
    ["oob/7", "2e00000007000000"],
    ["oob/4294967295", "2e000000ffffffff"],
    ["unspec", "0000"],
    ["hex:0200", "0200"],
    ["", ""],
  ])("%s has the kernel's layout, and is told the same", (text, layout) => {
    const bytes = parseSockaddrBytes(text);
    expect(hex(bytes)).toBe(layout);
    expect(sockaddrText(bytes ?? new Uint8Array(9))).toBe(text);
  });

  test.each([
    "10.0.0.1",
    "10.0.0.1:",
    "10.0.0.1:65536",
    "10.0.0.256:1",
    "010.0.0.1:1",
    "packet",
    "packet/2",
    "packet/x/ETH_P_IP",
    "packet/2147483648/ETH_P_IP",
    "packet/2/ETH_P_IPX",
    "packet/2/toString",
    "packet/2/0x12345",
    "packet/2/ETH_P_IP/02:00",
    "packet/2/ETH_P_IP/02:00:00:00:00:01/1",
    "oob",
    "oob/1/2",
    "oob/4294967296",
    "hex:1",
    "hex:zz",
    "eth0",
  ])("%s is none", (text) => {
    expect(parseSockaddrBytes(text)).toBeUndefined();
  });

  test("a name of an ethertype, and its number, are the same", () => {
    expect(parseSockaddrText("packet/1/0x0800")).toEqual(parseSockaddrText("packet/1/ETH_P_IP"));
  });

  test("no bytes at all break the reading; what is read has a text, which is read as the same", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(AF), 99), fc.uint8Array({ maxLength: 30 }), (family, rest) => {
        const bytes = Uint8Array.from([family, 0, ...rest]);
        const address = parseSockaddr(bytes);
        const again = parseSockaddrBytes(sockaddrText(bytes));
        expect(again).toBeDefined();
        if (address === undefined) expect(again).toEqual(bytes);
        else if (address.family === "AF_PACKET")
          expect(parseSockaddr(again ?? bytes)).toEqual({ ...address, pkttype: 0 });
        else expect(parseSockaddr(again ?? bytes)).toEqual(address);
        if (address !== undefined) expect(parseSockaddr(buildSockaddr(address))).toEqual(address);
      }),
    );
  });
});
