"""Slow clients send their requests byte by byte, more of them than the web server has threads.

Between them and the web server stands the proxy as `deploy/nginx` sets it up, which hands a
request on when it is whole. Promise: whoever comes next is served within 3 s.
"""

import re
import shutil
import socket
import threading
import time
from contextlib import suppress

from integration_portal import demo
from tests.drills.outcome import Outcome
from tests.drills.visitor import NoAnswer, Visitor

SLOW = 40  # clients; the web server has 2 x 4 threads
EVERY = 1  # second between two bytes
LASTING = 30  # seconds
SOON = 3
HEAD = b"POST /en/accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
TEMPLATE = demo.ROOT / "deploy" / "nginx" / "portal.conf.template"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def run(portal, rounds=1):
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not program:
        return Outcome(0, skipped="nginx is not installed")
    found = Outcome(rounds, note=f"{SLOW} slow clients before the proxy")
    port = start_proxy(portal, program)
    try:
        for _ in range(rounds):
            crowd(portal, found, port)
    finally:
        portal.remove("proxy")
    found.demand(max(found.recovered) <= SOON, "the next visitor waited too long")
    return found


def start_proxy(portal, program):
    """The proxy with its own settings, but for TLS and the ports; returns its port."""
    port = demo.free_port()
    text = TEMPLATE.read_text().replace("${PORTAL_HOST}", "localhost")
    text = text.replace("${PORTAL_UPSTREAM}", f"127.0.0.1:{portal.port}")
    text = re.sub(r"listen 8443 ssl", f"listen 127.0.0.1:{port}", text)
    text = re.sub(r"listen 8080", f"listen 127.0.0.1:{demo.free_port()}", text)
    text = re.sub(r"(?m)^\s*(ssl_|http2 ).*$", "", text)
    folders = "".join(f"{name}_temp_path {portal.folder}/nginx;\n" for name in TEMPORARY)
    file = portal.folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {portal.folder}/nginx.pid; user root;\n"
        f"events {{}}\nhttp {{\n{folders}{text}}}\n"
    )
    portal.add("proxy", [program, "-e", "stderr", "-c", str(file), "-p", str(portal.folder)])
    demo.wait_for_port(port)
    return port


def crowd(portal, found, port):
    ended = threading.Event()
    slow = [threading.Thread(target=dribble, args=(port, n, ended)) for n in range(SLOW)]
    for thread in slow:
        thread.start()
    time.sleep(2)
    begun = time.monotonic()
    while time.monotonic() - begun < LASTING:
        found.recovered.append(ask(portal, found, port))
        time.sleep(0.5)
    ended.set()
    for thread in slow:
        thread.join()


def dribble(port, number, ended):
    """One slow client; half of them stop in the head, half in the body."""
    sent = HEAD if number % 2 else HEAD + b"\r\nname="
    while not ended.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(sent)
            while not ended.wait(EVERY):
                line.sendall(b"a")


def ask(portal, found, port):
    begun = time.monotonic()
    try:
        found.demand(Visitor(portal, port=port).get("/en/").status == 200, "no start page")
    except NoAnswer:
        found.demand(False, "the next visitor got no answer")
    return time.monotonic() - begun
