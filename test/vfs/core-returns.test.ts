import { describe, expect, test } from "@jest/globals";
import { AF, F, O, SOCK } from "../../services/abi/flags.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { bootVfs, lost, refused, returned, type Node, type TaskCalls } from "./harness.ts";

/** Lets everything go on that is not waiting for another house. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

/** A task with /dev/oobecho at 0, which is file 1; from now on a second core gives file 1 the context 201. */
async function booted(profile?: Profile): Promise<{ readonly node: Node; readonly a: TaskCalls }> {
  const node = bootVfs(profile);
  const a = node.as("a");
  await a.spawn();
  await a.open("/dev/oobecho", O.O_RDWR);
  node.answer("oob_open_file", ({ file }) => returned<"oob_open_file">({ oob_data: 200 + file }));
  node.answer("sock_map_file", ({ file }) => returned<"sock_map_file">({ oob_data: 200 + file }));
  node.story();
  return { node, a };
}

const install = (fd: number, file: number, files: number, lock = ` under files.file_lock:${files}`): string =>
  `install_inband_fd fd=${fd} file=${file} oob_data=${200 + file} files=${files}${lock} by /0`;
const open = (file: number, flags = 2): string => `oob_open_file file=${file} dev=/dev/oobecho flags=${flags} by /0`;

