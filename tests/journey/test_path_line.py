"""Every page about one municipality leads to its path, which the page's script then shows."""

import pytest
from django.urls import reverse

from tests.factories import AttachmentFactory

PAGES = [
    ("coordinator", "accounts:town", "town", ()),
    ("coordinator", "accounts:audit", "town", ()),
    ("coordinator", "accounts:invite", "town", ()),
    ("coordinator", "accounts:membership", "members_part", ()),
    ("coordinator", "applications:detail", "draft", ()),
    ("coordinator", "applications:edit", "draft", ("motivation",)),
    ("coordinator", "applications:steps", "draft", ()),
    ("coordinator", "applications:partners", "draft", ()),
    ("coordinator", "applications:attachments", "attached_draft", ()),
    ("coordinator", "applications:confirm", "draft", ("submitted",)),
    ("coordinator", "applications:text", "draft", ("motivation",)),
    ("coordinator", "workinggroups:found", "participation", ("delegation",)),
    ("coordinator", "workinggroups:detail", "group", ()),
    ("coordinator", "workinggroups:tasks", "group", ()),
    ("coordinator", "workinggroups:member_edit", "group_member", ()),
    ("coordinator", "workinggroups:meeting", "meeting", ()),
    ("coordinator", "workinggroups:meeting_text_history", "held_meeting", ("notes",)),
    ("coordinator", "indexanalysis:detail", "assessment", ()),
    ("coordinator", "indexanalysis:section", "assessment", ("commitment",)),
    ("coordinator", "indexanalysis:about", "assessment", ("COM-01",)),
    ("coordinator", "indexanalysis:report", "handed_in", ()),
    ("coordinator", "indexanalysis:recommendations", "handed_in", ()),
    ("coordinator", "indexanalysis:recommendation", "issued", ()),
    ("expert", "indexanalysis:recommendation_edit", "recommended", ()),
    ("lead", "visits:plan", "participation", ()),
    ("coordinator", "visits:detail", "planned", ()),
    ("expert", "visits:note", "note", ()),
    ("expert", "visits:finding_edit", "found", ()),
    ("coordinator", "visits:report", "final", ()),
    ("coordinator", "visits:follow_up", "participation", ()),
    ("coordinator", "visits:observe", "issued", ()),
    ("coordinator", "strategies:found", "participation", ()),
    ("coordinator", "strategies:detail", "strategy", ()),
    ("coordinator", "strategies:coverage", "strategy", ()),
    ("coordinator", "strategies:chapter_edit", "chapter", ()),
    ("coordinator", "strategies:measure", "measure", ()),
    ("coordinator", "strategies:decisions", "strategy", ()),
    ("coordinator", "journey:recommendation_thread", "issued", ()),
    ("coordinator", "journey:finding_thread", "shared_finding", ()),
    ("coordinator", "journey:question_thread", "assessment", ("COM-01",)),
]


@pytest.fixture
def attached_draft(draft):
    AttachmentFactory(application=draft)
    return draft


@pytest.mark.parametrize(("name", "route", "about", "args"), PAGES)
def test_a_page_leads_to_the_path(request, client, person, town, name, route, about, args):
    row = request.getfixturevalue(about)
    client.force_login(person(name))

    page = client.get(reverse(route, args=[row.pk, *args]))

    assert page.status_code == 200
    assert f'hx-get="{reverse("journey:path", args=[town.pk])}"' in page.text
