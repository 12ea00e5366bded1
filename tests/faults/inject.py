#!/usr/bin/env python3
"""Injects a fault at system calls of small commands, and asserts that nothing is lost.

    python3 tests/faults/inject.py PROGRAM [--every N] [--only COMMAND]

For each command (run, sweep, merge, run --force, report) every call of the groups below that the undisturbed
command makes is made to fail once, and once to kill the process. After each fault: no panic, no file of somebody
else touched, and, of results that were finished before, none without its name. Then the same command without a
fault must end in the bytes of an undisturbed one, and leave nothing else behind.

--every N takes every N-th call only. Without strace, or where it may not trace, the script says so and succeeds.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

# Calls by which the program touches the disk. Those before the others are far more often made by the loader and
# the system's libraries, or only read.
CALLS = [
    "openat2", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir", "flock", "ftruncate", "openat", "statx",
]
ERRORS = ["ENOSPC", "EIO", "EACCES"]
# Of calls that mostly read, only every so-many-th is made to fail.
READING = {"openat": 9, "statx": 9, "openat2": 2}

TINY = """
name = "Tiny"
months = 2
burn_in = 0
replicates = 1
population.communities = 1
population.adults = 20
"""
SWEPT = """
kind = "sweep"
name = "Swept"
scenario = "tiny.toml"
outcomes = ["participation"]
replicates = 1
window = "whole"
[design]
method = "grid"
levels = 2
[vary]
"funding.base" = { low = 1, high = 2 }
"""
# What knows the time, or the command.
APART = ("manifest.json", "report.html")


class Command:
    """A command, and what is there before it."""

    def __init__(self, name, arguments, before, keeps):
        self.name, self.arguments, self.before, self.keeps = name, arguments, before, keeps


def commands():
    run = ["run", "tiny.toml", "--threads", "1", "-q", "--out", "out"]
    sweep = ["sweep", "swept.toml", "--threads", "1", "-q", "--out", "out"]
    shards = [sweep + ["--shard", "1/2"], sweep + ["--shard", "2/2"]]
    return [
        Command("run", run, [], False),
        Command("sweep", sweep, [], False),
        Command("merge", ["merge", "FOLDER", "-q"], shards, False),
        Command("force", run + ["--force"], [run], True),
        Command("report", ["report", "FOLDER", "-q"], [sweep], True),
    ]


def shell(program, arguments, place, tracer=()):
    """What the program does, with its own and not its tracer's exit code."""
    environment = {**os.environ, "SHEQU_LANG": "en", "RUST_BACKTRACE": "0"}
    return subprocess.run(
        [*tracer, program, *arguments], cwd=place, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
    )


def digest(path):
    if os.path.islink(path):
        return "-> " + os.readlink(path)
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def tree(folder, leave_out=()):
    """Every file and folder below, with a hash of what it holds."""
    found = {}
    for base, folders, files in os.walk(folder):
        for name in folders:
            path = os.path.join(base, name)
            found[os.path.relpath(path, folder)] = "-> " if os.path.islink(path) else "folder"
        for name in files:
            path = os.path.join(base, name)
            found[os.path.relpath(path, folder)] = "apart" if name in leave_out else digest(path)
    return found


def foreign(place):
    """Somebody else's files, beside the results."""
    os.makedirs(os.path.join(place, "out", "mine", "deep"))
    for name in ["out/mine/deep/thesis.csv", "out/notes.txt", "out/.hidden", "precious.txt"]:
        with open(os.path.join(place, name), "w") as file:
            file.write("precious")
    os.symlink("../../precious.txt", os.path.join(place, "out", "mine", "link"))


def is_foreign(path):
    return path.split(os.sep)[0] in ("mine", "notes.txt", ".hidden")


