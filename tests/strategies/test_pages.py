"""The pages of a strategy: what they show, and what a slip in a form gets."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from indexanalysis.models import Recommendation
from municipalities.models import Region
from strategies.models import Measure, Strategy
from strategies.models.strategies import ALAND
from tests.strategies.factories import (
    MeasureFactory,
    ObjectiveFactory,
    RecommendationFactory,
    StepFactory,
)


@pytest.fixture
def visit(client):
    """Open a page, or send its form, as a person or as nobody."""

    def open_(user, route, *args, data=None, follow=False, **headers):
        client.logout()
        if user:
            client.force_login(user)
        url = reverse(f"strategies:{route}", args=args)
        if data is None:
            return client.get(url, follow=follow, headers=headers)
        return client.post(url, data, follow=follow, headers=headers)

    return open_


def reread(row):
    return type(row).objects.get(pk=row.pk)


# Beginning


FOUNDING = {"title": "Strategia", "language": "fi", "starts_on": "1.1.2027"}


def test_the_form_suggests_a_name_and_the_language_of_the_majority(
    visit, participation, coordinator
):
    participation.municipality.language_status = "bilingual_sv_majority"
    participation.municipality.save()

    form = visit(coordinator, "found", participation.pk).context["form"]

    assert form["title"].value() == "Local integration strategy of Omala"
    assert form["language"].value() == "sv"


def test_a_period_that_ends_before_it_begins_gets_a_sentence_at_its_field(
    visit, participation, coordinator
):
    answer = visit(
        coordinator, "found", participation.pk, data=FOUNDING | {"ends_on": "31.12.2026"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "ends_on": ["The last day must be after the first day."]
    }
    assert 'value="Strategia"' in answer.text


def test_founding_leads_to_the_strategy(visit, participation, coordinator):
    data = FOUNDING | {"ends_on": "31.12.2030"}

    answers = [visit(coordinator, "found", participation.pk, data=data) for _ in range(2)]

    strategy = Strategy.objects.get()
    assert [answer.url for answer in answers] == [strategy.get_absolute_url()] * 2


def test_the_list_offers_to_begin_one_until_there_is_one(visit, participation, coordinator):
    before = visit(coordinator, "list")
    visit(coordinator, "found", participation.pk, data=FOUNDING | {"ends_on": "31.12.2030"})
    after = visit(coordinator, "list")

    address = reverse("strategies:found", args=[participation.pk])
    assert [address in answer.text for answer in (before, after)] == [True, False]


def test_a_shorter_period_names_the_measures_that_it_would_cut_off(visit, measure, coordinator):
    Measure.objects.filter(pk=measure.pk).update(
        title="Kielikahvila", starts_on=date(2027, 2, 1), ends_on=date(2030, 6, 30)
    )
    days = {"title": "New", "starts_on": "1.3.2027", "ends_on": "31.12.2029"}

    answer = visit(coordinator, "change", measure.strategy.pk, data=days)

    sentence = "These measures would lie outside: “Kielikahvila”."
    assert answer.context["form"].errors == {"starts_on": [sentence], "ends_on": [sentence]}
    assert reread(measure.strategy).title == "CANARY-strategy"


# Writing


def written(measure, **fields):
    return {"title": measure.title, "read": measure.version} | fields


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"starts_on": "31.12.2026"}, "starts_on", "1 January 2027 to 31 December 2030"),
        ({"ends_on": "1.1.2031"}, "ends_on", "1 January 2027 to 31 December 2030"),
        (
            {"starts_on": "2.2.2028", "ends_on": "1.2.2028"},
            "ends_on",
            "cannot end before it begins",
        ),
        (
            {"metric": "A", "baseline_on": "2.2.2028", "target_on": "1.2.2028"},
            "target_on",
            "dated before the baseline",
        ),
        ({"target": "0"}, "metric", "Name the metric"),
        ({"unit": "%"}, "metric", "Name the metric"),
        ({"metric": "A", "baseline": "many"}, "baseline", "Enter a number"),
        ({"points": ["Z9"]}, "points", "Z9"),
        ({"title": ""}, "title", "required"),
    ],
)
def test_a_slip_in_a_measure_gets_a_sentence_at_its_field_and_nothing_is_stored(
    visit, measure, member, fields, name, sentence
):
    data = written(measure, partners="Kept") | fields
    answer = visit(member, "measure_edit", measure.pk, data=data)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [name]
    assert sentence in answer.context["form"].errors[name][0]
    assert 'value="Kept"' in answer.text
    assert reread(measure).partners == ""


def test_a_measure_is_stored_with_its_metric_and_its_tags(visit, measure, member):
    data = written(
        measure,
        metric="Osuus",
        unit="%",
        baseline="41,5",
        baseline_on="31.12.2026",
        target="0",
        points=["B1", "C3"],
        policy_areas=["education", "multilingualism"],
    )
    with translation.override("fi"):
        visit(member, "measure_edit", measure.pk, data=data)
        shown = str(visit(member, "measure_edit", measure.pk).context["form"]["baseline"])

    row = reread(measure)
    assert (row.metric, float(row.baseline), row.target) == ("Osuus", 41.5, 0)
    assert (row.points, row.policy_areas) == (["B1", "C3"], ["education", "multilingualism"])
    assert 'value="41,5"' in shown


def test_a_round_number_is_shown_without_decimals(visit, measure, member):
    Measure.objects.filter(pk=measure.pk).update(metric="Visits", baseline=100)

    form = visit(member, "measure_edit", measure.pk).context["form"]

    assert 'value="100"' in str(form["baseline"])


def test_ticks_that_two_people_changed_are_shown_in_words_and_either_can_be_kept(
    visit, measure, member, coordinator
):
    theirs, mine = {"dimensions": ["security"]}, {"dimensions": ["attitudes", "interaction"]}
    visit(coordinator, "measure_edit", measure.pk, data=written(measure, key="1", **theirs))

    answer = visit(member, "measure_edit", measure.pk, data=written(measure, key="2", **mine))

    [part] = answer.context["parts"]
    assert answer.status_code == 409
    assert (part.before, part.after) == ("Security", "Attitudes\nInteraction")
    sent = [pair for pair in answer.context["sent"] if pair[0] == "dimensions"]
    assert sent == [("dimensions", "attitudes"), ("dimensions", "interaction")]
    again = dict(answer.context["sent"]) | mine
    assert visit(member, "measure_edit", measure.pk, data=again).status_code == 302
    assert reread(measure).dimensions == mine["dimensions"]


def test_ticks_of_different_kinds_are_joined(visit, measure, member, coordinator):
    visit(coordinator, "measure_edit", measure.pk, data=written(measure, principles=["equality"]))

    answer = visit(
        member, "measure_edit", measure.pk, data=written(measure, dimensions=["security"])
    )

    row = reread(measure)
    assert answer.status_code == 302
    assert (row.principles, row.dimensions) == (["equality"], ["security"])


def test_a_chapter_shows_its_hint_and_is_saved_by_the_script(
    visit, participation, coordinator, member
):
    visit(coordinator, "found", participation.pk, data=FOUNDING | {"ends_on": "31.12.2030"})
    chapter = Strategy.objects.get().chapters.first()

    shown = visit(member, "chapter_edit", chapter.pk)
    data = {"title": chapter.title, "text": "Hei.\r\nTässä.", "read": 0}
    answer = visit(member, "chapter_edit", chapter.pk, data=data, **{"hx-request": "true"})

    assert "What is the strategy for" in shown.text
    assert answer["X-Version"] == "1"
    assert reread(chapter).text == "Hei.\nTässä."


# What a measure answers


def test_a_recommendation_that_was_not_taken_up_is_a_question_with_a_reason(
    visit, measure, recommendation, member
):
    Recommendation.objects.filter(pk=recommendation.pk).update(
        state="not_taken_up", response="There is no money."
    )
    data = {"recommendation": recommendation.pk}

    asked = visit(member, "measure", measure.pk, data=data)
    linked = visit(member, "measure", measure.pk, data=data | {"reason": "There is money now."})

    assert asked.status_code == 400
    assert "“There is no money.”" in asked.context["form"].errors["recommendation"][0]
    assert "Link it all the same, because" in asked.text
    assert linked.status_code == 302
    assert measure.answered.get().reason == "There is money now."


def test_an_unanswered_recommendation_is_to_be_accepted_first(
    visit, measure, recommendation, member
):
    Recommendation.objects.filter(pk=recommendation.pk).update(state="issued")

    answer = visit(member, "measure", measure.pk, data={"recommendation": recommendation.pk})

    assert "Accept it first" in answer.context["form"].errors["recommendation"][0]
    assert "Link it all the same" not in answer.text


def test_only_recommendations_to_the_own_municipalities_can_be_chosen(visit, measure, member):
    foreign = RecommendationFactory()

    answer = visit(member, "measure", measure.pk, data={"recommendation": foreign.pk})

    assert answer.status_code == 400
    assert foreign.title not in answer.text


def test_a_measure_leads_back_to_the_recommendation_and_its_questions(visit, answered, person):
    answer = visit(person("expert"), "measure", answered.pk)

    about = reverse("indexanalysis:about", args=[assessment_of(answered).pk, "COM-05"])
    assert "CANARY-recommendation" in answer.text
    assert about in answer.text
    assert answer.context["form"] is None


def assessment_of(measure):
    return measure.recommendations.get().assessment


def test_the_language_of_a_recommendation_is_marked_where_it_is_not_the_pages(
    visit, answered, member
):
    with translation.override("sv"):
        answer = visit(member, "measure", answered.pk)

    row = answered.recommendations.get()
    assert f'lang="en">{row}</a>' in answer.text


def test_a_recommendation_becomes_a_measure_or_an_objective(
    visit, strategy, objective, recommendation, member
):
    use = ("use", strategy.pk, recommendation.pk)

    as_measure = visit(member, *use, data={"becomes": objective.pk})
    as_objective = visit(member, *use, data={"becomes": "own"})

    measure = objective.measures.get()
    made = strategy.objectives.exclude(pk=objective.pk).get()
    assert as_measure.url == reverse("strategies:measure_edit", args=[measure.pk])
    assert as_objective.url == reverse("strategies:objective_edit", args=[made.pk])
    assert list(measure.recommendations.all()) == [recommendation]


@pytest.mark.parametrize("state", ["issued", "not_taken_up"])
def test_what_is_not_accepted_cannot_be_used(visit, strategy, recommendation, member, state):
    Recommendation.objects.filter(pk=recommendation.pk).update(state=state, response="No.")

    assert visit(member, "use", strategy.pk, recommendation.pk).status_code == 404
    assert b"Make something of it" not in visit(member, "recommendations", strategy.pk).content


# Coverage


def rows_of(answer, name):
    return [(str(label), len(rows)) for label, rows in answer.context[name]["lines"]]


def test_the_coverage_says_what_nothing_answers(visit, answered, member):
    open_one = RecommendationFactory(assessment=assessment_of(answered), title_en="Open")
    RecommendationFactory(assessment=assessment_of(answered), state="issued")

    answer = visit(member, "coverage", answered.strategy.pk)

    assert [rows for _label, rows in rows_of(answer, "recommendations")] == [1, 0]
    assert str(open_one) in answer.text
    [(row, lacks)] = answer.context["gaps"]
    assert row == ("1.1", answered)
    assert [str(word) for word in lacks] == ["No period", "No metric"]


def test_a_point_is_covered_by_its_measures_and_shows_where_it_comes_from(visit, measure, member):
    Measure.objects.filter(pk=measure.pk).update(points=["B5"])

    answer = visit(member, "coverage", measure.strategy.pk)

    lists = {table["statute"].code: table for table in answer.context["statutes"]}
    covered = [point.code for point, rows in lists["B"]["lines"] if rows]
    assert covered == ["B5"]
    assert [code for code, table in lists.items() if not table["is_past"]] == ["B", "C"]
    assert "Take follow-up as good practice rather than as a certain duty." in answer.text
    assert "(seen in the source)" in answer.text
    assert answer.text.count("No longer in force") == 2


def test_a_measure_shows_where_each_of_its_points_comes_from(visit, measure, member):
    Measure.objects.filter(pk=measure.pk).update(points=["A1"])

    answer = visit(member, "measure", measure.pk)

    assert "A municipality&#x27;s decision of 22 February 2023" in answer.text
    assert "(seen in the source)" in answer.text


def on_aland(town):
    Region.objects.get_or_create(code=ALAND, defaults={"name_fi": "Ahvenanmaa"})
    town.region_id = ALAND
    town.save()


def test_on_aland_the_lists_do_not_apply_and_the_page_says_so(visit, measure, town, member):
    on_aland(town)

    answer = visit(member, "coverage", measure.strategy.pk)
    form = visit(member, "measure_edit", measure.pk).context["form"]

    assert answer.context["statutes"] == []
    assert "these lists do not apply to Omala" in answer.text
    assert form.fields["points"].choices == []


def test_together_with_a_mainland_municipality_the_lists_apply_to_that_one(
    visit, measure, town, other_town, member
):
    on_aland(town)
    measure.strategy.towns.create(municipality=other_town)

    answer = visit(member, "coverage", measure.strategy.pk)

    assert len(answer.context["statutes"]) == 4
    assert "these lists do not apply to Omala" in answer.text


# Deciding


OUTCOME = {"section_number": "252", "outcome": "approved", "note": ""}


def test_an_outcome_is_dated_in_the_past(visit, step_to_decide, coordinator):
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = visit(
        coordinator, "decision", step_to_decide.pk, data=OUTCOME | {"decided_on": tomorrow}
    )

    assert "still to come" in answer.context["form"].errors["decided_on"][0]


@pytest.mark.parametrize("missing", ["decided_on", "section_number", "outcome"])
def test_an_outcome_without_its_date_section_or_words_is_asked_for(
    visit, step_to_decide, coordinator, missing
):
    data = OUTCOME | {"decided_on": "16.11.2026", missing: ""}

    answer = visit(coordinator, "decision", step_to_decide.pk, data=data)

    assert list(answer.context["form"].errors) == [missing]


def test_a_bare_number_gets_its_paragraph_sign(visit, step_to_decide, coordinator):
    data = OUTCOME | {"decided_on": "16.11.2026"}

    visit(coordinator, "decision", step_to_decide.pk, data=data)

    assert reread(step_to_decide).section_number == "§ 252"


def test_the_page_before_adopting_names_what_lacks(visit, before_bodies, coordinator):
    objective = ObjectiveFactory(strategy=before_bodies)
    MeasureFactory(objective=objective, responsible="", title="Kielikahvila")

    answer = visit(coordinator, "confirm", before_bodies.pk, "adopted")

    assert "“Kielikahvila”" in answer.text
    assert "The last decision step of Omala" in answer.text
    assert "Adopt it" not in answer.text


def test_adopting_too_early_is_answered_with_a_sentence(visit, before_bodies, coordinator):
    answer = visit(coordinator, "move", before_bodies.pk, "adopted", data={}, follow=True)

    assert "The last decision step of Omala" in answer.text
    assert reread(before_bodies).state == "decision"


def test_a_second_click_says_that_it_is_done_already(visit, approved, coordinator):
    answers = [
        visit(coordinator, "move", approved.pk, "adopted", data={}, follow=True) for _ in range(2)
    ]

    assert "The strategy is now: adopted." in answers[0].text
    assert "The strategy was already: adopted." in answers[1].text
    assert reread(approved).versions.count() == 1


# Together with another municipality


def test_each_person_is_led_to_the_path_of_the_own_municipality(
    visit, strategy, other_town, person
):
    strategy.towns.create(municipality=other_town)

    pages = [visit(person(name), "detail", strategy.pk) for name in ("member", "other_member")]

    towns = [answer.context["strategy"].town.name for answer in pages]
    assert towns == ["Omala", "Muuala"]


def test_nobody_is_led_to_a_recommendation_of_a_municipality_that_they_do_not_see(
    visit, answered, other_town, person
):
    answered.strategy.towns.create(municipality=other_town)

    answer = visit(person("other_member"), "measure", answered.pk)

    assert "CANARY-recommendation" in answer.text
    assert "/assessments/" not in answer.text


def test_an_invitation_answered_twice_says_so_and_names_its_state(visit, invited, coordinator):
    answer = ("invitation_answer", invited.pk, "accepted")

    pages = [visit(coordinator, *answer, data={}, follow=True) for _ in range(2)]
    invitation = visit(coordinator, "invitation", invited.pk)

    assert "has a part in the strategy now" in pages[0].text
    assert "was answered like that already" in pages[1].text
    assert "Accept the invitation" not in invitation.text
    assert "Accepted" in invitation.text


# In public


def test_everybody_reads_the_frozen_text_with_its_checksum(visit, published):
    Measure.objects.update(title="Changed afterwards")

    answer = visit(None, "published", published.pk)
    data = visit(None, "published_data", published.pk)

    version = published.versions.get()
    assert version.checksum in answer.text
    assert "Changed afterwards" not in answer.text
    assert answer.text.count('<h1 lang="fi">') == 1
    assert data.json() == version.content


def test_the_public_list_has_the_published_ones_alone(visit, published, other_participation):
    found = visit(None, "published_list").context["strategies"]

    assert list(found) == [published]


def test_taken_back_the_public_page_and_its_files_are_gone(visit, published, coordinator):
    visit(coordinator, "publish", published.pk, "withdrawn", data={})

    statuses = [
        visit(None, *route).status_code
        for route in [
            ("published", published.pk),
            ("published_file", published.pk, "fi"),
            ("published_data", published.pk),
        ]
    ]
    assert statuses == [404, 404, 404]


def test_the_public_page_shows_neither_comments_nor_planned_steps(
    visit, said_of_chapter, published
):
    StepFactory(strategy=published, outcome="", section_number="", name="CANARY-planned")

    answer = visit(None, "published", published.pk)

    assert "CANARY-comment" not in answer.text
    assert "CANARY-planned" not in answer.text
