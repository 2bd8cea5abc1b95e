import hypothesis
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications import marks
from applications.models import Application, Mark, Review
from applications.workflow import reviews
from applications.workflow.reviews import Judgement, Overtaken
from tests.factories import (
    ApplicationFactory,
    CriterionFactory,
    DeclarationFactory,
    MembershipFactory,
    ReviewFactory,
    UserFactory,
)

REVIEW = "admin:applications_application_review"


def scored(application):
    return Application.objects.with_mean_score().get(pk=application.pk)


@pytest.fixture
def send(client, cleared, criteria, reviewer):
    """Post the own review with points for the first criterion; `more` goes into the form."""
    client.force_login(reviewer)

    def post(points="4", read=0, htmx=False, follow=True, **more):
        form = {"read": read, f"points_{criteria[0].pk}": points, "comment": "Good."} | more
        headers = {"hx-request": "true"} if htmx else {}
        url = reverse(REVIEW, args=[cleared.pk])
        return client.post(url, form, headers=headers, follow=follow)

    return post


def test_a_draft_is_saved_with_gaps_and_counts_nothing(cleared, given, reviewer, criteria):
    judgements = {criteria[0].pk: Judgement(4, comment="Six sectors.")}

    reviews.save(cleared, by=reviewer, judgements=judgements, comment="", read=0)

    given.refresh_from_db()
    mark = given.marks.get()
    assert (mark.points, mark.comment, given.version) == (4, "Six sectors.", 1)
    assert (given.handed_in_at, given.score) == (None, None)
    assert (scored(cleared).mean_score, scored(cleared).review_count) == (None, 0)


def test_a_review_that_is_handed_in_counts_by_the_weights(cleared, given, reviewer, judging):
    review, changed = reviews.hand_in(cleared, by=reviewer, **judging(5, 2))

    assert changed
    assert review.score == 80
    row = scored(cleared)
    assert (row.mean_score, row.review_count, row.abstentions, row.spread) == (80, 1, 0, None)
    assert AuditEntry.objects.get().action == "review.handed_in"


def test_who_can_judge_nothing_abstains(cleared, given, reviewer, judging):
    reviews.hand_in(cleared, by=reviewer, **judging(None, None))

    row = scored(cleared)
    assert (row.mean_score, row.review_count, row.abstentions) == (None, 1, 1)


def test_handed_in_again_it_replaces_the_first_and_the_same_again_changes_nothing(
    cleared, given, reviewer, judging
):
    outcomes = [
        reviews.hand_in(cleared, by=reviewer, **judging(*points, read=read))[1]
        for points, read in [((1, 1), 0), ((5, 5), 1), ((5, 5), 1)]
    ]

    assert outcomes == [True, True, False]
    assert scored(cleared).mean_score == 100
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["review.handed_in", "review.changed"]


@pytest.mark.parametrize("gap", ["points", "comment"])
def test_a_review_with_a_gap_is_not_handed_in(cleared, given, reviewer, criteria, judging, gap):
    values = judging(4, 4, comment="" if gap == "comment" else "Good.")
    if gap == "points":
        values["judgements"][criteria[1].pk] = Judgement()

    with pytest.raises(Refused, match="still missing"):
        reviews.hand_in(cleared, by=reviewer, **values)

    assert not Mark.objects.exists()


def test_once_handed_in_there_is_no_draft_to_save(cleared, given, reviewer, judging):
    reviews.hand_in(cleared, by=reviewer, **judging(4, 4))

    with pytest.raises(Refused, match="Hand it in again"):
        reviews.save(cleared, by=reviewer, **judging(1, 1, read=1))

    assert scored(cleared).mean_score == 80


def test_a_stale_window_does_not_undo_a_newer_save(cleared, given, reviewer, judging):
    reviews.save(cleared, by=reviewer, **judging(4, 4))

    with pytest.raises(Overtaken):
        reviews.save(cleared, by=reviewer, **judging(1, 1))

    assert set(given.marks.values_list("points", flat=True)) == {4}


def test_the_same_save_again_is_no_conflict(cleared, given, reviewer, judging):
    for _ in range(2):
        review = reviews.save(cleared, by=reviewer, **judging(4, 4))

    assert review.version == 1


def test_only_who_was_given_it_and_has_declared_writes(in_review, given, reviewer, lead, judging):
    DeclarationFactory(application=in_review, person=lead)

    for person in (reviewer, lead):  # given, but not declared; declared, but not given
        with pytest.raises(PermissionDenied):
            reviews.save(in_review, by=person, **judging(4, 4))


def test_a_reviewer_who_belongs_to_the_municipality_does_not_judge_it(cleared, reviewer, judging):
    MembershipFactory(user=reviewer, municipality=cleared.municipality, role="reader")

    with pytest.raises(PermissionDenied):
        reviews.hand_in(cleared, by=reviewer, **judging(5, 5))


