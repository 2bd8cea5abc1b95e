"""How the web server runs; WEB_WORKERS and WEB_THREADS fit it to a machine."""

import os

import environ

from integration_portal.logs import configure

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # the settings and the address list are read once, for all workers
timeout = 30  # seconds; a page takes a fraction of one
graceful_timeout = 20
keepalive = 5
max_requests = 2000  # a worker is renewed now and then, at different moments
max_requests_jitter = 200
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
control_socket_disable = True  # nobody controls it from outside, and it would lie in a home folder
# Its own words go the way of all others; each answer has a line of the portal's, so it writes none.
logconfig_dict = configure(
    os.environ.get("LOG_FORMAT", "lines" if environ.Env().bool("DEMO", False) else "json"),
    os.environ.get("LOG_LEVEL", "INFO"),
)

# A page gives up before the person does, and holds nobody else up: 503 instead of a long wait.
# Only here: commands and workers may take longer. A row that many want is waited for twice, for the
# turn and for its holder, and once more where all threads wait: together below 5 s.
# The last one frees the locks of a lost machine.
os.environ.setdefault("PGCONNECT_TIMEOUT", "4")
os.environ.setdefault(
    "PGOPTIONS",
    "-c lock_timeout=1500ms -c statement_timeout=20s -c idle_in_transaction_session_timeout=60s",
)
