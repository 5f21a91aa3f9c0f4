import type { TraceEvent } from "../../services/abi/event.ts";
import { createRecorder } from "./recorder.ts";

const LOCK = ["files.file_lock:1"];

/** What a newcomer sees: an open, a lost reply and what the retry found, an oob read that blocks, a refusal, an exit. */
export function sampleTrace(): TraceEvent[] {
  const r = createRecorder();
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 0o2000002 },
    {
      gives: { fd: 3 },
      ending: { ret: 3 },
      inside: (span) => {
        r.fact("vfs", "fd_reserve", span, { fd: 3, files: 1 });
        r.call(
          "oob_open_file",
          span,
          { file: 1, dev: "/dev/oobecho", flags: 0o2000002 },
          {
            gives: { oob_data: 1 },
            inside: (inner) => r.fact("companion", "crossing_open", inner, { file: 1 }),
          },
        );
        r.call(
          "install_inband_fd",
          span,
          { fd: 3, file: 1, oob_data: 1, files: 1 },
          {
            locks: LOCK,
            inside: (inner) =>
              r.fact("companion", "index_add", inner, { fd: 3, files: 1, file: 1 }, { oob_data: 1 }, LOCK),
          },
        );
        r.fact("vfs", "fd_publish", span, { fd: 3, files: 1 }, {}, LOCK);
      },
    },
  );
  r.call(
    "sys_dup",
    0,
    { fd: 3 },
    {
      gives: { fd: 4 },
      ending: { ret: 4 },
      inside: (span) =>
        r.call(
          "install_inband_fd",
          span,
          { fd: 4, file: 1, oob_data: 1, files: 1 },
          {
            locks: LOCK,
            ending: { ret: 0, fault: "lose-install" },
            inside: (inner) =>
              r.fact("companion", "index_add", inner, { fd: 4, files: 1, file: 1 }, { oob_data: 1 }, LOCK),
            beside: (own) => {
              r.wait(1e9);
              r.fact("vfs", "retry", own, { fd: 4, files: 1 }, { point: "install_inband_fd", after: "timeout" }, LOCK);
              r.fact("companion", "repeated", own, { fd: 4, files: 1 }, { point: "install_inband_fd", id: 2 }, LOCK);
            },
          },
        ),
    },
  );
  r.call("oob_attach_thread", 0, { cap_sys_nice: true });
  r.call(
    "oob_write",
    0,
    { fd: 4, data: "hello, out there" },
    {
      stage: "oob",
      gives: { count: 16 },
      ending: { ret: 16 },
      inside: (span) => r.fact("companion", "echo_put", span, { file: 1 }, { bytes: 16, held: 16 }),
    },
  );
  r.call(
    "oob_read",
    0,
    { fd: 4, count: 64 },
    { stage: "oob", gives: { data: "hello, out there" }, ending: { ret: 16 } },
  );
  blockedRead(r);
  r.call(
    "sys_dup2",
    0,
    { fd: 1, newfd: 4 },
    {
      gives: { fd: 4 },
      ending: { ret: 4 },
      inside: (span) => {
        r.call(
          "uninstall_inband_fd",
          span,
          { fd: 4, file: 1, oob_data: 1, files: 1 },
          { locks: LOCK, acts: 2, ending: { ret: 0, fault: "twice" } },
        );
        r.call("replace_inband_fd", span, { fd: 4, file: 9, oob_data: 0, files: 1 }, { locks: LOCK });
      },
    },
  );
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 2 },
    {
      ending: { ret: -12 },
      inside: (span) =>
        r.call(
          "oob_open_file",
          span,
          { file: 2, dev: "/dev/oobecho", flags: 2 },
          { acts: 0, ending: { ret: -12, fault: "no-memory" } },
        ),
    },
  );
  r.call(
    "sys_open",
    0,
    { path: "/dev/oobecho", flags: 2 },
    {
      ending: { ret: -5 },
      inside: (span) =>
        r.call(
          "oob_open_file",
          span,
          { file: 3, dev: "/dev/oobecho", flags: 2 },
          { ending: { lost: "timeout", fault: "silence" } },
        ),
    },
  );
  r.call(
    "sys_exit",
    0,
    { reaper: "init" },
    {
      inside: (span) => {
        r.call(
          "inband_event_notify",
          span,
          { event: "task_exit", subject: "app" },
          {
            acts: 0,
            ending: { lost: "timeout", fault: "deaf" },
          },
        );
        r.call(
          "uninstall_inband_fd",
          span,
          { fd: 3, file: 1, oob_data: 1, files: 1 },
          {
            task: "init",
            inside: (inner) => r.fact("companion", "index_remove", inner, { fd: 3, files: 1, file: 1 }, {}, [], "init"),
          },
        );
        r.call("oob_release_file", span, { file: 1, oob_data: 1 }, { task: "init", acts: 0, open: true });
      },
      open: true,
    },
  );
  return r.events;
}

