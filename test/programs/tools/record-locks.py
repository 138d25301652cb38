"""fcntl locks as POSIX has them, between processes; prints what came of each."""

import errno
import fcntl
import os
import signal
import struct
import time


class Interrupted(Exception):
    """Not an OSError: a call that a signal ends is tried again by Python unless its handler raises."""


def attempt(fd, kind, start, length, wait=False):
    try:
        fcntl.lockf(fd, kind | (0 if wait or kind == fcntl.LOCK_UN else fcntl.LOCK_NB), length, start)
        return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]


def holder(fd, start, length):
    """F_GETLK: who would be in the way of a write lock, and where."""
    asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
    kind, _, at, size, pid = struct.unpack("hhqqi4x", fcntl.fcntl(fd, fcntl.F_GETLK, asked))
    return "nobody" if kind == fcntl.F_UNLCK else (kind, at, size, pid == parent)


def in_child(work):
    """Runs `work` in another process; returns what it returns, printed."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write, repr(work(os.open("records", os.O_RDWR))).encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 10000).decode()
    os.close(read)
    os.waitpid(pid, 0)
    return said


parent = os.getpid()
fd = os.open("records", os.O_RDWR | os.O_CREAT)
os.write(fd, bytes(1000))
print("take", attempt(fd, fcntl.LOCK_EX, 0, 100))
print("split", attempt(fd, fcntl.LOCK_UN, 40, 20))
print("others see", in_child(lambda mine: [holder(mine, 0, 0), holder(mine, 45, 5), holder(mine, 60, 10), holder(mine, 100, 0)]))
print("others take", in_child(lambda mine: [attempt(mine, fcntl.LOCK_EX, at, 5) for at in (0, 39, 45, 58, 100)]))
print("to shared", attempt(fd, fcntl.LOCK_SH, 60, 40))
print("others share", in_child(lambda mine: [attempt(mine, fcntl.LOCK_SH, 60, 10), attempt(mine, fcntl.LOCK_EX, 60, 10)]))
print("merge", attempt(fd, fcntl.LOCK_EX, 30, 50))
print("others see", in_child(lambda mine: [holder(mine, 0, 0), holder(mine, 80, 5)]))
# Closing any descriptor of the file lets go of all.
os.close(os.open("records", os.O_RDONLY))
print("after close", in_child(lambda mine: attempt(mine, fcntl.LOCK_EX, 0, 0)))

# Locks of open file descriptions stay, and stand in each other's way within a process.
OFD_SETLK = 37
own = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 10, 0)
fcntl.fcntl(fd, OFD_SETLK, own)
other = os.open("records", os.O_RDWR)
try:
    fcntl.fcntl(other, OFD_SETLK, own)
    print("own OFD lock ok")
except OSError as error:
    print("own OFD lock", errno.errorcode[error.errno])
os.close(os.open("records", os.O_RDONLY))
print("OFD after close", in_child(lambda mine: attempt(mine, fcntl.LOCK_EX, 0, 5)))
os.close(fd)
print("OFD gone", in_child(lambda mine: attempt(mine, fcntl.LOCK_EX, 0, 5)))

# Two that wait for each other: one is told.
fd = os.open("records", os.O_RDWR)
attempt(fd, fcntl.LOCK_EX, 0, 1)
ready, tell = os.pipe()
pid = os.fork()
if pid == 0:
    attempt(fd, fcntl.LOCK_EX, 1, 1)
    os.write(tell, b"x")
    attempt(fd, fcntl.LOCK_EX, 0, 1, wait=True)
    os._exit(0)
os.read(ready, 1)
time.sleep(0.3)
print("deadlock", attempt(fd, fcntl.LOCK_EX, 1, 1, wait=True))
attempt(fd, fcntl.LOCK_UN, 0, 0)
os.waitpid(pid, 0)

# A signal ends the wait.
attempt(fd, fcntl.LOCK_EX, 0, 1)


def interrupted(mine):
    def on_alarm(*_):
        raise Interrupted

    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        return attempt(mine, fcntl.LOCK_EX, 0, 1, wait=True)
    except Interrupted:
        return "interrupted"


print("signal", in_child(interrupted))

# One that waits gets it when the holder dies.
pid = os.fork()
if pid == 0:
    mine = os.open("records", os.O_RDWR)
    attempt(mine, fcntl.LOCK_EX, 500, 10)
    os.write(tell, b"x")
    time.sleep(60)
os.read(ready, 1)
print("held", attempt(fd, fcntl.LOCK_EX, 505, 1))
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
print("dead", attempt(fd, fcntl.LOCK_EX, 505, 1, wait=True))
# A write lock needs a descriptor that may write.
print("read only", attempt(os.open("records", os.O_RDONLY), fcntl.LOCK_EX, 700, 1))
