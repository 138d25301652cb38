"""
File locks as processes see them: prints one line for every case, to be compared between filesystems. The processes that a case
needs are P and Q: P works below the first directory given, Q below the second, which may be another mount of the same files.
`--pids`: also whose lock F_GETLK tells of. `--serve`: instead, does what it is told on its standard input. ONLY=case runs one.
"""

import errno
import fcntl
import os
import select
import signal
import struct
import sys
import threading
import traceback

OFD_GETLK, OFD_SETLK, OFD_SETLKW = 36, 37, 38
TYPES = {"r": fcntl.F_RDLCK, "w": fcntl.F_WRLCK, "u": fcntl.F_UNLCK}
NAMES = {value: key for key, value in TYPES.items()}
LAST = 2**63 - 1
# So long a call that is to wait is watched.
PATIENCE = 0.15


class Interrupted(Exception):
    """Raised by a handler: else Python makes an interrupted call again."""


def errno_of(call, *args):
    try:
        call(*args)
        return "ok"
    except Interrupted:
        return "interrupted"
    except OSError as error:
        return errno.errorcode[error.errno]


def struct_flock(kind, start, length, whence=os.SEEK_SET, pid=0):
    return struct.pack("hh4xqqi4x", TYPES.get(kind, kind), whence, start, length, pid)


def lock(fd, kind, start=0, length=0, wait=False, whence=os.SEEK_SET):
    return errno_of(fcntl.fcntl, fd, fcntl.F_SETLKW if wait else fcntl.F_SETLK, struct_flock(kind, start, length, whence))


def ofd(fd, kind, start=0, length=0, wait=False, pid=0):
    return errno_of(fcntl.fcntl, fd, OFD_SETLKW if wait else OFD_SETLK, struct_flock(kind, start, length, pid=pid))


def flock(fd, kind, wait=False):
    how = {"r": fcntl.LOCK_SH, "w": fcntl.LOCK_EX, "u": fcntl.LOCK_UN}[kind]
    return errno_of(fcntl.flock, fd, how if wait else how | fcntl.LOCK_NB)


def who(fd, kind="w", start=0, length=0, command=fcntl.F_GETLK):
    try:
        found = struct.unpack("hh4xqqi4x", fcntl.fcntl(fd, command, struct_flock(kind, start, length)))
    except OSError as error:
        return errno.errorcode[error.errno]
    if found[0] == fcntl.F_UNLCK:
        return "nobody"
    return (NAMES[found[0]], found[2], found[3], pids.get(found[4], "?") if with_pids else "")


def walk(fd, end=200):
    """All that is in the way below `end`, as a program would look for it."""
    found, at = [], 0
    while at < end:
        kind = who(fd, "w", at, end - at)
        if kind == "nobody":
            break
        found.append(kind)
        if kind[2] == 0:
            break
        at = kind[1] + kind[2]
    return found


class Process:
    """Another process, told what to do: Python expressions, with its own variables."""

    def __init__(self, name, root):
        self.name = name
        down, self.out = os.pipe()
        self.inp, up = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            # Whoever came before is not kept alive by the ends that were inherited.
            for other in Process.all:
                os.close(other.out)
                os.close(other.inp)
            os.close(self.out)
            os.close(self.inp)
            os.chdir(root)
            self.serve(os.fdopen(down), up)
            os._exit(0)
        os.close(down)
        os.close(up)
        pids[self.pid] = name
        Process.all.append(self)

    all = []

    @staticmethod
    def serve(commands, up):
        scope = dict(globals())

        def alarm(*_):
            raise Interrupted

        signal.signal(signal.SIGUSR1, alarm)
        signal.signal(signal.SIGUSR2, lambda *_: None)
        signal.siginterrupt(signal.SIGUSR2, False)
        for line in commands:
            try:
                try:
                    said = repr(eval(line, scope))
                except SyntaxError:
                    exec(line, scope)
                    said = "done"
            except Interrupted:
                said = "'interrupted late'"
            except BaseException:
                said = "error: " + traceback.format_exc().replace("\n", "|")
            os.write(up, (said + "\n").encode())

    def tell(self, line):
        os.write(self.out, (line + "\n").encode())

    def hear(self, patience=20):
        if not select.select([self.inp], [], [], patience)[0]:
            return "waits"
        said = b""
        while not said.endswith(b"\n"):
            more = os.read(self.inp, 4096)
            if more == b"":
                return "gone"
            said += more
        return said.decode().strip()

    def do(self, line):
        self.tell(line)
        return self.hear()

    def begin(self, line):
        self.tell(line)
        return self.hear(PATIENCE)

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)
        if number == signal.SIGKILL:
            os.waitpid(self.pid, 0)

    def end(self):
        for descriptor in (self.out, self.inp):
            os.close(descriptor)
        Process.all.remove(self)
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


