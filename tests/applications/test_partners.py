"""Applying together: who asks, who confirms, and what follows from it."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import permissions, workflow
from applications.models import Application, Partner
from applications.workflow import partners
from notifications.models import Mail
from tests.factories import (
    ApplicationFactory,
    DeclarationFactory,
    MembershipFactory,
    MunicipalityFactory,
    PartnerFactory,
)

State = Partner.State


@pytest.fixture
def other(person):
    return person("other_coordinator")


def test_asking_is_a_row_an_audit_entry_and_a_mail_to_the_other_coordinator(
    draft, other_town, coordinator, other
):
    partner, changed = partners.ask(draft, other_town, by=coordinator)

    assert (changed, partner.state, partner.asked_by) == (True, State.ASKED, coordinator)
    assert AuditEntry.objects.get().action == "partner.asked"
    [mail] = Mail.objects.all()
    assert mail.to == other.email
    assert "Omala asks you to apply together" in mail.subject
    assert f"/partners/{partner.pk}/" in mail.text


def test_asked_twice_it_is_one_question(draft, other_town, coordinator, other):
    partners.ask(draft, other_town, by=coordinator)

    _partner, changed = partners.ask(draft, other_town, by=coordinator)

    assert not changed
    assert (Partner.objects.count(), Mail.objects.count()) == (1, 1)


def test_only_the_applicants_coordinator_asks(draft, other_town, person):
    for name in ("member", "reader", "partner", "other_coordinator", "lead"):
        with pytest.raises(PermissionDenied):
            partners.ask(draft, other_town, by=person(name))


def test_whom_nobody_can_ask(draft, town, other_town, coordinator):
    other_town.successor, other_town.valid_until = town, timezone.localdate()
    other_town.save()

    with pytest.raises(Refused, match="is the applicant itself"):
        partners.ask(draft, town, by=coordinator)
    with pytest.raises(Refused, match="Muuala has merged into Omala"):
        partners.ask(draft, other_town, by=coordinator)


def test_after_submission_nobody_is_asked_and_nobody_answers(asked, coordinator, other):
    workflow.move(asked.application, "submitted", by=coordinator)

    with pytest.raises(Refused, match="no draft any more"):
        partners.ask(asked.application, MunicipalityFactory(), by=coordinator)
    with pytest.raises(Refused, match="no draft any more"):
        partners.move(asked, State.CONFIRMED, by=other)

    asked.refresh_from_db()
    assert asked.state == State.ASKED


def test_confirming_lets_the_partners_people_in(asked, coordinator, other, person):
    member, draft = person("other_member"), asked.application
    assert not Application.objects.visible_to(member).exists()

    partner, changed = partners.move(asked, State.CONFIRMED, by=other)

    assert changed
    assert (partner.answered_by, partner.answered_at is not None) == (other, True)
    assert Application.objects.visible_to(member).get() == draft
    assert permissions.can_edit(member, draft)
    assert permissions.can_discuss(member, draft)
    assert not permissions.can_submit(other, draft)
    [mail] = Mail.objects.all()
    assert (mail.to, mail.subject) == (coordinator.email, "Muuala applies with you")


def test_a_second_answer_changes_nothing_and_says_so(client, asked, other):
    client.force_login(other)
    url = reverse("applications:partner_move", args=[asked.pk, "confirmed"])

    pages = [client.post(url, follow=True) for _ in range(2)]

    assert "Muuala applies together with Omala now." in pages[0].text
    assert "answered like that already" in pages[1].text
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("name", ["coordinator", "other_member", "partner", "lead"])
def test_only_its_own_coordinator_answers(asked, person, name):
    for to in (State.CONFIRMED, State.DECLINED):
        with pytest.raises(PermissionDenied):
            partners.move(asked, to, by=person(name))


def test_who_declined_can_be_asked_again(asked, coordinator, other):
    partners.move(asked, State.DECLINED, by=other)
    assert "does not apply with you" in Mail.objects.get().subject

    partner, changed = partners.ask(asked.application, asked.municipality, by=coordinator)

    assert (changed, partner.pk, partner.state) == (True, asked.pk, State.ASKED)
    assert partner.answered_by is None


def test_who_is_removed_sees_the_application_no_more_and_is_told(joined, coordinator, other):
    Mail.objects.all().delete()

    partners.move(joined, State.REMOVED, by=coordinator)

    assert not Application.objects.visible_to(other).exists()
    assert Mail.objects.get().to == other.email


def test_a_partner_steps_back_from_a_draft(joined, other):
    partner, changed = partners.move(joined, State.DECLINED, by=other)

    assert (changed, partner.state) == (True, State.DECLINED)
    assert not Application.objects.visible_to(other).exists()


def test_a_municipality_with_an_application_of_its_own_confirms_no_other(asked, other):
    own = ApplicationFactory(call=asked.application.call, municipality=asked.municipality)

    with pytest.raises(Refused, match="has an application of its own"):
        partners.move(asked, State.CONFIRMED, by=other)

    asked.refresh_from_db()
    assert asked.state == State.ASKED
    workflow.move(own, "withdrawn", by=other)
    assert partners.move(asked, State.CONFIRMED, by=other)[1]


def test_a_municipality_is_a_partner_of_one_application_to_a_call(joined, other):
    third = ApplicationFactory(call=joined.application.call)
    second = PartnerFactory(application=third, municipality=joined.municipality)

    with pytest.raises(Refused, match="applies together with Omala already"):
        partners.move(second, State.CONFIRMED, by=other)


def test_a_confirmed_partner_begins_no_application_of_its_own(joined, other):
    call, town = joined.application.call, joined.municipality

    with pytest.raises(Refused, match="Muuala applies together with Omala already"):
        workflow.start(call, town, by=other)

    assert Application.objects.count() == 1


def test_whoever_asks_does_not_learn_that_another_draft_exists(draft, other_town, coordinator):
    ApplicationFactory(call=draft.call, municipality=other_town)

    assert partners.ask(draft, other_town, by=coordinator)[1]


@pytest.mark.django_db(transaction=True)
def test_of_confirming_and_beginning_at_once_one_wins(asked, other):
    call, town = asked.application.call, asked.municipality
    ready, met = threading.Barrier(2), []

    def race(act):
        ready.wait()
        try:
            act()
        except Refused as why:
            met.append(str(why))
        finally:
            connection.close()

    acts = [
        lambda: workflow.start(call, town, by=other),
        lambda: partners.move(asked, State.CONFIRMED, by=other),
    ]
    threads = [threading.Thread(target=race, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(met) == 1
    confirmed = Partner.objects.confirmed().count()
    assert confirmed + Application.objects.filter(municipality=town).count() == 1


def test_the_page_of_who_is_asked_shows_enough_to_decide_and_no_more(client, asked, other):
    client.force_login(other)

    page = client.get(reverse("applications:partner", args=[asked.pk]))

    assert "CANARY-motivation" in page.text
    assert "Maija Meikäläinen" in page.text
    assert "A multicultural council." not in page.text
    assert "Two days a month." not in page.text


def test_after_the_answer_the_texts_are_gone_from_the_page(client, asked, other):
    partners.move(asked, State.DECLINED, by=other)
    client.force_login(other)

    page = client.get(reverse("applications:partner", args=[asked.pk]))

    assert "CANARY-motivation" not in page.text


def test_the_waiting_question_stands_on_the_list_of_applications(client, asked, other):
    client.force_login(other)

    page = client.get(reverse("applications:list"))

    assert "Omala asks Muuala to apply together" in page.text
    assert f"/partners/{asked.pk}/" in page.text


def test_what_is_unanswered_is_named_before_submitting_and_does_not_block(
    client, asked, coordinator
):
    client.force_login(coordinator)
    url = reverse("applications:confirm", args=[asked.application.pk, "submitted"])

    page = client.get(url)
    client.post(reverse("applications:move", args=[asked.application.pk, "submitted"]))

    assert "have not answered yet" in page.text
    assert "None: the municipality applies alone." in page.text
    assert Application.objects.get().state == "submitted"


def test_a_joint_submission_is_told_to_the_coordinators_of_both(joint, coordinator, other):
    Mail.objects.all().delete()

    workflow.move(joint, "submitted", by=coordinator)

    assert {mail.to for mail in Mail.objects.all()} == {coordinator.email, other.email}


def test_a_partners_reviewer_is_bound(joint, reviewer, other_town):
    joint.submitted_at = timezone.now()
    assert permissions.can_review(reviewer, joint)

    MembershipFactory(user=reviewer, municipality=other_town, role="reader")

    assert not permissions.can_review(reviewer, joint)


def test_asking_from_the_page_finds_names_in_three_languages(client, draft, coordinator):
    MunicipalityFactory(name_fi="Uusikaupunki", name_sv="Nystad", name_en="Uusikaupunki")
    client.force_login(coordinator)
    url = reverse("applications:partners", args=[draft.pk])

    for text in ("usikau", "nyst"):
        assert "Uusikaupunki" in client.get(url, {"q": text}).text
    assert "No municipality fits “zzz”" in client.get(url, {"q": "zzz"}).text
    assert "Uusikaupunki" not in client.get(url).text


def test_a_municipality_that_is_not_in_the_register_is_not_found(client, draft, coordinator):
    client.force_login(coordinator)
    url = reverse("applications:partner_ask", args=[draft.pk])

    assert [client.post(url, {"municipality": code}).status_code for code in ("xxx", "")] == [
        404
    ] * 2


def test_partners_cost_the_same_for_one_and_for_three(count, coordinator, draft):
    def costs():
        routes = ["partners", "detail"]
        return [count(coordinator, f"applications:{route}", draft.pk) for route in routes]

    def add():
        PartnerFactory(
            application=draft, state="confirmed", answered_by=coordinator,
            answered_at=timezone.now(),
        )  # fmt: skip

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= 20


def test_staff_read_of_the_partners_that_stand_in_the_application_and_of_no_other(
    client, submitted, reviewer, coordinator
):
    for name, state in (("Standing", "confirmed"), ("Unwilling", "declined")):
        PartnerFactory(
            application=submitted, municipality__name_en=name, answered=True, state=state
        )
    address = reverse("applications:partners", args=[submitted.pk])
    client.force_login(reviewer)
    undeclared = client.get(address)
    DeclarationFactory(application=submitted, person=reviewer)
    page = client.get(address)
    client.force_login(coordinator)
    own = client.get(address)

    assert undeclared.url == reverse("admin:applications_application_declare", args=[submitted.pk])
    assert "Standing" in page.text
    assert "Unwilling" not in page.text
    assert "Unwilling" in own.text
