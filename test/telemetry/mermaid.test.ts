import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { TraceEvent } from "../../services/abi/event.ts";
import { createEarliest } from "../../services/telemetry/convert/earliest.ts";
import { mermaidText } from "../../services/telemetry/convert/mermaid-text.ts";
import { createMermaid } from "../../services/telemetry/convert/mermaid.ts";
import { createRecorder } from "../cli/recorder.ts";
import { sampleTrace } from "../cli/sample.ts";
import { eventPen } from "../lab/events.ts";
import { traceOf } from "./runs.ts";

function diagram(events: readonly TraceEvent[], options: { max?: number; facts?: boolean } = {}) {
  let text = "";
  const { max = 500, facts = false } = options;
  const converter = createMermaid((more) => (text += more), { max, facts });
  for (const event of events) converter.add(event);
  const notes = converter.end();
  return { lines: text.trimEnd().split("\n"), notes };
}

const ID = "\\w+";
// What Mermaid's grammar for sequence diagrams takes, as far as it is used; no sign in a text that it reads as its own.
const TEXT = '(?:[^\\n#;%<>{}`"\\\\$&~^]|#\\d+;)*';
const LINES = [
  /^sequenceDiagram$/,
  new RegExp(`^ {2}box transparent ${TEXT}$`, "u"),
  new RegExp(`^ {4}participant ${ID} as ${TEXT}$`, "u"),
  /^ {2}end$/,
  new RegExp(`^ {2}${ID}(->>|-->>|-x|--x|-\\))${ID}: ${TEXT}$`, "u"),
  new RegExp(`^ {2}Note over ${ID}(,${ID})?: ${TEXT}$`, "u"),
];
const strange = (lines: readonly string[]): string[] => lines.filter((line) => !LINES.some((form) => form.test(line)));

describe("a sequence diagram", () => {
  test("has calls, answers, faults, locks, and a cross where something never arrived", () => {
    const { lines, notes } = diagram(sampleTrace());
    expect(strange(lines)).toEqual([]);
    expect(notes).toEqual([]);
    const text = lines.join("\n");
    expect(text).toContain("  box transparent alpha\n    participant alpha_app as task app\n");
    expect(text).toContain("  alpha_app->>alpha_vfs: sys_open(path=/dev/oobecho, flags=524290)\n");
    expect(text).toContain(
      "  alpha_vfs->>alpha_companion: install_inband_fd(fd=3, file=1, oob_data=1, files=1) 🔒 files.file_lock:1\n",
    );
    expect(text).toContain("  alpha_vfs-->>alpha_app: 3\n");
    expect(text).toContain("install_inband_fd(fd=4, file=1, oob_data=1, files=1) ⚡ lose-install 🔒 files.file_lock:1");
    // A rule refused it: it never came to the core, and the answer is nobody's.
    expect(text).toContain("  alpha_vfs-xalpha_companion: oob_open_file(file=2, dev=/dev/oobecho, flags=2)\n");
    expect(text).toContain("  Note over alpha_vfs: oob_open_file = -ENOMEM ⚡ no-memory\n");
    // The work was done, and nobody was told.
    expect(text).toContain("  Note over alpha_companion: oob_open_file done, = 0\n");
    expect(text).toContain("  alpha_companion--xalpha_vfs: lost(timeout) ⚡ silence\n");
    expect(text).toContain(
      "uninstall_inband_fd(fd=4, file=1, oob_data=1, files=1) ⚡ twice 🔒 files.file_lock:1 (again)",
    );
    expect(text).toContain("[oob]");
    expect(text).not.toContain("fd_publish");
  });

  test("notes state changes where that is asked for", () => {
    const { lines } = diagram(sampleTrace(), { facts: true });
    expect(strange(lines)).toEqual([]);
    expect(lines).toContain("  Note over alpha_vfs: fd_publish fd=3 files=1 task=app 🔒 files.file_lock:1");
  });

  test("shows frames on their way between houses and nodes, and one that never arrives", async () => {
    const { lines } = diagram(await traceOf("experiments/net/udp-two-nodes.yaml"));
    expect(strange(lines)).toEqual([]);
    expect(lines.filter((line) => line.includes("frame 3 (eth0, 46 bytes)"))).toEqual([
      "  alpha_inband-)alpha_nic: frame 3 (eth0, 46 bytes)",
      "  alpha_nic-)beta_nic: frame 3 (eth0, 46 bytes)",
      "  beta_nic-)beta_inband: frame 3 (eth0, 46 bytes)",
    ]);
    const pen = eventPen();
    const lost = pen("frame_send", {
      service: "nic",
      span: 5,
      slice: { dev: "eth0", frame: 5 },
      args: { to: "wire", bytes: 60 },
    });
    expect(diagram([lost]).lines.at(-1)).toBe("  alpha_nic-xalpha_wire: frame 1 (eth0, 60 bytes)");
  });

  test("ends after so many arrows and notes, the earliest ones, and says so", () => {
    const { lines, notes } = diagram(sampleTrace(), { max: 5 });
    expect(strange(lines)).toEqual([]);
    expect(lines.filter((line) => /->>|-x/.test(line))).toHaveLength(5);
    expect(lines.at(-1)).toMatch(
      /^ {2}Note over \w+,\w+: there is more: \d+ arrows and notes, and \d+ events \(max 5\)$/,
    );
    expect(notes).toEqual([expect.stringMatching(/^the diagram ends after 5 arrows and notes; .*--max/)]);
  });

  test("is one that Mermaid reads, whatever nodes, tasks and texts are called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.string(), (node, task, data) => {
        const r = createRecorder();
        r.call("oob_write", 0, { fd: 3, data }, { task, ending: { ret: -5, fault: data } });
        const events = r.events.map((event) => ({ ...event, node }));
        expect(strange(diagram(events, { facts: true }).lines)).toEqual([]);
      }),
    );
  });
});

test("what Mermaid would read as its own is written as its number", () => {
  expect(mermaidText("a;b#c\n%%{x}%% wrap: y")).toBe("a#59;b#35;c #37;#37;#123;x#125;#37;#37; wrap: y");
  expect(mermaidText("nowrap: y")).toBe("nowrap#58; y");
});

test("of any number of events in any order the earliest are kept", () => {
  const pen = eventPen();
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (stamps, max) => {
      const earliest = createEarliest(max);
      for (const lamport of stamps) earliest.add(pen("fd_clear", { lamport }));
      const { events, left } = earliest.taken();
      const sorted = [...stamps].sort((a, b) => a - b);
      expect(events.map(({ lamport }) => lamport)).toEqual(sorted.slice(0, max));
      expect(left).toBe(Math.max(0, stamps.length - max));
    }),
  );
});
