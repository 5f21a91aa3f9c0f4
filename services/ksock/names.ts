import * as C from "./constants.ts";

type Names = ReadonlyMap<number, string>;

/** Names by number, of constants that are listed by name. */
const byNumber = (constants: Readonly<Record<string, number>>): Names =>
  new Map(Object.entries(constants).map(([name, number]) => [number, name]));

/** Those of the constants whose names begin so. */
function family(prefix: string, except: readonly string[] = []): Names {
  const all: Readonly<Record<string, number>> = C;
  return byNumber(
    Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(prefix) && !except.includes(name))),
  );
}

const FAMILIES = family("AF_");
const TYPES = family("SOCK_");
const MSG = family("MSG_");
const POLL = family("POLL");
const IOCTLS = new Map([...family("FIO"), ...family("SIOC"), ...family("I_")]);
const LEVELS = byNumber({
  SOL_SOCKET: C.SOL_SOCKET,
  IPPROTO_IP: C.IPPROTO_IP,
  IPPROTO_TCP: C.IPPROTO_TCP,
  IPPROTO_UDP: C.IPPROTO_UDP,
  IPPROTO_IPV6: C.IPPROTO_IPV6,
});
const OPTIONS: ReadonlyMap<number, Names> = new Map([
  [C.SOL_SOCKET, family("SO_")],
  [C.IPPROTO_TCP, family("TCP_")],
  [C.IPPROTO_IP, family("IP_")],
  [C.IPPROTO_IPV6, family("IPV6_")],
]);

const named = (names: Names | undefined, number: number): string => names?.get(number) ?? String(number);

/** Names of bits, or the number where a bit has no name: a number that nobody knows travels as it is. */
function bits(names: Names, value: number): string {
  const rest = [...names.keys()].reduce((left, bit) => left & ~bit, value);
  if (rest !== 0) return String(value);
  return [...names]
    .filter(([bit]) => (value & bit) !== 0)
    .sort(([one], [other]) => one - other)
    .map(([, name]) => name)
    .join("|");
}

export const familyName = (domain: number): string => named(FAMILIES, domain);
export const typeName = (type: number): string => named(TYPES, type);
export const levelName = (level: number): string => named(LEVELS, level);
export const optionName = (level: number, optname: number): string => named(OPTIONS.get(level), optname);
/** The sign of a command is lost where it was an int of 32 bits. */
export const ioctlName = (cmd: number): string => named(IOCTLS, cmd >>> 0);
export const messageFlags = (flags: number): string => bits(MSG, flags);
export const pollEvents = (events: number): string => bits(POLL, events);

/** The bits of names that the kernel answers with. */
function bitsOf(names: Names, text: string): number {
  const words = new Set(text.split("|"));
  return [...names].reduce((sum, [bit, name]) => (words.has(name) ? sum | bit : sum), 0);
}

export const messageFlagsOf = (text: string): number => bitsOf(MSG, text);
export const pollEventsOf = (text: string): number => bitsOf(POLL, text);