describe("a core that comes back empty", () => {
  test("is asked for a context for each open file, and told of each descriptor in each table, in order", async () => {
    const { node, a } = await booted();
    await a.open("/dev/null", O.O_RDWR);
    await a.dup(0);
    await a.fork("b");
    await node.as("b").close(0);
    await node.as("b").open("/dev/oobecho", O.O_RDONLY);
    node.answer("oob_open_file", ({ file }) => returned<"oob_open_file">({ oob_data: 200 + file }));
    node.story();
    await node.coreReady();
    expect(node.story()).toEqual([
      open(1),
      "oob_renew file=1 oob_data=201",
      install(0, 1, 1),
      install(2, 1, 1),
      install(2, 1, 2),
      open(3, 0),
      "oob_renew file=3 oob_data=203",
      install(0, 3, 2),
    ]);
    expect(node.files().map(({ files, fd, oob_data }) => [files, fd, oob_data])).toEqual([
      [1, 0, 201],
      [1, 1, 0],
      [1, 2, 201],
      [2, 0, 203],
      [2, 1, 0],
      [2, 2, 201],
    ]);
  });

  test("names the new context in everything that comes after", async () => {
    const { node, a } = await booted();
    await node.coreReady();
    node.story();
    await a.close(0);
    expect(node.hooks()).toEqual([
      "uninstall_inband_fd fd=0 file=1 oob_data=201 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=1 oob_data=201 by a/1",
    ]);
  });

  test("learns the flags as they are now, not as they were at the open", async () => {
    const { node, a } = await booted();
    await a.fcntl(0, F.F_SETFL, O.O_NONBLOCK);
    node.story();
    await node.coreReady();
    expect(node.hooks()[0]).toBe(open(1, O.O_RDWR | O.O_NONBLOCK));
    // Those of a socket the in-band stack knew at socket(2) only.
    await a.socket(AF.AF_INET, SOCK.SOCK_DGRAM | SOCK.SOCK_OOB);
    await a.fcntl(1, F.F_SETFL, O.O_NONBLOCK);
    node.story();
    await node.coreReady(3);
    expect(node.hooks().slice(-3)).toEqual([
      "sock_map_file sock=1 file=2 flags=2048 oob=true by /0",
      "oob_file_flags file=2 oob_data=202 flags=2050 by /0",
      install(1, 2, 1),
    ]);
  });

  test("is told without a lock where the code is followed (D6)", async () => {
    const { node } = await booted("as-implemented");
    await node.coreReady();
    expect(node.hooks()).toEqual([open(1), install(0, 1, 1, "")]);
  });

  test("is told nothing of a descriptor that is closed while it opens the file, and releases the file then", async () => {
    const { node, a } = await booted();
    const stop = node.stop("oob_open_file");
    const ready = node.coreReady();
    await stop.arrived;
    // No context yet, so nothing that the core could look up.
    expect(await a.close(0)).toBe(0);
    stop.go();
    await ready;
    expect(node.hooks()).toEqual([
      open(1),
      "uninstall_inband_fd fd=0 file=1 oob_data=0 files=1 under files.file_lock:1 by a/1",
      "oob_release_file file=1 oob_data=201 by /0",
    ]);
  });

  test("is told nothing of a descriptor that is closed while it waits for its turn", async () => {
    const { node, a } = await booted();
    await a.dup(0);
    node.story();
    const stop = node.stop("install_inband_fd");
    const ready = node.coreReady();
    await stop.arrived;
    const closed = a.close(1);
    await settle();
    stop.go();
    expect(await closed).toBe(0);
    await ready;
    const told = node.hooks();
    expect(told[1]).toBe(install(0, 1, 1));
    expect(told).toContain("uninstall_inband_fd fd=1 file=1 oob_data=201 files=1 under files.file_lock:1 by a/1");
    expect(told.filter((line) => line.startsWith("install_inband_fd fd=1"))).toEqual([]);
  });

  test("hears of a table that its last task leaves meanwhile what is closed there, and no more", async () => {
    const { node, a } = await booted();
    await a.fork("b");
    node.story();
    const stop = node.stop("install_inband_fd");
    const ready = node.coreReady();
    await stop.arrived;
    await node.as("b").exit();
    stop.go();
    await ready;
    expect(node.hooks().filter((line) => line.includes("_inband_fd") && line.includes("files=2"))).toEqual([
      "uninstall_inband_fd fd=0 file=1 oob_data=201 files=2 under files.file_lock:2 by b/0",
    ]);
  });

  test("hears of a duplicate once, whether it was made before the new context or after", async () => {
    const { node, a } = await booted();
    const opening = node.stop("oob_open_file");
    const ready = node.coreReady();
    await opening.arrived;
    await a.dup(0);
    const installing = node.stop("install_inband_fd");
    opening.go();
    await installing.arrived;
    const late = a.dup(0);
    await settle();
    installing.go();
    expect(await late).toBe(2);
    await ready;
    const installs = node.hooks().filter((line) => line.startsWith("install_inband_fd"));
    expect(installs).toEqual([
      "install_inband_fd fd=1 file=1 oob_data=0 files=1 under files.file_lock:1 by a/1",
      install(0, 1, 1),
      "install_inband_fd fd=2 file=1 oob_data=201 files=1 under files.file_lock:1 by a/1",
      install(1, 1, 1),
    ]);
  });

  test("that refuses a file leaves it plain, for good; the others are told", async () => {
    const { node, a } = await booted();
    await a.open("/dev/oobecho", O.O_RDWR);
    await a.write(0, "kept");
    node.answer("oob_open_file", ({ file }) => (file === 1 ? refused("ENOMEM") : returned({ oob_data: 200 + file })));
    node.story();
    await node.coreReady();
    expect(node.story()).toEqual([
      open(1),
      "oob_lapse file=1 why=ENOMEM",
      open(2),
      "oob_renew file=2 oob_data=202",
      install(1, 2, 1),
    ]);
    // The in-band half serves alone.
    expect(await a.write(0, "more")).toBe(4);
    expect(await a.close(0)).toBe(0);
    expect(node.hooks()).toEqual(["uninstall_inband_fd fd=0 file=1 oob_data=0 files=1 under files.file_lock:1 by a/1"]);
    await node.coreReady(3);
    expect(node.hooks()).toEqual([open(2), install(1, 2, 1)]);
  });

  test("whose answer is lost is told to forget the file, which the next core is asked about", async () => {
    const { node } = await booted();
    node.answer("oob_open_file", () => lost);
    await node.coreReady();
    expect(node.story()).toEqual([
      open(1),
      "compensate file=1 undoes=oob_open_file why=timeout",
      "oob_release_file file=1 oob_data=0 by /0",
      "oob_lapse file=1 why=EIO",
    ]);
    node.answer("oob_open_file", ({ file }) => returned<"oob_open_file">({ oob_data: 200 + file }));
    await node.coreReady(3);
    expect(node.hooks()).toEqual([open(1), install(0, 1, 1)]);
  });

  test("and dies while it is told: the telling stops, and the next core is told everything", async () => {
    const { node, a } = await booted();
    await a.dup(0);
    await a.open("/dev/oobecho", O.O_RDWR);
    node.story();
    const stop = node.stop("install_inband_fd");
    const second = node.coreReady(2);
    await stop.arrived;
    const third = node.coreReady(3);
    stop.go();
    await Promise.all([second, third]);
    expect(node.hooks()).toEqual([
      open(1),
      install(0, 1, 1),
      open(1),
      install(0, 1, 1),
      install(1, 1, 1),
      open(2),
      install(2, 2, 1),
    ]);
    // A word of the second that comes after the third's means nothing.
    await node.coreReady(2);
    expect(node.hooks()).toEqual([]);
  });

  test("that dies with an answer on its way leaves nothing to undo with the core after it", async () => {
    const { node } = await booted();
    const stop = node.stop("oob_open_file");
    const second = node.coreReady(2);
    await stop.arrived;
    node.answer("oob_open_file", () => lost);
    const third = node.stop("oob_open_file");
    const last = node.coreReady(3);
    await third.arrived;
    stop.go();
    await second;
    node.answer("oob_open_file", ({ file }) => returned<"oob_open_file">({ oob_data: 300 + file }));
    third.go();
    await last;
    expect(node.hooks()).toEqual([
      open(1),
      open(1),
      "install_inband_fd fd=0 file=1 oob_data=301 files=1 under files.file_lock:1 by /0",
    ]);
  });

  test("that dies with a context on its way: the file gets the context of the core after it", async () => {
    const { node } = await booted();
    const stop = node.stop("oob_open_file");
    const second = node.coreReady(2);
    await stop.arrived;
    let opened = 0;
    node.answer("oob_open_file", () => (opened++ === 0 ? returned({ oob_data: 301 }) : refused("EBUSY")));
    await node.coreReady(3);
    node.answer("oob_open_file", () => returned({ oob_data: 201 }));
    stop.go();
    await second;
    expect(node.files().map(({ oob_data }) => oob_data)).toEqual([301]);
    expect(node.hooks().filter((line) => line.startsWith("install"))).toHaveLength(1);
  });

  test("is asked again by an open that the core before it has answered", async () => {
    const { node, a } = await booted();
    const stop = node.stop("oob_open_file");
    const opened = a.open("/dev/oobecho", O.O_RDWR);
    await stop.arrived;
    await node.coreReady();
    stop.go();
    expect(await opened).toBe(1);
    expect(node.hooks().filter((line) => line.startsWith("oob_open_file file=2"))).toHaveLength(2);
  });

  test("gives a socket what the in-band stack got for it, before its descriptors are told", async () => {
    const { node, a } = await booted();
    await a.socket(AF.AF_INET, SOCK.SOCK_DGRAM | SOCK.SOCK_OOB | SOCK.SOCK_NONBLOCK);
    await a.socket(AF.AF_INET, SOCK.SOCK_DGRAM);
    node.story();
    await node.coreReady();
    expect(node.hooks()).toEqual([
      open(1),
      install(0, 1, 1),
      "sock_map_file sock=1 file=2 flags=2048 oob=true by /0",
      install(1, 2, 1),
    ]);
  });
});

