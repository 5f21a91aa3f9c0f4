import type { Errno } from "../../../abi/contract.generated.ts";
import type { Notice, Step } from "../tcp/notice.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import { onTick, pollAtNs } from "../tcp/timers.ts";
import { ask, type Run } from "./state.ts";
import { tcpOutput } from "./tcp-output.ts";

/** Does what a connection asks for after one of its steps: its segments go out, its socket learns what happened. */
export function performTcp(run: Run, socket: TcpSocket, { send, notices }: Step): void {
  const { tcpCounters } = run.state;
  for (const segment of send) tcpOutput(run, socket, segment);
  if (send.length > 0) tcpCounters.add("out_segs", send.length);
  for (const notice of notices) follow(run, socket, notice);
  const { connection } = socket;
  if (connection !== undefined) arm(run, socket, pollAtNs(connection) ?? Infinity);
}

/** The connection of a socket wants to be called then; Infinity: not at all. */
function arm({ state }: Run, socket: TcpSocket, atNs: number): void {
  const timer = (socket.timer ??= state.tcpTimers.deadline(socket));
  state.tcpTimers.set(timer, atNs);
}

/** What a notice means to the tables, before anybody above hears it. */
function follow(run: Run, socket: TcpSocket, notice: Notice): void {
  const { state } = run;
  const { sk, parent } = socket;
  switch (notice.t) {
    case "connected":
      if (parent?.listener === undefined) break;
      parent.listener.complete(socket);
      ask(run, { t: "tcp", sk: parent.sk, notice: { t: "newconn", sk } });
      return;
    case "retransmit":
      state.tcpCounters.add("retrans_segs");
      break;
    case "state":
      if (notice.to === "TIME-WAIT") crowd(run, socket);
      break;
    case "urgent":
      socket.urgent = notice.offset;
      break;
    case "fin":
      socket.peerFinished = true;
      break;
    case "closed":
      socket.error = errnoOf(notice);
      over(run, socket);
      break;
    case "data":
    case "room":
    case "fin-sent":
      break;
  }
  ask(run, { t: "tcp", sk, notice });
}

/** Bounds the connections in TIME-WAIT: the oldest ends early (`tcp_max_tw_buckets`). */
function crowd(run: Run, socket: TcpSocket): void {
  const oldest = run.state.tcp.waitsOut(socket);
  if (oldest === undefined) return;
  run.state.tcpCounters.add("time_wait_overflows");
  destroyTcp(run, oldest);
}

/** What the next call on a socket gets whose connection ended (`tcp_reset`, `tcp_write_err`). */
function errnoOf({ why, errno, from }: Extract<Notice, { readonly t: "closed" }>): Errno | undefined {
  switch (why) {
    case "refused":
      return "ECONNREFUSED";
    case "reset":
      return from === "CLOSE-WAIT" ? "EPIPE" : "ECONNRESET";
    case "timeout":
    case "keepalive":
      return errno ?? "ETIMEDOUT";
    case "unreachable":
      return errno ?? "EHOSTUNREACH";
    case "finished":
    case "aborted":
      return undefined;
  }
}

/** A connection ended: no segment finds it, and a port that nobody asked for is free. */
function over({ state }: Run, socket: TcpSocket): void {
  const { tcp } = state;
  const unborn = socket.parent?.listener?.drop(socket) === true;
  if (socket.orphan || unborn) tcp.remove(socket);
  else tcp.over(socket);
}

/** Takes a connection away without a word to the peer: a handshake for which there is no room, an old TIME-WAIT. */
export function destroyTcp(run: Run, socket: TcpSocket): void {
  const { state } = run;
  const from = socket.connection?.state.t ?? "CLOSED";
  if (from !== "CLOSED") {
    const { sk } = socket;
    ask(run, { t: "tcp", sk, notice: { t: "state", from, to: "CLOSED" } });
    ask(run, { t: "tcp", sk, notice: { t: "closed", why: "aborted", errno: undefined, from } });
  }
  if (socket.timer !== undefined) state.tcpTimers.remove(socket.timer);
  state.tcp.remove(socket);
}

/** Does what is due on connections. */
export function tickTcp(run: Run): void {
  const { state, nowNs } = run;
  for (let due = state.tcpTimers.due(nowNs); due !== undefined; due = state.tcpTimers.due(nowNs)) {
    if (due.connection !== undefined) performTcp(run, due, onTick(due.connection, nowNs));
  }
}
