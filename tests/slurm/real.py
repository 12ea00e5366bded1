#!/usr/bin/env python3
"""Submits an experiment to a real Slurm of three nodes on this machine, disturbs it, and asserts the bytes of one process.

    python3 tests/slurm/real.py PROGRAM

One task of the array is cancelled, one shard is killed, one task meets its time limit and is requeued. `status` must say
so, `--resume` must submit what is missing and nothing that still runs, and the merge must give the bytes of one process.
So must an experiment whose replicates go on until an interval is narrow, of which the merge submits the next round.

Slurm and munge are started here, as root and without systemd, with all that they write in a temporary folder, and are
stopped at the end whatever happens. Each node has a name of its own (a UTS name space), as on a cluster. Without root or
one of the programs, the script says so and succeeds.
"""

import glob
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time

NODES = ["node1", "node2", "node3"]
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scancel", "scontrol", "squeue", "sinfo", "setpriv", "unshare"]

# `cred_expire` is also how long a requeued task waits before it starts again: two minutes unless a cluster says
# otherwise. The node of a killed task is asked to end it within `KillWait`.
CONFIGURATION = """
ClusterName=shequ
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmctldPort={port}
AuthInfo=socket={place}/munge/socket,cred_expire=5
StateSaveLocation={place}/state
SlurmctldPidFile={place}/controller.pid
SlurmctldLogFile={place}/controller.log
SlurmdPidFile={place}/%n.pid
SlurmdSpoolDir={place}/spool-%n
SlurmdLogFile={place}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=5
MaxArraySize=51
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0,bf_interval=1
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

CITY = 'name = "City"\nmonths = 120\npopulation.communities = 10\npopulation.adults = 200\n'

# Run k of a replicate is of shard k, so the first shard has the largest city and takes by far the longest.
SHARDS = 4
SWEPT = """
kind = "sweep"
name = "Swept"
scenario = "city.toml"
outcomes = ["participation"]
replicates = 8
window = "whole"
[design]
method = "list"
[vary]
"population.adults" = [3000, 1000, 1000, 50]
"""

UNTIL = """
kind = "sweep"
name = "Until"
scenario = "city.toml"
outcomes = ["participation"]
replicates = { until = "participation < 0.0001", max = 50 }
[design]
method = "list"
[vary]
"population.adults" = [30, 40]
"""

# How long the first shard is to take: Slurm looks at time limits every 30 seconds.
LONG = 40.0


def wait_for(what, so_long, is_so):
    """Waits until it is so, and gives what it is."""
    end = time.monotonic() + so_long
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {so_long} seconds: {what}")


def output(command, **more):
    """What a command prints, which must end well."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, **more)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