def test_only_an_application_under_review_is_scored(cleared, reviewer, judging):
    Application.objects.update(state="selected", answer_by=timezone.localdate())

    with pytest.raises(Refused, match="under review"):
        reviews.hand_in(cleared, by=reviewer, **judging(5, 5))


def test_others_reviews_show_once_the_own_one_is_handed_in(
    cleared, given, reviewer, lead, second_lead, judging
):
    ReviewFactory(application=cleared, reviewer=second_lead)

    before = Review.objects.visible_to(reviewer).count()
    reviews.hand_in(cleared, by=reviewer, **judging(4, 4))

    assert (before, Review.objects.visible_to(reviewer).count()) == (1, 2)
    assert Review.objects.visible_to(lead).count() == 2
    assert not Review.objects.visible_to(second_lead).exists()  # has not declared


# The same numbers in SQL as by the pure functions

POINTS = st.lists(st.none() | st.integers(0, 5), min_size=2, max_size=2)


@pytest.mark.django_db
@hypothesis.settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(points=st.lists(POINTS, max_size=4), weights=st.tuples(*[st.integers(1, 9)] * 2))
def test_the_database_counts_as_the_pure_functions_do(call, points, weights):
    with transaction.atomic():
        row = reviewed(call, points, weights)
        transaction.set_rollback(True)

    scores = [marks.score(map(marks.Given, weights, some), highest=5) for some in points]
    assert row.mean_score == pytest.approx(marks.mean(scores))
    assert row.spread == pytest.approx(marks.spread(scores))
    assert (row.review_count, row.abstentions) == (len(points), scores.count(None))


def reviewed(call, points, weights):
    """An application with a review for each of `points`, as the lists find it."""
    application = ApplicationFactory(call=call, in_review=True)
    criteria = [CriterionFactory(call=call, weight=weight) for weight in weights]
    for some in points:
        person = UserFactory(is_staff=True)
        person.staff_groups = frozenset({"reviewer"})
        ReviewFactory(application=application, reviewer=person, to_do=True)
        DeclarationFactory(application=application, person=person)
        judgements = {
            criterion.pk: Judgement(one, cannot_judge=one is None)
            for criterion, one in zip(criteria, some, strict=True)
        }
        reviews.hand_in(application, by=person, judgements=judgements, comment="So.", read=0)
    return scored(application)


# The page


def test_the_save_button_stores_the_draft(send, given, cleared):
    page = send()

    assert "The draft of your review is saved." in page.text
    assert "Your weighted mean: 80.0 percent" in page.text
    given.refresh_from_db()
    assert (given.version, given.comment) == (1, "Good.")


def test_the_script_gets_the_new_version(send, given):
    page = send(htmx=True)

    assert page.status_code == 200
    assert "<html" not in page.text
    assert 'name="read" id="id_read" value="1"' in page.text


def test_a_second_window_is_told_and_both_texts_are_shown(send, given):
    send(points="4")

    script = send(points="1", htmx=True)
    page = send(points="1", comment="Mine.")

    assert script.status_code == page.status_code == 409
    assert "saved in another window" in script.text
    assert "Mine." in page.text
    assert "Good." in page.text
    assert 'name="read" value="1"' in page.text
    again = send(points="1", comment="Mine.", read=1)
    assert "is saved" in again.text


def test_handing_in_goes_on_to_the_next_of_mine(send, cleared, criteria, reviewer):
    following = ReviewFactory(reviewer=reviewer, to_do=True).application
    DeclarationFactory(application=following, person=reviewer)

    page = send(hand_in="1", **{f"points_{criteria[1].pk}": "none"})

    assert "Your review is handed in." in page.text
    assert str(following.municipality) in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"points": "6"}, "6 is not one of the available choices"),
        ({"points": "4.5"}, "4.5 is not one of the available choices"),
        ({"comment": "x" * 4001}, "at most 4000 characters"),
        ({"read": "-1"}, "Your review is not stored yet."),
        ({"hand_in": "1"}, "Give points, or say that you cannot judge."),
        ({"hand_in": "1", "comment": " "}, "Write your reasons as a whole."),
    ],
)
def test_bad_input_is_said_at_the_field_and_the_rest_is_kept(send, given, changes, sentence):
    page = send(**changes)

    assert page.status_code == 400
    assert sentence in page.text
    assert not given.marks.exists()


def test_at_the_wrong_moment_what_was_typed_is_kept(send, cleared):
    Application.objects.update(state="selected", answer_by=timezone.localdate())

    page = send(comment="Typed for nothing.")

    assert "Only an application under review can be scored." in page.text
    assert "Typed for nothing." in page.text
    assert send(htmx=True).status_code == 403


