"""The pages: what is shown to whom, and what bad input gets."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from drafting.saving import save
from tests.factories import ParticipationFactory
from tests.workinggroups.factories import GroupMemberFactory, MeetingFactory, TaskFactory
from workinggroups.models import GroupMember, Meeting, Task, WorkingGroup

TODAY = timezone.localdate()
FORM = {"day": "3.11.2036", "starts": "9.00", "ends": "11:30", "place": "Hall", "language": "fi"}
MEMBER = {"name": "Maija", "role": "member", "since": "1.11.2026", "language": "fi"}


@pytest.fixture
def open_page(client, person):
    def page(who, route, /, *args, **query):
        client.force_login(person(who))
        return client.get(reverse(f"workinggroups:{route}", args=args), query)

    return page


@pytest.fixture
def send(client, person):
    def page(who, route, /, *args, htmx=False, **data):
        client.force_login(person(who))
        headers = {"hx-request": "true"} if htmx else {}
        url = reverse(f"workinggroups:{route}", args=args)
        return client.post(url, data, headers=headers)

    return page


def assert_kept(page, sentence, *kept):
    """Refused with a sentence, and with what was typed."""
    assert page.status_code == 400
    assert sentence in page.text
    for value in kept:
        assert f'value="{value}"' in page.text


# Groups and members


def test_the_list_offers_a_coordinator_to_found_what_is_missing(open_page, participation):
    found = reverse("workinggroups:found", args=[participation.pk, "working-group"])

    assert found in open_page("coordinator", "list").text
    WorkingGroup.objects.create(participation=participation)
    after = open_page("coordinator", "list").text
    assert found not in after
    assert reverse("workinggroups:found", args=[participation.pk, "delegation"]) in after
    assert "participations/" not in open_page("member", "list").text


def test_a_term_that_ends_before_it_begins_is_named_at_its_field(send, participation):
    page = send(
        "coordinator", "found", participation.pk, "delegation", name="Board", founded_on="1.1.2026",
        appointing_body="Municipal board", term_since="1.1.2026", term_until="31.12.2025",
    )  # fmt: skip

    assert_kept(page, "The term ends before it begins.", "31.12.2025", "Board")


def test_a_delegation_needs_its_body_and_its_term(send, participation):
    page = send("coordinator", "found", participation.pk, "delegation", name="Board")

    assert page.status_code == 400
    assert set(page.context["form"].errors) == {
        "appointing_body", "term_since", "term_until", "founded_on",
    }  # fmt: skip


def test_the_group_page_shows_the_matrix_in_words_and_how_sure_each_party_is(
    open_page, group, kinds
):
    GroupMemberFactory(group=group, name="Maija", sector="library", party_kind=kinds["kela"])

    page = open_page("reader", "detail", group.pk).text

    assert "Covered: at least two members" in page
    for words in ("Thin", "Missing", "Kela (Social Insurance Institution)", "our own inference"):
        assert words in page
    assert "checked against the source" in page


def test_an_address_is_shown_to_those_who_manage_the_group_alone(open_page, group):
    GroupMemberFactory(group=group, email="maija@kela.example")

    for name in ("coordinator", "lead"):
        assert "maija@kela.example" in open_page(name, "detail", group.pk).text
    for name in ("member", "expert", "reviewer"):
        assert "maija@kela.example" not in open_page(name, "detail", group.pk).text


def test_who_has_left_is_no_longer_counted_as_covering(open_page, group):
    GroupMemberFactory(group=group, name="Gone", sector="library", until=TODAY - timedelta(days=1))

    page = open_page("reader", "detail", group.pk)

    assert [m.name for m in page.context["former"]] == ["Gone"]
    assert all(row.line.standing == "missing" for row in page.context["areas"].rows)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"access": "on"}, "An invitation needs the person&#x27;s address."),
        ({"until": "31.10.2026"}, "The last day comes before the first one."),
        ({"since": "31.11.2026"}, "Enter a valid date."),
        ({"name": ""}, "This field is required."),
        ({"policy_areas": ["sailing"]}, "Select a valid choice."),
    ],
)
def test_a_faulty_member_is_named_at_the_field(send, group, data, sentence):
    page = send("coordinator", "member_add", group.pk, **MEMBER | {"organisation": "Kela"} | data)

    assert_kept(page, sentence, "Kela")
    assert not GroupMember.objects.exists()


@pytest.mark.parametrize(
    ("since", "code", "is_fine"),
    [
        ("31.12.2024", "te_office", True),
        ("1.1.2025", "te_office", False),
        ("31.12.2024", "employment_authority", False),
        ("1.1.2025", "employment_authority", True),
    ],
)
def test_a_kind_of_party_belongs_to_its_time(send, group, kinds, since, code, is_fine):
    kind = kinds[code].pk
    page = send(
        "coordinator", "member_add", group.pk, **MEMBER | {"since": since, "party_kind": kind}
    )

    assert page.status_code == (302 if is_fine else 400)
    assert ("no such party" in page.text) is not is_fine


def test_a_member_s_time_lies_inside_the_term_of_a_delegation(send, delegation):
    outside = {
        "since": (delegation.term_since - timedelta(days=1)).isoformat(),
        "until": (delegation.term_until + timedelta(days=1)).isoformat(),
    }

    page = send("coordinator", "member_add", delegation.pk, **MEMBER | outside)

    assert page.text.count("lies outside the group&#x27;s term of office") == 4  # field and summary


def test_a_last_day_after_that_of_the_kind_of_party_is_named_at_its_field(send, group, kinds):
    data = {"since": "1.1.2024", "until": "1.1.2025", "party_kind": kinds["te_office"].pk}

    page = send("coordinator", "member_add", group.pk, **MEMBER | data)
    fine = send("coordinator", "member_add", group.pk, **MEMBER | data | {"until": "31.12.2024"})

    assert list(page.context["form"].errors) == ["until"]
    assert_kept(page, "existed until 31 December 2024", "1.1.2025")
    assert fine.status_code == 302


def test_a_shorter_term_names_the_members_outside_it(send, delegation):
    GroupMemberFactory(group=delegation, name="Maija", since=delegation.term_since)
    GroupMemberFactory(group=delegation, name="Pekka", until=delegation.term_until)
    term = {
        "term_since": delegation.term_since + timedelta(days=1),
        "term_until": delegation.term_until - timedelta(days=1),
    }

    page = send(
        "coordinator", "edit", delegation.pk, name="Board", founded_on="1.1.2026",
        appointing_body="Municipal board", **term,
    )  # fmt: skip

    assert_kept(page, "Outside the term would be the time of: Maija.", "Board")
    assert page.context["form"].errors["term_until"] == [
        "Outside the term would be the time of: Pekka."
    ]
    delegation.refresh_from_db()
    assert delegation.term_until > term["term_until"]


def test_the_policy_areas_of_the_sector_stand_until_others_are_ticked(send, group):
    send("coordinator", "member_add", group.pk, **MEMBER | {"sector": "library"})
    member = GroupMember.objects.get()
    assert member.areas == ("culture", "multilingualism")

    data = MEMBER | {"sector": "library", "policy_areas": ["education"]}
    send("coordinator", "member_edit", member.pk, **data)

    assert GroupMember.objects.get().areas == ("education",)


def test_a_refused_invitation_keeps_what_was_typed(send, group, settings):
    settings.INVITATIONS_A_DAY = 0

    data = MEMBER | {"email": "maija@kela.example", "access": "on"}
    page = send("coordinator", "member_add", group.pk, **data)

    assert_kept(page, "At most 0 invitations leave", "maija@kela.example")


# Meetings


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"ends": "8.30"}, "The meeting ends before it begins."),
        ({"ends": "9.00"}, "The meeting ends before it begins."),
        ({"place": ""}, "Say where the meeting is"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"starts": "25.00"}, "Enter a valid time."),
        ({"day": "30.2.2036"}, "Enter a valid date."),
        ({"day": "1.1.0001", "starts": "0.30"}, "greater than or equal to"),
        ({"day": "30.3.2036", "starts": "3.30", "ends": "4.00"}, "ends before it begins"),
    ],
)
def test_a_faulty_meeting_is_named_at_the_field(send, group, data, sentence):
    page = send("member", "meeting_add", group.pk, **FORM | data)

    assert_kept(page, sentence)
    assert not Meeting.objects.exists()


def test_a_meeting_is_planned_in_helsinki_time(send, group):
    page = send("member", "meeting_add", group.pk, **FORM)

    meeting = Meeting.objects.get()
    assert page.url == meeting.get_absolute_url()
    assert timezone.localtime(meeting.starts_at).isoformat() == "2036-11-03T09:00:00+02:00"
    assert timezone.localtime(meeting.ends_at).isoformat() == "2036-11-03T11:30:00+02:00"


def test_a_link_alone_is_a_place_too(send, group):
    send("member", "meeting_add", group.pk, **FORM | {"place": "", "link": "meet.example/a"})

    assert Meeting.objects.get().link == "https://meet.example/a"


def test_the_form_of_a_change_shows_the_meeting_as_it_is(open_page, meeting):
    page = open_page("member", "details", meeting.pk)

    begins = timezone.localtime(meeting.starts_at)
    assert f'value="{begins:%H.%M}"' in page.text
    assert 'value="Town hall"' in page.text


def test_another_meeting_at_the_same_time_is_named_at_the_day(send, meeting):
    other = MeetingFactory(group=meeting.group, starts_at=meeting.starts_at + timedelta(days=1),
                           ends_at=meeting.ends_at + timedelta(days=1))  # fmt: skip
    begins, ends = map(timezone.localtime, (other.starts_at, other.ends_at))
    data = {"day": f"{begins:%d.%m.%Y}", "starts": begins.time(), "ends": ends.time()}
    other.starts_at = begins.replace(second=0, microsecond=0)
    other.save()

    page = send("member", "details", meeting.pk,
                **FORM | data | {"starts": f"{begins:%H.%M}", "ends": "23.59"})  # fmt: skip

    assert_kept(page, "Another meeting of the group begins at the same time.", "23.59")


def test_attendance_is_of_those_who_belonged_to_the_group_that_day(send, open_page, held_meeting):
    group = held_meeting.group
    there = GroupMemberFactory(group=group)
    later = GroupMemberFactory(group=group, since=TODAY)

    offered = open_page("member", "attendance", held_meeting.pk).context["form"].fields["attendees"]
    send("member", "attendance", held_meeting.pk, attendees=[there.pk])

    assert list(offered.queryset) == [there]
    assert list(held_meeting.attendees.all()) == [there]
    assert send("member", "attendance", held_meeting.pk, attendees=[later.pk]).status_code == 400


def test_the_page_before_the_call_names_who_gets_a_mail(open_page, meeting):
    GroupMemberFactory(group=meeting.group, name="Eila", email="eila@org.example")
    GroupMemberFactory(group=meeting.group, name="Unreached")

    page = open_page("member", "call", meeting.pk).text

    assert "1 member gets a mail" in page
    assert "Eila" in page
    assert "Unreached" not in page


def test_the_calendar_file_is_the_same_event_after_a_change(client, meeting, member):
    client.force_login(member)
    url = reverse("workinggroups:calendar", args=[meeting.pk])
    first = client.get(url)
    Meeting.objects.update(sequence=1, place="Library")

    second = client.get(url)

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    lines = [response.text.splitlines() for response in (first, second)]
    uids = {line for text in lines for line in text if line.startswith("UID:")}
    assert uids == {f"UID:meeting-{meeting.pk}@localhost:8000"}
    assert "SEQUENCE:0" in lines[0]
    assert {"SEQUENCE:1", "LOCATION:Library"} <= set(lines[1])


# Notes


@pytest.mark.parametrize("name", ["expert", "reviewer", "lead"])
def test_notes_are_read_from_outside_once_they_are_approved(open_page, held_meeting, name):
    words = "We met and talked."
    assert words not in open_page(name, "meeting", held_meeting.pk).text
    assert words in open_page("reader", "meeting", held_meeting.pk).text

    Meeting.objects.update(state="approved", number=1, approved_at=timezone.now())

    assert words in open_page(name, "meeting", held_meeting.pk).text


def test_who_may_not_act_sees_no_button(open_page, held_meeting):
    page = open_page("reader", "meeting", held_meeting.pk).text

    main = page[page.index("<main") : page.index("</main")]
    assert "<form" not in main
    assert "btn" not in main


def test_what_two_people_write_in_different_paragraphs_goes_together(
    send, held_meeting, coordinator
):
    save(held_meeting, {"notes": "One.\nTwo."}, read=0, by=coordinator)
    save(held_meeting, {"notes": "Hers.\nTwo."}, read=1, by=coordinator)

    page = send("member", "meeting_edit", held_meeting.pk, read=1, agenda="", notes="One.\nHis.",
                htmx=True)  # fmt: skip

    assert "together with what a colleague wrote" in page.text
    held_meeting.refresh_from_db()
    assert held_meeting.notes == "Hers.\nHis."


def test_what_two_people_write_in_the_same_place_is_shown_twice(send, held_meeting, coordinator):
    save(held_meeting, {"notes": "Hers."}, read=0, by=coordinator)

    page = send("member", "meeting_edit", held_meeting.pk, read=0, agenda="", notes="His.")

    assert page.status_code == 409
    assert "Hers." in page.text
    assert "His." in page.text


def test_a_save_after_the_approval_is_refused(send, approved_meeting):
    page = send("member", "meeting_edit", approved_meeting.pk, read=0, notes="Late.", htmx=True)

    assert page.status_code == 403
    approved_meeting.refresh_from_db()
    assert approved_meeting.notes == "We met and talked."


def test_a_decision_that_a_colleague_changed_is_not_overwritten(send, decision):
    data = {"text": "Mine.", "before": "What I saw."}

    page = send("member", "decision_edit", decision.pk, **data)

    assert page.status_code == 400
    assert f"It now says: “{decision.text}”" in page.text
    assert "Mine." in page.text


def test_the_number_of_approved_notes_is_in_their_title(open_page, approved_meeting):
    assert "<h1>Meeting 1, " in open_page("reader", "meeting", approved_meeting.pk).text


# Tasks


def test_a_task_needs_an_owner_of_the_group_and_a_day_to_come(send, group, delegation):
    other = GroupMemberFactory(group=delegation)
    yesterday = TODAY - timedelta(days=1)

    page = send("member", "task_add", group.pk, title="Ask", owner=other.pk, due_on=yesterday)

    assert_kept(page, "This day has passed.", "Ask")
    assert set(page.context["form"].errors) == {"owner", "due_on"}
    assert not Task.objects.exists()


def test_a_late_task_keeps_its_day_when_something_else_is_changed(send, task):
    Task.objects.update(due_on=TODAY - timedelta(days=3))
    data = {"title": "Other", "owner": task.owner_id, "due_on": TODAY - timedelta(days=3)}

    assert send("member", "task_edit", task.pk, **data).status_code == 302
    assert Task.objects.get().title == "Other"


def test_one_s_own_tasks_come_first_and_the_choice_stays_in_the_address(open_page, group, member):
    mine = TaskFactory(group=group, owner=GroupMemberFactory(group=group, user=member))
    TaskFactory(group=group)
    done = TaskFactory(group=group, done_at=timezone.now(), done_by=member)

    shown = open_page("member", "tasks", group.pk)
    finished = open_page("member", "tasks", group.pk, show="done")

    (own_title, own), (_others, others) = shown.context["parts"]
    assert (own_title, [row[0] for row in own], len(others)) == ("Mine", [mine], 1)
    assert [row[0] for row in finished.context["parts"][1][1]] == [done]
    assert open_page("member", "tasks", group.pk, show="nonsense").context["shown"] == "open"


def test_pages_without_rows_say_what_to_do(open_page, group):
    assert "Plan the first one" in open_page("member", "meetings", group.pk).text
    assert "No open tasks" in open_page("member", "tasks", group.pk).text
    assert "Add the members" in open_page("coordinator", "detail", group.pk).text
    assert "There is no working group yet" in open_page("stranger", "list").text


def test_a_municipality_in_two_projects_has_a_group_in_each(open_page, group):
    ParticipationFactory(municipality=group.municipality)

    assert "Found the working group" in open_page("coordinator", "list").text
