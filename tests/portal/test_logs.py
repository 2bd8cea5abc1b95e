"""What reaches the log: nothing that people wrote, and enough to find the fault."""

import io
import json
import logging
import logging.config
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import structlog
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    ImproperlyConfigured,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.core.mail import EmailMessage
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.template.exceptions import TemplateSyntaxError
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from documents.rendering import RenderingFailed
from integration_portal import logs
from tests.factories import UserFactory

CANARIES = [f"CANARY-{number}" for number in range(20)]
MOTIVATION, NOTE, PASSWORD, TOKEN, MAIL = CANARIES[:5]


@pytest.fixture(params=["json", "lines"])
def written(request):
    """What has been logged so far, in one of the two forms."""
    stream = io.StringIO()
    configuration = logs.configure(request.param, "INFO")
    configuration["handlers"]["console"]["stream"] = stream
    handlers = logging.root.handlers[:]
    logging.config.dictConfig(configuration)
    yield stream.getvalue
    logging.root.handlers[:] = handlers


def as_json(text):
    return [json.loads(line) for line in text.splitlines()]


def raise_it(error):
    raise error


def twice(text):
    """An error that came from another, both with what somebody typed."""
    try:
        int(text)
    except ValueError as error:
        raise RuntimeError(text) from error


def store_too_long(text):
    with transaction.atomic():
        UserFactory(name=text * 50)


def store_twice(text):
    UserFactory(email=f"{text}@town.example")
    with transaction.atomic():
        User.objects.create(email=f"{text}@town.example", name=text)


def fault_with_local(text):
    answer = text  # noqa: F841 what a traceback with local variables would show
    return None.missing


def speak_in_between(text):
    logging.getLogger("allauth").warning("Odd address %s of %s", text, {"password": text})
    logging.getLogger("journey").warning("mail to %s", f"{text}@town.example")
    structlog.get_logger("accounts").warning("odd", password=text, token=text, row={"note": text})
    raise ValueError(text)


FAULTS = [
    int,
    float,
    lambda text: {}[text],
    lambda text: [][int(text[-1]) + 9],
    lambda text: text.encode("ascii", "strict") + "ä".encode("ascii"),
    lambda text: json.loads(text),
    lambda text: f"{text:d}",
    lambda text: Path(f"/nowhere/{text}").read_text(),
    lambda text: reverse("applications:detail", args=[text]),
    lambda text: Template("{% load " + text + " %}"),
    lambda text: Template("{{ a|floatformat:b }}").render(Context({"a": 1, "b": object()}))[text],
    lambda text: Application.objects.get(motivation=text),
    lambda text: Application.objects.filter(**{text: 1}),
    lambda text: Application.objects.create(motivation=text),
    lambda text: timezone.datetime.fromisoformat(text),
    lambda text: EmailMessage(f"{text}\nBcc: x", text, to=["a@b.example"]).message()["Subject"],
    lambda text: connection.cursor().execute(f"SELECT '{text}'::integer"),
    store_too_long,
    store_twice,
    twice,
    fault_with_local,
    speak_in_between,
    lambda text: raise_it(ValidationError(text)),
    lambda text: raise_it(RuntimeError(text)),
    lambda text: raise_it(ImproperlyConfigured(text)),
    lambda text: raise_it(DataError(text)),
    lambda text: raise_it(IntegrityError(f"Key (email)=({text})")),
    lambda text: raise_it(RenderingFailed(f"error: {text}")),
    lambda text: raise_it(TemplateSyntaxError(text)),
    lambda text: raise_it(NoReverseMatch(text)),
    lambda text: raise_it(SuspiciousOperation(text)),
    lambda text: raise_it(DisallowedHost(text)),
    lambda text: raise_it(TooManyFieldsSent(text)),
    lambda text: raise_it(BadRequest(text)),
    lambda text: raise_it(UnicodeEncodeError("utf-8", text, 0, 1, text)),
    lambda text: raise_it(AssertionError(text)),
]


def view(request, number, key):
    text = request.POST["motivation"]
    FAULTS[number](text)
    return HttpResponse("no fault")  # some are only lazy


urlpatterns = [path("fault/<int:number>/<str:key>/", view)]


def test_thirty_faults_tell_nothing_of_what_was_sent(client, coordinator, settings, written):
    settings.ROOT_URLCONF = "tests.portal.test_logs"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Locale" not in name]
    client.raise_request_exception = False
    client.force_login(coordinator)
    statuses = []

    for number in range(len(FAULTS)):
        form = {"motivation": CANARIES[number % 20], "note": NOTE, "password": PASSWORD}
        address = f"/fault/{number}/{TOKEN}/?next={MAIL}@town.example"
        with transaction.atomic():
            response = client.post(address, form, headers={"referer": f"https://x/{TOKEN}"})
            transaction.set_rollback(True)
        statuses.append(response.status_code)

    assert sum(status >= 400 for status in statuses) >= 30
    assert written().count("answered") == len(FAULTS)
    assert [canary for canary in CANARIES if canary in written()] == []
    assert "CANARY" not in written()


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_the_line_of_a_fault_says_where_it_is(written):
    try:
        twice("CANARY")
    except RuntimeError:
        logging.getLogger("journey").exception("the page could not be made")

    (line,) = as_json(written())
    assert (line["level"], line["logger"]) == ("error", "journey")
    assert line["event"] == "the page could not be made"
    assert [one["error"] for one in line["errors"]] == ["RuntimeError", "ValueError"]
    assert line["errors"][0]["way"][-1].endswith(" twice")
    assert line["errors"][0]["way"][-1].startswith("/tests/portal/test_logs.py:")


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_words_that_code_alone_made_are_kept(written):
    try:
        fault_with_local("CANARY")
    except AttributeError:
        logging.getLogger("journey").exception("fault")

    (line,) = as_json(written())
    assert line["errors"][0]["error"] == (
        "AttributeError: 'NoneType' object has no attribute 'missing'"
    )


def test_of_a_library_numbers_and_names_of_code_are_kept(written):
    logging.getLogger("celery.worker").warning("Task %s took %.1f s: %r", "a.tasks.b", 1.25, "text")

    assert "Task a.tasks.b took 1.2 s: '…'" in written()


def test_a_value_that_is_left_out_does_not_cost_the_line(written):
    logging.getLogger("celery.worker").warning("took %d s of %s", Decimal(1), "text")

    assert "took … s of …" in written()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sent to maija@town.example now", "sent to [address] now"),
        ("confirm-email/MQ:1vZ:Q9f8s7d6f5g4h3j2k1l0 asked", "confirm-email/MQ:1vZ:[key] asked"),
        ("the row is away", "the row is away"),
        ("indexanalysis_assessment_changelist", "indexanalysis_assessment_changelist"),
    ],
)
def test_addresses_and_keys_are_struck_out(text, left):
    assert logs.struck(text) == left


def test_an_error_that_is_its_own_cause_ends():
    error = ValueError()
    error.__cause__ = error

    assert logs.chain(error) == [error]


def test_an_unreachable_database_is_told_in_its_words():
    assert logs.words(OperationalError("connection refused")) == (
        "OperationalError: connection refused"
    )


def test_nothing_is_asked_of_an_error_that_is_not_there():
    assert logs.raised(sys.exc_info()) is None
