"""What a core tells of itself. A core may leave all of this out: then it is judged by what its callers see.

With it every rule about the inside of a core is checked, and an experiment can wait for what happens there. The lab takes the
events by `tenon.control.v1.Control/TakeEvents`, and asks again as soon as it is answered.
"""

import asyncio
import collections

EVENTS_MAX = 32_768
ANSWER_MAX = 2_048
PHASE_ENTER, PHASE_EXIT, PHASE_FACT = 1, 2, 3
RETURNED = ("fd", "count", "value", "pid", "revents", "taken")


def scalars(message):
    """The fields of a message as an event shows them: numbers, texts, and bytes as text."""
    found = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.label == field.LABEL_REPEATED or field.type == field.TYPE_MESSAGE:
            continue
        if field.type == field.TYPE_BYTES:
            value = value.decode("ascii", "replace") if len(value) <= 48 and value.isascii() else f"<{len(value)} bytes>"
        if field.type == field.TYPE_ENUM:
            value = field.enum_type.values_by_number[value].name.lower()
        found[field.name] = value
    return found


def fields_onto(fields, named):
    for name, value in named.items():
        field = fields.add(name=name)
        if isinstance(value, bool):
            field.flag = value
        elif isinstance(value, (int, float)):
            field.number = value
        else:
            field.text = value


class Event:
    def __init__(self, seq, lamport, call, name, phase, slice, args, ret):
        self.seq, self.lamport, self.call = seq, lamport, call
        self.name, self.phase, self.slice, self.args, self.ret = name, phase, slice, args, ret

    def onto(self, event):
        """`node`, `service` and `time_ns` are left to the lab: it knows whom it asks, and our clock is not the kernel's."""
        event.seq, event.lamport, event.stage = self.seq, self.lamport, self.call.stage
        event.point, event.phase, event.locks[:] = self.name, self.phase, self.call.locks
        event.span, event.parent, event.trace = self.call.span, self.call.parent, self.call.trace
        fields_onto(event.slice, self.slice)
        fields_onto(event.args, self.args)
        if self.ret is not None:
            event.ret = self.ret


class Recorder:
    def __init__(self):
        self.dropped = self._seq = self._lamport = self._span = 0
        self._events, self._arrived = collections.deque(), asyncio.Event()

    def new_span(self):
        """From 1 on: the lab puts these numbers beside those of the other houses."""
        self._span += 1
        return self._span

    def stamp(self):
        self._lamport += 1
        return self._lamport

    def merge(self, lamport):
        self._lamport = max(self._lamport, lamport)

    def _record(self, call, name, phase, slice, args, ret=None):
        self._seq += 1
        self._events.append(Event(self._seq, self.stamp(), call, name, phase, slice, args, ret))
        if len(self._events) > EVENTS_MAX:
            self._events.popleft()
            self.dropped += 1
        self._arrived.set()

    def fact(self, call, name, slice, args):
        self._record(call, name, PHASE_FACT, slice, args)

    @staticmethod
    def _slice(point, args):
        slice = {key: getattr(args, key, args.header.files if key == "files" else None) for key in point.slice}
        task = {"task": args.header.task} if args.header.task else {}
        return {key: value for key, value in {**slice, **task}.items() if value is not None}

    def enter(self, call, point, args):
        self._record(call, point.name, PHASE_ENTER, self._slice(point, args), scalars(args))

    def exit(self, call, point, args, answer):
        values = scalars(answer)
        errno = answer.header.errno
        if errno:
            values, ret = {}, -errno
        else:
            ret = next((values[name] for name in RETURNED if name in values), len(getattr(answer, "data", b"")))
        self._record(call, point.name, PHASE_EXIT, self._slice(point, args), values, int(ret))

    def repeated(self, args, point):
        header = args.header
        call = collections.namedtuple("Caller", "stage locks span parent trace")(
            header.stage, list(header.locks), header.span, 0, header.trace
        )
        self._record(call, "repeated", PHASE_FACT, self._slice(point, args), {"point": point.name, "id": header.id})

    async def take(self, most, wait_ns):
        if not self._events and wait_ns > 0:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), wait_ns / 1e9)
                await asyncio.sleep(0.005)  # what follows at once goes along
            except asyncio.TimeoutError:
                pass
        count = min(most or ANSWER_MAX, ANSWER_MAX, len(self._events))
        return [self._events.popleft() for _ in range(count)]
