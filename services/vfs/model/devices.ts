import { fail, ok, type Result } from "../../abi/result.ts";

/** The drivers of the VFS, by name. */
export type DriverName = "oobecho" | "staxed" | "echo" | "null";

/** What stands at a path. */
type Node = { readonly t: "directory" } | { readonly t: "device"; readonly driver: DriverName | undefined };

/** Every path of a node. There is no file system behind it: devices are all that can be opened. */
const NODES: ReadonlyMap<string, Node> = new Map<string, Node>([
  ["/", { t: "directory" }],
  ["/dev", { t: "directory" }],
  ["/dev/oobecho", { t: "device", driver: "oobecho" }],
  ["/dev/staxed", { t: "device", driver: "staxed" }],
  ["/dev/echo", { t: "device", driver: "echo" }],
  ["/dev/null", { t: "device", driver: "null" }],
  // A node that outlived its driver, as after a module was removed.
  ["/dev/oobgone", { t: "device", driver: undefined }],
]);

/**
 * The driver behind a path.
 *
 * @returns ENOENT for a path that leads nowhere, EISDIR for a directory, ENODEV for a node without a driver.
 */
export function driverAt(path: string): Result<DriverName, "ENOENT" | "EISDIR" | "ENODEV"> {
  const node = NODES.get(path);
  if (node === undefined) return fail("ENOENT");
  if (node.t === "directory") return fail("EISDIR");
  return node.driver === undefined ? fail("ENODEV") : ok(node.driver);
}
