"""What people typed is shown in a mail as typed, and never steers it."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from accounts.invitation import Invitation
from accounts.models import AccessRequest, Membership, User
from applications.models import (
    Announcement,
    Application,
    Call,
    Completion,
    DeadlineMove,
    Participation,
    Partner,
    Project,
)
from indexanalysis.models import Assessment
from municipalities.models import Municipality
from notifications.models import Kind, Mail
from notifications.outbox import enqueue, post, render
from notifications.plain import one_line, plain
from notifications.sending import send
from strategies.models import Strategy, StrategyInvitation
from tests.factories import UserFactory
from visits.models import Visit
from workinggroups.models import Meeting, Task, WorkingGroup

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
TEMPLATES = sorted(f"emails/{f.name}" for f in FOLDER.glob("*.txt") if f.name[0] != "_")

INJECTIONS = [
    "{{ 7|add:7 }}", "{{ user.password }}", "{{user.email}}", "{{ site_url }}", "{{ block.super }}",
    "{{ request.user }}", "{{ settings.SECRET_KEY }}", "{{ ''.__class__ }}", "{{ debug }}", "{{",
    "}}", "{% debug %}", "{% load static %}", "{% include 'emails/_base.txt' %}", "{%", "%}",
    "{% csrf_token %}", "{% url 'admin:index' %}", "{% extends 'base.html' %}", "{# hidden #}",
    "{% comment %}", "{% endblock text %}", "{% autoescape on %}", "{% now 'Y' %}", "{% if %}",
    "%(municipality)s", "%(name)s", "%s", "%d", "%%", "{0}", "{user}", "{0.__class__.__mro__}",
    "{user.password}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{=<% %>=}}", "<script>alert(1)</script>",
    "Ä & Ö < Å > \"Ø\" 'ß'",
]  # fmt: skip

HEADERS = [
    "a\r\nBcc: b@evil.example", "a\nBcc: b@evil.example", "a\rBcc: b@evil.example",
    "a\r\n\r\nBody of mine", "a\n\nBody of mine", "a\x0bBcc: b@evil.example",
    "a\x0cBcc: b@evil.example", "a\x85Bcc: b@evil.example", "a\u2028Bcc: b@evil.example",
    "a\u2029Bcc: b@evil.example", "a\x1cBcc: b@evil.example", "a\x1dBcc: b@evil.example",
    "a\x1eBcc: b@evil.example", "a\tBcc: b@evil.example", "a\r\n Bcc: b@evil.example",
    "a\r\nContent-Type: text/html\r\n\r\n<b>x</b>", "a\r\nTo: b@evil.example",
    "a\r\nMIME-Version: 1.0", "=?utf-8?q?a=0D=0ABcc:_b@evil.example?=", "a\r\n.\r\nMAIL FROM:<x>",
]  # fmt: skip


REASON = re.compile(r'{% block reason %}{% translate "(.*?)" %}')
REASONS = {reason for f in FOLDER.glob("*.txt") for reason in REASON.findall(f.read_text())}
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MARK = "MARK"


def context(text):
    """What the templates ask for, with `text` in each place that a person can fill."""
    town = Municipality(pk=1, name_fi=text, name_sv=text, name_en=text)
    call = Call(pk=1, slug="2027", title_en=text, title_fi=text, title_sv=text, closes_at=AT)
    user = User(name=text)
    membership = Membership(user=user, municipality=town, since=AT.date(), until=AT.date())
    membership.party, membership.organisation = "organisation", text
    return {
        "user": user,
        "application": application(town, call, text),
        "partner": Partner(pk=1, application=application(town, call, text), municipality=town),
        "missing": [text],
        "announcement": Announcement(call=call, **in_all("subject", text), **in_all("body", text)),
        "moved": DeadlineMove(call=call, moved_from=AT, moved_to=AT, **in_all("reason", text)),
        "letter": SimpleNamespace(subject=text, body=text),
        "position": 1,
        "promoted": None,
        "participation": Participation(pk=1, municipality=town, project=Project(name_fi=text)),
        "completion": Completion(fields=["motivation"], reason=text, due_at=AT, answered_at=AT),
        "call": call,
        "due_on": AT.date(),
        "late": True,
        "assessment": Assessment(pk=1, participation=Participation(municipality=town)),
        "strategy": Strategy(pk=1, participation=Participation(municipality=town), title=text),
        "strategy_invitation": StrategyInvitation(pk=1),
        "accepted": True,
        "request": AccessRequest(municipality=town, user=user),
        "municipality": town,
        "membership": membership,
        "invitation": Invitation(invited_by=user, municipality=town, expires_at=AT),
        "token": "token",
        "place": place(town, text),
        "meeting": meeting(town, text),
        "has_account": True,
        "task": Task(group=meeting(town, text).group, title=text, due_on=AT.date()),
        "comment": SimpleNamespace(by=user),
        "proposal": SimpleNamespace(state="declined", decided_by=user, answer=text),
        "by": user,
        "giver": user,
        "last_day": AT.date(),
        "count": 2,
        "visit": visit(town),
        "note": text,
        "reason": text,
        "mails": [Mail(subject=text, gist=text, created_at=AT)],
        "site_url": settings.SITE_URL,
        "preferences_url": "https://portal.example/en/mails/preferences/",
    }


def application(town, call, text):
    words = {"case_number": text, "contact_name": text, "contact_email": "a@town.example"}
    return Application(pk=1, municipality=town, call=call, submitted_at=AT, **words)


def in_all(name, text):
    return {f"{name}_{language}": text for language in ("en", "fi", "sv")}


def meeting(town, text):
    group = WorkingGroup(pk=1, participation=Participation(municipality=town), name=text)
    return Meeting(pk=1, group=group, starts_at=AT, ends_at=AT, place=text, link=text)


def visit(town):
    taking_part = Participation(municipality=town)
    return Visit(pk=1, participation=taking_part, starts_on=AT.date(), ends_on=AT.date())


def place(town, text):
    where = {"route": "indexanalysis:section", "parent": 1, "code": "education"}
    return SimpleNamespace(municipality=town, title=text, **where)


@cache
def marked(template):
    return render(template, context(MARK))


@pytest.mark.parametrize("typed", INJECTIONS)
def test_what_was_typed_is_shown_literally(typed):
    for template in TEMPLATES:
        subject, text = marked(template)

        shown = render(template, context(typed))

        assert MARK in text
        assert shown == (subject.replace(MARK, typed), text.replace(MARK, typed))


@pytest.mark.parametrize("typed", HEADERS)
def test_nothing_typed_becomes_a_header_or_a_receiver(sink, settings, typed):
    settings.MAIL_HOURLY_LIMIT = 1000
    user = UserFactory(name=typed, email="a@town.example", language="en")
    plain_user = UserFactory(name=MARK, email="a@town.example".replace("a", "b", 1))
    mails = [post(user, t, key=f"{t}-1", context=values(typed)) for t in TEMPLATES]
    mails += [enqueue("a@town.example", "en", typed, typed)]
    harmless = post(plain_user, TEMPLATES[0], key="0", context=values(MARK))

    for mail in [harmless, *mails]:
        send(mail.pk)

    normal, *others = sink.messages()
    assert len(others) == len(mails)
    for message in others:
        assert message.keys() == normal.keys()
        assert message["To"] == "a@town.example"
        assert message.get_content_type() == "text/plain"


def values(text):
    return {key: value for key, value in context(text).items() if key not in {"user", "site_url"}}


@pytest.mark.parametrize("typed", HEADERS)
def test_a_name_stays_on_its_line(typed):
    """A note may have lines, and a summary holds what was cleaned when it was written."""
    for template in TEMPLATES:
        usual = render(template, without_notes(context(MARK)))[1]

        text = render(template, without_notes(context(typed)))[1]

        assert len(text.splitlines()) == len(usual.splitlines())


def without_notes(values):
    values["proposal"].answer = values["completion"].reason = values["letter"].body = ""
    vars(values["announcement"]).update(in_all("body", ""))
    vars(values["moved"]).update(in_all("reason", ""))
    return values | {"note": "", "reason": "", "mails": context(MARK)["mails"]}


def test_text_that_turns_the_reading_direction_is_straightened():
    mail = enqueue("a@town.example", "en", "safe\u202egpj.exe", "a\u2066b\u0000c\ud800d\ne")

    assert mail.subject == "safegpj.exe"
    assert mail.text == "abcd\ne\n"


@pytest.mark.parametrize(
    "name", ["Áile Niittyvuopio", "Åsa-Märta Öst", "Ŋ Đ Ŧ Ž", "👩‍👩‍👧 O’Neill", "李小龙", "محمد"]
)
def test_a_name_of_any_script_is_left_as_it_is(name):
    assert one_line(name) == plain(name) == name


# Each mail says why it came, and how to get fewer


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_mail_has_a_subject_one_reason_and_the_ways_on(template, language):
    with override(language):
        subject, text = render(template, context(MARK))
        reasons = [gettext(reason) for reason in REASONS]

    lines = text.splitlines()
    assert 0 < len(subject) < 100
    assert len([line for line in lines if line in reasons]) == 1
    assert len([line for line in lines if "/mails/preferences/" in line]) == 1
    assert lines[-1] == settings.SITE_URL


@pytest.mark.parametrize("kind", list(Kind))
def test_the_link_to_the_preferences_stands_where_there_is_a_choice(kind):
    user = UserFactory(language="sv")

    mail = post(user, TEMPLATES[0], key="one", context=values(MARK), kind=kind)

    offered = f"{settings.SITE_URL}/sv/mails/preferences/" in mail.text
    assert offered == (kind not in {Kind.SECURITY, Kind.INVITATION, Kind.DIGEST})


def test_in_a_summary_a_mail_has_neither_greeting_nor_reason():
    gist = render("emails/application_submitted.txt", context(MARK) | {"in_digest": True})[1]

    assert "Hello" not in gist
    assert not [reason for reason in REASONS if reason in gist]
    assert "/applications/1/" in gist
