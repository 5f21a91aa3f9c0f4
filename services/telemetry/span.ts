import type { House } from "../abi/contract.generated.ts";
import type { Scalar } from "../abi/event.ts";
import type { Profile } from "../abi/profile.ts";

/**
 * What a span is, in OpenTelemetry's words: `client` and `server` are the two sides of a call, `producer` and `consumer` the
 * two ends of one leg of a frame's way, `internal` what a house did besides.
 */
export type SpanKind = "client" | "server" | "producer" | "consumer" | "internal";

/** Named values of a span; a list only where the word in the convention is one. */
export type Attributes = Readonly<Record<string, Scalar | readonly string[]>>;

/** Something that happened inside a span. */
interface SpanEvent {
  readonly name: string;
  readonly timeUnixNs: bigint;
  readonly attributes: Attributes;
}

/** Another span that this one follows from without being its child. */
interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** A span, ready to be written in whatever format. */
export interface Span {
  /** 32 and 16 hexadecimal digits; no parent: a root. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startUnixNs: bigint;
  readonly endUnixNs: bigint;
  /** One line about what went wrong; absent where nothing did. */
  readonly error?: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  /** What found no room in it. */
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly droppedLinks: number;
  /** Whose span it is: the node, the house, and the process, such as `alpha/vfs#1`. */
  readonly node: string;
  readonly service: House;
  readonly instance: string;
}

/** What all spans of a world have in common. */
export interface SpanWorld {
  /** The world's own number, the upper half of its trace ids. */
  readonly origin: number;
  /** When it booted, in nanoseconds since 1970; its events count from there. */
  readonly bootUnixNs: bigint;
  readonly profile: Profile;
  readonly seed: bigint;
  /** Where it runs: what calls between houses travel over. */
  readonly runtime: string;
  /** Tenon's own version; empty where it is not known. */
  readonly version: string;
}

/** The attributes of the process that a span comes from, as OpenTelemetry's resource conventions name them. */
export const resourceOf = (
  { profile, seed, runtime, version }: SpanWorld,
  { node, service, instance }: Pick<Span, "node" | "service" | "instance">,
): Attributes => ({
  "service.name": `tenon.${service}`,
  "service.namespace": "tenon",
  "service.instance.id": instance,
  ...(version !== "" && { "service.version": version }),
  "host.name": node,
  "tenon.node": node,
  "tenon.runtime": runtime,
  "tenon.profile": profile,
  // Sixty-four bits: more than a number of JavaScript holds.
  "tenon.seed": `0x${seed.toString(16)}`,
});
