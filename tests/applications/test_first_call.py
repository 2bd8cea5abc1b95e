"""The real call of 2022, as `load_first_call` stores it."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from applications.models import Call, CallDate, Project, ProjectBody
from tests.factories import MunicipalityFactory

CODES = ("109", "837", "853", "905", "092", "297", "564")


@pytest.fixture
def load(db):
    for code in CODES:
        MunicipalityFactory(code=code)
    return lambda: call_command("load_first_call")


def counts():
    return [model.objects.count() for model in (Project, ProjectBody, Call, CallDate)]


def test_its_dates_are_those_that_were_published(load):
    load()

    call = Call.objects.get()
    dates = {d.name_en: timezone.localtime(d.starts_at) for d in call.dates.all()}
    assert f"{timezone.localtime(call.closes_at):%d.%m.%Y %H:%M}" == "07.12.2022 23:59"
    assert {name: f"{when:%d.%m.%Y %H:%M}" for name, when in dates.items()} == {
        "Last day to sign up for the information session": "26.10.2022 00:00",
        "Information session, online": "27.10.2022 10:00",
        "The call is presented at the Integration2022 event": "07.11.2022 00:00",
    }
    assert (call.seats, len(call.policy_areas), len(call.sections)) == (7, 8, 4)
    assert call.contacts.count() == call.documents.count() == 0


def test_a_second_run_changes_nothing(load):
    load()
    before = counts()

    load()

    assert counts() == before == [1, 7, 1, 3]


def test_a_stored_call_that_lacks_them_gets_texts_and_parts(load):
    load()
    Call.objects.update(gives_en="", gives_fi="", gives_sv="", title_en="Kept")
    CallDate.objects.all().delete()
    ProjectBody.objects.all().delete()

    load()

    call = Call.objects.get()
    assert "expert visit" in call.gives_en
    assert call.title_en == "Kept"
    assert counts() == [1, 7, 1, 3]


def test_what_the_staff_have_changed_stays(load):
    load()
    Call.objects.update(gives_en="Ours.")
    CallDate.objects.filter(name_en__startswith="Information").delete()

    load()

    assert Call.objects.get().gives_en == "Ours."
    assert CallDate.objects.count() == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Information session, online"), ("fi", "Infotilaisuus verkossa"),
     ("sv", "Informationsmöte på webben")],
)  # fmt: skip
def test_everybody_reads_it(load, client, language, words):
    load()

    page = client.get(reverse("applications:call", args=["2022"]).replace("/en/", f"/{language}/"))

    assert words in page.text
    assert "27" in page.text
