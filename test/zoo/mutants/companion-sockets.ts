import type { Mutant } from "../mutant.ts";

const RELEASE = "services/companion/hooks/sock-oob-release.ts";
const DESTROY = "services/companion/hooks/sock-oob-destroy.ts";
const ATTACH = "services/companion/hooks/sock-oob-attach.ts";
const SHUT_DOWN = "services/companion/sockets/shut-down.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "companion", ...mutant });

/** Cores whose sockets are wrong. */
export const COMPANION_SOCKETS: readonly Mutant[] = [
  of({
    name: "detaches-at-once",
    story:
      "The core has one hook for the end of a socket, as EVL once had: the release also does all that the destroy should do.",
    source: "facts/dovetail 0.3: sock_oob_detach before it became release and destroy",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [
      {
        file: RELEASE,
        find: 'core.kit.events.fact(context, "sk_release", { sk: socket.sk, file });',
        replace:
          'core.kit.events.fact(context, "sk_release", { sk: socket.sk, file }); socket.protocol.leave(); core.sockets.delete(socket.sk); core.kit.events.fact(context, "sk_destroy", { sk: socket.sk }); dropReference(core, socket, context);',
      },
    ],
    rules: ["FI.sk_destroy"],
  }),
  of({
    name: "follows-stale-sk",
    story: "sock_oob_release finds its socket by sock->sk, which may be stale: nothing is released.",
    source: "seed 000, sock_oob_release; D10, documented",
    trigger: "none",
    experiment: "experiments/sockets/release-sk.yaml",
    profile: "documented",
    edits: [
      {
        file: RELEASE,
        find: "const socket = core.socketOfFile.get(file);",
        replace: "const socket = core.sockets.get(sk);",
      },
    ],
    rules: ["LOSS-07"],
  }),
  of({
    name: "destroy-keeps-context",
    story: "sock_oob_destroy drops no reference: the context of every socket leaks.",
    source: "m09; SOCK-14 of facts/experiments",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: DESTROY, find: "dropReference(core, socket, context);", replace: "" }],
    rules: ["SOCK-14"],
  }),
  of({
    name: "destroy-forgets-receivers",
    story:
      "sock_oob_destroy of a socket that somebody still reads from wakes nobody; only a core that came back lives to see it.",
    source: "facts/dovetail 2.4: free queued input, destroy wait queues",
    trigger: "both",
    experiment: "experiments/faults/stack-returns.yaml",
    profile: "documented",
    edits: [
      {
        file: DESTROY,
        find: "flushInput(socket, context);",
        replace: "",
      },
    ],
    rules: ["WAIT-03"],
  }),
  of({
    name: "attaches-with-nothing",
    story: "sock_oob_attach makes a context and answers 0: nobody will ever name it again, and the socket stays plain.",
    source: "facts/dovetail 2.0: an attach that leaves the pointer NULL yields a plain socket",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: ATTACH, find: "return ok({ oob_data });", replace: "return ok({ oob_data: 0 });" }],
    rules: ["RET-08", "RET-09"],
  }),
  of({
    name: "refuses-and-keeps",
    story: "sock_oob_attach refuses a socket whose context it has made already.",
    source: "facts/dovetail 2.2: on protocol-attach failure it releases the file and frees",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: ATTACH, find: "return ok({ oob_data });", replace: 'return fail("ENOMEM");' }],
    rules: ["SOCK-04c", "RET-08"],
  }),
  of({
    name: "bind-answers-too-soon",
    story: "sock_oob_bind answers 0 and has bound nothing.",
    source: "facts/dovetail 2.5: adds a receive slot; operator flip",
    trigger: "none",
    experiment: "experiments/sockets/bind-packet.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/hooks/sock-oob-bind.ts",
        find: 'if (!protocol.bind(args.addr, args.bound).ok)\n        return fail("EINVAL");\n    core.kit.events.fact(context, "sk_bind", { sk }, { local: sockaddrText(args.bound) });',
        replace: "",
      },
    ],
    rules: ["DA.sk_bind.sock_oob_bind"],
  }),
  of({
    name: "answers-einval-and-binds",
    story: "sock_oob_bind binds the socket and answers EINVAL.",
    source: "operator flip result",
    trigger: "none",
    experiment: "test/zoo/experiments/bind-and-connect.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/hooks/sock-oob-bind.ts",
        find: 'core.kit.events.fact(context, "sk_bind", { sk }, { local: sockaddrText(args.bound) });\n    return ok({});',
        replace:
          'core.kit.events.fact(context, "sk_bind", { sk }, { local: sockaddrText(args.bound) });\n    return fail("EINVAL");',
      },
    ],
    rules: ["SOCK-06a"],
  }),
  of({
    name: "shutdown-counts-wrong-in-core",
    story: "The core reads the directions of a shutdown as the pages count them, in the profile of the code.",
    source: "D4, as implemented",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "as-implemented",
    edits: [
      {
        file: "services/companion/hooks/sock-oob-shutdown.ts",
        find: 'asImplemented(core.kit.profile, "D4")',
        replace: "false",
      },
    ],
    rules: ["CORE-06"],
  }),
  of({
    name: "shutdown-wakes-nobody",
    story: "A thread sleeps in oob_recvmsg, the socket is shut down, and the thread sleeps on.",
    source: 'facts/dovetail 2.7: wakes all waiters with "removed"; Q5',
    trigger: "schedule",
    experiment: "test/zoo/experiments/shutdown-under-a-reader.yaml",
    profile: "documented",
    edits: [
      {
        file: SHUT_DOWN,
        find: "flushInput(socket, context);",
        replace: "for (const message of socket.input.purge()) message.done?.(context);",
      },
    ],
    rules: ["WAIT-02"],
  }),
  of({
    name: "receives-after-shutdown",
    story: "A socket that was shut down keeps its receive slot and its input: what arrives is still received.",
    source: "facts/dovetail 2.7: drops the receive slot, purges queued input",
    trigger: "none",
    experiment: "test/zoo/experiments/shutdown-then-receive.yaml",
    profile: "documented",
    edits: [
      {
        file: SHUT_DOWN,
        find: "socket.protocol.leave(context);\n    flushInput(socket, context);",
        replace: "",
      },
    ],
    rules: ["CORE-03"],
  }),
  of({
    name: "sends-after-shutdown",
    story: "A socket whose sending direction is shut still sends.",
    source: "facts/dovetail 6.4: shut down, EPIPE",
    trigger: "none",
    experiment: "test/zoo/experiments/shutdown-then-send.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/protocols/udp-send.ts",
        find: 'if ((socket.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0)\n        return fail("EPIPE");',
        replace: "",
      },
    ],
    rules: ["CORE-04"],
  }),
  of({
    name: "ioctl-refuses-with-success",
    story:
      "A command that is not the core's is answered with 0 instead of ENOIOCTLCMD: no regular ioctl works any more.",
    source: "facts/dovetail 2.8: SIOCGIFINDEX keeps working on an oob socket",
    trigger: "none",
    experiment: "experiments/sockets/ioctl-redirect.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/hooks/sock-inband-ioctl-redirect.ts",
        find: 'default:\n            return fail("ENOIOCTLCMD");',
        replace: "default:\n            return ok({ arg: NO_BYTES });",
      },
    ],
    rules: ["CORE-02"],
  }),
  of({
    name: "offload-holds-nothing",
    story:
      "A datagram is handed to an in-band worker without a reference to the file, and nothing waits for what is charged: the last close does not wait for it.",
    source: "facts/dovetail 6.4: holds a file ref until done, so close waits",
    trigger: "schedule",
    experiment: "test/zoo/experiments/close-after-offload.yaml",
    profile: "documented",
    edits: [
      { file: "services/companion/net/offload.ts", find: "efile.crossing.down();", replace: "" },
      { file: "services/companion/net/offload.ts", find: "leave(efile);", replace: "" },
      {
        file: "services/companion/hooks/sock-oob-release.ts",
        find: ".then(() => awaitDrained(core, socket, context))",
        replace: "",
      },
    ],
    rules: ["SOCK-12c"],
  }),
  of({
    name: "charge-leaks",
    story:
      "A datagram that the in-band side refuses stays charged to its socket: after some, nobody can send any more.",
    source: "m13; NET-10 of facts/experiments",
    trigger: "fault",
    experiment: "test/zoo/experiments/offloads-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/offload.ts",
        find: "giveRoom(socket, charge, worker);",
        replace: 'if (answer.kind === "returned") giveRoom(socket, charge, worker);',
      },
      // So that a handful of datagrams will do.
      {
        file: "services/companion/sockets/socket.ts",
        find: "const BUFFER_BYTES = 212_992;",
        replace: "const BUFFER_BYTES = 900;",
      },
    ],
    rules: ["WAIT-09"],
  }),
  of({
    name: "offload-forgotten",
    story: "oob_sendmsg says that a datagram is on its way by an in-band worker, and no worker is ever asked.",
    source: "facts/dovetail 6.4: EINPROGRESS even though the datagram will go out; operator skip",
    trigger: "none",
    experiment: "experiments/net/tx-miss-then-hit.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/protocols/udp-send.ts",
        find: "offload(core, socket, data, addr, context);",
        replace: "",
      },
    ],
    rules: ["OFF-04"],
  }),
  of({
    name: "receive-ignores-time",
    story: "oob_recvmsg has a date until which it waits, and sleeps beyond it.",
    source: "facts/dovetail 6.6: absolute date; expiry is ETIMEDOUT",
    trigger: "none",
    experiment: "test/zoo/experiments/receive-in-vain.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/sockets/receive.ts",
        find: "atNs === 0 ? undefined : core.kit.clock.after(atNs - core.kit.clock.nowNs(), wake)",
        replace: "undefined",
      },
    ],
    rules: ["WAIT-12"],
  }),
  of({
    name: "message-for-nobody",
    story: "A datagram arrives for a thread that sleeps in oob_recvmsg; it is queued, and the thread is not woken.",
    source: "facts/dovetail 6.3; class: lost wake-up",
    trigger: "schedule",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/model/message-queue.ts",
        find: "const reader = this.#readers.first;",
        replace: "const reader = undefined;",
      },
    ],
    rules: ["WAIT-13"],
  }),
];
