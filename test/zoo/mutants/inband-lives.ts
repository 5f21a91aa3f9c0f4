import type { Mutant } from "../mutant.ts";

const BIND = "services/inband/calls/bind-inet.ts";
const CLOSE = "services/inband/calls/close.ts";
const DESTRUCT = "services/inband/sockets/destruct.ts";
const EXTEND = "services/inband/sockets/extend.ts";
const IOCTL = "services/inband/calls/ioctl.ts";
const ATTACH = "services/inband/sockets/attach.ts";
const RELEASE = "await kernel.hooks.sock_oob_release(context, { sock: socket.sock, sk: seen, file, oob_data });";
const DESTROY = "await kernel.hooks.sock_oob_destroy(context, { sk, oob_data });";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "inband", ...mutant });

/** Kernels whose in-band sockets and devices come to be, and to an end, in a wrong way. */
export const INBAND_LIVES: readonly Mutant[] = [
  of({
    name: "release-after-refused-attach",
    story: "The core refuses to attach a socket, and is told to release it all the same.",
    source: "m01; facts/dovetail 2.2: release hook does not run, since the context is NULL",
    trigger: "fault",
    experiment: "experiments/sockets/attach-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: ATTACH,
        find: 'case "refused":\n            return fail(reply.errno);',
        replace: 'case "refused": await detach(kernel, context, socket, 0); return fail(reply.errno);',
      },
    ],
    rules: ["D10.doc"],
  }),
  of({
    name: "attaches-plain",
    story: "A socket that was made without SOCK_OOB is attached to the core.",
    source: "SOCK-04, SOCK-05 of facts/experiments; facts/dovetail 2.1",
    trigger: "none",
    experiment: "experiments/sockets/ioctl-redirect.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/calls/map-file.ts",
        find: "if (!oob || !kernel.node.netOob)",
        replace: "if (!kernel.node.netOob)",
      },
    ],
    rules: ["SOCK-05"],
  }),
  of({
    name: "hooks-for-plain",
    story: "Hooks are called for sockets that the core has never attached.",
    source: "facts/dovetail 2.0: the gate is sock_oob_capable(); Q15",
    trigger: "none",
    experiment: "experiments/sockets/inband-loopback.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/sockets/table.ts",
        find: "export const oobCapable = ({ oob_data }) => oob_data !== 0;",
        replace: "export const oobCapable = ({ oob_data }) => oob_data >= 0;",
      },
    ],
    rules: ["SOCK-03", "SOCK-03a"],
  }),
  of({
    name: "release-skipped",
    story: "The last close of a socket goes on without sock_oob_release; only the destroy comes.",
    source: "facts/dovetail 2.12, rules 2 and 3; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: "" }],
    rules: ["REL-02"],
  }),
  of({
    name: "release-twice",
    story: "The last close of a socket releases it twice.",
    source: "facts/dovetail 2.12, rule 3: exactly once; operator double call",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: `${RELEASE} ${RELEASE}` }],
    rules: ["LOSS-07"],
  }),
  of({
    name: "release-too-late",
    story: "The protocol's release comes before sock_oob_release.",
    source: "facts/dovetail 2.3: as its first action, before the protocol's release; operator swap",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [
      { file: CLOSE, find: RELEASE, replace: "" },
      {
        file: CLOSE,
        find: "await putSk(kernel, context, socket);",
        replace: `if (oobCapable(socket)) { const seen = followsCode(kernel, "D10") ? sk : 0; ${RELEASE} } await putSk(kernel, context, socket);`,
      },
    ],
    rules: ["REL-01"],
  }),
  of({
    name: "release-does-not-wait",
    story: "sock_oob_release is called, and the close goes on, and destroys the socket, while a reader is inside.",
    source: "facts/dovetail 2.3: waits for every oob reference; operator: not awaited",
    trigger: "schedule",
    experiment: "experiments/sockets/socket-close-with-reader.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: RELEASE.replace("await", "void") }],
    rules: ["NE-1.sock_close"],
  }),
  of({
    name: "destroy-skipped",
    story: "The last reference to a socket goes, and the core is not told: its context stays for ever.",
    source: "m09; SOCK-14 of facts/experiments; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: DESTRUCT, find: DESTROY, replace: ";" }],
    rules: ["SOCK-15", "RET-08"],
    heldOut: "found",
  }),
  of({
    name: "destroy-twice",
    story: "The last reference to a socket goes, and the core is told twice.",
    source: "m10; facts/dovetail 2.12, rule 3; operator double call",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [
      {
        file: DESTRUCT,
        find: `if (oobCapable(socket))\n        ${DESTROY}`,
        replace: `if (oobCapable(socket)) { ${DESTROY} ${DESTROY} }`,
      },
    ],
    rules: ["SOCK-15a"],
  }),
  of({
    name: "context-leaks-after-refused-bind",
    story: "A socket whose bind was once refused by the core is never destroyed there.",
    source: "m09",
    trigger: "fault",
    experiment: "experiments/sockets/bind-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: 'if (followsCode(kernel, "D1"))',
        replace: 'socket.wasRefused = true; if (followsCode(kernel, "D1"))',
      },
      { file: DESTRUCT, find: "if (oobCapable(socket))", replace: "if (oobCapable(socket) && !socket.wasRefused)" },
    ],
    rules: ["SOCK-15", "RET-08"],
    heldOut: "found",
  }),
  of({
    name: "destroys-twice-after-two-refusals",
    story: "A socket whose bind and whose ioctl the core has both refused is destroyed twice.",
    source: "m10",
    trigger: "two faults",
    experiment: "test/zoo/experiments/bind-and-ioctl-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: 'if (followsCode(kernel, "D1"))',
        replace: 'socket.refused = 1; if (followsCode(kernel, "D1"))',
      },
      {
        file: IOCTL,
        find: "const final = await redirect(kernel, context, socket, cmd, data);",
        replace:
          'const final = await redirect(kernel, context, socket, cmd, data); if (final?.errno === "EINVAL" && socket.refused === 1) socket.refused = 2;',
      },
      {
        file: DESTRUCT,
        find: `if (oobCapable(socket))\n        ${DESTROY}`,
        replace: `if (oobCapable(socket)) { ${DESTROY} if (socket.refused === 2) ${DESTROY} }`,
      },
    ],
    rules: ["SOCK-15a"],
  }),
  of({
    name: "destroy-before-last-packet",
    story: "A socket is destroyed when it is closed, although a packet that refers to it still waits for a neighbour.",
    source: "facts/dovetail 2.4: when the last reference to the sock is gone",
    trigger: "none",
    experiment: "experiments/sockets/destroy-late.yaml",
    profile: "documented",
    edits: [
      {
        file: DESTRUCT,
        find: "if (socket.references > 0 || kernel.stack.charges.of(sk) > 0)",
        replace: "if (socket.references > 0 || kernel.sockets.ofSk(sk) !== socket)",
      },
    ],
    rules: ["REL-03"],
  }),
  of({
    name: "lost-attach-stays",
    story: "The answer to an attach is lost, and nobody drops the context that the core has made.",
    source: "contract: on_lost FAIL undoes what was done; operator lost reply",
    trigger: "fault",
    experiment: "experiments/sockets/attach-lost.yaml",
    profile: "documented",
    edits: [{ file: ATTACH, find: "await detach(kernel, context, socket, 0);", replace: "" }],
    rules: ["LOSS-01"],
  }),
  of({
    name: "renewed-without-binding",
    story: "A core that comes back is told of a socket, and not of the port that it is bound to.",
    source: "room inband: sock_core_ready tells sockets by the hooks by which they were told",
    trigger: "fault",
    experiment: "experiments/faults/core-returns-socket.yaml",
    profile: "documented",
    edits: [
      {
        file: EXTEND,
        find: "bind === undefined ? ok({}) : bindAgain(kernel, context, socket, bind)",
        replace: "ok({})",
      },
    ],
    rules: ["RET-14"],
  }),
  of({
    name: "port-ends-without-core",
    story: "A device goes down, and the core is not told that its port ends: it goes on diverting.",
    source: "facts/dovetail 6.1: NETDEV_GOING_DOWN disables automatically; operator skip",
    trigger: "none",
    experiment: "experiments/net/port-goes-down.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/netdev/link-down.ts",
        find: "await endPorts(kernel, inside, device);",
        replace: "",
      },
    ],
    rules: ["WAY-11"],
    heldOut: "missed",
  }),
  of({
    name: "switches-port-unlocked",
    story: "netif_oob_switch_port runs without rtnl.",
    source: "facts/dovetail 5.1: rtnl held; contract of netif_oob_switch_port",
    trigger: "none",
    experiment: "experiments/net/port-goes-down.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/netdev/oob-port.ts",
        find: "await switchPort(kernel, inside, device, enabled, { pool, buffer_bytes })",
        replace: "await switchPort(kernel, context, device, enabled, { pool, buffer_bytes })",
      },
    ],
    rules: ["LK.netif_oob_switch_port"],
  }),
  of({
    name: "takes-what-the-core-has",
    story: "The in-band stack answers a frame twice: it is delivered, and counted as dropped as well.",
    source: "NET-03 of facts/experiments: at most one disposition",
    trigger: "none",
    experiment: "experiments/net/udp-two-nodes.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/netdev/effects.ts",
        find: "frameEnds(kernel.kit, arrival, dev, frame, effect.fate);",
        replace:
          'frameEnds(kernel.kit, arrival, dev, frame, effect.fate); if (effect.fate === "delivered") frameEnds(kernel.kit, arrival, dev, frame, "socket_rcvbuf");',
      },
    ],
    rules: ["NET-04a"],
  }),
  of({
    name: "frames-vanish",
    story: "A frame for a port that nobody listens to vanishes: nothing says where its way ended.",
    source: "NET-04 of facts/experiments: frame conservation",
    trigger: "none",
    experiment: "experiments/net/udp-two-nodes.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/inband/netdev/effects.ts",
        find: "frameEnds(kernel.kit, arrival, dev, frame, effect.fate);",
        replace: 'if (effect.fate !== "delivered") frameEnds(kernel.kit, arrival, dev, frame, effect.fate);',
      },
    ],
    rules: ["DU.frame_receive"],
  }),
];
