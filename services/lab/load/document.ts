import { isMap, isPair, isScalar, LineCounter, parseDocument, visit, type Node, type YAMLError } from "yaml";
import { pathText, type LoadError } from "./errors.ts";
import type { FileBytes } from "./source.ts";

/** A place in a file, from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML file that was read, with the places of what is in it. */
export interface SourceDocument {
  readonly file: string;
  readonly data: unknown;
  /** The files of bytes that it names, by the names that it gives them. */
  readonly beside?: ReadonlyMap<string, FileBytes>;
  /** Where the value at this path begins, or the nearest thing around it that is there. */
  positionOf(path: readonly PropertyKey[], offset?: number): Position;
  /** Where a key of the mapping at this path stands. */
  positionOfKey(path: readonly PropertyKey[], key: string): Position;
  /** An error at this path. `offset` counts letters from the begin of a text there. */
  error(path: readonly PropertyKey[], what: Pick<LoadError, "found" | "allowed" | "hint">, offset?: number): LoadError;
}

/** Reads YAML; answers every error of the reader with its place. */
export function readDocument(
  text: string,
  file: string,
):
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly errors: readonly LoadError[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: readonly YAMLError[] = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return {
      ok: false,
      errors: problems.map(({ pos, message }) => ({
        file,
        ...at(pos[0]),
        path: "",
        found: `broken YAML (${sentence(message)})`,
        allowed: "well-formed YAML",
      })),
    };
  }

  const aliases: LoadError[] = [];
  visit(document, {
    Alias: (_, { source, range }) => {
      const found = `the YAML alias *${source}`;
      aliases.push({
        file,
        ...at(range?.[0] ?? 0),
        path: "",
        found,
        allowed: `"*${source}" in quotes: aliases are not read`,
      });
    },
  });
  if (aliases.length > 0) return { ok: false, errors: aliases };

  const nodeAt = (path: readonly PropertyKey[]): Node | undefined => {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    return typeof node === "object" && node !== null && "range" in node ? (node as Node) : undefined;
  };
  const startOf = (node: Node): number => node.range?.[0] ?? 0;
  const positionOf: SourceDocument["positionOf"] = (path, offset) => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(path.slice(0, length));
      if (node === undefined) continue;
      if (length < path.length || offset === undefined) return at(startOf(node));
      const quoted = isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");
      return at(startOf(node) + offset + (quoted ? 1 : 0));
    }
    return { line: 1, column: 1 };
  };
  const positionOfKey: SourceDocument["positionOfKey"] = (path, key) => {
    const map = nodeAt(path);
    if (isMap(map)) {
      for (const pair of map.items) {
        if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key) return at(startOf(pair.key));
      }
    }
    return positionOf(path);
  };
  return {
    ok: true,
    document: {
      file,
      data: document.toJS() as unknown,
      positionOf,
      positionOfKey,
      error: (path, what, offset) => ({ file, ...positionOf(path, offset), path: pathText(path), ...what }),
    },
  };
}

/** Without what it advises programmers. */
const sentence = (message: string): string => message.replace(/;.*/s, "").replaceAll(/\s+/g, " ").replace(/[.:]$/, "");