cases = []


def case(function):
    cases.append(function)
    return function


OPEN = "fd = os.open('{0}', os.O_RDWR)"


@case
def ranges(p, q, say):
    for kind, start, length in [("w", 0, 100), ("u", 40, 20), ("r", 60, 40), ("w", 30, 50), ("r", 10, 5), ("u", 0, 1), ("r", 100, 0), ("w", 150, 10), ("u", 99, 2), ("w", 20, 100), ("u", 0, 0)]:
        say(p.do(f"lock(fd, '{kind}', {start}, {length})"), q.do("walk(fd)"), p.do("walk(fd)"))


@case
def edges(p, q, say):
    for start, length in [(LAST, 1), (LAST, 0), (LAST - 1, 1), (LAST, 2), (2**62, 2**62), (2**62, 2**62 - 1), (1, LAST), (0, LAST), (5, -5), (5, -6), (10, -3), (-1, 1), (2**53 + 1, 1)]:
        say(start, length, p.do(f"lock(fd, 'w', {start}, {length})"), q.do("who(fd, 'w', 0, 0)"), q.do("lock(fd, 'w', 2**53 + 2, 1)"), q.do("lock(fd, 'u')"), p.do("lock(fd, 'u')"))
    p.do("os.ftruncate(fd, 1000)")
    p.do("os.lseek(fd, 300, 0)")
    for whence, start, length in [(os.SEEK_CUR, 0, 10), (os.SEEK_CUR, -10, 5), (os.SEEK_CUR, 0, -300), (os.SEEK_CUR, 0, -301), (os.SEEK_END, 0, 0), (os.SEEK_END, -10, 20), (7, 0, 1)]:
        say(whence, start, length, p.do(f"lock(fd, 'w', {start}, {length}, whence={whence})"), q.do("who(fd)"), p.do("lock(fd, 'u')"))


@case
def malformed(p, q, say):
    say(p.do("lock(fd, 9, 0, 1)"), p.do("ofd(fd, 'w', pid=3)"), p.do("lock(999, 'w')"), p.do("errno_of(fcntl.flock, fd, 0)"))


@case
def modes(p, q, say):
    p.do(f"ro, wo = os.open('{p.file}', os.O_RDONLY), os.open('{p.file}', os.O_WRONLY)")
    for call in ("lock", "ofd", "flock"):
        say(call, *[p.do(f"{call}({fd}, '{kind}')") for fd in ("ro", "wo") for kind in "rwu"])
    say(p.do("who(ro, 'w')"), p.do("who(wo, 'r')"), p.do(f"flock(os.open('{p.file}', os.O_PATH), 'r')"))


@case
def sharing(p, q, say):
    say(p.do("lock(fd, 'r', 0, 10)"), q.do("lock(fd, 'r', 5, 10)"), q.do("lock(fd, 'w', 0, 5)"), p.do("lock(fd, 'w', 0, 5)"), p.do("lock(fd, 'w', 0, 10)"))
    say(q.do("walk(fd)"), p.do("walk(fd)"), q.do("who(fd, 'r', 0, 0)"))


@case
def another_descriptor(p, q, say):
    """Closing any descriptor of the file by the process: also one opened before, for reading only, or by another name."""
    p.do(f"os.link('{p.file}', '{p.file}.name')")
    for how in (f"os.open('{p.file}', os.O_RDONLY)", f"os.open('{p.file}.name', os.O_RDONLY)", "os.dup(fd)"):
        p.do(f"early = {how}")
        say(how[:7], p.do("lock(fd, 'w')"), q.do("lock(fd, 'w', 3, 1)"), p.do("os.close(early)"), q.do("lock(fd, 'w', 3, 1)"), q.do("lock(fd, 'u')"))
    p.do(f"shared = os.open('{p.file}', os.O_RDONLY)")
    say(p.do("lock(shared, 'r')"), p.do("twin = os.dup(shared)"), p.do("os.close(twin)"), q.do("lock(fd, 'w')"), q.do("lock(fd, 'u')"))
    # That of another file changes nothing.
    p.do(f"other = os.open('{p.file}.other', os.O_RDWR | os.O_CREAT)")
    say(p.do("lock(fd, 'w')"), p.do("os.close(other)"), q.do("lock(fd, 'w')"))


