"""
What a program does at files that others share with it from other hosts (stories.ts): `work.py TASK ARGUMENT...`, ARGUMENTs being JSON.

It goes on until its standard input is closed, and says on its standard output, a JSON array a line, what has been done
(["did", ...]), what it saw that must not be (["wrong", text]), and whatever else its judge wants to know. It ends with 0; with 75 when
the mount has died under it.
"""

import errno
import fcntl
import json
import mmap
import os
import random
import select
import sqlite3
import struct
import subprocess
import sys
import time
import zlib

MOUNT_IS_DEAD = 75
# What calls on the mount of a client that died come to.
DEATHS = (errno.ENOTCONN, errno.ECONNABORTED)


def say(*what):
    os.write(1, (json.dumps(what) + "\n").encode())


def over():
    """Whether standard input was closed. Questions are answered by those who expect them."""
    return bool(select.select([0], [], [], 0)[0]) and os.read(0, 1) == b""


def quietly(call, *arguments):
    """The errno's name of a call that others may be quicker at; None when it was done."""
    try:
        call(*arguments)
        return None
    except FileExistsError:
        return "EEXIST"
    except FileNotFoundError:
        return "ENOENT"


def is_there(path):
    """os.path.lexists takes a mount that is just dying for the absence of all that was in it."""
    try:
        os.lstat(path)
        return True
    except FileNotFoundError:
        return False


# --- one log: who appends, and who follows ---

MARK = b"\n"


def record(writer, number):
    text = b"%s %d %s" % (writer.encode(), number, b"." * ((number * 37 + len(writer)) % 200))
    return b"%s %08x\n" % (text, zlib.crc32(text))


def read_record(line):
    """(writer, number) of a whole record; None of anything else."""
    text, _, sum_of_it = line.rpartition(b" ")
    if sum_of_it != b"%08x" % zlib.crc32(text):
        return None
    writer, number, _ = text.split(b" ")
    return writer.decode(), int(number)


def append(path, writer):
    log = os.open(path, os.O_WRONLY | os.O_APPEND)
    number = 0
    while not over():
        line = record(writer, number)
        written = os.write(log, line)
        if written != len(line):
            say("wrong", f"{writer}: {written} bytes of {len(line)} were written")
        if number % 16 == 15:
            os.fsync(log)
        say("did", number)
        number += 1
    os.close(log)


def follow(path, me):
    """As tail -F: what is new is read, through one descriptor; every record comes once, whole, each writer's in order."""
    log = os.open(path, os.O_RDONLY)
    reader = Reader(me)
    at = seen = 0
    while True:
        # What was written before the end was told is there to be read.
        last = over()
        while data := os.pread(log, 1 << 16, at):
            at += len(data)
            reader.take(data)
        if reader.count > seen:
            say("did", reader.count)
            seen = reader.count
        if last:
            break
        time.sleep(0.001)
    reader.close()
    say("read", reader.next, reader.zeros, at)
    os.close(log)


class Reader:
    def __init__(self, me):
        self.me, self.rest, self.count, self.zeros, self.next = me, b"", 0, 0, {}

    def take(self, data):
        lines = (self.rest + data).split(MARK)
        self.rest = lines.pop()
        for line in lines:
            # What a writer that died had been given stays empty.
            full = line.lstrip(b"\0")
            if len(full) < len(line):
                self.zeros += 1
            found = read_record(full)
            if found is None:
                say("wrong", f"{self.me}: torn: {full[:80]!r} after {self.count} records")
                continue
            writer, number = found
            if number != self.next.get(writer, 0):
                say("wrong", f"{self.me}: {writer} {number} came, {self.next.get(writer, 0)} was to come")
            self.next[writer] = number + 1
            self.count += 1

    def close(self):
        left = self.rest.lstrip(b"\0")
        if left != b"":
            say("wrong", f"{self.me}: torn at the end: {left[:80]!r}")
        if len(self.rest) > 0 and left == b"":
            self.zeros += 1


# --- names: of many who do the same, one is the first ---


