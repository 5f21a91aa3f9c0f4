import type { Mutant } from "../mutant.ts";

const BIND = "services/inband/calls/bind-inet.ts";
const CLOSE = "services/inband/calls/close.ts";
const CONNECT = "services/inband/calls/connect.ts";
const DESTRUCT = "services/inband/sockets/destruct.ts";
const EXTEND = "services/inband/sockets/extend.ts";
const IOCTL = "services/inband/calls/ioctl.ts";
const SHUTDOWN = "services/inband/calls/shutdown.ts";
const ATTACH = "services/inband/sockets/attach.ts";

const RELEASE = "await kernel.hooks.sock_oob_release(context, { sock: socket.sock, sk: seen, file, oob_data });";
const DESTROY = "await kernel.hooks.sock_oob_destroy(context, { sk, oob_data });";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "inband", ...mutant });

/** Kernels whose in-band sockets or devices are wrong. */
export const INBAND: readonly Mutant[] = [
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
    rules: [],
  }),
  of({
    name: "bind-not-undone",
    story: "The core refuses a binding, and the socket keeps its port, in the profile that takes the binding back.",
    source: "m02; D1, documented: seed 000, sock_oob_bind",
    trigger: "fault",
    experiment: "experiments/sockets/bind-refused.yaml",
    profile: "documented",
    edits: [{ file: BIND, find: 'if (followsCode(kernel, "D1"))', replace: 'if (kernel.profile !== "")' }],
    rules: [],
  }),
  of({
    name: "bind-refusal-swallowed",
    story: "The core refuses a binding, and bind(2) answers 0.",
    source: "m03; seed 000: a failure of the hook fails the call",
    trigger: "fault",
    experiment: "experiments/sockets/bind-refused.yaml",
    profile: "documented",
    edits: [{ file: BIND, find: "if (extended.ok)\n            return ok({});", replace: "return ok({});" }],
    rules: [],
  }),
  of({
    name: "unbound-unasked",
    story: "A binding that the core has accepted is taken back at once, and bind(2) answers 0.",
    source: "GP-03 of facts/experiments: undo only after the hook failed; operator flip",
    trigger: "none",
    experiment: "experiments/sockets/socket-dup-then-close.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: "if (extended.ok)\n            return ok({});",
        replace:
          'if (extended.ok) { stack.udp.unbind(udp); events.fact(held.context, "inband_unbind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) }); return ok({}); }',
      },
    ],
    rules: [],
  }),
  of({
    name: "connect-not-undone",
    story: "The core refuses a connection, and the peer stays, in the profile that takes the connection back.",
    source: "D3, documented: seed 000, sock_oob_connect",
    trigger: "fault",
    experiment: "experiments/sockets/connect-refused.yaml",
    profile: "documented",
    edits: [{ file: CONNECT, find: 'if (followsCode(kernel, "D3"))', replace: 'if (kernel.profile !== "")' }],
    rules: [],
  }),
  of({
    name: "connect-hook-after-failure",
    story: "The in-band connect fails, and the core is asked to extend it all the same.",
    source: "m16; facts/dovetail 2.6: only if the in-band connect returned 0",
    trigger: "none",
    experiment: "experiments/sockets/connect-failed-inband.yaml",
    profile: "documented",
    edits: [
      {
        file: CONNECT,
        find: "const connected = await connectFamily(kernel, context, socket, addr);\n    if (!connected.ok)\n        return connected;",
        replace:
          "const connected = await connectFamily(kernel, context, socket, addr); if (!connected.ok) { await extendConnection(kernel, context, socket, addr, flags); return connected; }",
      },
    ],
    rules: [],
  }),
  of({
    name: "bind-hook-first",
    story: "The core is asked to extend a binding before there is one.",
    source: "seed 000: after the regular bind has succeeded; operator swap",
    trigger: "none",
    experiment: "test/zoo/experiments/bind-and-connect.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: "const made = bindUdp(stack, udp, to.value);",
        replace:
          "const before = await extendBinding(kernel, held.context, socket, addr); const made = bindUdp(stack, udp, to.value);",
      },
      {
        file: BIND,
        find: "const extended = await extendBinding(kernel, held.context, socket, addr);",
        replace: "const extended = before;",
      },
    ],
    rules: [],
  }),
  of({
    name: "bind-hook-unlocked",
    story: "sock_oob_bind runs after the socket's lock was given back.",
    source: "facts/dovetail 2.5: socket lock held; contract of sock_oob_bind",
    trigger: "none",
    experiment: "test/zoo/experiments/bind-and-connect.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: "await extendBinding(kernel, held.context, socket, addr)",
        replace: "await extendBinding(kernel, context, socket, addr)",
      },
    ],
    rules: [],
  }),
  of({
    name: "bind-untold",
    story: "bind(2) of a managed socket answers 0 without a word to the core.",
    source: "OB-01 of facts/experiments; operator skip",
    trigger: "none",
    experiment: "test/zoo/experiments/bind-and-connect.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: "await extendBinding(kernel, held.context, socket, addr)",
        replace: "ok({})",
      },
    ],
    rules: [],
  }),
  of({
    name: "connect-told-twice",
    story: "connect(2) asks the core twice.",
    source: "GP-04 of facts/experiments; operator double call",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "documented",
    edits: [
      {
        file: CONNECT,
        find: "const extended = await extendConnection(kernel, context, socket, addr, flags);",
        replace:
          "await extendConnection(kernel, context, socket, addr, flags); const extended = await extendConnection(kernel, context, socket, addr, flags);",
      },
    ],
    rules: [],
  }),
  of({
    name: "shutdown-untold",
    story: "shutdown(2) shuts a connected socket in-band and does not tell the core.",
    source: "OB-10 of facts/experiments; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "documented",
    edits: [
      {
        file: SHUTDOWN,
        find: 'if (status.ok || !followsCode(kernel, "D5")) {',
        replace: 'if (kernel.profile === "") {',
      },
    ],
    rules: [],
  }),
  of({
    name: "shutdown-told-early",
    story: "The core is told of a shutdown before the in-band directions are shut.",
    source: "facts/dovetail 2.7; SOCK-10 of facts/experiments; operator swap",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "documented",
    edits: [
      {
        file: SHUTDOWN,
        find: "const status = shut(socket, direction);",
        replace: "await extendShutdown(kernel, held.context, socket, how); const status = shut(socket, direction);",
      },
      {
        file: SHUTDOWN,
        find: "const extended = await extendShutdown(kernel, held.context, socket, how);",
        replace: "const extended = ok({});",
      },
    ],
    rules: [],
  }),
  of({
    name: "shutdown-refusal-swallowed",
    story: "The core refuses a shutdown, and shutdown(2) answers 0.",
    source: "facts/dovetail 2.7: the hook's value becomes the result of shutdown(2)",
    trigger: "fault",
    experiment: "experiments/sockets/shutdown-refused.yaml",
    profile: "documented",
    edits: [{ file: SHUTDOWN, find: "answer = extended;", replace: ";" }],
    rules: [],
  }),
  of({
    name: "notconn-told",
    story: "shutdown(2) of a socket without a peer reaches the core, in the profile of the code, which stops before.",
    source: "D5, as implemented: in-band status ENOTCONN, so the hook is not called",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-unconnected.yaml",
    profile: "as-implemented",
    edits: [
      {
        file: SHUTDOWN,
        find: 'if (status.ok || !followsCode(kernel, "D5")) {',
        replace: 'if (kernel.profile !== "") {',
      },
    ],
    rules: [],
  }),
  of({
    name: "shutdown-counts-wrong",
    story: "The hook is told the directions as the code counts them, in the profile of the pages.",
    source: "D4, documented: SHUT_RD, SHUT_WR, SHUT_RDWR",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "documented",
    edits: [{ file: EXTEND, find: 'followsCode(kernel, "D4") ? how + 1 : how', replace: "how + 1" }],
    rules: [],
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
    rules: [],
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
    rules: [],
  }),
  of({
    name: "release-skipped",
    story: "The last close of a socket goes on without sock_oob_release; only the destroy comes.",
    source: "facts/dovetail 2.12, rules 2 and 3; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: "" }],
    rules: [],
  }),
  of({
    name: "release-twice",
    story: "The last close of a socket releases it twice.",
    source: "facts/dovetail 2.12, rule 3: exactly once; operator double call",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: `${RELEASE} ${RELEASE}` }],
    rules: [],
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
    rules: [],
  }),
  of({
    name: "release-does-not-wait",
    story: "sock_oob_release is called, and the close goes on, and destroys the socket, while a reader is inside.",
    source: "facts/dovetail 2.3: waits for every oob reference; operator: not awaited",
    trigger: "schedule",
    experiment: "experiments/sockets/socket-close-with-reader.yaml",
    profile: "documented",
    edits: [{ file: CLOSE, find: RELEASE, replace: RELEASE.replace("await", "void") }],
    rules: [],
  }),
  of({
    name: "destroy-skipped",
    story: "The last reference to a socket goes, and the core is not told: its context stays for ever.",
    source: "m09; SOCK-14 of facts/experiments; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/attach.yaml",
    profile: "documented",
    edits: [{ file: DESTRUCT, find: DESTROY, replace: ";" }],
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
  }),
  of({
    name: "redirect-skipped",
    story: "ioctl(2) on a managed socket goes to the regular handlers without asking the core.",
    source: "OB-04 of facts/experiments; facts/dovetail 2.8; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/ioctl-redirect.yaml",
    profile: "documented",
    edits: [{ file: IOCTL, find: "if (oobCapable(socket)) {", replace: 'if (kernel.profile === "") {' }],
    rules: [],
  }),
  of({
    name: "refused-ioctl-passed-on",
    story: "The core refuses a command of its own with EINVAL, and the regular handlers get it all the same.",
    source: "m12; facts/dovetail 2.8: any result but ENOIOCTLCMD is final",
    trigger: "none",
    experiment: "test/zoo/experiments/ioctl-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: IOCTL,
        find: 'return reply.errno === "ENOIOCTLCMD" ? undefined : fail(reply.errno);',
        replace: "return undefined;",
      },
    ],
    rules: [],
  }),
  of({
    name: "lost-attach-stays",
    story: "The answer to an attach is lost, and nobody drops the context that the core has made.",
    source: "contract: on_lost FAIL undoes what was done; operator lost reply",
    trigger: "fault",
    experiment: "experiments/sockets/attach-lost.yaml",
    profile: "documented",
    edits: [{ file: ATTACH, find: "await detach(kernel, context, socket, 0);", replace: "" }],
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
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
    rules: [],
  }),
  of({
    name: "locks-in-two-orders",
    story:
      "bind(2) takes rtnl under the socket's lock, connect(2) takes the socket's lock under rtnl: two tasks can wait for each other.",
    source: "design, locks: the order of lock classes is one; classic of lockdep",
    trigger: "none",
    experiment: "test/zoo/experiments/bind-and-connect.yaml",
    profile: "documented",
    edits: [
      {
        file: BIND,
        find: "const made = bindUdp(stack, udp, to.value);",
        replace:
          'const rtnl = await kernel.locks.acquire(held.context, "rtnl", 1); rtnl.value.release(); const made = bindUdp(stack, udp, to.value);',
      },
      {
        file: CONNECT,
        find: 'const held = await kernel.locks.acquire(context, "sk.sk_lock", socket.sk);',
        replace:
          'const rtnl = await kernel.locks.acquire(context, "rtnl", 1); const held = await kernel.locks.acquire(rtnl.value.context, "sk.sk_lock", socket.sk); rtnl.value.release();',
      },
    ],
    rules: [],
  }),
];
