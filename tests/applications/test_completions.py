from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import permissions, workflow
from applications.models import Application, Completion, Review
from applications.workflow import attachments, completions
from drafting.saving import save
from notifications.models import Mail
from tests.applications.reviewing_cast import send_back
from tests.factories import AttachmentFactory

State = Application.State
EDIT = "applications:edit"


def reread(row):
    return type(row).objects.get(pk=row.pk)


def subjects(person):
    return [mail.subject for mail in Mail.objects.filter(to=person.email).order_by("pk")]


def test_a_reviewer_returns_an_application_and_its_coordinator_reads_why(
    cleared, reviewer, coordinator
):
    row = send_back(cleared, reviewer)

    assert row.state == State.RETURNED
    assert row.open_completion.asked_by == reviewer
    mail = Mail.objects.get(to=coordinator.email)
    assert mail.subject == "To be completed: the application of Omala"
    assert "CANARY-return" in mail.text
    assert "- motivation and expectations\n- attachments" in mail.text
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.note) == ("application.returned", "CANARY-return")


def test_returned_twice_it_is_one_return(cleared, reviewer):
    send_back(cleared, reviewer)

    _row, changed = completions.ask(
        cleared, by=reviewer, fields=["motivation"], reason="Again.", due_at=timezone.now()
    )

    assert changed is None
    assert Completion.objects.count() == 1


def test_only_its_reviewers_and_leads_return_it(cleared, reviewer, person):
    Review.objects.all().delete()

    with pytest.raises(PermissionDenied):
        send_back(cleared, reviewer)
    with pytest.raises(PermissionDenied):
        send_back(cleared, person("coordinator"))


def test_only_an_application_under_review_is_returned(cleared, lead):
    Application.objects.update(state="submitted")

    with pytest.raises(Refused, match="submitted"):
        send_back(cleared, lead)


def test_only_what_was_asked_is_open_and_only_to_writers(returned, member, person, reviewer):
    assert permissions.open_fields(member, returned) == {"motivation", "attachments"}
    assert permissions.open_fields(person("reader"), returned) == frozenset()
    assert permissions.open_fields(reviewer, returned) == frozenset()


def test_what_was_not_asked_is_not_written_even_if_it_is_sent(client, returned, member):
    client.force_login(member)
    form = {"read": 0, "motivation": "Better.", "present_work": "Changed.", "staff_time": ""}

    page = client.post(reverse(EDIT, args=[returned.pk, "motivation"]), form, follow=True)

    assert page.status_code == 200
    row = reread(returned)
    assert row.motivation == "Better."
    assert (row.present_work, row.staff_time) == (returned.present_work, returned.staff_time)
    shown = client.get(reverse(EDIT, args=[returned.pk, "motivation"])).text
    assert 'name="motivation"' in shown
    assert 'name="present_work"' not in shown


def test_attachments_are_open_only_where_they_were_asked_for(cleared, member, lead):
    attachment = AttachmentFactory(application=cleared)
    send_back(cleared, lead, fields=["motivation"])

    with pytest.raises(Refused, match="locked"):
        attachments.remove(attachment, by=member)


def test_an_attachment_that_was_asked_for_can_be_changed(returned, member):
    attachment = AttachmentFactory(application=returned)

    assert attachments.remove(attachment, by=member)


def test_submitted_again_it_goes_back_to_the_staff_with_its_first_time(
    returned, reviewer, coordinator, member
):
    save(returned, {"motivation": "Better."}, read=0, by=member)

    row, changed = workflow.move(returned, State.SUBMITTED, by=coordinator)

    assert changed
    assert (row.state, row.submitted_at) == (State.SUBMITTED, returned.submitted_at)
    assert row.completions.get().answered_at is not None
    assert row.receipt is not None
    assert subjects(coordinator)[-1] == "Application submitted: Omala"
    assert "submitted again" in Mail.objects.filter(to=coordinator.email).first().text
    assert subjects(reviewer) == ["Completed: the application of Omala"]
    assert permissions.open_fields(member, row) == frozenset()
    assert workflow.move(row, State.SUBMITTED, by=coordinator) == (row, None)


def test_only_the_coordinator_submits_again(returned, member):
    with pytest.raises(PermissionDenied):
        workflow.move(returned, State.SUBMITTED, by=member)


def test_a_gap_is_not_submitted_again(returned, coordinator, member):
    save(returned, {"motivation": ""}, read=0, by=member)

    with pytest.raises(Refused, match="missing"):
        workflow.move(returned, State.SUBMITTED, by=coordinator)

    assert reread(returned).state == State.RETURNED


