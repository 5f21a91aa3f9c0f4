"""Kernel sockets from Python: the functions of tenon.ksock.v1.KernelSockets, and their callbacks.

Nothing is generated: the messages are made from protos/baseline.binpb, a descriptor set (`npx buf build -o FILE`, or
`protoc --include_imports --descriptor_set_out=FILE`, makes one of your own).
"""

import asyncio
import contextvars
import pathlib
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "protos" / "baseline.binpb"
SERVICE = "tenon.ksock.v1.KernelSockets"
BROKEN_MAX = 20  # so often, one after the other, the stream of events may break before the kernel counts as gone


class KsockError(Exception):
    """A function returned an errno of illumos, such as ECONNREFUSED (146)."""

    def __init__(self, function, number, name):
        super().__init__(f"{function}: {name}")
        self.number, self.name = number, name


class KsockLost(Exception):
    """No answer came, and why: nothing runs there, there is no such node, an argument is none, the kernel went away."""


class _Inside:
    """A callback that runs. What it leaves behind when it returns is not inside of it any more."""

    def __init__(self, number):
        self.number = number


_inside = contextvars.ContextVar("inside", default=None)


def _messages():
    pool = descriptor_pool.DescriptorPool()
    for one in descriptor_pb2.FileDescriptorSet.FromString(PROTOS.read_bytes()).file:
        pool.Add(one)
    made = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    service = pool.FindServiceByName(SERVICE)
    return {one.name: (made(one.input_type), made(one.output_type)) for one in service.methods}


class Ksock:
    """The kernel sockets of one node. Each method is a function: `await ksock.recv(ks=s, msgsize=100)`.

    It resolves to the response, whose fields are the out-arguments, and raises KsockError where the function returns an errno. Give the
    names in `allow` to have them returned, in the response's `errno`, instead. Where there was no answer it raises KsockLost.
    """

    def __init__(self, control, node="", stream="python"):
        self._node, self._stream, self._control = node, stream, control
        self._channel = grpc.aio.insecure_channel(control)
        self._messages = _messages()
        self._callbacks = {}
        self._taking = None
        self.gone = asyncio.Event()

    def __getattr__(self, function):
        name = function.capitalize()
        if name not in self._messages:
            raise AttributeError(function)

        async def call(allow=(), **args):
            return await self._call(function, name, allow, args)

        return call

    async def _call(self, function, name, allow, args):
        request, response = self._messages[name]
        rpc = self._channel.unary_unary(
            f"/{SERVICE}/{name}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        inside = _inside.get()
        number = inside.number if inside else 0
        try:
            answer = await rpc(request(node=self._node, callback=number, **args))
        except grpc.aio.AioRpcError as error:
            raise KsockLost(self._why(error)) from None
        if answer.error and answer.errno not in allow:
            raise KsockError(function, answer.error, answer.errno)
        return answer

    def _why(self, error):
        silent = error.code() == grpc.StatusCode.UNAVAILABLE and "was lost" not in error.details()
        return f"nothing runs at {self._control}" if silent else error.details()

    async def socket(self, domain="AF_INET", type="SOCK_STREAM", protocol=0):
        """A socket of this program: it is closed when the program has been gone for a minute."""
        self._take()
        args = {"domain": domain, "type": type, "protocol": protocol, "stream": self._stream}
        return (await self._call("socket", "Socket", (), args)).ks

    async def callbacks(self, ks, **functions):
        """connected, disconnected, newconn, recv, xmit, exception: each is called with the socket and the event's argument."""
        self._take()
        self._callbacks[ks] = functions
        slots = "|".join(functions)
        args = {"ks": ks, "off": not functions, "slots": slots, "stream": self._stream}
        await self._call("callbacks", "Callbacks", (), args)

    def dispatch(self, work):
        """Runs a coroutine as a thread of its own, which may call what a callback may not."""
        context = contextvars.copy_context()
        context.run(_inside.set, None)
        return asyncio.get_running_loop().create_task(work, context=context)

    def _take(self):
        if self._taking is None:
            self._taking = asyncio.get_running_loop().create_task(self._events())

    async def _events(self):
        """Takes events for as long as the program lives. When the stream breaks, what was not acknowledged comes again."""
        request, response = self._messages["Events"]
        rpc = self._channel.stream_stream(
            f"/{SERVICE}/Events",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        over = set()
        broken = 0
        while broken < BROKEN_MAX:
            events = rpc()
            try:
                await events.write(request(node=self._node, stream=self._stream))
                async for event in events:
                    broken = 0
                    if event.number in over:  # its acknowledgement was lost with another stream
                        await events.write(request(number=event.number))
                    else:
                        asyncio.get_running_loop().create_task(self._handle(events, request, event, over))
            except grpc.aio.AioRpcError as error:
                if error.code() == grpc.StatusCode.ABORTED:
                    print(f"the events are taken by somebody else: {error.details()}", file=sys.stderr)
                    break
                if error.code() in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND):
                    break  # another kernel is there, which has none of our sockets
            except asyncio.InvalidStateError:
                pass  # it broke before the first word was said
            broken += 1
            await asyncio.sleep(0.1)
        self.gone.set()

    async def _handle(self, events, request, event, over):
        inside = _Inside(event.number)
        _inside.set(inside)
        try:
            function = self._callbacks.get(event.ks, {}).get(event.slot)
            outcome = function(event.ks, event.value) if function else None
            if asyncio.iscoroutine(outcome):
                await outcome
        except Exception as error:  # a callback that fails has returned, too
            print(f"{event.slot}: {error}", file=sys.stderr)
        finally:
            inside.number = 0
            over.add(event.number)
        try:
            await events.write(request(number=event.number))
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # the stream is broken: it comes again, and is acknowledged then

    async def end(self):
        if self._taking is not None:
            self._taking.cancel()
        await self._channel.close()
