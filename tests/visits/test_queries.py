"""Each page of visits and recommendations asks at most 20 times, for three rows as for one."""

import pytest

from drafting.workflow import Place, say
from tests.factories import MembershipFactory, ParticipationFactory
from tests.indexanalysis.factories import RecommendationFactory
from tests.visits.factories import (
    FindingFactory,
    ItemFactory,
    NoteFactory,
    ObservationFactory,
    PersonMetFactory,
    VisitFactory,
)

MOST = 20


def same(count, add, user, *routes):
    """For one row as for three, and few."""
    add()
    for route in routes:
        count(user, *route)  # what Django remembers of its content types is asked for once
    one = [count(user, *route) for route in routes]
    add()
    add()

    assert [count(user, *route) for route in routes] == one
    assert max(one) <= MOST


def test_a_visit_with_all_that_is_in_it(count, reporting, expert, coordinator):
    def add():
        item = ItemFactory(visit=reporting)
        PersonMetFactory(visit=reporting)
        NoteFactory(visit=reporting, item=item, state="shared")
        FindingFactory(visit=reporting, state="shared")

    routes = [(f"visits:{name}", reporting.pk) for name in ("detail", "programme", "people")]
    same(count, add, coordinator, *routes)
    own = [(f"visits:{name}", reporting.pk) for name in ("report", "edit", "note_new")]
    same(count, add, expert, *routes, *own, ("visits:finding_new", reporting.pk))


def test_the_list_of_visits(count, coordinator, expert, lead):
    def add():
        town = MembershipFactory(user=coordinator).municipality
        VisitFactory(participation=ParticipationFactory(municipality=town), experts=[expert])

    same(count, add, coordinator, ("visits:list",))
    same(count, add, lead, ("visits:list",))


def test_the_recommendations_and_their_follow_up(count, issued, expert, coordinator):
    assessment = issued.assessment

    def add():
        rows = [RecommendationFactory(assessment=assessment)]
        number = assessment.recommendations.count()
        rows += [RecommendationFactory(assessment=assessment, issued=True, number=number)]
        for side in ("expert", "municipality"):
            ObservationFactory(recommendation=rows[1], side=side)

    routes = [
        ("indexanalysis:recommendations", assessment.pk),
        ("indexanalysis:report", assessment.pk),
        ("indexanalysis:about", assessment.pk, "COM-01"),
        ("visits:follow_up", assessment.participation_id),
    ]
    same(count, add, coordinator, *routes)
    pages = ("recommendation_sections", "recommendation_issue_all")
    same(count, add, expert, *routes, *((f"indexanalysis:{name}", assessment.pk) for name in pages))


def test_a_finding_and_a_recommendation_with_one_question_and_with_three(
    count, recommended, found, expert
):
    def costs():
        return [
            count(expert, "visits:finding", found.pk),
            count(expert, "visits:finding_basis", found.pk),
            count(expert, "indexanalysis:recommendation", recommended.pk),
        ]

    codes = [question.code for question in recommended.edition_section.questions[:3]]
    type(found).objects.update(section=recommended.section, questions=codes[:1])
    type(recommended).objects.update(questions=codes[:1])
    costs()  # what Django remembers of its content types is asked for once
    one = costs()
    type(found).objects.update(questions=codes)
    type(recommended).objects.update(questions=codes)

    assert len(codes) == 3
    assert costs() == one
    assert max(one) <= MOST


def test_what_is_said_about_a_note_costs_the_same_for_one_and_for_three(count, note, expert):
    place = Place(note.municipality, "visits:note_text", note.pk, "text", "Text", "text")

    def add():
        key = str(note.comments.count())
        say(note, key, by=expert, place=place, people=[expert], chosen=[expert], key=key)

    same(count, add, expert, ("visits:note_text", note.pk, "text"), ("visits:note_edit", note.pk))


PAGES = [
    ("expert", "indexanalysis:recommendation_edit", "recommended", ()),
    ("expert", "indexanalysis:recommendation_basis", "recommended", ()),
    ("expert", "indexanalysis:recommendation_discard", "recommended", ()),
    ("expert", "indexanalysis:recommendation_issue", "recommended", ()),
    ("expert", "indexanalysis:recommendation_text", "recommended", ("text_en",)),
    ("expert", "indexanalysis:recommendation_new", "handed_in", ("commitment",)),
    ("coordinator", "indexanalysis:recommendation_respond", "issued", ()),
    ("lead", "visits:plan", "participation", ()),
    ("lead", "visits:change", "planned", ()),
    ("coordinator", "visits:item", "item", ()),
    ("expert", "visits:confirm", "reporting", ("final",)),
    ("expert", "visits:text", "reporting", ("summary",)),
    ("expert", "visits:text_history", "reporting", ("summary",)),
    ("expert", "visits:note", "note", ()),
    ("expert", "visits:note_discard", "note", ()),
    ("expert", "visits:note_text_history", "note", ("text",)),
    ("expert", "visits:finding_edit", "found", ()),
    ("expert", "visits:finding_discard", "found", ()),
    ("expert", "visits:finding_text", "found", ("text",)),
    ("expert", "visits:observe", "issued", ()),
    ("coordinator", "visits:report", "final", ()),
    ("coordinator", "visits:files", "final", ()),
]


@pytest.mark.parametrize(("name", "route", "about", "args"), PAGES)
def test_a_page_stays_within_its_queries(request, count, person, name, route, about, args):
    row = request.getfixturevalue(about)

    assert count(person(name), route, row.pk, *args) <= MOST