@case
def forks(p, q, say):
    """A child has none of its parent's fcntl locks, and takes none away when it closes; flock is of both."""
    p.do("lock(fd, 'w', 0, 10)")
    child = "run_child(lambda: (lock(fd, 'w', 0, 10), who(fd)[:3], os.close(fd), 'over'))"
    say(p.do(child), q.do("lock(fd, 'w', 0, 10)"), p.do("lock(fd, 'u')"), q.do("lock(fd, 'w', 0, 10)"), q.do("lock(fd, 'u')"))
    p.do("flock(fd, 'w')")
    say(p.do("run_child(lambda: os.close(fd))"), q.do("flock(fd, 'r')"), p.do("run_child(lambda: flock(fd, 'u'))"), q.do("flock(fd, 'r')"), q.do("flock(fd, 'u')"))
    p.do("ofd(fd, 'w', 0, 10)")
    say(p.do("run_child(lambda: (ofd(fd, 'w', 5, 10), os.close(fd)))"), q.do("ofd(fd, 'w', 12, 1)"), p.do("run_child(lambda: ofd(fd, 'u'))"), q.do("ofd(fd, 'w')"))


@case
def child_keeps_description(p, q, say):
    """The process that locked is gone, its description is not: fcntl locks go, flock and OFD locks stay."""
    p.do("lock(fd, 'w', 0, 1), ofd(fd, 'w', 5, 1), flock(fd, 'w')")
    p.do("keeper = keep_child()")
    p.kill()
    say(q.do("lock(fd, 'w', 0, 1)"), q.do("lock(fd, 'w', 5, 1)"), q.do("flock(fd, 'r')"))


@case
def duplicates(p, q, say):
    p.do("twin = os.dup(fd)")
    p.do("flock(fd, 'w')")
    p.do("os.close(fd)")
    say(q.do("flock(fd, 'r')"), p.do("flock(twin, 'r')"), q.do("flock(fd, 'r')"), q.do("flock(fd, 'u')"), p.do("os.close(twin)"), q.do("flock(fd, 'w', True)"))


@case
def execs(p, q, say):
    p.do("os.set_inheritable(fd, True)")
    say(p.do("lock(fd, 'w', 0, 1), ofd(fd, 'w', 5, 1), flock(fd, 'w')"))
    p.tell("os.execvp('sleep', ['sleep', '60'])")
    p.hear(PATIENCE)
    say(q.do("lock(fd, 'w', 0, 1)"), q.do("lock(fd, 'w', 5, 1)"), q.do("flock(fd, 'w')"))
    p.kill()
    say(q.do("lock(fd, 'w', 0, 9, True)"), q.do("flock(fd, 'w', True)"))


@case
def execs_closing(p, q, say):
    say(p.do("lock(fd, 'w', 0, 1), ofd(fd, 'w', 5, 1), flock(fd, 'w')"))
    p.tell("os.execvp('sleep', ['sleep', '60'])")
    p.hear(PATIENCE)
    say(q.do("lock(fd, 'w', 0, 9, True)"), q.do("flock(fd, 'w', True)"))


@case
def interruptions(p, q, say):
    for call in ("lock", "ofd", "flock"):
        p.do(f"{call}(fd, 'w')")
        say(call, q.begin(f"{call}(fd, 'w', wait=True)"))
        q.kill(signal.SIGUSR1)
        say(q.hear(), p.do(f"{call}(fd, 'u')"), p.do(f"{call}(fd, 'w')"))
        # With SA_RESTART it goes on waiting.
        say(q.begin(f"{call}(fd, 'w', wait=True)"))
        q.kill(signal.SIGUSR2)
        say(q.hear(PATIENCE), p.do(f"{call}(fd, 'u')"), q.hear(), q.do(f"{call}(fd, 'u')"))


@case
def interrupted_upgrade(p, q, say):
    """Who waits for more keeps what it has."""
    say(p.do("lock(fd, 'r', 0, 10)"), q.do("lock(fd, 'r', 0, 20)"), q.begin("lock(fd, 'w', 0, 20, True)"))
    q.kill(signal.SIGUSR1)
    say(q.hear(), p.do("walk(fd)"), p.do("lock(fd, 'w', 15, 1)"))


