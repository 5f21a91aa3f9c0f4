import type { Actor } from "./actors.ts";
import type { Chance } from "./chance.ts";
import type { WrittenStep } from "./written.ts";

/** What a story gives for its beginning. */
interface Story {
  readonly fresh: (what: string) => string;
  readonly mayBlock: boolean;
}

/** SO_LINGER with no time, and with two seconds. */
const LINGER = ["hex:0100000000000000", "hex:0100000002000000"] as const;

/** Somebody listens, some connect and some are accepted: without that, streams rarely meet in a random run. */
export function converse(chance: Chance, actors: readonly Actor[], { fresh, mayBlock }: Story): readonly WrittenStep[] {
  const server = chance.of("server", actors);
  const address = server?.node.addresses[0];
  if (server === undefined || address === undefined) return [];
  const at = { task: server.name };
  const type = ["SOCK_STREAM", ...(mayBlock && chance.happens("waits", 0.4) ? [] : ["SOCK_NONBLOCK"])];
  const stream = { family: "AF_INET", type };
  const l = fresh("fd");
  server.table.push({ name: l, kind: "stream" });
  const steps: WrittenStep[] = [
    { ...at, call: "socket", with: stream, as: l },
    { ...at, call: "bind", with: { fd: `$${l}`, addr: `${address}:7000` } },
    { ...at, call: "listen", with: { fd: `$${l}`, backlog: chance.below("backlog", 4) } },
  ];
  for (let i = 0; i <= chance.below("clients", 3); i++) {
    const here = chance.under(i);
    const client = here.of("client", actors) ?? server;
    const [by, c] = [{ task: client.name }, fresh("fd")];
    client.table.push({ name: c, kind: "stream" });
    steps.push({ ...by, call: "socket", with: stream, as: c });
    if (here.happens("a small buffer", 0.2)) steps.push({ ...by, call: "setsockopt", with: option(c, here) });
    steps.push({ ...by, call: "connect", with: { fd: `$${c}`, addr: `${address}:7000` } });
    steps.push({ sleep: here.of("time to meet", ["1ms", "30ms"]) });
    if (here.happens("accepted", 0.85)) {
      const a = fresh("fd");
      server.table.push({ name: a, kind: "stream" });
      steps.push({ ...at, call: "accept4", with: { fd: `$${l}`, flags: mayBlock ? 0 : "SOCK_NONBLOCK" }, as: a });
    }
    if (here.happens("lingers", 0.15)) {
      const data = here.of("linger", LINGER);
      const with_ = { fd: `$${c}`, level: "SOL_SOCKET", optname: "SO_LINGER", value: 0, data };
      steps.push({ ...by, call: "setsockopt", with: with_ });
    }
  }
  return steps;
}

const option = (fd: string, chance: Chance): Record<string, unknown> => ({
  fd: `$${fd}`,
  level: "SOL_SOCKET",
  optname: chance.of("optname", ["SO_SNDBUF", "SO_RCVBUF"]),
  value: 2048,
});
