import type { Mutant } from "../mutant.ts";

const of = (mutant: Omit<Mutant, "house" | "profile">): Mutant => ({
  house: "inband",
  profile: "documented",
  ...mutant,
});

/** Kernels whose kernel sockets go wrong: in what callbacks are told, and in how a close ends. */
export const INBAND_KSOCKS: readonly Mutant[] = [
  of({
    name: "ksock-told-after-close",
    story: "A close forgets to switch the callbacks off, so that events come while it waits for who holds the socket.",
    source: "seed 001: callbacks are disabled when a socket is being closed; P4",
    trigger: "schedule",
    experiment: "test/zoo/experiments/ksock-told-while-closing.yaml",
    edits: [
      {
        file: "services/inband/ksock/calls/close.ts",
        find: "endEvents(kernel, context, ks);",
        replace: "",
      },
    ],
    rules: ["KS-01"],
  }),
  of({
    name: "ksock-two-at-once",
    story: "The events of a socket are given out as they come, so that two callbacks of one socket run at once.",
    source: "facts/kernel-sockets 8.4, Q9",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/events.ts",
        find: "if (socket.queue.length === 1)\n        takeTurn(kernel, socket);",
        replace: "socket.stream.ready.push(socket.queue.at(-1)); serve(kernel, socket.stream);",
      },
    ],
    rules: ["NA.ksock_callback"],
  }),
  of({
    name: "ksock-deadlock-in-earnest",
    story: "A call from inside a callback is counted as a violation, and made all the same.",
    source: "facts/kernel-sockets 8.4, Q7; P2",
    trigger: "none",
    experiment: "experiments/ksock/call-inside-a-callback.yaml",
    edits: [
      {
        file: "services/inband/ksock/outside-callbacks.ts",
        find: '{ call: point, callback });\n            return fail("EDEADLK");',
        replace: "{ call: point, callback });\n            return handler(args, context);",
      },
    ],
    rules: ["DN.ksock_violation"],
  }),
  of({
    name: "ksock-deadlock-missing",
    story: "Nobody looks whether a call comes from inside a callback: it waits for itself, until the overrun.",
    source: "facts/kernel-sockets 8.4, Q7; P2",
    trigger: "none",
    experiment: "experiments/ksock/call-inside-a-callback.yaml",
    edits: [
      {
        file: "services/inband/ksock/outside-callbacks.ts",
        find: "callback !== 0 && isRunning(kernel, callback)",
        replace: "callback < 0 && isRunning(kernel, callback)",
      },
    ],
    rules: [],
    survives: {
      why: "oracle silent",
      because:
        "the number in a request names no stream, so a rule cannot tell an event of this one from another's; the experiment's errnos tell",
    },
  }),
  of({
    name: "ksock-newconn-lost",
    story: "A connection is in the queue, and newconn is told to nobody.",
    source: "facts/kernel-sockets 8.3; operator skip",
    trigger: "none",
    experiment: "experiments/ksock/held-and-queued.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: "newconn" });',
        replace: "",
      },
    ],
    rules: ["KS-10"],
  }),
  of({
    name: "ksock-newconn-twice",
    story: "newconn is told with the SYN queue's move and with the accept queue's.",
    source: "facts/kernel-sockets 8.3; operator double call",
    trigger: "none",
    experiment: "experiments/ksock/held-and-queued.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: "newconn" });',
        replace:
          'announce(kernel, context, socket, { t: "newconn" }); announce(kernel, context, socket, { t: "newconn" });',
      },
    ],
    rules: ["KS-05"],
  }),
  of({
    name: "ksock-newconn-after-accept",
    story: "A connection that somebody waits for is given to him before the queue, and newconn, hear of it.",
    source: "facts/kernel-sockets 8.3: the connection is in the queue before its newconn",
    trigger: "schedule",
    experiment: "experiments/ksock/every-function.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'tellState(kernel, context, socket, "newconn");',
        replace: 'kernel.kit.clock.after(50_000_000, () => tellState(kernel, context, socket, "newconn"));',
      },
    ],
    rules: ["KS-04"],
  }),
  of({
    name: "ksock-connected-too-early",
    story: "connected is told when the attempt begins, and again when it has succeeded.",
    source: "facts/kernel-sockets 8.3",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/calls/connect.ts",
        find: "if (begun.ok)\n        return begun;\n    tellState",
        replace:
          'if (begun.ok) {\n        announce(kernel, context, socket, { t: "connected" });\n        return begun;\n    }\n    tellState',
      },
      {
        file: "services/inband/ksock/calls/connect.ts",
        find: "import { tellState } from",
        replace: 'import { announce } from "../announce.js";\nimport { tellState } from',
      },
    ],
    rules: ["KS-02"],
  }),
  of({
    name: "ksock-connected-lost",
    story: "A connection is made, and only who waits in connect hears of it.",
    source: "facts/kernel-sockets 8.3; operator skip",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: "connected" });',
        replace: "",
      },
    ],
    rules: ["KS-11"],
  }),
  of({
    name: "ksock-eof-lost",
    story: "The peer's FIN is taken, and recv(0) is not told.",
    source: "facts/kernel-sockets 8.3, Q12; operator skip",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: "cantrecvmore" });',
        replace: "",
      },
    ],
    rules: ["KS-12"],
  }),
  of({
    name: "ksock-eof-with-reset",
    story: "A reset is told as the end of file, too, as the socket's marks suggest.",
    source: "facts/kernel-sockets 8.3: disconnected is told alone",
    trigger: "none",
    experiment: "experiments/ksock/refused-and-reset.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: attempt ? "connectfailed" : "disconnected", errno });',
        replace:
          'announce(kernel, context, socket, { t: attempt ? "connectfailed" : "disconnected", errno });\n    announce(kernel, context, socket, { t: "cantrecvmore" });',
      },
    ],
    rules: ["KS-03", "KS-09"],
  }),
  of({
    name: "ksock-ended-with-one-half",
    story: "disconnected(0) is told when the peer has ended, though this side may still send.",
    source: "facts/kernel-sockets 8.4, Q5",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: "!socket.shutWrite || !socket.finSent || !socket.peerEnded",
        replace: "!socket.peerEnded",
      },
    ],
    rules: ["KS-08"],
  }),
  of({
    name: "ksock-room-at-once",
    story: "xmit tells of room when the connection is made, though nobody was ever stopped.",
    source: "facts/kernel-sockets 3.6, 8.3",
    trigger: "none",
    experiment: "experiments/ksock/events-in-order.yaml",
    edits: [
      {
        file: "services/inband/ksock/hear-tcp.ts",
        find: 'announce(kernel, context, socket, { t: "connected" });',
        replace:
          'announce(kernel, context, socket, { t: "connected" });\n            resume(kernel, context, socket, tcp);',
      },
    ],
    rules: ["KS-14"],
  }),
  of({
    name: "ksock-close-wakes-nobody",
    story: "A close does not wake who waits in the socket, and waits for him.",
    source: "facts/kernel-sockets 9; P3",
    trigger: "none",
    experiment: "experiments/ksock/close-ends-everything.yaml",
    edits: [
      {
        file: "services/inband/ksock/calls/close.ts",
        find: "endEvents(kernel, context, ks);\n    wake(socket);",
        replace: "endEvents(kernel, context, ks);",
      },
    ],
    rules: ["KS-15"],
  }),
  of({
    name: "ksock-rele-wakes-nobody",
    story: "The last rele does not wake the close that waits for it.",
    source: "facts/kernel-sockets 9, 3.14",
    trigger: "none",
    experiment: "experiments/ksock/held-and-queued.yaml",
    edits: [
      {
        file: "services/inband/ksock/calls/hold.ts",
        find: "wake(socket);",
        replace: "",
      },
    ],
    rules: ["KS-07"],
  }),
  of({
    name: "ksock-backlog-off-by-one",
    story: "The accept queue holds one connection more than P13 says.",
    source: "facts/kernel-sockets 3.3, P13; operator off by one",
    trigger: "none",
    experiment: "test/zoo/experiments/ksock-backlog.yaml",
    edits: [
      {
        file: "services/inband/ksock/calls/listen.ts",
        find: "* 3) / 2) + 1",
        replace: "* 3) / 2) + 2",
      },
    ],
    rules: ["KS-13"],
  }),
];