/** A read that waits while another task writes, by hand: the events of the two lie between each other. */
function blockedRead(r: ReturnType<typeof createRecorder>): void {
  const args = { fd: 3, count: 64 };
  const outer = r.span();
  const inner = r.span();
  const oob = { stage: "oob" as const, slice: { task: "reader" } };
  r.begin(outer);
  r.side("task", "oob_read", "enter", { span: outer, parent: 0, ...oob }, args);
  r.side("companion", "oob_read", "enter", { span: inner, parent: outer, ...oob }, args);
  r.fact("companion", "oob_sleep", inner, { file: 1 }, { for: "data" }, [], "reader");
  r.wait(250_000);
  r.call(
    "sys_write",
    0,
    { fd: 3, data: "wake up" },
    {
      gives: { count: 7 },
      ending: { ret: 7 },
      inside: (span) =>
        r.call(
          "oob_driver_io",
          span,
          { file: 1, oob_data: 1, operation: "write", data: "wake up", count: 0, cmd: 0, arg: 0 },
          {
            gives: { data: "", value: 7 },
            ending: { ret: 7 },
            inside: (deep) => r.fact("companion", "oob_wake", deep, { file: 1 }, { task: "reader" }),
          },
        ),
    },
  );
  r.begin(outer);
  r.side("companion", "oob_read", "exit", { span: inner, parent: outer, ...oob }, { data: "wake up" }, { ret: 7 });
  r.side("task", "oob_read", "exit", { span: outer, parent: 0, ...oob }, { data: "wake up" }, { ret: 7 });
}

/** The sample on 80 columns. */
export const NARROW = ` seconds  service      stage
0.000013  task app     in  open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3  15 µs
0.000015  vfs          in  ├─ fd_reserve fd=3 files=1
0.000016  vfs          in  ├─ oob_open_file(file=1, dev="/dev/oobecho", fl…) = 1
0.000018  companion    in  │  └─ crossing_open file=1
0.000021  vfs          in  ├─ install_inband_fd(fd=3, file=1, oo…)  🔒 file_lock
0.000023  companion    in  │  └─ index_add fd=3 files=1 file=1 oob_data=1
0.000026  vfs          in  └─ fd_publish fd=3 files=1  🔒
0.000029  task app     in  dup(3) = 4  1 s
0.000031  vfs          in  └─ install_inband_fd(fd=4, file=1, oob_data=1, file…)
                                ⚡ lose-install  🔒 file_lock
0.000033  companion    in     ├─ index_add fd=4 files=1 file=1 oob_data=1
1.000035  vfs          in     ├─ retry after=timeout
1.000036  companion    in     └─ repeated id=2
1.000040  task app     in  oob_attach_thread(cap_sys_nice=true) = 0  3 µs
1.000044  task app     oob oob_write(4, "hello, out there") = 16  4 µs
1.000046  companion    in  └─ echo_put file=1 bytes=16 held=16
1.000049  task app     oob oob_read(4, 64) = 16 "hello, out there"  3 µs
1.000053  task reader  oob oob_read(3, 64) = …
1.000055  companion    in  └─ oob_sleep file=1 for=data
1.000306  task app     in  write(3, "wake up") = 7  8 µs
1.000308  vfs          in  └─ oob_driver_io(file=1, oob_data=1, operation=…) = 7
1.000310  companion    in     └─ oob_wake file=1 task=reader
1.000316  task reader  oob … oob_read(3, 64) = 7 "wake up"  263 µs
1.000317  task app     in  dup2(1, 4) = 4  13 µs
1.000319  vfs          in  ├─ uninstall_inband_fd(fd=4, file=1, oob_data=1, fi…)
                           │    ⚡ twice  companion acted 2 times  🔒 file_lock
1.000325  vfs          in  └─ replace_inband_fd(fd=4, file=9, oob_data=0,…)  🔒
1.000331  task app     in  open("/dev/oobecho", O_RDWR) = -ENOMEM  5 µs
1.000333  vfs          in  └─ oob_open_file(file=2, dev="/dev/oobech…) = -ENOMEM
                                ⚡ no-memory
1.000337  task app     in  open("/dev/oobecho", O_RDWR) = -EIO  1 s
1.000339  vfs          in  └─ oob_open_file(file=3, dev="/dev/…) = lost(timeout)
                                ⚡ silence
                                companion acted; its answer never came
2.000345  task app     in  exit(init) = …
2.000347  vfs          in  ├─ inband_event_notify(event=task_e…) = lost(timeout)
                           │    ⚡ deaf  never reached companion
3.000349  vfs          in  ├─ uninstall_inband_fd(fd=3, file=1, oob_data=1, fi…)
                           │    in init's context
3.000351  companion    in  │  └─ index_remove fd=3 files=1 file=1
3.000354  vfs          in  └─ oob_release_file(file=1, oob_data=1) = …
                                in init's context`;