class Slurm:
    """A cluster on this machine."""

    def __init__(self, place):
        self.place, self.daemons = place, []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        munge = os.path.join(self.place, "munge")
        os.mkdir(munge)
        with open(os.path.join(munge, "key"), "wb") as key:
            key.write(secrets.token_bytes(1024))
        os.chmod(os.path.join(munge, "key"), 0o400)
        for path in [munge, os.path.join(munge, "key")]:
            shutil.chown(path, "munge", "munge")
        files = [f"--{name}={munge}/{file}" for name, file in
                 [("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("seed-file", "seed")]]
        as_munge = ["setpriv", "--reuid=munge", "--regid=munge", "--clear-groups"]
        self.daemon("munge", [*as_munge, "munged", "--foreground", *files])
        wait_for("munge", 10, lambda: os.path.exists(os.path.join(munge, "socket")))
        # Ports of this process, so that two such clusters do not meet.
        first = 20000 + os.getpid() % 10000 * 4
        nodes = [f"NodeName={name} NodeAddr=127.0.0.1 Port={first + 1 + k} CPUs=1 RealMemory=1000"
                 for k, name in enumerate(NODES)]
        configuration = os.path.join(self.place, "slurm.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(place=self.place, port=first, nodes="\n".join(nodes)))
        os.mkdir(os.path.join(self.place, "state"))
        os.environ["SLURM_CONF"] = configuration
        self.daemon("controller", ["slurmctld", "-D", "-c"])
        for name in NODES:
            os.mkdir(os.path.join(self.place, f"spool-{name}"))
            self.daemon(name, ["unshare", "--uts", "sh", "-c", f"hostname {name}; exec slurmd -D -N {name}"])
        idle = ["sinfo", "--noheader", "--states=idle", "--format=%D"]
        wait_for("three idle nodes", 30, lambda: subprocess.run(idle, capture_output=True).stdout.strip() == b"3")

    def daemon(self, name, command):
        with open(os.path.join(self.place, f"{name}.said"), "wb") as said:
            self.daemons.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said))

    def __exit__(self, *_):
        # Jobs first, while there is somebody to end them; then those who would, the last one first.
        if len(self.daemons) > 2:
            subprocess.run(["scancel", "--user=root"], capture_output=True)
            subprocess.run(["scancel", "--user=root", "--signal=KILL", "--full"], capture_output=True)
            no_job = lambda: not subprocess.run(["squeue", "--noheader"], capture_output=True).stdout.strip()
            try:
                wait_for("no job", 15, no_job)
            except AssertionError as still:
                print(still, file=sys.stderr)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def logs(self):
        """The last lines of what the daemons wrote."""
        for path in sorted(glob.glob(os.path.join(self.place, "*.log"))):
            with open(path, errors="replace") as file:
                yield f"{os.path.basename(path)}:\n" + "".join(file.readlines()[-15:])


class Experiment:
    """The sweep, as it is submitted and looked at."""

    def __init__(self, program, work):
        self.program, self.work, self.out = program, work, os.path.join(work, "out")
        for name, text in [("city.toml", CITY), ("swept.toml", SWEPT), ("until.toml", UNTIL)]:
            with open(os.path.join(work, name), "w") as file:
                file.write(text)

    def shequ(self, *arguments):
        """All that the command prints."""
        environment = {**os.environ, "SHEQU_LANG": "en"}
        return output([self.program, *arguments], cwd=self.work, env=environment)

    def replicates(self):
        """As many as make the first shard as long as it must be on this machine, by what its journal says of eight."""
        self.shequ("sweep", "swept.toml", "--replicates", "8", "--shard", f"1/{SHARDS}", "--out", "measured", "--threads", "1")
        journal, = glob.glob(os.path.join(self.work, "measured", "*", "journal-*"))
        with open(journal) as file:
            seconds = sorted(map(float, re.findall(r'"seconds":([0-9.e-]+)', file.read())))
        # On a slow machine it takes longer: the others must not be done before anything is done to them.
        return max(30, round(LONG / seconds[len(seconds) // 2]))

    def submit(self, *more):
        given = ["--shards", str(SHARDS), "--minutes", "30", "--replicates", self.number, "--out", "out"]
        return self.shequ("submit", "slurm", "swept.toml", *given, *more)

    def partial(self):
        """The folder under way, once it is there."""
        return next(iter(glob.glob(os.path.join(self.out, "*.partial"))), None)

    def records(self, shard):
        """Lines in the journal of a shard."""
        try:
            with open(os.path.join(self.partial() or "", f"journal-{shard}-of-{SHARDS}.txt")) as file:
                return len(file.readlines())
        except OSError:
            return 0

    def status(self):
        return self.shequ("status", self.partial())

    def is_finished(self, out):
        return bool(glob.glob(os.path.join(self.work, out, "*", "manifest.json")))

    def assert_same(self, out, *command):
        """The results in `out` have the bytes of one process, and nothing is left of the work."""
        self.shequ(*command, "--out", f"calm-{out}", "-q")
        folder, found = self.tables(out)
        _, expected = self.tables(f"calm-{out}")
        differ = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
        assert not differ, f"{out}: other bytes than one process: {differ}"
        return folder, len(found)

    def tables(self, out):
        """Every file of the results but those that know the time or the command."""
        # Only one is there: nothing is left of the work.
        folder, = [path for path in glob.glob(os.path.join(self.work, out, "*")) if os.path.isdir(path)]
        found = {}
        for base, _, files in os.walk(folder):
            for name in files:
                if name not in ("manifest.json", "report.html"):
                    path = os.path.join(base, name)
                    with open(path, "rb") as file:
                        found[os.path.relpath(path, folder)] = file.read()
        return folder, found


def queue():
    """State by task of what is in the queue: {"3_1": "RUNNING"}."""
    lines = output(["squeue", "--noheader", "--array", "--format=%i %T"]).splitlines()
    return dict(line.split() for line in lines)


def process_of(shard):
    """The number of the process that works on a shard."""
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if b"sweep" in words and f"{shard}/{SHARDS}".encode() in words:
            return int(path.split("/")[2])
    return None


def disturbed(experiment, say):
    """From the first submission to the results."""
    experiment.submit()
    job = min(int(task.split("_")[0]) for task in queue())
    # The head, who began, and the first run.
    wait_for("two tasks with results", 60, lambda: all(experiment.records(shard) > 3 for shard in (2, 3)))
    say("status while three tasks run", experiment.status())

    output(["scancel", f"{job}_2"])
    os.kill(process_of(3), signal.SIGKILL)
    wait_for("the cancelled and the killed task to end", 30,
             lambda: not {f"{job}_2", f"{job}_3"} & set(queue()))
    # A limit that the first task has nearly reached already; Slurm itself sends the signal ahead of it.
    output(["scontrol", "update", f"JobId={job}_1", "TimeLimit=2"])
    wait_for("the last task", 120, lambda: f"{job}_4" not in queue())
    status = experiment.status()
    say("status after one was cancelled and one killed", status)
    assert re.search(r"shards: 1 of 4 done; running: 1; stopped: 2–3; not begun: –", status), status

    # Only what neither is done nor runs.
    again = experiment.submit("--resume")
    say("submitted again", again)
    assert "submitted: 2 shards" in again, again

    def restarts():
        about = subprocess.run(["scontrol", "show", "job", f"{job}_1"], capture_output=True, text=True).stdout
        return (found := re.search(r"Restarts=(\d+)", about)) and int(found[1])

    wait_for("the task that meets its limit to be requeued", 75, restarts)
    with open(os.path.join(experiment.out, f"slurm-{job}_1.out")) as file:
        say("the requeued task said", file.read())
    output(["scontrol", "update", f"JobId={job}_1", "TimeLimit=30"])
    wait_for("the results", 300, lambda: experiment.is_finished("out"))
    wait_for("an empty queue", 30, lambda: not queue())


def in_rounds(experiment, say):
    """An experiment of which every round is submitted by the merge of the one before."""
    say("in rounds", experiment.shequ("submit", "slurm", "until.toml", "--shards", "2", "--out", "rounds"))
    wait_for("the results of all rounds", 60, lambda: experiment.is_finished("rounds"))
    wait_for("an empty queue", 30, lambda: not queue())
    arrays = {name.split("-")[-1].split("_")[0] for name in os.listdir(os.path.join(experiment.work, "rounds"))
              if re.fullmatch(r"slurm-\d+_\d+\.out", name)}
    assert len(arrays) > 1, f"one round: {arrays}"
    say("rounds", f"{len(arrays)} arrays")


def main():
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        print(f"skipped: a real Slurm takes root and {', '.join(missing or PROGRAMS)}")
        return 0
    # However it ends, nothing is left: what is asked to stop cleans up as well.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    program = os.path.abspath(sys.argv[1])
    place = tempfile.mkdtemp()
    # The user of munge must reach its folder.
    os.chmod(place, 0o755)
    begin = time.monotonic()

    def say(what, text):
        print(f"-- {time.monotonic() - begin:.0f} s: {what}\n{text.strip()}", flush=True)

    try:
        work = os.path.join(place, "work")
        os.mkdir(work)
        experiment = Experiment(program, work)
        experiment.number = str(experiment.replicates())
        with Slurm(place) as slurm:
            try:
                disturbed(experiment, say)
                in_rounds(experiment, say)
            except BaseException:
                print("\n".join(slurm.logs()), *map(str, queue().items()), sep="\n", file=sys.stderr)
                raise
        assert not experiment.partial(), "the work is still there"
        folder, files = experiment.assert_same("out", "sweep", "swept.toml", "--replicates", experiment.number)
        with open(os.path.join(folder, "manifest.json")) as file:
            say("core-hours of the manifest", str(json.load(file)["core_hours"]))
        _, more = experiment.assert_same("rounds", "sweep", "until.toml")
        say("the bytes of one process", f"{files} and {more} files")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
