import { describe, expect, test } from "@jest/globals";
import type { Kit } from "../../services/abi/kit.ts";
import { outermost } from "../../services/abi/context.ts";
import { AF, O, OOBPROTO, POLL, SOCK } from "../../services/abi/flags.ts";
import type { Hooks } from "../../services/boundary/hooks.ts";
import { createCompanion, type Companion } from "../../services/companion/companion.ts";
import { calls, createStory, drained, lineLog, manualClock, outcomeOf } from "./harness.ts";
import { createNetStory, frame } from "./net-harness.ts";

const VFS = outermost("", 0);
const LIFE = 1_000_000_000;

/** A core in one of its lives, with one NIC, and what it says to others. */
function core(incarnation: number) {
  const said: string[] = [];
  const kit: Kit = {
    node: "alpha",
    house: "companion",
    profile: "documented",
    seed: 1n,
    clock: manualClock(),
    random: { fraction: () => 0 },
    events: lineLog([]),
  };
  const say =
    (point: string) =>
    async (_context: unknown, args: object): Promise<{ kind: "returned"; value: Record<string, never> }> => {
      said.push([point, ...Object.values(args).map(String)].join(" "));
      return { kind: "returned", value: {} };
    };
  const hooks: Hooks<"companion"> = {
    ...calls(() => companion),
    netif_disable_oob_diversion: say("netif_disable_oob_diversion"),
    sock_core_ready: say("sock_core_ready"),
    file_core_ready: say("file_core_ready"),
  };
  const port = {
    medium: "test",
    counts: { sent: 0, full: 0, too_long: 0, received: 0, wrong: 0, signals: 0, missed_signals: 0 },
    send: () => true,
    flush: () => undefined,
    receive: () => undefined,
  };
  const ports = { nics: new Map([["eth0", port]]), relay: undefined };
  const companion: Companion = createCompanion(kit, hooks, ports, undefined, incarnation);
  return { companion, said };
}

describe("a core that takes the place of another one", () => {
  test("ends the diversions that were left on, then asks for ports and sockets, then for files", async () => {
    const { companion, said } = core(3);
    await companion.start();
    expect(said).toEqual(["netif_disable_oob_diversion eth0", "sock_core_ready 3", "file_core_ready 3"]);
  });

  test("gives contexts that the one before it cannot have given", async () => {
    const { companion } = core(2);
    const opened = await companion.handlers.oob_open_file?.({ file: 1, dev: "/dev/oobecho", flags: O.O_RDWR }, VFS);
    expect(opened).toEqual({ ok: true, value: { oob_data: LIFE + 1 } });
  });

  test("has nothing to ask in its first life", async () => {
    const { companion, said } = core(1);
    await companion.start();
    expect(said).toEqual([]);
  });
});

