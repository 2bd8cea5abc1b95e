import json
import logging
import subprocess
import sys
import uuid

import pytest
import structlog
from celery import current_app
from celery.signals import before_task_publish

from integration_portal import demo
from integration_portal.tracing import request_id


@pytest.fixture
def lines(caplog):
    """The lines of `tracing`, as their fields."""
    caplog.set_level(logging.INFO, logger="integration_portal.tracing")
    return lambda: [record.msg for record in caplog.records if record.name.endswith("tracing")]


def test_an_answer_names_the_request(client, db):
    response = client.get("/en/")

    assert uuid.UUID(response["X-Request-ID"])


def test_a_well_formed_name_of_the_proxy_is_kept(client, db):
    response = client.get("/en/", headers={"x-request-id": "0123abcd-4567"})

    assert response["X-Request-ID"] == "0123abcd-4567"


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "with space 123", "line\nbreak12", "<script>alert(1)"]
)
def test_any_other_name_is_replaced(rf, given):
    assert uuid.UUID(request_id(rf.get("/", headers={"x-request-id": given})))


def test_a_line_says_who_opened_what_and_how_it_ended(client, coordinator, draft, lines):
    client.force_login(coordinator)

    response = client.get(f"/en/applications/{draft.pk}/")

    (line,) = lines()
    assert line.pop("ms") >= 0
    assert line.pop("time")
    assert line == {
        "event": "answered",
        "level": "info",
        "logger": "integration_portal.tracing",
        "request_id": response["X-Request-ID"],
        "route": "applications:detail",
        "pk": draft.pk,
        "user_id": coordinator.pk,
        "method": "GET",
        "status": 200,
    }


def test_a_line_holds_no_path_and_no_query(client, db, lines):
    client.get("/en/accounts/confirm-email/CANARY-KEY/?next=CANARY-NEXT")
    client.get("/en/CANARY-NOWHERE/")

    assert [line["status"] for line in lines()] == [200, 404]
    assert "CANARY" not in repr(lines())


def test_a_fault_is_an_error_with_the_answers_reference(client, db, lines, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("journey.views.Project", None)

    response = client.get("/en/")

    assert (response.status_code, lines()[0]["level"]) == (500, "error")
    assert response["X-Request-ID"] in response.text


def test_the_health_check_asks_nobody_even_with_a_session(
    client, coordinator, lines, django_assert_num_queries
):
    client.force_login(coordinator)

    with django_assert_num_queries(0):
        response = client.get("/health/live/")

    assert (response.status_code, lines()) == (200, [])


def test_nothing_of_a_request_stays_for_the_next(client, coordinator, lines):
    client.force_login(coordinator)
    client.get("/en/home/")
    client.logout()

    client.get("/en/")

    assert "user_id" not in lines()[-1]
    assert structlog.contextvars.get_contextvars() == {}


def test_a_task_gets_the_requests_id_along():
    seen = {}

    def look(headers=None, **other):
        seen.update(headers["__django_structlog__"])

    before_task_publish.connect(look, weak=False)
    structlog.contextvars.bind_contextvars(request_id="0123abcd", user_id=7)
    try:
        current_app.send_task("nothing", [1], queue="nobody", expires=1)
    finally:
        before_task_publish.disconnect(look)
        structlog.contextvars.clear_contextvars()

    assert seen == {"request_id": "0123abcd", "user_id": 7}


WORKER_SIDE = """
import django; django.setup()
from celery.app.trace import build_tracer
from django_structlog.celery.receivers import CeleryReceiver
from integration_portal.celery import app
import logging
receiver = CeleryReceiver(); receiver.connect_worker_signals()
@app.task
def speak(text):
    logging.getLogger("documents").info("working")
    raise ValueError(text)
build_tracer(speak.name, speak, app=app)(
    "id", ["CANARY-ARGUMENT"], {}, {"__django_structlog__": {"request_id": "0123abcd"}}
)
"""


def test_a_tasks_lines_carry_the_requests_id_and_not_its_arguments(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "integration_portal.settings")
    monkeypatch.setenv("LOG_FORMAT", "json")

    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WORKER_SIDE],
        capture_output=True,
        text=True,
        cwd=demo.ROOT,
    )

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    ours = [line for line in lines if line["logger"] == "documents"]
    assert [line["request_id"] for line in ours] == ["0123abcd"]
    assert [line["task"] for line in ours] == ["integration_portal.speak"]
    assert [line["event"] for line in lines if line["level"] == "error"].count("task_failed") == 1
    assert "CANARY" not in result.stderr
