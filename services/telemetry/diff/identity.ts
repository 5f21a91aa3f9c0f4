import type { Scalar, TraceEvent } from "../../abi/event.ts";

/** Fields that hold the number of something that was made in this run, and of what kind it is. */
const KINDS: Readonly<Record<string, string>> = {
  file: "file",
  displaced: "file",
  sk: "sk",
  sock: "sk",
  frame: "frame",
};

/** Where Linux takes a port from that nobody chose (net.ipv4.ip_local_port_range): here by chance, from the seed. */
const [PORT_MIN, PORT_MAX] = [32_768, 60_999];

/** What a value names, and how it is put together again from its new name; undefined for what stays as it is. */
function thingIn(
  node: string,
  field: string,
  value: Scalar,
): { readonly kind: string; readonly thing: string; readonly rest: string } | undefined {
  const kind = KINDS[field];
  // A frame has one number on all nodes.
  if (kind !== undefined)
    return value === 0 ? undefined : { kind, thing: `${kind === "frame" ? "" : node} ${value}`, rest: "" };
  const [, rest = "", port] = typeof value === "string" ? (/^(.*:)(\d{5})$/.exec(value) ?? []) : [];
  const isDrawn = Number(port) >= PORT_MIN && Number(port) <= PORT_MAX;
  return isDrawn ? { kind: "port", thing: String(value), rest } : undefined;
}

/** `frame 2 of task client`, or of a frame that a frame caused, `frame 2.1 of task client`. */
function madeBy(kind: string, nth: number, maker: string): string {
  const [, above, first] = /^frame ([\d.]+) of (.*)$/.exec(maker) ?? [];
  return kind === "frame" && above !== undefined
    ? `frame ${above}.${nth} of ${first ?? ""}`
    : `${kind} ${nth} of ${maker}`;
}

/**
 * Gives things names that do not depend on the run: the first file of app, the second frame that alpha's task client sent.
 * Numbers of a run are made in the order in which tasks came, which another run need not share; frames are numbered by spans.
 */
export function createIdentity() {
  const names = new Map<string, string>();
  const made = new Map<string, number>();
  return {
    /** The value of a field, renamed where it is the number of something. Events are asked about in the order of causes. */
    nameOf({ node }: Pick<TraceEvent, "node">, field: string, value: Scalar, maker: string): Scalar {
      const named = thingIn(node, field, value);
      if (named === undefined) return value;
      const { kind, rest } = named;
      const thing = `${kind} ${named.thing}`;
      const known = names.get(thing);
      if (known !== undefined) return rest + known;
      const by = kind === "frame" && !maker.startsWith("frame ") ? `${maker}@${node}` : maker;
      const counted = `${node} ${kind} ${by}`;
      const nth = (made.get(counted) ?? 0) + 1;
      made.set(counted, nth);
      const name = madeBy(kind, nth, by);
      names.set(thing, name);
      return rest + name;
    },
  };
}
