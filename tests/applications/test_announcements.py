import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.models import Announcement
from applications.workflow import announcements
from notifications.models import Mail, Preference
from tests.applications.calls_factories import AnnouncementFactory
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    ParticipationFactory,
)


def reread(row):
    return type(row).objects.get(pk=row.pk)


def in_town(application_or_participation, **fields):
    return MembershipFactory(municipality=application_or_participation.municipality, **fields).user


@pytest.fixture
def everybody(call):
    """By what their municipality has to do with the call: one who may write for it."""
    applications = {
        state: ApplicationFactory(call=call, state=state, **dates)
        for state, dates in {
            "draft": {},
            "submitted": {"submitted": True},
            "in_review": {"in_review": True},
            "withdrawn": {},
        }.items()
    }
    rows = applications | {
        "taking_part": ParticipationFactory(project=call.project),
        "over": ParticipationFactory(project=call.project, state="completed"),
        "elsewhere": ApplicationFactory(call=CallFactory()),
    }
    return {name: in_town(row) for name, row in rows.items()}


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("drafts", {"draft"}),
        ("applicants", {"submitted", "in_review"}),
        ("taking_part", {"taking_part"}),
    ],
)
def test_it_goes_to_those_whom_it_names_and_nobody_else(call, everybody, lead, audience, names):
    announcement = AnnouncementFactory(call=call, audience=audience)

    announcement, changed = announcements.send(announcement, by=lead)

    assert {mail.to for mail in Mail.objects.all()} == {everybody[n].email for n in names}
    assert (announcement.receivers, announcement.sent_by) == (len(names), lead)
    assert changed.action == "announcement.sent"


def test_everybody_gets_it_in_their_own_language(announcement, coordinator, member, lead):
    coordinator.language = "fi"
    coordinator.save()

    announcements.send(announcement, by=lead)

    mails = {mail.to: (mail.subject, mail.text) for mail in Mail.objects.all()}
    assert mails[coordinator.email][0] == "Uutisia"
    assert "Lukekaa tämä." in mails[coordinator.email][1]
    assert mails[member.email][0] == "News"


def test_it_is_sent_once(announcement, coordinator, lead, second_lead):
    announcements.send(announcement, by=lead)

    _row, changed = announcements.send(announcement, by=second_lead)

    assert changed is None
    assert Mail.objects.count() == 1
    assert reread(announcement).sent_by == lead
    assert AuditEntry.objects.filter(action="announcement.sent").count() == 1


def test_readers_experts_and_former_people_do_not_get_it(announcement, person, lead, coordinator):
    for name in ("reader", "expert", "former"):
        person(name)

    announcements.send(announcement, by=lead)

    assert [mail.to for mail in Mail.objects.all()] == [coordinator.email]


def test_it_comes_whatever_mails_a_person_has_switched_off(announcement, coordinator, lead):
    for kind in ("application", "staff", "decision"):
        Preference.objects.create(user=coordinator, kind=kind, rhythm="off")

    announcements.send(announcement, by=lead)

    assert Mail.objects.get().state == Mail.State.WAITING


def test_to_nobody_it_is_not_sent(announcement, lead):
    with pytest.raises(Refused, match="Nobody would get this message"):
        announcements.send(announcement, by=lead)

    assert reread(announcement).state == "draft"
    assert not AuditEntry.objects.exists()


def test_a_reviewer_does_not_send(announcement, coordinator, reviewer):
    with pytest.raises(PermissionDenied):
        announcements.send(announcement, by=reviewer)

    assert not Mail.objects.exists()


FIELDS = {
    f"{name}_{language}": f"{name} {language}"
    for name in ("subject", "body")
    for language in ("en", "fi", "sv")
}


def test_a_lead_writes_it_looks_at_it_and_sends_it(client, draft, coordinator, member, lead):
    client.force_login(lead)
    written = {"call": draft.call_id, "audience": "drafts", **FIELDS}

    preview = client.post(reverse("admin:applications_announcement_add"), written, follow=True)
    address = preview.redirect_chain[-1][0]
    sent, again = (client.post(address, follow=True) for _ in range(2))

    assert "2 people get it, each in their own language." in preview.text
    assert "body sv" in preview.text
    assert "The message is sent." in sent.text
    assert "Sent by lead on" in sent.text
    assert "The message was sent already." in again.text
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("missing", ["subject_fi", "body_sv", "audience"])
def test_all_three_languages_are_asked_for(client, call, lead, missing):
    client.force_login(lead)
    written = {"call": call.pk, "audience": "drafts", **FIELDS, missing: ""}

    page = client.post(reverse("admin:applications_announcement_add"), written)

    assert "This field is required." in page.text
    assert "subject en" in page.text
    assert not Announcement.objects.exists()


def test_what_was_sent_is_kept_as_it_was(client, sent_announcement, lead):
    client.force_login(lead)
    address = reverse("admin:applications_announcement_change", args=[sent_announcement.pk])

    refused = client.post(address, {**FIELDS, "audience": "applicants"})
    shown = client.get(address)

    assert refused.status_code == 403
    assert "Read this." in shown.text
    assert reread(sent_announcement).audience == "drafts"


def test_a_form_does_not_undo_what_a_colleague_has_sent(client, announcement, coordinator, lead):
    """The form was opened before the message was sent, and is stored afterwards."""
    client.force_login(lead)
    announcements.send(announcement, by=lead)

    client.post(
        reverse("admin:applications_announcement_change", args=[announcement.pk]),
        {"call": announcement.call_id, "audience": "drafts", **FIELDS},
    )

    assert reread(announcement).state == "sent"


def test_the_list_asks_as_often_for_three_as_for_one(count, lead):
    AnnouncementFactory()
    one = count(lead, "admin:applications_announcement_changelist")
    AnnouncementFactory.create_batch(2)

    assert count(lead, "admin:applications_announcement_changelist") == one
