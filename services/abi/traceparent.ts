/** A place in a trace as W3C trace context writes it: both ids in lower-case hexadecimal digits. */
export interface TraceContext {
  /** 32 digits, not all zero. */
  readonly traceId: string;
  /** 16 digits, not all zero. */
  readonly spanId: string;
  /** Whether whoever sent it records the trace. */
  readonly sampled: boolean;
}

/** Digits of one of our numbers. They are below 2^53, so 64 bits always hold them. */
const DIGITS = 16;

const hex = (number: number): string => number.toString(16).padStart(DIGITS, "0");

/** A span's id in W3C's form. */
export const spanIdOf = (span: number): string => hex(span);

/** A trace's id in W3C's form: the world's own number, then the trace's, which is unique in its world. */
export const traceIdOf = (origin: number, trace: number): string => hex(origin) + hex(trace);

/**
 * The `traceparent` header of a call. Always sampled: every event is recorded, and whether a trace is kept is decided when
 * it is over.
 */
export const traceparentOf = (origin: number, trace: number, span: number): string =>
  `00-${traceIdOf(origin, trace)}-${spanIdOf(span)}-01`;

const HEADER = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROES = /^0+$/;
const SAMPLED = 1;

/**
 * Reads a `traceparent` header as W3C's Trace Context (level 1, section 3.2) has it: lower-case digits only, no id of zeroes,
 * version `ff` is none, version `00` ends after the flags, and of a version to come what follows is left alone.
 *
 * @returns undefined for a header that has to be ignored.
 */
export function parseTraceparent(header: string): TraceContext | undefined {
  const [, version, traceId, spanId, flags, rest] = HEADER.exec(header) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (ZEROES.test(traceId) || ZEROES.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The numbers behind a context of this world; undefined for one of elsewhere, whose ids are no numbers of ours. */
export function numbersOf(
  { traceId, spanId }: TraceContext,
  origin: number,
): { readonly trace: number; readonly span: number } | undefined {
  if (traceId.slice(0, DIGITS) !== hex(origin)) return undefined;
  const trace = parseInt(traceId.slice(DIGITS), 16);
  const span = parseInt(spanId, 16);
  return Number.isSafeInteger(trace) && Number.isSafeInteger(span) && trace > 0 ? { trace, span } : undefined;
}
