import { assert } from "../../../services/abi/assert.ts";
import { abort } from "../../../services/inband/model/tcp/user-calls.ts";
import { pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import type { Application } from "./application.ts";
import type { End } from "./end.ts";
import { until, type Pair, type Scenario } from "./pair.ts";

const SECOND = 1_000_000_000;

/** How a run ended: a word for each end. */
export type Outcome = readonly [string, string];

/** Silence that a connection suffers at least before it gives up (RFC 9293 3.8.3: R2 is at least 100 s; of a SYN 3 min). */
const R2_NS = 100 * SECOND;

/**
 * Judges a run that has come to its end, when nothing is to happen any more.
 *
 *  - Each connection has ended, or waits for a peer that is gone and could not say so.
 *  - Where both are polite and nothing gave up: all arrived, both ended well, nobody sent a reset.
 *  - Where one says that it ended well, the other one has all that it wrote. Where one says that the other one did
 *    something (reset, refused), the other one did.
 *
 * @param forged somebody on the way said things of his own, which an open may answer with a reset (RFC 9293 3.10.7.3).
 */
export function judge(scenario: Scenario, pair: Pair, forged = false): Outcome {
  const [a, b] = pair.ends;
  for (const end of [a, b]) waitsInVain(pair, end, end === a ? b : a);
  judgeEnd(a, b, pair.apps[0], pair.apps[1], scenario);
  judgeEnd(b, a, pair.apps[1], pair.apps[0], scenario);
  const polite = pair.apps.every(({ isPolite }) => isPolite);
  const gaveUp = pair.ends.some(({ closed }) => closed === undefined || closed.why === "timeout");
  if (polite && !gaveUp) judgePolite(pair, forged);
  return [a.closed?.why ?? "never opened", b.closed?.why ?? "never opened"];
}

/** An end that is left over has a peer that is gone; its user gives up in the end. */
function waitsInVain(pair: Pair, end: End, peer: End): void {
  const { connection, watch } = end;
  if (connection === undefined || end.closed !== undefined) return;
  const gone = peer.closed !== undefined && peer.closed.why !== "finished";
  assert(
    gone || peer.connection === undefined,
    `${watch.name} is stuck in ${connection.state.t}, its peer is not gone`,
  );
  assert(pollAtNs(connection) === undefined, `${watch.name}: nothing is to happen when nothing happens`);
  end.call(abort(connection, pair.agenda.nowNs));
  until(pair, Infinity);
  assert(end.isOver, `${watch.name}: an abort ends a connection`);
}

function judgeEnd(end: End, peer: End, app: Application, peerApp: Application, scenario: Scenario): void {
  const { watch, closed } = end;
  const who = watch.name;
  if (closed === undefined) return;
  assert(app.readBytes <= end.gotBytes, `${who}: nothing is read that did not come`);
  assert(end.gotBytes <= peer.watch.written, `${who}: nothing comes that was not written`);
  if (end.finCame) {
    assert(peer.watch.ended, `${who}: a stream ends when its writer says so`);
    assert(end.gotBytes === peer.watch.written, `${who}: a stream ends behind its last byte`);
  }
  for (const mark of end.urgentMet)
    assert(peerApp.urgentSent.includes(mark), `${who}: what is marked as urgent at ${mark} is`);
  switch (closed.why) {
    case "finished":
      assert(watch.ended && watch.acked >= watch.written + 2, `${who}: all was acknowledged, the FIN too`);
      assert(peer.watch.reachedBytes >= watch.written, `${who}: all of it came to its peer`);
      break;
    case "reset":
    case "refused":
      assert(watch.resetsCame > 0 && peer.watch.resets + peer.strayResets > 0, `${who}: there was a reset`);
      assert(closed.why === "reset" || end.connectedAtNs === undefined, `${who}: only an open is refused`);
      break;
    case "timeout":
      judgeTimeout(end, scenario);
      break;
    case "aborted":
      break;
    case "keepalive":
    case "unreachable":
      assert(false, `${who}: nothing here is ${closed.why}`);
  }
  // Nobody is told that the peer has closed who is not connected.
  assert(end.connectedAtNs !== undefined || end.gotBytes === 0, `${who}: data belongs to a connection`);
}

/** Nobody gives up early. */
function judgeTimeout(end: End, scenario: Scenario): void {
  const { wire } = scenario;
  const hostile =
    wire.loss + wire.corrupt > 50 || wire.burst > 0 || wire.blackouts.length > 0 || wire.bytesPerSecond > 0;
  assert(hostile, `${end.watch.name}: a good wire lets nobody give up`);
  const patience = end.connectedAtNs === undefined ? 60 * SECOND : R2_NS;
  const orphaned = end.connection?.orphan === true;
  const tookNs = end.closedAtNs - Math.max(end.openedAtNs, end.connectedAtNs ?? 0);
  assert(orphaned || tookNs >= patience, `${end.watch.name} gave up after ${tookNs / SECOND} s`);
}

/** Both were polite and nobody gave up: everything is as it should be. */
function judgePolite({ ends, apps }: Pair, forged: boolean): void {
  for (const which of [0, 1] as const) {
    const other = which === 0 ? 1 : 0;
    const [end, peer, app, peerApp] = [ends[which], ends[other], apps[which], apps[other]];
    const { watch, closed } = end;
    // Where every last acknowledgment is lost for longer than TIME-WAIT lasts, a reset is the answer to the FIN: all came.
    const late = closed?.why === "reset" && (closed.from === "CLOSING" || closed.from === "LAST-ACK");
    const outlived = late && peer.strayResets > 0 && peer.closed?.why === "finished" && peer.finCame;
    assert(
      closed?.why === "finished" || outlived,
      `${watch.name}: politeness ends well, not with ${closed?.why ?? "nothing"}`,
    );
    assert(forged || watch.resets === 0, `${watch.name}: nobody resets a polite peer`);
    assert(end.finCame && end.gotBytes === peer.watch.written, `${watch.name}: all came, and its end`);
    assert(app.readBytes === end.gotBytes, `${watch.name}: all was read`);
    const last = peerApp.urgentSent.at(-1);
    assert(last === undefined || end.urgentCame.includes(last), `${watch.name}: the last urgent byte was marked`);
  }
}