@case
def deadlocks(p, q, say):
    say(p.do("lock(fd, 'w', 0, 1)"), q.do("lock(fd, 'w', 1, 1)"), p.begin("lock(fd, 'w', 1, 1, True)"), q.do("lock(fd, 'w', 0, 1, True)"))
    say(q.do("lock(fd, 'u')"), p.hear(), p.do("lock(fd, 'u')"))
    # Both share, both want it alone.
    say(p.do("lock(fd, 'r')"), q.do("lock(fd, 'r')"), p.begin("lock(fd, 'w', wait=True)"), q.do("lock(fd, 'w', wait=True)"), q.do("lock(fd, 'u')"), p.hear(), p.do("lock(fd, 'u')"))
    # Over two files, and three processes.
    r = Process("R", q.root)
    for each in (p, q, r):
        each.do(f"second = os.open('{p.file}.second', os.O_RDWR | os.O_CREAT)")
        each.do(OPEN.format(p.file))
    say(p.do("lock(fd, 'w', 0, 1)"), q.do("lock(second, 'w', 0, 1)"), r.do("lock(second, 'w', 1, 1)"))
    say(p.begin("lock(second, 'w', 0, 1, True)"), q.begin("lock(second, 'w', 1, 1, True)"), r.do("lock(fd, 'w', 0, 1, True)"))
    say(r.do("lock(second, 'u')"), q.hear(), q.do("lock(second, 'u')"), p.hear())
    r.end()


@case
def no_deadlock(p, q, say):
    """Waiting in a row is none, nor is it one when the circle goes through flock."""
    say(p.do("lock(fd, 'w', 0, 1)"), q.do("flock(fd, 'w')"), p.begin("flock(fd, 'w', True)"), q.begin("lock(fd, 'w', 0, 1, True)"))
    p.kill(signal.SIGUSR1)
    say(p.hear(), p.do("lock(fd, 'u')"), q.hear())


@case
def descriptions(p, q, say):
    """OFD locks: of the description, against those of processes too, gone with its last descriptor."""
    p.do(f"other = os.open('{p.file}', os.O_RDWR)")
    say(p.do("ofd(fd, 'w', 0, 10)"), p.do("ofd(other, 'w', 5, 1)"), p.do("lock(fd, 'w', 5, 1)"), p.do("ofd(other, 'r', 10, 1)"), p.do("lock(other, 'r', 10, 1)"))
    say(q.do("lock(fd, 'r', 0, 1)"), q.do("ofd(fd, 'r', 10, 5)"), p.do("who(fd, 'w', 10, 9, OFD_GETLK)[:3]"), p.do("who(other, 'r', 0, 0, OFD_GETLK)[:3]"))
    say(p.do(f"os.close(os.open('{p.file}', os.O_RDWR))"), q.do("lock(fd, 'r', 0, 1)"), p.do("twin = os.dup(fd)"), p.do("os.close(fd)"), q.do("lock(fd, 'r', 0, 1)"))
    say(p.do("os.close(twin)"), q.do("lock(fd, 'r', 0, 1, True)"), q.do("lock(fd, 'u')"))
    say(p.do("ofd(other, 'w', 0, 5)"), p.do("ofd(other, 'u', 2, 1)"), q.do("[each[:3] for each in walk(fd)]"), p.do("lock(other, 'w', 2, 1)"))


@case
def independent(p, q, say):
    say(p.do("flock(fd, 'w')"), q.do("lock(fd, 'w')"), p.do("lock(fd, 'r')"), q.do("flock(fd, 'r')"), q.do("who(fd)"), p.do("flock(fd, 'u')"), q.do("flock(fd, 'w')"))


@case
def conversions(p, q, say):
    say(p.do("flock(fd, 'r')"), q.do("flock(fd, 'r')"), p.do("flock(fd, 'w')"), q.do("flock(fd, 'w')"), p.do("flock(fd, 'r')"))
    say(q.do("flock(fd, 'r')"), p.do("flock(fd, 'r')"), q.do("flock(fd, 'u')"), p.do("flock(fd, 'w')"), q.begin("flock(fd, 'r', True)"), p.do("flock(fd, 'r')"), q.hear(), p.do("flock(fd, 'u')"), q.do("flock(fd, 'u')"))
    say(p.do("lock(fd, 'w', 0, 10)"), q.begin("lock(fd, 'r', 3, 4, True)"), p.do("lock(fd, 'r', 5, 1)"), q.hear(PATIENCE), p.do("lock(fd, 'r', 0, 10)"), q.hear())
    say(p.begin("lock(fd, 'w', 0, 10, True)"), q.do("lock(fd, 'u', 3, 3)"), p.hear(PATIENCE), q.do("lock(fd, 'u', 6, 1)"), p.hear(), q.do("walk(fd)"))


