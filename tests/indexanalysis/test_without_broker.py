"""The broker is down: pages go on, what was asked is a row, and the sweeper starts it later."""

import pytest
from celery import current_app
from django.urls import reverse
from kombu.exceptions import OperationalError

from documents import workflow as documents
from documents.models import Document
from notifications import outbox
from tests.factories import AssessmentFactory, ParticipationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(monkeypatch):
    """A broker that can be taken away and brought back; says what reached it."""
    reached = []

    def away(*args, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", away)

    def back():
        monkeypatch.setattr(outbox, "LINE", outbox.Line())  # the sweeper comes when it is over
        monkeypatch.setattr(
            current_app, "send_task", lambda name, args, **options: reached.append((name, *args))
        )
        return reached

    return back


def test_saving_and_submitting_work_and_the_reports_wait(client, person, town, broker):
    coordinator = person("coordinator")
    assessment = AssessmentFactory(participation=ParticipationFactory(municipality=town))
    client.force_login(coordinator)
    save = reverse("indexanalysis:answer", args=[assessment.pk, "COM-01"])

    saved = client.post(save, {"COM-01-read": 0, "COM-01-example": "Kept."})
    submitted = client.post(reverse("indexanalysis:submit", args=[assessment.pk]), follow=True)

    assert (saved.status_code, submitted.status_code) == (302, 200)
    assert assessment.answers.get(question="COM-01").example == "Kept."
    assert submitted.text.lower().count("queued") >= 3
    reached = broker()
    documents.sweep()
    assert {name for name, _pk in reached} == {"indexanalysis.tasks.produce_report"}
    assert len(reached) == Document.objects.count() == 3