def race(folder, me, kept):
    """
    Round for round: one of all makes each name, and moves `turn-N` on to `turn-N+1`; the others are told that it is done. Who moved it makes
    what one of all removes, some rounds later. Names that nobody touches are in every listing, once.
    """
    made = {
        "file": lambda n: os.close(os.open(f"{folder}/file/{n}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)),
        "folder": lambda n: os.mkdir(f"{folder}/folder/{n}"),
        "link": lambda n: os.link(f"{folder}/{kept[0]}", f"{folder}/link/{n}"),
        "symlink": lambda n: os.symlink(me, f"{folder}/symlink/{n}"),
        "turn": lambda n: os.rename(f"{folder}/turn-{n}", f"{folder}/turn-{n + 1}"),
    }
    removed = {
        "unlink": lambda n: os.unlink(f"{folder}/gone/file-{n}"),
        "rmdir": lambda n: os.rmdir(f"{folder}/gone/folder-{n}"),
    }
    wanted = set(kept)
    number = turn_now(folder)
    while not over():
        for kind, call in made.items():
            if quietly(call, number) is None:
                say("did", kind, number)
                if kind == "turn":
                    os.mkdir(f"{folder}/gone/folder-{number}")
                    os.close(os.open(f"{folder}/gone/file-{number}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            elif kind != "turn" and not is_there(f"{folder}/{kind}/{number}"):
                say("wrong", f"{me}: {kind}/{number} is not there after it was found to be there")
        if is_there(f"{folder}/turn-{number}"):
            say("wrong", f"{me}: turn-{number} is there after it was moved")
        for kind, call in removed.items():
            if quietly(call, number - 3) is None:
                say("did", kind, number - 3)
        names = os.listdir(folder)
        if len(names) != len(set(names)):
            say("wrong", f"{me}: a listing has a name twice: {sorted(names)}")
        if not wanted <= set(names):
            say("wrong", f"{me}: a listing lacks {sorted(wanted - set(names))}")
        say("did", "round", number)
        # Who has fallen behind would find all of it done, round for round.
        number = max([number + 1, *turns_in(names)])


def turn_now(folder):
    while not (turns := turns_in(os.listdir(folder))):
        pass
    return max(turns)


def turns_in(names):
    """One, or none or two where it is moved while the listing is made."""
    return [int(name[5:]) for name in names if name.startswith("turn-")]


# --- locks: a number that everybody adds one to ---

PLACES = (0, 5_000_000)


def count(path, me, how):
    """The number stands in two places, far from each other, and in a second file; only who has the lock reads and writes it."""
    file = os.open(path, os.O_RDWR)
    second = os.open(f"{path}-2", os.O_RDWR)
    lock, unlock = LOCKS[how]

    def read():
        return [int.from_bytes(os.pread(file, 8, place), "big") for place in PLACES] + [int.from_bytes(os.pread(second, 8, 0), "big")]

    while not over():
        lock(file)
        numbers = read()
        if len(set(numbers)) != 1:
            # Somebody died between two of them: it was written in this order.
            say("torn", numbers)
        number = max(numbers) + 1
        for place in PLACES:
            os.pwrite(file, number.to_bytes(8, "big"), place)
        os.pwrite(second, number.to_bytes(8, "big"), 0)
        if number % 4 == 0:
            os.fsync(file)
            os.fsync(second)
        unlock(file)
        say("did", number)
        if number % 8 == 0:
            # With others who only read.
            lock(file, shared=True)
            numbers = read()
            unlock(file)
            if numbers[0] < number:
                say("wrong", f"{me}: {numbers} after {number}")
            if len(set(numbers)) != 1:
                say("torn", numbers)


def ofd(file, kind):
    fcntl.fcntl(file, 38, struct.pack("hh4xqqi4x", kind, os.SEEK_SET, 0, 0, 0))


LOCKS = {
    "fcntl": (
        lambda file, shared=False: fcntl.lockf(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX),
        lambda file: fcntl.lockf(file, fcntl.LOCK_UN),
    ),
    "flock": (
        lambda file, shared=False: fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX),
        lambda file: fcntl.flock(file, fcntl.LOCK_UN),
    ),
    "ofd": (
        lambda file, shared=False: ofd(file, fcntl.F_RDLCK if shared else fcntl.F_WRLCK),
        lambda file: ofd(file, fcntl.F_UNLCK),
    ),
}


# --- mappings: a page for each writer, whose number only rises ---

PAGE = 4096


def store(path, me, page):
    """Raises its number, by turns with write() and through a mapping."""
    file = os.open(path, os.O_RDWR)
    view = mmap.mmap(file, 0)
    number = number_in(view, page * PAGE)
    while not over():
        number += 1
        data = number.to_bytes(8, "big")
        if number % 2 == 0:
            os.pwrite(file, data, page * PAGE)
        else:
            view[page * PAGE : page * PAGE + 8] = data
            view.flush(page * PAGE, PAGE)
        found = view[page * PAGE : page * PAGE + 8]
        if found != data:
            say("wrong", f"{me}: its own mapping shows {int.from_bytes(found, 'big')} after {number}")
        say("did", number)


# So long a mapping may show what it has fetched before others wrote: it is dropped at once, by a thread of its own, which may have to wait for
# an OSD that has died (docs/POSIX.md).
MOMENT = 5


def watch(path, me, pages):
    """Looks at all pages through a mapping, and by reading. A line on standard input asks for what there is now."""
    file = os.open(path, os.O_RDONLY)
    view = mmap.mmap(file, 0, prot=mmap.PROT_READ)
    mapped, seen, due = [0] * pages, [0] * pages, [(0, 0.0)] * pages
    looks = 0
    while True:
        asked = bool(select.select([0], [], [], 0.0005)[0])
        if asked and os.read(0, 1) == b"":
            return
        now = read_fresh(path, pages * PAGE)
        for page in range(pages):
            at = page * PAGE
            number = number_in(now, at)
            if number < seen[page]:
                say("wrong", f"{me}: page {page} is read as {number} after {seen[page]}")
            seen[page] = number
            shown = number_in(view, at)
            if shown < mapped[page]:
                say("wrong", f"{me}: page {page} shows {shown} after {mapped[page]}")
            mapped[page] = shown
            if shown >= due[page][0]:
                # What is read now is what it is to show next.
                due[page] = (number, time.monotonic())
            elif time.monotonic() > due[page][1] + MOMENT:
                say("wrong", f"{me}: page {page} shows {shown}, and was read as {due[page][0]} {MOMENT} s ago")
        looks += 1
        if asked:
            say("sees", seen)
        if looks % 5 == 0:
            say("did", looks)


def read_fresh(path, length):
    """Through a descriptor that was opened just now."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.pread(file, length, 0)
    finally:
        os.close(file)


def number_in(data, at):
    return int.from_bytes(data[at : at + 8], "big")


# --- databases and repositories ---


def insert(path, me):
    database = sqlite3.connect(path, timeout=60, isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    number = 0
    while not over():
        database.execute("BEGIN IMMEDIATE")
        (rows,) = database.execute("SELECT count(*) FROM records").fetchone()
        database.execute("INSERT INTO records VALUES (?, ?, ?)", (me, number, rows))
        database.execute("COMMIT")
        say("did", number)
        number += 1
        # SQLite looks for the lock ten times a second; without a pause whoever has had it would nearly always be quicker.
        time.sleep(random.random() / 20)
    database.close()


def rows(path):
    database = sqlite3.connect(path, timeout=60)
    say("rows", database.execute("SELECT * FROM records").fetchall(), database.execute("PRAGMA integrity_check").fetchall())
    database.close()


GIT = ["git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "core.fsync=all", "-c", "gc.auto=0"]


def git(folder, *arguments):
    return subprocess.run([*GIT, "-C", folder, *arguments], capture_output=True, text=True)


def must(done):
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(done.args[9:])}: {done.stderr.strip()}")


def commit(folder, me):
    """In one working tree that all hosts share: who finds the index locked tries again."""
    number = 0
    mine = f"{me}.txt"
    while not over():
        with open(f"{folder}/{mine}", "a") as file:
            file.write(f"{number}\n")
        # Only its own: others may have added theirs meanwhile. A commit of theirs takes it out of the index again when it was added just then:
        # git reads the index before it locks it (prepare_index in builtin/commit.c), on any filesystem.
        patiently(folder, "add", mine)
        while not patiently(folder, "commit", "-q", "-m", f"{me} {number}", "--", mine, unless="did not match any file"):
            patiently(folder, "add", mine)
        say("did", number)
        number += 1


def patiently(folder, *arguments, unless=None):
    """Whether it was done; else it has said what is expected."""
    for _ in range(1000):
        done = git(folder, *arguments)
        if done.returncode == 0:
            return True
        if unless is not None and unless in done.stderr:
            return False
        if "index.lock" not in done.stderr and "cannot lock ref" not in done.stderr:
            must(done)
        time.sleep(0.01 + random.random() * 0.05)
    must(done)


def push(bare, clone, me):
    """In a clone of its own, pushed to a repository that all hosts share. Any number push at once; who was too late fetches and pushes alone."""
    must(git(".", "clone", "-q", bare, clone))
    turns = os.open(f"{bare}/turns", os.O_RDWR | os.O_CREAT, 0o644)
    number = 0
    while not over():
        with open(f"{clone}/{me}.txt", "a") as file:
            file.write(f"{number}\n")
        must(git(clone, "add", "-A"))
        must(git(clone, "commit", "-q", "-m", f"{me} {number}"))
        fcntl.flock(turns, fcntl.LOCK_SH)
        done = pushed(clone)
        fcntl.flock(turns, fcntl.LOCK_UN)
        if not done:
            # Fetching takes longer than others take for their next push: so they would always be quicker.
            fcntl.flock(turns, fcntl.LOCK_EX)
            while not pushed(clone):
                must(git(clone, "pull", "-q", "--rebase", "origin", "main"))
            fcntl.flock(turns, fcntl.LOCK_UN)
        say("did", number)
        number += 1


def pushed(clone):
    done = git(clone, "push", "-q", "origin", "HEAD:main")
    if done.returncode != 0 and "rejected" not in done.stderr:
        must(done)
    return done.returncode == 0


TASKS = {task.__name__: task for task in (append, follow, race, count, store, watch, insert, rows, commit, push)}


def is_dead(path):
    """Whether the mount that was worked on is not served any more."""
    try:
        os.statvfs(os.path.dirname(path))
        return False
    except OSError as error:
        return error.errno in DEATHS


def main():
    task, *arguments = sys.argv[1:]
    arguments = [json.loads(argument) for argument in arguments]
    try:
        TASKS[task](*arguments)
    except Exception:
        if not is_dead(arguments[0]):
            raise
        sys.exit(MOUNT_IS_DEAD)


main()
