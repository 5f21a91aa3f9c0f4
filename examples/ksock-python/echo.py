"""An echo server or client on the kernel sockets of a running kernel (`npx tenon up`).

    /usr/bin/python3 examples/ksock-python/echo.py server unix:/path/control.sock beta 10.0.0.2 7
    /usr/bin/python3 examples/ksock-python/echo.py client unix:/path/control.sock alpha 10.0.0.2 7 "hello, kernel"
"""

import asyncio
import os
import re
import signal
import sys

try:
    from ksock import Ksock, KsockError, KsockLost
except ImportError as missing:
    print(f"{missing}: this wants grpcio and protobuf (Debian: python3-grpcio python3-protobuf)", file=sys.stderr)
    sys.exit(3)

WOULDBLOCK = ("EAGAIN",)


async def serve(ksock, address, port):
    """Echoes whatever comes. No call waits, and no callback calls: each dispatches what is to be done."""
    turns = {}

    async def echo(s):
        """Receives what is there and sends it back, until either would have to wait. One at a time for each socket."""
        state = turns[s]
        async with state["lock"]:
            while s in turns:
                while state["rest"]:
                    sent = await ksock.send(ks=s, msg=state["rest"], allow=WOULDBLOCK)
                    if sent.errno:
                        return  # xmit says when
                    state["rest"] = state["rest"][sent.sent :]
                came = await ksock.recv(ks=s, msgsize=65536, allow=WOULDBLOCK)
                if came.errno:
                    return  # recv says when
                if not came.msg:
                    del turns[s]
                    await ksock.close(ks=s)
                    return
                state["rest"] = came.msg

    async def turn(s):
        if s not in turns:
            return
        try:
            await echo(s)
        except KsockError as error:
            print(f"connection {s}: {error}", file=sys.stderr)
            turns.pop(s, None)
            await ksock.close(ks=s, allow=("ENOTSOCK",))

    async def accept(listener):
        while True:
            answer = await ksock.accept(ks=listener, allow=("EAGAIN", "ECONNABORTED"))
            if answer.errno == "ECONNABORTED":
                continue
            if answer.errno:
                return
            s = answer.newks
            turns[s] = {"lock": asyncio.Lock(), "rest": b""}
            await ksock.ioctl(ks=s, cmd="FIONBIO", arg=1)
            onward = lambda s, _value: ksock.dispatch(turn(s))
            await ksock.callbacks(s, recv=onward, xmit=onward, disconnected=onward)
            await turn(s)  # what came before the callbacks were there is told by none of them

    listener = await ksock.socket()
    await ksock.setsockopt(ks=listener, level="SOL_SOCKET", optname="SO_REUSEADDR", value=1)
    await ksock.bind(ks=listener, host=address, port=port)
    await ksock.ioctl(ks=listener, cmd="FIONBIO", arg=1)
    await ksock.callbacks(listener, newconn=lambda s, _value: ksock.dispatch(accept(s)))
    await ksock.listen(ks=listener, backlog=16)
    return listener


async def visit(ksock, address, port, words):
    """Sends some bytes, says that these are all, and receives until the server has said so too. Here calls wait."""
    s = await ksock.socket()
    try:
        await ksock.connect(ks=s, host=address, port=port)
        await ksock.send(ks=s, msg=words)
        await ksock.shutdown(ks=s, how=1)
        came = b""
        while part := (await ksock.recv(ks=s, msgsize=65536)).msg:
            came += part
        return came
    finally:
        await ksock.close(ks=s)


async def main(role, control, node, address, port, words="hello"):
    ksock = Ksock(control, node, stream=f"ksock-python-{role}-{os.getpid()}")
    try:
        if role == "client":
            print((await visit(ksock, address, port, words.encode())).decode(), flush=True)
            return
        stopped = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopped.set)
        listener = await serve(ksock, address, port)
        print(f"echoes on {address} port {port}", flush=True)
        ends = [asyncio.ensure_future(one.wait()) for one in (stopped, ksock.gone)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for one in ends:
            one.cancel()
        if not stopped.is_set():
            raise KsockLost(f"the kernel at {control} went away, or has our events no more")
        await ksock.close(ks=listener)
    finally:
        await ksock.end()


def give_up(line):
    """One clear line, and the exit code of bad input."""
    print(f"echo.py: {line}", file=sys.stderr)
    sys.exit(3)


if __name__ == "__main__":
    if not 6 <= len(sys.argv) <= 7 or sys.argv[1] not in ("server", "client"):
        give_up('write: server|client CONTROL-ADDRESS NODE ADDRESS PORT ["WORDS"]')
    role, control, node, address, digits, *words = sys.argv[1:]
    if not control.startswith("unix:") and not re.fullmatch(r"[\w.\[\]:-]+:\d+", control):
        give_up(f"{control} is no address; write unix:/path/of/a/socket, or host:port such as 127.0.0.1:50051")
    if not re.fullmatch(r"\d{1,5}", digits):
        give_up(f"a port is 0 to 65535; found {digits}")
    try:
        asyncio.run(main(role, control, node, address, int(digits), *words))
    except KsockLost as error:
        give_up(error)
    except KsockError as error:
        # A server that cannot begin was told a wrong address or port; what a client hears is what the peer did.
        print(f"echo.py: {error} ({address} port {digits})", file=sys.stderr)
        sys.exit(3 if role == "server" else 1)
    except KeyboardInterrupt:
        sys.exit(130)
