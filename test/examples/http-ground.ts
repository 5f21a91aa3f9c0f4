import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { connect } from "../../services/streams/connections.ts";
import type { Task } from "../../services/streams/task.ts";

/** A file of so many bytes, no stretch of which is like another. */
export const contentOf = (bytes: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (Math.imul(i, 0x9e37_79b1) >>> 24) & 0xff));

/** A folder to serve, and one beside it that nobody may see. */
export async function makeFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const top = await mkdtemp(join(tmpdir(), "tenon-http-"));
  const folder = join(top, "docs");
  await mkdir(join(folder, "sub"), { recursive: true });
  await writeFile(join(top, "secret.txt"), "nobody sees this");
  await writeFile(join(folder, "index.html"), "<p>hello</p>\n");
  await writeFile(join(folder, "sub/a b.txt"), "a name with a space");
  await writeFile(join(folder, "empty.txt"), "");
  await writeFile(join(folder, "large.bin"), contentOf(300_000));
  await symlink(join(top, "secret.txt"), join(folder, "way-out.txt"));
  return { folder, remove: () => rm(top, { recursive: true }) };
}

/** Says words to a server as they are, and answers all that it says until it ends. */
export async function talk(
  task: Task,
  at: { readonly address: string; readonly port: number },
  words: string,
): Promise<string> {
  const socket = await connect(task, at);
  const heard: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk));
  socket.end(words);
  await once(socket, "end");
  return Buffer.concat(heard).toString("latin1");
}
