"""What is between a core and gRPC: the contract, the header that every call carries, repeated calls, and events.

Nothing is generated: the messages are made from protos/baseline.binpb, a descriptor set (`npx buf build -o FILE`, or
`protoc --include_imports --descriptor_set_out=FILE`, makes one of your own).
"""

import asyncio
import inspect
import pathlib
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from events import Recorder

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "protos" / "baseline.binpb"
HOUSE_COMPANION = 4
INTERNAL = grpc.StatusCode.INTERNAL


class Refused(Exception):
    """The answer is an errno, such as EBADF. It travels in the reply: a refusal is no failed call."""

    def __init__(self, errno):
        super().__init__(errno)
        self.errno = errno


class Contract:
    """The points of the protos, by their names in the kernel, and the messages that they are called with."""

    def __init__(self, path=PROTOS):
        self._pool = descriptor_pool.DescriptorPool()
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(path).read_bytes()).file
        for one in files:
            self._pool.Add(one)
        self._factory = message_factory.MessageFactory(self._pool)
        self.errnos = self._pool.FindEnumTypeByName("tenon.abi.v1.Errno").values_by_name
        options = self.message(self._pool.FindMessageTypeByName("google.protobuf.MethodOptions"))
        hook = self._pool.FindExtensionByName("tenon.contract.v1.hook")
        self.points = {}
        for one in files:
            for service in self._pool.FindFileByName(one.name).services_by_name.values():
                for method in service.methods:
                    # The descriptors know the option only as bytes; read once more, with its extension at hand, it is a message.
                    point = options.FromString(method.GetOptions().SerializeToString()).Extensions[hook]
                    self.points[f"/{service.full_name}/{method.name}"] = (point, method)

    def message(self, descriptor):
        return self._factory.GetPrototype(descriptor)


class Call:
    """Who calls, and in which span of ours: what a hook is told beside its arguments."""

    def __init__(self, header, recorder):
        self.task, self.files, self.stage, self.locks = header.task, header.files, header.stage, list(header.locks)
        self.span, self.parent = recorder.new_span(), header.span
        self.trace = header.trace or self.span
        self._recorder = recorder

    def fact(self, name, slice, **args):
        self._recorder.fact(self, name, slice, args)


class Kernel:
    """One life of one kernel: its core, and the answers that it was given."""

    def __init__(self, core):
        self.core, self.recorder, self.answers = core, Recorder(), {}


class Door:
    """Answers the calls of one node. A kernel that boots anew has another number (`origin`), and finds a core that knows nothing."""

    def __init__(self, make_core, contract):
        self._make_core, self._contract = make_core, contract
        self._origin, self._kernel = None, Kernel(make_core())

    def kernel(self, header):
        if header.origin and header.origin != self._origin:
            self._origin, self._kernel = header.origin, Kernel(self._make_core())
        return self._kernel

    def handler(self, point, method):
        """The handler of one rpc; None where the core leaves it out: gRPC says UNIMPLEMENTED, and the weak default applies."""
        act = self._take_events if point.name == "ctl_take_events" else self._hook(point, method)
        if act is None:
            return None
        request = self._contract.message(method.input_type)
        response = self._contract.message(method.output_type)

        async def answer(args, context):
            return await act(args, response, context)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=request.FromString,
            response_serializer=response.SerializeToString,
        )

    def _hook(self, point, _method):
        if point.to != HOUSE_COMPANION or not hasattr(self._kernel.core, point.name):
            return None

        async def once(args, response, context):
            header, kernel = args.header, self.kernel(args.header)
            kernel.recorder.merge(header.lamport)
            answers = kernel.answers.setdefault(header.caller, {})
            for settled in [one for one in answers if one <= header.settled]:
                del answers[settled]
            known = answers.get(header.id) if header.id else None
            if known is None:
                known = asyncio.ensure_future(self._act(point, args, response, kernel))
                if header.id:
                    answers[header.id] = known
            else:  # the same call once more: it is answered as before, and nothing happens twice
                kernel.recorder.repeated(args, point)
            try:
                return await asyncio.shield(known)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # a mistake of the core's own: the caller sees that its call was lost
                await context.abort(INTERNAL, f"{point.name}: {error!r}")

        return once

    async def _act(self, point, args, response, kernel):
        call = Call(args.header, kernel.recorder)
        kernel.recorder.enter(call, point, args)
        try:
            fields = getattr(kernel.core, point.name)(args, call)
            answer = response(**((await fields if inspect.isawaitable(fields) else fields) or {}))
        except Refused as refused:
            answer = response()
            answer.header.errno = self._contract.errnos[f"ERRNO_{refused.errno}"].number
        kernel.recorder.exit(call, point, args, answer)
        answer.header.lamport = kernel.recorder.stamp()
        return answer

    async def _take_events(self, args, response, _context):
        recorder = self.kernel(args.header).recorder
        answer = response()
        events = await recorder.take(args.max, args.wait_ns)
        answer.dropped = recorder.dropped
        for event in events:
            event.onto(answer.events.add())
        return answer


async def serve(address, make_core, path=PROTOS):
    contract = Contract(path)
    door = Door(make_core, contract)
    handlers = {name: door.handler(point, method) for name, (point, method) in contract.points.items()}

    class Generic(grpc.GenericRpcHandler):
        def service(self, details):
            return handlers.get(details.method)

    server = grpc.aio.server()
    server.add_generic_rpc_handlers([Generic()])
    if server.add_insecure_port(address) == 0:
        sys.exit(f"{address}: nobody can listen there")
    await server.start()
    print(f"a companion core listens on {address}", flush=True)
    await server.wait_for_termination()


def main(make_core, usage):
    if len(sys.argv) != 2:
        sys.exit(usage)
    try:
        asyncio.run(serve(sys.argv[1], make_core))
    except KeyboardInterrupt:
        pass
