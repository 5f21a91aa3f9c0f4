"""Makes sequences of socket calls on the kernel that runs, and says what it answered.

Reads a line of JSON for each sequence, {"id", "calls", "settleMs", "base"}, and writes one, {"id", "answers"}. The language of
the calls and of the answers is that of calls.ts beside this file. `base` is the first of the ports that stand for P, Q and R.
"""

import ctypes
import fcntl
import json
import os
import select
import struct
import sys
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from errno import errorcode

errorcode[95] = "EOPNOTSUPP"
LIBC = ctypes.CDLL(None, use_errno=True)
AF_INET, SOL_SOCKET, TCP, IP = 2, 1, 6, 0
STREAM, DGRAM, NONBLOCK, CLOEXEC = 1, 2, 0o4000, 0o2000000
LETTERS = "PQR"
FLAGS = {
    "OOB": 0x1, "PEEK": 0x2, "TRUNC": 0x20, "DONTWAIT": 0x40, "WAITALL": 0x100, "ERRQUEUE": 0x2000, "NOSIGNAL": 0x4000, "MORE": 0x8000,
}
POLLS = {
    "IN": 0x1, "PRI": 0x2, "OUT": 0x4, "ERR": 0x8, "HUP": 0x10, "RDNORM": 0x40, "WRNORM": 0x100, "RDHUP": 0x2000,
}
OPTIONS = {
    "REUSEADDR": (SOL_SOCKET, 2), "TYPE": (SOL_SOCKET, 3), "ERROR": (SOL_SOCKET, 4), "BROADCAST": (SOL_SOCKET, 6),
    "SNDBUF": (SOL_SOCKET, 7), "RCVBUF": (SOL_SOCKET, 8), "KEEPALIVE": (SOL_SOCKET, 9), "OOBINLINE": (SOL_SOCKET, 10),
    "LINGER": (SOL_SOCKET, 13), "REUSEPORT": (SOL_SOCKET, 15), "RCVLOWAT": (SOL_SOCKET, 18), "SNDLOWAT": (SOL_SOCKET, 19),
    "RCVTIMEO": (SOL_SOCKET, 20), "SNDTIMEO": (SOL_SOCKET, 21), "ACCEPTCONN": (SOL_SOCKET, 30), "PROTOCOL": (SOL_SOCKET, 38),
    "DOMAIN": (SOL_SOCKET, 39), "BINDTOIFINDEX": (SOL_SOCKET, 62), "TOS": (IP, 1), "TTL": (IP, 2), "MTU_DISCOVER": (IP, 10),
    "MTU": (IP, 14), "NODELAY": (TCP, 1), "MAXSEG": (TCP, 2), "CORK": (TCP, 3), "KEEPIDLE": (TCP, 4), "KEEPINTVL": (TCP, 5),
    "KEEPCNT": (TCP, 6), "SYNCNT": (TCP, 7), "LINGER2": (TCP, 8), "QUICKACK": (TCP, 12), "USER_TIMEOUT": (TCP, 18),
}
IOCTLS = {"OUTQ": 0x5411, "INQ": 0x541B, "ATMARK": 0x8905, "OUTQNSD": 0x894B}
WAIT = 0.02


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Msghdr(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p), ("namelen", ctypes.c_uint32), ("iov", ctypes.POINTER(Iovec)), ("iovlen", ctypes.c_size_t),
        ("control", ctypes.c_void_p), ("controllen", ctypes.c_size_t), ("flags", ctypes.c_int),
    ]


class Refused(Exception):
    pass


def call(name, *args):
    answer = getattr(LIBC, name)(*args)
    if answer < 0:
        number = ctypes.get_errno()
        raise Refused(errorcode.get(number, str(number)))
    return answer


def told(data):
    """Bytes as text: a run of more than eight of the same is told by its length."""
    out, i = "", 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i]:
            j += 1
        out += chr(data[i]) * (j - i) if j - i <= 8 else f"<{j - i}*{chr(data[i])}>"
        i = j
    return out


def payload(word):
    count, star, what = word.partition("*")
    return what.encode() * int(count) if star else (b"" if word == "-" else word.encode())


