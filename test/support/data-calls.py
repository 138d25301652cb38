"""
One file's data as processes see it whose reads, writes, mappings, O_DIRECT calls and truncations meet: prints one line for every
case, to be compared between filesystems. `python3 data-calls.py DIRECTORY`; ONLY=case runs one.
"""

import ctypes
import errno
import mmap
import os
import random
import signal
import sys
import zlib

PAGE = 4096
SEED = 20261121
MS_SYNC = 4
libc = ctypes.CDLL(None, use_errno=True)


def pattern(length, start=0, salt=0):
    return bytes(1 + (at * 7 + at // 251 + salt) % 255 for at in range(start, start + length))


def new(name, size, flags=0):
    fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC | flags, 0o644)
    os.pwrite(fd, pattern(size), 0)
    return fd


def result(call, *args):
    try:
        return call(*args)
    except OSError as error:
        return errno.errorcode[error.errno]


def shown(data):
    """Bytes as their number and a sum; an error as it is."""
    return f"{len(data)}:{zlib.crc32(data):08x}" if isinstance(data, bytes) else data


def in_child(work):
    """What `work` returns in a process of its own, or the signal that has ended it."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(into, str(work()).encode())
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out) as answers:
        text = answers.read()
    _, status = os.waitpid(child, 0)
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else text


class Mapping:
    """mmap(2) by itself: Python's own never maps beyond the end."""

    def __init__(self, fd, length, flags=mmap.MAP_SHARED, write=True):
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        protection = mmap.PROT_READ | (mmap.PROT_WRITE if write else 0)
        self.at = libc.mmap(None, length, protection, flags, fd, 0)
        self.length = length
        if self.at == ctypes.c_void_p(-1).value:
            raise OSError(ctypes.get_errno(), "mmap")

    def read(self, offset, length=1):
        return ctypes.string_at(self.at + offset, length)

    def write(self, offset, data):
        ctypes.memmove(self.at + offset, data, len(data))

    def sync(self):
        if libc.msync(ctypes.c_void_p(self.at), ctypes.c_size_t(self.length), MS_SYNC) != 0:
            raise OSError(ctypes.get_errno(), "msync")

    def touch(self, offset):
        """By a process of its own, as it may be the end of that."""
        return in_child(lambda: self.read(offset)[0])

    def store(self, offset):
        return in_child(lambda: self.write(offset, b"s") or "stored")

    def close(self):
        libc.munmap(ctypes.c_void_p(self.at), ctypes.c_size_t(self.length))


def aligned(length, byte):
    """A buffer that O_DIRECT takes, full of one byte."""
    buffer = mmap.mmap(-1, length)
    buffer.write(bytes([byte]) * length)
    return buffer


def direct_read(fd, length, offset):
    buffer = mmap.mmap(-1, length)
    count = os.preadv(fd, [buffer], offset)
    return buffer[:count]


def reads_at_the_end():
    fd = new("f", 10_000)
    direct = os.open("f", os.O_RDWR | os.O_DIRECT)
    for size in (10_000, 4096, 4097, 0, 1, 8192, 70_000):
        os.ftruncate(fd, size)
        for offset in (0, size - 1, size, size + 1, size + PAGE, 2**40):
            if offset >= 0:
                yield size, offset, [shown(result(os.pread, fd, length, offset)) for length in (0, 1, 20_000)]
        for offset in sorted({0, size // PAGE * PAGE, size // PAGE * PAGE + PAGE, 2**40}):
            yield "direct", size, offset, [shown(result(direct_read, direct, length, offset)) for length in (PAGE, 5 * PAGE)]


def cut_while_open():
    """Everybody's next read ends where anybody has cut it, by whatever call."""
    fd = new("f", 50_000)
    reader = os.open("f", os.O_RDONLY)
    path = os.path.abspath("f")
    cuts = {
        "ftruncate": lambda: os.ftruncate(fd, 30_000),
        "truncate": lambda: os.truncate(path, 20_001),
        "elsewhere": lambda: in_child(lambda: os.truncate(path, 9_000)),
        "longer": lambda: os.ftruncate(fd, 40_000),
        "O_TRUNC": lambda: os.close(os.open(path, os.O_WRONLY | os.O_TRUNC)),
    }
    os.lseek(reader, 25_000, os.SEEK_SET)
    for name, cut in cuts.items():
        os.pread(reader, 60_000, 0)
        cut()
        yield name, shown(os.pread(reader, 60_000, 0)), shown(os.read(reader, 100)), os.lseek(reader, 0, os.SEEK_CUR)
    os.pwrite(fd, b"end", 60_000)
    yield "written behind the end", shown(os.pread(reader, 100_000, 0)), shown(os.read(reader, 10))


def mapped_beyond_the_end():
    for kind, flags in (("shared", mmap.MAP_SHARED), ("private", mmap.MAP_PRIVATE)):
        fd = new("f", 10 * PAGE)
        mapping = Mapping(fd, 12 * PAGE, flags)
        yield kind, "whole", mapping.touch(10 * PAGE - 1), mapping.touch(10 * PAGE), mapping.store(11 * PAGE)
        mapping.read(9 * PAGE)
        os.ftruncate(fd, 3 * PAGE + 100)
        yield kind, "cut", [mapping.touch(at * PAGE) for at in (2, 3, 4, 9)], shown(mapping.read(3 * PAGE, PAGE))
        yield kind, "stores", [mapping.store(at * PAGE) for at in (2, 3, 4, 9)]
        in_child(lambda: os.truncate("f", PAGE))
        yield kind, "cut elsewhere", [mapping.touch(at * PAGE) for at in (0, 1, 3)]
        os.close(os.open("f", os.O_WRONLY | os.O_TRUNC))
        yield kind, "empty", [mapping.touch(at * PAGE) for at in (0, 1)]
        os.pwrite(fd, b"new", 5 * PAGE)
        yield kind, "longer again", [mapping.touch(at * PAGE) for at in (0, 4, 5, 6)], shown(mapping.read(5 * PAGE, PAGE))
        os.ftruncate(fd, 12 * PAGE)
        yield kind, "as long as mapped", mapping.touch(12 * PAGE - 1), shown(mapping.read(0, 12 * PAGE))
        mapping.close()
    fd = new("f", 10 * PAGE)
    mapping = Mapping(fd, 10 * PAGE)
    mapping.write(4 * PAGE, b"stored")
    os.ftruncate(fd, 5 * PAGE)
    mapping.write(4 * PAGE + 10, b"again")
    mapping.sync()
    os.ftruncate(fd, 4 * PAGE)
    yield "dirty pages that are cut", mapping.touch(4 * PAGE), result(mapping.sync)
    os.ftruncate(fd, 10 * PAGE)
    yield "and made anew", shown(mapping.read(4 * PAGE, 6 * PAGE)), shown(os.pread(fd, 10 * PAGE, 0))
    yield "an empty file", [Mapping(new("empty", 0), PAGE).touch(at) for at in (0, 1)]


def system_calls_beyond_the_end():
    """The kernel's own touch of such a page is EFAULT, or as much as was there."""
    fd = new("f", 2 * PAGE)
    other = new("g", 0)
    mapping = Mapping(fd, 4 * PAGE)
    write = libc.write
    write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]

    def written(offset, length):
        count = write(other, mapping.at + offset, length)
        return errno.errorcode[ctypes.get_errno()] if count < 0 else count

    yield written(0, 2 * PAGE), written(3 * PAGE, 10), written(PAGE, 2 * PAGE)
    os.ftruncate(fd, 10)
    yield written(0, PAGE), written(PAGE, 10), os.fstat(other).st_size


def direct_beside_cached():
    fd = new("f", 16 * PAGE)
    direct = os.open("f", os.O_RDWR | os.O_DIRECT)
    mapping = Mapping(fd, 16 * PAGE)
    for at in range(16):
        mapping.read(at * PAGE)
    yield "written, read past the cache", shown(direct_read(direct, 16 * PAGE, 0))
    os.pwrite(fd, b"cached", 3 * PAGE + 50)
    yield "again", shown(direct_read(direct, 2 * PAGE, 3 * PAGE))
    yield "written past the cache", result(os.pwritev, direct, [aligned(2 * PAGE, 65)], 3 * PAGE)
    yield "read", shown(os.pread(fd, 4 * PAGE, 2 * PAGE)), "mapped", shown(mapping.read(2 * PAGE, 4 * PAGE))
    mapping.write(8 * PAGE + 5, b"stored, not synced")
    yield "of what is stored in a mapping", shown(direct_read(direct, PAGE, 8 * PAGE))
    mapping.write(9 * PAGE, b"over that")
    yield "over it", result(os.pwritev, direct, [aligned(PAGE, 66)], 9 * PAGE)
    yield "mapped", shown(mapping.read(9 * PAGE, PAGE)), "read", shown(os.pread(fd, PAGE, 9 * PAGE))
    yield "longer", result(os.pwritev, direct, [aligned(PAGE, 67)], 20 * PAGE), os.fstat(fd).st_size
    yield "between", shown(os.pread(fd, 5 * PAGE, 16 * PAGE)), shown(direct_read(direct, 5 * PAGE, 16 * PAGE))
    os.ftruncate(fd, 10 * PAGE + 100)
    yield "cut", shown(direct_read(direct, 4 * PAGE, 8 * PAGE)), shown(direct_read(direct, PAGE, 12 * PAGE))
    os.ftruncate(direct, 12 * PAGE)
    yield "longer by the other", shown(os.pread(fd, 4 * PAGE, 8 * PAGE))
    appender = os.open("f", os.O_WRONLY | os.O_DIRECT | os.O_APPEND)
    os.pwrite(fd, b"x" * PAGE, 12 * PAGE)
    yield "appended", result(os.writev, appender, [aligned(PAGE, 68)]), shown(os.pread(fd, 10 * PAGE, 11 * PAGE))
    os.fsync(fd)
    yield "all", shown(os.pread(fd, 20 * PAGE, 0)), shown(direct_read(direct, 20 * PAGE, 0)), shown(mapping.read(0, 14 * PAGE))


def meeting(size_max, actor):
    """Processes that work on one file at once, each as `actor` does with its number; how many of them found something wrong."""
    new("f", size_max)
    children = []
    for number in range(6):
        child = os.fork()
        if child == 0:
            try:
                os._exit(actor(number, random.Random(SEED + number)))
            except BaseException as error:
                print(number, repr(error), file=sys.stderr)
                os._exit(1)
        children.append(child)
    return sum(1 for child in children if os.waitpid(child, 0)[1] != 0)


def readers_and_cutters():
    """A read gives bytes of the pattern up to an end, with zeros only where somebody had made the file longer; never more, nothing else."""
    size_max = 40 * PAGE
    whole = pattern(size_max)

    def actor(number, rng):
        fd = os.open("f", os.O_RDWR)
        direct = os.open("f", os.O_RDWR | os.O_DIRECT)
        for _ in range(400):
            if number == 0:
                os.ftruncate(fd, rng.randrange(size_max + 1))
            elif number == 1:
                at = rng.randrange(size_max)
                os.pwrite(fd, whole[at : at + rng.randrange(20_000)], at)
            else:
                at = rng.randrange(size_max)
                if number == 2:
                    at -= at % PAGE
                data = direct_read(direct, 5 * PAGE, at) if number == 2 else os.pread(fd, 5 * PAGE, at)
                if at + len(data) > size_max:
                    return 2
                if any(byte not in (0, whole[at + place]) for place, byte in enumerate(data)):
                    return 3
        return 0

    yield meeting(size_max, actor)


def mapped_readers_and_cutters():
    """Beyond the end there is SIGBUS or, when the file was longer in that moment, what it had; nothing else."""
    size_max = 40 * PAGE
    whole = pattern(size_max)

    def actor(number, rng):
        fd = os.open("f", os.O_RDWR)
        if number < 2:
            for _ in range(400):
                if number == 0:
                    os.ftruncate(fd, rng.randrange(size_max + 1))
                else:
                    at = rng.randrange(size_max)
                    os.pwrite(fd, whole[at : at + rng.randrange(20_000)], at)
            return 0
        mapping = Mapping(fd, size_max)

        def touches():
            for _ in range(20):
                at = rng.randrange(size_max)
                if mapping.read(at)[0] not in (0, whole[at]):
                    return at
            return "fine"

        for _ in range(40):
            rng.random()
            answer = in_child(touches)
            if answer not in ("fine", "SIGBUS"):
                print(number, answer, file=sys.stderr)
                return 2
        return 0

    yield meeting(size_max, actor)


def direct_and_cached_writers():
    """Each has pages of its own, written one way and read the other: nobody's data comes back old, or lands elsewhere."""
    pages = 48

    def actor(number, rng):
        cached = os.open("f", os.O_RDWR)
        direct = os.open("f", os.O_RDWR | os.O_DIRECT)
        mapping = Mapping(cached, pages * PAGE)
        for _ in range(150):
            page = rng.randrange(pages // 6) * 6 + number
            byte = rng.randrange(1, 256)
            way = rng.randrange(3)
            if way == 0:
                os.pwrite(cached, bytes([byte]) * PAGE, page * PAGE)
            elif way == 1:
                os.pwritev(direct, [aligned(PAGE, byte)], page * PAGE)
            else:
                mapping.write(page * PAGE, bytes([byte]) * PAGE)
            wanted = bytes([byte]) * PAGE
            reads = [
                lambda: os.pread(cached, PAGE, page * PAGE),
                lambda: direct_read(direct, PAGE, page * PAGE),
                lambda: mapping.read(page * PAGE, PAGE),
            ]
            if any(read() != wanted for read in rng.sample(reads, 3)):
                return 2
        return 0

    yield meeting(pages * PAGE, actor)


cases = [
    reads_at_the_end,
    cut_while_open,
    mapped_beyond_the_end,
    system_calls_beyond_the_end,
    direct_beside_cached,
    readers_and_cutters,
    mapped_readers_and_cutters,
    direct_and_cached_writers,
]

os.chdir(sys.argv[1])
for case in cases:
    if os.environ.get("ONLY", case.__name__) != case.__name__:
        continue
    home = os.getcwd()
    os.mkdir(case.__name__)
    os.chdir(case.__name__)
    for line in case():
        print(case.__name__, *line if isinstance(line, tuple) else (line,), flush=True)
    os.chdir(home)
