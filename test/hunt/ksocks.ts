import type { Actor } from "./actors.ts";
import type { Chance } from "./chance.ts";
import type { WrittenStep } from "./written.ts";

/** What a step about kernel sockets is, without its task, and the name that it makes of a kernel socket. */
interface KsockStep {
  readonly call: string;
  readonly with: Record<string, unknown>;
  readonly as?: unknown;
  readonly makes?: string;
}

const CALLS = [
  ...["ksock_socket", "ksock_bind", "ksock_listen", "ksock_connect", "ksock_connect", "ksock_accept", "ksock_accept"],
  ...["ksock_send", "ksock_send", "ksock_send", "ksock_recv", "ksock_recv", "ksock_recv", "ksock_shutdown"],
  ...["ksock_close", "ksock_callbacks", "ksock_callbacks", "ksock_next_event", "ksock_next_event", "ksock_next_event"],
  ...["ksock_ack_event", "ksock_ack_event", "ksock_setsockopt", "ksock_getsockopt", "ksock_ioctl", "ksock_getpeername"],
  ...["ksock_getsockname", "ksocket_spoll", "ksocket_hold", "ksocket_rele"],
] as const;

const SLOTS = ["connected", "disconnected", "newconn", "recv", "xmit", "exception"] as const;
const LATER_SLOTS = [
  ...["connected", "connectfailed", "disconnected", "newdata", "newconn", "cansend", "oobdata", "cantsendmore"],
  "cantrecvmore",
] as const;
const PORTS = [7000, 7000, 7000, 7001, 0] as const;
/** SO_LINGER with no time, with two seconds, and off; and whole numbers. */
const OPTVALS = [
  ...["hex:0100000000000000", "hex:0100000002000000", "hex:0000000000000000", "hex:00000000", "hex:01000000"],
  ...["hex:00080000", "hex:00800000", "hex:40420f0000000000", "hex:01"],
] as const;
const OPTIONS = [
  ...["SO_LINGER", "SO_LINGER", "SO_SNDBUF", "SO_RCVBUF", "SO_REUSEADDR", "SO_OOBINLINE", "SO_KEEPALIVE"],
  ...["SO_RCVTIMEO", "SO_SNDTIMEO", "SO_ERROR", "SO_TYPE", "TCP_NODELAY"],
] as const;

/** Of two streams of events each node has; a number of an event is mostly one that was given out. */
const streamOf = (chance: Chance): string => chance.of("stream", ["s", "s", "t"]);

const addressOf = ({ node }: Actor, chance: Chance, own: boolean): string =>
  `${chance.of("ip", own ? ["0.0.0.0", ...node.addresses] : node.peers) ?? "127.0.0.1"}:${chance.of("port", PORTS)}`;

function callbacksOf(chance: Chance, ks: string | number): Record<string, unknown> {
  const stream = streamOf(chance);
  if (chance.happens("off", 0.15)) return { ks, binding: "ksock", slots: "", off: true, stream };
  const later = chance.happens("later names", 0.25);
  const slots = chance.some("slots", later ? LATER_SLOTS : SLOTS, 0.75).join("|");
  return later
    ? { ks, binding: "ksocket", arg: true, update: LATER_SLOTS.join("|"), slots, stream }
    : { ks, binding: "ksock", slots, stream };
}

