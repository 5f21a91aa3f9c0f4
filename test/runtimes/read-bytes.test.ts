import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readBytesUpTo } from "../../services/runtimes/backend/files.ts";

test("a file is read whole if it is not too long, and what is none is told as what it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-bytes-"));
  const file = join(folder, "prog.o");
  await writeFile(file, Uint8Array.of(1, 2, 3, 4));
  const invalid = (line: string) => ({ ok: false, trouble: { kind: "invalid", lines: [line] } });
  expect(await readBytesUpTo(file, 4)).toEqual({ ok: true, value: Uint8Array.of(1, 2, 3, 4) });
  expect(await readBytesUpTo(file, 3)).toEqual(invalid(`${file}: found more than 3 bytes`));
  expect(await readBytesUpTo(folder, 4)).toEqual(invalid(`${folder}: found a folder`));
  expect(await readBytesUpTo(`${file}x`, 4)).toEqual(invalid(`${file}x: found no such file`));
  // It has no end, and a pipe may never have a beginning.
  expect(await readBytesUpTo("/dev/zero", 4)).toEqual(invalid("/dev/zero: found a pipe or a device"));
});
