import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { POLL } from "../../services/abi/flags.ts";
import { MUTANTS } from "../../services/companion/mutants.ts";
import { SOUND, type Temper } from "../../services/companion/temper.ts";
import { openedStory, outcomeOf } from "./harness.ts";
import { createNetStory, frame } from "./net-harness.ts";

type Name = keyof typeof MUTANTS;

/** What somebody sees who lives through a mutant's story, in a sound core and in the bad one. */
interface Difference {
  readonly live: (temper: Temper) => Promise<unknown>;
  readonly sound: unknown;
  readonly bad: unknown;
}

const DIFFERENCES: Readonly<Record<Name, Difference>> = {
  "stale-index": {
    async live(temper) {
      const { story, rt } = await openedStory(temper);
      await story.install(1, 5, 7);
      await story.inbandWrite(7, "displaced");
      await story.replace(1, 3, 8);
      return { read: await rt.read(3), index: story.index() };
    },
    sound: { read: "EBADF", index: ["1:5 -> 7"] },
    bad: { read: "displaced", index: ["1:3 -> 7", "1:5 -> 7"] },
  },
  "trusts-current": {
    async live(temper) {
      const { story } = await openedStory(temper);
      await story.install(2, 3, 7);
      await story.uninstall(1, 3, 7, outermost("reaper", 2));
      return story.index();
    },
    sound: ["2:3 -> 7"],
    bad: ["1:3 -> 7"],
  },
  "impatient-release": {
    async live(temper) {
      const { story, rt } = await openedStory(temper);
      const read = rt.read(3);
      await story.uninstall(1, 3, 7);
      await Promise.all([story.release(7), read]);
      return story.facts("crossing", "efile_free");
    },
    sound: ["crossing_wait file=7 inside=1", "crossing_pass file=7", "efile_free file=7 inside=0"],
    bad: ["efile_free file=7 inside=1"],
  },
  "forgets-pollers": {
    async live(temper) {
      const { story, rt } = await openedStory(temper);
      const poll = rt.poll(3, POLL.POLLIN);
      await story.uninstall(1, 3, 7);
      await story.release(7);
      const seen = await outcomeOf(poll);
      // Whatever the core forgot: when its thread ends, the call ends.
      await story.notify("task_exit", "rt");
      return [seen, await poll];
    },
    sound: ["POLLNVAL", "POLLNVAL"],
    bad: ["asleep", "EINTR"],
  },
  "detached-too-late": {
    async live(temper) {
      const { story, rt } = await openedStory(temper);
      await story.notify("process_cleanup", "rt");
      const afterExec = [await rt.write(3, "x"), await rt.attach()];
      await story.notify("task_exit", "rt");
      return [...afterExec, await rt.write(3, "x")];
    },
    sound: ["EPERM", "ok", "EPERM"],
    bad: [1, "EBUSY", "EPERM"],
  },
  "frees-at-release": {
    async live(temper) {
      const story = await createNetStory({ temper });
      await story.udp(5);
      await story.release(5);
      await story.destroy(5);
      return story.facts("sk_free", "sk_destroy");
    },
    sound: ["sk_destroy sk=5", "sk_free sk=5 refs=0"],
    bad: ["sk_free sk=5 refs=0", "sk_destroy sk=5", "sk_free sk=5 refs=-1"],
  },
  "deliver-lies": {
    async live(temper) {
      const story = await createNetStory({ temper });
      await story.port("eth0");
      await story.udp(5, "10.0.0.1:7000");
      const taken = await story.deliver(frame());
      return [taken, await story.receive(5)];
    },
    sound: [true, "ping from 10.0.0.2:9000"],
    bad: [false, "ping from 10.0.0.2:9000"],
  },
};

describe.each(Object.entries(MUTANTS))("the core %s", (name, { temper, story, source }) => {
  const { live, sound, bad } = DIFFERENCES[name as Name];

  test("differs from a sound one in what its story tells", async () => {
    expect(await live(SOUND)).toEqual(sound);
    expect(await live(temper)).toEqual(bad);
  });

  test("has one fault, a story and a source", () => {
    expect(Object.values(temper).filter(Boolean)).toHaveLength(1);
    expect(story.length).toBeGreaterThan(100);
    expect(source).toMatch(/seed 00[02]|facts\/dovetail/);
  });
});

test("every known fault has its mutant", () => {
  const faults = Object.values(MUTANTS).flatMap(({ temper }) =>
    Object.entries(temper).flatMap(([fault, on]) => (on ? [fault] : [])),
  );
  expect(faults.sort()).toEqual(Object.keys(SOUND).sort());
});
