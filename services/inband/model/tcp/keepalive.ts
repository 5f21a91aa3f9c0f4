import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { emit, sendReset } from "./emit.ts";
import { finish } from "./enter.ts";
import type { Step } from "./notice.ts";
import { rcvSeq } from "./receiving.ts";
import { sndSeq } from "./sending.ts";
import type { Transmitting } from "./transmit.ts";

/**
 * Keep-alive (RFC 9293 §3.8.4): after a long silence asks the peer, with a sequence number that it has acknowledged (SND.NXT - 1) and
 * nothing else, whether it is there. Its timer is not moved by each segment: when it expires, it looks when one came last.
 */
export function onKeepalive(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  const { snd, rcv } = state;
  const { idleNs, intervalNs, count, silenceNs } = c.settings.keepalive;
  // While something is outstanding or waits for a window, other timers ask.
  const busy = snd.nxt > snd.una || snd.nxt < c.outgoing.end;
  const quietSinceNs = busy ? nowNs : c.heardAtNs;
  if (nowNs - quietSinceNs < idleNs) {
    c.keepaliveAtNs = quietSinceNs + idleNs;
    return;
  }
  const givenUp =
    silenceNs === undefined ? c.keepaliveProbes >= count : c.keepaliveProbes > 0 && nowNs - c.heardAtNs >= silenceNs;
  if (givenUp) {
    sendReset(c, sndSeq(snd, snd.nxt), rcvSeq(rcv, rcv.nxt), step);
    finish(c, "keepalive", step);
    return;
  }
  c.keepaliveProbes++;
  c.counters.keepalivesOut++;
  emit(c, state, snd.nxt - 1, TCP_FLAG.ACK, NO_BYTES, nowNs, step);
  c.keepaliveAtNs = nowNs + intervalNs;
}
