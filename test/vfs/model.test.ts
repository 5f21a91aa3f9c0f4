import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { CLOSE_RANGE, F, FD_CLOEXEC, O } from "../../services/abi/flags.ts";
import { PROFILES, type Profile } from "../../services/abi/profile.ts";
import { bootVfs, returned, type Node } from "./harness.ts";
import { Observer, Reference, type Op } from "./reference.ts";

const TASKS = ["a", "b", "c", "d"];
const task = fc.constantFrom(...TASKS);
/** Few, so that they meet; some on both sides of the first word of 64. */
const fd = fc.oneof({ weight: 4, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.integer({ min: 62, max: 66 }) });
const flag = fc.boolean();
const path = fc.constantFrom("/dev/oobecho", "/dev/echo", "/dev/null");

/** Builds an operation from its arguments, with a text for the counterexample. */
const op = <T extends unknown[]>(
  name: string,
  args: { [K in keyof T]: fc.Arbitrary<T[K]> },
  build: (task: string, ...args: T) => Pick<Op, "expected" | "call">,
): fc.Arbitrary<Op> =>
  fc
    .tuple(task, fc.tuple<T>(...args))
    .map(([who, given]) => ({ task: who, text: `${who}: ${name}(${given.join(", ")})`, ...build(who, ...given) }));

const open = op<[string, boolean]>("open", [path, flag], (who, where, cloexec) => ({
  expected: (reference) => reference.open(who, cloexec),
  call: (calls) => calls.open(where, O.O_RDWR | (cloexec ? O.O_CLOEXEC : 0)),
}));
const close = op<[number]>("close", [fd], (who, n) => ({
  expected: (reference) => reference.close(who, n),
  call: (calls) => calls.close(n),
}));
const dup = op<[number]>("dup", [fd], (who, n) => ({
  expected: (reference) => reference.duplicate(who, who, n, 0, false),
  call: (calls) => calls.dup(n),
}));
const dup3 = op<[number, number, boolean]>("dup3", [fd, fd, flag], (who, n, m, cloexec) => ({
  expected: (reference) => reference.dup3(who, n, m, cloexec),
  call: (calls) => calls.dup3(n, m, cloexec ? O.O_CLOEXEC : 0),
}));
const closeRange = op<[number, number, boolean, boolean]>(
  "close_range",
  [fd, fd, flag, flag],
  (who, n, m, un, mark) => ({
    expected: (reference) => reference.closeRange(who, n, m, un, mark),
    call: (calls) =>
      calls.closeRange(n, m, (un ? CLOSE_RANGE.CLOSE_RANGE_UNSHARE : 0) | (mark ? CLOSE_RANGE.CLOSE_RANGE_CLOEXEC : 0)),
  }),
);
const exec = op<[]>("exec", [], (who) => ({
  expected: (reference) => reference.exec(who),
  call: (calls) => calls.exec(),
}));
const getfd = op<[string, number]>("pidfd_getfd", [task, fd], (who, from, n) => ({
  expected: (reference) => reference.duplicate(who, from, n, 0, true),
  call: (calls) => calls.getfdOf(from, n),
}));
const fork = op<[string, boolean]>("fork", [task, flag], (who, child, share) => ({
  expected: (reference) => reference.fork(who, child, share),
  call: (calls) => (share ? calls.clone(child) : calls.fork(child)),
}));
const exit = op<[string]>("exit", [fc.constantFrom("", ...TASKS)], (who, reaper) => ({
  expected: (reference) => reference.exit(who, reaper),
  call: (calls) => calls.exit(reaper),
}));

const anyOp = fc.oneof(
  { weight: 6, arbitrary: open },
  { weight: 3, arbitrary: close },
  { weight: 3, arbitrary: dup },
  { weight: 4, arbitrary: dup3 },
  { weight: 2, arbitrary: closeRange },
  { weight: 2, arbitrary: exec },
  { weight: 2, arbitrary: getfd },
  { weight: 3, arbitrary: fork },
  { weight: 1, arbitrary: exit },
  op<[]>("spawn", [], (who) => ({
    expected: (reference) => reference.spawn(who),
    call: (calls) => calls.spawn(),
  })),
  op<[number, number]>("F_DUPFD_CLOEXEC", [fd, fd], (who, n, least) => ({
    expected: (reference) => reference.duplicate(who, who, n, least, true),
    call: (calls) => calls.fcntl(n, F.F_DUPFD_CLOEXEC, least),
  })),
  op<[number]>("F_SETFD", [fd], (who, n) => ({
    // Onto itself with CLOEXEC: what close_range marks, and EBADF where there is nothing to mark.
    expected: (reference) => {
      const files = reference.tasks.get(who)?.files ?? 0;
      if (files !== 0 && reference.tables.get(files)?.has(n) !== true) return "EBADF";
      const marked = reference.closeRange(who, n, n, false, true);
      return typeof marked === "string" ? marked : 0;
    },
    call: (calls) => calls.fcntl(n, F.F_SETFD, FD_CLOEXEC),
  })),
  op<[number]>("prlimit", [fc.constantFrom(3, 7, 64, 1024)], (who, n) => ({
    expected: (reference) => reference.prlimit(who, n),
    call: (calls) => calls.prlimit(n),
  })),
);

