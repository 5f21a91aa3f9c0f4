import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Endpoint } from "../udp/socket.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { congestionControl } from "./congestion/choose.ts";
import type { Connection } from "./connection.ts";
import { newCounters } from "./counters.ts";
import { agree, sendSyn } from "./handshake.ts";
import { newStep, type Step } from "./notice.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { Recovery } from "./recovery.ts";
import { RetransmissionTimer, RttEstimator } from "./rtt.ts";
import { SendBuffer } from "./send-buffer.ts";
import { newSending } from "./sending.ts";
import type { Seq } from "./seq.ts";
import type { TcpSettings } from "./settings.ts";
import type { SynReceived, SynSent } from "./state.ts";
import { scaleFor } from "./window.ts";

/** What an open is given. */
export interface Opening {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The initial sequence number: not guessable (RFC 6528). */
  readonly iss: Seq;
  readonly settings: TcpSettings;
  /** What is added to the clock for our timestamps: the same for all connections of the two endpoints (RFC 7323 §7.1). */
  readonly timestampOffset?: number;
  /** Where buffers take their memory from, and give it back to when they are empty. */
  readonly pool?: BufferPool;
}

/** An open's outcome. */
export interface Opened {
  readonly connection: Connection;
  readonly step: Step;
}

/** Calls a peer (RFC 9293 §3.10.1, active): SYN-SENT. The caller sends the SYN in the step. */
export function openActive(opening: Opening, nowNs: number): Opened {
  const { connection, state } = newConnection(opening, nowNs);
  const step = newStep();
  connection.rtt.time(0, nowNs);
  connection.timer.sent(nowNs);
  sendSyn(connection, state, nowNs, step);
  return { connection, step };
}

/** Answers a SYN that a listener got (RFC 9293 §3.10.7.2, third): SYN-RECEIVED. What text it has comes again. */
export function openPassive(opening: Opening, syn: TcpSegment, nowNs: number): Opened {
  const { connection, state } = newConnection(opening, nowNs);
  const { snd, handshake } = state;
  const { rcv, scaled } = agree(connection, snd, handshake.scale, syn, nowNs);
  const received: SynReceived = { t: "SYN-RECEIVED", snd, rcv, opened: "passively", handshake, scaled };
  connection.state = received;
  const step = newStep();
  connection.rtt.time(0, nowNs);
  connection.timer.sent(nowNs);
  connection.counters.segmentsIn++;
  sendSyn(connection, received, nowNs, step);
  return { connection, step };
}

function newConnection(opening: Opening, nowNs: number): { connection: Connection; state: SynSent } {
  const { settings, pool } = opening;
  const rtt = new RttEstimator(settings);
  // Until the peer's SYN tells what is agreed on, nothing is sent that these would decide about.
  const recovery = new Recovery(settings.mss, false, congestionControl(settings.congestion, settings.mss, false), rtt);
  const state: SynSent = {
    t: "SYN-SENT",
    snd: newSending(opening.iss, settings.mss, recovery),
    handshake: {
      startedAtNs: nowNs,
      scale: settings.windowScaling ? scaleFor(settings.rcvbuf) : undefined,
      resent: 0,
    },
  };
  const connection: Connection = {
    local: opening.local,
    remote: opening.remote,
    settings,
    state,
    counters: newCounters(),
    outgoing: new SendBuffer(pool),
    incoming: new ReceiveBuffer(settings.rcvbuf, pool),
    rtt,
    timer: new RetransmissionTimer(rtt),
    timestamps: false,
    sack: false,
    timestampOffset: opening.timestampOffset ?? 0,
    lastTimestamp: undefined,
    orphan: false,
    deaf: false,
    softError: undefined,
    heardAtNs: nowNs,
    keepaliveAtNs: Infinity,
    keepaliveProbes: 0,
    challenges: { sinceNs: nowNs, count: 0 },
    duplicates: { sinceNs: nowNs, count: 0 },
  };
  return { connection, state };
}
