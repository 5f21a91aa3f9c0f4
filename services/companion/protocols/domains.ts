import { AF, ETH_P, IPPROTO, OOBPROTO, SOCK } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { OobSocket, Protocol } from "../sockets/socket.ts";
import type { Core } from "../state.ts";
import { oobEcho } from "./oobecho.ts";
import { oobPipe, type PipePorts } from "./oobpipe.ts";
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

/** A family's protocols (struct evl_socket_domain). Undefined: it has none for this, and another domain of the family may. */
interface Domain {
  readonly family: number;
  readonly match: (wanted: Wanted) => Result<Create, "ESOCKTNOSUPPORT"> | undefined;
}

/** What somebody has registered: a driver of the core's own, or the core itself. */
interface Registered {
  readonly driver: string;
  readonly domain: Domain;
}

/** The protocol of a socket, and whose it is. */
interface Found {
  readonly driver: string;
  readonly create: Create;
}

/** The core's own name among those who register. */
const CORE = "evl";

/** What the core brings along. */
const PACKET_DOMAIN: Domain = {
  family: AF.AF_PACKET,
  match({ type, protocol }) {
    if (type !== SOCK.SOCK_RAW) return fail("ESOCKTNOSUPPORT");
    const known = protocol === 0 || protocol === ETH_P.ETH_P_IP || protocol === ETH_P.ETH_P_ALL;
    return known ? ok((core, self) => packet(core, self, protocol)) : undefined;
  },
};
const INET_DOMAIN: Domain = {
  family: AF.AF_INET,
  match({ type, protocol }) {
    if (protocol !== IPPROTO.IPPROTO_IP && protocol !== IPPROTO.IPPROTO_UDP) return undefined;
    return type === SOCK.SOCK_DGRAM ? ok(udp) : fail("ESOCKTNOSUPPORT");
  },
};

/** One protocol of PF_OOB, of datagrams. */
const oobDomain = (number: number, create: Create): Domain => ({
  family: AF.PF_OOB,
  match: ({ type, protocol }) => (type === SOCK.SOCK_DGRAM && protocol === number ? ok(create) : undefined),
});

const emptyPorts = (): PipePorts => new Map();

/** The drivers that there are, and what each registers when it is loaded. */
const DRIVERS: ReadonlyMap<string, () => Domain> = new Map([
  ["oobecho", () => oobDomain(OOBPROTO.OOBPROTO_ECHO, oobEcho)],
  ["oobpipe", () => oobDomain(OOBPROTO.OOBPROTO_PIPE, oobPipe(emptyPorts()))],
]);

/**
 * The domains that are registered. Of two for one family the newest is asked first, so that a later one overrides
 * (facts/dovetail 2.1).
 */
export class Domains {
  #registered: readonly Registered[] = [
    { driver: CORE, domain: PACKET_DOMAIN },
    { driver: CORE, domain: INET_DOMAIN },
  ];

  constructor() {
    this.load("oobecho");
  }

  /** Loads a driver. False: there is none of this name. One that is loaded stays as it is. */
  load(driver: string): boolean {
    const make = DRIVERS.get(driver);
    if (make === undefined) return false;
    if (!this.has(driver)) this.#registered = [...this.#registered, { driver, domain: make() }];
    return true;
  }

  unload(driver: string): void {
    this.#registered = this.#registered.filter((one) => one.driver !== driver);
  }

  has(driver: string): boolean {
    return this.#registered.some((one) => one.driver === driver);
  }

  /** Whether there is a driver of this name, loaded or not. */
  knows(driver: string): boolean {
    return DRIVERS.has(driver);
  }

  /** The drivers that are loaded, the newest last; the core is none. */
  drivers(): readonly string[] {
    return this.#registered.map(({ driver }) => driver).filter((driver) => driver !== CORE);
  }

  /**
   * Finds the protocol for a socket.
   *
   * EPROTONOSUPPORT: no domain has one. ESOCKTNOSUPPORT: the protocol is there, and not with this type.
   */
  find(wanted: Wanted): Result<Found, "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT"> {
    for (const { driver, domain } of [...this.#registered].reverse()) {
      const found = domain.family === wanted.family ? domain.match(wanted) : undefined;
      if (found !== undefined) return found.ok ? ok({ driver, create: found.value }) : found;
    }
    return fail("EPROTONOSUPPORT");
  }
}
