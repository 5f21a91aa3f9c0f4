import { describe, expect, test } from "@jest/globals";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { outermost } from "../../services/abi/context.ts";
import { POLL } from "../../services/abi/flags.ts";
import { createStory, openedStory, outcomeOf } from "./harness.ts";

describe("install_inband_fd", () => {
  test("a descriptor of an out-of-band capable file is indexed under its table", async () => {
    const { story } = await openedStory();
    expect(await story.install(2, 3, 7)).toBe("ok");
    expect(story.index()).toEqual(["1:3 -> 7", "2:3 -> 7"]);
    expect(story.facts("index")).toEqual(["index_add files=2 fd=3 file=7 oob_data=1"]);
  });

  test("dup arrives as a second install of the same file", async () => {
    const { story } = await openedStory();
    await story.install(1, 4, 7);
    expect(story.index()).toEqual(["1:3 -> 7", "1:4 -> 7"]);
  });

  test("a plain file is ignored in silence", async () => {
    const { story } = await openedStory();
    await story.install(1, 4, 8);
    expect(story.index()).toEqual(["1:3 -> 7"]);
    expect(story.facts("index")).toEqual([]);
  });

  test("a context that this core did not give is not followed, and that is told", async () => {
    const { story } = await openedStory();
    const args = { files: 1, fd: 4, file: 7, oob_data: 99 };
    await story.call("install_inband_fd", args, outermost("rt", 1));
    expect(story.index()).toEqual(["1:3 -> 7"]);
    expect(story.facts("index")).toEqual(["index_unknown files=1 fd=4 file=7 oob_data=99"]);
  });

  test("a key that is taken keeps its first file, as EVL does when it warns", async () => {
    const { story } = await openedStory();
    await story.open(8);
    await story.install(1, 3, 8);
    expect(story.index()).toEqual(["1:3 -> 7"]);
    expect(story.facts("index")).toEqual(["index_duplicate files=1 fd=3 file=8 first=7"]);
  });
});

describe("replace_inband_fd", () => {
  test("of a descriptor that is not indexed works like an install", async () => {
    const { story } = await openedStory();
    await story.replace(1, 9, 7);
    expect(story.index()).toEqual(["1:3 -> 7", "1:9 -> 7"]);
    expect(story.facts("index")).toEqual(["index_add files=1 fd=9 file=7 oob_data=1"]);
  });

  test("of a plain descriptor by a plain file changes nothing", async () => {
    const { story } = await openedStory();
    await story.replace(1, 9, 8);
    expect(story.index()).toEqual(["1:3 -> 7"]);
    expect(story.facts("index")).toEqual([]);
  });

  test("by a capable file makes the entry say the new file", async () => {
    const { story, rt } = await openedStory();
    await story.open(8);
    await story.replace(1, 3, 8);
    expect(story.index()).toEqual(["1:3 -> 8"]);
    expect(story.facts("index")).toEqual(["index_repoint files=1 fd=3 file=8 displaced=7"]);
    await story.inbandWrite(8, "new");
    expect(await rt.read(3)).toBe("new");
    await story.release(7);
    expect(story.facts("index_stale")).toEqual([]);
    await story.release(8);
    expect(story.facts("index_stale")).toEqual(["index_stale files=1 fd=3 file=8"]);
  });

  test("by a plain file makes the entry go", async () => {
    const { story, rt } = await openedStory();
    await story.replace(1, 3, 8);
    expect(story.index()).toEqual([]);
    expect(story.facts("index")).toEqual(["index_remove files=1 fd=3 file=7"]);
    expect(await rt.read(3)).toBe("EBADF");
  });

  test("by a file whose context is not ours makes the entry go, and tells", async () => {
    const { story } = await openedStory();
    await story.call("replace_inband_fd", { files: 1, fd: 3, file: 8, oob_data: 99 }, outermost("rt", 1));
    expect(story.index()).toEqual([]);
    expect(story.facts("index")).toEqual([
      "index_remove files=1 fd=3 file=7",
      "index_unknown files=1 fd=3 file=8 oob_data=99",
    ]);
  });

  test.each([
    ["a capable file", 8, "index_repoint files=1 fd=3 file=8 displaced=7"],
    ["a plain file", 9, "index_remove files=1 fd=3 file=7"],
  ])("by %s wakes those who poll the old file first", async (_what, file, last) => {
    const { story, rt } = await openedStory();
    await story.open(8);
    const poll = rt.poll(3, POLL.POLLIN);
    await story.replace(1, 3, file);
    expect(await outcomeOf(poll)).toBe("POLLNVAL");
    expect(story.facts("poll_wake", "index")).toEqual(["poll_wake files=1 fd=3 file=7 task=rt revents=32", last]);
  });
});

describe("uninstall_inband_fd", () => {
  test("removes the entry; the file lives on under its other descriptor", async () => {
    const { story, rt } = await openedStory();
    await story.install(1, 4, 7);
    await story.uninstall(1, 3, 7);
    expect(story.index()).toEqual(["1:4 -> 7"]);
    expect(story.facts("index_remove")).toEqual(["index_remove files=1 fd=3 file=7"]);
    expect(await rt.read(3)).toBe("EBADF");
    expect(await rt.write(4, "x")).toBe(1);
  });

  test("of a forked child's descriptor, which was never installed, is ignored in silence", async () => {
    const { story } = await openedStory();
    expect(await story.uninstall(2, 3, 7)).toBe("ok");
    expect(story.index()).toEqual(["1:3 -> 7"]);
    expect(story.record).toEqual(["exit uninstall_inband_fd vfs-task ok"]);
  });

  test("goes by the table it is told, whoever is current", async () => {
    const { story } = await openedStory();
    await story.install(2, 3, 7);
    await story.uninstall(1, 3, 7, outermost("reaper", 2));
    expect(story.index()).toEqual(["2:3 -> 7"]);
    await story.uninstall(2, 3, 7, outermost("reaper", 0));
    expect(story.index()).toEqual([]);
  });

  test("goes by the key alone: a number that is free again has no entry, whatever it said", async () => {
    const { story } = await openedStory();
    await story.uninstall(1, 3, 8);
    expect(story.index()).toEqual([]);
  });
});

test("every point that others call the core for is served", () => {
  const asked = Object.values(CONTRACT).filter(({ to }) => to === "companion");
  expect([...createStory().serves].sort()).toEqual(asked.map(({ name }) => name).sort());
});
