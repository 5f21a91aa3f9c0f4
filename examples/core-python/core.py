#!/usr/bin/python3
"""A small companion core: descriptors, threads, and the out-of-band half of /dev/oobecho.

Each method of Core that bears the name of a hook (`tenon hooks` lists them) is that hook; one that is not here is answered by
the empty weak definition. `args` is the request message of the protos, `call` says who calls, and takes the facts that the core
records. A method returns the fields of its answer, or nothing, or raises Refused.

    core.py unix:/tmp/core.sock          then: npx tenon up --core unix:/tmp/core.sock
"""

import asyncio
import itertools

from hooks import Refused, main

OOBECHO = "/dev/oobecho"
ECHO_BYTES_MAX = 65_536
ECHO_IOC_COUNT, ECHO_IOC_FLUSH = 0x80046501, 0x6502
O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK = 3, 0, 1, 2, 0o4000
POLLIN, POLLOUT, POLLNVAL = 0x1, 0x4, 0x20
MSG_DONTWAIT = 0x40
AF_INET, SOCK_DGRAM = 2, 2
DRIVER_READ, DRIVER_WRITE, DRIVER_IOCTL = 1, 2, 3
WHY = {1: "task_exit", 2: "process_cleanup"}


class Sleep:
    """A thread asleep in the core. Whoever wakes it takes it out of every queue first."""

    def __init__(self, core, call, fact, slice, leave, **awaits):
        self._task, self._fact, self._slice, self._leave = call.task, fact, {**slice, "task": call.task}, leave
        self._sleeps = core.threads[call.task]
        self._sleeps.add(self)
        self._future = asyncio.get_running_loop().create_future()
        call.fact(f"{fact}_wait", self._slice, **awaits)

    def wake(self, waker, outcome=None, **told):
        """Ends the sleep, with a value or with Refused; `waker` is the call that does it."""
        self._sleeps.discard(self)
        self._leave()
        waker.fact(f"{self._fact}_wake", self._slice, **told)
        if isinstance(outcome, Refused):
            self._future.set_exception(outcome)
        else:
            self._future.set_result(outcome)

    def refuse(self, waker, errno):
        self.wake(waker, Refused(errno), errno=errno)

    async def over(self):
        return await self._future


class File:
    """The out-of-band side of an open file (struct evl_file in EVL)."""

    def __init__(self, file, oob_data, flags):
        self.file, self.oob_data, self.flags = file, oob_data, flags
        self.watchers = []  # (events, sleep): those who poll it, by whichever descriptor
        self.inside = 0  # how many out-of-band calls are in it: no release ends before they have left
        self.released = None  # the release, once it has begun: nobody enters any more
        self.empty = asyncio.Event()

    def ready(self):
        return 0

    def remove(self, call):
        pass

    def wake_ready(self, call):
        for events, sleep in list(self.watchers):
            revents = self.ready() & events
            if revents:
                sleep.wake(call, revents, revents=revents)


class Echo(File):
    """A file of /dev/oobecho: what is written to it can be read back from it, from either stage."""

    def __init__(self, *of):
        super().__init__(*of)
        self.bytes, self.readers = bytearray(), []  # either bytes wait, or readers: (count, sleep)

    def ready(self):
        return (POLLIN if self.bytes else 0) | (POLLOUT if len(self.bytes) < ECHO_BYTES_MAX else 0)

    def remove(self, call):
        for _, sleep in list(self.readers):
            sleep.refuse(call, "EIDRM")

    def _take(self, count):
        data = bytes(self.bytes[:count])
        del self.bytes[:count]
        return data

    def read(self, count, call):
        if count > 0 and not self.bytes:
            raise Refused("EAGAIN")
        data = self._take(count)
        self.wake_ready(call)
        return data

    def write(self, data, call):
        room = ECHO_BYTES_MAX - len(self.bytes)
        if data and room == 0:
            raise Refused("EAGAIN")
        self.bytes += data[:room]
        for count, sleep in list(self.readers):
            if self.bytes:
                taken = self._take(count)
                sleep.wake(call, taken, bytes=len(taken))
        self.wake_ready(call)
        return min(len(data), room)

    def ioctl(self, cmd, call):
        if cmd == ECHO_IOC_COUNT:
            return len(self.bytes)
        if cmd != ECHO_IOC_FLUSH:
            raise Refused("ENOTTY")
        self.bytes.clear()
        self.wake_ready(call)
        return 0


