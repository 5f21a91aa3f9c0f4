import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** What `tenon ca` was given. */
export interface CaOptions {
  /** One entry for each peer: its names, with commas. */
  readonly for: readonly string[];
  readonly days?: number;
  readonly owner?: string;
}

const DAYS = 30;
/** A name of DNS, which is also that of a folder, or an IP address. */
const NAME = /^(?!\.)[\w.-]{1,253}$/;
const OTHER_NAME = /^[\w.:-]{1,253}$/;

type Names = readonly [string, ...string[]];

/** The names of a peer, or what is wrong with them. */
function namesOf(written: string): Names | string {
  const [first = "", ...others] = written.split(",").map((name) => name.trim());
  const wrong = NAME.test(first) ? others.find((name) => !OTHER_NAME.test(name)) : first;
  return wrong === undefined
    ? [first, ...others]
    : `--for ${written}: found ${JSON.stringify(wrong)}, allowed is the name of a host or an address`;
}

function ownerOf(written: string | undefined): { readonly uid: number; readonly gid: number } | undefined | string {
  if (written === undefined) return undefined;
  const [, uid, gid] = /^(\d{1,9}):(\d{1,9})$/.exec(written) ?? [];
  return uid === undefined
    ? `--owner ${written}: it is UID:GID, such as 1000:1000`
    : { uid: Number(uid), gid: Number(gid) };
}

/** `tenon ca DIR --for NAME[,NAME…] …`: a CA for development, and a certificate for each peer. */
export async function ca(
  { backend, print, invalid, complain }: Tools,
  folder: string,
  options: CaOptions,
): Promise<ExitCode> {
  const peers: Names[] = [];
  for (const written of options.for) {
    const names = namesOf(written);
    if (typeof names === "string") return invalid(names);
    if (peers.some(([name]) => name === names[0])) return invalid(`--for names ${names[0]} twice`);
    peers.push(names);
  }
  if (peers.length === 0) return invalid("ca wants to know for whom: --for NAME, once for each peer");
  const owner = ownerOf(options.owner);
  if (typeof owner === "string") return invalid(owner);
  const made = await backend.certificates({ folder, peers, days: options.days ?? DAYS, owner });
  if (!made.ok) return complain(made.trouble);
  for (const { name, isNew, untilMs, folder: own } of made.value) {
    const until = new Date(untilMs).toISOString().slice(0, 16).replace("T", " ");
    print(`${name}: ${isNew ? "made" : "kept"}, good until ${until} UTC (${own})`);
  }
  return EXIT.pass;
}
