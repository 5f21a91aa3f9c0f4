import { expect } from "@jest/globals";
import { story, type Case } from "../cases/case.ts";
import type { Rig } from "../cases/rig.ts";
import type { Sock } from "../cases/sock.ts";
import { AF_INET, AF_INET6, lo } from "../cases/words.ts";
import { answers, QUESTIONS } from "./questions.ts";

type Wanted = Readonly<Record<string, unknown>>;

const NAMES_UNCONNECTED: Wanted = {
  "peer NULL": "EFAULT",
  "peer 32": "ENOTCONN",
  "sock NULL": "EFAULT",
  "sock addr NULL": "EFAULT",
  "sock 15": "EINVAL",
  "sock 32": 0,
};
const REFUSED: Wanted = {
  FIOASYNC: "EOPNOTSUPP",
  I_PUSH: "EOPNOTSUPP",
  "an ioctl nobody knows": "EINVAL",
  "FIONREAD NULL": "EFAULT",
};
const SETTABLE: Wanted = { "set KEEPALIVE": 0, "set nothing known": "ENOPROTOOPT", "set ERROR": "ENOPROTOOPT" };

const UNCONNECTED: Wanted = {
  send: "ENOTCONN",
  "send OOB": "ENOTCONN",
  recv: "ENOTCONN",
  "recv PEEK": "ENOTCONN",
  "recv OOB": "ENOTCONN",
  "recv OOB PEEK": "ENOTCONN",
  "recv WAITALL": "ENOTCONN",
  "recv 0": "ENOTCONN",
  "accept NULL": "EINVAL",
  "accept without addrlen": "EFAULT",
  ...NAMES_UNCONNECTED,
  ...REFUSED,
  ...SETTABLE,
  FIONREAD: 0,
  SIOCATMARK: 0,
  ERROR: 0,
  ACCEPTCONN: 0,
  "bind of a strange length": "EINVAL",
  "connect of a strange length": "EINVAL",
  "connect to port 0": "EADDRNOTAVAIL",
  "connect NULL": "EINVAL",
};

const DEAD: Wanted = {
  "send nothing to": "EPIPE",
  send: "EPIPE",
  "send OOB": "EPIPE",
  recv: "",
  "recv PEEK": "",
  "recv OOB": "EINVAL",
  "recv WAITALL": "",
  "recv 0": "",
  "accept NULL": "EINVAL",
  "accept without addrlen": "EFAULT",
  ...NAMES_UNCONNECTED,
  ...REFUSED,
  FIONREAD: 0,
  SIOCATMARK: 0,
  ERROR: 0,
  ACCEPTCONN: 0,
};

const CONNECTED: Wanted = {
  send: 1,
  recv: "EAGAIN",
  "recv PEEK": "EAGAIN",
  "recv OOB": "EINVAL",
  "recv OOB PEEK": "EINVAL",
  "recv WAITALL": "EAGAIN",
  "recv 0": "",
  "accept NULL": "EINVAL",
  "accept without addrlen": "EFAULT",
  "peer NULL": "EFAULT",
  "peer 15": "EINVAL",
  "peer 32": 0,
  "peer addr NULL": "EFAULT",
  "sock NULL": "EFAULT",
  "sock addr NULL": "EFAULT",
  "sock 15": "EINVAL",
  "sock 32": 0,
  ...REFUSED,
  ...SETTABLE,
  "send nothing to": 0,
  FIONREAD: 0,
  SIOCATMARK: 0,
  ERROR: 0,
  ACCEPTCONN: 0,
  "bind busy": "EINVAL",
  "bind of a strange length": "EINVAL",
  "connect of a strange length": "EINVAL",
  "connect NULL": "EINVAL",
  poll: "POLLOUT|POLLWRBAND",
  "shutdown 3": "EINVAL",
  "shutdown -1": "EINVAL",
};

/** C and A of a family over loopback. */
async function pair(rig: Rig, family: number): Promise<{ c: Sock; a: Sock; l: Sock }> {
  const l = await rig.tcp(family);
  const port = rig.port();
  expect(await l.bind(lo(port, family))).toBe(0);
  expect(await l.listen(5)).toBe(0);
  const c = await rig.tcp(family);
  expect(await c.connect(lo(port, family))).toBe(0);
  return { c, a: await l.accept(), l };
}

