import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bytesText, parseBytesText } from "../../services/abi/bytes-text.ts";
import { eventArgs } from "../../services/abi/values.ts";

describe("bytes in words", () => {
  test.each([
    ["ping", [0x70, 0x69, 0x6e, 0x67]],
    ["hé\n", [0x68, 0xc3, 0xa9, 0x0a]],
    ["", []],
    ["hex:00ff", [0x00, 0xff]],
    ["hex:c3", [0xc3]],
    ["hex:7f", [0x7f]],
    ["\ufeffx", [0xef, 0xbb, 0xbf, 0x78]],
    ["hex:6865783a", [...Buffer.from("hex:")]],
  ])("%j", (text, bytes) => {
    expect(bytesText(Uint8Array.from(bytes))).toBe(text);
    expect(parseBytesText(text)).toEqual(Uint8Array.from(bytes));
  });

  test("hex may be written large, and must be whole bytes", () => {
    expect(parseBytesText("hex:00FF")).toEqual(Uint8Array.from([0, 255]));
    expect(parseBytesText("hex:")).toEqual(new Uint8Array(0));
    expect(parseBytesText("hex:0")).toBeUndefined();
    expect(parseBytesText("hex:0 1")).toBeUndefined();
  });

  test("whatever the bytes are, their text stands for them", () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(fc.property(bytes, (one) => expect(parseBytesText(bytesText(one))).toEqual(one)));
  });
});

describe("bytes in an event", () => {
  test("are told by what their field is: an address, a link address, or text", () => {
    const bytes = Uint8Array.from([2, 0, 0x1b, 0x58, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const mac = Uint8Array.from([2, 0, 0, 0, 0, 1]);
    const none = new Uint8Array(0);
    const data = new TextEncoder().encode("ping");
    expect(eventArgs({ fd: 3, addr: bytes, bound: none, mac, data, other: bytes })).toEqual({
      fd: 3,
      addr: "10.0.0.1:7000",
      bound: "",
      mac: "02:00:00:00:00:01",
      data: "ping",
      other: "hex:02001b580a0000010000000000000000",
    });
  });

  test("are told by their length when there are many", () => {
    expect(eventArgs({ data: new Uint8Array(49), addr: new Uint8Array(100) })).toEqual({
      data: "<49 bytes>",
      addr: "<100 bytes>",
    });
  });
});
