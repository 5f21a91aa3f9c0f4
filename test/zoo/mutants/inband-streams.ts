import type { Mutant } from "../mutant.ts";

const LISTENER = "services/inband/model/tcp/listener.ts";
const STATE = "services/inband/model/tcp/state.ts";

const of = (mutant: Omit<Mutant, "house" | "profile">): Mutant => ({
  house: "inband",
  profile: "documented",
  ...mutant,
});

/** Kernels whose TCP, or what tasks' stream sockets make of it, goes wrong. */
export const INBAND_STREAMS: readonly Mutant[] = [
  of({
    name: "stream-no-time-wait",
    story: "A connection whose FINs are both acknowledged is over at once: late segments meet its successor.",
    source: "RFC 9293 3.6.1; operator skip",
    trigger: "none",
    experiment: "experiments/tcp/half-close.yaml",
    edits: [
      {
        file: "services/inband/model/tcp/enter.ts",
        find: 'enter(c, { t: "TIME-WAIT", snd, rcv, endAtNs: nowNs + c.settings.timeWaitNs }, step);',
        replace: 'finish(c, "finished", step);',
      },
    ],
    rules: ["TCP-09"],
  }),
  of({
    name: "stream-second-close-is-the-first",
    story: "Who closes second goes through the states of who closes first, and waits for a FIN that has come already.",
    source: "RFC 9293 figure 5; a state machine with one arrow too many",
    trigger: "none",
    experiment: "experiments/tcp/handshake.yaml",
    edits: [
      {
        file: STATE,
        find: '"CLOSE-WAIT": ["LAST-ACK", "CLOSED"],',
        replace: '"CLOSE-WAIT": ["LAST-ACK", "FIN-WAIT-1", "CLOSED"],',
      },
      {
        file: "services/inband/model/tcp/user-calls.ts",
        find: 'enter(c, { t: "LAST-ACK", snd, rcv: state.rcv }, step);',
        replace: 'enter(c, { t: "FIN-WAIT-1", snd, rcv: state.rcv }, step);',
      },
    ],
    rules: ["TCP-01"],
  }),
  of({
    name: "stream-accepts-half-open",
    story: "A handshake goes into the accept queue with its SYN, so that accept takes what the peer has not confirmed.",
    source: "RFC 9293 3.10.7.4; accept(2): completed connections",
    trigger: "schedule",
    experiment: "test/zoo/experiments/stream-last-ack-late.yaml",
    edits: [
      {
        file: LISTENER,
        find: "this.#halfOpen.add(socket);",
        replace: "this.#halfOpen.add(socket); this.#completed.add(socket);",
      },
    ],
    rules: ["TCP-06"],
  }),
  of({
    name: "stream-connect-too-early",
    story: "connect(2) says yes when the SYN is out, whatever becomes of it.",
    source: "connect(2); TCP-05",
    trigger: "none",
    experiment: "experiments/tcp/handshake.yaml",
    edits: [
      {
        file: "services/inband/sockets/connect-stream.ts",
        find: 'case "SYN-SENT":\n        case "SYN-RECEIVED":\n            return undefined;',
        replace: 'case "SYN-SENT":\n        case "SYN-RECEIVED":\n            return ok(undefined);',
      },
    ],
    rules: ["TCP-05"],
  }),
  of({
    name: "stream-sock-dies-with-its-file",
    story: "The INET socket is destroyed in close(2), while its FIN is under way and may have to be sent again.",
    source: "tcp_close(): an orphan outlives its file",
    trigger: "none",
    experiment: "experiments/tcp/handshake.yaml",
    edits: [
      {
        file: "services/inband/sockets/stream-close.ts",
        find: "if (!goesOn || isSmall(stateOf(tcp)))",
        replace: "if (goesOn || isSmall(stateOf(tcp)))",
      },
    ],
    rules: ["TCP-08"],
  }),
  of({
    name: "stream-orphan-for-ever",
    story: "A connection that has ended does not give its INET socket back: each close leaks one.",
    source: "sock_put(), forgotten; m-class leak",
    trigger: "none",
    experiment: "experiments/tcp/handshake.yaml",
    edits: [
      {
        file: "services/inband/sockets/stream-told.ts",
        find: "if (!stream.held || !isSmall(state))",
        replace: "if (stream.held || !isSmall(state))",
      },
    ],
    rules: ["DU.inband_release"],
  }),
  of({
    name: "stream-resends-for-the-dead",
    story: "A segment that is sent again is counted and told after its connection was closed.",
    source: "RFC 6298 5.2: the timer is off when nothing is outstanding",
    trigger: "fault",
    experiment: "experiments/tcp/blackhole.yaml",
    edits: [
      {
        file: "services/inband/model/tcp/timeout.ts",
        find: 'if (handshake.resent >= retries || nowNs >= giveUpAtNs(c, state)) {\n        finish(c, "timeout", step);\n        return;',
        replace:
          'if (handshake.resent >= retries || nowNs >= giveUpAtNs(c, state)) {\n        finish(c, "timeout", step);',
      },
    ],
    rules: ["NA.tcp_retransmit"],
  }),
  of({
    name: "stream-delivers-twice",
    story: "A segment that was sent again is read again: it is taken for new text at the edge.",
    source: "RFC 9293 3.10.7.4, seventh; the classic mistake with a lost acknowledgement",
    trigger: "fault",
    experiment: "test/zoo/experiments/stream-duplicated.yaml",
    edits: [
      {
        file: "services/inband/model/tcp/text.ts",
        find: "incoming.insert(offset, text)",
        replace: "incoming.insert(Math.max(offset, incoming.next), text)",
      },
      {
        file: "services/inband/model/tcp/acceptable.ts",
        find: "return (offset >= nxt && offset < edge) || (last >= nxt && last < edge);",
        replace: "return offset < edge && last < edge;",
      },
    ],
    rules: [],
    survives: {
      why: "oracle silent",
      because: "facts tell of states, not of bytes; what an experiment expects to read tells",
    },
  }),
];
