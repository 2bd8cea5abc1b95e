"""Each page asks the database at most 15 times (home: 20), as often for three rows as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import record
from applications.models import Application
from drafting.models import Comment
from drafting.saving import save
from drafting.workflow import Place, propose, say
from notifications.models import Preference
from notifications.outbox import post
from tests.factories import (
    ApplicationFactory,
    AssessmentFactory,
    AssignmentFactory,
    AttachmentFactory,
    CallFactory,
    InvitationFactory,
    MembershipFactory,
    ParticipationFactory,
    PartnerFactory,
    ReviewFactory,
)

MOST, AT_HOME = 15, 20  # home looks at every step of the path


def add_call(coordinator):
    CallFactory()


def add_application(coordinator):
    ApplicationFactory(municipality=MembershipFactory(user=coordinator).municipality)


def add_question(coordinator):
    own = coordinator.memberships.first().municipality
    PartnerFactory(municipality=own)


def add_assessment(coordinator):
    town = MembershipFactory(user=coordinator).municipality
    AssessmentFactory(participation=ParticipationFactory(municipality=town))


def add_assignment(coordinator):
    town = AssignmentFactory(user=coordinator).municipality
    AssessmentFactory(participation=ParticipationFactory(municipality=town))


def add_held_mail(coordinator):
    Preference.objects.get_or_create(user=coordinator, kind="comment", rhythm="daily")
    application = ApplicationFactory(submitted=True)
    context = {"application": application}
    template = "emails/application_submitted.txt"
    post(coordinator, template, key=str(application.pk), context=context, kind="comment")


LISTS = [
    ("journey:start", add_call),
    ("journey:home", add_application),
    ("journey:home", add_question),
    ("journey:home", add_assessment),
    ("journey:home", add_assignment),
    ("journey:demo", add_application),
    ("accounts:profile", add_application),
    ("notifications:preferences", add_held_mail),
    ("applications:calls", add_call),
    ("applications:list", add_application),
    ("applications:list", add_question),
    ("indexanalysis:list", add_assessment),
]


@pytest.mark.parametrize(("route", "add"), LISTS)
def test_a_list_of_three_costs_as_much_as_a_list_of_one(count, coordinator, route, add):
    add(coordinator)
    one = count(coordinator, route)
    add(coordinator)
    add(coordinator)

    three = count(coordinator, route)

    assert three == one <= (AT_HOME if route == "journey:home" else MOST)


PAGES = [
    ("applications:detail", "draft", ()),
    ("applications:edit", "draft", ("motivation",)),
    ("applications:steps", "draft", ()),
    ("applications:partners", "draft", ()),
    ("applications:confirm", "draft", ("submitted",)),
    ("applications:attachments", "draft", ()),
    ("indexanalysis:detail", "assessment", ()),
    ("indexanalysis:section", "assessment", ("commitment",)),
    ("indexanalysis:confirm", "assessment", ()),
    ("indexanalysis:about", "assessment", ("COM-01",)),
    ("indexanalysis:history", "assessment", ("COM-01",)),
    ("applications:text", "draft", ("motivation",)),
    ("applications:text_history", "draft", ("motivation",)),
    ("indexanalysis:report", "handed_in", ()),
    ("indexanalysis:files", "handed_in", ()),
    ("accounts:town", "town", ()),
    ("accounts:invite", "town", ()),
    ("accounts:membership", "members_part", ()),
    ("accounts:audit", "town", ()),
]


@pytest.mark.parametrize(("route", "about", "args"), PAGES)
def test_a_page_stays_within_its_queries(request, count, coordinator, route, about, args):
    row = request.getfixturevalue(about)

    assert count(coordinator, route, row.pk, *args) <= MOST


def test_the_pages_of_attachments_cost_the_same_for_one_and_for_three(count, coordinator, draft):
    def costs():
        routes = ["attachments", "detail"]
        return [count(coordinator, f"applications:{route}", draft.pk) for route in routes]

    AttachmentFactory(application=draft)
    one = costs()
    AttachmentFactory.create_batch(2, application=draft)

    assert costs() == one
    assert max(one) <= MOST


def test_the_staffs_lists_cost_the_same_for_one_and_for_three(count, lead, call):
    def costs():
        return [
            count(lead, "admin:applications_application_changelist"),
            count(lead, "admin:applications_call_selection", call.pk),
            count(lead, "admin:indexanalysis_assessment_changelist"),
        ]

    def add():
        ReviewFactory(application=ApplicationFactory(call=call, in_review=True))
        AssessmentFactory()

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= MOST
    assert Application.objects.count() == 3


SAYING = [
    ("indexanalysis:about", "assessment", "COM-01"),
    ("indexanalysis:section", "assessment", "commitment"),
    ("applications:text", "draft", "motivation"),
    ("applications:edit", "draft", "motivation"),
]


@pytest.mark.parametrize(("route", "about", "code"), SAYING)
def test_what_is_said_and_suggested_costs_the_same_for_one_and_for_three(
    request, count, coordinator, member, person, route, about, code
):
    row = request.getfixturevalue(about)
    text = row.answers.get(question="COM-01") if about == "assessment" else row
    field = "motivation" if about == "draft" else ""
    place = Place(row.municipality, "indexanalysis:about", row.pk, "COM-01", "COM-01", field)
    args = [row.pk, *filter(None, [code])]

    def add():
        key = str(Comment.objects.count())
        people = [coordinator, member]
        say(text, key, by=member, place=place, people=people, chosen=people, key=key)
        propose(text, {field or "example": key}, kind="reader", by=person("reader"), place=place,
                key=key)  # fmt: skip

    add()
    one = count(coordinator, route, *args)
    add()
    add()

    assert count(coordinator, route, *args) == one <= MOST


def test_a_history_costs_the_same_for_one_version_and_for_three(count, assessment, coordinator):
    answer = assessment.answers.get(question="COM-01")

    def cost(version):
        save(answer, {"example": str(version)}, read=version, by=coordinator)
        return count(coordinator, "indexanalysis:history", assessment.pk, "COM-01")

    costs = [cost(version) for version in range(3)]

    assert len(set(costs)) == 1
    assert costs[0] <= MOST


def test_saving_an_answer_stays_within_its_queries(client, assessment, member):
    client.force_login(member)
    url = reverse("indexanalysis:answer", args=[assessment.pk, "COM-01"])

    with CaptureQueriesContext(connection) as caught:
        client.post(
            url, {"COM-01-read": 0, "COM-01-example": "New."}, headers={"hx-request": "true"}
        )

    assert len(caught) <= MOST


def test_a_municipalitys_people_cost_the_same_for_one_and_for_three(count, coordinator, town):
    def costs():
        return [count(coordinator, f"accounts:{name}", town.pk) for name in ("town", "audit")]

    def add():
        other = MembershipFactory(municipality=town, role="member")
        record("membership.created", other, by=coordinator)
        invitation = InvitationFactory(municipality=town)
        record("invitation.sent", invitation, by=coordinator)

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= MOST
