import pytest
from django.urls import reverse

from tests.factories import AssessmentFactory, ParticipationFactory


@pytest.fixture
def save(client, assessment):
    """Post one question's form as a person; `read` is the version that was on the page."""

    def post(user, question="COM-01", *, read=0, htmx=False, **fields):
        client.force_login(user)
        data = {f"{question}-{name}": value for name, value in {"read": read, **fields}.items()}
        url = reverse("indexanalysis:answer", args=[assessment.pk, question])
        return client.post(url, data, headers={"hx-request": "true"} if htmx else {})

    return post


@pytest.fixture
def answer(assessment):
    return lambda code="COM-01": assessment.answers.get(question=code)


def first_option(assessment, code="COM-01"):
    return assessment.edition.question(code).option_codes[0]


def test_a_save_stores_option_and_example_with_writer_and_version(save, answer, assessment, member):
    option = first_option(assessment)

    page = save(member, value=option, example="Since 2021.")

    assert page.status_code == 302
    row = answer()
    assert (row.value, row.example, row.version) == (option, "Since 2021.", 1)
    assert row.changed_by == member


def test_with_htmx_the_answer_is_a_few_lines_with_the_new_version(save, assessment, member):
    page = save(member, htmx=True, value=first_option(assessment))

    assert page.status_code == 200
    assert 'value="1"' in page.text
    assert len(page.content) < 4096
    assert "<html" not in page.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_save_is_refused_and_shows_both_texts(
    save, answer, assessment, coordinator, member, htmx
):
    option = first_option(assessment)
    save(coordinator, value=option, example="Hers, first.")

    page = save(member, htmx=htmx, value=option, example="His, later.")

    assert page.status_code == 409
    assert "Hers, first." in page.text
    assert "His, later." in page.text
    assert coordinator.name in page.text
    assert answer().example == "Hers, first."


def test_what_is_sent_from_the_conflict_page_goes_in(save, answer, assessment, coordinator, member):
    option = first_option(assessment)
    save(coordinator, value=option, example="Hers.")
    page = save(member, value=option, example="His.")

    assert 'name="COM-01-read" value="1"' in page.text
    save(member, read=1, value=option, example="Hers. His.")

    assert answer().example == "Hers. His."


def test_the_same_save_sent_twice_is_one_version(save, answer, assessment, member):
    option = first_option(assessment)

    pages = [save(member, value=option) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 302]
    assert answer().version == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "no-such-option"}, "not one of the available choices"),
        ({"example": "x" * 4001}, "at most 4000 characters"),
        ({"read": "first"}, "Enter a whole number"),
        ({"read": -1}, "greater than or equal to 0"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_stored(save, answer, member, fields, words):
    page = save(member, **fields)

    assert page.status_code == 400
    assert words in page.text
    assert answer().version == 0


def test_a_save_without_a_version_is_never_written(client, assessment, answer, member):
    client.force_login(member)

    url = reverse("indexanalysis:answer", args=[assessment.pk, "COM-01"])
    page = client.post(url, {"COM-01-value": first_option(assessment)})

    assert page.status_code == 400
    assert answer().value is None


def test_none_of_these_excludes_the_other_ticks(save, answer, assessment, member):
    question = next(
        q for q in assessment.edition.questions if q.kind == "ticks" and q.options[-1].none
    )
    codes = question.option_codes

    page = save(member, question.code, value=[codes[0], codes[-1]])

    assert page.status_code == 400
    assert "cannot be ticked together" in page.text
    assert answer(question.code).value is None


def test_a_question_that_is_left_out_is_stored_with_its_reason(save, answer, member):
    save(member, left_out="another_body", reason="The wellbeing services county does it.")

    assert answer().value == "another_body"
    assert answer().reason == "The wellbeing services county does it."


def test_an_answer_and_leaving_out_at_once_is_asked_about(save, answer, assessment, member):
    page = save(member, value=first_option(assessment), left_out="another_body")

    assert page.status_code == 400
    assert "not both" in page.text
    assert answer().value is None


def test_a_bilingual_municipality_answers_a_marked_question_by_side(client, town, coordinator):
    town.language_status = "bilingual_fi_majority"
    town.save()
    assessment = AssessmentFactory(participation=ParticipationFactory(municipality=town))
    question = next(q for q in assessment.edition.questions if q.language_sides)
    client.force_login(coordinator)
    data = {
        f"{question.code}-read": 0,
        f"{question.code}-valuefi": question.option_codes[0],
        f"{question.code}-left_outsv": "not_applicable",
    }

    client.post(reverse("indexanalysis:answer", args=[assessment.pk, question.code]), data)

    stored = assessment.answers.get(question=question.code).value
    assert stored == {"fi": question.option_codes[0], "sv": "not_applicable"}


def test_after_submitting_nothing_is_saved(save, answer, handed_in, member):
    page = save(member, example="Too late.")

    assert page.status_code == 403
    assert answer().example == ""


def test_text_is_stored_and_shown_as_typed(save, answer, assessment, member):
    typed = "<script>alert(1)</script> & “quotes” 👩‍👩‍👧 Giellagas ŋ"

    save(member, example=typed)
    page = save(member, read=1, htmx=False, example=typed)

    assert answer().example == typed
    assert "<script>alert" not in page.text


def test_a_nul_character_is_refused_at_the_field(save, answer, member):
    page = save(member, example="a\x00b")

    assert page.status_code == 400
    assert "Null characters are not allowed" in page.text
    assert answer().version == 0