const STATES: Readonly<Record<string, readonly [(rig: Rig, family: number) => Promise<Sock>, Wanted]>> = {
  fresh: [(rig, family) => rig.tcp(family), { ...UNCONNECTED, "send nothing to": "ENOTCONN", poll: "" }],
  bound: [
    async (rig, family) => {
      const s = await rig.tcp(family);
      expect(await s.bind(lo(rig.port(), family))).toBe(0);
      return s;
    },
    { ...UNCONNECTED, "bind busy": "EINVAL" },
  ],
  "bound and unbound": [
    async (rig, family) => {
      const s = await rig.tcp(family);
      expect(await s.bind(lo(rig.port(), family))).toBe(0);
      expect(await s.bindNull(0)).toBe(0);
      return s;
    },
    UNCONNECTED,
  ],
  listening: [
    async (rig, family) => {
      const s = await rig.tcp(family);
      expect(await s.listen(1)).toBe(0);
      await s.nonblocking();
      return s;
    },
    { ...UNCONNECTED, "accept NULL": "EAGAIN", ACCEPTCONN: 2, "bind busy": "EINVAL", poll: "" },
  ],
  "listening with a connection": [
    async (rig, family) => {
      const { l, c } = await pair(rig, family);
      const another = await rig.tcp(family);
      expect(await another.connect(await c.peername())).toBe(0);
      return l;
    },
    (() => {
      const { "accept NULL": _taken, ...rest } = UNCONNECTED;
      return { ...rest, ACCEPTCONN: 2, "bind busy": "EINVAL", poll: "POLLIN|POLLRDNORM" };
    })(),
  ],
  connected: [async (rig, family) => (await pair(rig, family)).c, CONNECTED],
  accepted: [async (rig, family) => (await pair(rig, family)).a, CONNECTED],
  "with data": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      return c;
    },
    {
      "recv 0": "",
      "recv PEEK": "abc",
      "recv OOB": "EINVAL",
      "recv OOB PEEK": "EINVAL",
      FIONREAD: 3,
      SIOCATMARK: 0,
      poll: "POLLIN|POLLOUT|POLLRDNORM|POLLWRBAND",
      recv: "abc",
    },
  ],
  "after SHUT_WR": [
    async (rig, family) => {
      const { c } = await pair(rig, family);
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      return c;
    },
    {
      ...CONNECTED,
      send: "EPIPE",
      "send OOB": "EPIPE",
      "send nothing to": "EPIPE",
      "peer 15": "EINVAL",
      "peer 32": "EINVAL",
      "set KEEPALIVE": "EINVAL",
      "set nothing known": "EINVAL",
      "set ERROR": "EINVAL",
      "peer NULL": "EFAULT",
    },
  ],
  "after SHUT_RD": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await a.send("abc")).toBe(3);
      await rig.still();
      expect(await c.shutdown("SHUT_RD")).toBe(0);
      return c;
    },
    {
      ...CONNECTED,
      recv: "",
      "recv PEEK": "",
      "recv WAITALL": "",
      "peer 32": 0,
      poll: "POLLIN|POLLOUT|POLLRDHUP|POLLRDNORM|POLLWRBAND",
    },
  ],
  "after the peer's FIN": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      return c;
    },
    {
      ...CONNECTED,
      recv: "",
      "recv PEEK": "",
      "recv WAITALL": "",
      poll: "POLLIN|POLLOUT|POLLRDHUP|POLLRDNORM|POLLWRBAND",
    },
  ],
  "after a reset, the error waiting": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await a.setLinger(1, 0)).toBe(0);
      expect(await a.close()).toBe(0);
      await rig.still();
      return c;
    },
    {
      "send nothing to": "EPIPE",
      send: "EPIPE",
      "recv PEEK": "ECONNRESET",
      "peer 32": "ENOTCONN",
      "sock 32": 0,
      FIOASYNC: "EOPNOTSUPP",
      I_PUSH: "EOPNOTSUPP",
      "accept NULL": "EINVAL",
      "set KEEPALIVE": "EINVAL",
      FIONREAD: "ECONNRESET",
      SIOCATMARK: 0,
      ERROR: 0,
      recv: "",
    },
  ],
  "after a reset, the error told": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await a.setLinger(1, 0)).toBe(0);
      expect(await a.close()).toBe(0);
      await rig.still();
      expect(await c.recv(1)).toBe("ECONNRESET");
      return c;
    },
    { ...DEAD, "set KEEPALIVE": "EINVAL" },
  ],
  "after a refusal": [
    async (rig, family) => {
      const s = await rig.tcp(family);
      expect(await s.connect(lo(rig.port(), family))).toBe("ECONNREFUSED");
      return s;
    },
    DEAD,
  ],
  "after both FINs, ours first": [
    async (rig, family) => {
      const { c, a } = await pair(rig, family);
      expect(await c.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      expect(await a.shutdown("SHUT_WR")).toBe(0);
      await rig.still();
      return c;
    },
    {
      send: "EPIPE",
      recv: "",
      "recv OOB": "EINVAL",
      "recv 0": "",
      "set KEEPALIVE": "EINVAL",
      "sock 32": 0,
      FIONREAD: 0,
      ERROR: 0,
      "shutdown 3": "EINVAL",
    },
  ],
  closed: [
    async (rig, family) => {
      const { c } = await pair(rig, family);
      expect(await c.close()).toBe(0);
      return c;
    },
    Object.fromEntries(Object.keys(QUESTIONS).map((name) => [name, "ENOTSOCK"])),
  ],
};

/** Every question in every state, of both families. */
export const STATES_CROSSED: readonly Case[] = [AF_INET, AF_INET6].flatMap((family) =>
  Object.entries(STATES).map(([state, [reach, wanted]]) =>
    story("S3", `${family === AF_INET ? "AF_INET" : "AF_INET6"} ${state}: what each call answers`, async (rig) => {
      const s = await reach(rig, family);
      expect(await answers(s, family, wanted)).toEqual(wanted);
    }),
  ),
);