@case
def killed_holder(p, q, say):
    for call in ("lock", "flock", "ofd"):
        r = Process("R", p.root)
        r.do(OPEN.format(p.file))
        say(r.do(f"{call}(fd, 'w')"), q.begin(f"{call}(fd, 'w', wait=True)"))
        r.kill()
        say(q.hear(), q.do(f"{call}(fd, 'u')"))
        r.end()


@case
def killed_waiter(p, q, say):
    for call in ("lock", "flock", "ofd"):
        r = Process("R", p.root)
        r.do(OPEN.format(p.file))
        say(p.do(f"{call}(fd, 'w')"), r.begin(f"{call}(fd, 'w', wait=True)"), q.begin(f"{call}(fd, 'w', wait=True)"))
        r.kill()
        say(p.do(f"{call}(fd, 'u')"), q.hear(), q.do(f"{call}(fd, 'u')"))
        r.end()


@case
def many_waiters(p, q, say):
    many = [Process(f"W{i}", (p, q)[i % 2].root) for i in range(20)]
    say(p.do("lock(fd, 'w', 0, 1)"))
    for each in many:
        each.do(OPEN.format(p.file))
        each.tell("(lock(fd, 'w', 0, 1, True), add(fd), lock(fd, 'u'))")
    say({each.hear(0.02) for each in many}, p.do("lock(fd, 'u')"), {each.hear() for each in many}, p.do("int.from_bytes(os.pread(fd, 8, 100), 'little')"))
    for each in many:
        each.end()


@case
def readers_beside_a_waiting_writer(p, q, say):
    say(p.do("lock(fd, 'r')"), q.begin("lock(fd, 'w', wait=True)"))
    r = Process("R", q.root)
    r.do(OPEN.format(p.file))
    say(r.do("lock(fd, 'r', wait=True)"), r.do("lock(fd, 'u')"), p.do("lock(fd, 'u')"), q.hear())
    r.end()


@case
def unlinked(p, q, say):
    say(p.do("lock(fd, 'w')"), p.do(f"os.unlink('{p.file}')"), q.begin("lock(fd, 'r', wait=True)"), p.do("lock(fd, 'u')"), q.hear())


@case
def threads(p, q, say):
    """Of one process are the locks of all its threads."""
    say(p.do("in_thread(lambda: lock(fd, 'w'))"), p.do("lock(fd, 'r', 5, 1)"), q.do("walk(fd)"), p.do("in_thread(lambda: os.close(os.dup(fd)))"), q.do("walk(fd)"))


def run_child(work):
    """What `work` returns in a child that has all descriptors."""
    down, up = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(up, repr(work()).encode())
        os._exit(0)
    os.close(up)
    said = os.read(down, 4096).decode()
    os.close(down)
    os.waitpid(pid, 0)
    return said


def keep_child():
    """A child that keeps the descriptors for as long as the test runs."""
    if os.fork() == 0:
        signal.alarm(5)
        signal.pause()
    return "kept"


def in_thread(work):
    said = []
    thread = threading.Thread(target=lambda: said.append(work()))
    thread.start()
    thread.join()
    return said[0]


def add(fd):
    """Adds one to a number in the file, not at once: two at a time would lose one."""
    number = int.from_bytes(os.pread(fd, 8, 100), "little")
    os.sched_yield()
    os.pwrite(fd, (number + 1).to_bytes(8, "little"), 100)


with_pids = "--pids" in sys.argv
roots = [each for each in sys.argv[1:] if not each.startswith("--")]
roots = [os.path.abspath(each) for each in (roots[0], roots[-1])]
pids = {}
if "--serve" in sys.argv:
    # One process, told what to do from outside.
    os.chdir(roots[0])
    Process.serve(sys.stdin, 1)
    sys.exit(0)
only = os.environ.get("ONLY")
for each in [one for one in cases if only in (None, one.__name__)]:
    file = f"{each.__name__}"
    os.close(os.open(os.path.join(roots[0], file), os.O_RDWR | os.O_CREAT))
    p, q = Process("P", roots[0]), Process("Q", roots[1])
    for one, root in ((p, roots[0]), (q, roots[1])):
        one.file, one.root = file, root
        one.do(OPEN.format(file))
    lines = iter(range(1, 1000))
    each(p, q, lambda *said: print(f"{each.__name__} {next(lines)}:", *said, flush=True))
    p.end()
    q.end()
