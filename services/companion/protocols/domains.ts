import { AF, ETH_P, IPPROTO, OOBPROTO, SOCK } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { OobSocket, Protocol } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { oobEcho } from "./oobecho.ts";
import { packet } from "./packet.ts";
import { udp } from "./udp.ts";

/** What attach is asked for. */
interface Wanted {
  readonly family: number;
  readonly type: number;
  /** Host byte order. */
  readonly protocol: number;
}

/** Makes the protocol's half of one socket. */
type Create = (core: Core, self: () => OobSocket) => Protocol;

/** A family's protocols. Undefined: it has none for this, and another domain of the family may. */
interface Domain {
  readonly family: number;
  readonly match: (wanted: Wanted) => Result<Create, "ESOCKTNOSUPPORT"> | undefined;
}

/** The domains that are registered, the newest last: it is asked first, so a later one overrides (facts/dovetail 2.1). */
const DOMAINS: readonly Domain[] = [
  {
    family: AF.AF_PACKET,
    match({ type, protocol }) {
      if (type !== SOCK.SOCK_RAW) return fail("ESOCKTNOSUPPORT");
      const known = protocol === 0 || protocol === ETH_P.ETH_P_IP || protocol === ETH_P.ETH_P_ALL;
      return known ? ok((core, self) => packet(core, self, protocol)) : undefined;
    },
  },
  {
    family: AF.AF_INET,
    match({ type, protocol }) {
      if (protocol !== IPPROTO.IPPROTO_IP && protocol !== IPPROTO.IPPROTO_UDP) return undefined;
      return type === SOCK.SOCK_DGRAM ? ok(udp) : fail("ESOCKTNOSUPPORT");
    },
  },
  {
    family: AF.PF_OOB,
    match: ({ type, protocol }) =>
      type === SOCK.SOCK_DGRAM && protocol === OOBPROTO.OOBPROTO_ECHO ? ok(oobEcho) : undefined,
  },
];

/**
 * Finds the protocol for a socket.
 *
 * EPROTONOSUPPORT: no domain has one. ESOCKTNOSUPPORT: the protocol is there, and not with this type.
 */
export function findProtocol(wanted: Wanted): Result<Create, "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT"> {
  for (const { family, match } of [...DOMAINS].reverse()) {
    const found = family === wanted.family ? match(wanted) : undefined;
    if (found !== undefined) return found;
  }
  return fail("EPROTONOSUPPORT");
}
