import { readObject } from "../../bpf/elf/read-object.ts";
import { loadFilter } from "../../bpf/load-filter.ts";
import type { Backend, Outcome } from "../backend.ts";

/** What oob_net_filter is given; no bytes remove the filter. */
export interface FilterOrder {
  readonly program: Uint8Array;
  readonly section: string;
}

/** A filter is sent in one message, which has a limit of its own. Objects with all their DWARF have a hundredth of this. */
const FILTER_BYTES_MAX = 2 * 1024 * 1024;

const ALLOWED = "an object of clang -target bpf, or what tcpdump -dd writes";

const wrong = (...lines: readonly string[]): Outcome<never> => ({ ok: false, trouble: { kind: "invalid", lines } });

/** What `-F` asks for: the program of a file; for true, that there is none. */
export async function filterOrder(
  backend: Pick<Backend, "readBytes">,
  file: string | true,
  section: string,
): Promise<Outcome<FilterOrder>> {
  if (typeof file === "string") return readFilter(backend, file, section);
  return { ok: true, value: { program: new Uint8Array(0), section: "" } };
}

/**
 * Reads the file of a filter program and verifies it, so that a bad one is told with the instruction and the reason, and never sent. The
 * core verifies it once more.
 *
 * @param section which program of an object, by its section or its function; empty: the only one.
 */
async function readFilter(
  { readBytes }: Pick<Backend, "readBytes">,
  file: string,
  section: string,
): Promise<Outcome<FilterOrder>> {
  const read = await readBytes(file, FILTER_BYTES_MAX);
  if (!read.ok) return wrong(...read.trouble.lines.map((line) => `${line}, allowed is ${ALLOWED}`));
  const program = read.value;
  if (program.length === 0) return wrong(`${file}: found an empty file, allowed is ${ALLOWED}; -F alone removes`);
  const unclear = severalMeant(program, section);
  if (unclear !== undefined) return wrong(`${file}: ${unclear}`);
  const loaded = loadFilter(program, section);
  if (!loaded.ok) return wrong(`${file}: ${loaded.why}`);
  return { ok: true, value: { program, section } };
}

/** Which programs of an object could be meant, when that is more than one. What is no object has no programs to choose from. */
function severalMeant(bytes: Uint8Array, section: string): string | undefined {
  const read = readObject(bytes);
  if (!read.ok) return undefined;
  const meant = read.programs.filter((one) => ["", one.section, one.program.name].includes(section));
  if (meant.length < 2) return undefined;
  const there = meant.map((one) => `${one.section} (${one.program.name})`).join(", ");
  const found = section === "" ? `${meant.length} programs` : `${meant.length} programs ${section}`;
  return `found ${found}, allowed is one: say which with --section, by its section or its function: ${there}`;
}
