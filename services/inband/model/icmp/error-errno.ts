import { ICMP, UNREACH } from "../../../abi/packet/icmp.ts";

/** What an ICMP error means to a socket. */
export interface SocketError {
  readonly errno:
    | "ENETUNREACH"
    | "EHOSTUNREACH"
    | "EPROTO"
    | "ECONNREFUSED"
    | "EMSGSIZE"
    | "EOPNOTSUPP"
    | "ENOPROTOOPT"
    | "EHOSTDOWN"
    | "ENONET";
  /** A soft error does not end a wait by itself: routes may come back (RFC 1122 §4.2.3.9). */
  readonly hard: boolean;
}

const soft = (errno: SocketError["errno"]): SocketError => ({ errno, hard: false });
const hard = (errno: SocketError["errno"]): SocketError => ({ errno, hard: true });

/** Linux's `icmp_err_convert`, by the code of ICMP_DEST_UNREACH. */
const UNREACHABLE: readonly SocketError[] = [
  soft("ENETUNREACH"),
  soft("EHOSTUNREACH"),
  hard("ENOPROTOOPT"),
  hard("ECONNREFUSED"),
  hard("EMSGSIZE"),
  soft("EOPNOTSUPP"),
  hard("ENETUNREACH"),
  hard("EHOSTDOWN"),
  hard("ENONET"),
  hard("ENETUNREACH"),
  hard("EHOSTUNREACH"),
  soft("ENETUNREACH"),
  soft("EHOSTUNREACH"),
  hard("EHOSTUNREACH"),
  hard("EHOSTUNREACH"),
  hard("EHOSTUNREACH"),
];

/** The error for a socket (`__udp4_lib_err`); undefined for messages that are none of its business. */
export function errorOf(type: number, code: number): SocketError | undefined {
  switch (type) {
    case ICMP.ICMP_DEST_UNREACH:
      return UNREACHABLE[code] ?? hard("EHOSTUNREACH");
    case ICMP.ICMP_TIME_EXCEEDED:
      return soft("EHOSTUNREACH");
    case ICMP.ICMP_PARAMETERPROB:
      return hard("EPROTO");
    default:
      return undefined;
  }
}

/** Whether a message says that a packet was too big for a link on its way. */
export const isFragNeeded = (type: number, code: number): boolean =>
  type === ICMP.ICMP_DEST_UNREACH && code === UNREACH.ICMP_FRAG_NEEDED;
