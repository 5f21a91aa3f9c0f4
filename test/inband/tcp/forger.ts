import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Receiving } from "../../../services/inband/model/tcp/receiving.ts";
import { rcvSeq } from "../../../services/inband/model/tcp/receiving.ts";
import type { Sending } from "../../../services/inband/model/tcp/sending.ts";
import { sndSeq } from "../../../services/inband/model/tcp/sending.ts";
import { seqAdd } from "../../../services/inband/model/tcp/seq.ts";
import { draws } from "../fuzz-frames.ts";
import type { Meddler } from "./pair.ts";

const { ACK, FIN, PSH, RST, SYN, URG } = TCP_FLAG;
type Draw = (below: number) => number;
type Forged = Partial<TcpSegment>;

/** What no connection may believe, made from what one really has: (RFC 9293 3.10.7.4, RFC 5961, RFC 7323 5). */
const FORGERIES: readonly ((rcv: Receiving, snd: Sending, draw: Draw) => Forged | undefined)[] = [
  // Before the window, all of it.
  (rcv, _, draw) => {
    const length = draw(100);
    const seq = seqAdd(rcvSeq(rcv, rcv.nxt), -length - 2 - draw(2 ** 30));
    return { seq, payload: garbage(length, draw), flags: draw(256) & ~SYN, urgent: draw(65_536) };
  },
  // Beyond the window.
  (rcv, _, draw) => ({
    seq: seqAdd(rcvSeq(rcv, Math.max(rcv.edge, rcv.nxt)), 2 + draw(2 ** 30)),
    payload: garbage(draw(100), draw),
    flags: draw(256) & ~SYN,
    urgent: draw(65_536),
  }),
  // In the window, but not where a reset must be.
  (rcv, _, draw) =>
    rcv.edge - rcv.nxt < 2
      ? undefined
      : { seq: rcvSeq(rcv, rcv.nxt + 1 + draw(rcv.edge - rcv.nxt - 1)), flags: RST | (draw(2) === 0 ? ACK : 0) },
  // In the window, acknowledging what was not sent.
  (rcv, snd, draw) => ({
    seq: rcvSeq(rcv, rcv.nxt),
    ack: seqAdd(sndSeq(snd, snd.nxt), 2 + draw(2 ** 30)),
    payload: garbage(draw(100), draw),
    flags: ACK | oneOf([0, PSH, FIN, URG], draw),
    urgent: draw(65_536),
  }),
  // In the window, acknowledging what is longer ago than any window.
  (rcv, snd, draw) => ({
    seq: rcvSeq(rcv, rcv.nxt),
    ack: seqAdd(sndSeq(snd, snd.una), -snd.maxWnd - 2 - draw(2 ** 30)),
    payload: garbage(draw(100), draw),
    flags: ACK | oneOf([0, PSH, FIN, URG], draw),
    urgent: draw(65_536),
  }),
  // A SYN anywhere.
  (rcv, _, draw) => ({
    seq: rcvSeq(rcv, rcv.nxt + draw(5) - 2),
    payload: garbage(draw(10), draw),
    flags: SYN | oneOf([0, ACK, FIN, URG], draw),
    mss: 1,
    windowScale: 0,
  }),
  // Nothing acknowledged at all.
  (rcv, _, draw) => ({
    seq: rcvSeq(rcv, rcv.nxt),
    payload: garbage(draw(100), draw),
    flags: oneOf([0, PSH, FIN, URG], draw),
  }),
  // Older than what was seen.
  (rcv, snd, draw) =>
    rcv.tsRecent === undefined
      ? undefined
      : {
          seq: rcvSeq(rcv, rcv.nxt),
          ack: sndSeq(snd, snd.nxt),
          payload: garbage(draw(100), draw),
          flags: ACK | oneOf([0, PSH, FIN, URG], draw),
          timestamp: { value: seqAdd(rcv.tsRecent, -1 - draw(2 ** 30)), echo: draw(2 ** 31) },
        },
];

const oneOf = (flags: readonly number[], draw: Draw): number => flags[draw(flags.length)] ?? 0;

const garbage = (length: number, draw: Draw): Uint8Array => new Uint8Array(length).fill(draw(256));

/**
 * Says things that must not be believed, whenever something passes: an end that keeps its word does as if it had heard
 * nothing, but for acknowledgments that say what it knows. It knows all numbers, so it tests the borders.
 */
export function forger(seed: number): Meddler {
  const draw = draws(seed);
  return (to, passing) => {
    const parsed = parseTcp(passing, to.arrivalEnds);
    const state = to.connection?.state;
    if (!parsed.ok || state === undefined || draw(3) > 0) return;
    let forged: Forged | undefined;
    if (state.t === "SYN-SENT") {
      // Nothing of the peer is known: what acknowledges something else than our SYN is not believed.
      const ack = seqAdd(sndSeq(state.snd, 0), 1 + draw(2 ** 32 - 2));
      forged = { ack, seq: draw(2 ** 31), flags: oneOf([SYN | ACK, RST | ACK, ACK, ACK | FIN], draw) };
      if (draw(4) === 0) forged = { seq: draw(2 ** 31), ack: 0, flags: RST };
    } else if ("rcv" in state && state.t !== "SYN-RECEIVED") {
      forged = FORGERIES[draw(FORGERIES.length)]?.(state.rcv, state.snd, draw);
    }
    if (forged === undefined) return;
    to.receive(buildTcp({ ...parsed.packet, sack: undefined, ...forged }, to.arrivalEnds), false, true);
  };
}
