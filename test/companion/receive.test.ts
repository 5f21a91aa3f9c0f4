import { expect, test } from "@jest/globals";
import { AF, ETH_P, EVL_SOCKIOC, MSG, POLL, SOCK } from "../../services/abi/flags.ts";
import { parseStruct } from "../../services/lab/load/struct-text.ts";
import { drained, outcomeOf } from "./harness.ts";
import { createNetStory, frame, utf8, type NetStory } from "./net-harness.ts";

const ALL = { family: AF.AF_PACKET, type: SOCK.SOCK_RAW, protocol: ETH_P.ETH_P_ALL };

/** EVL_SOCKIOC_SETOPT, or GETOPT, with an argument in words. */
const ioctl = (story: NetStory, fd: number, cmd: number, words: string): Promise<string> =>
  story.told("sock_inband_ioctl_redirect", {
    sk: fd,
    oob_data: story.oobData(fd),
    cmd,
    arg: parseStruct(`struct:${words}`) ?? new Uint8Array(0),
  });
const setopt = (story: NetStory, fd: number, words: string): Promise<string> =>
  ioctl(story, fd, EVL_SOCKIOC.EVL_SOCKIOC_SETOPT, `SOL_SOCKET ${words}`);

test("when no clone can be made any more who waits for one hears ENOMEM; who reads gives clones back", async () => {
  const story = await createNetStory();
  await story.port("eth0");
  await story.attach(5, ALL);
  for (let n = 0; n < 128; n += 1) await story.deliver(frame());
  await drained();
  expect(story.facts("oob_deny")).toEqual([]);
  await story.attach(6, ALL);
  const waiting = story.receive(6);
  expect(await outcomeOf(waiting)).toBe("asleep");
  await story.deliver(frame());
  expect(await waiting).toBe("ENOMEM");
  expect(story.facts("oob_deny")).toHaveLength(2);
  await story.receive(5);
  await story.deliver(frame());
  await drained();
  expect(story.facts("oob_deliver")).toHaveLength(129);
});

test("in-band buffers go back thirty-two at a time, and what waits in a socket keeps its own", async () => {
  const story = await createNetStory();
  await story.port("eth0", { capable: false });
  await story.udp(5, "10.0.0.1:7000");
  for (let n = 0; n < 32; n += 1)
    await story.deliver(frame({ to: n === 3 ? "10.0.0.1:7000" : "10.0.0.1:9" }), "inband");
  await drained();
  expect(story.facts("skb_recycle")).toEqual([]);
  await story.receive(5);
  expect(story.facts("skb_recycle")).toEqual(["skb_recycle buffers=32"]);
});

test("a capable device whose buffers nobody gives back drops what comes, and counts it", async () => {
  const story = await createNetStory();
  await story.port("eth0", { pool: 2 });
  await story.udp(5, "10.0.0.1:7000");
  for (let n = 0; n < 3; n += 1) await story.deliver(frame());
  await drained();
  expect(story.facts("rx_nomem")).toEqual(["rx_nomem dev=eth0 frame=3"]);
  expect(story.companion.listNetwork().oob_devices).toMatchObject([{ dev: "eth0", rx_packets: 3, rx_nomem: 1 }]);
  // A purge gives them back as a receive does.
  await story.shutdown(5, 0);
  await story.bind(5, "10.0.0.1:7000");
  await story.deliver(frame());
  await drained();
  expect(story.facts("rx_nomem")).toHaveLength(1);
});

test("the times of what comes are told to who asks for them, and end with the socket", async () => {
  const story = await createNetStory();
  await story.port("eth0");
  await story.udp(5, "10.0.0.1:7000");
  await story.udp(6, "10.0.0.1:7001");
  expect(await setopt(story, 5, "EVL_SOCKOPT_TIMESTAMPING EVL_SOF_TIMESTAMP_RX")).toBe("ok");
  await story.deliver(frame());
  await story.deliver(frame({ to: "10.0.0.1:7001" }));
  await drained();
  // Another socket's frames are stamped, too, while anybody asks; it is not told.
  expect(story.facts("rx_times")).toHaveLength(2);
  await story.destroy(5);
  await story.deliver(frame({ to: "10.0.0.1:7001" }));
  await drained();
  expect(story.facts("rx_times")).toHaveLength(2);
});

test("the times of what is sent wait in the socket; to set the option anew sends away who waits for some", async () => {
  const story = await createNetStory();
  await story.udp(5, "10.0.0.1:7000");
  expect(await story.receive(5, { flags: MSG.MSG_TIMESTAMP })).toBe("EINVAL");
  await setopt(story, 5, "EVL_SOCKOPT_TIMESTAMPING EVL_SOF_TIMESTAMP_TX");
  const waiting = story.receive(5, { flags: MSG.MSG_TIMESTAMP });
  expect(await outcomeOf(waiting)).toBe("asleep");
  await setopt(story, 5, "EVL_SOCKOPT_TIMESTAMPING EVL_SOF_TIMESTAMP_TX");
  expect(await waiting).toBe("EIDRM");
  expect(await story.receive(5, { flags: MSG.MSG_TIMESTAMP | MSG.MSG_DONTWAIT })).toBe("EAGAIN");
  const ended = story.receive(5, { flags: MSG.MSG_TIMESTAMP });
  await story.shutdown(5, 0);
  expect(await ended).toBe(" from nobody");
});

test("a shutdown tells pollers of input that there was something, once; then RDHUP, and HUP alone", async () => {
  const story = await createNetStory();
  await story.udp(5, "10.0.0.1:7000");
  const polled = story.poll(5, POLL.POLLRDNORM);
  await story.shutdown(5, 0);
  expect(await polled).toBe(POLL.POLLRDNORM);
  expect(await story.poll(5, POLL.POLLRDHUP | POLL.POLLOUT)).toBe(POLL.POLLRDHUP | POLL.POLLOUT);
  await story.shutdown(5, 1);
  expect(await story.poll(5, POLL.POLLOUT)).toBe(POLL.POLLHUP);
});

test("a device is listed with the program that filters its input, for as long as there is one", async () => {
  const story = await createNetStory();
  await story.port("eth0");
  const listed = (): unknown => story.companion.listNetwork().oob_devices.map(({ filter }) => filter);
  const filter = (program: string): Promise<string> =>
    story.told("oob_net_filter", { dev: "eth0", program: utf8(program), section: "" });
  expect(listed()).toEqual([""]);
  expect(await filter("{ 0x6, 0, 0, 0x00040000 },")).toBe("ok");
  expect(listed()).toEqual(["classic"]);
  expect(await filter("{ 0xff, 0, 0, 0 },")).toBe("EINVAL");
  expect(story.facts("filter_refused")).toEqual([
    expect.stringContaining("instruction 0, { 0xff, 0, 0, 0x00000000 }:"),
  ]);
  expect(listed()).toEqual(["classic"]);
  expect(await filter("")).toBe("ok");
  expect(listed()).toEqual([""]);
});
