import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from integration_portal import demo
from integration_portal.demo import CannotStart


def test_a_port_in_use_is_named_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=f"port {port} is in use.*PORT=8001"):
            demo.check_port(port)


def test_a_full_disk_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "NEEDED_BYTES", 1 << 62)

    with pytest.raises(CannotStart, match="MB of free disk"):
        demo.check_disk(tmp_path)


def test_an_unreachable_database_is_named():
    with pytest.raises(CannotStart, match="the database of DATABASE_URL does not answer"):
        demo.check_database(f"postgres://nobody@127.0.0.1:{demo.free_port()}/portal")


def test_an_unreachable_broker_is_named():
    with pytest.raises(CannotStart, match="the broker of REDIS_URL does not answer"):
        demo.check_broker(f"redis://127.0.0.1:{demo.free_port()}/0")


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))

    with pytest.raises(CannotStart, match="cannot be written"):
        demo.basics("http://localhost:8000")


def test_what_was_started_is_stopped_when_a_part_ends(tmp_path):
    with ExitStack() as started:
        sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
        environment = {"DATA_DIR": str(tmp_path)}
        lasting = demo.start("web server", sleeper, environment, started)
        brief = demo.start("worker", [sys.executable, "-c", ""], environment, started)
        brief.wait(10)

        with pytest.raises(CannotStart, match="the worker has ended"):
            demo.ended({"web server": lasting, "worker": brief}, tmp_path)

    assert lasting.poll() is not None


def test_given_engines_win_over_the_embedded_ones(monkeypatch):
    given = {"DATABASE_URL": "postgres:///given", "REDIS_URL": "redis://given/0", "DATA_DIR": "x"}
    monkeypatch.setattr(demo, "check_database", lambda url: None)
    monkeypatch.setattr(demo, "check_broker", lambda url: None)

    with ExitStack() as started:
        assert demo.engines(given, started) == {}


def test_the_web_process_loads_neither_weasyprint_nor_a_task():
    program = (
        "import sys; from integration_portal.wsgi import application;"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "theirs = ('asyncio', 'django_structlog');"
        "print([m for m in sys.modules if m.startswith('weasyprint') or"
        " m.endswith('.tasks') and m.count('.') == 1 and m.split('.')[0] not in theirs or"
        " m.endswith('documents.rendering')])"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=demo.ROOT
    )

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("demo_mode", ["0", "1"])
def test_the_demos_page_is_there_in_the_demo_only(monkeypatch, demo_mode):
    monkeypatch.setenv("DEMO", demo_mode)
    program = (
        "import django; django.setup(); from django.urls import reverse, NoReverseMatch\n"
        "try: print(reverse('journey:demo'))\nexcept NoReverseMatch: print('none')"
    )
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "integration_portal.settings")

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=demo.ROOT
    )

    assert result.stdout.strip() == {"0": "none", "1": "/en/demo/"}[demo_mode]


def test_the_command_line_wins_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.setenv("DATA_DIR", "/nowhere")

    silent = demo.wanted([])
    options = demo.wanted(["--port", "8002", "--data", str(tmp_path), "--world"])

    assert (silent.port, str(silent.data), silent.world) == (8001, "/nowhere", False)
    assert (options.port, options.data, options.world) == (8002, tmp_path, True)


def test_a_data_folder_that_is_named_wins_over_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", "/nowhere")

    environment = demo.basics("http://localhost:8000", tmp_path)

    assert environment["DATA_DIR"] == str(tmp_path)
    assert (tmp_path / "secret-key").exists()


def test_what_a_stopped_part_has_started_goes_with_it(tmp_path):
    sleeper = "import time; time.sleep(60)"
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{sleeper}'])"
    program = f"{child}; {sleeper}"
    with ExitStack() as started:
        environment = {"DATA_DIR": str(tmp_path)}
        process = demo.start("worker", [sys.executable, "-c", program], environment, started)
        wait_for(lambda: len(group(process.pid)) == 2)

    assert group(process.pid) == []


def group(number):
    """The processes of a group that still run."""
    listed = subprocess.run(["ps", "-eo", "pgid,stat"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [stat for pgid, stat in rows if pgid == str(number) and not stat.startswith("Z")]


def wait_for(happened):
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
