import { CONTEXT_AT, SKB } from "../run/layout.ts";
import { ETHERNET_HEADER_BYTES, LINK_OFFSET, NET_OFFSET } from "../run/memory.ts";
import { i32 } from "./locals.ts";
import { EMPTY, I32, OP, type Code } from "./wasm.ts";

const OFFSET = [OP.local_get, 0];
const SET_OFFSET = [OP.local_set, 0];
const BYTES = [OP.local_get, 1];

/**
 * A function of an offset and a number of bytes: where in memory these bytes of the packet are, -1 where it has not so many.
 * What `ProgramMemory.packetBytesAt` is for the interpreter.
 */
export const packetFinder = (packetAt: number): Code => ({
  signature: { takes: [I32, I32], gives: [I32] },
  locals: [],
  body: [
    // Offsets below 0 count from the network header, or from the link's.
    ...[...OFFSET, ...i32(0), OP.i32_lt_s, OP.if, EMPTY],
    ...[...OFFSET, ...i32(NET_OFFSET), OP.i32_ge_s, OP.if, EMPTY],
    ...[...OFFSET, ...i32(ETHERNET_HEADER_BYTES - NET_OFFSET), OP.i32_add, ...SET_OFFSET],
    ...[OP.else, ...OFFSET, ...i32(LINK_OFFSET), OP.i32_ge_s, OP.if, EMPTY],
    ...[...OFFSET, ...i32(-LINK_OFFSET), OP.i32_add, ...SET_OFFSET],
    ...[OP.else, ...i32(-1), OP.return, OP.end, OP.end, OP.end],
    ...[...OFFSET, ...BYTES, OP.i32_add, ...i32(CONTEXT_AT + SKB.len), OP.i32_load, 0, 0, OP.i32_gt_u],
    ...[OP.if, I32, ...i32(-1), OP.else, ...OFFSET, ...i32(packetAt), OP.i32_add, OP.end],
  ],
});