class Socket(File):
    """The out-of-band side of a UDP socket. Frames do not reach a core behind gRPC, so nothing ever arrives at it."""

    def __init__(self, file, oob_data, flags, sk):
        super().__init__(file, oob_data, O_RDWR | flags)
        self.sk, self.references = sk, 2  # until it is released and destroyed, whichever comes last


class Entry:
    """What the index says of one descriptor."""

    def __init__(self, files, fd, file):
        self.files, self.fd, self.file, self.watchers = files, fd, file, []

    def slice(self):
        return {"files": self.files, "fd": self.fd, "file": self.file.file}


class Core:
    def __init__(self):
        self.index = {}  # (files, fd) -> Entry. Never by the current task: seed 002 says why
        self.files = {}  # file -> File
        self.sockets = {}  # sk -> Socket
        self.threads = {}  # task -> what it sleeps on
        self.oob = set()  # the threads that are out-of-band now
        self.switches = {}  # task -> how often it came back in-band
        self.given_up = set()  # files that were released before they were opened: an open that was late
        self.contexts = itertools.count(1)

    # -- descriptors: the hooks of seed 002, none of which can refuse --------------------------------------------------

    def install_inband_fd(self, args, call):
        if args.oob_data == 0:
            return
        key = (args.files, args.fd)
        file, first = self._known(args.file, args.oob_data), self.index.get(key)
        slice = {"files": args.files, "fd": args.fd, "file": args.file}
        if file is None:
            call.fact("index_unknown", slice, oob_data=args.oob_data)
        elif first is not None:
            call.fact("index_duplicate", slice, first=first.file.file)
        else:
            self.index[key] = Entry(args.files, args.fd, file)
            call.fact("index_add", slice, oob_data=args.oob_data)

    def replace_inband_fd(self, args, call):
        entry, file = self.index.get((args.files, args.fd)), self._known(args.file, args.oob_data)
        if entry is None:
            self.install_inband_fd(args, call)
        elif file is None:
            self._forget(entry, call)
            self.install_inband_fd(args, call)  # says so where the context is not ours
        else:
            self._drop_watchers(entry, call)
            displaced, entry.file = entry.file.file, file
            call.fact("index_repoint", entry.slice(), displaced=displaced)

    def uninstall_inband_fd(self, args, call):
        entry = self.index.get((args.files, args.fd))
        if entry is not None:  # a forked child's descriptors were never told of
            self._forget(entry, call)

    def _known(self, number, oob_data):
        file = self.files.get(number)
        return file if file is not None and file.oob_data == oob_data and file.released is None else None

    def _forget(self, entry, call):
        self._drop_watchers(entry, call)
        del self.index[(entry.files, entry.fd)]
        call.fact("index_remove", entry.slice())

    def _drop_watchers(self, entry, call):
        for sleep in list(entry.watchers):
            sleep.wake(call, POLLNVAL, revents=POLLNVAL)

    # -- files: what a driver asks when it opens and releases one ------------------------------------------------------

    def oob_open_file(self, args, call):
        if args.dev != OOBECHO:
            return {"oob_data": 0}  # a plain file
        known = self.files.get(args.file)
        if known is not None and known.released is None:
            return {"oob_data": known.oob_data}  # the call came twice
        if known is not None or args.file in self.given_up:
            self.given_up.discard(args.file)
            raise Refused("EBUSY")
        file = self.files[args.file] = Echo(args.file, next(self.contexts), args.flags)
        call.fact("efile_open", {"file": args.file, "dev": args.dev}, oob_data=file.oob_data)
        return {"oob_data": file.oob_data}

    def oob_file_flags(self, args, call):
        file = self._known(args.file, args.oob_data)
        if file is None:
            call.fact("efile_unknown", {"file": args.file}, oob_data=args.oob_data)
            return
        file.flags = args.flags
        call.fact("efile_flags", {"file": args.file}, flags=oct(args.flags))

    async def oob_release_file(self, args, call):
        file = self.files.get(args.file)
        if file is None:
            call.fact("efile_unknown", {"file": args.file}, oob_data=args.oob_data)
            self.given_up.add(args.file)
        else:
            await self._release(file, call)

    async def _release(self, file, call):
        """Waits until nobody is inside the file. A call that comes again meanwhile waits for the same end."""
        if file.released is None:
            file.released = asyncio.ensure_future(self._pass(file, call))
        await asyncio.shield(file.released)

    async def _pass(self, file, call):
        for entry in [one for one in self.index.values() if one.file is file]:
            call.fact("index_stale", entry.slice())  # its uninstall was lost
            self._drop_watchers(entry, call)
        file.remove(call)
        if file.inside > 0:
            call.fact("crossing_wait", {"file": file.file}, inside=file.inside)
            await file.empty.wait()
        call.fact("crossing_pass", {"file": file.file})
        del self.files[file.file]
        call.fact("efile_free", {"file": file.file}, inside=0)

    def oob_driver_io(self, args, call):
        """The in-band half of the driver reaches the bytes that the out-of-band half keeps. Never waits."""
        file = self.files.get(args.file)
        if not isinstance(file, Echo) or file.oob_data != args.oob_data:
            raise Refused("ENOIOCTLCMD")
        if file.released is not None:
            raise Refused("EIDRM")
        if args.operation == DRIVER_READ:
            return {"data": file.read(args.count, call)}
        if args.operation == DRIVER_WRITE:
            return {"value": file.write(args.data, call)}
        if args.operation == DRIVER_IOCTL:
            return {"value": file.ioctl(args.cmd, call)}
        raise Refused("EINVAL")

    # -- threads -------------------------------------------------------------------------------------------------------

    def oob_attach_thread(self, args, call):
        if not args.cap_sys_nice:
            raise Refused("EPERM")
        if call.task in self.threads:
            raise Refused("EBUSY")
        self.threads[call.task] = set()
        call.fact("thread_attach", {"task": call.task})

    def oob_detach_thread(self, _args, call):
        if not self._detach(call.task, "oob_detach_thread", call):
            raise Refused("EPERM")

    def inband_event_notify(self, args, call):
        self._detach(args.subject, WHY.get(args.event, "task_exit"), call)

    def oob_vfs_ready(self, args, call):
        """The VFS died, and came up again with nothing open: what it had told is so no more."""
        for task in list(self.threads):
            self._detach(task, "oob_vfs_ready", call)
        for entry in [one for one in self.index.values() if one.files < args.files]:
            self._forget(entry, call)
        orphans = [one for one in self.files.values() if one.file < args.file and isinstance(one, Echo)]
        return self._release_all(orphans, call)

    async def _release_all(self, files, call):
        await asyncio.gather(*(self._release(file, call) for file in files))

    def _detach(self, task, why, call):
        sleeps = self.threads.pop(task, None)
        if sleeps is None:
            return False
        self._leave_oob(task, "detach", call)
        call.fact("thread_detach", {"task": task}, why=why)
        for sleep in list(sleeps):
            sleep.refuse(call, "EINTR")
        return True

    # -- out-of-band calls ---------------------------------------------------------------------------------------------

    def _look_up(self, fd, call):
        if call.task not in self.threads:
            raise Refused("EPERM")
        entry = self.index.get((call.files, fd))
        if entry is None or entry.file.released is not None:
            raise Refused("EBADF")
        return entry

    def _leave_oob(self, task, why, call):
        if task in self.oob:
            self.oob.discard(task)
            self.switches[task] = self.switches.get(task, 0) + 1
            call.fact("thread_inband", {"task": task}, why=why, isw=self.switches[task])

    async def _inside(self, fd, call, operation, mode=None):
        """Runs an operation inside a file. Every thread is SCHED_WEAK here: out-of-band for as long as such a call takes."""
        entry = self._look_up(fd, call)
        if call.task not in self.oob:
            self.oob.add(call.task)
            call.fact("thread_oob", {"task": call.task})
        file, slice = entry.file, entry.slice()
        file.inside += 1
        call.fact("oob_enter", {**slice, "task": call.task}, inside=file.inside)
        try:
            if mode is not None and file.flags & O_ACCMODE not in (mode, O_RDWR):
                raise Refused("EBADF")
            return await operation(file, slice)
        finally:
            file.inside -= 1
            if file.inside == 0:
                file.empty.set()
            else:
                file.empty.clear()
            self._leave_oob(call.task, "weak", call)

    async def oob_read(self, args, call):
        async def read(file, slice):
            if isinstance(file, Socket):
                raise Refused("EAGAIN")
            if args.count == 0 or file.bytes or file.flags & O_NONBLOCK:
                return file.read(args.count, call)
            sleep = Sleep(self, call, "oob", slice, lambda: file.readers.remove(reader), count=args.count)
            reader = (args.count, sleep)
            file.readers.append(reader)
            return await sleep.over()

        return {"data": await self._inside(args.fd, call, read, O_RDONLY)}

    async def oob_write(self, args, call):
        async def write(file, _slice):
            if isinstance(file, Socket):
                raise Refused("EFAULT")  # EVL's UDP says so, too
            return file.write(args.data, call)

        return {"count": await self._inside(args.fd, call, write, O_WRONLY)}

    async def oob_ioctl(self, args, call):
        async def ioctl(file, _slice):
            if isinstance(file, Socket):
                raise Refused("ENOTTY")
            return file.ioctl(args.cmd, call)

        return {"value": await self._inside(args.fd, call, ioctl)}

    async def oob_recvmsg(self, args, call):
        async def receive(file, _slice):
            if not isinstance(file, Socket):
                raise Refused("ENOTTY")
            raise Refused("EAGAIN" if (file.flags & O_NONBLOCK) or (args.flags & MSG_DONTWAIT) else "EOPNOTSUPP")

        return await self._inside(args.fd, call, receive)

    async def oob_poll(self, args, call):
        """A poller is not inside the file: the uninstall that comes before every release wakes it."""
        entry = self._look_up(args.fd, call)
        file = entry.file
        revents = file.ready() & args.events
        if revents == 0:
            timer = None

            def leave():
                if timer is not None:
                    timer.cancel()
                entry.watchers.remove(sleep)
                file.watchers.remove((args.events, sleep))

            sleep = Sleep(self, call, "poll", entry.slice(), leave, events=args.events)
            entry.watchers.append(sleep)
            file.watchers.append((args.events, sleep))
            if args.timeout_ns > 0:
                loop = asyncio.get_running_loop()
                timer = loop.call_later(args.timeout_ns / 1e9, lambda: sleep.refuse(call, "ETIMEDOUT"))
            revents = await sleep.over()
        return {"revents": revents}

    def oob_net_vlans(self, args, call):
        """The VLANs whose frames are the core's, such as 42-45,100. It would filter frames by them, if any came."""
        vlans = set()
        for part in filter(None, args.vlans.split(",")):
            first, _, last = part.partition("-")
            if not first.isdigit() or not (last or first).isdigit():
                raise Refused("EINVAL")
            vlans.update(range(int(first), int(last or first) + 1))
        if vlans - set(range(2, 4095)):
            raise Refused("EINVAL")
        self.vlans = vlans
        call.fact("vlan_map", {}, vlans=args.vlans)

    # -- sockets: enough to be attached and to go away again -----------------------------------------------------------

    def sock_oob_attach(self, args, call):
        if args.family != AF_INET:
            raise Refused("EPROTONOSUPPORT")
        if args.type != SOCK_DGRAM:
            raise Refused("ESOCKTNOSUPPORT")
        known = self.sockets.get(args.sk)
        if known is not None and known is self.files.get(args.file) and known.released is None:
            return {"oob_data": known.oob_data}  # the call came twice
        if known is not None or args.file in self.files or args.file in self.given_up:
            self.given_up.discard(args.file)
            raise Refused("ENOMEM")
        socket = Socket(args.file, next(self.contexts), args.flags & O_NONBLOCK, args.sk)
        self.files[args.file] = self.sockets[args.sk] = socket
        call.fact("sk_attach", {"sk": args.sk, "file": args.file}, oob_data=socket.oob_data, protocol="udp")
        return {"oob_data": socket.oob_data}

    def sock_oob_bind(self, args, call):
        call.fact("sk_bind", {"sk": args.sk})

    def sock_oob_connect(self, args, call):
        call.fact("sk_connect", {"sk": args.sk})

    def sock_oob_shutdown(self, args, call):
        call.fact("sk_shutdown", {"sk": args.sk}, how=args.how)

    def sock_inband_ioctl_redirect(self, _args, _call):
        raise Refused("ENOIOCTLCMD")  # not ours: the regular handler serves it

    async def sock_oob_release(self, args, call):
        socket = self.files.get(args.file)  # not by sk, which may be stale
        if not isinstance(socket, Socket):
            call.fact("sk_unknown", {"sk": args.sk, "file": args.file}, hook="sock_oob_release", oob_data=args.oob_data)
            self.given_up.add(args.file)
            return
        first = socket.released is None
        await self._release(socket, call)
        if first:
            call.fact("sk_release", {"sk": socket.sk, "file": args.file})
            self._drop(socket, call)

    def sock_oob_destroy(self, args, call):
        socket = self.sockets.pop(args.sk, None)
        if socket is None:
            call.fact("sk_unknown", {"sk": args.sk}, hook="sock_oob_destroy", oob_data=args.oob_data)
            return
        call.fact("sk_destroy", {"sk": args.sk})
        self._drop(socket, call)

    def _drop(self, socket, call):
        socket.references -= 1
        if socket.references == 0:
            call.fact("sk_free", {"sk": socket.sk}, refs=0)


if __name__ == "__main__":
    main(Core, __doc__)
