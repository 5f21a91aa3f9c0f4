import { describe, expect, test } from "@jest/globals";
import { newTcpSocket, type TcpSocket } from "../../../services/inband/model/tcp/socket.ts";
import { LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { seqAdd } from "../../../services/inband/model/tcp/seq.ts";
import { tcpInfo, tcpInfoText } from "../../../services/inband/sockets/tcp-info.ts";
import { Puppet } from "./puppet.ts";

const MS = 1_000_000;

const socketOf = ({ connection }: Puppet): TcpSocket => ({
  ...newTcpSocket(1, "linux", LINUX),
  t: "connection",
  connection,
});

/** Fields of struct tcp_info by their offsets in `include/uapi/linux/tcp.h`. */
function fields(puppet: Puppet): Record<string, number> {
  const bytes = tcpInfo(socketOf(puppet));
  const view = new DataView(bytes.buffer);
  const u32 = {
    rto: 8,
    unacked: 24,
    sacked: 28,
    lost: 32,
    retrans: 36,
    rtt: 68,
    rttvar: 72,
    ssthresh: 76,
    cwnd: 80,
    min_rtt: 148,
  };
  const told = Object.entries(u32).map(([name, at]) => [name, view.getUint32(at, true)] as const);
  return {
    ...Object.fromEntries(told),
    ca_state: view.getUint8(1),
    retransmits: view.getUint8(2),
    backoff: view.getUint8(4),
  };
}

const PLAIN: Partial<TcpSettings> = {
  mss: 1000,
  timestamps: false,
  windowScaling: false,
  congestion: "reno",
  tailProbes: false,
};

/** A connection whose handshake took 10 ms. */
function established(): Puppet {
  const puppet = Puppet.calls({ mss: 1000, sackPermitted: true }, PLAIN);
  puppet.nowNs = 10 * MS;
  puppet.says({});
  return puppet.is("ESTABLISHED");
}

describe("TCP_INFO", () => {
  test("before the first round trip it tells what Linux begins with", () => {
    const info = fields(Puppet.called(PLAIN));
    expect(info).toMatchObject({
      rto: 1_000_000,
      rtt: 0,
      rttvar: 250_000,
      cwnd: 10,
      ssthresh: 0x7fffffff,
      min_rtt: 0xffffffff,
    });
  });

  test("round trips are microseconds, windows are segments", () => {
    const puppet = established();
    // R + max(G, 4 * R/2), with a G of 200 ms.
    expect(fields(puppet)).toMatchObject({
      rtt: 10_000,
      rttvar: 5000,
      min_rtt: 10_000,
      rto: 210_000,
      cwnd: 10,
      unacked: 0,
    });
    puppet.writes(new Uint8Array(9500));
    expect(fields(puppet)).toMatchObject({ unacked: 10, sacked: 0, lost: 0, ca_state: 0 });
    expect(tcpInfoText(socketOf(puppet))).toBe("reno rto:210 rtt:10/5 minrtt:10 mss:1000 cwnd:10 unacked:10");
  });

  test("what the peer holds, what is lost, what went again; and the window of the recovery", () => {
    const puppet = established();
    const first = puppet.ack;
    puppet.writes(new Uint8Array(10_000));
    const at = (segment: number): number => seqAdd(first, segment * 1000);
    puppet.says({ ack: first, sack: [[at(1), at(2)]] });
    expect(fields(puppet)).toMatchObject({ unacked: 10, sacked: 1, lost: 0, ca_state: 1 });
    puppet.says({ ack: first, sack: [[at(1), at(4)]] });
    expect(fields(puppet)).toMatchObject({
      unacked: 10,
      sacked: 3,
      lost: 1,
      retrans: 1,
      ca_state: 3,
      ssthresh: 5,
      cwnd: 5,
    });
    puppet.says({ ack: at(10) });
    expect(fields(puppet)).toMatchObject({ unacked: 0, sacked: 0, lost: 0, retrans: 0, ca_state: 0, cwnd: 5 });
  });

  test("timeouts", () => {
    const puppet = established();
    puppet.writes(new Uint8Array(3000));
    puppet.pass(210 * MS);
    expect(fields(puppet)).toMatchObject({
      unacked: 3,
      lost: 3,
      retrans: 1,
      ca_state: 4,
      retransmits: 1,
      backoff: 1,
      cwnd: 1,
      rto: 420_000,
    });
    puppet.pass(420 * MS);
    expect(fields(puppet)).toMatchObject({ retransmits: 2, backoff: 2, rto: 840_000 });
    puppet.says({});
    expect(fields(puppet)).toMatchObject({ retransmits: 0, unacked: 0, lost: 0 });
  });
});
