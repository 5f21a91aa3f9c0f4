import { describe, expect, test } from "@jest/globals";
import type { House } from "../../services/abi/contract.generated.ts";
import type { EventArgs, Slice } from "../../services/abi/event.ts";
import { createLiveTrace } from "../../services/cli/trace/live.ts";
import { lookOf } from "../../services/cli/look.ts";
import { tree } from "./drawing.ts";
import { createRecorder } from "./recorder.ts";

/** What houses record about frames, in one trace. */
function network() {
  const r = createRecorder();
  const fact = (service: House, point: string, span: number, parent: number, slice: Slice, args: EventArgs): number => {
    r.side(service, point, "fact", { span, parent, slice }, args);
    return span;
  };
  return {
    ...r,
    /** A frame goes into a link; answers the span of the leg. */
    send: (service: House, under: number, frame: number, to: string, bytes = 42): number =>
      fact(service, "frame_send", r.span(), under, { dev: "eth0", frame }, { to, bytes }),
    /** It comes out; answers the receiver's span. */
    receive: (service: House, leg: number, frame: number, bytes = 42): number =>
      fact(service, "frame_receive", r.span(), leg, { dev: "eth0", frame }, { bytes }),
    does: (service: House, point: string, span: number, slice: Slice, args: EventArgs = {}): number =>
      fact(service, point, span, 0, slice, args),
  };
}

describe("frames in a trace", () => {
  test("the way of a frame is one list, and what a station does lies inside it", () => {
    const n = network();
    let leg = 0;
    n.call(
      "sys_sendto",
      0,
      { fd: 0, data: "ping" },
      { ending: { ret: 4 }, inside: (span) => (leg = n.send("inband", span, 7, "nic")) },
    );
    const nic = n.receive("nic", leg, 7);
    const station = n.receive("inband", n.send("nic", nic, 7, "wire"), 7);
    const answer = n.receive("nic", n.send("inband", station, 8, "nic", 60), 8, 60);
    n.does("nic", "frame_end", answer, { dev: "eth0", frame: 8 }, { fate: "no_link" });
    n.does("inband", "sock_wake", station, { sk: 2, task: "server" }, { by: "socket" });
    expect(tree(n.events)).toEqual([
      'sendto(0, "ping") = 4',
      "└─ frame_send dev=eth0 frame=7 to=nic bytes=42",
      "   ├─ frame_receive dev=eth0",
      "   ├─ frame_send dev=eth0 to=wire",
      "   └─ frame_receive dev=eth0",
      "      ├─ frame_send dev=eth0 frame=8 to=nic bytes=60",
      "      │  └─ frame_receive dev=eth0",
      "      │     └─ frame_end dev=eth0 fate=no_link",
      "      └─ sock_wake sk=2 task=server by=socket",
    ]);
  });

  test("a question to the core lies in the station that asks; a poll ends where its last frame is", () => {
    const n = network();
    const station = n.receive("nic", n.send("nic", 0, 7, "wire"), 7);
    n.call("netif_deliver_oob", station, { dev: "eth0", frame: 7, data: "" }, { task: "", ending: { ret: 1 } });
    n.begin(0);
    n.does("nic", "napi_complete", 0, { dev: "eth0" }, { frames: 1 });
    n.does("nic", "napi_complete", 0, { dev: "eth1" }, { frames: 3 });
    expect(tree(n.events)).toEqual([
      "frame_send dev=eth0 frame=7 to=wire bytes=42",
      "├─ frame_receive dev=eth0",
      '│  └─ netif_deliver_oob(dev="eth0", frame=7, data="") = true',
      "└─ napi_complete dev=eth0 frames=1",
      "napi_complete dev=eth1 frames=3",
    ]);
  });

  test("what was cut off on the way says its number and length again; both copies of a frame are on its way", () => {
    const n = network();
    const station = n.receive("nic", n.send("inband", 0, 7, "nic"), 7);
    n.receive("nic", n.send("nic", station, 7, "wire"), 7);
    n.receive("nic", n.send("nic", station, 7, "wire", 20), 7, 20);
    n.receive("inband", 99_999, 9);
    expect(tree(n.events)).toEqual([
      "frame_send dev=eth0 frame=7 to=nic bytes=42",
      "├─ frame_receive dev=eth0",
      "├─ frame_send dev=eth0 to=wire",
      "├─ frame_receive dev=eth0",
      "├─ frame_send dev=eth0 to=wire bytes=20",
      "└─ frame_receive dev=eth0 bytes=20",
      "frame_receive dev=eth0 frame=9 bytes=42",
    ]);
  });

  test("a live trace takes up the way of a frame again where it was left", () => {
    const n = network();
    const live = createLiveTrace(lookOf({ columns: 140, colour: false, unicode: true }));
    const lines = (shown: readonly string[]): string[] => shown.map((line) => line.slice(40).trimEnd());
    n.begin(1);
    let leg = 0;
    n.call(
      "sys_sendto",
      0,
      { fd: 0, data: "x" },
      { open: true, inside: (span) => (leg = n.send("inband", span, 7, "nic")) },
    );
    live.add(n.events.splice(0));
    for (let tick = 0; tick < 5; tick++) expect(live.tick()).toEqual([]);
    expect(lines(live.tick()).slice(1)).toEqual([
      'sendto(0, "x") = …',
      "└─ frame_send dev=eth0 frame=7 to=nic bytes=42",
    ]);
    n.receive("nic", leg, 7);
    live.add(n.events.splice(0));
    expect(lines(live.end())).toEqual([
      '… sendto(0, "x") = …',
      "└─ … frame_send dev=eth0 frame=7 to=nic bytes=42",
      "   └─ frame_receive dev=eth0",
    ]);
  });
});
