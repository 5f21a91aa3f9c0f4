/*
 * Kernel sockets for programs in TypeScript: `createKsock` over a road to a kernel, with the names, numbers and layouts of illumos.
 */
export * from "./constants.ts";
export * from "./errno.ts";
export * from "./layouts.ts";
export type { AddressRoom } from "./calls.ts";
export type { KsockCallbacks, KsocketCallbacks } from "./callbacks.ts";
export type { KernelSocket, ksocket_t } from "./handles.ts";
export { createKsock, type Ksock } from "./ksock.ts";
export { CRED, type cred_t, type nmsghdr, type nmsghdrFilled, type nmsghdrRoom } from "./ksocket.ts";
export type { KsockPoint, KsockReply, Road } from "./road.ts";
export type { Answer, KsockOptions, KsocketCallback } from "./session.ts";