/** Draws a call, and its arguments. A call from inside a callback says its number now and then. */
export function ksockStep(chance: Chance, actor: Actor, fresh: (what: string) => string): KsockStep {
  const call = actor.ksocks.length === 0 ? "ksock_socket" : chance.of("ksock call", CALLS);
  const known = chance.of("about", actor.ksocks);
  const ks = known === undefined || chance.happens("guessed", 0.04) ? chance.below("number", 9) : `$${known}`;
  const inside = chance.happens("inside a callback", 0.06) ? { callback: 1 + chance.below("callback", 4) } : {};
  const dontwait = chance.happens("dontwait", 0.6) ? ["MSG_DONTWAIT"] : [];
  const rest = ((): Omit<KsockStep, "call"> => {
    switch (call) {
      case "ksock_socket": {
        const as = fresh("ks");
        const made = chance.happens("datagrams", 0.2) ? "SOCK_DGRAM" : "SOCK_STREAM";
        return { with: { domain: "AF_INET", type: made }, as, makes: as };
      }
      case "ksock_accept": {
        const as = fresh("ks");
        const name = chance.happens("peer's name", 0.2)
          ? { want_addr: true, addrlen: chance.of("room", [16, 16, 4]) }
          : {};
        return { with: { ks, ...name }, as, makes: as };
      }
      case "ksock_bind":
        return { with: { ks, addr: addressOf(actor, chance, true) } };
      case "ksock_connect":
        return { with: { ks, addr: addressOf(actor, chance, false) } };
      case "ksock_listen":
        return { with: { ks, backlog: chance.below("backlog", 3) } };
      case "ksock_send": {
        const msg = chance
          .of("msg", ["x", "ping", "some longer text "])
          .repeat(chance.of("many", [1, 1, 1, 200, 4000]));
        const flags = [...dontwait, ...chance.some("oob", ["MSG_OOB"], 0.1)].join("|");
        return {
          with: { ks, msg, flags, ...(chance.happens("to", 0.1) && { addr: addressOf(actor, chance, false) }) },
        };
      }
      case "ksock_recv": {
        const flags = [...dontwait, ...chance.some("how", ["MSG_PEEK", "MSG_WAITALL", "MSG_OOB"], 0.1)].join("|");
        return { with: { ks, msgsize: chance.of("msgsize", [1, 64, 100_000]), flags } };
      }
      case "ksock_shutdown":
        return { with: { ks, how: chance.of("how", [0, 1, 1, 2]) } };
      case "ksock_callbacks":
        return { with: callbacksOf(chance, ks) };
      case "ksock_next_event":
        return { with: { stream: streamOf(chance) }, as: { number: fresh("n") } };
      case "ksock_ack_event":
        return { with: { stream: streamOf(chance), number: 1 + chance.below("acknowledged", 5) } };
      case "ksock_setsockopt": {
        const optval = chance.of("optval", OPTVALS);
        const optname = chance.of("optname", OPTIONS);
        return { with: { ks, level: levelOf(optname), optname, optval, optlen: (optval.length - 4) / 2 } };
      }
      case "ksock_getsockopt": {
        const optname = chance.of("optname", OPTIONS);
        return { with: { ks, level: levelOf(optname), optname, optlen: chance.of("optlen", [4, 8, 16]) } };
      }
      case "ksock_ioctl":
        return chance.happens("FIONBIO", 0.7)
          ? { with: { ks, cmd: "FIONBIO", arg: chance.below("on", 2) } }
          : { with: { ks, cmd: chance.of("cmd", ["FIONREAD", "SIOCATMARK", "FIOASYNC"]), arg: 0 } };
      case "ksock_getpeername":
      case "ksock_getsockname":
        return { with: { ks, want_addr: true, addrlen: 16 } };
      case "ksocket_spoll":
        return { with: { ks, events: "POLLIN|POLLOUT", timeout_ms: chance.of("timeout", [0, 5, 2000]) } };
      case "ksock_close":
      case "ksocket_hold":
      case "ksocket_rele":
        return { with: { ks } };
    }
  })();
  const isCall = call !== "ksock_next_event" && call !== "ksock_ack_event";
  return { call, ...rest, with: { ...rest.with, ...(isCall && inside) } };
}

const levelOf = (optname: string): string => (optname.startsWith("TCP_") ? "IPPROTO_TCP" : "SOL_SOCKET");

/** Two ends of a connection, in most runs: nothing of interest happens to sockets that never meet. */
export function meet(
  chance: Chance,
  actors: readonly Actor[],
  fresh: (what: string) => string,
): readonly WrittenStep[] {
  const server = chance.of("server", actors);
  const client = chance.of("client", actors);
  const address = server?.node.addresses[0];
  if (server === undefined || client === undefined || address === undefined) return [];
  const [l, c, a] = [fresh("ks"), fresh("ks"), fresh("ks")];
  const [ours, theirs] = [{ task: server.name }, { task: client.name }];
  const heard = (task: object, ks: string): WrittenStep[] =>
    chance.happens(`callbacks of ${ks}`, 0.6)
      ? [{ ...task, call: "ksock_callbacks", with: callbacksOf(chance.under(ks), `$${ks}`) }]
      : [];
  server.ksocks.push(l, a);
  client.ksocks.push(c);
  const stream = { domain: "AF_INET", type: "SOCK_STREAM" };
  return [
    { ...ours, call: "ksock_socket", with: stream, as: l },
    { ...ours, call: "ksock_bind", with: { ks: `$${l}`, addr: `${address}:7000` } },
    { ...ours, call: "ksock_listen", with: { ks: `$${l}`, backlog: chance.below("backlog", 3) } },
    ...heard(ours, l),
    { ...theirs, call: "ksock_socket", with: stream, as: c },
    ...heard(theirs, c),
    ...chance.some("nonblocking", [c, l], 0.5).map((ks) => ({
      ...(ks === c ? theirs : ours),
      call: "ksock_ioctl",
      with: { ks: `$${ks}`, cmd: "FIONBIO", arg: 1 },
    })),
    { ...theirs, call: "ksock_connect", with: { ks: `$${c}`, addr: `${address}:7000` } },
    { sleep: chance.of("time to meet", ["1ms", "30ms"]) },
    { ...ours, call: "ksock_accept", with: { ks: `$${l}` }, as: a },
    ...heard(ours, a),
  ];
}
