import { TCP_FLAG } from "../../../services/abi/packet/tcp.ts";
import { abort, close, shutdownWrite } from "../../../services/inband/model/tcp/user-calls.ts";
import type { Coverage } from "./coverage.ts";
import { Puppet } from "./puppet.ts";

const { SYN, ACK, FIN, RST } = TCP_FLAG;
const SECOND = 1_000_000_000;
const NONE = new Uint8Array(0);

/** A way through the states, named by what happens in it. */
export interface Way {
  readonly name: string;
  readonly walk: (coverage: Coverage) => void;
}

const called = (coverage: Coverage): Puppet => Puppet.called({}, { coverage });
const calls = (coverage: Coverage): Puppet => Puppet.calls({}, {}, { coverage });
const open = (coverage: Coverage): Puppet => Puppet.established({}, {}, { coverage });
const shut = (puppet: Puppet): void => puppet.perform(shutdownWrite(puppet.connection, puppet.nowNs));
const aborted = (puppet: Puppet): void => {
  puppet.perform(abort(puppet.connection, puppet.nowNs));
  puppet.is("CLOSED");
};
const finWait2 = (coverage: Coverage): Puppet => {
  const puppet = open(coverage);
  shut(puppet);
  puppet.is("FIN-WAIT-1").says({});
  return puppet.is("FIN-WAIT-2");
};
const closing = (coverage: Coverage): Puppet => {
  const puppet = open(coverage);
  const before = puppet.ack;
  shut(puppet);
  puppet.says({ flags: FIN | ACK, ack: before });
  puppet.seq++;
  return puppet.is("CLOSING");
};

/** Every legal transition is on one of these ways: the test counts. */
export const WAYS: readonly Way[] = [
  {
    name: "a call is answered, both close, we first, and late segments die out",
    walk: (coverage) => {
      const puppet = called(coverage);
      puppet.says({ flags: SYN | ACK });
      puppet.seq++;
      puppet.is("ESTABLISHED");
      shut(puppet);
      puppet.is("FIN-WAIT-1").says({});
      puppet.is("FIN-WAIT-2").honestly(NONE, FIN | ACK);
      puppet.is("TIME-WAIT").pass(120 * SECOND);
      puppet.is("CLOSED");
    },
  },
  {
    name: "both call at once (RFC 9293 3.5, figure 7)",
    walk: (coverage) => {
      const puppet = called(coverage);
      puppet.says({ flags: SYN, ack: 0 });
      puppet.seq++;
      puppet.is("SYN-RECEIVED").says({});
      puppet.is("ESTABLISHED");
      aborted(puppet);
    },
  },
  {
    name: "a call is refused",
    walk: (coverage) => {
      const puppet = called(coverage);
      puppet.says({ flags: RST | ACK, seq: 0 });
      puppet.is("CLOSED");
    },
  },
  {
    name: "we are called, and the caller goes away before the handshake is over",
    walk: (coverage) => {
      const puppet = calls(coverage);
      puppet.is("SYN-RECEIVED").says({ flags: RST, ack: 0 });
      puppet.is("CLOSED");
    },
  },
  {
    name: "the peer closes first, then we",
    walk: (coverage) => {
      const puppet = open(coverage);
      puppet.honestly(NONE, FIN | ACK);
      puppet.is("CLOSE-WAIT");
      shut(puppet);
      puppet.is("LAST-ACK").says({});
      puppet.is("CLOSED");
    },
  },
  {
    name: "the peer closes first and then breaks off",
    walk: (coverage) => {
      const puppet = open(coverage);
      puppet.honestly(NONE, FIN | ACK);
      puppet.is("CLOSE-WAIT").says({ flags: RST });
      puppet.is("CLOSED");
    },
  },
  {
    name: "the two FINs cross (RFC 9293 3.6, figure 13)",
    walk: (coverage) => {
      const puppet = closing(coverage);
      puppet.says({});
      puppet.is("TIME-WAIT").pass(120 * SECOND);
      puppet.is("CLOSED");
    },
  },
  {
    name: "the two FINs cross, and the peer breaks off",
    walk: (coverage) => {
      const puppet = closing(coverage);
      puppet.says({ flags: RST });
      puppet.is("CLOSED");
    },
  },
  {
    name: "the peer's FIN brings the acknowledgment of ours",
    walk: (coverage) => {
      const puppet = open(coverage);
      shut(puppet);
      puppet.is("FIN-WAIT-1").honestly(NONE, FIN | ACK);
      puppet.is("TIME-WAIT");
    },
  },
  {
    name: "nobody acknowledges our FIN",
    walk: (coverage) => {
      const puppet = open(coverage);
      shut(puppet);
      puppet.is("FIN-WAIT-1").pass(3600 * SECOND);
      puppet.is("CLOSED");
    },
  },
  {
    name: "nobody has the socket, and the peer never closes",
    walk: (coverage) => {
      const puppet = open(coverage);
      puppet.perform(close(puppet.connection, puppet.nowNs));
      puppet.is("FIN-WAIT-1").says({});
      puppet.is("FIN-WAIT-2").pass(120 * SECOND);
      puppet.is("CLOSED");
    },
  },
  {
    name: "the peer breaks off after our FIN",
    walk: (coverage) => {
      finWait2(coverage).says({ flags: RST });
    },
  },
];