class Bench:
    """A command, ready to be disturbed again and again."""

    def __init__(self, program, command, scratch):
        self.program, self.command = program, command
        self.start = os.path.join(scratch, command.name)
        os.makedirs(self.start)
        for name, text in [("tiny.toml", TINY), ("swept.toml", SWEPT)]:
            with open(os.path.join(self.start, name), "w") as file:
                file.write(text)
        foreign(self.start)
        for arguments in command.before:
            self.fine(shell(program, arguments, self.start))
        ours = [name for name in os.listdir(os.path.join(self.start, "out")) if not is_foreign(name)]
        self.folder = os.path.join("out", ours[0]) if ours else None
        self.arguments = [self.folder if word == "FOLDER" else word for word in command.arguments]
        self.places = os.path.join(scratch, command.name + "-place")
        place = self.fresh()
        self.fine(shell(program, self.arguments, place))
        self.expected = tree(os.path.join(place, "out"), APART)

    def fine(self, outcome):
        assert outcome.returncode == 0, outcome.stderr.decode(errors="replace")

    def fresh(self):
        """A folder as before the command, of this thread alone."""
        place = f"{self.places}-{threading.get_ident()}"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.start, place, symlinks=True)
        return place

    def most(self, call):
        """The most that any one thread makes of this call, as the tracer counts by thread."""
        place = self.fresh()
        log = place + ".log"
        shell(self.program, self.arguments, place, ["strace", "-f", "-qq", "-e", f"trace={call}", "-o", log])
        counts = {}
        with open(log, errors="replace") as file:
            for line in file:
                if f" {call}(" in line:
                    counts[line.split()[0]] = counts.get(line.split()[0], 0) + 1
        return max(counts.values(), default=0)

    def disturb(self, call, number, fault):
        """Disturbs the command once; what is wrong, if anything is."""
        place = self.fresh()
        inject = f"inject={call}:{fault}:when={number}"
        tracer = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
        outcome = shell(self.program, self.arguments, place, tracer)
        said = outcome.stderr.decode(errors="replace")
        if outcome.returncode == 101 or "panicked" in said:
            return f"panic: {said}"
        if wrong := self.lost(place):
            return f"after the fault: {wrong}\n{said}"
        again = shell(self.program, self.arguments, place)
        said += again.stderr.decode(errors="replace")
        if again.returncode != 0:
            return f"the same command again ends with {again.returncode}\n{said}"
        if wrong := self.lost(place):
            return f"after the command again: {wrong}\n{said}"
        found = tree(os.path.join(place, "out"), APART)
        differ = sorted(name for name in {*found, *self.expected} if found.get(name) != self.expected.get(name))
        return f"other bytes than undisturbed: {differ}\n{said}" if differ else None

    def lost(self, place):
        """What is lost: files of others, or results that were finished."""
        before, after = tree(self.start), tree(place)
        others = {name for name in before if not name.startswith("out" + os.sep) or is_foreign(name[4:])}
        touched = [name for name in others if before[name] != after.get(name)]
        if touched:
            return f"touched {touched}"
        if self.command.keeps and not os.path.isfile(os.path.join(place, self.folder, "manifest.json")):
            return "finished results have lost their name"
        return None


def can_trace():
    try:
        trial = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "inject=fsync:error=EIO", "true"]
        return subprocess.run(trial, capture_output=True).returncode == 0
    except OSError:
        return False


def every_fault(bench, every, workers):
    """Call, number and fault of all that a command has to bear."""
    for call, most in zip(CALLS, workers.map(bench.most, CALLS)):
        for number in range(1, most + 1, every * READING.get(call, 1)):
            yield call, number, f"error={ERRORS[number % len(ERRORS)]}"
            yield call, number, "signal=KILL"
    # File systems that know no locks, as some of clusters, or no exchange of names.
    for error in ("ENOLCK", "EOPNOTSUPP", "ENOSYS"):
        yield "flock", "1+", f"error={error}"
    yield "renameat2", "1+", "error=EINVAL"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only")
    options = parser.parse_args()
    if not can_trace():
        print("skipped: there is no strace here, or it may not trace")
        return 0
    program, wrong, done = os.path.abspath(options.program), 0, 0
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as workers:
        for command in commands():
            if options.only not in (None, command.name):
                continue
            bench = Bench(program, command, scratch)
            faults = list(every_fault(bench, options.every, workers))
            for fault, what in zip(faults, workers.map(lambda fault: bench.disturb(*fault), faults)):
                done += 1
                if what:
                    wrong += 1
                    print(f"{command.name}: {' '.join(map(str, fault))}: {what}", flush=True)
            print(f"{command.name}: {done} faults so far, {wrong} not borne", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
