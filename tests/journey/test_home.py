import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from tests.factories import (
    ApplicationFactory,
    AssignmentFactory,
    CallFactory,
    MembershipFactory,
    ParticipationFactory,
    RoundFactory,
)
from tests.visits.factories import VisitFactory
from tests.workinggroups.factories import WorkingGroupFactory


@pytest.fixture
def home(client):
    def get(user):
        client.force_login(user)
        return client.get(reverse("journey:home")).text

    return get


def test_a_visitor_is_led_to_the_published_strategies(client, db):
    page = client.get(reverse("journey:start")).text

    assert reverse("strategies:published_list") in page


def test_a_newcomer_is_told_to_ask_for_access(home, person):
    assert reverse("accounts:access") in home(person("stranger"))


def test_a_coordinator_without_an_application_is_led_to_the_open_call(home, coordinator):
    call = CallFactory(slug="spring")

    assert reverse("applications:call", args=[call.slug]) in home(coordinator)


def test_a_coordinator_with_a_draft_is_led_to_finish_it(home, coordinator, draft):
    page = home(coordinator)

    assert "Finish the application" in page
    assert draft.get_absolute_url() in page


def test_who_is_asked_to_apply_together_is_led_to_the_question(home, asked, person):
    CallFactory(slug="spring")

    page = home(person("other_coordinator"))

    assert "Omala asks Muuala to apply together." in page
    assert asked.get_absolute_url() in page
    assert asked.get_absolute_url() not in home(person("other_member"))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("selected", "Your joint application was selected. Omala confirms the place."),
        ("confirmed", "You take part together with Omala."),
    ],
)
def test_a_partner_reads_that_the_applicant_answers_for_both(home, joined, person, state, sentence):
    Application.objects.update(state=state, submitted_at=timezone.now(), answer_by="2031-01-01")

    page = home(person("other_coordinator"))

    assert sentence in page
    assert "has ended" not in page


def test_a_partners_people_find_the_joint_application_at_home(home, joined, person):
    for name in ("other_coordinator", "other_member"):
        assert joined.application.get_absolute_url() in home(person(name))


def test_who_takes_part_is_offered_the_open_questionnaire(home, coordinator, participation):
    WorkingGroupFactory(participation=participation)
    RoundFactory(project=participation.project)

    assert reverse("indexanalysis:start", args=[participation.pk]) in home(coordinator)


def test_a_project_that_has_ended_does_not_hide_the_one_that_runs(home, coordinator, town):
    ParticipationFactory(municipality=town, state="completed")
    running = ParticipationFactory(municipality=town)
    WorkingGroupFactory(participation=running)
    RoundFactory(project=running.project)

    assert reverse("indexanalysis:start", args=[running.pk]) in home(coordinator)


def test_a_member_is_not_offered_to_start_it(home, member, participation):
    RoundFactory(project=participation.project)

    assert reverse("indexanalysis:start", args=[participation.pk]) not in home(member)


def test_who_answers_is_led_to_the_questionnaire(home, member, assessment):
    assert assessment.get_absolute_url() in home(member)


def test_who_has_submitted_is_led_to_the_report(home, coordinator, handed_in):
    assert reverse("indexanalysis:report", args=[handed_in.pk]) in home(coordinator)


def test_an_expert_finds_the_assigned_municipality(home, person, handed_in):
    assert handed_in.municipality.name in home(person("expert"))


def test_staff_see_how_much_waits(home, lead, submitted, access_request):
    page = home(lead)

    assert reverse("admin:applications_application_changelist") in page
    assert reverse("admin:accounts_accessrequest_changelist") in page


def waiting_for_experts(client):
    rows = client.get(reverse("journey:home")).context["staff"]
    return [count for sentence, count, _url in rows if "expert" in str(sentence)]


def test_staff_see_where_an_expert_or_a_visit_is_missing(client, lead, handed_in):
    client.force_login(lead)

    before = waiting_for_experts(client)
    AssignmentFactory(municipality=handed_in.municipality)
    VisitFactory(participation=handed_in.participation)

    assert (before, waiting_for_experts(client)) == ([1, 1], [0, 0])


def test_the_superuser_is_sent_to_upkeep(client, person):
    client.force_login(person("superuser"))

    assert client.get(reverse("journey:home")).url == reverse("admin:index")


def test_another_municipalitys_work_is_nowhere_on_the_page(home, person, draft, assessment):
    page = home(person("other_coordinator"))

    assert draft.municipality.name not in page
    assert ParticipationFactory._meta.model.objects.count() == 1


@pytest.mark.parametrize("towns", [1, 3])
def test_home_asks_the_database_as_often_for_one_town_as_for_three(
    client, coordinator, django_assert_max_num_queries, towns
):
    for _ in range(towns - 1):
        town = MembershipFactory(user=coordinator).municipality
        ApplicationFactory(municipality=town)
    client.force_login(coordinator)

    with django_assert_max_num_queries(20):
        client.get(reverse("journey:home"))