describe("a VFS that comes back empty", () => {
  test("says so to the core and then to the in-band stack, and counts on from where it never was", async () => {
    const node = bootVfs("documented", 3);
    await node.vfs.start();
    expect(node.hooks()).toEqual([
      "oob_vfs_ready file=2000000001 files=2000000001 by /0",
      "sock_vfs_ready file=2000000001 by /0",
    ]);
    await node.as("a").spawn();
    await node.as("a").open("/dev/null", O.O_RDWR);
    expect(node.files().map(({ files, file }) => [files, file])).toEqual([[2000000001, 2000000001]]);
  });

  test("in its first life there is nothing to say", async () => {
    const node = bootVfs();
    await node.vfs.start();
    expect(node.hooks()).toEqual([]);
  });
});

test("a socket that the in-band stack does not know any more is EIO for its task, and can be closed", async () => {
  const { node, a } = await booted();
  await a.socket(AF.AF_INET, SOCK.SOCK_DGRAM);
  const gone = () => refused("EBADF");
  for (const point of ["sock_recvmsg", "sock_sendmsg", "sock_bind", "sock_poll", "sock_ioctl"] as const) {
    node.answer(point, gone);
  }
  expect([
    await a.read(1, 4),
    await a.sendto(1, "x"),
    await a.bind(1, "10.0.0.1:7000"),
    await a.poll(1, 1),
    await a.ioctl(1, 1),
  ]).toEqual(Array(5).fill("EIO"));
  expect(await a.close(1)).toBe(0);
  expect(await a.read(1, 4)).toBe("EBADF");
});
