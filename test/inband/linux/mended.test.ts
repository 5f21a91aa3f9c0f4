import { describe, expect, test } from "@jest/globals";
import { onTenon } from "./calls.ts";

/** What the last call of a sequence is told; or the last ones. */
async function last(calls: readonly string[], count = 1): Promise<string> {
  return (await onTenon(calls, 2)).slice(-count).join(", ");
}

const LISTENING = ["socket a stream", "bind a 1:P", "listen a 2"];
const CONNECTED = [...LISTENING, "socket b stream", "connectwait b 1:P", "accept a c"];
const DATAGRAM = ["socket b dgram", "bind b 1:P"];

/* What the comparison with a running kernel found, and what is so since. */

describe("streams", () => {
  test("data for who has shut both directions resets the connection, on both sides, and nobody gets it", async () => {
    const shut = [...CONNECTED, "shutdown c rd", "shutdown c wr", "send b hello"];
    expect(await last([...shut, "recv c 10"])).toBe("ECONNRESET");
    expect(await last([...shut, "get b ERROR", "recv c 10", "recv c 10"], 3)).toBe("EPIPE, ECONNRESET, 0");
  });

  test("data for who has shut the receiving direction only is received", async () => {
    expect(await last([...CONNECTED, "shutdown c rd", "send b hello", "recv c 10"])).toBe("5 hello");
  });

  test("MSG_MORE holds back until the peer's next segment comes", async () => {
    const held = [...CONNECTED, "send b ab MORE"];
    expect(await last([...held, "recv c 10"])).toBe("EAGAIN");
    expect(await last([...held, "send c x", "recv c 10"])).toBe("2 ab");
  });

  test("a receive of no bytes is EAGAIN where nothing is there, and 0 where something is", async () => {
    expect(await last([...CONNECTED, "recv b 0", "send c x", "recv b 0", "recv b 10"], 4)).toBe("EAGAIN, 1, 0, 1 x");
    expect(await last([...CONNECTED, "recvwait b 0"])).toBe("0");
  });

  test("MSG_OOB with MSG_TRUNC counts the byte and keeps it; after a reset it is ENOTCONN", async () => {
    const urgent = [...CONNECTED, "send c hello OOB"];
    expect(await last([...urgent, "recv b 1 OOB TRUNC"])).toBe("1 OOB");
    expect(await last([...urgent, "set c LINGER 1,0", "close c", "recv b 1 OOB"])).toBe("ENOTCONN");
    expect(await last([...urgent, "close c", "recv b 1 OOB"])).toBe("1 o OOB");
  });

  test("who was shut down while an attempt was refused needs AF_UNSPEC before the next one", async () => {
    const shut = ["socket b stream", "connect b 1:P", "shutdown b wr"];
    expect(await last([...shut, "connect b 1:P", "listen b 1"], 2)).toBe("EINVAL, EINVAL");
    expect(await last([...shut, "connect b unspec", "connectwait b 1:P"], 2)).toBe("0, ECONNREFUSED");
  });

  test("who was shut down while an attempt was under way may try again", async () => {
    const full = ["socket a stream", "bind a 1:P", "listen a 0", "socket c stream", "connectwait c 1:P"];
    const shut = ["socket b stream", "connect b 1:P", "shutdown b wr", "connect b 1:Q"];
    expect(await last([...full, ...shut], 2)).toBe("0, EINPROGRESS");
  });

  test("who was shut down before it connects is shut down in its connection; AF_UNSPEC opens it again", async () => {
    const shut = [...LISTENING, "socket b stream", "shutdown b rdwr"];
    const used = ["connectwait b 1:P", "poll b", "recv b 1", "send b x"];
    expect(await last([...shut, ...used], 4)).toBe("0, IN OUT HUP RDNORM WRNORM RDHUP, 0, EPIPE");
    expect(await last([...shut, "connect b unspec", ...used], 4)).toBe("0, OUT WRNORM, EAGAIN, 1");
  });

  test("getsockname tells the port of a connection that is over, and the address only if bind gave it", async () => {
    expect(await last(["socket b stream", "connectwait b 1:P", "sockname b"])).toBe("any:e1");
    expect(await last([...CONNECTED, "connect c unspec", "sockname c"])).toBe("1:P");
    const any = ["socket a stream", "bind a any:P", "listen a 2", "socket b stream", "connectwait b 1:P", "accept a c"];
    expect(await last([...any, "connect c unspec", "sockname c"])).toBe("any:P");
  });

  test("a connection within the host comes from 127.0.0.1, whatever loopback address it goes to", async () => {
    const calls = ["socket a stream", "bind a 2:P", "listen a 2", "socket b stream", "connectwait b 2:P", "accept a c"];
    expect(await last(calls)).toBe("1:e1");
  });
});

describe("datagrams", () => {
  test("poll tells POLLRDNORM, POLLWRNORM and POLLRDHUP, too", async () => {
    expect(await last([...DATAGRAM, "poll b"])).toBe("OUT WRNORM");
    expect(await last([...DATAGRAM, "sendto b 1:P x", "poll b"])).toBe("IN OUT RDNORM WRNORM");
    expect(await last([...DATAGRAM, "shutdown b rd", "poll b"])).toBe("IN OUT RDNORM WRNORM RDHUP");
  });

  test("a send or connect that fails has given the socket a port", async () => {
    for (const call of ["send b x OOB", "sendto b inet6 x", "sendto b short x", "connect b short", "connect b inet6"])
      expect(await last(["socket b dgram", call, "sockname b"])).toBe("any:e1");
  });

  test("a peer with port 0 can be sent to, and is none to getpeername; an address with it is EINVAL", async () => {
    const calls = ["socket b dgram", "connect b 1:0", "peername b", "send b x", "sendto b 1:0 x"];
    expect(await last(calls, 3)).toBe("ENOTCONN, 1, EINVAL");
  });

  test("the error queue is empty, SIOCOUTQ is 0, and the largest packet that IP_MTU tells is one", async () => {
    const calls = [...DATAGRAM, "connect b 1:P", "send b x", "recv b 9 ERRQUEUE", "ioctl b OUTQ", "get b MTU"];
    expect(await last(calls, 3)).toBe("EAGAIN, 0, 65535");
  });

  test("an option of TCP is EOPNOTSUPP to ask for, and ENOPROTOOPT to set", async () => {
    expect(await last([...DATAGRAM, "get b NODELAY", "set b NODELAY 1"], 2)).toBe("EOPNOTSUPP, ENOPROTOOPT");
  });
});
