import { describe, expect, test } from "@jest/globals";
import { matches } from "../../services/rules/atoms/evaluate.ts";
import { parseAtom } from "../../services/rules/atoms/parse.ts";
import type { Atom } from "../../services/rules/atoms/syntax.ts";
import { strangersIn } from "../../services/rules/atoms/vocabulary.ts";
import { eventPen } from "../lab/events.ts";

function atom(text: string): Atom {
  const parsed = parseAtom(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  return parsed.atom;
}

const event = eventPen();
const install = event("install_inband_fd.enter", {
  slice: { fd: 3, files: 1, file: 2, task: "app" },
  args: { oob_data: 0, dev: "/dev/oobecho", taken: true },
  locks: ["files.file_lock:1"],
});
const arrived = event("install_inband_fd.enter", { service: "companion", slice: { fd: 3 } });
const failed = event("sys_open.exit", { service: "task", ret: -12, fault: "f1" });
const gone = event("oob_open_file.exit", { lost: "timeout" });
const polled = event("oob_poll.exit", { service: "task", ret: 32, args: { revents: 32 } });
const fact = event("retry", { args: { point: "install_inband_fd", after: "timeout" } });

describe("an atom describes an event", () => {
  test.each([
    ["install_inband_fd", install],
    ["install_inband_fd.enter", install],
    ["*_inband_fd.enter", install],
    ["replace_inband_fd|install_inband_fd.enter", install],
    ["install_inband_fd[fd==3, file!=1]", install],
    ["install_inband_fd[fd>2,fd<=3]", install],
    ["install_inband_fd[task==app]", install],
    ["install_inband_fd[dev==/dev/oobecho]", install],
    ['install_inband_fd[dev=="/dev/oobecho"]', install],
    ["install_inband_fd[taken==true]", install],
    ["install_inband_fd[holds==files.file_lock]", install],
    ["install_inband_fd[holds==files.file_lock:1]", install],
    ["*[stage==inband]", install],
    ["sys_open.exit[ret==-12]", failed],
    ["sys_open.exit[ret==ENOMEM, fault==f1]", failed],
    ["sys_open.exit[ret<0]", failed],
    ["oob_open_file.exit[lost==timeout]", gone],
    ["oob_poll.exit[revents==POLLNVAL]", polled],
    ["oob_poll.exit[ret!=ENOMEM]", polled],
    ["retry.fact[point==install_inband_fd]", fact],
    [" retry [ after == timeout ] ", fact],
  ])("%s fits", (text, described) => {
    expect(matches(described, atom(text))).toBe(true);
  });

  test.each([
    ["install_inband_fd.exit", install],
    ["replace_inband_fd", install],
    ["install_inband_fd[fd==4]", install],
    ["install_inband_fd[fd==app]", install],
    ["install_inband_fd[holds!=files.file_lock]", install],
    ["replace_inband_fd|install_inband_fd[fd==4]", install],
    ["sys_open.exit[ret==ENOMEM, ret==0]", failed],
    ["sys_open.exit[ret>=0]", gone],
    ["retry[point==replace_inband_fd]", fact],
  ])("%s does not", (text, described) => {
    expect(matches(described, atom(text))).toBe(false);
  });

  test("a field that the event does not have fulfils no condition, not even that it is another value", () => {
    expect(matches(install, atom("install_inband_fd[ret!=0]"))).toBe(false);
    expect(matches(install, atom("install_inband_fd[fault!=f1]"))).toBe(false);
  });

  test("a crossing is told from the caller's side, unless the service is said", () => {
    const plain = atom("install_inband_fd.enter");
    expect([install, arrived].map((one) => matches(one, plain))).toEqual([true, false]);
    for (const text of ["companion:install_inband_fd.enter", "install_inband_fd.enter[service==companion]"]) {
      expect([install, arrived].map((one) => matches(one, atom(text)))).toEqual([false, true]);
    }
    expect(matches(arrived, plain, true)).toBe(true);
  });
});

describe("a text that is no atom", () => {
  test.each([
    ["", 0, "the end"],
    ["sys_open.entr", 9, "entr"],
    ["sys_open.", 9, "the end"],
    ["vf:sys_open", 0, "vf"],
    ["sys_open[ret=3]", 12, "="],
    ["sys_open[ret]", 12, "]"],
    ["sys_open[ret==]", 14, "]"],
    ["sys_open[ret==1", 15, "the end"],
    ["sys_open sys_close", 9, "sys_close"],
    ["sys_open|", 9, "the end"],
    ["[ret==0]", 0, "["],
  ])("%j is refused at letter %d, where %j stands", (text, offset, found) => {
    expect(parseAtom(text)).toMatchObject({ ok: false, error: { offset, found } });
  });

  test("a near miss is named", () => {
    expect(parseAtom("sys_open.exitt")).toMatchObject({ error: { hint: "did you mean exit?" } });
    expect(parseAtom("sys_open[ret=0]")).toMatchObject({ error: { hint: "did you mean ==?" } });
  });
});

describe("an atom that names nothing", () => {
  test.each([
    ["instal_inband_fd.enter", "instal_inband_fd", "did you mean install_inband_fd?"],
    ["open.enter", "open", "did you mean sys_open?"],
    ["oob_waits", "oob_waits", "did you mean oob_wait?"],
    ["index_add.exit", "index_add", undefined],
    ["sys_open.fact", "sys_open", undefined],
    ["foo_*", "foo_*", undefined],
    ["ctl_list_files", "ctl_list_files", undefined],
    ["install_inband_fd[fdd==3]", "fdd", "did you mean fd?"],
    ["index_add[ret==0, displaced==1]", "displaced", undefined],
    ["sys_open.exit[ret==ENOMEMM]", "ENOMEMM", undefined],
    ["sys_open.exit[lost==timeouts]", "timeouts", "did you mean timeout?"],
    ["sys_open[stage==out]", "out", undefined],
  ])("%s: %s is not known", (text, found, hint) => {
    const [stranger] = strangersIn(atom(text));
    expect(stranger).toMatchObject({ found, ...(hint !== undefined && { hint }) });
  });

  test("a glob is known when something fits it, and has the fields of all that do", () => {
    expect(strangersIn(atom("*_inband_fd.enter[oob_data==1]"))).toEqual([]);
    expect(strangersIn(atom("index_*[displaced==1]"))).toEqual([]);
    expect(strangersIn(atom("*"))).toEqual([]);
  });
});