/** How often each file was released, and each table left by its last user. */
const counted = (node: Node, point: string, key: "file" | "files"): Map<unknown, number> => {
  const counts = new Map<unknown, number>();
  for (const happening of node.journal) {
    if (happening.point !== point) continue;
    const which = happening.args[key];
    counts.set(which, (counts.get(which) ?? 0) + 1);
  }
  return counts;
};

const onceEach = (last: number): Map<unknown, number> => new Map(Array.from({ length: last }, (_, i) => [i + 1, 1]));
const sorted = (map: Map<unknown, number>): unknown[] => [...map].sort(([a], [b]) => Number(a) - Number(b));

describe.each(PROFILES)("random calls, %s", (profile) => {
  test("one after the other: the VFS and the reference agree after each, and nothing is left at the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOp, { maxLength: 40, size: "max" }), async (ops) => {
        const node = bootVfs(profile);
        const reference = new Reference();
        expect(await node.as("a").spawn()).toBe(reference.spawn("a"));
        for (const { task: who, call, expected } of ops) {
          expect(await call(node.as(who))).toBe(expected(reference));
          const files = node.files();
          expect(files.map(({ files, fd, file, close_on_exec }) => ({ files, fd, file, close_on_exec }))).toEqual(
            reference.list(),
          );
          for (const { file, references } of files) {
            expect(references).toBe(files.filter((entry) => entry.file === file).length);
          }
          const alive = reference.alive();
          const dead = Array.from({ length: reference.files }, (_, i) => i + 1).filter((file) => !alive.has(file));
          expect(sorted(counted(node, "file_release", "file"))).toEqual(dead.map((file) => [file, 1]));
        }
        for (const name of TASKS) await node.as(name).exit();
        expect(sorted(counted(node, "file_release", "file"))).toEqual(sorted(onceEach(reference.files)));
        expect(sorted(counted(node, "files_exit", "files"))).toEqual(sorted(onceEach(reference.tablesEver)));
        const observer = new Observer();
        node.journal.forEach((happening) => observer.observe(happening));
        expect([observer.faults, observer.open]).toEqual([[], []]);
      }),
      { numRuns: 400 },
    );
  });

  test("all at once, with hooks that return in any order: every file and every table goes exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(anyOp, { maxLength: 30, size: "max" }), async (s, ops) => {
        const node = bootVfs(profile);
        const observer = delayed(node, s, profile);
        await s.waitFor(
          (async () => {
            await node.as("a").spawn();
            await node.as("a").open("/dev/oobecho", O.O_RDWR);
            await node.as("a").clone("b");
            await node.as("a").fork("c");
          })(),
        );
        // Each task makes its calls one after the other, all tasks at the same time.
        const program = async (who: string): Promise<void> => {
          for (const { call, task: caller } of ops) if (caller === who) await call(node.as(who));
        };
        await s.waitFor(Promise.all(TASKS.map(program)));
        await s.waitFor(Promise.all(TASKS.map((who) => node.as(who).exit())));

        expect(node.files()).toEqual([]);
        const released = counted(node, "file_release", "file");
        expect(sorted(released)).toEqual(sorted(counted(node, "file_create", "file")));
        const left = counted(node, "files_exit", "files");
        expect(sorted(left)).toEqual(sorted(onceEach(left.size)));
        // Only the lock keeps an install and the uninstall that follows it in order on the road: D6.
        if (profile === "documented") expect([observer.faults, observer.open]).toEqual([[], []]);
      }),
      { numRuns: 400 },
    );
  });
});

/** Every hook takes its time on the road; the observer sees it when it arrives. */
function delayed(node: Node, s: fc.Scheduler, profile: Profile): Observer {
  const observer = new Observer();
  let seen = 0;
  const copies = (): void => {
    for (; seen < node.journal.length; seen++) {
      const happening = node.journal[seen];
      if (happening?.point === "fork_copy") observer.observe(happening);
    }
  };
  for (const point of ["install_inband_fd", "replace_inband_fd", "uninstall_inband_fd"] as const) {
    node.answer(point, async (args) => {
      await s.schedule(Promise.resolve(), `${profile} ${point} ${args.files}/${args.fd}`);
      copies();
      observer.observe({ point, args: { ...args } });
      return { kind: "returned", value: {} };
    });
  }
  node.answer("oob_open_file", async ({ file }) => {
    await s.schedule(Promise.resolve(), `oob_open_file ${file}`);
    return returned<"oob_open_file">({ oob_data: 100 + file });
  });
  node.answer("oob_release_file", async ({ file }) => {
    await s.schedule(Promise.resolve(), `oob_release_file ${file}`);
    return returned<"oob_release_file">({});
  });
  node.answer("inband_event_notify", async ({ subject }) => {
    await s.schedule(Promise.resolve(), `inband_event_notify ${subject}`);
    return returned<"inband_event_notify">({});
  });
  return observer;
}