/** The sample on 140 columns. */
export const WIDE = ` seconds  caller → answers          stage                                                                                               took
0.000013  task app → vfs            in  open("/dev/oobecho", O_RDWR|O_CLOEXEC) = 3                                                     15 µs
0.000015  vfs                       in  ├─ fd_reserve fd=3 files=1
0.000016  vfs → companion           in  ├─ oob_open_file(file=1, dev="/dev/oobecho", flags=O_RDWR|O_CLOEXEC) = 1                        4 µs
0.000018  companion                 in  │  └─ crossing_open file=1
0.000021  vfs → companion           in  ├─ install_inband_fd(fd=3, file=1, oob_data=1, files=1)  🔒 files.file_lock:1                   4 µs
0.000023  companion                 in  │  └─ index_add fd=3 files=1 file=1 oob_data=1
0.000026  vfs                       in  └─ fd_publish fd=3 files=1  🔒
0.000029  task app → vfs            in  dup(3) = 4                                                                                       1 s
0.000031  vfs → companion           in  └─ install_inband_fd(fd=4, file=1, oob_data=1, fil…)  ⚡ lose-install  🔒 files.file_lock:1      1 s
0.000033  companion                 in     ├─ index_add fd=4 files=1 file=1 oob_data=1
1.000035  vfs                       in     ├─ retry after=timeout
1.000036  companion                 in     └─ repeated id=2
1.000040  task app → companion      in  oob_attach_thread(cap_sys_nice=true) = 0                                                        3 µs
1.000044  task app → companion      oob oob_write(4, "hello, out there") = 16                                                           4 µs
1.000046  companion                 in  └─ echo_put file=1 bytes=16 held=16
1.000049  task app → companion      oob oob_read(4, 64) = 16 "hello, out there"                                                         3 µs
1.000053  task reader → companion   oob oob_read(3, 64) = …
1.000055  companion                 in  └─ oob_sleep file=1 for=data
1.000306  task app → vfs            in  write(3, "wake up") = 7                                                                         8 µs
1.000308  vfs → companion           in  └─ oob_driver_io(file=1, oob_data=1, operation=write, data="wake up") = 7                       4 µs
1.000310  companion                 in     └─ oob_wake file=1 task=reader
1.000316  task reader → companion   oob … oob_read(3, 64) = 7 "wake up"                                                               263 µs
1.000317  task app → vfs            in  dup2(1, 4) = 4                                                                                 13 µs
1.000319  vfs → companion           in  ├─ uninstall_inband_fd(fd=4, file=1, oob_data=1, files=1)                                       5 µs
                                        │    ⚡ twice  companion acted 2 times  🔒 files.file_lock:1
1.000325  vfs → companion           in  └─ replace_inband_fd(fd=4, file=9, oob_data=0, files=1)  🔒                                     3 µs
1.000331  task app → vfs            in  open("/dev/oobecho", O_RDWR) = -ENOMEM                                                          5 µs
1.000333  vfs → companion           in  └─ oob_open_file(file=2, dev="/dev/oobecho", flags=O_RDWR) = -ENOMEM  ⚡ no-memory              1 µs
1.000337  task app → vfs            in  open("/dev/oobecho", O_RDWR) = -EIO                                                              1 s
1.000339  vfs → companion           in  └─ oob_open_file(file=3, dev="/dev/oobecho", flags=O_RDWR) = lost(timeout)                       1 s
                                             ⚡ silence  companion acted; its answer never came
2.000345  task app → vfs            in  exit(init) = …
2.000347  vfs → companion           in  ├─ inband_event_notify(event=task_exit,…) = lost(timeout)  ⚡ deaf  never reached companion      1 s
3.000349  vfs → companion           in  ├─ uninstall_inband_fd(fd=3, file=1, oob_data=1, files=1)  in init's context                    4 µs
3.000351  companion                 in  │  └─ index_remove fd=3 files=1 file=1
3.000354  vfs → companion           in  └─ oob_release_file(file=1, oob_data=1) = …  in init's context`;
