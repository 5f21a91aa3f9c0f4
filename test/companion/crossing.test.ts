import { expect, test } from "@jest/globals";
import { InvariantViolation } from "../../services/abi/assert.ts";
import { Crossing } from "../../services/companion/model/crossing.ts";
import { openedStory, outcomeOf } from "./harness.ts";

test("with nobody inside a crossing is passed at once", () => {
  const crossing = new Crossing();
  crossing.down();
  expect(crossing.up()).toBe(false);
  expect(crossing.pass()).toBe(true);
  expect(crossing.inside).toBe(0);
});

test("with somebody inside the last one to leave completes the pass", () => {
  const crossing = new Crossing();
  crossing.down();
  crossing.down();
  expect(crossing.inside).toBe(2);
  expect(crossing.pass()).toBe(false);
  expect(crossing.inside).toBe(2);
  expect(crossing.up()).toBe(false);
  expect(crossing.up()).toBe(true);
  expect(crossing.inside).toBe(0);
});

test("nobody enters once it is being passed", () => {
  const crossing = new Crossing();
  crossing.pass();
  expect(() => crossing.down()).toThrow(InvariantViolation);
});

test("nobody leaves who has not entered, before a pass and after", () => {
  const crossing = new Crossing();
  expect(() => crossing.up()).toThrow(InvariantViolation);
  crossing.pass();
  expect(() => crossing.up()).toThrow(InvariantViolation);
});

test("it is passed once", () => {
  const crossing = new Crossing();
  crossing.pass();
  expect(() => crossing.pass()).toThrow(InvariantViolation);
});

test("a release waits for every operation inside, not just for the first to leave", async () => {
  const { story, rt } = await openedStory();
  const reads = [rt.read(3), rt.read(3), rt.read(3)];
  await story.uninstall(1, 3, 7);
  const release = story.release(7);
  expect(story.facts("crossing")).toEqual(["crossing_wait file=7 inside=3"]);
  expect(await Promise.all(reads)).toEqual(["EIDRM", "EIDRM", "EIDRM"]);
  expect(await outcomeOf(release)).toBe("ok");
  expect(story.facts("crossing_pass", "efile_free")).toEqual(["crossing_pass file=7", "efile_free file=7 inside=0"]);
});

test("a write that is inside when its file is released is finished, and the release waits for that too", async () => {
  const { story, rt } = await openedStory();
  const write = rt.write(3, "abc");
  const release = story.release(7);
  expect(story.facts("crossing")).toEqual(["crossing_wait file=7 inside=1"]);
  expect(await Promise.all([write, release])).toEqual([3, "ok"]);
});
