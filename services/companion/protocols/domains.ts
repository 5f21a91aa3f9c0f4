import { AF, ETH_P, IPPROTO, OOBPROTO, SOCK } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import { DomainRegistry, type Domain } from "../model/domain-registry.ts";
import type { CreateProtocol } from "../state.ts";
import { oobEcho } from "./oobecho.ts";
import { oobPipe } from "./oobpipe.ts";
import { packet } from "./packet.ts";
import { udp } from "./udp.ts";

/** What the core brings along. */
const OWN: readonly Domain<CreateProtocol>[] = [
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
];

/** One protocol of PF_OOB, of datagrams. */
const oobDomain = (number: number, create: CreateProtocol): Domain<CreateProtocol> => ({
  family: AF.PF_OOB,
  match: ({ type, protocol }) => (type === SOCK.SOCK_DGRAM && protocol === number ? ok(create) : undefined),
});

/** The drivers that there are. What one knows of its sockets begins when it is loaded, and ends with it. */
const DRIVERS: ReadonlyMap<string, () => Domain<CreateProtocol>> = new Map([
  ["oobecho", () => oobDomain(OOBPROTO.OOBPROTO_ECHO, oobEcho)],
  ["oobpipe", () => oobDomain(OOBPROTO.OOBPROTO_PIPE, oobPipe())],
]);

/** The protocols of a core that was just loaded: its own, and oobecho's. */
export function createDomains(): DomainRegistry<CreateProtocol> {
  const domains = new DomainRegistry(DRIVERS, OWN);
  domains.load("oobecho");
  return domains;
}