def test_after_the_date_nothing_can_be_changed_or_submitted(client, overdue, coordinator, member):
    client.force_login(member)

    page = client.post(
        reverse(EDIT, args=[overdue.pk, "motivation"]), {"read": 0, "motivation": "Too late."}
    )

    assert page.status_code == 403
    assert "Too late." in page.text  # given back, to be copied
    with pytest.raises(Refused, match="The time to complete it ended on"):
        workflow.move(overdue, State.SUBMITTED, by=coordinator)
    assert reread(overdue).motivation == "CANARY-motivation"


def test_a_lead_goes_on_with_what_was_not_completed(overdue, lead, coordinator):
    row, changed = completions.take_back(overdue, by=lead)

    assert changed
    assert row.state == State.IN_REVIEW
    assert row.completions.get().ended_at is not None
    assert subjects(coordinator)[-1] == "Under review again: the application of Omala"
    assert completions.take_back(row, by=lead) == (row, None)


def test_as_long_as_it_can_be_completed_nobody_goes_on(returned, lead, reviewer):
    with pytest.raises(Refused, match="can complete it until"):
        completions.take_back(returned, by=lead)
    with pytest.raises(PermissionDenied):
        completions.take_back(returned, by=reviewer)

    assert reread(returned).state == State.RETURNED


def test_a_returned_application_can_be_withdrawn(returned, coordinator):
    row, _changed = workflow.move(returned, State.WITHDRAWN, by=coordinator)

    assert row.state == State.WITHDRAWN


def test_it_can_be_returned_a_second_time(returned, lead, coordinator):
    workflow.move(returned, State.SUBMITTED, by=coordinator)
    row, _changed = workflow.move(returned, State.IN_REVIEW, by=lead)

    send_back(row, lead, fields=["staff_time"])

    assert reread(row).open_completion.fields == ["staff_time"]


# The pages


def test_the_staff_see_what_has_changed(client, returned, lead, member, coordinator):
    save(returned, {"motivation": "CANARY-motivation, and more."}, read=0, by=member)
    workflow.move(returned, State.SUBMITTED, by=coordinator)
    client.force_login(lead)

    page = client.get(reverse("admin:applications_application_change", args=[returned.pk]))

    assert "Submitted again on" in page.text
    assert "and more" in page.text
    assert "<ins>" in page.text


def test_the_municipality_reads_what_and_why_and_by_when(client, returned, member):
    client.force_login(member)

    pages = [
        client.get(reverse(route, args=[returned.pk, *part])).text
        for route, *part in (
            ("applications:detail",),
            ("applications:steps",),
            (EDIT, "motivation"),
        )
    ]

    for page in pages:
        assert "CANARY-return" in page
        assert "Motivation and expectations" in page
        assert "What is to be completed" in page


def send(client, application, **changes):
    day = timezone.localdate() + timedelta(days=9)
    form = {"fields_asked": ["motivation"], "reason": "More detail.", "due_on": day} | changes
    url = reverse("admin:applications_application_return", args=[application.pk])
    return client.post(url, form, follow=True)


def test_the_form_returns_until_the_end_of_the_day(client, cleared, lead):
    client.force_login(lead)

    pages = [send(client, cleared) for _ in range(2)]

    assert "is returned" in pages[0].text
    assert "done already" in pages[1].text
    local = timezone.localtime(Completion.objects.get().due_at)
    assert (local.hour, local.minute) == (23, 59)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fields_asked": []}, "This field is required."),
        ({"fields_asked": ["state"]}, "state is not one of the available choices"),
        ({"reason": " "}, "This field is required."),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
        ({"due_on": timezone.localdate}, "The last day comes after today."),
        ({"due_on": "31.2.2099"}, "Enter a valid date."),
    ],
)
def test_bad_input_is_said_at_the_field(client, cleared, lead, changes, sentence):
    client.force_login(lead)
    changes = {name: value() if callable(value) else value for name, value in changes.items()}

    page = send(client, cleared, **changes)

    assert page.status_code == 400
    assert sentence in page.text
    assert reread(cleared).state == State.IN_REVIEW


def test_the_page_of_a_completed_application_costs_no_more_for_three_returns(count, cleared, lead):
    def add():
        Completion.objects.create(
            application=cleared,
            fields=["motivation"],
            reason="More.",
            due_at=timezone.now(),
            asked_by=lead,
            version=0,
            answered_at=timezone.now(),
        )

    add()
    one = count(lead, "admin:applications_application_change", cleared.pk)
    add()
    add()

    assert count(lead, "admin:applications_application_change", cleared.pk) == one <= 20