class Player:
    def __init__(self, base):
        self.base = base
        self.fds = {}
        self.others = {}

    def address(self, word):
        if word == "unspec":
            return struct.pack("16x")
        if word == "inet6":
            return struct.pack("=H14x", 10)
        if word == "short":
            return struct.pack("=H6x", AF_INET)
        if word == "none":
            return b""
        host, _, port = word.partition(":")
        if host == "at":
            _, number = self.name("getsockname", port)
        else:
            number = self.base + LETTERS.index(port) if port in LETTERS else int(port)
        octets = {"any": (0, 0, 0, 0), "far": (198, 51, 100, 1), "at": (127, 0, 0, 1), "many": (224, 0, 0, 9)}.get(host) or (127, 0, 0, int(host))
        return struct.pack(">2s H 4s 8x".replace(" ", ""), struct.pack("=H", AF_INET), number, bytes(octets))

    def tell(self, raw):
        if len(raw) < 8:
            return ""
        port = struct.unpack(">H", raw[2:4])[0]
        host = {b"\0\0\0\0": "any"}.get(raw[4:8], str(raw[7]))
        if self.base <= port < self.base + len(LETTERS):
            return f"{host}:{LETTERS[port - self.base]}"
        if port == 0:
            return f"{host}:0"
        return f"{host}:e{self.others.setdefault(port, len(self.others) + 1)}"

    def name(self, call_name, x):
        buffer, length = ctypes.create_string_buffer(32), ctypes.c_uint32(32)
        call(call_name, self.fds.get(x, -1), buffer, ctypes.byref(length))
        raw = buffer.raw[: length.value]
        return raw, struct.unpack(">H", raw[2:4])[0]

    def timeout(self, fd, option, seconds):
        value = struct.pack("@ll", int(seconds), int(seconds % 1 * 1e6))
        call("setsockopt", fd, SOL_SOCKET, option, value, len(value))

    def waiting(self, fd, option, work):
        """Makes a call that waits, but not for long."""
        if fd < 0:
            return work()
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags & ~os.O_NONBLOCK)
        self.timeout(fd, option, WAIT)
        try:
            return work()
        finally:
            self.timeout(fd, option, 0)
            fcntl.fcntl(fd, fcntl.F_SETFL, flags)

    def play(self, text):
        verb, *words = text.split(" ")
        try:
            return getattr(self, "do_" + verb)(*words)
        except Refused as refused:
            return str(refused)

    def do_socket(self, x, kind):
        self.fds[x] = call("socket", AF_INET, {"stream": STREAM, "dgram": DGRAM}[kind] | NONBLOCK | CLOEXEC, 0)
        return "0"

    def do_bind(self, x, where):
        raw = self.address(where)
        call("bind", self.fds.get(x, -1), raw, len(raw))
        return "0"

    def do_listen(self, x, backlog):
        call("listen", self.fds.get(x, -1), int(backlog))
        return "0"

    def do_connect(self, x, where):
        raw = self.address(where)
        call("connect", self.fds.get(x, -1), raw, len(raw))
        return "0"

    def do_connectwait(self, x, where):
        fd = self.fds.get(x, -1)
        return self.waiting(fd, 21, lambda: self.do_connect(x, where))

    def do_accept(self, x, y):
        buffer, length = ctypes.create_string_buffer(32), ctypes.c_uint32(32)
        self.fds[y] = call("accept4", self.fds.get(x, -1), buffer, ctypes.byref(length), NONBLOCK | CLOEXEC)
        return self.tell(buffer.raw[: length.value])

    def do_shutdown(self, x, how):
        call("shutdown", self.fds.get(x, -1), {"rd": 0, "wr": 1, "rdwr": 2, "none": 3}[how])
        return "0"

    def do_send(self, x, data, *flags):
        return self.send(x, "none", data, flags)

    def do_sendto(self, x, where, data, *flags):
        return self.send(x, where, data, flags)

    def send(self, x, where, data, flags):
        raw, what = self.address(where), payload(data)
        number = sum(FLAGS[flag] for flag in flags) | FLAGS["NOSIGNAL"]
        return str(call("sendto", self.fds.get(x, -1), what, len(what), number, raw or None, len(raw)))

    def do_fill(self, x):
        while True:
            self.send(x, "none", "60000*x", ())

    def do_recv(self, x, count, *flags):
        size = int(count)
        buffer, name = ctypes.create_string_buffer(size + 1), ctypes.create_string_buffer(32)
        iov = Iovec(ctypes.addressof(buffer), size)
        message = Msghdr(ctypes.addressof(name), 32, ctypes.pointer(iov), 1, None, 0, 0)
        got = call("recvmsg", self.fds.get(x, -1), ctypes.byref(message), sum(FLAGS[flag] for flag in flags))
        data = buffer.raw[: min(got, size)]
        text = "" if data.count(0) == len(data) else " " + told(data)
        marks = "".join(f" {word}" for word in ("OOB", "TRUNC") if message.flags & FLAGS[word])
        source = self.tell(name.raw[: message.namelen])
        return str(got) + text + marks + (f" from {source}" if source else "")

    def do_recvwait(self, x, count, *flags):
        fd = self.fds.get(x, -1)
        return self.waiting(fd, 20, lambda: self.do_recv(x, count, *flags))

    def do_set(self, x, option, value):
        level, number = OPTIONS[option]
        if option == "LINGER":
            data = struct.pack("=ii", *map(int, value.split(",")))
        elif option.endswith("TIMEO"):
            data = struct.pack("@ll", int(value) // 1000, int(value) % 1000 * 1000)
        else:
            data = struct.pack("=i", int(value))
        call("setsockopt", self.fds.get(x, -1), level, number, data, len(data))
        return "0"

    def do_get(self, x, option):
        level, number = OPTIONS[option]
        buffer, length = ctypes.create_string_buffer(64), ctypes.c_uint32(64)
        call("getsockopt", self.fds.get(x, -1), level, number, buffer, ctypes.byref(length))
        if option == "LINGER":
            return "{},{}".format(*struct.unpack("=ii", buffer.raw[:8]))
        if option.endswith("TIMEO"):
            seconds, micros = struct.unpack("@ll", buffer.raw[:16])
            return str(seconds * 1000 + micros // 1000)
        value = struct.unpack("=i", buffer.raw[:4])[0] if length.value >= 4 else buffer.raw[0]
        return errorcode[value] if option == "ERROR" and value != 0 else str(value)

    def do_poll(self, x):
        poller = select.poll()
        if x not in self.fds:
            return "EBADF"
        poller.register(self.fds[x], POLLS["IN"] | POLLS["PRI"] | POLLS["OUT"] | POLLS["RDHUP"] | POLLS["RDNORM"] | POLLS["WRNORM"])
        for _, events in poller.poll(0):
            return " ".join(word for word, bit in POLLS.items() if events & bit)
        return "nothing"

    def do_ioctl(self, x, command):
        value = ctypes.c_int(-1)
        call("ioctl", self.fds.get(x, -1), IOCTLS[command], ctypes.byref(value))
        return str(value.value)

    def do_sockname(self, x):
        return self.tell(self.name("getsockname", x)[0])

    def do_peername(self, x):
        return self.tell(self.name("getpeername", x)[0])

    def do_dup(self, x, y):
        self.fds[y] = call("dup", self.fds.get(x, -1))
        return "0"

    def do_close(self, x):
        call("close", self.fds.pop(x, -1))
        return "0"


def run(order):
    player = Player(order["base"])
    answers = []
    for text in order["calls"]:
        answers.append(player.play(text))
        time.sleep(order["settleMs"] / 1000)
    for fd in set(player.fds.values()):
        # What is left goes at once, so that nothing of it disturbs who comes next.
        try:
            call("setsockopt", fd, SOL_SOCKET, 13, struct.pack("=ii", 1, 0), 8)
        except Refused:
            pass
        LIBC.close(fd)
    return {"id": order["id"], "answers": answers}


def main():
    lock = threading.Lock()

    def write(future):
        with lock:
            try:
                line = future.result()
            except Exception as error:  # The reader must not wait for what never comes.
                line = {"error": repr(error)}
            print(json.dumps(line), flush=True)

    with ThreadPoolExecutor(int(sys.argv[1]) if len(sys.argv) > 1 else 1) as pool:
        for line in sys.stdin:
            pool.submit(run, json.loads(line)).add_done_callback(write)


main()
