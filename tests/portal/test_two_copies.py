"""Two whole portals on one machine, each with its own ports, engines and data folder."""

import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Timer

import pytest

from integration_portal import demo
from journey.seed import PASSWORD

PERSON = "mikko.member@demo.example"
READY = 400  # seconds; a fraction of it on a machine that does nothing else
OWN = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DATA_DIR", "PORT", "SECRET_KEY", "STATIC_STORAGE")


@pytest.fixture
def folders():
    """Data folders with short paths, for a socket's path may have 107 bytes."""
    folders = [demo.ROOT / ".data" / f"copy-{name}-{os.getpid()}" for name in "ab"]
    yield folders
    for folder in folders:
        subprocess.run(["rm", "-rf", folder], check=True)


def launch(port, folder):
    command = [sys.executable, "-W", "ignore", "-m", "integration_portal.demo"]
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    return subprocess.Popen(
        [*command, "--port", str(port), "--data", str(folder)],
        env=environment,
        cwd=demo.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until_ready(process):
    """Read what the starter says until it says that it is done; stop it if that takes too long."""
    too_long = Timer(READY, process.terminate)
    too_long.start()
    try:
        return read_until_ready(process)
    finally:
        too_long.cancel()


def read_until_ready(process):
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(f"the portal did not start: {said}")


class Browser:
    """Keeps cookies, as one browser does."""

    def __init__(self, port):
        self.site = f"http://localhost:{port}"
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, path, data=None):
        body = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(self.site + path, body, {"Referer": self.site + path})
        with self.opener.open(request, timeout=60) as page:
            return page.read().decode()

    def sign_in(self, login):
        page = self.open("/en/accounts/login/")
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": login, "password": PASSWORD}
        return self.open("/en/accounts/login/", form)


def left_behind(folder):
    """The processes that name the data folder, in their command or their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # it has ended, or is somebody else's
            continue
        if str(folder).encode() in words and int(process.name) != os.getpid():
            found.append(words)
    return found


@pytest.mark.drill
def test_two_portals_run_side_by_side_and_leave_nothing_running(folders):
    ports = [demo.free_port(), demo.free_port()]
    copies = [launch(port, folder) for port, folder in zip(ports, folders, strict=True)]
    try:
        for copy in copies:
            wait_until_ready(copy)
        pages = [Browser(port).sign_in(PERSON) for port in ports]
        running = [len(left_behind(folder)) for folder in folders]
    finally:
        for copy in copies:
            copy.terminate()
        for copy in copies:
            copy.communicate(timeout=60)

    assert ["Mikko" in page for page in pages] == [True, True]
    assert all(count >= 5 for count in running)  # starter, engines, web server, worker, beat
    assert [left_behind(folder) for folder in folders] == [[], []]
