"""What is refused, with words at the field."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests.factories import AssignmentFactory
from tests.visits.factories import ItemFactory, PersonMetFactory
from visits.models import Finding, Observation, PersonMet, ProgrammeItem, Visit
from visits.views import visits as views


def day(offset):
    return f"{timezone.localdate() + timedelta(days=offset):%d.%m.%Y}"


@pytest.fixture
def plan(client, participation, lead, expert):
    """Send the form of a new visit; give what differs from a good one."""
    client.force_login(lead)

    def send(**fields):
        good = {"kind": "site", "place": "Town hall", "experts": [expert.pk]}
        good |= {"starts_on": day(10), "ends_on": day(11)}
        return client.post(reverse("visits:plan", args=[participation.pk]), good | fields)

    return send


def test_a_good_visit_is_planned(plan, expert):
    page = plan()

    visit = Visit.objects.get()
    assert page.url == visit.get_absolute_url()
    assert list(visit.experts.all()) == [expert]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": day(9)}, "The last day comes before the first one."),
        ({"starts_on": day(-400), "ends_on": day(11)}, "Choose a day of the project"),
        ({"ends_on": day(900)}, "Choose a day of the project"),
        ({"place": " "}, "Say where the visit is."),
        ({"kind": "online"}, "Give the link to the online meeting."),
        ({"kind": "online", "link": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"experts": []}, "This field is required."),
        ({"starts_on": "soon"}, "Enter a valid date."),
    ],
)
def test_a_visit_that_cannot_be_is_refused_at_its_field(plan, fields, words):
    page = plan(**fields)

    assert page.status_code == 400
    assert words in page.text
    assert not Visit.objects.exists()


def test_an_expert_must_be_assigned_on_all_days(plan, expert, town):
    expert.assignments.update(until=timezone.localdate() + timedelta(days=10))

    page = plan()

    assert page.status_code == 400
    assert "Not assigned to the municipality on all days of the visit: expert." in page.text
    AssignmentFactory(user=expert, municipality=town)
    assert plan().status_code == 302


def test_an_online_visit_needs_no_place(plan):
    plan(kind="online", place="", link="meet.example.org/1")

    assert Visit.objects.get().link == "https://meet.example.org/1"


def test_a_change_keeps_the_experts_where_a_coordinator_makes_it(
    client, planned, coordinator, expert
):
    client.force_login(coordinator)
    url = reverse("visits:change", args=[planned.pk])

    client.post(url, {"kind": "site", "place": "Library", "starts_on": day(3), "ends_on": day(4)})

    planned.refresh_from_db()
    assert (planned.place, list(planned.experts.all())) == ("Library", [expert])
    assert AuditEntry.objects.get().note == "place, starts_on, ends_on"


def test_a_change_that_is_sent_twice_is_one(client, planned, coordinator):
    client.force_login(coordinator)
    days = {"starts_on": day(3), "ends_on": day(4)}

    for _click in range(2):
        url = reverse("visits:change", args=[planned.pk])
        client.post(url, {"kind": "site", "place": "Library"} | days)

    assert AuditEntry.objects.filter(action="visit.changed").count() == 1


def test_the_programme_moves_with_the_first_day(client, planned, item, coordinator):
    client.force_login(coordinator)
    url = reverse("visits:change", args=[planned.pk])

    client.post(url, {"kind": "site", "place": "Library", "starts_on": day(3), "ends_on": day(4)})

    item.refresh_from_db()
    assert item.day == timezone.localdate() + timedelta(days=3)


def test_fewer_days_than_the_programme_has_are_refused(client, planned, coordinator):
    ItemFactory(visit=planned, title="Museum", day=planned.ends_on)
    client.force_login(coordinator)
    days = {"starts_on": day(3), "ends_on": day(3)}

    page = client.post(
        reverse("visits:change", args=[planned.pk]), {"kind": "site", "place": "Kept"} | days
    )

    sentence = "This part of the programme would come after the last day: “Museum”."
    assert page.context["form"].errors == {"ends_on": [sentence]}
    assert 'value="Kept"' in page.text
    planned.refresh_from_db()
    assert planned.place == "Town hall"


def test_a_coordinator_does_not_move_it_to_days_when_an_expert_is_not_assigned(
    client, planned, coordinator, expert
):
    expert.assignments.update(until=timezone.localdate())
    client.force_login(coordinator)
    days = {"starts_on": day(3), "ends_on": day(4)}

    page = client.post(
        reverse("visits:change", args=[planned.pk]), {"kind": "site", "place": "Hall"} | days
    )

    assert page.status_code == 400
    assert "Not assigned to the municipality on all days" in page.text


@pytest.fixture
def add(client, planned, coordinator):
    client.force_login(coordinator)

    def send(route, **fields):
        return client.post(reverse(f"visits:{route}", args=[planned.pk]), fields)

    return send


def item_on(visit, **fields):
    good = {"day": f"{visit.starts_on:%d.%m.%Y}", "starts": "09:00", "ends": "10.30"}
    return good | {"title": "Library", "section": "education"} | fields


def test_an_item_stands_in_the_programme(add, planned):
    add("programme", **item_on(planned))

    item = ProgrammeItem.objects.get()
    assert (f"{item.ends:%H:%M}", item.section) == ("10:30", "education")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": day(5)}, "Choose a day of the visit"),
        ({"ends": "08:00"}, "It ends before it begins."),
        ({"ends": "25:00"}, "Enter a valid time."),
        ({"title": ""}, "This field is required."),
        ({"section": "nowhere"}, "Select a valid choice"),
    ],
)
def test_an_item_that_cannot_be_is_refused_at_its_field(add, planned, fields, words):
    page = add("programme", **item_on(planned, **fields))

    assert page.status_code == 400
    assert words in page.text
    assert not ProgrammeItem.objects.exists()


def test_the_same_item_and_the_same_person_are_added_once(add, planned):
    for _click in range(2):
        item = add("programme", **item_on(planned))
        person = add("people", name="Maija  Virta", organisation="Library")

    assert "already, at the same time" in item.text
    assert "This person is in the list already." in person.text
    assert (ProgrammeItem.objects.count(), PersonMet.objects.count()) == (1, 1)


def test_an_item_is_changed_and_taken_out(client, item, note, coordinator):
    type(note).objects.update(item=item)
    client.force_login(coordinator)

    client.post(reverse("visits:item", args=[item.pk]), item_on(item.visit, title="Museum"))
    assert ProgrammeItem.objects.get().title == "Museum"
    client.post(reverse("visits:item_remove", args=[item.pk]))

    note.refresh_from_db()
    assert note.item is None
    assert not ProgrammeItem.objects.exists()
    entries = AuditEntry.objects.filter(action__startswith="programmeitem.").order_by("pk")
    assert [(e.action, e.note) for e in entries] == [
        ("programmeitem.changed", "ends, title"),
        ("programmeitem.removed", ""),
    ]


def test_a_person_is_taken_out(client, person_met, coordinator):
    client.force_login(coordinator)

    client.post(reverse("visits:person_remove", args=[person_met.pk]))

    assert not PersonMet.objects.exists()
    entry = AuditEntry.objects.get(action="personmet.removed")
    assert entry.municipality == person_met.visit.municipality


def test_what_was_taken_out_while_a_second_click_waited_is_gone(
    client, item, person_met, coordinator, monkeypatch
):
    wait = views.locked

    def locked(*args):
        visit = wait(*args)
        ProgrammeItem.objects.all().delete()
        PersonMet.objects.all().delete()
        return visit

    client.force_login(coordinator)
    gone = [reverse("visits:item_remove", args=[item.pk])]
    gone += [reverse("visits:item", args=[item.pk])]
    gone += [reverse("visits:person_remove", args=[person_met.pk])]
    monkeypatch.setattr(views, "locked", locked)

    assert [client.post(url).status_code for url in gone] == [404] * 3
    assert not AuditEntry.objects.exists()


def test_one_visits_items_are_not_anothers(client, coordinator, item):
    client.force_login(coordinator)

    for row, route in ((ItemFactory(), "item_remove"), (PersonMetFactory(), "person_remove")):
        assert client.post(reverse(f"visits:{route}", args=[row.pk])).status_code == 404


def test_a_new_section_has_questions_of_its_own(client, found, expert):
    client.force_login(expert)
    url = reverse("visits:finding_basis", args=[found.pk])
    basis = {"kind": "gap", "section": "education", "language": "fi", "questions": ["EDU-01"]}

    client.post(url, basis)
    first = Finding.objects.get()
    moved = client.post(url, basis | {"section": "commitment"})

    assert (first.kind, first.questions) == ("gap", ["EDU-01"])
    assert moved.url == url
    assert Finding.objects.get().questions == []
    foreign = client.post(url, basis | {"section": "commitment", "questions": ["EDU-01"]})
    assert foreign.status_code == 400


@pytest.fixture
def observe(client, issued, member):
    client.force_login(member)

    def send(**fields):
        good = {"day": day(-1), "text": "Half of it is done.", "key": "k"}
        return client.post(reverse("visits:observe", args=[issued.pk]), good | fields)

    return send


def test_an_observation_is_added_once(observe, member):
    for _click in range(2):
        observe(next_on=day(30))

    row = Observation.objects.get()
    assert (row.side, row.by, row.text) == ("municipality", member, "Half of it is done.")


def test_an_expert_whose_assignment_has_ended_gets_the_observation_back(client, issued, expert):
    expert.assignments.update(until=timezone.localdate() - timedelta(days=1))
    client.force_login(expert)
    url = reverse("visits:observe", args=[issued.pk])

    page = client.post(url, {"day": day(-1), "text": "Typed too late", "key": "k"})

    assert page.status_code == client.get(url).status_code == 404
    assert "readonly>Typed too late</textarea>" in page.text
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": day(1)}, "This day has not come yet."),
        ({"next_on": day(-1)}, "Choose a day after that of the observation."),
        ({"text": ""}, "This field is required."),
        ({"day": "yesterday"}, "Enter a valid date."),
    ],
)
def test_an_observation_that_cannot_be_is_refused_at_its_field(observe, fields, words):
    page = observe(**fields)

    assert page.status_code == 400
    assert words in page.text
    assert not Observation.objects.exists()
