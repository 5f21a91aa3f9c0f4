import type { Mutant } from "../mutant.ts";

const BIND = "services/inband/calls/bind-inet.ts";
const CONNECT = "services/inband/calls/connect.ts";
const EXTEND = "services/inband/sockets/extend.ts";
const IOCTL = "services/inband/calls/ioctl.ts";
const SHUTDOWN = "services/inband/calls/shutdown.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "inband", ...mutant });

/** Kernels whose in-band calls on sockets are wrong. */
export const INBAND_CALLS: readonly Mutant[] = [
  of({
    name: "bind-not-undone",
    story: "The core refuses a binding, and the socket keeps its port, in the profile that takes the binding back.",
    source: "m02; D1, documented: seed 000, sock_oob_bind",
    trigger: "fault",
    experiment: "experiments/sockets/bind-refused.yaml",
    profile: "documented",
    edits: [{ file: BIND, find: 'if (followsCode(kernel, "D1"))', replace: 'if (kernel.profile !== "")' }],
    rules: ["SOCK-07"],
    heldOut: "found",
  }),
  of({
    name: "bind-refusal-swallowed",
    story: "The core refuses a binding, and bind(2) answers 0.",
    source: "m03; seed 000: a failure of the hook fails the call",
    trigger: "fault",
    experiment: "experiments/sockets/bind-refused.yaml",
    profile: "documented",
    edits: [{ file: BIND, find: "if (extended.ok)\n            return ok({});", replace: "return ok({});" }],
    rules: ["OB-01", "OB-02"],
    heldOut: "found",
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
          'if (extended.ok) { unbind(); events.fact(held.context, "inband_unbind", { sk }, { addr: sockaddrText(boundOf(stack, socket)) }); return ok({}); }',
      },
    ],
    rules: ["AF-2.inband_unbind"],
  }),
  of({
    name: "connect-not-undone",
    story: "The core refuses a connection, and the peer stays, in the profile that takes the connection back.",
    source: "D3, documented: seed 000, sock_oob_connect",
    trigger: "fault",
    experiment: "experiments/sockets/connect-refused.yaml",
    profile: "documented",
    edits: [{ file: CONNECT, find: 'if (followsCode(kernel, "D3"))', replace: 'if (kernel.profile !== "")' }],
    rules: ["SOCK-09"],
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
        find: "const connected = await connectFamily(kernel, context, socket, args.addr);\n    return connected.ok ? afterConnect(kernel, socket, args, context, connected.value) : connected;",
        replace:
          "const connected = await connectFamily(kernel, context, socket, args.addr); if (!connected.ok) { await extendConnection(kernel, context, socket, args.addr, args.flags); return connected; } return afterConnect(kernel, socket, args, context, connected.value);",
      },
    ],
    rules: ["SOCK-08", "SOCK-09"],
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
        find: "const made = bind(to.value);",
        replace: "const before = await extendBinding(kernel, held.context, socket, addr); const made = bind(to.value);",
      },
      {
        file: BIND,
        find: "const extended = await extendBinding(kernel, held.context, socket, addr);",
        replace: "const extended = before;",
      },
    ],
    rules: ["OB-07", "SOCK-06"],
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
    rules: ["LOCK-03"],
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
    rules: ["OB-07"],
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
    rules: ["ONE-02"],
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
    rules: ["D5.doc"],
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
        find: "const status = shut(kernel, held.context, socket, direction);",
        replace:
          "await extendShutdown(kernel, held.context, socket, how); const status = shut(kernel, held.context, socket, direction);",
      },
      {
        file: SHUTDOWN,
        find: "const extended = await extendShutdown(kernel, held.context, socket, how);",
        replace: "const extended = ok({});",
      },
    ],
    rules: ["SOCK-10a", "D5.doc"],
    heldOut: "found",
  }),
  of({
    name: "shutdown-refusal-swallowed",
    story: "The core refuses a shutdown, and shutdown(2) answers 0.",
    source: "facts/dovetail 2.7: the hook's value becomes the result of shutdown(2)",
    trigger: "fault",
    experiment: "experiments/sockets/shutdown-refused.yaml",
    profile: "documented",
    edits: [{ file: SHUTDOWN, find: "answer = extended;", replace: ";" }],
    rules: ["OB-04"],
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
    rules: ["D5.code"],
  }),
  of({
    name: "shutdown-counts-wrong",
    story: "The hook is told the directions as the code counts them, in the profile of the pages.",
    source: "D4, documented: SHUT_RD, SHUT_WR, SHUT_RDWR",
    trigger: "none",
    experiment: "experiments/sockets/shutdown-how.yaml",
    profile: "documented",
    edits: [{ file: EXTEND, find: 'followsCode(kernel, "D4") ? how + 1 : how', replace: "how + 1" }],
    rules: ["D4.doc"],
  }),
  of({
    name: "redirect-skipped",
    story: "ioctl(2) on a managed socket goes to the regular handlers without asking the core.",
    source: "OB-04 of facts/experiments; facts/dovetail 2.8; operator skip",
    trigger: "none",
    experiment: "experiments/sockets/ioctl-redirect.yaml",
    profile: "documented",
    edits: [{ file: IOCTL, find: "if (oobCapable(socket)) {", replace: 'if (kernel.profile === "") {' }],
    rules: ["OB-10"],
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
    rules: ["SOCK-16", "OB-10"],
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
        find: "const made = bind(to.value);",
        replace:
          'const rtnl = await kernel.locks.acquire(held.context, "rtnl", 1); rtnl.value.release(); const made = bind(to.value);',
      },
      {
        file: CONNECT,
        find: 'const held = await kernel.locks.acquire(context, "sk.sk_lock", socket.sk);',
        replace:
          'const rtnl = await kernel.locks.acquire(context, "rtnl", 1); const held = await kernel.locks.acquire(rtnl.value.context, "sk.sk_lock", socket.sk); rtnl.value.release();',
      },
    ],
    rules: ["FN.lock_order"],
  }),
];