def test_others_marks_are_a_table_once_mine_is_in(client, send, cleared, criteria, second_lead):
    other = ReviewFactory(application=cleared, reviewer=second_lead, comment="CANARY-other")
    Mark.objects.create(review=other, criterion=criteria[0], points=3, comment="CANARY-mark")
    page = reverse("admin:applications_application_change", args=[cleared.pk])
    before = client.get(page).text

    send(hand_in="1", **{f"points_{criteria[1].pk}": "2"})

    after = client.get(page).text
    assert "CANARY-other" not in before
    assert "CANARY-other" in after
    assert "CANARY-mark" in after
    assert "Points by criterion and reviewer" in after


def test_unknown_keys_in_the_form_change_nothing(send, given, second_lead):
    send(score="100", handed_in_at="2026-01-01", reviewer=second_lead.pk, ended_at="2026-01-01")

    given.refresh_from_db()
    assert (given.score, given.handed_in_at, given.ended_at) == (None, None, None)
    assert given.reviewer != second_lead


def test_the_own_queue_says_what_is_to_be_done(client, reviewer, second_lead):
    rows = [ReviewFactory(reviewer=reviewer, to_do=True) for _ in range(3)]
    rows += [ReviewFactory(reviewer=reviewer), ReviewFactory(reviewer=second_lead, to_do=True)]
    for review in rows[1:]:
        DeclarationFactory(application=review.application, person=review.reviewer)
    Review.objects.filter(pk=rows[2].pk).update(version=1)
    client.force_login(reviewer)

    page = client.get(reverse("admin:applications_application_queue"))

    assert "3 reviews to do." in page.text
    for words in ("Declare first", "Read and score", "Begun", "Handed in on"):
        assert page.text.count(words) == 1
    assert str(rows[4].application.municipality) not in page.text
    one_call = client.get(page.wsgi_request.path, {"call": rows[1].application.call_id})
    assert "1 review to do." in one_call.text


def test_a_reviewer_with_something_to_do_does_not_see_the_scores_of_all(
    client, cleared, given, reviewer, judging
):
    client.force_login(reviewer)
    board = reverse("admin:applications_call_selection", args=[cleared.call_id])

    before = client.get(board)
    reviews.hand_in(cleared, by=reviewer, **judging(4, 4))

    assert before.status_code == 302
    assert client.get(board).status_code == 200
    listed = client.get(reverse("admin:applications_application_changelist"))
    assert "mean score" not in listed.text.lower()


# What it costs


def test_the_pages_of_a_review_cost_the_same_for_one_and_for_three(
    count, cleared, given, reviewer, lead, criteria
):
    def add():
        review = ReviewFactory(reviewer=reviewer, to_do=True)
        review.application.call = cleared.call
        review.application.save()
        other = ReviewFactory(application=cleared)
        Mark.objects.create(review=other, criterion=criteria[0], points=3)
        CriterionFactory(call=cleared.call)

    def costs():
        return [
            count(reviewer, "admin:applications_application_queue"),
            count(reviewer, "admin:applications_application_change", cleared.pk),
            count(lead, "admin:applications_application_change", cleared.pk),
            count(lead, "admin:applications_application_changelist"),
        ]

    add()
    one = costs()
    add()
    add()

    assert costs() == one
    assert max(one) <= 20


def test_saving_costs_the_same_with_two_criteria_and_with_five(
    django_assert_max_num_queries, send, cleared
):
    send()
    CriterionFactory.create_batch(3, call=cleared.call)

    with django_assert_max_num_queries(15):
        send(points="3", read=1, htmx=True)


@pytest.mark.parametrize("method", ["head", "options", "put"])
def test_the_page_of_an_application_answers_odd_methods_as_well(client, reviewer, cleared, method):
    client.force_login(reviewer)
    address = reverse("admin:applications_application_change", args=[cleared.pk])

    assert getattr(client, method)(address).status_code < 500


# What an address may ask a list for


@pytest.mark.parametrize(
    "lookup",
    ["mean_score__gte", "spread__gte", "review_count", "motivation__icontains", "call__title_en"],
)
def test_a_list_is_not_searched_for_what_it_does_not_show(client, reviewer, cleared, lookup):
    client.force_login(reviewer)
    address = reverse("admin:applications_application_changelist")

    assert client.get(address, {lookup: "1"}).status_code == 400


def test_a_list_is_filtered_by_what_it_offers(client, reviewer, cleared):
    client.force_login(reviewer)
    address = reverse("admin:applications_application_changelist")
    chosen = {"state__exact": "in_review", "call__id__exact": cleared.call_id}

    assert cleared.municipality.name in client.get(address, chosen).text
    assert "0 applications" in client.get(address, chosen | {"state__exact": "submitted"}).text
