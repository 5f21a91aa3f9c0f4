import { expect, test } from "@jest/globals";
import { ECHO, POLL } from "../../services/abi/flags.ts";
import { LIMITS } from "../../services/abi/limits.ts";
import { openedStory, outcomeOf } from "./harness.ts";

const { POLLIN, POLLOUT } = POLL;

test("a file with bytes and room is ready for both directions at once", async () => {
  const { story, rt } = await openedStory();
  expect(await rt.poll(3, POLLIN | POLLOUT)).toBe("POLLOUT");
  await rt.write(3, "x");
  expect(await rt.poll(3, POLLIN | POLLOUT)).toBe("POLLIN|POLLOUT");
  expect(await rt.poll(3, POLLIN)).toBe("POLLIN");
  expect(story.facts("poll")).toEqual([]);
});

test("a poller for input sleeps until bytes come, from either stage", async () => {
  const { story, rt } = await openedStory();
  const poll = rt.poll(3, POLLIN);
  expect(await outcomeOf(poll)).toBe("asleep");
  await story.inbandWrite(7, "x");
  expect(await outcomeOf(poll)).toBe("POLLIN");
  expect(story.facts("poll")).toEqual([
    "poll_wait files=1 fd=3 file=7 task=rt events=1",
    "poll_wake files=1 fd=3 file=7 task=rt revents=1",
  ]);
});

test("bytes that a sleeping reader takes wake no poller: nothing is left to read", async () => {
  const { story, rt } = await openedStory();
  const [read, poll] = [rt.read(3), rt.poll(3, POLLIN)];
  await story.inbandWrite(7, "x");
  expect(await outcomeOf(read)).toBe("x");
  expect(await outcomeOf(poll)).toBe("asleep");
  await story.inbandWrite(7, "y");
  expect(await outcomeOf(poll)).toBe("POLLIN");
});

test.each([
  ["a read", "read"],
  ["a flush", "flush"],
])("a poller for room on a full file is woken by %s", async (_what, how) => {
  const { story, rt } = await openedStory();
  await story.inbandWrite(7, "x".repeat(LIMITS.echoBytesMax));
  const poll = rt.poll(3, POLLOUT);
  expect(await outcomeOf(poll)).toBe("asleep");
  await (how === "read" ? rt.read(3, 1) : rt.ioctl(3, ECHO.ECHO_IOC_FLUSH));
  expect(await outcomeOf(poll)).toBe("POLLOUT");
});

test("closing the polled descriptor wakes its poller with POLLNVAL, and only that one", async () => {
  const { story, rt } = await openedStory();
  await story.install(1, 4, 7);
  const [closed, open] = [rt.poll(3, POLLIN), rt.poll(4, POLLIN)];
  await story.uninstall(1, 3, 7);
  expect(await outcomeOf(closed)).toBe("POLLNVAL");
  expect(await outcomeOf(open)).toBe("asleep");
  await story.inbandWrite(7, "x");
  expect(await outcomeOf(open)).toBe("POLLIN");
});

test("a poller does not keep a file from being released", async () => {
  const { story, rt } = await openedStory();
  const poll = rt.poll(3, POLLIN);
  await story.uninstall(1, 3, 7);
  await story.release(7);
  expect(await poll).toBe("POLLNVAL");
  expect(story.facts("crossing")).toEqual(["crossing_pass file=7"]);
});

test("a time limit ends the wait, and a poller who was woken leaves no timer behind", async () => {
  const { story, rt } = await openedStory();
  const late = rt.poll(3, POLLIN, 1_000);
  story.clock.advance(999);
  expect(await outcomeOf(late)).toBe("asleep");
  story.clock.advance(1);
  expect(await outcomeOf(late)).toBe("ETIMEDOUT");

  const early = rt.poll(3, POLLIN, 1_000);
  await story.inbandWrite(7, "x");
  expect(await outcomeOf(early)).toBe("POLLIN");
  expect(story.clock.pending).toBe(0);
  expect(story.facts("poll_wake")).toEqual([
    "poll_wake files=1 fd=3 file=7 task=rt errno=ETIMEDOUT",
    "poll_wake files=1 fd=3 file=7 task=rt revents=1",
  ]);
});

test("a limit of 0 is none", async () => {
  const { story, rt } = await openedStory();
  const poll = rt.poll(3, POLLIN, 0);
  story.clock.advance(Number.MAX_SAFE_INTEGER);
  expect(await outcomeOf(poll)).toBe("asleep");
  expect(story.clock.pending).toBe(0);
});

test("a poller whose thread is detached gets EINTR", async () => {
  const { story, rt } = await openedStory();
  const poll = rt.poll(3, POLLIN, 1_000);
  await story.notify("task_exit", "rt");
  expect(await outcomeOf(poll)).toBe("EINTR");
  expect(story.clock.pending).toBe(0);
});
