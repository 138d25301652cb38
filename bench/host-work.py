"""
What a process of one host does for hosts.ts: one task a line on standard input, as JSON, its result on standard output. Times are
seconds of the monotonic clock, which all processes of a machine share.
"""

import fcntl
import json
import os
import sys
import time

now = time.monotonic
# Between two looks: as long as a poller that does not want a processor for itself may sleep.
NAP = 0.0002
RECORD = 64


def until(start):
    while now() < start:
        time.sleep(min(NAP, max(0, start - now())))


def found(look, patience):
    """When `look` first said yes; None when it never did."""
    end = now() + patience
    while now() < end:
        if look():
            return now()
        time.sleep(NAP)
    return None


# --- one host does something, another waits to see it ---


def write_number(path, number):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        begun = now()
        os.pwrite(fd, number.to_bytes(8, "big"), 0)
        return begun
    finally:
        os.close(fd)


def see_number(path, number, patience):
    fd = os.open(path, os.O_RDONLY)
    try:
        return found(lambda: os.pread(fd, 8, 0) == number.to_bytes(8, "big"), patience)
    finally:
        os.close(fd)


def append_line(path, number):
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        begun = now()
        os.write(fd, b"%063d\n" % number)
        return begun
    finally:
        os.close(fd)


def follow(path, number, patience):
    """As tail -F does: the size grows, what is new is read."""
    fd = os.open(path, os.O_RDONLY)
    try:
        line = b"%063d\n" % number
        return found(lambda: os.fstat(fd).st_size >= RECORD * number and os.pread(fd, RECORD, RECORD * (number - 1)) == line, patience)
    finally:
        os.close(fd)


def create(path):
    begun = now()
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
    return begun


def rename(path, target):
    begun = now()
    os.rename(path, target)
    return begun


def see_name(path, patience):
    return found(lambda: os.path.exists(path), patience)


# --- all hosts at once, for so many seconds ---


def lock_by_turns(path, me, hosts, start, seconds):
    """Each holds a byte and waits for the next one, round a ring: how often one came."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    ring, held, count = hosts + 1, me, 0
    fcntl.lockf(fd, fcntl.LOCK_EX, 1, held)
    until(start)
    while now() < start + seconds:
        wanted = (held + 1) % ring
        fcntl.lockf(fd, fcntl.LOCK_EX, 1, wanted)
        fcntl.lockf(fd, fcntl.LOCK_UN, 1, held)
        held, count = wanted, count + 1
    os.close(fd)
    return count


def write_by_turns(path, me, hosts, start, seconds):
    """Whose turn it is reads the number of the one before, and writes the next: how often."""
    fd = os.open(path, os.O_RDWR)
    count = 0
    until(start)
    while now() < start + seconds:
        number = int.from_bytes(os.pread(fd, 8, 0), "big")
        if number % hosts == me:
            os.pwrite(fd, (number + 1).to_bytes(8, "big"), 0)
            count += 1
    os.close(fd)
    return count


def append(path, me, start, seconds):
    fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    count = 0
    until(start)
    while now() < start + seconds:
        os.write(fd, b"%03d %059d\n" % (me, count))
        count += 1
    os.close(fd)
    return count


def make_files(folder, me, start, seconds):
    count = 0
    until(start)
    while now() < start + seconds:
        os.close(os.open(f"{folder}/{me}-{count}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        count += 1
    return count


def lost_records(path, counts):
    """How many of the records that each host has written are not there, whole and in order."""
    lost = sum(counts)
    following = [0] * len(counts)
    with open(path, "rb") as file:
        for line in file.read().split(b"\n"):
            fields = line.split(b" ")
            if len(line) != RECORD - 1 or len(fields) != 2:
                continue
            host, number = int(fields[0]), int(fields[1])
            if number >= following[host]:
                following[host], lost = number + 1, lost - 1
    return lost


TASKS = [write_number, see_number, append_line, follow, create, rename, see_name]
TASKS += [lock_by_turns, write_by_turns, append, make_files, lost_records]
NAMED = {task.__name__: task for task in TASKS}

for request in sys.stdin:
    name, *arguments = json.loads(request)
    try:
        answer = {"value": NAMED[name](*arguments)}
    except Exception as error:  # whatever it is, the one who asked says it
        answer = {"error": f"{name}: {error}"}
    print(json.dumps(answer), flush=True)
