import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { AF_INET, AF_INET6, lo } from "../cases/words.ts";
import { answers } from "./questions.ts";

type Wanted = Readonly<Record<string, unknown>>;

const ALWAYS: Wanted = {
  "accept NULL": "EOPNOTSUPP",
  "sock NULL": "EFAULT",
  "sock addr NULL": "EFAULT",
  "sock 15": "EINVAL",
  "sock 32": 0,
  "peer NULL": "EFAULT",
  SIOCATMARK: "EINVAL",
  FIOASYNC: "EOPNOTSUPP",
  I_PUSH: "EOPNOTSUPP",
  "an ioctl nobody knows": "EINVAL",
  "FIONREAD NULL": "EFAULT",
  "recv OOB": "EOPNOTSUPP",
  "recv OOB PEEK": "EOPNOTSUPP",
  ACCEPTCONN: 0,
  ERROR: 0,
  FIONREAD: 0,
};
const SETTABLE: Wanted = { "set KEEPALIVE": 0, "set nothing known": "ENOPROTOOPT", "set ERROR": "ENOPROTOOPT" };
const EMPTY: Wanted = { recv: "EAGAIN", "recv PEEK": "EAGAIN", "recv WAITALL": "EAGAIN" };
const ALONE: Wanted = {
  ...ALWAYS,
  ...SETTABLE,
  ...EMPTY,
  send: "EDESTADDRREQ",
  "send nothing to": "EDESTADDRREQ",
  "send OOB": "EOPNOTSUPP",
  "peer 32": "ENOTCONN",
  "shutdown 3": "ENOTCONN",
  "bind of a strange length": "EINVAL",
  "connect of a strange length": "EINVAL",
  "connect to port 0": "EADDRNOTAVAIL",
  poll: "POLLOUT",
};
const TOGETHER: Wanted = {
  ...ALWAYS,
  ...SETTABLE,
  ...EMPTY,
  send: 1,
  "send nothing to": 0,
  "send OOB": "EOPNOTSUPP",
  "peer 32": 0,
  "peer 15": "EINVAL",
  "peer -1": "EINVAL",
  "peer addr NULL": "EFAULT",
  "shutdown 3": "EINVAL",
  "bind busy": "EINVAL",
};

async function couple(rig: Rig, family: number): Promise<{ x: Sock; y: Sock }> {
  const [x, y] = [await rig.udp(family), await rig.udp(family)];
  for (const s of [x, y]) expect(await s.bind(lo(rig.port(), family))).toBe(0);
  expect(await x.connect(await y.sockname())).toBe(0);
  return { x, y };
}

const STATES: Readonly<Record<string, readonly [(rig: Rig, family: number) => Promise<Sock>, Wanted]>> = {
  fresh: [(rig, family) => rig.udp(family), { ...ALONE, "connect NULL": "EINVAL" }],
  bound: [
    async (rig, family) => {
      const s = await rig.udp(family);
      expect(await s.bind(lo(rig.port(), family))).toBe(0);
      return s;
    },
    { ...ALONE, "bind busy": "EINVAL", "connect NULL": "EINVAL" },
  ],
  connected: [async (rig, family) => (await couple(rig, family)).x, TOGETHER],
  disconnected: [
    async (rig, family) => {
      const { x } = await couple(rig, family);
      expect(await x.connectNull(0)).toBe(0);
      return x;
    },
    { ...ALONE, "bind busy": "EINVAL" },
  ],
  "after SHUT_WR": [
    async (rig, family) => {
      const { x } = await couple(rig, family);
      expect(await x.shutdown("SHUT_WR")).toBe(0);
      return x;
    },
    {
      ...TOGETHER,
      send: "EPIPE",
      "send nothing to": "EPIPE",
      "send OOB": "EPIPE",
      "set KEEPALIVE": "EINVAL",
      "set nothing known": "EINVAL",
      "set ERROR": "EINVAL",
      "peer 32": "EINVAL",
      "peer 15": "EINVAL",
    },
  ],
  "after SHUT_RD": [
    async (rig, family) => {
      const { x, y } = await couple(rig, family);
      expect(await y.sendto("abc", await x.sockname())).toBe(3);
      await rig.still();
      expect(await x.shutdown("SHUT_RD")).toBe(0);
      expect(await y.sendto("swallowed", await x.sockname())).toBe(9);
      await rig.still();
      return x;
    },
    { ...TOGETHER, recv: "", "recv PEEK": "", "recv WAITALL": "" },
  ],
  closed: [
    async (rig, family) => {
      const { x } = await couple(rig, family);
      expect(await x.close()).toBe(0);
      return x;
    },
    Object.fromEntries(Object.keys(TOGETHER).map((name) => [name, "ENOTSOCK"])),
  ],
};

/** Every question in every state of datagram sockets, of both families. */
export const DATAGRAM_STATES: readonly Case[] = [AF_INET, AF_INET6].flatMap((family) =>
  Object.entries(STATES).map(([state, [reach, wanted]]) =>
    story(
      "S3.16",
      `${family === AF_INET ? "AF_INET" : "AF_INET6"} datagrams, ${state}: what each call answers`,
      async (rig) => {
        const s = await reach(rig, family);
        expect(await answers(s, family, wanted)).toEqual(wanted);
      },
    ),
  ),
);
