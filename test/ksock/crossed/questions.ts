import type { Sock } from "../cases/sock.ts";
import { any, lo, SO } from "../cases/words.ts";

/** What is asked of a socket in each state, none of which changes it; the answers of errno and value. */
export const QUESTIONS: Readonly<Record<string, (s: Sock, family: number) => Promise<unknown>>> = {
  "send nothing to": (s) => s.send("", "MSG_DONTWAIT"),
  send: (s) => s.send("x", "MSG_DONTWAIT"),
  "send OOB": (s) => s.send("x", "MSG_DONTWAIT|MSG_OOB"),
  recv: (s) => s.recv(64, "MSG_DONTWAIT"),
  "recv PEEK": (s) => s.recv(64, "MSG_DONTWAIT|MSG_PEEK"),
  "recv OOB": (s) => s.recv(64, "MSG_OOB"),
  "recv OOB PEEK": (s) => s.recv(64, "MSG_OOB|MSG_PEEK"),
  "recv WAITALL": (s) => s.recv(64, "MSG_DONTWAIT|MSG_WAITALL"),
  "recv 0": (s) => s.recv(0),
  "accept NULL": (s) => s.tryAccept(),
  "accept without addrlen": (s) => s.tryAccept(null),
  "peer NULL": (s) => s.tryPeername(null),
  "peer 15": (s) => s.tryPeername(15),
  "peer -1": (s) => s.tryPeername(-1),
  "peer 32": (s) => s.tryPeername(32),
  "peer addr NULL": (s) => s.tryPeername(32, true),
  "sock NULL": (s) => s.trySockname(null),
  "sock 15": (s) => s.trySockname(15),
  "sock 32": (s) => s.trySockname(32),
  "sock addr NULL": (s) => s.trySockname(32, true),
  FIONREAD: (s) => s.ioctl("FIONREAD"),
  SIOCATMARK: (s) => s.ioctl("SIOCATMARK"),
  FIOASYNC: (s) => s.ioctl("FIOASYNC", 1),
  I_PUSH: (s) => s.ioctl("I_PUSH", 1),
  "an ioctl nobody knows": (s) => s.ioctl(0x2000_7a01, 0),
  "FIONREAD NULL": (s) => s.ioctl("FIONREAD", null),
  ERROR: (s) => s.get(SO.LEVEL, SO.ERROR),
  ACCEPTCONN: (s) => s.get(SO.LEVEL, SO.ACCEPTCONN),
  "set KEEPALIVE": (s) => s.set(SO.LEVEL, SO.KEEPALIVE, 1),
  "set nothing known": (s) => s.set(SO.LEVEL, 0x7777, 1),
  "set ERROR": (s) => s.set(SO.LEVEL, SO.ERROR, 1),
  "bind busy": (s, family) => s.bind(any(1999, family)),
  "bind of a strange length": async (s, family) => s.bind(lo(9, family).subarray(0, 15)),
  "connect of a strange length": (s, family) => s.connect(lo(9, family).subarray(0, 15)),
  "connect to port 0": (s, family) => s.connect(lo(0, family)),
  "connect NULL": (s) => s.connectNull(0),
  poll: (s) => s.poll("POLLIN|POLLOUT|POLLPRI|POLLRDBAND|POLLWRBAND|POLLRDNORM|POLLERR|POLLHUP|POLLRDHUP", 0),
  "shutdown 3": (s) => s.shutdown(3),
  "shutdown -1": (s) => s.shutdown(-1),
};

/** What a socket answers to each question that an answer is wanted to, in their order. */
export async function answers(
  s: Sock,
  family: number,
  wanted: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(wanted)) {
    const ask = QUESTIONS[name];
    if (ask === undefined) throw new Error(name);
    found[name] = await ask(s, family);
  }
  return found;
}
