import { ILLUMOS_LEVEL, ILLUMOS_OPTIONS, illumosNumber } from "../../../abi/illumos.ts";
import type { KernelSocket } from "../table.ts";
import type { Option } from "./option.ts";
import { IP_OPTIONS, IPV6_OPTIONS, TCP_OPTIONS, UDP_OPTIONS } from "./protocol-options.ts";
import { SOCKET_OPTIONS } from "./socket-options.ts";

const LEVELS: Readonly<Record<keyof typeof ILLUMOS_OPTIONS, Readonly<Record<string, Option>>>> = {
  SOL_SOCKET: SOCKET_OPTIONS,
  IPPROTO_IP: IP_OPTIONS,
  IPPROTO_TCP: TCP_OPTIONS,
  IPPROTO_UDP: UDP_OPTIONS,
  IPPROTO_IPV6: IPV6_OPTIONS,
};

const nameOf = <N extends string>(names: Readonly<Record<N, number>>, word: string): N | undefined => {
  const number = illumosNumber(names, word);
  return (Object.keys(names) as N[]).find((name) => names[name] === number);
};

/** The option with these names, or numbers, of such a socket. Undefined: ENOPROTOOPT. */
export function findOption(
  socket: KernelSocket,
  levelWord: string,
  optname: string,
): { readonly level: keyof typeof ILLUMOS_LEVEL; readonly option: Option } | undefined {
  const level = nameOf(ILLUMOS_LEVEL, levelWord);
  if (level === undefined) return undefined;
  const name = nameOf<string>(ILLUMOS_OPTIONS[level], optname);
  const option = name === undefined ? undefined : LEVELS[level][name];
  return option === undefined || option.only?.(socket) === false ? undefined : { level, option };
}
