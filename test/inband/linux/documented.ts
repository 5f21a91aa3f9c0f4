/** A difference that services/inband/sockets/README.md tells of, or that of the house. */
interface Documented {
  readonly why: string;
  readonly call: RegExp;
  readonly linux: RegExp;
  readonly tenon: RegExp;
  /** What must have been called before; absent: nothing. */
  readonly after?: RegExp;
  /** Whether the sockets are the same afterwards, so that the rest of the sequence can be compared. */
  readonly goesOn: boolean;
}

const DOCUMENTED: readonly Documented[] = [
  {
    why: "MSG_DONTWAIT after SHUT_RD reads the end of a datagram socket",
    call: /^recv/,
    linux: /^EAGAIN$/,
    tenon: /^0$/,
    after: /shutdown \w rd/,
    goesOn: true,
  },
  {
    why: "TCP_MAXSEG is the path's, and tells nothing of attempts that failed",
    call: /^get \w MAXSEG$/,
    linux: /^\d+$/,
    tenon: /^\d+$/,
    after: /connect/,
    goesOn: true,
  },
  {
    why: "SIOCOUTQ and SIOCOUTQNSD of a socket without a connection are 0; on Linux, what it left in its counters",
    call: /^ioctl \w OUTQ(NSD)?$/,
    linux: /^[1-9]$/,
    tenon: /^0$/,
    after: /connect|listen/,
    goesOn: true,
  },
  {
    why: "the same, after an end",
    call: /^ioctl \w OUTQ(NSD)?$/,
    linux: /^\d+$/,
    tenon: /^0$/,
    after: /unspec|close|shutdown/,
    goesOn: true,
  },
  {
    why: "buffers have fixed sizes",
    call: /^ioctl \w OUTQ(NSD)?$/,
    linux: /^\d{5,}$/,
    tenon: /^\d{5,}$/,
    after: /fill/,
    goesOn: true,
  },
  {
    why: "bind is EINVAL when a connection is over, until connect(AF_UNSPEC)",
    call: /^bind/,
    linux: /^(0|EADDRINUSE|EADDRNOTAVAIL)$/,
    tenon: /^EINVAL$/,
    after: /connect/,
    goesOn: false,
  },
  {
    why: "an urgent byte within data that resets the connection is not told of",
    call: /^poll/,
    linux: / PRI .*HUP/,
    tenon: / HUP/,
    after: /OOB/,
    goesOn: true,
  },
  {
    why: "SO_BINDTOIFINDEX knows its devices",
    call: /BINDTOIFINDEX/,
    linux: /^0$/,
    tenon: /^ENODEV$/,
    goesOn: false,
  },
];

/** What a difference of one answer means: nothing at all, the end of what can be compared, or undefined: it is a real one. */
export function documented(
  calls: readonly string[],
  at: number,
  linux: string,
  tenon: string,
): "goes on" | "ends" | undefined {
  const before = calls.slice(0, at).join("\n");
  const known = DOCUMENTED.find(
    (one) =>
      one.call.test(calls[at] ?? "") &&
      one.linux.test(linux) &&
      one.tenon.test(tenon) &&
      (one.after?.test(before) ?? true),
  );
  if (known === undefined) return undefined;
  return known.goesOn ? "goes on" : "ends";
}