describe("a VFS that comes back empty", () => {
  test("lets the core forget what belonged to the one before: threads, descriptors, files, in that order", async () => {
    const story = createStory();
    await story.open(1);
    await story.install(1, 3, 1);
    const reader = story.thread("reader", 1);
    await reader.attach();
    const poller = story.thread("poller", 1);
    await poller.attach();
    const reading = reader.read(3);
    const polling = poller.poll(3, POLL.POLLIN);
    await drained();
    story.record.length = 0;
    await story.call("oob_vfs_ready", { file: LIFE + 1, files: LIFE + 1 }, VFS);
    expect([await reading, await polling]).toEqual(["EINTR", "EINTR"]);
    expect(story.record.filter((line) => !line.startsWith("exit"))).toEqual([
      "thread_inband task=reader why=detach isw=1",
      "thread_detach task=reader why=oob_vfs_ready",
      "oob_wake files=1 fd=3 file=1 task=reader errno=EINTR",
      "thread_inband task=poller why=detach isw=1",
      "thread_detach task=poller why=oob_vfs_ready",
      "poll_wake files=1 fd=3 file=1 task=poller errno=EINTR",
      "index_remove files=1 fd=3 file=1",
      "crossing_wait file=1 inside=1",
      "crossing_pass file=1",
      "efile_free file=1 inside=0",
    ]);
    expect(story.index()).toEqual([]);
    expect(await reader.read(3)).toBe("EPERM");
  });

  test("keeps what it has opened itself before its word arrived", async () => {
    const story = createStory();
    await story.open(1);
    await story.install(1, 3, 1);
    await story.open(LIFE + 1);
    await story.install(LIFE + 1, 0, LIFE + 1);
    await story.call("oob_vfs_ready", { file: LIFE + 1, files: LIFE + 1 }, VFS);
    expect(story.index()).toEqual([`${LIFE + 1}:0 -> ${LIFE + 1}`]);
  });

  test("leaves the files of sockets to the in-band stack, whose release finds nobody asleep", async () => {
    const story = await createNetStory();
    await story.udp(5, "10.0.0.1:7000");
    const reading = story.receive(5);
    await drained();
    await story.call("oob_vfs_ready", { file: LIFE + 1, files: LIFE + 1 }, VFS);
    expect(await reading).toBe("EINTR");
    expect(story.facts("sk_release", "efile_free")).toEqual([]);
    expect(await outcomeOf(story.release(5))).toBe("ok");
    expect(await story.destroy(5)).toBe("ok");
    expect(story.facts("sk_free")).toEqual(["sk_free sk=5 refs=0"]);
  });
});

describe("an in-band stack that comes back empty", () => {
  test("lets the core end its sockets, also those with a reader asleep, and its ports with their diversions", async () => {
    const disabled: string[] = [];
    const story = await createNetStory({
      hooks: {
        netif_disable_oob_diversion: async (_context, { dev }) => {
          disabled.push(dev);
          return { kind: "returned", value: {} };
        },
      },
    });
    await story.port("eth0");
    await story.udp(5, "10.0.0.1:7000");
    await story.attach(6, { family: AF.PF_OOB, type: SOCK.SOCK_DGRAM, protocol: OOBPROTO.OOBPROTO_ECHO });
    const reading = story.receive(5);
    await drained();
    await story.call("oob_inband_ready", { sk: LIFE + 1 }, VFS);
    expect(await reading).toBe("EIDRM");
    expect(story.facts("sk_free")).toEqual(["sk_free sk=6 refs=0", "sk_free sk=5 refs=0"]);
    expect(disabled).toEqual(["eth0"]);
    const { devices, sockets } = story.companion.listNetwork();
    expect([devices, sockets]).toEqual([[], []]);
    expect(await story.deliver(frame())).toBe(false);
    // The descriptors are the VFS's business; until it closes them they are bad ones.
    expect(await story.receive(5)).toBe("EBADF");
  });

  test("lets go a socket whose destroy would never have come", async () => {
    const story = await createNetStory();
    await story.udp(5);
    await story.release(5);
    await story.call("oob_inband_ready", { sk: LIFE + 1 }, VFS);
    expect(story.facts("sk_free")).toEqual(["sk_free sk=5 refs=0"]);
  });
});

describe("NICs that come back", () => {
  test("are asked for every diversion again; what one refuses is told, and the others are asked all the same", async () => {
    const asked: string[] = [];
    let refuses = false;
    const story = await createNetStory({
      hooks: {
        netif_enable_oob_diversion: async (_context, { dev }) => {
          asked.push(dev);
          return refuses ? { kind: "refused", errno: "ENODEV" } : { kind: "returned", value: {} };
        },
      },
    });
    await story.call("oob_nic_ready", {}, VFS);
    expect(asked).toEqual([]);
    await story.port("eth0");
    await story.port("vlan7", { ifindex: 3, vlan_id: 7 });
    await story.call("oob_nic_ready", {}, VFS);
    expect(asked).toEqual(["eth0", "eth0"]);
    refuses = true;
    await story.call("oob_nic_ready", {}, VFS);
    expect(story.facts("oob_lapse")).toEqual(["oob_lapse dev=eth0 why=ENODEV"]);
  });
});
