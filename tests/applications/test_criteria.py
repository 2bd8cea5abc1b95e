from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.models import Call
from applications.workflow import criteria as fixing
from tests.applications.test_call_form import counted
from tests.factories import CallFactory, CriterionFactory


@pytest.fixture
def coming(db):
    tomorrow = timezone.now() + timedelta(days=1)
    return CallFactory(opens_at=tomorrow, closes_at=tomorrow + timedelta(days=30))


def posted(call, criterion, **changes):
    """What the form of a call sends: the call's own fields, and its one criterion's."""
    local = {name: timezone.localtime(getattr(call, name)) for name in ("opens_at", "closes_at")}
    times = {f"{name}_0": f"{at:%Y-%m-%d}" for name, at in local.items()}
    times |= {f"{name}_1": f"{at:%H:%M:%S}" for name, at in local.items()}
    names = ["slug", "title_en", "title_fi", "title_sv", "text_en", "text_fi", "text_sv", "seats"]
    row = {"id": criterion.pk, "call": call.pk, "weight": 1, "position": 1}
    row |= {f"{text}_{code}": "Said" for text in ("name", "hint") for code in ("en", "fi", "sv")}
    inline = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return (
        {name: getattr(call, name) for name in names}
        | {"project": call.project_id, "highest_mark": call.highest_mark, "pass_mark": 50}
        | counted()
        | times
        | {f"criteria-{name}": value for name, value in inline.items()}
        | {f"criteria-0-{name}": value for name, value in row.items()}
        | changes
    )


def test_a_lead_changes_the_criteria_of_a_call_that_has_not_opened(client, lead, coming):
    criterion = CriterionFactory(call=coming)
    client.force_login(lead)
    url = reverse("admin:applications_call_change", args=[coming.pk])

    page = client.post(url, posted(coming, criterion, **{"criteria-0-weight": 3}))

    assert page.status_code == 302
    assert coming.criteria.get().weight == 3
    assert AuditEntry.objects.filter(action="call.parts_changed", note="criteria", by=lead).exists()


def test_an_open_call_keeps_its_criteria_and_its_scale_whatever_is_sent(client, lead, call):
    criterion = CriterionFactory(call=call, weight=2)
    client.force_login(lead)
    url = reverse("admin:applications_call_change", args=[call.pk])

    client.post(url, posted(call, criterion, highest_mark=9, **{"criteria-0-weight": 3}))

    assert call.criteria.get().weight == 2
    assert Call.objects.get(pk=call.pk).highest_mark == 5
    page = client.get(url)
    assert criterion.name in page.text
    assert 'name="criteria-0-weight"' not in page.text


@pytest.mark.parametrize("weight", [0, -1, 101, "many"])
def test_a_weight_out_of_range_is_said_at_the_field(client, lead, coming, weight):
    criterion = CriterionFactory(call=coming)
    client.force_login(lead)
    url = reverse("admin:applications_call_change", args=[coming.pk])

    page = client.post(url, posted(coming, criterion, **{"criteria-0-weight": weight}))

    assert page.status_code == 200
    assert "errornote" in page.text
    assert coming.criteria.get().weight == 1


def test_a_call_that_opens_while_the_form_is_open_keeps_what_it_had(coming):
    Call.objects.update(opens_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused, match="has opened"):
        fixing.keep_unopened(coming)
