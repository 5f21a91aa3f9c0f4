import { describe, expect, test } from "@jest/globals";
import { CLOSE_RANGE, O } from "../../services/abi/flags.ts";
import { bootVfs, type Node } from "./harness.ts";

const { CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE } = CLOSE_RANGE;
const END = 0xffff_ffff;

/** Task `a` with /dev/oobecho at 0. */
async function booted(): Promise<Node> {
  const node = bootVfs();
  await node.as("a").spawn();
  await node.as("a").open("/dev/oobecho", O.O_RDWR);
  node.story();
  return node;
}

/** `table: fd=file …` for each table. */
const tables = (node: Node): string[] => {
  const lines = new Map<number, string>();
  for (const { files, fd, file, tasks } of node.files()) {
    lines.set(files, `${lines.get(files) ?? `${tasks.join("+")}:`} ${fd}=${file}`);
  }
  return [...lines.values()];
};

describe("fork", () => {
  test("copies the table, close-on-exec included, and each file has one more reference", async () => {
    const node = await booted();
    const a = node.as("a");
    await a.dup3(0, 7, O.O_CLOEXEC);
    await a.fork("b");
    expect(tables(node)).toEqual(["a: 0=1 7=1", "b: 0=1 7=1"]);
    expect(node.files()[0]?.references).toBe(4);
    expect(await node.as("b").getfd(7)).toBe(1);
  });

  test("from then on each has its own descriptors, and both the same file", async () => {
    const node = await booted();
    const a = node.as("a");
    const b = node.as("b");
    await a.open("/dev/echo", O.O_RDWR);
    await a.fork("b");
    await a.write(1, "hello");
    expect(await b.read(1, 10)).toBe(5);
    await b.close(0);
    expect(await b.open("/dev/null", O.O_RDWR)).toBe(0);
    expect(tables(node)).toEqual(["a: 0=1 1=2", "b: 0=3 1=2"]);
  });

  test("the last of parent and child releases the file, whoever that is", async () => {
    const node = await booted();
    await node.as("a").fork("b");
    await node.as("a").exit();
    expect(node.story("oob_release_file", "file_release")).toEqual([]);
    await node.as("b").exit();
    expect(node.story("oob_release_file", "file_release")).toEqual([
      "oob_release_file file=1 oob_data=101 by b/0",
      "file_release file=1 dev=/dev/oobecho oob_data=101",
    ]);
  });
});

describe("CLONE_FILES", () => {
  test("both see one table, until the last of them exits", async () => {
    const node = await booted();
    const [a, b] = [node.as("a"), node.as("b")];
    expect(await a.clone("b")).toBe(1);
    expect(await b.dup(0)).toBe(1);
    expect(await a.dup(0)).toBe(2);
    expect(await b.close(0)).toBe(0);
    expect(await a.read(0, 1)).toBe("EBADF");
    await a.exit();
    expect(tables(node)).toEqual(["b: 1=1 2=1"]);
    node.story();
    await b.exit();
    expect(node.story("uninstall_inband_fd", "files_exit")).toEqual([
      "uninstall_inband_fd fd=1 file=1 oob_data=101 files=1 under files.file_lock:1 by b/0",
      "uninstall_inband_fd fd=2 file=1 oob_data=101 files=1 under files.file_lock:1 by b/0",
      "files_exit files=1",
    ]);
  });

  test("exec gives the caller a copy first, without a hook, and closes in that copy only", async () => {
    const node = await booted();
    const a = node.as("a");
    await a.dup3(0, 3, O.O_CLOEXEC);
    await a.clone("b");
    node.story();
    expect(await a.exec()).toBe(2);
    expect(node.story()).toEqual([
      "fork_copy files=2 fd=0 file=1 from=1",
      "fork_copy files=2 fd=3 file=1 from=1",
      "files_unshare task=a files=2 from=1",
      "inband_event_notify event=process_cleanup subject=a by a/2",
      "fd_clear files=2 fd=3 file=1 references=3",
      "uninstall_inband_fd fd=3 file=1 oob_data=101 files=2 under files.file_lock:2 by a/2",
    ]);
    expect(tables(node)).toEqual(["b: 0=1 3=1", "a: 0=1"]);
  });

  test("two that exec at the same time leave the table to nobody: it is closed", async () => {
    const node = await booted();
    await node.as("a").clone("b");
    node.story();
    expect(await Promise.all([node.as("a").exec(), node.as("b").exec()])).toEqual([2, 3]);
    expect(tables(node)).toEqual(["a: 0=1", "b: 0=1"]);
    expect(node.story("uninstall_inband_fd", "files_exit")).toEqual([
      "uninstall_inband_fd fd=0 file=1 oob_data=101 files=1 under files.file_lock:1 by b/3",
      "files_exit files=1",
    ]);
  });
});

describe("close_range of a shared table, with CLOSE_RANGE_UNSHARE", () => {
  /** Task `a` shares its table with `b`; these descriptors are open besides 0. */
  async function shared(...fds: readonly number[]): Promise<Node> {
    const node = await booted();
    for (const fd of fds) await node.as("a").dup2(0, fd);
    await node.as("a").clone("b");
    node.story();
    return node;
  }
  const uninstalled = (node: Node): unknown[] =>
    node.journal.flatMap(({ point, args }) => (point === "uninstall_inband_fd" ? [[args["files"], args["fd"]]] : []));

  test("up to the top, what lies in later words of 64 is not even copied, so that no uninstall fires for it", async () => {
    const node = await shared(10, 64, 70);
    expect(await node.as("a").closeRange(5, END, CLOSE_RANGE_UNSHARE)).toBe(2);
    expect(tables(node)).toEqual(["b: 0=1 10=1 64=1 70=1", "a: 0=1"]);
    expect(uninstalled(node)).toEqual([[2, 10]]);
  });

  test("below the top, all are copied and the range is closed in the copy", async () => {
    const node = await shared(10, 64, 70);
    await node.as("a").closeRange(5, 69, CLOSE_RANGE_UNSHARE);
    expect(tables(node)).toEqual(["b: 0=1 10=1 64=1 70=1", "a: 0=1 70=1"]);
    expect(uninstalled(node)).toEqual([
      [2, 10],
      [2, 64],
    ]);
  });

  test("to be marked, all are copied; the other table's marks stay", async () => {
    const node = await shared(64);
    await node.as("a").closeRange(1, END, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC);
    expect(tables(node)).toEqual(["b: 0=1 64=1", "a: 0=1 64=1"]);
    expect([await node.as("a").getfd(64), await node.as("b").getfd(64)]).toEqual([1, 0]);
  });

  test("the number that the copy left out is free at once", async () => {
    const node = await shared(...Array.from({ length: 70 }, (_, i) => i + 1));
    await node.as("a").closeRange(64, END, CLOSE_RANGE_UNSHARE);
    expect(await node.as("a").dup(0)).toBe(64);
  });
});

describe("passing a descriptor", () => {
  test("the file lives on in the receiver's table when the sender is gone", async () => {
    const node = await booted();
    const b = node.as("b");
    await b.spawn();
    expect(await b.getfdOf("a", 0)).toBe(0);
    await node.as("a").exit();
    expect(tables(node)).toEqual(["b: 0=1"]);
    expect(node.files()[0]).toMatchObject({ references: 1, close_on_exec: true, oob_data: 101, dev: "/dev/oobecho" });
  });
});
